/** Two columns against each other, coloured and sized by any others. Dragging over a part chooses its ranges. */
import { computed, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { type Column, columnOf, domainOf, isLogAxis, snapped } from "../data/columns";
import type { Kept } from "../data/kept";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { drawFrame, type Margin, margins, type Scale, scaleOf } from "./axes";
import { type Palette, rankSteps } from "./colour";
import type { Context, Paint, Size } from "./plot";
import { drawBand, nearestDot, type Place, TrialPlot } from "./trial-plot";

const MARGIN = margins({ top: 24, right: 16, bottom: 40, left: 66 });

export interface ScatterOptions {
  x: Kept<string>;
  y: Kept<string>;
  colour: Kept<string>;
  size: Kept<string>;
}

export function ScatterChart(props: { data: SweepData; selection: Selection; options: ScatterOptions; height: number }) {
  const { data, selection, options } = props;
  const band = useSignal<{ from: Place; to: Place } | null>(null);
  const dots = useMemo(() => computed(() => dotsOf(data, selection, options)), [data]);
  const scales = (size: Size) => {
    const { x, y } = dots.peek();
    return { x: axisOf(x, MARGIN.left, size.width - MARGIN.right), y: axisOf(y, size.height - MARGIN.bottom, MARGIN.top) };
  };
  const paint = useMemo<Paint>(
    () =>
      function* (context, size, colours) {
        const { x: columnX, y: columnY, steps, order, radius } = dots.peek();
        if (!columnX || !columnY) return;
        const { x, y } = scales(size);
        framed(context, size, MARGIN, x, y, columnX, columnY, colours);
        const mask = selection.mask.peek();
        for (const isIn of [0, 1]) {
          for (const [at, row] of order.entries()) {
            if (mask[row] !== isIn) continue;
            dot(context, x(columnX.position(row)), y(columnY.position(row)), radius(row), isIn && steps[row] >= 0 ? colours.ramp[steps[row]] : colours.line, isIn ? 0.9 : 0.5);
            if (at % 500 === 499) yield;
          }
        }
      },
    [data, selection],
  );
  const watch = useMemo(() => () => (dots.value, selection.mask.value, undefined), [data]);
  const span = (scale: Scale, a: number, b: number) => [scale.invert(a), scale.invert(b)].sort((m, n) => m - n) as [number, number];
  return (
    <TrialPlot
      data={data}
      selection={selection}
      height={props.height}
      label={`${data.trials.size} trials as points: ${dots.value.x?.name} and ${dots.value.y?.name}`}
      paint={paint}
      watch={watch}
      mark={(context, trial, colour, size) => {
        const { x: columnX, y: columnY, radius } = dots.peek();
        const row = data.trials.rowOf(trial);
        const { x, y } = scales(size);
        if (row >= 0 && columnX && columnY) ring(context, x(columnX.position(row)), y(columnY.position(row)), radius(row) + 3, colour);
      }}
      over={(context, _size, colours) => drawBand(context, band.value, colours)}
      watchOver={() => void band.value}
      cursor="crosshair"
      find={(at, size) => {
        const { x: columnX, y: columnY } = dots.peek();
        const { x, y } = scales(size);
        return columnX && columnY && nearestDot(data, selection, (row) => x(columnX.position(row)), (row) => y(columnY.position(row)), at);
      }}
      drag={{
        move: (from, to) => (band.value = { from, to }),
        cancel: () => (band.value = null),
        end: (from, to, size, hasMoved) => {
          band.value = null;
          if (!hasMoved) return false;
          const { x, y } = scales(size);
          const { x: columnX, y: columnY } = dots.peek();
          if (columnX) selection.setRange(columnX.key, [snapped(columnX, span(x, from.x, to.x))]);
          if (columnY) selection.setRange(columnY.key, [snapped(columnY, span(y, from.y, to.y))]);
          return true;
        },
      }}
      reset={() => (selection.ranges.value = {})}
    />
  );
}

interface Dots {
  x: Column | null;
  y: Column | null;
  steps: Int8Array;
  /** Rows, those of the greatest steps last, so that they lie on top. */
  order: number[];
  radius: (row: number) => number;
}

export function dotsOf(data: SweepData, selection: Selection, options: Omit<ScatterOptions, "x" | "y"> & { x: Kept<string>; y: Kept<string> }): Dots {
  data.version.value;
  const colour = columnOf(data, options.colour.value);
  const size = columnOf(data, options.size.value);
  const isResult = ["best", "last"].includes(options.colour.value);
  const sign = isResult && data.metric.value?.goal === "minimize" ? -1 : 1;
  const values = Array.from({ length: data.trials.size }, (_, row) => colour?.position(row) ?? NaN);
  const span = size ? size.domain[1] - size.domain[0] || 1 : 1;
  const steps = rankSteps(values, sign, { mask: selection.mask.value, isBest: isResult });
  const even = data.trials.size > 2000 ? 2.5 : data.trials.size > 400 ? 3.2 : 4;
  return {
    x: columnOf(data, options.x.value),
    y: columnOf(data, options.y.value),
    steps,
    order: [...steps.keys()].sort((a, b) => steps[a] - steps[b]),
    radius: (row) => {
      if (!size) return even;
      const part = (size.position(row) - size.domain[0]) / span;
      return Number.isFinite(part) ? 2.5 + 6 * Math.sqrt(Math.max(0, part)) : 2.5;
    },
  };
}

export function axisOf(column: Column | null, from: number, to: number): Scale {
  if (!column) return scaleOf(0, 1, from, to);
  const isLog = isLogAxis(column);
  const [low, high] = domainOf(column, isLog);
  const pad = column.isChoice || isLog ? 0 : (high - low) * 0.03;
  return scaleOf(isLog ? low / 1.15 : low - pad, isLog ? high * 1.15 : high + pad, from, to, isLog);
}

export function framed(context: Context, size: Size, margin: Margin, x: Scale, y: Scale, columnX: Column, columnY: Column, colours: Palette): void {
  const ofChoice = (column: Column, scale: Scale) =>
    column.isChoice ? Object.assign(scale.copy(), { ticks: () => column.labels.map((_, at) => at), invert: scale.invert }) : scale;
  drawFrame(context, size, margin, ofChoice(columnX, x), ofChoice(columnY, y), colours, {
    x: columnX.name,
    y: columnY.name,
    isWholeX: columnX.isWhole,
    isWholeY: columnY.isWhole,
    xTick: columnX.tick,
    yTick: (value) => (columnY.tick(value).length > 8 ? `${columnY.tick(value).slice(0, 7)}…` : columnY.tick(value)),
  });
}

export function dot(context: Context, x: number, y: number, radius: number, colour: string, alpha: number): void {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return;
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 6.2832);
  context.fill();
  context.globalAlpha = 1;
}

export function ring(context: Context, x: number, y: number, radius: number, colour: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 6.2832);
  context.strokeStyle = colour;
  context.lineWidth = 2.2;
  context.stroke();
}
