/** What the metric chart shows: the lines, the part of the plane that they are seen in, and which of them is near. */
import { computed } from "@preact/signals";
import { Line, smoothed } from "../data/curves";
import { showDuration, showNumber } from "../data/format";
import type { Kept } from "../data/kept";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { margins, type Scale, scaleOf } from "./axes";
import type { Size } from "./plot";
import type { Detail } from "./tip";
import type { Place } from "./trial-plot";
import { holds, type Scales, type Window } from "./window";

export const MARGIN = margins({ top: 24, right: 14, bottom: 40, left: 60 });
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

/** Trial → what is drawn of it. */
export type Lines = ReadonlyMap<number, Line>;

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

export class MetricView {
  readonly isLog = computed(() => isLogNow(this.data, this.options));
  readonly isOnce = computed(() => isLoggedOnce(this.data));
  readonly lines = computed<Lines>(() => {
    this.data.curvesVersion.value;
    if (!this.isOnce.value) return this.data.lines;
    return new Map([...this.data.lines].map(([trial, line]) => [trial, new Line(Float64Array.of(trial).subarray(0, line.size), line.y.subarray(0, line.size), line.count)]));
  });
  /** The part that is shown; null: all. Of another metric, or where a logarithm has no place for it, a part is none. */
  readonly zoom = computed(() => {
    const part = this.data.shown.value === this.data.wanted.value ? this.options.zoom.value : null;
    return part && this.isLog.value && part.y[0] <= 0 ? null : part;
  });
  private readonly whole = computed(() => this.reached());
  readonly bounds = computed(() => this.zoom.value ?? this.whole.value);

  constructor(
    readonly data: SweepData,
    readonly options: MetricOptions,
  ) {}

  /** Shows a part, or all. */
  show(part: Window | null): void {
    this.options.zoom.value = !part || holds(part, this.whole.peek()) ? null : part;
  }

  scales(size: Size): Scales {
    const { x, y } = this.bounds.peek();
    return {
      x: scaleOf(x[0], x[1], MARGIN.left, size.width - MARGIN.right),
      y: scaleOf(y[0], y[1], size.height - MARGIN.bottom, MARGIN.top, this.isLog.peek(), !this.zoom.peek()),
    };
  }

  /** The values of a line as they are drawn. */
  valuesOf(line: Line): Float64Array {
    return smoothed(line, Number(this.options.smoothing.peek()));
  }

  private reached(): Window {
    this.data.curvesVersion.value;
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const line of this.lines.value.values()) {
      if (!line.size) continue;
      x0 = Math.min(x0, line.left);
      x1 = Math.max(x1, line.right);
      y0 = Math.min(y0, this.isLog.value ? line.positive : line.low);
      y1 = Math.max(y1, line.high);
    }
    if (this.isOnce.value) [x0, x1] = [x0 - 0.5, x1 + 0.5];
    return { x: x0 <= x1 ? [x0, x1] : [1, 10], y: y0 <= y1 ? [y0, y1] : [0, 1] };
  }
}

/** The trial whose line is nearest to a place, or null where none is near. */
export function nearest(view: MetricView, selection: Selection, size: Size, { x: px, y: py }: Place): number | null {
  const { x, y } = view.scales(size);
  const { trials } = view.data;
  const wanted = x.invert(px);
  const mask = selection.mask.peek();
  let [best, found]: [number, number | null] = [REACH, null];
  for (const [trial, line] of view.lines.peek()) {
    if (!line.size || !mask[trials.rowOf(trial)]) continue;
    const at = line.isOrdered ? find(line, wanted) : 0;
    const values = view.valuesOf(line);
    const [from, to] = line.isOrdered ? [Math.max(0, at - 1), Math.min(line.size, at + 1)] : [0, line.size];
    for (let each = from; each < to; each += 1) {
      const off = Math.hypot(x(line.x[each]) - px, y(values[each]) - py);
      // Who points at a mark means the trial that was stopped there, whatever lines run through it.
      const far = off < MARK && each === line.size - 1 && trials.state[trials.rowOf(trial)] === "stopped_early" ? off - MARK : off;
      if (far < best) [best, found] = [far, trial];
    }
    const far = at > 0 && at < line.size ? Math.abs(between(line, values, at, wanted, y) - py) : Infinity;
    if (far < best) [best, found] = [far, trial];
  }
  return found;
}

/** What a trial has logged nearest to a position, and what is drawn there where that is another value. */
export function pointed(view: MetricView, trial: number, wanted: number): Detail | null {
  const { data } = view;
  const [line, shown] = [data.lines.get(trial), data.shown.peek()];
  if (!line?.size || !shown) return null;
  const off = (at: number) => Math.abs(line.x[at] - wanted);
  let at = line.isOrdered ? Math.min(find(line, wanted), line.size - 1) : 0;
  if (line.isOrdered) at = at > 0 && off(at - 1) < off(at) ? at - 1 : at;
  else for (let each = 1; each < line.size; each += 1) if (off(each) < off(at)) at = each;
  const place = shown.axis === "time" ? showDuration(line.x[at]) : `${shown.axis} ${showNumber(line.x[at])}`;
  const drawn = view.valuesOf(line)[at];
  return [`${shown.metric} at ${place}`, `${showNumber(line.y[at])}${Number(view.options.smoothing.peek()) ? `, smoothed ${showNumber(drawn)}` : ""}`];
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

function between(line: Line, values: Float64Array, at: number, wanted: number, y: Scale): number {
  const part = (wanted - line.x[at - 1]) / (line.x[at] - line.x[at - 1] || 1);
  return y(values[at - 1]) + part * (y(values[at]) - y(values[at - 1]));
}
