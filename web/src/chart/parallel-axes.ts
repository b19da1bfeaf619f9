/** The axes of parallel coordinates: which there are, where they stand, and where each trial lies on them. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { scaled } from "../app/text-size";
import { type Column, columnsOf, domainOf, isLogAxis, snapped } from "../data/columns";
import type { Kept } from "../data/kept";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { type Scale, scaleOf } from "./axes";
import type { Size } from "./plot";
import type { Place } from "./trial-plot";

export const topOf = () => scaled(34);
export const bottomOf = () => scaled(14);
const sideOf = () => scaled(66);
/** Pixels beside an axis in which a drag chooses a range. */
const GRIP = 16;

export interface AxisState {
  /** Keys in their order from left to right. */
  order: Kept<string[] | null>;
  flipped: Kept<ReadonlySet<string>>;
  /** Axes whose scale is not their natural one. */
  unnatural: Kept<ReadonlySet<string>>;
}

export interface Placed {
  column: Column;
  x: number;
  y: Scale;
  /** Row → place on the axis; NaN where it has none. */
  places: Float32Array;
}

interface Scaled {
  column: Column;
  height: number;
  isLog: boolean;
  isFlipped: boolean;
  y: Scale;
  places: Float32Array;
}

/** The columns in their order: those that were chosen, or the hyperparameters and the best value. */
export function axesOf(data: SweepData, order: string[] | null): Column[] {
  const all = columnsOf(data);
  const chosen = order?.flatMap((key) => all.find((column) => column.key === key) ?? []) ?? [];
  return chosen.length ? chosen : all.filter((column) => column.key.startsWith("param:") || column.key === "best");
}

export class ParallelAxes {
  readonly columns: ReadonlySignal<Column[]>;
  /** The axis that is being moved, and where it is meanwhile. */
  readonly moving = signal<{ key: string; x: number } | null>(null);
  /** Pixels of the plot when it was drawn last. */
  readonly width = signal(0);
  private readonly held = new Map<string, Scaled>();

  constructor(
    private readonly data: SweepData,
    readonly state: AxisState,
  ) {
    this.columns = computed(() => axesOf(data, state.order.value));
  }

  /** Pixels from one axis to the next. */
  gap(width = this.width.value): number {
    return (width - 2 * sideOf()) / Math.max(1, this.columns.value.length - 1);
  }

  /** Where the name of the axis that is `at` from the left has its middle, and how wide it may be, `wide` being what it needs. */
  nameOf(column: Column, at: number, wide: number): { x: number; most: number } {
    const [gap, last] = [this.gap(), this.columns.value.length - 1];
    const x = this.x(column, at);
    // The outer ones have the side for themselves, and half of the gap.
    const most = last < 1 ? this.width.value : at === 0 || at === last ? sideOf() + gap / 2 - 4 : gap - 4;
    const half = Math.min(wide, most) / 2;
    return { x: Math.max(half, Math.min(this.width.value - half, x)), most: Math.max(40, most) };
  }

  x(column: Column, at: number, width = this.width.value): number {
    const moving = this.moving.value;
    return moving?.key === column.key ? moving.x : sideOf() + at * this.gap(width);
  }

  /** Which axis, counted from the left, one would be that was let go there. */
  nearestAt(x: number): number {
    return Math.round((x - sideOf()) / this.gap());
  }

  /** Scale and places of an axis, made anew only when its column, its scale or its length changed. */
  scaled(column: Column, height: number): Scaled {
    const isLog = isLogAxis(column, this.state.unnatural.peek().has(column.key));
    const isFlipped = this.state.flipped.peek().has(column.key);
    const held = this.held.get(column.key);
    if (held?.column === column && held.height === height && held.isLog === isLog && held.isFlipped === isFlipped) return held;
    const ends: [number, number] = isFlipped ? [topOf(), height - bottomOf()] : [height - bottomOf(), topOf()];
    const [low, high] = domainOf(column, isLog);
    const y = scaleOf(low, high, ends[0], ends[1], isLog);
    const places = Float32Array.from({ length: this.data.trials.size }, (_, row) => y(column.position(row)));
    const made = { column, height, isLog, isFlipped, y, places };
    this.held.set(column.key, made);
    return made;
  }

  placed(size: Size): Placed[] {
    return this.columns.peek().map((column, at) => {
      const { y, places } = this.scaled(column, size.height);
      return { column, x: this.x(column, at, size.width), y, places };
    });
  }

  /** The axis that a drag from there is along. */
  near(x: number, size: Size): Placed | undefined {
    return this.placed(size).find((each) => Math.abs(each.x - x) < GRIP);
  }
}

export /** The range between two places on an axis. */
function spanOf({ column, y }: Placed, from: number, to: number): [number, number] {
  const [a, b] = [y.invert(from), y.invert(to)];
  return snapped(column, [Math.min(a, b), Math.max(a, b)]);
}

export /** The trial whose line passes nearest to a place between two axes. */
function nearestRow(placed: Placed[], data: SweepData, selection: Selection, { x, y }: Place): number | null {
  if (!placed.length) return null;
  const behind = placed.findIndex((each) => each.x >= x);
  // Beside the outer axes counts what lies on them.
  const right = behind < 0 ? placed.length - 1 : behind;
  const [a, b] = [placed[Math.max(0, right - 1)], placed[right]];
  const part = Math.max(0, Math.min(1, (x - a.x) / (b.x - a.x || 1)));
  const mask = selection.mask.peek();
  let [best, found]: [number, number | null] = [14, null];
  for (let row = 0; row < mask.length; row += 1) {
    if (!mask[row]) continue;
    const far = Math.abs(a.places[row] * (1 - part) + b.places[row] * part - y);
    if (far < best) [best, found] = [far, data.trials.number[row]];
  }
  return found;
}
