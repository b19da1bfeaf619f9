/** How parallel coordinates are painted: trials as lines, axes with their ticks and ranges over them. */
import { scaled } from "../app/text-size";
import { font, ticksOf } from "./axes";
import { OUT, type Palette, STEPS } from "./colour";
import { bottomOf, type Placed, topOf } from "./parallel-axes";
import { type Context, hairline, type Size } from "./plot";

/** Lines that are drawn in one stroke, between two looks at the clock. */
const CHUNK = 100;

/** `groups`: rows by their step of the ramp. `many`: how many of them pass the filter. */
export function* drawLines(context: Context, placed: Placed[], groups: [number, number[]][], many: number, colours: Palette): Generator<void> {
  context.lineJoin = "round";
  for (const [step, rows] of groups) {
    // Those that are out are many where few pass.
    context.lineWidth = step === OUT || many > 400 ? hairline() : 1.4;
    context.strokeStyle = step < 0 ? colours.line : colours.ramp[step];
    context.globalAlpha = step === OUT ? 0.35 : opacity(step, many);
    for (let first = 0; first < rows.length; first += CHUNK) {
      context.beginPath();
      for (const row of rows.slice(first, first + CHUNK)) trace(context, placed, row);
      context.stroke();
      yield;
    }
  }
  context.globalAlpha = 1;
}

/** One trial's line over the rest. */
export function drawStrong(context: Context, placed: Placed[], row: number, colour: string, colours: Palette): void {
  context.beginPath();
  trace(context, placed, row);
  context.lineJoin = "round";
  context.strokeStyle = colours.paper;
  context.lineWidth = 5.2;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = 2.2;
  context.stroke();
}

/** Adds a trial's line to the path; an axis on which it has no place leaves a gap. */
function trace(context: Context, placed: Placed[], row: number): void {
  let isPen = false;
  for (const { x, places } of placed) {
    const y = places[row];
    if (!Number.isFinite(y)) {
      isPen = false;
      continue;
    }
    if (isPen) context.lineTo(x, y);
    else context.moveTo(x, y);
    isPen = true;
  }
}

/** The more lines there are, the more the worse ones fade, so that the best can be followed. */
function opacity(step: number, many: number): number {
  const power = Math.max(2, Math.min(6, 2 * Math.log10(many)));
  return Math.min(1, Math.max(0.12, 0.9 * (step / STEPS) ** power) + 15 / many);
}

export function drawAxis(context: Context, axis: Placed, size: Size, colours: Palette, ranges: [number, number][]): void {
  const x = Math.round(axis.x) + 0.5;
  context.strokeStyle = colours.ink3;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, topOf());
  context.lineTo(x, size.height - bottomOf());
  context.stroke();
  context.font = font();
  context.textAlign = "left";
  context.textBaseline = "middle";
  const { column, y } = axis;
  const line = scaled(15);
  for (const [low, high] of ranges) drawRange(context, axis.x, y(low), y(high), colours);
  const ticks = column.isChoice ? column.labels.map((_, at) => at) : ticksOf(y, 5, column.isWhole);
  const step = Math.ceil((ticks.length * line) / (size.height - topOf() - bottomOf()));
  for (const tick of ticks.filter((_, at) => at % step === 0)) {
    const at = y(tick);
    const text = column.tick(tick);
    context.fillStyle = colours.paper;
    context.globalAlpha = 0.9;
    context.fillRect(x + 4, at - line / 2, context.measureText(text).width + 6, line);
    context.globalAlpha = 1;
    context.fillStyle = colours.ink;
    context.fillText(text, x + 7, at);
    context.fillStyle = colours.ink3;
    context.fillRect(x - 3, Math.round(at), 6, 1);
  }
}

function drawRange(context: Context, x: number, from: number, to: number, colours: Palette): void {
  const [top, height] = [Math.min(from, to), Math.max(2, Math.abs(to - from))];
  context.fillStyle = colours.accent;
  context.globalAlpha = 0.3;
  context.fillRect(x - 7, top, 14, height);
  context.globalAlpha = 1;
  context.strokeStyle = colours.accent;
  context.lineWidth = 1.5;
  context.strokeRect(x - 7, top, 14, height);
}
