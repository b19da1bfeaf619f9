/** A line per trial, a point per interval: the policy's threshold over them, a mark where a trial was stopped. */
import { computed, useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { Selection } from "../data/selection";
import { Line, smoothed } from "../data/curves";
import { showDuration, showNumber } from "../data/format";
import type { Kept } from "../data/kept";
import type { SweepData } from "../data/sweep";
import { drawFrame, type Margin, type Scale, scaleOf } from "./axes";
import { type Palette, ranksOf, STEPS } from "./colour";
import type { Context, Paint, Size } from "./plot";
import { dot } from "./scatter";
import type { Detail } from "./tip";
import { drawBand, type Place, TrialPlot } from "./trial-plot";
import { holds, middleOf, moved, type Scales, type Window, zoomed } from "./window";

const MARGIN: Margin = { top: 24, right: 14, bottom: 40, left: 60 };
/** Points drawn between two looks at the clock. */
const CHUNK = 4000;
/** Pixels from the pointer within which a line is taken. */
const REACH = 28;
/** Pixels around the mark of a stopped trial that are its own. */
const MARK = 6;

export interface MetricOptions {
  isLog: Kept<boolean>;
  /** '0': as logged; to '0.95'. */
  smoothing: Kept<string>;
  /** The part that is shown; null: all of it. */
  zoom: Kept<Window | null>;
}

/** Whether the values' axis is logarithmic: it is wished, and there is a value that it has a place for. Watches the curves. */
export function isLogNow(data: SweepData, options: Pick<MetricOptions, "isLog">): boolean {
  data.curvesVersion.value;
  return options.isLog.value && [...data.lines.values()].some((line) => Number.isFinite(line.positive));
}

type Lines = ReadonlyMap<number, Line>;

/** Whether trials log the metric once, when they are done: then they stand side by side, by number. Watches the curves. */
export function isLoggedOnce(data: SweepData): boolean {
  data.curvesVersion.value;
  if (data.shown.value?.axis !== "interval" || !data.lines.size) return false;
  let hasEnded = false;
  for (const [trial, line] of data.lines) {
    if (line.count > 1) return false;
    const row = data.trials.rowOf(trial);
    hasEnded ||= line.size > 0 && row >= 0 && data.trials.endedAt[row] !== null;
  }
  return hasEnded;
}

export function MetricChart(props: { data: SweepData; selection: Selection; options: MetricOptions; height: number }) {
  const { data, selection, options } = props;
  const isLog = useMemo(() => computed(() => isLogNow(data, options)), [data, options]);
  // Of another metric, or where a logarithm has no place for it, a part is none.
  const zoom = useMemo(
    () =>
      computed(() => {
        const part = data.shown.value === data.wanted.value ? options.zoom.value : null;
        return part && isLog.value && part.y[0] <= 0 ? null : part;
      }),
    [data, options],
  );
  const heldBy = useRef<Scales | null>(null);
  const band = useSignal<{ from: Place; to: Place } | null>(null);

  const isOnce = useMemo(() => computed(() => isLoggedOnce(data)), [data]);
  /** Trial → what is drawn of it. */
  const lines = useMemo(
    () =>
      computed<Lines>(() => {
        data.curvesVersion.value;
        if (!isOnce.value) return data.lines;
        return new Map([...data.lines].map(([trial, line]) => [trial, new Line(Float32Array.of(trial).subarray(0, line.size), line.y.subarray(0, line.size), line.count)]));
      }),
    [data],
  );
  const whole = useMemo(
    () =>
      computed<Window>(() => {
        data.curvesVersion.value;
        let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
        for (const line of lines.value.values()) {
          if (!line.size) continue;
          x0 = Math.min(x0, line.left);
          x1 = Math.max(x1, line.right);
          y0 = Math.min(y0, isLog.value ? line.positive : line.low);
          y1 = Math.max(y1, line.high);
        }
        if (isOnce.value) [x0, x1] = [x0 - 0.5, x1 + 0.5];
        return { x: x0 <= x1 ? [x0, x1] : [1, 10], y: y0 <= y1 ? [y0, y1] : [0, 1] };
      }),
    [data, options],
  );
  const bounds = useMemo(() => computed(() => zoom.value ?? whole.value), [data, options]);
  const show = (window: Window | null) => (options.zoom.value = !window || holds(window, whole.peek()) ? null : window);
  const scales = (size: Size): Scales => {
    const { x, y } = bounds.peek();
    return {
      x: scaleOf(x[0], x[1], MARGIN.left, size.width - MARGIN.right),
      y: scaleOf(y[0], y[1], size.height - MARGIN.bottom, MARGIN.top, isLog.peek(), !zoom.peek()),
    };
  };
  const steps = ranksOf(data);
  const paint = useMemo<Paint>(
    () =>
      function* (context, size, colours) {
        const { x, y } = scales(size);
        const metric = data.shown.peek();
        const drawn = lines.peek();
        drawFrame(context, size, MARGIN, x, y, colours, { x: isOnce.peek() ? "trial" : AXIS_WORDS[metric?.axis ?? "interval"], y: metric?.metric ?? "", isTime: metric?.axis === "time", isWholeX: metric?.axis === "interval" });
        drawGaps(context, data, drawn, selection, x, size, colours.failed);
        clip(context, size);
        const groups = new Map<number, Line[]>();
        const isNarrow = selection.isNarrow.peek();
        for (const [trial, line] of drawn) {
          const row = data.trials.rowOf(trial);
          const isOut = isNarrow && !selection.mask.peek()[row];
          const step = isOut ? -2 : row < 0 ? -1 : steps.peek()[row];
          const group = groups.get(step);
          if (group) group.push(line);
          else groups.set(step, [line]);
        }
        const many = drawn.size;
        context.lineWidth = many > 300 ? 1 : 1.4;
        context.lineJoin = "round";
        for (const step of [...groups.keys()].sort((a, b) => a - b)) {
          // Without a primary value: seen all the same, as a run that has no primary metric is.
          const colour = step === -2 ? colours.line : step < 0 ? colours.ink3 : colours.ramp[step];
          context.strokeStyle = colour;
          context.globalAlpha = step === -2 ? 0.5 : Math.max(0.28, Math.min(1, 0.35 + 0.65 * (step / STEPS) ** 2 + 20 / many));
          let points = 0;
          context.beginPath();
          for (const line of groups.get(step)!) {
            if (line.size === 1) dot(context, x(line.x[0]), y(line.y[0]), many > 300 ? 2.2 : 3, colour, context.globalAlpha);
            else trace(context, line, x, y, Number(options.smoothing.peek()));
            points += line.size;
            if (points < CHUNK) continue;
            context.stroke();
            context.beginPath();
            points = 0;
            yield;
          }
          context.stroke();
          yield;
        }
        context.globalAlpha = 1;
        drawStops(context, data, drawn, selection, x, y, Number(options.smoothing.peek()), colours.stopped);
        drawThreshold(context, data, x, y, colours);
        context.restore();
      },
    [data, selection, options],
  );
  const watch = useMemo(
    () => () => {
      bounds.value;
      data.curvesVersion.value;
      data.thresholds.value;
      data.shown.value;
      steps.value;
      selection.mask.value;
      isLog.value;
      options.smoothing.value;
    },
    [data, selection, options],
  );
  return (
    <TrialPlot
      data={data}
      selection={selection}
      height={props.height}
      label={`${data.shown.value?.metric ?? "metric"} of ${data.lines.size} trials, a ${isOnce.value ? "point" : "line"} each`}
      paint={paint}
      watch={watch}
      mark={(context, trial, colour, size, colours) => {
        const { x, y } = scales(size);
        clip(context, size);
        context.lineJoin = "round";
        strong(context, lines.peek().get(trial), x, y, colour, colours.paper, options);
        context.restore();
      }}
      over={(context, _size, colours) => drawBand(context, band.value, colours)}
      watchOver={() => void band.value}
      cursor="crosshair"
      find={(at, size) => nearest(data, lines.peek(), selection, scales(size), at, Number(options.smoothing.peek()))}
      detail={(trial, at, size) => pointed(data, trial, scales(size).x.invert(at.x))}
      drag={{
        begin: (_from, size, event) => ((heldBy.current = event.shiftKey && zoom.peek() ? scales(size) : null), true),
        move: (from, to) => {
          if (heldBy.current) show(moved(heldBy.current, { x: to.x - from.x, y: to.y - from.y }));
          else band.value = { from, to };
        },
        cancel: () => (band.value = null),
        end: (from, to, size, hasMoved) => {
          band.value = null;
          if (heldBy.current) return hasMoved;
          if (Math.abs(to.x - from.x) < 8 || Math.abs(to.y - from.y) < 8) return false;
          const { x, y } = scales(size);
          show({
            x: [x.invert(Math.min(to.x, from.x)), x.invert(Math.max(to.x, from.x))],
            y: [y.invert(Math.max(to.y, from.y)), y.invert(Math.min(to.y, from.y))],
          });
          return true;
        },
      }}
      reset={() => show(null)}
      onZoom={(x, y, size, factor) => show(zoomed(scales(size), { x, y }, factor))}
      onKey={(event, size) => {
        const window = windowBy(event, scales(size), size);
        if (!window) return false;
        show(window === "whole" ? null : window);
        const shown = data.shown.peek();
        selection.said.value = zoom.value ? `${isOnce.peek() ? "trial" : shown?.axis} ${rangeWords(zoom.value.x)}, ${shown?.metric} ${rangeWords(zoom.value.y)}` : "all is shown";
        return true;
      }}
    >
      {zoom.value && (
        <button class="button small on-plot" onPointerDown={(event) => event.stopPropagation()} onPointerUp={(event) => event.stopPropagation()} onClick={() => show(null)}>Show all</button>
      )}
    </TrialPlot>
  );
}

const rangeWords = ([low, high]: [number, number]) => `${showNumber(low)} to ${showNumber(high)}`;

/** Which part a key shows: + and − less and more, 0 all, Shift and an arrow what lies there; null: it is no such key. */
function windowBy(event: KeyboardEvent, scales: Scales, size: Size): Window | "whole" | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === "0") return "whole";
  const factor = { "+": 0.8, "=": 0.8, "-": 1.25, "−": 1.25 }[event.key];
  if (factor) return zoomed(scales, middleOf(scales), factor);
  const by = event.shiftKey && { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  return by ? moved(scales, { x: (by[0] * size.width) / 10, y: (by[1] * size.height) / 10 }) : null;
}

const AXIS_WORDS = { interval: "interval", step: "step", time: "time since the first value" };

function clip(context: Context, size: Size): void {
  context.save();
  context.beginPath();
  context.rect(MARGIN.left - 4, MARGIN.top - 4, size.width - MARGIN.left - MARGIN.right + 8, size.height - MARGIN.top - MARGIN.bottom + 8);
  context.clip();
}

/** Adds a line to the path; values that are not finite, or that a logarithm cannot show, leave a gap. */
function trace(context: Context, line: Line, x: Scale, y: Scale, smoothing: number): void {
  const [x0, kx] = linear(x);
  const isLog = "base" in y;
  const [y0, ky] = isLog ? [0, 0] : linear(y);
  let isPen = false;
  const values = smoothed(line, smoothing);
  for (let at = 0; at < line.size; at += 1) {
    const value = values[at];
    if (!Number.isFinite(value) || (isLog && value <= 0)) {
      isPen = false;
      continue;
    }
    const py = isLog ? y(value) : y0 + ky * value;
    const px = x0 + kx * line.x[at];
    if (isPen) context.lineTo(px, py);
    else context.moveTo(px, py);
    isPen = true;
  }
}

/** Offset and factor of a linear scale: ten times faster than asking it. */
function linear(scale: Scale): [number, number] {
  const [d0, d1] = scale.domain();
  const [r0, r1] = scale.range();
  const factor = (r1 - r0) / (d1 - d0);
  return [r0 - d0 * factor, factor];
}

function strong(
  context: Context, line: Line | undefined, x: Scale, y: Scale, colour: string, halo: string, options: MetricOptions,
): void {
  if (!line?.size) return;
  context.beginPath();
  trace(context, line, x, y, Number(options.smoothing.peek()));
  context.lineWidth = 5;
  context.strokeStyle = halo;
  context.stroke();
  context.lineWidth = 2.2;
  context.strokeStyle = colour;
  context.stroke();
  if (line.size === 1) {
    context.beginPath();
    context.arc(x(line.x[0]), y(line.y[0]), 3, 0, 7);
    context.fillStyle = colour;
    context.fill();
  }
}

/** A cross where the policy stopped a trial. */
function drawStops(
  context: Context, data: SweepData, lines: Lines, selection: Selection, x: Scale, y: Scale, smoothing: number, colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  context.globalAlpha = lines.size > 300 ? 0.55 : 1;
  context.beginPath();
  const mask = selection.mask.peek();
  data.trials.state.forEach((state, row) => {
    const line = state === "stopped_early" && mask[row] ? lines.get(data.trials.number[row]) : undefined;
    if (!line?.size) return;
    const [px, py] = [x(line.x[line.size - 1]), y(smoothed(line, smoothing)[line.size - 1])];
    context.moveTo(px - 2.5, py - 2.5);
    context.lineTo(px + 2.5, py + 2.5);
    context.moveTo(px - 2.5, py + 2.5);
    context.lineTo(px + 2.5, py - 2.5);
  });
  context.stroke();
  context.globalAlpha = 1;
}

/** A tick on the axis where a trial's values cease to be finite. */
function drawGaps(context: Context, data: SweepData, lines: Lines, selection: Selection, x: Scale, size: Size, colour: string): void {
  const mask = selection.mask.peek();
  const [left, right, bottom] = [MARGIN.left - 1, size.width - MARGIN.right + 1, size.height - MARGIN.bottom];
  context.fillStyle = colour;
  for (const [trial, line] of lines) {
    if (!line.hasGap || !mask[data.trials.rowOf(trial)]) continue;
    for (let at = 0; at < line.size; at += 1) {
      if (Number.isFinite(line.y[at]) || (at && !Number.isFinite(line.y[at - 1]))) continue;
      const px = x(line.x[at]);
      if (px >= left && px <= right) context.fillRect(px - 1, bottom - 6, 2, 6);
    }
  }
}

function drawThreshold(context: Context, data: SweepData, x: Scale, y: Scale, colours: Palette): void {
  const shown = data.shown.peek();
  const { interval, threshold } = data.thresholds.peek();
  if (shown?.metric !== data.head.peek()?.metric?.name || shown?.axis !== "interval" || !interval.length) return;
  context.beginPath();
  let isPen = false;
  interval.forEach((k, at) => {
    const value = threshold[at];
    if (typeof value !== "number") return;
    const [px, py] = [x(k), y(value)];
    if (isPen) context.lineTo(px, py);
    else context.moveTo(px, py);
    isPen = true;
  });
  // A strip of paper first: over a thousand dark lines a dark one cannot be seen.
  context.strokeStyle = colours.paper;
  context.lineWidth = 4.5;
  context.stroke();
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}

/** The trial whose line is nearest to a place, or null where none is near. */
function nearest(data: SweepData, lines: Lines, selection: Selection, { x, y }: { x: Scale; y: Scale }, { x: px, y: py }: Place, smoothing: number): number | null {
  const wanted = x.invert(px);
  const mask = selection.mask.peek();
  let [best, found]: [number, number | null] = [REACH, null];
  for (const [trial, line] of lines) {
    if (!line.size || !mask[data.trials.rowOf(trial)]) continue;
    const at = line.isOrdered ? find(line, wanted) : 0;
    const values = smoothed(line, smoothing);
    const [from, to] = line.isOrdered ? [Math.max(0, at - 1), Math.min(line.size, at + 1)] : [0, line.size];
    for (let each = from; each < to; each += 1) {
      const off = Math.hypot(x(line.x[each]) - px, y(values[each]) - py);
      // Who points at a mark means the trial that was stopped there, whatever lines run through it.
      const far = off < MARK && each === line.size - 1 && data.trials.state[data.trials.rowOf(trial)] === "stopped_early" ? off - MARK : off;
      if (far < best) [best, found] = [far, trial];
    }
    const far = at > 0 && at < line.size ? Math.abs(between(line, values, at, wanted, y) - py) : Infinity;
    if (far < best) [best, found] = [far, trial];
  }
  return found;
}

/** What a trial has logged nearest to a position. */
function pointed(data: SweepData, trial: number, wanted: number): Detail | null {
  const [line, shown] = [data.lines.get(trial), data.shown.peek()];
  if (!line?.size || !shown) return null;
  const off = (at: number) => Math.abs(line.x[at] - wanted);
  let at = line.isOrdered ? Math.min(find(line, wanted), line.size - 1) : 0;
  if (line.isOrdered) at = at > 0 && off(at - 1) < off(at) ? at - 1 : at;
  else for (let each = 1; each < line.size; each += 1) if (off(each) < off(at)) at = each;
  const place = shown.axis === "time" ? showDuration(line.x[at]) : `${shown.axis} ${showNumber(line.x[at])}`;
  return [`${shown.metric} at ${place}`, showNumber(line.y[at])];
}

/** First point at or behind a position. */
function find(line: Line, wanted: number): number {
  let [low, high] = [0, line.size];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (line.x[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function between(line: Line, values: Float32Array, at: number, wanted: number, y: Scale): number {
  const part = (wanted - line.x[at - 1]) / (line.x[at] - line.x[at - 1] || 1);
  return y(values[at - 1]) + part * (y(values[at]) - y(values[at - 1]));
}
