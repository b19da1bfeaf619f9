/** The best value so far over trials, or over time; each trial's own best as a point. */
import { computed, untracked } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { showWhole } from "../data/format";
import type { Kept } from "../data/kept";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { drawFrame, extent, margins, scaleOf } from "./axes";
import type { Paint, Size } from "./plot";
import { dot } from "./scatter";
import { nearestDot, TrialPlot } from "./trial-plot";

const MARGIN = margins({ top: 24, right: 14, bottom: 40, left: 60 });

export function SoFarChart(props: { data: SweepData; selection: Selection; by: Kept<"trial" | "time">; height: number }) {
  const { data, selection, by } = props;
  const course = useMemo(() => computed(() => courseOf(data, by.value)), [data]);
  const scales = (size: Size) => {
    const { x, y } = course.peek();
    return {
      x: scaleOf(x[0], x[1], MARGIN.left, size.width - MARGIN.right),
      y: scaleOf(y[0], y[1], size.height - MARGIN.bottom, MARGIN.top, false, true),
    };
  };
  const paint = useMemo<Paint>(
    () =>
      function* (context, size, colours) {
        const { x, y } = scales(size);
        const { order, place, steps } = course.peek();
        drawFrame(context, size, MARGIN, x, y, colours, {
          x: by.peek() === "time" ? "time since the first trial" : "trials done",
          y: data.metric.peek()?.name ?? "",
          isTime: by.peek() === "time",
          isWholeX: by.peek() === "trial",
          xTick: showWhole,
        });
        const mask = selection.mask.peek();
        for (const [at, row] of order.entries()) {
          dot(context, x(place[row]), y(data.trials.best[row]!), data.trials.size > 400 ? 1.8 : 2.6, mask[row] ? colours.ink3 : colours.line, 0.55);
          if (at % 2000 === 1999) yield;
        }
        if (!steps.length) return;
        context.strokeStyle = colours.accent;
        context.lineWidth = 2.2;
        context.beginPath();
        steps.forEach(([px, py], at) => {
          if (at) context.lineTo(x(px), y(steps[at - 1][1]));
          context.lineTo(x(px), y(py));
        });
        context.lineTo(x(course.peek().x[1]), y(steps.at(-1)![1]));
        context.stroke();
        for (const [px, py] of steps) dot(context, x(px), y(py), 3, colours.accent, 1);
      },
    [data, selection],
  );
  const watch = useMemo(() => () => (course.value, selection.mask.value, undefined), [data]);
  return (
    <TrialPlot
      data={data}
      selection={selection}
      height={props.height}
      label={`Best ${data.metric.value?.name} so far, by ${by.value}`}
      paint={paint}
      watch={watch}
      mark={(context, trial, colour, size) => {
        const row = data.trials.rowOf(trial);
        const value = row < 0 ? null : data.trials.best[row];
        const { x, y } = scales(size);
        if (value !== null) dot(context, x(course.peek().place[row]), y(value), 5, colour, 1);
      }}
      find={(at, size) => {
        const { x, y } = scales(size);
        return nearestDot(data, selection, (row) => x(course.peek().place[row]), (row) => y(data.trials.best[row] ?? NaN), at);
      }}
    />
  );
}

export interface Course {
  x: [number, number];
  y: [number, number];
  /** Rows with a value, in the order in which their trials ended. Those that run come last, where the last one ended. */
  order: number[];
  /** Row → position on the x axis. */
  place: number[];
  /** Where the best value became better: [position, value]. */
  steps: [number, number][];
}

function lastSeen({ trials }: SweepData): number {
  const times = [...trials.endedAt, ...trials.startedAt].filter((time) => time !== null);
  return times.reduce((latest, time) => Math.max(latest, time), 0);
}

export function courseOf(data: SweepData, by: "trial" | "time" | "interval"): Course {
  data.version.value;
  const { trials } = data;
  const start = data.startedAt.value ?? 0;
  // Without an engine nothing has happened since what was seen last.
  const now = data.hasEngine.value ? untracked(() => data.now()) : lastSeen(data);
  const end = (row: number) => trials.endedAt[row] ?? now;
  const order: number[] = [];
  const place = new Array<number>(trials.size).fill(NaN);
  const sign = data.metric.value?.goal === "minimize" ? -1 : 1;
  const steps: [number, number][] = [];
  let [intervals, done] = [0, 0];
  for (const row of [...trials.number.keys()].sort((a, b) => end(a) - end(b) || a - b)) {
    intervals += trials.intervals[row];
    if (trials.endedAt[row] !== null) done += 1;
    if (trials.best[row] === null || !Number.isFinite(trials.best[row])) continue;
    order.push(row);
    place[row] = by === "time" ? end(row) - start : by === "interval" ? intervals : done;
    const value = trials.best[row]!;
    if (!steps.length || sign * (value - steps.at(-1)![1]) > 0) steps.push([place[row], value]);
  }
  const y = extent(order.map((row) => trials.best[row])) ?? [0, 1];
  return { x: extent(order.map((row) => place[row])) ?? [0, 1], y, order, place, steps };
}
