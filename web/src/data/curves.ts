/** The curves of one metric, reduced, one a trial; they grow while the sweep runs, but never beyond what can be seen. */
import { type Axis, type ChangedPoints, type Curves, fromWire, type Wire } from "./types";

/** Points above which a line that grows is reduced again. */
const MOST_POINTS = 1200;

export class Line {
  x: Float64Array;
  y: Float64Array;
  /** Points in use. */
  size: number;
  /** Values that were logged, of which these are some. */
  count: number;

  /** Least and greatest finite value, and the least above 0: Infinity and −Infinity where there is none. */
  low = Infinity;
  high = -Infinity;
  positive = Infinity;
  /** Whether a value is NaN or infinite. */
  hasGap = false;
  /** Least and greatest finite x, and whether none lies before the one in front of it: a script's own steps may go anywhere. */
  left = Infinity;
  right = -Infinity;
  isOrdered = true;

  constructor(x: Float64Array, y: Float64Array, count: number) {
    this.x = x;
    this.y = y;
    this.size = x.length;
    this.count = count;
    for (let at = 0; at < this.size; at += 1) this.reach(x[at], y[at], at ? x[at - 1] : -Infinity);
  }

  private reach(x: number, value: number, before: number): void {
    if (x < before) this.isOrdered = false;
    if (x < this.left && x > -Infinity) this.left = x;
    if (x > this.right && x < Infinity) this.right = x;
    if (!Number.isFinite(value)) {
      this.hasGap = true;
      return;
    }
    if (value < this.low) this.low = value;
    if (value > this.high) this.high = value;
    if (value > 0 && value < this.positive) this.positive = value;
  }

  push(x: number, y: number): void {
    if (this.size >= MOST_POINTS) this.halve();
    if (this.size === this.x.length) {
      const room = Math.max(16, this.size * 2);
      this.x = grown(this.x, room);
      this.y = grown(this.y, room);
    }
    this.x[this.size] = x;
    this.y[this.size] = y;
    this.size += 1;
    this.count += 1;
    this.reach(x, y, this.size > 1 ? this.x[this.size - 2] : -Infinity);
  }

  /** Of each four points in a row the least and the greatest stay, in their order. */
  private halve(): void {
    let kept = 0;
    for (let first = 0; first < this.size; first += 4) {
      const last = Math.min(first + 4, this.size);
      let low = first;
      let high = first;
      for (let at = first; at < last; at += 1) {
        if (!(this.y[at] >= this.y[low])) low = at;
        if (!(this.y[at] <= this.y[high])) high = at;
      }
      for (const at of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
        this.x[kept] = this.x[at];
        this.y[kept] = this.y[at];
        kept += 1;
      }
    }
    this.size = kept;
  }
}

const averaged = new WeakMap<Line, { smoothing: number; count: number; values: Float64Array }>();

/**
 * A line's values, each the mean of those up to it, of which the weights fall by `smoothing` (0: as logged; below 1) from one to the
 * one before. The weights add up to 1 from the first value on, so that it does not hold the line where it began.
 */
export function smoothed(line: Line, smoothing: number): Float64Array {
  if (!smoothing) return line.y;
  const held = averaged.get(line);
  if (held && held.smoothing === smoothing && held.count === line.count) return held.values;
  const values = new Float64Array(line.size);
  let sum = 0;
  let weight = 0;
  for (let at = 0; at < line.size; at += 1) {
    const value = line.y[at];
    if (Number.isFinite(value)) {
      sum = sum * smoothing + value * (1 - smoothing);
      weight = weight * smoothing + 1 - smoothing;
      values[at] = sum / weight;
    } else values[at] = value;
  }
  averaged.set(line, { smoothing, count: line.count, values });
  return values;
}

function grown(values: Float64Array, room: number): Float64Array {
  const larger = new Float64Array(room);
  larger.set(values);
  return larger;
}

/** The bytes that a text in base64 stands for. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < characters.length; at += 1) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

/** base64 of little-endian float64 numbers, as the server packs them. */
export function unpack(text: string): Float64Array {
  return new Float64Array(bytesOf(text).buffer);
}

/** Trial → line, from an answer. */
export function linesOf(curves: Curves): Map<number, Line> {
  const x = unpack(curves.x);
  const y = unpack(curves.y);
  const lines = new Map<number, Line>();
  let from = 0;
  curves.trial.forEach((trial, at) => {
    const to = from + curves.kept[at];
    lines.set(trial, new Line(x.subarray(from, to), y.subarray(from, to), curves.count[at]));
    from = to;
  });
  return lines;
}

/**
 * Puts new values of the primary metric at the ends of the lines; what a line has already is left out. Whether some found no
 * place, since values before them are not there. axis: not the time, which no new value tells of its trial's first one.
 */
export function extend(lines: Map<number, Line>, changed: readonly ChangedPoints[], axis: Axis): boolean {
  let isLacking = false;
  for (const points of changed) {
    let line = lines.get(points.trial);
    if (!line) lines.set(points.trial, (line = new Line(new Float64Array(), new Float64Array(), 0)));
    if (points.first > line.count + 1) isLacking = true;
    points.values.forEach((value, at) => {
      const interval = points.first + at;
      if (interval === line.count + 1) line.push(axis === "step" ? (points.steps[at] ?? interval) : interval, fromWire(value as Wire) ?? NaN);
    });
  }
  return isLacking;
}
