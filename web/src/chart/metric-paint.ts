/** How the metric chart is painted: lines, crosses where trials were stopped, ticks where values cease, the policy's threshold. */
import type { ReadonlySignal } from "@preact/signals";
import type { Line } from "../data/curves";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { drawFrame, type Scale } from "./axes";
import { byStep, OUT, type Palette, STEPS } from "./colour";
import { type Lines, MARGIN, type MetricView } from "./metric-view";
import { type Context, hairline, type Size } from "./plot";
import { dot } from "./scatter";
import type { Scales } from "./window";

/** Points drawn between two looks at the clock. */
const CHUNK = 2000;

const AXIS_WORDS = { interval: "interval", step: "step", time: "time since the first value" };

/** All of it. `steps`: row → step of the ramp. A drawing takes several frames: its lines and scales are those of its beginning. */
export function* drawMetric(context: Context, view: MetricView, selection: Selection, steps: ReadonlySignal<Int8Array>, size: Size, colours: Palette): Generator<void> {
  const { data } = view;
  const scales = view.scales(size);
  const lines = view.lines.peek();
  const isNarrow = selection.isNarrow.peek();
  drawAxes(context, view, scales, size, colours);
  drawGaps(context, view, lines, selection, scales, size, colours.failed);
  clip(context, size);
  const groups = byStep(lines, ([trial]) => {
    const row = data.trials.rowOf(trial);
    return isNarrow && !selection.mask.peek()[row] ? OUT : row < 0 ? -1 : steps.peek()[row];
  });
  yield* drawLines(context, view, lines.size, groups, scales, colours);
  drawThreshold(context, data, lines.size, scales, colours);
  // Last, since trials are stopped at the threshold.
  drawEnds(context, view, lines, selection, scales, colours);
  context.restore();
}

function drawAxes(context: Context, { data, isOnce }: MetricView, { x, y }: Scales, size: Size, colours: Palette): void {
  const shown = data.shown.peek();
  const isInterval = shown?.axis === "interval";
  drawFrame(context, size, MARGIN, x, y, colours, { x: isOnce.peek() ? "trial" : AXIS_WORDS[shown?.axis ?? "interval"], y: shown?.metric ?? "", isTime: shown?.axis === "time", isWholeX: isInterval });
}

export function* drawLines(context: Context, view: Pick<MetricView, "valuesOf">, many: number, groups: [number, [number, Line][]][], scales: Scales, colours: Palette): Generator<void> {
  context.lineJoin = "round";
  for (const [step, lines] of groups) {
    // Without a primary value: seen all the same, as a run that has no primary metric is.
    const colour = step === OUT ? colours.line : step < 0 ? colours.ink3 : colours.ramp[step];
    const opacity = step === OUT ? 0.5 : Math.max(0.28, Math.min(1, 0.35 + 0.65 * (step / STEPS) ** 2 + 20 / many));
    context.strokeStyle = colour;
    context.lineWidth = step === OUT || many > 300 ? hairline() : 1.4;
    context.globalAlpha = opacity;
    let points = 0;
    context.beginPath();
    for (const [, line] of lines) {
      if (line.size > 1) trace(context, line, view.valuesOf(line), scales);
      points += line.size;
      if (points < CHUNK) continue;
      context.stroke();
      context.beginPath();
      points = 0;
      yield;
    }
    context.stroke();
    // Once the lines are stroked: each dot begins a path of its own, and with it lines that are not would be gone.
    for (const [, line] of lines) if (line.size === 1) dot(context, scales.x(line.x[0]), scales.y(line.y[0]), many > 300 ? 2.2 : 3, colour, opacity);
    yield;
  }
  context.globalAlpha = 1;
}

/** One trial's line over the rest. */
export function drawStrong(context: Context, view: MetricView, trial: number, colour: string, size: Size, halo: string): void {
  const line = view.lines.peek().get(trial);
  if (!line?.size) return;
  const scales = view.scales(size);
  clip(context, size);
  context.lineJoin = "round";
  context.beginPath();
  trace(context, line, view.valuesOf(line), scales);
  context.lineWidth = 5;
  context.strokeStyle = halo;
  context.stroke();
  context.lineWidth = 2.2;
  context.strokeStyle = colour;
  context.stroke();
  if (line.size === 1) {
    context.beginPath();
    context.arc(scales.x(line.x[0]), scales.y(line.y[0]), 3, 0, 7);
    context.fillStyle = colour;
    context.fill();
  }
  context.restore();
}

/** What is drawn until `restore` stays within the axes. */
function clip(context: Context, size: Size): void {
  context.save();
  context.beginPath();
  context.rect(MARGIN.left - 4, MARGIN.top - 4, size.width - MARGIN.left - MARGIN.right + 8, size.height - MARGIN.top - MARGIN.bottom + 8);
  context.clip();
}

/** Adds a line to the path; values that are not finite, or that a logarithm cannot show, leave a gap. */
function trace(context: Context, line: Line, values: Float64Array, { x, y }: Scales): void {
  const [x0, kx] = linear(x);
  const isLog = "base" in y;
  const [y0, ky] = isLog ? [0, 0] : linear(y);
  let isPen = false;
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

/** A cross where the policy stopped a trial, a triangle where one failed. */
function drawEnds(context: Context, view: MetricView, lines: Lines, selection: Selection, { x, y }: Scales, colours: Palette): void {
  const { trials } = view.data;
  const [stopped, failed] = [new Path2D(), new Path2D()];
  const mask = selection.mask.peek();
  trials.state.forEach((state, row) => {
    const hasFailed = state === "failed" || state === "lost";
    const line = (hasFailed || state === "stopped_early") && mask[row] ? lines.get(trials.number[row]) : undefined;
    if (!line?.size) return;
    const [px, py] = [x(line.x[line.size - 1]), y(view.valuesOf(line)[line.size - 1])];
    if (!Number.isFinite(py)) return;
    if (hasFailed) polyline(failed, [px, py - 4], [px + 4, py + 3], [px - 4, py + 3]);
    else {
      polyline(stopped, [px - 2.5, py - 2.5], [px + 2.5, py + 2.5]);
      polyline(stopped, [px - 2.5, py + 2.5], [px + 2.5, py - 2.5]);
    }
  });
  context.globalAlpha = lines.size > 300 ? 0.55 : 1;
  context.strokeStyle = colours.stopped;
  context.lineWidth = 1.6;
  context.stroke(stopped);
  context.fillStyle = colours.failed;
  context.fill(failed);
  context.globalAlpha = 1;
}

function polyline(path: Path2D, first: [number, number], ...others: [number, number][]): void {
  path.moveTo(...first);
  for (const place of others) path.lineTo(...place);
}

/** A tick on the axis where a trial's values cease to be finite. */
function drawGaps(context: Context, view: MetricView, lines: Lines, selection: Selection, { x }: Scales, size: Size, colour: string): void {
  const mask = selection.mask.peek();
  const [left, right, bottom] = [MARGIN.left - 1, size.width - MARGIN.right + 1, size.height - MARGIN.bottom];
  context.fillStyle = colour;
  for (const [trial, line] of lines) {
    if (!line.hasGap || !mask[view.data.trials.rowOf(trial)]) continue;
    for (let at = 0; at < line.size; at += 1) {
      if (Number.isFinite(line.y[at]) || (at && !Number.isFinite(line.y[at - 1]))) continue;
      const px = x(line.x[at]);
      if (px >= left && px <= right) context.fillRect(px - 1, bottom - 6, 2, 6);
    }
  }
}

/** The policy's threshold by interval, over `many` lines. */
function drawThreshold(context: Context, data: SweepData, many: number, { x, y }: Scales, colours: Palette): void {
  const shown = data.shown.peek();
  const { interval, threshold } = data.thresholds.peek();
  if (shown?.metric !== data.metric.peek()?.name || shown?.axis !== "interval" || !interval.length) return;
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
  // A strip of paper first: over a hundred dark lines a dark one cannot be seen. A few lines it would seem to break.
  if (many > 60) {
    context.strokeStyle = colours.paper;
    context.lineWidth = 4.5;
    context.stroke();
  }
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}
