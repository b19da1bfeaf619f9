/** Two or more sweeps beside each other: the best value so far by trial, by time, by epochs (intervals of all trials). */
import { computed, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { address } from "../app/router";
import { useTitle } from "../app/title";
import { type By, CompareChart, LineSample, WORDS } from "../chart/compare";
import { courseOf } from "../chart/sofar";
import { MOST } from "../chart/sweep-lines";
import { showDuration, showNumber } from "../data/format";
import { HttpSource } from "../data/http";
import { SweepData } from "../data/sweep";
import { fromWire, type Wire } from "../data/types";
import { Panel, Select } from "../parts/panel";
import { doneOf, Progress } from "../parts/progress";
import { State } from "../parts/state";

const metricsOf = (sweeps: SweepData[]): string[] => [...new Set(sweeps.flatMap((data) => data.head.value?.metric?.name ?? []))];

const nameOf = ({ head }: SweepData): string => (head.value ? `${head.value.display_name ?? head.value.experiment} ${head.value.id.slice(0, 11)}` : "");

export function ComparePage({ ids }: { ids: string[] }) {
  const key = ids.join(",");
  const sweeps = useMemo(() => ids.slice(0, MOST).map((id) => new SweepData(new HttpSource(id))), [key]);
  const by = useMemo(() => signal<By>("trial"), []);
  useEffect(() => {
    for (const sweep of sweeps) void sweep.open(false);
    return () => sweeps.forEach((sweep) => sweep.close());
  }, [sweeps]);
  const courses = useMemo(() => computed(() => sweeps.map((data) => courseOf(data, by.value))), [sweeps]);
  useTitle([`Compare ${sweeps.length} sweeps`]);
  if (ids.length < 1) return <main><div class="card empty"><h1>Nothing to compare</h1><a class="button" href="#/">All sweeps</a></div></main>;
  const table = () => ({
    columns: ["sweep", WORDS[by.value] + (by.value === "time" ? ", s" : ""), "best so far"],
    rows: courses.value.flatMap((course, at) => course.steps.map((step) => [nameOf(sweeps[at]), ...step] as unknown[])),
  });
  const metrics = metricsOf(sweeps);
  return (
    <main>
      <div class="page-head"><h1>Compare {sweeps.length} sweeps</h1></div>
      {ids.length > MOST && <p class="notice">The first {MOST} of {ids.length} sweeps: more lines could not be told apart.</p>}
      {metrics.length > 1 && <p class="notice">These sweeps have different primary metrics: {metrics.join(", ")}. Their values share one axis.</p>}
      <div class="stack">
        <div class="card table-frame whole" tabIndex={0} role="region" aria-label="Sweeps compared">
          <table class="list-table stacked compared">
            <thead><tr><th scope="col">Line</th><th scope="col">Sweep</th><th scope="col">Status</th><th scope="col">Progress</th><th scope="col" class="right">Best</th><th scope="col" class="right">Intervals</th><th scope="col" class="right">Duration</th><th scope="col" class="right">Saved</th></tr></thead>
            <tbody>
              {sweeps.map((data, at) => {
                const head = data.head.value;
                return (
                  <tr>
                    <td class="at-mark"><LineSample at={at} /></td>
                    <td class="at-name"><a href={address(["sweeps", ids[at]])}><b>{head?.display_name ?? head?.experiment ?? ids[at]}</b></a><div class="small quiet mono">{ids[at].slice(0, 11)}</div></td>
                    <td class="at-state">{head && <State state={head.status} />}{data.error.value ? <div class="small quiet">{data.error.value} <button class="link" onClick={data.again}>Try again</button></div> : !head && "loading …"}</td>
                    <td class="at-progress">{head && <><Progress counts={head.counts} /><div class="small quiet number">{doneOf(head.counts)}</div></>}</td>
                    <td class="at-best right"><b>{head?.best && showNumber(fromWire(head.best.value as Wire))}</b></td>
                    <td class="right" data-head="Intervals">{head?.intervals.toLocaleString("en")}</td>
                    <td class="right" data-head="Duration">{head && showDuration(head.run_time_s)}</td>
                    <td class="right" data-head="Saved">{head && head.saved > 0 && `${Math.round((100 * head.saved) / (head.saved + head.intervals))} %`}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        <Panel title="Best so far" table={table} controls={<Select label="by" value={by.value} options={[["trial", "trial"], ["time", "time"], ["interval", "epochs"]]} onChange={(value) => (by.value = value)} />}>
          <CompareChart sweeps={sweeps} courses={courses} by={by} metric={metrics.join(", ")} />
        </Panel>
      </div>
    </main>
  );
}
