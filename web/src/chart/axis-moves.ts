/** What pointer and keys do to the axes of parallel coordinates: ranges along them, their order, their scales. Keys say what they did. */
import { signal } from "@preact/signals";
import { scaled } from "../app/text-size";
import { type Column, isLogAxis, joined, spanText } from "../data/columns";
import { toggled } from "../data/kept";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { type KeyRange, pressed } from "./axis-range";
import { bottomOf, type ParallelAxes, spanOf, topOf } from "./parallel-axes";
import type { Size } from "./plot";
import type { Drag, Place } from "./trial-plot";

type Span = [number, number];

/** The part of an axis by which a key moves a range. */
const STEP = 0.05;

const along = (y: number, size: Size) => Math.max(topOf(), Math.min(size.height - bottomOf(), y));

/** A drag along an axis chooses one more range, a click takes one away. */
export class RangeDrag implements Drag {
  /** From where to where a range is being dragged. */
  readonly dragged = signal<{ key: string; from: number; to: number } | null>(null);

  constructor(
    private readonly selection: Selection,
    private readonly axes: ParallelAxes,
  ) {}

  begin(from: Place, size: Size): boolean {
    return this.axes.near(from.x, size) !== undefined;
  }

  move(from: Place, to: Place, size: Size): void {
    const axis = this.axes.near(from.x, size);
    if (axis) this.dragged.value = { key: axis.column.key, from: along(from.y, size), to: along(to.y, size) };
  }

  cancel(): void {
    this.dragged.value = null;
  }

  end(from: Place, to: Place, size: Size, hasMoved: boolean): boolean {
    this.dragged.value = null;
    const axis = this.axes.near(from.x, size);
    if (!axis) return false;
    const { key } = axis.column;
    const spans = this.selection.ranges.value[key] ?? [];
    if (hasMoved) {
      this.selection.setRange(key, joined([...spans, spanOf(axis, along(from.y, size), along(to.y, size))]));
      return true;
    }
    const at = axis.y.invert(along(to.y, size));
    const kept = spans.filter(([low, high]) => at < low || at > high);
    if (kept.length === spans.length) return false;
    this.selection.setRange(key, kept);
    return true;
  }
}

export class AxisKeys {
  /** The range that keys move, the other ones of its axis, and what both made. */
  private held: { key: string; range: KeyRange; others: Span[]; made: Span[] } | null = null;

  constructor(
    private readonly data: SweepData,
    private readonly selection: Selection,
    private readonly axes: ParallelAxes,
    private readonly height: number,
  ) {}

  /** Moves an axis by so many places to the right. */
  move(key: string, by: number): void {
    const keys = this.axes.columns.value.map((column) => column.key);
    const at = keys.indexOf(key);
    const to = Math.max(0, Math.min(keys.length - 1, at + by));
    keys.splice(to, 0, ...keys.splice(at, 1));
    this.axes.state.order.value = keys;
    this.selection.said.value = `${this.axes.columns.value[to].name} is axis ${to + 1} of ${keys.length}`;
  }

  range(column: Column, direction: number, isExtended: boolean, isAnother: boolean): void {
    const { y } = this.axes.scaled(column, this.height);
    const [bottom, length] = [scaled(this.height) - bottomOf(), scaled(this.height) - bottomOf() - topOf()];
    const spans = this.selection.ranges.peek()[column.key] ?? [];
    const from = isAnother || !spans.length ? null : this.heldOf(column.key, spans, (value) => (bottom - y(value)) / length);
    const step = column.isChoice ? 1 / column.labels.length : STEP;
    const range = pressed(from?.range ?? null, direction * step, isExtended, column.isChoice ? step : 4 * STEP);
    const ends = [range.fixed, range.moving].map((part) => y.invert(bottom - part * length));
    const span: Span = [Math.min(...ends), Math.max(...ends)];
    const others = from?.others ?? spans;
    const made = [...others, span];
    this.held = { key: column.key, range, others, made };
    this.selection.setRange(column.key, made);
    this.selection.said.value = `${column.name} ${spanText(column, span)}: ${this.passing}`;
  }

  /** What keys hold of an axis; the last of its ranges where they made none of them. `partOf`: value → part of the axis. */
  private heldOf(key: string, spans: Span[], partOf: (value: number) => number): Pick<NonNullable<AxisKeys["held"]>, "range" | "others"> {
    if (this.held?.key === key && this.held.made === spans) return this.held;
    const [a, b] = spans.at(-1)!.map(partOf);
    return { range: { fixed: Math.min(a, b), moving: Math.max(a, b) }, others: spans.slice(0, -1) };
  }

  clear(column: Column): void {
    this.selection.setRange(column.key, []);
    this.selection.said.value = `no range of ${column.name}: ${this.passing}`;
  }

  flip(column: Column): void {
    const { flipped } = this.axes.state;
    flipped.value = toggled(flipped.value, column.key);
  }

  turnLog(column: Column): void {
    const { unnatural } = this.axes.state;
    const { said } = this.selection;
    const turned = toggled(unnatural.peek(), column.key);
    if (column.isChoice || !Number.isFinite(column.positive)) said.value = `${column.name} has no value above 0 to be drawn along a logarithm`;
    else [unnatural.value, said.value] = [turned, `${column.name} ${isLogAxis(column, turned.has(column.key)) ? "logarithmic" : "linear"}`];
  }

  private get passing(): string {
    return `${this.selection.passing.value} of ${this.data.trials.size} trials`;
  }
}
