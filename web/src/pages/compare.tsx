/** Two or more sweeps beside each other: the best value so far by trial, by time, by epochs (intervals of all trials). */
import { computed, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { address } from "../app/router";
import { theme } from "../app/theme";
import { drawFrame, extent, scaleOf } from "../chart/axes";
import { type Paint, Plot } from "../chart/plot";
import { courseOf } from "../chart/sofar";
import { showDuration, showNumber } from "../data/format";
import { HttpSource } from "../data/http";
import { SweepData } from "../data/sweep";
import { fromWire, type Wire } from "../data/types";
import { Panel, Select } from "../parts/panel";
import { State } from "../parts/state";

/** Sweeps that are compared at once. */
const MOST = 6;
const MARGIN = { top: 24, right: 16, bottom: 40, left: 60 };
/** Told apart by dashes as well as by colour (Okabe and Ito's, which all eyes can tell). */
const LIGHT = ["#0072b2", "#b34700", "#00775a", "#a3477e", "#5c5200", "#333333"];
const DARK = ["#56b4e9", "#e69f00", "#2fc79a", "#e08fbf", "#f0e442", "#dddddd"];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2]];

const metricsOf = (sweeps: SweepData[]): string[] => [...new Set(sweeps.flatMap((data) => data.head.value?.metric?.name ?? []))];

type By = "trial" | "time" | "interval";

export function ComparePage({ ids }: { ids: string[] }) {
  const key = ids.join(",");
  const sweeps = useMemo(() => ids.slice(0, MOST).map((id) => new SweepData(new HttpSource(id))), [key]);
  const by = useMemo(() => signal<By>("trial"), []);
  useEffect(() => {
    for (const sweep of sweeps) void sweep.open(false);
    return () => sweeps.forEach((sweep) => sweep.close());
  }, [sweeps]);
  const courses = useMemo(() => computed(() => sweeps.map((data) => courseOf(data, by.value))), [sweeps]);
  const colours = theme.value === "dark" ? DARK : LIGHT;
  const paint = useMemo<Paint>(
    () => (context, size, shades) => {
      const all = courses.peek();
      const xs = extent(all.flatMap((course) => (course.order.length ? course.x : []))) ?? [0, 1];
      const ys = extent(all.flatMap((course) => course.steps.map((step) => step[1]))) ?? [0, 1];
      const x = scaleOf(0, xs[1], MARGIN.left, size.width - MARGIN.right);
      const y = scaleOf(ys[0], ys[1], size.height - MARGIN.bottom, MARGIN.top, false, true);
      const words = { trial: "trials done", time: "time since the start", interval: "intervals of all trials" };
      drawFrame(context, size, MARGIN, x, y, shades, { x: words[by.peek()], y: metricsOf(sweeps).join(", "), isTime: by.peek() === "time" });
      const strokes = theme.peek() === "dark" ? DARK : LIGHT;
      all.forEach((course, at) => {
        if (!course.steps.length) return;
        context.strokeStyle = strokes[at];
        context.setLineDash(DASHES[at]);
        context.lineWidth = 2.2;
        context.beginPath();
        course.steps.forEach(([px, py], step) => {
          if (step) context.lineTo(x(px), y(course.steps[step - 1][1]));
          context.lineTo(x(px), y(py));
        });
        context.lineTo(x(course.x[1]), y(course.steps.at(-1)![1]));
        context.stroke();
      });
      context.setLineDash([]);
    },
    [sweeps],
  );
  const watch = useMemo(() => () => void courses.value, [sweeps]);
  if (ids.length < 1) return <main><div class="card empty"><h1>Nothing to compare</h1><a class="button" href="#/">All sweeps</a></div></main>;
  const table = () => ({
    columns: ["sweep", "position", "best so far"],
    rows: courses.value.flatMap((course, at) => course.steps.map((step) => [sweeps[at].head.value?.id ?? "", ...step] as unknown[])),
  });
  const metrics = metricsOf(sweeps);
  return (
    <main>
      <div class="page-head"><h1>Compare {sweeps.length} sweeps</h1></div>
      {ids.length > MOST && <p class="notice">The first {MOST} of {ids.length} sweeps: more lines could not be told apart.</p>}
      {metrics.length > 1 && <p class="notice">These sweeps have different primary metrics: {metrics.join(", ")}. Their values share one axis.</p>}
      <div class="stack">
        <div class="card table-frame" tabIndex={0} role="region" aria-label="Sweeps compared">
          <table class="list-table">
            <thead><tr><th scope="col">Line</th><th scope="col">Sweep</th><th scope="col">Status</th><th scope="col" class="right">Best</th><th scope="col" class="right">Trials</th><th scope="col" class="right">Intervals</th><th scope="col" class="right">Time</th><th scope="col" class="right">Saved</th></tr></thead>
            <tbody>
              {sweeps.map((data, at) => {
                const head = data.head.value;
                return (
                  <tr>
                    <td><svg width="36" height="10" aria-hidden="true"><line x1="0" y1="5" x2="36" y2="5" stroke={colours[at]} stroke-width="2.5" stroke-dasharray={DASHES[at].join(" ")} /></svg></td>
                    <td><a href={address(["sweeps", ids[at]])}><b>{head?.experiment ?? ids[at]}</b></a><div class="small quiet mono">{ids[at].slice(0, 11)}</div></td>
                    <td>{head ? <State state={head.status} /> : (data.error.value ?? "loading …")}</td>
                    <td class="right">{head?.best && showNumber(fromWire(head.best.value as Wire))}</td>
                    <td class="right">{head?.counts.done.toLocaleString("en")}</td>
                    <td class="right">{head?.intervals.toLocaleString("en")}</td>
                    <td class="right">{head && showDuration(head.run_time_s)}</td>
                    <td class="right">{head && head.saved > 0 && `${Math.round((100 * head.saved) / (head.saved + head.intervals))} %`}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        <Panel title="Best so far" table={table} controls={<Select label="by" value={by.value} options={[["trial", "trial"], ["time", "time"], ["interval", "epochs"]]} onChange={(value) => (by.value = value)} />}>
          <Plot height={420} label={`Best so far of ${sweeps.length} sweeps`} paint={paint} watch={watch} />
        </Panel>
      </div>
    </main>
  );
}
