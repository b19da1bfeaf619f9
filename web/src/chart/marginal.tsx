/** The metric along one hyperparameter as a model believes it, with the trials that it was told of. */
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Column } from "../data/columns";
import { showNumber, showPart } from "../data/format";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { fromWire, type Importance, type Wire } from "../data/types";
import { extent, margins, scaleOf } from "./axes";
import type { Context, Paint, Size } from "./plot";
import { axisOf, dot, framed } from "./scatter";
import { nearestDot, TrialPlot } from "./trial-plot";

const MARGIN = margins({ top: 8, right: 14, bottom: 26, left: 54 });

interface Believed {
  /** Position on the hyperparameter's column. */
  at: number;
  low: number;
  mean: number;
  high: number;
}

/** `all`: the importances that are drawn beside each other, so that their values share one axis. */
export function MarginalChart(props: { data: SweepData; selection: Selection; importance: Importance; column: Column; all: Importance[]; interval: number | null }) {
  const { data, selection, importance, column, all, interval } = props;
  const drawn = useMemo(() => computed(() => ({ points: pointsOf(importance, column), y: rangeOf(all, data, interval) })), [importance, column, all, interval]);
  const scales = (size: Size) => {
    const [low, high] = drawn.peek().y;
    return {
      x: axisOf(column, MARGIN.left, size.width - MARGIN.right),
      y: scaleOf(low, high, size.height - MARGIN.bottom, MARGIN.top, false, true),
    };
  };
  const paint = useMemo<Paint>(
    () => (context, size, colours) => {
      const { x, y } = scales(size);
      framed(context, size, MARGIN, x, y, { ...column, name: "" }, { ...column, name: "", isChoice: false, isWhole: false, tick: showNumber }, colours);
      context.save();
      context.beginPath();
      context.rect(MARGIN.left - 4, MARGIN.top, size.width - MARGIN.left - MARGIN.right + 8, size.height - MARGIN.top - MARGIN.bottom);
      context.clip();
      const mask = selection.mask.peek();
      for (let row = 0; row < data.trials.size; row += 1)
        dot(context, x(column.position(row)), y(data.trials.best[row] ?? NaN), 1.8, mask[row] ? colours.ink3 : colours.line, isTold(data, row, interval) ? 0.5 : 0.15);
      const draw = column.isChoice ? drawSteps : drawCurve;
      context.strokeStyle = context.fillStyle = colours.accent;
      draw(context, drawn.peek().points.map((each) => ({ at: x(each.at), low: y(each.low), mean: y(each.mean), high: y(each.high) })));
      context.restore();
    },
    [data, selection, importance, column],
  );
  const watch = useMemo(() => () => (drawn.value, data.version.value, selection.mask.value, undefined), [drawn]);
  return (
    <figure>
      <figcaption class="small">
        <b title={importance.name}>{importance.name}</b>
        <span class="quiet number">{showPart(importance.total)}</span>
      </figcaption>
      <TrialPlot
        key={column.key}
        data={data}
        selection={selection}
        height={150}
        label={`${data.metric.value?.name} along ${importance.name}, as the model believes`}
        paint={paint}
        watch={watch}
        mark={(context, trial, colour, size) => {
          const row = data.trials.rowOf(trial);
          const { x, y } = scales(size);
          if (row >= 0) dot(context, x(column.position(row)), y(data.trials.best[row] ?? NaN), 4.5, colour, 1);
        }}
        find={(at, size) => {
          const { x, y } = scales(size);
          return nearestDot(data, selection, (row) => x(column.position(row)), (row) => y(data.trials.best[row] ?? NaN), at);
        }}
      />
    </figure>
  );
}

function pointsOf({ marginal }: Importance, column: Column): Believed[] {
  return marginal.map(({ value, mean, deviation }) => {
    const [middle, spread] = [fromWire(mean as Wire) ?? NaN, fromWire(deviation as Wire) ?? 0];
    const at = column.place(value);
    return { at, low: middle - spread, mean: middle, high: middle + spread };
  });
}

/** Whether the best that a trial logged is what the curves are about: a trial that was cut off had not come to its end. */
export const isTold = (data: SweepData, row: number, interval: number | null) => interval === null && data.trials.state[row] === "completed";

/**
 * What all curves reach, and the better half of what they are about was: the worst trials, and a model's doubts, press
 * them flat, and so would trials that were stopped at the beginning of their curves.
 */
export function rangeOf(all: Importance[], data: SweepData, interval: number | null): [number, number] {
  const curves = all.flatMap(({ marginal }) => marginal.map((point) => fromWire(point.mean as Wire)));
  data.version.value;
  const seen = data.trials.best
    .filter((value, row): value is number => isTold(data, row, interval) && value !== null && Number.isFinite(value))
    .sort((a, b) => a - b);
  const half = data.metric.value?.goal === "minimize" ? seen.slice(0, Math.ceil(seen.length / 2)) : seen.slice(Math.floor(seen.length / 2));
  const [low, high] = extent([...curves, half[0], half.at(-1)]) ?? [0, 1];
  return [low - (high - low) / 4, high + (high - low) / 4];
}

function drawCurve(context: Context, points: Believed[]): void {
  if (!points.length) return;
  context.globalAlpha = 0.18;
  context.beginPath();
  points.forEach(({ at, low }) => context.lineTo(at, low));
  points.toReversed().forEach(({ at, high }) => context.lineTo(at, high));
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.beginPath();
  points.forEach(({ at, mean }) => context.lineTo(at, mean));
  context.stroke();
}

function drawSteps(context: Context, points: Believed[]): void {
  for (const { at, low, mean, high } of points) {
    context.lineWidth = 1.6;
    context.beginPath();
    context.moveTo(at, low);
    context.lineTo(at, high);
    context.stroke();
    context.fillRect(at - 9, mean - 1.5, 18, 3);
  }
}
