/** Scales with readable ticks, and the frame that they draw. */
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import { scaled } from "../app/text-size";
import { showTick, showTimeTick } from "../data/format";
import type { Palette } from "./colour";
import type { Context, Size } from "./plot";

export type Scale = ScaleContinuousNumeric<number, number>;
export interface Margin {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** Margins given for the usual size of text. */
export const margins = ({ top, right, bottom, left }: Margin): Readonly<Margin> => ({
  get top() {
    return scaled(top);
  },
  get right() {
    return scaled(right);
  },
  get bottom() {
    return scaled(bottom);
  },
  get left() {
    return scaled(left);
  },
});

export const font = () => `${scaled(12)}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif`;

/** A scale over [low, high]; logarithmic only where all of it is above 0. */
export function scaleOf(low: number, high: number, from: number, to: number, isLog = false, isNice = false): Scale {
  let [least, most] = [low, high];
  if (!(least < most)) {
    const spread = Math.abs(least) * 0.05 || 0.5;
    [least, most] = isLog && least > 0 ? [least / 1.5, least * 1.5] : [least - spread, least + spread];
  }
  // A logarithmic axis has room for its own values only: whole powers of ten around them would be mostly empty.
  const scale: Scale = isLog && least > 0 ? scaleLog().domain([least, most]) : scaleLinear().domain([least, most]).nice(isNice ? 6 : 0);
  return scale.range([from, to]);
}

/**
 * Ticks that are written beside the axis, about `count`; whole ones alone where it counts something. Of a logarithmic axis as many
 * of 1, 2, 3, … as there is room for, or 1, 2, 5, 10, …, or powers of ten.
 */
export function ticksOf(scale: Scale, count: number, isWhole = false): number[] {
  const ticks = scale.ticks(count).filter((tick) => !isWhole || Number.isInteger(tick));
  // One alone gives no measure.
  if (ticks.length < 2 && count < 6) return ticksOf(scale, count + 1, isWhole);
  if (!("base" in scale) || ticks.length <= count * 1.5) return ticks;
  const round = ticks.filter((tick) => [1, 2, 5].includes(leading(tick)));
  if (round.length <= count * 1.5) return round.length > 1 ? round : ticks;
  const powers = ticks.filter((tick) => leading(tick) === 1);
  const step = Math.ceil(powers.length / (count * 1.5));
  return powers.filter((_, at) => at % step === 0);
}

/** The first digit of a number above 0, where it has no other; 0 where it has. */
function leading(value: number): number {
  const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return Math.abs(digit - Math.round(digit)) < 1e-6 ? Math.round(digit) : 0;
}

/** Seconds between two ticks of a time axis: what clocks are read by. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Ticks of an axis in seconds, about `count` at most: at whole seconds, minutes, hours or days. */
export function timeTicksOf(scale: Scale, count: number): number[] {
  const [low, high] = scale.domain();
  const least = (high - low) / count;
  if (least < 1) return ticksOf(scale, count);
  const step = TIME_STEPS.find((each) => each >= least) ?? 86_400 * Math.ceil(least / 86_400);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, at) => (first + at) * step);
}

export function drawFrame(
  context: Context,
  size: Size,
  margin: Readonly<Margin>,
  x: Scale,
  y: Scale,
  colours: Palette,
  names: { x: string; y: string; isTime?: boolean; isWholeX?: boolean; isWholeY?: boolean; xTick?: (value: number) => string; yTick?: (value: number) => string },
): void {
  const [left, right] = [margin.left, size.width - margin.right];
  const [top, bottom] = [margin.top, size.height - margin.bottom];
  context.font = font();
  context.lineWidth = 1;
  context.strokeStyle = colours.line;
  context.fillStyle = colours.ink3;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.beginPath();
  const rows = ticksOf(y, Math.max(2, Math.floor((bottom - top) / scaled(48))), names.isWholeY);
  for (const tick of apart(rows, y, () => scaled(LINE))) {
    const at = Math.round(y(tick)) + 0.5;
    context.moveTo(left, at);
    context.lineTo(right, at);
    context.fillText((names.yTick ?? showTick)(tick), left - 8, at);
  }
  context.stroke();
  context.textBaseline = "top";
  context.textAlign = "center";
  const most = Math.max(2, Math.floor((right - left) / scaled(90)));
  const show = names.isTime ? showTimeTick : (names.xTick ?? showTick);
  const ticks = names.isTime ? timeTicksOf(x, most) : ticksOf(x, most, names.isWholeX);
  const room = (tick: number) => context.measureText(show(tick)).width;
  // So that none of it is cut off at the sides.
  const middle = (tick: number) => Math.max(room(tick) / 2, Math.min(size.width - room(tick) / 2, x(tick)));
  for (const tick of apart(ticks, middle, (each) => room(each) + 10)) context.fillText(show(tick), middle(tick), bottom + 8);
  context.fillStyle = colours.ink2;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(names.x, right, size.height - 2);
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(names.y, 0, 0);
}

/** Pixels from one text to the next below it at least. */
const LINE = 15;

/** Every tick, or every second, third, …, so that what is written at them does not overlap. `room`: pixels that a tick needs. */
export function apart(ticks: number[], place: (tick: number) => number, room: (tick: number) => number): number[] {
  for (let every = 1; every < ticks.length; every += 1) {
    const some = ticks.filter((_, at) => at % every === 0);
    const isRoomy = some.every((tick, at) => !at || Math.abs(place(tick) - place(some[at - 1])) >= (room(tick) + room(some[at - 1])) / 2);
    if (isRoomy) return some;
  }
  return ticks.slice(0, 1);
}

export function extent(values: Iterable<number | null | undefined>, isLog = false): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value) || (isLog && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
