/** What ran when in which slot: a bar an attempt; where a slot has no bar, it was idle. */
import { computed, type ReadonlySignal, untracked } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import type { Timeline } from "../data/types";
import { drawFrame, margins, scaleOf } from "./axes";
import type { Palette } from "./colour";
import type { Paint, Size } from "./plot";
import { TrialPlot } from "./trial-plot";

const MARGIN = margins({ top: 24, right: 14, bottom: 40, left: 60 });

const COLOURS: Record<string, keyof Palette> = {
  completed: "accent",
  completed_without_metric: "idle",
  stopped_early: "stopped",
  failed: "failed",
  lost: "failed",
  cancelled: "idle",
};

export function TimelineChart(props: { data: SweepData; selection: Selection; timeline: ReadonlySignal<Timeline>; height: number }) {
  const { data, selection, timeline } = props;
  const lanes = useMemo(() => computed(() => [...new Set(timeline.value.slot)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }))), []);
  const span = (): [number, number] => {
    const { start, end } = timeline.peek();
    const first = start.length ? Math.min(start[0], data.head.peek()?.started_at ?? start[0]) : 0;
    let last = first + 1;
    const now = untracked(() => data.now());
    for (let at = 0; at < start.length; at += 1) last = Math.max(last, end[at] ?? now);
    return [first, last];
  };
  const layout = (size: Size) => {
    const [first, last] = span();
    const x = scaleOf(0, last - first, MARGIN.left, size.width - MARGIN.right);
    const lane = (size.height - MARGIN.top - MARGIN.bottom) / Math.max(1, lanes.peek().length);
    const places = new Map(lanes.peek().map((slot, at) => [slot, MARGIN.top + at * lane]));
    const bar = (at: number) => {
      const { start, end, slot } = timeline.peek();
      const left = x(start[at] - first);
      const right = x((end[at] ?? last) - first);
      return { left, width: Math.max(1, right - left - 0.5), top: places.get(slot[at])! + Math.min(2, lane * 0.1), height: Math.max(1, lane - Math.min(4, lane * 0.2)) };
    };
    return { x, bar, lane };
  };
  const paint = useMemo<Paint>(
    () =>
      function* (context, size, colours) {
        const { x, bar, lane } = layout(size);
        const y = scaleOf(lanes.peek().length, 0, size.height - MARGIN.bottom, MARGIN.top);
        const bare = Object.assign(y.copy(), { ticks: () => [] as number[] });
        drawFrame(context, size, MARGIN, x, bare, colours, { x: "time since the first trial", y: "slot", isTime: true });
        context.textAlign = "right";
        context.textBaseline = "middle";
        const every = Math.ceil(14 / lane);
        lanes.peek().forEach((slot, at) => at % every === 0 && context.fillText(slot, MARGIN.left - 8, MARGIN.top + (at + 0.5) * lane));
        const mask = selection.mask.peek();
        for (let at = 0; at < timeline.peek().trial.length; at += 1) {
          const row = data.trials.rowOf(timeline.peek().trial[at]);
          const { left, top, width, height } = bar(at);
          context.fillStyle = colours[COLOURS[data.trials.state[row]] ?? "running"] as string;
          context.globalAlpha = row >= 0 && !mask[row] ? 0.15 : 0.8;
          context.fillRect(left, top, width, height);
          if (at % 2000 === 1999) yield;
        }
        context.globalAlpha = 1;
      },
    [data, selection],
  );
  const watch = useMemo(() => () => (timeline.value, lanes.value, data.version.value, selection.mask.value, undefined), [data]);
  return (
    <TrialPlot
      data={data}
      selection={selection}
      height={props.height}
      label={`${timeline.value.trial.length} attempts in ${lanes.value.length} slots`}
      paint={paint}
      watch={watch}
      mark={(context, trial, colour, size) => {
        const { bar } = layout(size);
        context.strokeStyle = colour;
        context.lineWidth = 2;
        timeline.peek().trial.forEach((each, at) => {
          if (each !== trial) return;
          const { left, top, width, height } = bar(at);
          context.strokeRect(left - 1, top - 1, width + 2, height + 2);
        });
      }}
      find={({ x, y }, size) => {
        const { bar } = layout(size);
        const at = timeline.peek().trial.findLastIndex((_, each) => {
          const { left, top, width, height } = bar(each);
          return x >= left - 1 && x <= left + width + 1 && y >= top && y <= top + height;
        });
        return at < 0 ? null : timeline.peek().trial[at];
      }}
    />
  );
}
