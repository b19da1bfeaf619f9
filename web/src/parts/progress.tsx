/** How far a sweep is: completed, stopped early, failed, running, still to come. */
import { showCount, showWhole, STATE_WORDS } from "../data/format";
import type { SweepHead } from "../data/types";

type Counts = SweepHead["counts"];

export function Progress({ counts }: { counts: Counts }) {
  const total = Math.max(1, counts.total, counts.done + counts.running);
  const parts: [string, number][] = [
    ["completed", counts.completed],
    ["stopped", counts.stopped_early],
    ["failed", counts.failed],
    ["cancelled", counts.cancelled + counts.without_metric],
    ["running", counts.running],
  ];
  return (
    <div class="progress" role="progressbar" aria-valuemin={0} aria-valuemax={counts.total} aria-valuenow={counts.done} aria-label={sentence(counts)} title={sentence(counts)}>
      {parts.map(([name, count]) => count > 0 && <span class={name} style={{ width: `${(100 * count) / total}%` }} />)}
    </div>
  );
}

/** The short form: '40 of 100, 12 stopped early, 2 failed'. */
export const doneOf = ({ done, total, stopped_early: stopped, failed, cancelled, without_metric: without }: Counts): string =>
  [
    `${showWhole(done)} of ${showWhole(total)}`,
    stopped && `${showWhole(stopped)} ${STATE_WORDS.stopped_early}`,
    failed && `${showWhole(failed)} ${STATE_WORDS.failed}`,
    cancelled && `${showWhole(cancelled)} ${STATE_WORDS.cancelled}`,
    without && `${showWhole(without)} without metric`,
  ].filter(Boolean).join(", ");

/** As `overdrive watch` says it. */
export function sentence(counts: Counts): string {
  const special = [
    [counts.stopped_early, "stopped early"],
    [counts.failed, "failed"],
    [counts.cancelled, "cancelled"],
    [counts.without_metric, "without metric"],
  ].filter(([count]) => count);
  const tail = special.length ? ` (${special.map(([count, word]) => `${count.toLocaleString("en")} ${word}`).join(", ")})` : "";
  const running = counts.running ? `, ${counts.running.toLocaleString("en")} running` : "";
  return `${counts.done.toLocaleString("en")} of ${showCount(counts.total, "trial")} done${tail}${running}`;
}
