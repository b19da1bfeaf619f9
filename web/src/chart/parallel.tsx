/**
 * Parallel coordinates: a line per trial across all axes. Drag an axis's name to move it, drag along the axis to choose a
 * range (again for another one), click a range to take it away. Keys do the same on the name of an axis.
 */
import { computed, type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { type Column, columnsOf, domainOf, isLogAxis, joined, snapped, spanText } from "../data/columns";
import type { Kept } from "../data/kept";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { type KeyRange, pressed } from "./axis-range";
import { FONT, type Scale, scaleOf, ticksOf } from "./axes";
import { type Palette, ranksOf, STEPS } from "./colour";
import type { Context, Paint, Size } from "./plot";
import { type Drag, type Place, TrialPlot } from "./trial-plot";

const TOP = 34;
const BOTTOM = 14;
const SIDE = 66;
/** Pixels beside an axis in which a drag chooses a range. */
const GRIP = 16;
/** The part of an axis by which a key moves a range. */
const STEP = 0.05;

export interface AxisState {
  /** Keys in their order from left to right. */
  order: Kept<string[] | null>;
  flipped: Kept<ReadonlySet<string>>;
  /** Axes whose scale is not their natural one. */
  unnatural: Kept<ReadonlySet<string>>;
}

interface Placed {
  column: Column;
  x: number;
  y: Scale;
  /** Row → place on the axis; NaN where it has none. */
  places: Float32Array;
}

/** The columns in their order: those that were chosen, or the hyperparameters and the best value. */
export function axesOf(data: SweepData, order: string[] | null): Column[] {
  const all = columnsOf(data);
  const chosen = order?.flatMap((key) => all.find((column) => column.key === key) ?? []) ?? [];
  return chosen.length ? chosen : all.filter((column) => column.key.startsWith("param:") || column.key === "best");
}

export function ParallelChart(props: { data: SweepData; selection: Selection; axes: AxisState; height: number }) {
  const { data, selection, axes } = props;
  const dragged = useSignal<{ key: string; from: number; to: number } | null>(null);
  const moving = useSignal<{ key: string; x: number } | null>(null);
  const width = useSignal(0);

  const columns: ReadonlySignal<Column[]> = useMemo(() => computed(() => axesOf(data, axes.order.value)), [data]);
  const steps = ranksOf(data);
  const held = useRef(new Map<string, { made: Column; height: number; isLog: boolean; isFlipped: boolean; y: Scale; places: Float32Array }>());
  /** Scale and places of an axis, made anew only when its column, its scale or its length changed. */
  const scaled = (column: Column, height: number) => {
    const isLog = isLogAxis(column, axes.unnatural.peek().has(column.key));
    const isFlipped = axes.flipped.peek().has(column.key);
    const found = held.current.get(column.key);
    if (found && found.made === column && found.height === height && found.isLog === isLog && found.isFlipped === isFlipped) return found;
    const ends: [number, number] = isFlipped ? [TOP, height - BOTTOM] : [height - BOTTOM, TOP];
    const [low, high] = domainOf(column, isLog);
    const y = scaleOf(low, high, ends[0], ends[1], isLog);
    const places = Float32Array.from({ length: data.trials.size }, (_, row) => y(column.position(row)));
    const made = { made: column, height, isLog, isFlipped, y, places };
    held.current.set(column.key, made);
    return made;
  };
  const place = (size: Size): Placed[] => {
    const all = columns.peek();
    const gap = all.length > 1 ? (size.width - 2 * SIDE) / (all.length - 1) : 0;
    return all.map((column, at) => {
      const shift = moving.peek()?.key === column.key ? moving.peek()!.x : SIDE + at * gap;
      const { y, places } = scaled(column, size.height);
      return { column, x: shift, y, places };
    });
  };
  const path = (context: Context, placed: Placed[], row: number) => {
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
  };
  const paint = useMemo<Paint>(
    () =>
      function* (context, size, colours) {
        width.value = size.width;
        const placed = place(size);
        const mask = selection.mask.peek();
        const groups = new Map<number, number[]>();
        for (let row = 0; row < data.trials.size; row += 1) {
          const step = mask[row] ? steps.peek()[row] : -2;
          const group = groups.get(step);
          if (group) group.push(row);
          else groups.set(step, [row]);
        }
        const many = selection.passing.peek();
        context.lineJoin = "round";
        for (const step of [...groups.keys()].sort((a, b) => a - b)) {
          context.lineWidth = many > 400 ? 1 : 1.4;
          context.strokeStyle = step < 0 ? colours.line : colours.ramp[step];
          context.globalAlpha = step === -2 ? 0.35 : opacity(step, many);
          const rows = groups.get(step)!;
          for (let first = 0; first < rows.length; first += 250) {
            context.beginPath();
            for (const row of rows.slice(first, first + 250)) path(context, placed, row);
            context.stroke();
            yield;
          }
        }
        context.globalAlpha = 1;
      },
    [data, selection],
  );
  const watch = useMemo(
    () => () => {
      columns.value;
      steps.value;
      selection.mask.value;
      axes.flipped.value;
      axes.unnatural.value;
      moving.value;
    },
    [data, selection],
  );
  const mark = (context: Context, trial: number, colour: string, size: Size, colours: Palette) => {
    const row = data.trials.rowOf(trial);
    if (row < 0) return;
    context.beginPath();
    path(context, place(size), row);
    context.lineJoin = "round";
    context.strokeStyle = colours.paper;
    context.lineWidth = 5.2;
    context.stroke();
    context.strokeStyle = colour;
    context.lineWidth = 2.2;
    context.stroke();
  };
  // Over all lines, also over those that are chosen: what an axis says can always be read.
  const over: Paint = (context, size, colours) => {
    const range = dragged.value;
    for (const axis of place(size)) {
      const spans = selection.ranges.value[axis.column.key] ?? [];
      const dragging = range?.key === axis.column.key ? [spanOf(axis, range.from, range.to)] : [];
      drawAxis(context, axis, size, colours, [...spans, ...dragging]);
    }
  };
  const axisAt = (x: number, size: Size) => place(size).find((each) => Math.abs(each.x - x) < GRIP);
  const along = (y: number, size: Size) => Math.max(TOP, Math.min(size.height - BOTTOM, y));
  const drag: Drag = {
    begin: (from, size) => axisAt(from.x, size) !== undefined,
    move: (from, to, size) => {
      const axis = axisAt(from.x, size);
      if (axis) dragged.value = { key: axis.column.key, from: along(from.y, size), to: along(to.y, size) };
    },
    cancel: () => (dragged.value = null),
    end: (from, to, size, hasMoved) => {
      dragged.value = null;
      const axis = axisAt(from.x, size);
      if (!axis) return false;
      const spans = selection.ranges.value[axis.column.key] ?? [];
      if (hasMoved) {
        selection.setRange(axis.column.key, joined([...spans, spanOf(axis, along(from.y, size), along(to.y, size))]));
        return true;
      }
      const at = axis.y.invert(along(to.y, size));
      const kept = spans.filter(([low, high]) => at < low || at > high);
      if (kept.length === spans.length) return false;
      selection.setRange(axis.column.key, kept);
      return true;
    },
  };
  const moveAxis = (key: string, by: number) => {
    const keys = columns.value.map((column) => column.key);
    const at = keys.indexOf(key);
    const to = Math.max(0, Math.min(keys.length - 1, at + by));
    keys.splice(to, 0, ...keys.splice(at, 1));
    axes.order.value = keys;
    selection.said.value = `${columns.value[to].name} is axis ${to + 1} of ${keys.length}`;
  };
  /** The range that keys move, the other ones of its axis, and what both made. */
  const keyed = useRef<{ key: string; range: KeyRange; others: [number, number][]; made: [number, number][] } | null>(null);
  const rangeBy = (column: Column, direction: number, isExtended: boolean, isAnother: boolean) => {
    const { y } = scaled(column, props.height);
    const [bottom, length] = [props.height - BOTTOM, props.height - BOTTOM - TOP];
    const spans = selection.ranges.peek()[column.key] ?? [];
    let from = keyed.current?.key === column.key && keyed.current.made === spans ? keyed.current : null;
    if (isAnother || !spans.length) from = null;
    else if (!from) {
      const [a, b] = spans.at(-1)!.map((value) => (bottom - y(value)) / length);
      from = { key: column.key, range: { fixed: Math.min(a, b), moving: Math.max(a, b) }, others: spans.slice(0, -1), made: spans };
    }
    const step = column.isChoice ? 1 / column.labels.length : STEP;
    const range = pressed(from?.range ?? null, direction * step, isExtended, column.isChoice ? step : 4 * STEP);
    const ends = [range.fixed, range.moving].map((part) => y.invert(bottom - part * length));
    const span: [number, number] = [Math.min(...ends), Math.max(...ends)];
    const others = from?.others ?? spans;
    const made = [...others, span];
    keyed.current = { key: column.key, range, others, made };
    selection.setRange(column.key, made);
    selection.said.value = `${column.name} ${spanText(column, span)}: ${selection.passing.value} of ${data.trials.size} trials`;
  };
  const turnLog = (column: Column) => {
    const turned = flipped(axes.unnatural.peek(), column.key);
    if (column.isChoice || !Number.isFinite(column.positive)) selection.said.value = `${column.name} has no value above 0 to be drawn along a logarithm`;
    else [axes.unnatural.value, selection.said.value] = [turned, `${column.name} ${isLogAxis(column, turned.has(column.key)) ? "logarithmic" : "linear"}`];
  };
  const clearRanges = (column: Column) => {
    selection.setRange(column.key, []);
    selection.said.value = `no range of ${column.name}: ${selection.passing.value} of ${data.trials.size} trials`;
  };
  const placeOf = (column: Column, at: number) =>
    moving.value?.key === column.key ? moving.value.x : SIDE + (columns.value.length > 1 ? (at * (width.value - 2 * SIDE)) / (columns.value.length - 1) : 0);
  return (
    <div class="parallel-frame" tabIndex={0} role="region" aria-label="All axes">
      <div class="parallel" style={{ minWidth: `${columns.value.length * 92}px` }}>
        <TrialPlot
          data={data}
          selection={selection}
          height={props.height}
          label={`${data.trials.size} trials over ${columns.value.length} axes, a line each`}
          paint={paint}
          watch={watch}
          mark={mark}
          over={over}
          watchOver={() => (dragged.value, selection.ranges.value, undefined)}
          cursor="crosshair"
          find={(at, size) => nearestRow(place(size), data, selection, at)}
          drag={drag}
          reset={() => (selection.ranges.value = {})}
        >
          {columns.value.map((column, at) => (
            <span key={`grip ${column.key}`} class="axis-grip" style={{ left: `${placeOf(column, at)}px` }} />
          ))}
          {columns.value.map((column, at) => (
            <AxisName
              key={column.key}
              column={column}
              x={placeOf(column, at)}
              room={columns.value.length > 1 ? (width.value - 2 * SIDE) / (columns.value.length - 1) : 2 * SIDE}
              isFlipped={axes.flipped.value.has(column.key)}
              onDrag={(x) => (moving.value = { key: column.key, x })}
              onDrop={(x) => {
                moving.value = null;
                const gap = (width.value - 2 * SIDE) / Math.max(1, columns.value.length - 1);
                moveAxis(column.key, Math.round((x - SIDE) / gap) - at);
              }}
              onMove={(by) => moveAxis(column.key, by)}
              onRange={(direction, isExtended, isAnother) => rangeBy(column, direction, isExtended, isAnother)}
              onClear={() => clearRanges(column)}
              onFlip={() => (axes.flipped.value = flipped(axes.flipped.value, column.key))}
              onLog={() => turnLog(column)}
            />
          ))}
        </TrialPlot>
      </div>
    </div>
  );
}

function AxisName(props: {
  column: Column;
  x: number;
  /** Pixels from one axis to the next. */
  room: number;
  isFlipped: boolean;
  onDrag: (x: number) => void;
  onDrop: (x: number) => void;
  onMove: (by: number) => void;
  onRange: (direction: number, isExtended: boolean, isAnother: boolean) => void;
  onClear: () => void;
  onFlip: () => void;
  onLog: () => void;
}) {
  const start = useRef<{ x: number; at: number; hasMoved: boolean } | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isMovedByKey = useRef(false);
  useEffect(() => {
    // An element that is put elsewhere loses the focus.
    if (isMovedByKey.current) button.current?.focus();
    isMovedByKey.current = false;
  }, [props.x]);
  const to = (event: PointerEvent) => start.current!.at + event.clientX - start.current!.x;
  return (
    <button
      ref={button}
      class="axis-name"
      style={{ left: `${props.x}px`, maxWidth: `${Math.max(40, Math.min(144, props.room) - 4)}px` }}
      title={`${props.column.name}: drag to move; click to turn over; keys: ← → move, ↑ ↓ a range (Shift: its end, n: another, Esc: none), i turns over, l logarithmic`}
      aria-label={`Axis ${props.column.name}${props.isFlipped ? ", turned over" : ""}. Left and right move it, up and down move a range along it, with Shift the range's end; n begins another range, Escape takes them away; i turns it over, l makes it logarithmic.`}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, at: props.x, hasMoved: false };
      }}
      onPointerMove={(event) => {
        event.stopPropagation();
        if (!start.current) return;
        if (Math.abs(event.clientX - start.current.x) > 4) start.current.hasMoved = true;
        if (start.current.hasMoved) props.onDrag(to(event));
      }}
      onPointerUp={(event) => {
        event.stopPropagation();
        if (start.current?.hasMoved) props.onDrop(to(event));
        else props.onFlip();
        start.current = null;
      }}
      onKeyDown={(event) => {
        const move = (by: number) => ((isMovedByKey.current = true), props.onMove(by));
        const range = (direction: number, isAnother = false) => props.onRange(direction, event.shiftKey, isAnother);
        const act = {
          ArrowLeft: () => move(-1), ArrowRight: () => move(1), ArrowUp: () => range(1), ArrowDown: () => range(-1), n: () => range(1, true),
          Escape: props.onClear, Delete: props.onClear, i: props.onFlip, Enter: props.onFlip, l: props.onLog,
        }[event.key];
        if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        act();
      }}
    >
      {props.column.name} {props.isFlipped ? "↓" : ""}
    </button>
  );
}

export function flipped(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const changed = new Set(set);
  if (!changed.delete(key)) changed.add(key);
  return changed;
}

/** The more lines there are, the more the worse ones fade, so that the best can be followed. */
function opacity(step: number, many: number): number {
  const power = Math.max(2, Math.min(6, 2 * Math.log10(many)));
  return Math.min(1, Math.max(0.12, 0.9 * (step / STEPS) ** power) + 15 / many);
}

function drawAxis(context: Context, axis: Placed, size: Size, colours: Palette, ranges: [number, number][]): void {
  const x = Math.round(axis.x) + 0.5;
  context.strokeStyle = colours.ink3;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, TOP);
  context.lineTo(x, size.height - BOTTOM);
  context.stroke();
  context.font = FONT;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const { column, y } = axis;
  for (const [low, high] of ranges) drawRange(context, axis.x, y(low), y(high), colours);
  const ticks = column.isChoice ? column.labels.map((_, at) => at) : ticksOf(y, 5, column.isWhole);
  const step = Math.ceil(ticks.length / 18);
  for (const tick of ticks.filter((_, at) => at % step === 0)) {
    const at = y(tick);
    const text = column.tick(tick);
    context.fillStyle = colours.paper;
    context.globalAlpha = 0.9;
    context.fillRect(x + 4, at - 7.5, context.measureText(text).width + 6, 15);
    context.globalAlpha = 1;
    context.fillStyle = colours.ink;
    context.fillText(text, x + 7, at);
    context.fillStyle = colours.ink3;
    context.fillRect(x - 3, Math.round(at), 6, 1);
  }
}

/** The range between two places on an axis. */
function spanOf({ column, y }: Placed, from: number, to: number): [number, number] {
  const [a, b] = [y.invert(from), y.invert(to)];
  return snapped(column, [Math.min(a, b), Math.max(a, b)]);
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

/** The trial whose line passes nearest to a place between two axes. */
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
