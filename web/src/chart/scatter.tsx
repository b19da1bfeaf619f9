/** Two columns against each other, coloured and sized by any others. Dragging over a part chooses its ranges. */
import { computed, type Signal, useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { type Column, columnOf } from "../data/columns";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { drawFrame, type Margin, type Scale, scaleOf } from "./axes";
import { type Palette, rankSteps } from "./colour";
import { stepThrough } from "./metric";
import { type Context, type Paint, Plot, type Size } from "./plot";
import { TrialTip } from "./tip";

const MARGIN: Margin = { top: 24, right: 16, bottom: 40, left: 66 };

export interface ScatterOptions {
  x: Signal<string>;
  y: Signal<string>;
  colour: Signal<string>;
  size: Signal<string>;
}

export function ScatterChart(props: { data: SweepData; selection: Selection; options: ScatterOptions; height: number }) {
  const { data, selection, options } = props;
  const drag = useRef<{ x: number; y: number } | null>(null);
  const dragTo = useSignal<{ x: number; y: number } | null>(null);
  const tip = useSignal<{ x: number; y: number } | null>(null);
  const dots = useMemo(() => computed(() => dotsOf(data, options)), [data]);
  const scales = (size: Size) => {
    const { x, y } = dots.peek();
    return { x: axis(x, MARGIN.left, size.width - MARGIN.right), y: axis(y, size.height - MARGIN.bottom, MARGIN.top) };
  };
  const paint = useMemo<Paint>(
    () =>
      function* (context, size, colours) {
        const { x: columnX, y: columnY, steps, radius } = dots.peek();
        if (!columnX || !columnY) return;
        const { x, y } = scales(size);
        frame(context, size, x, y, columnX, columnY, colours);
        const mask = selection.mask.peek();
        for (const isIn of [0, 1]) {
          for (let row = 0; row < data.trials.size; row += 1) {
            if (mask[row] !== isIn) continue;
            dot(context, x(columnX.position(row)), y(columnY.position(row)), radius(row), isIn && steps[row] >= 0 ? colours.ramp[steps[row]] : colours.line, isIn ? 0.9 : 0.5);
            if (row % 1500 === 1499) yield;
          }
        }
      },
    [data, selection],
  );
  const watch = useMemo(() => () => (dots.value, selection.mask.value, undefined), [data]);
  const over = useMemo<Paint>(
    () => (context, size, colours) => {
      const { x: columnX, y: columnY, radius } = dots.peek();
      if (!columnX || !columnY) return;
      const { x, y } = scales(size);
      const ring = (trial: number, colour: string) => {
        const row = data.trials.rowOf(trial);
        if (row < 0) return;
        context.beginPath();
        context.arc(x(columnX.position(row)), y(columnY.position(row)), radius(row) + 3, 0, 7);
        context.strokeStyle = colour;
        context.lineWidth = 2.2;
        context.stroke();
      };
      for (const trial of selection.chosen.value) ring(trial, colours.accent);
      if (selection.hovered.value !== null) ring(selection.hovered.value, colours.ink);
      const [from, to] = [drag.current, dragTo.value];
      if (!from || !to) return;
      context.fillStyle = colours.accent;
      context.globalAlpha = 0.12;
      context.fillRect(Math.min(from.x, to.x), Math.min(from.y, to.y), Math.abs(to.x - from.x), Math.abs(to.y - from.y));
      context.globalAlpha = 1;
    },
    [data, selection],
  );
  const watchOver = useMemo(() => () => (watch(), selection.hovered.value, selection.chosen.value, dragTo.value), [watch]);
  const onMove = (px: number, py: number, size: Size) => {
    if (drag.current) {
      dragTo.value = { x: px, y: py };
      return;
    }
    const { x: columnX, y: columnY } = dots.peek();
    if (!columnX || !columnY) return;
    const { x, y } = scales(size);
    const found = nearestDot(data, selection, (row) => x(columnX.position(row)), (row) => y(columnY.position(row)), px, py);
    selection.hovered.value = found;
    tip.value = found === null ? null : { x: px, y: py };
  };
  const onUp = (px: number, py: number, size: Size, event: PointerEvent) => {
    const from = drag.current;
    drag.current = null;
    dragTo.value = null;
    if (!from) return;
    if (Math.hypot(px - from.x, py - from.y) < 6) {
      if (selection.hovered.value !== null) selection.toggle(selection.hovered.value, event.shiftKey || event.ctrlKey || event.metaKey);
      return;
    }
    const { x, y } = scales(size);
    const span = (scale: Scale, a: number, b: number) => [scale.invert(a), scale.invert(b)].sort((m, n) => m - n) as [number, number];
    selection.setRange(options.x.value, [span(x, from.x, px)]);
    selection.setRange(options.y.value, [span(y, from.y, py)]);
  };
  return (
    <Plot
      height={props.height}
      label={`${data.trials.size} trials as points: ${dots.value.x?.name} and ${dots.value.y?.name}`}
      paint={paint}
      watch={watch}
      over={over}
      watchOver={watchOver}
      cursor="crosshair"
      onMove={onMove}
      onDown={(x, y) => (drag.current = { x, y })}
      onUp={onUp}
      onLeave={() => {
        selection.hovered.value = null;
        tip.value = null;
      }}
      onDouble={() => (selection.ranges.value = {})}
      onKey={(event) => stepThrough(event, data, selection, () => (selection.ranges.value = {}))}
    >
      <TrialTip data={data} selection={selection} at={tip} />
    </Plot>
  );
}

interface Dots {
  x: Column | null;
  y: Column | null;
  steps: Int8Array;
  radius: (row: number) => number;
}

export function dotsOf(data: SweepData, options: Omit<ScatterOptions, "x" | "y"> & { x: Signal<string>; y: Signal<string> }): Dots {
  data.version.value;
  const colour = columnOf(data, options.colour.value);
  const size = columnOf(data, options.size.value);
  const sign = data.head.value?.metric?.goal === "minimize" && ["best", "last"].includes(options.colour.value) ? -1 : 1;
  const values = Array.from({ length: data.trials.size }, (_, row) => colour?.position(row) ?? NaN);
  const span = size ? size.domain[1] - size.domain[0] || 1 : 1;
  return {
    x: columnOf(data, options.x.value),
    y: columnOf(data, options.y.value),
    steps: rankSteps(values, sign),
    radius: (row) => {
      if (!size) return data.trials.size > 2000 ? 2.5 : 4;
      const part = (size.position(row) - size.domain[0]) / span;
      return Number.isFinite(part) ? 2.5 + 6 * Math.sqrt(Math.max(0, part)) : 2.5;
    },
  };
}

function axis(column: Column | null, from: number, to: number): Scale {
  if (!column) return scaleOf(0, 1, from, to);
  const isLog = column.isLog && column.domain[0] > 0;
  const [low, high] = column.domain;
  const pad = column.isChoice || isLog ? 0 : (high - low) * 0.03;
  return scaleOf(isLog ? low / 1.15 : low - pad, isLog ? high * 1.15 : high + pad, from, to, isLog);
}

function frame(context: Context, size: Size, x: Scale, y: Scale, columnX: Column, columnY: Column, colours: Palette): void {
  const ofChoice = (column: Column, scale: Scale) =>
    column.isChoice ? Object.assign(scale.copy(), { ticks: () => column.labels.map((_, at) => at), invert: scale.invert }) : scale;
  drawFrame(context, size, MARGIN, ofChoice(columnX, x), ofChoice(columnY, y), colours, {
    x: columnX.name,
    y: columnY.name,
    xTick: columnX.show,
    yTick: (value) => (columnY.show(value).length > 9 ? `${columnY.show(value).slice(0, 8)}…` : columnY.show(value)),
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

export function nearestDot(data: SweepData, selection: Selection, x: (row: number) => number, y: (row: number) => number, px: number, py: number): number | null {
  const mask = selection.mask.peek();
  let [best, found]: [number, number | null] = [18, null];
  for (let row = 0; row < mask.length; row += 1) {
    if (!mask[row]) continue;
    const far = Math.hypot(x(row) - px, y(row) - py);
    if (far < best) [best, found] = [far, data.trials.number[row]];
  }
  return found;
}
