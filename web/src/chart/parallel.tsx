/**
 * Parallel coordinates: a line per trial across all axes. Drag an axis's name to move it, drag along the axis to choose a
 * range (again for another one), click a range to take it away. Keys do the same on the name of an axis.
 */
import { useMemo } from "preact/hooks";
import { scaled } from "../app/text-size";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { AxisKeys, RangeDrag } from "./axis-moves";
import { AxisName } from "./axis-name";
import { byStep, OUT, ranksOf } from "./colour";
import { type AxisState, nearestRow, ParallelAxes, spanOf } from "./parallel-axes";
import { drawAxis, drawLines, drawStrong } from "./parallel-paint";
import { TrialPlot, type TrialPlotProps } from "./trial-plot";

export function ParallelChart(props: { data: SweepData; selection: Selection; axes: AxisState; height: number }) {
  const { data, selection } = props;
  const axes = useMemo(() => new ParallelAxes(data, props.axes), [data]);
  const keys = useMemo(() => new AxisKeys(data, selection, axes, props.height), [data, selection]);
  const drag = useMemo(() => new RangeDrag(selection, axes), [data, selection]);
  const drawn = useMemo(() => drawing(data, selection, axes, drag), [data, selection]);
  const columns = axes.columns.value;
  return (
    <div class="parallel-frame" tabIndex={0} role="region" aria-label="All axes">
      <div class="parallel" style={{ minWidth: `${scaled(columns.length * 92)}px` }}>
        <TrialPlot
          data={data}
          selection={selection}
          height={props.height}
          label={`${data.trials.size} trials over ${columns.length} axes, a line each`}
          {...drawn}
          cursor="crosshair"
          find={(at, size) => nearestRow(axes.placed(size), data, selection, at)}
          drag={drag}
          reset={() => (selection.ranges.value = {})}
        >
          {columns.map((column, at) => (
            <span key={`grip ${column.key}`} class="axis-grip" style={{ left: `${axes.x(column, at)}px` }} />
          ))}
          {columns.map((column, at) => <AxisName key={column.key} column={column} at={at} axes={axes} keys={keys} />)}
        </TrialPlot>
      </div>
    </div>
  );
}

/** How it is painted, and the signals by which it is painted again. */
function drawing(data: SweepData, selection: Selection, axes: ParallelAxes, { dragged }: RangeDrag): Pick<TrialPlotProps, "paint" | "watch" | "mark" | "over" | "watchOver"> {
  const steps = ranksOf(data, selection);
  return {
    *paint(context, size, colours) {
      axes.width.value = size.width;
      const mask = selection.mask.peek();
      const groups = byStep(mask.keys(), (row) => (mask[row] ? steps.peek()[row] : OUT));
      yield* drawLines(context, axes.placed(size), groups, selection.passing.peek(), colours);
    },
    watch() {
      axes.columns.value;
      steps.value;
      selection.mask.value;
      axes.state.flipped.value;
      axes.state.unnatural.value;
      axes.moving.value;
    },
    mark(context, trial, colour, size, colours) {
      const row = data.trials.rowOf(trial);
      if (row >= 0) drawStrong(context, axes.placed(size), row, colour, colours);
    },
    // Over all lines, also over those that are chosen: what an axis says can always be read.
    over(context, size, colours) {
      const range = dragged.value;
      for (const axis of axes.placed(size)) {
        const spans = selection.ranges.value[axis.column.key] ?? [];
        const dragging = range?.key === axis.column.key ? [spanOf(axis, range.from, range.to)] : [];
        drawAxis(context, axis, size, colours, [...spans, ...dragging]);
      }
    },
    watchOver: () => (dragged.value, selection.ranges.value, undefined),
  };
}
