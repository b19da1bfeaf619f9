/** A row of the table of trials. */
import { type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import { scaled } from "../app/text-size";
import { MARKS } from "../chart/colour";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import type { RowKeys } from "./row-keys";
import { Spark } from "./spark";
import { cell, type Column } from "./trials-columns";

/** Pixels from one row to the next. */
export const rowHeight = () => scaled(40);

type Span = ReadonlySignal<readonly [number, number]>;

interface RowProps {
  data: SweepData;
  selection: Selection;
  keys: RowKeys;
  columns: Column[];
  template: string;
  row: number;
  place: number;
  across: Span;
  range: Span;
}

/** It is drawn again when its trial, its place or its own marks change, not when another row's do. */
export function Row({ data, selection, keys, columns, template, row, place, across, range }: RowProps) {
  const trial = data.trials.number[row];
  const shown = useSignal(trial);
  shown.value = trial;
  const marks = useComputed(() => `grid-row${selection.chosen.value.has(shown.value) ? ` chosen ${markOf(selection, shown.value)}` : ""}${selection.hovered.value === shown.value ? " hovered" : ""}${keys.active.value === shown.value ? " active" : ""}`);
  data.version.value;
  return (
    <div role="row" id={`row-${trial}`} aria-rowindex={place + 2} aria-selected={marks.value.includes("chosen")} class={marks.value}
      style={{ gridTemplateColumns: template, transform: `translateY(${place * rowHeight()}px)` }}
      // Not on entering, which rows do when they are scrolled under a pointer that rests.
      onPointerMove={() => selection.hovered.peek() !== trial && (selection.hovered.value = trial)}
      onPointerLeave={() => selection.hovered.peek() === trial && (selection.hovered.value = null)}
      onClick={(event) => {
        if ((event.target as Element).closest("a")) return;
        if (event.shiftKey) return keys.chooseTo(trial);
        selection.toggle(trial, true);
        keys.goTo(trial);
      }}>
      {columns.map((column) => (
        <div role="gridcell" class={column.isRight ? "right" : ""} title={column.hint?.(row)}>
          {column.key === "curve" ? <Curve data={data} trial={trial} across={across} range={range} /> : column.draw ? column.draw(row, marks.value.endsWith(" active")) : cell(column, row)}
        </div>
      ))}
    </div>
  );
}

/** The class that gives a chosen trial its colour. */
export function markOf(selection: Selection, trial: number): string {
  return `mark-${[...selection.chosen.value].indexOf(trial) % MARKS}`;
}

/** Drawn again when curves have changed; the rest of its row is not. */
function Curve({ data, trial, across, range }: { data: SweepData; trial: number; across: Span; range: Span }) {
  data.curvesVersion.value;
  return <Spark line={data.lines.get(trial)} across={across.value} range={range.value} />;
}
