/** The name of an axis: dragged, it moves the axis, and keys on it do what the pointer does elsewhere. */
import { useEffect, useRef } from "preact/hooks";
import { scaled } from "../app/text-size";
import type { Column } from "../data/columns";
import type { AxisKeys } from "./axis-moves";
import { font } from "./axes";
import type { ParallelAxes } from "./parallel-axes";

let ruler: CanvasRenderingContext2D | null = null;

/** Pixels that a name needs, with what stands around it. */
function widthOf(name: string): number {
  ruler ??= document.createElement("canvas").getContext("2d")!;
  ruler.font = `600 ${font()}`;
  return ruler.measureText(name).width + scaled(30);
}

/** `at`: which axis it is, from the left. */
export function AxisName({ column, at, axes, keys }: { column: Column; at: number; axes: ParallelAxes; keys: AxisKeys }) {
  const start = useRef<{ x: number; at: number; hasMoved: boolean } | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isMovedByKey = useRef(false);
  const x = axes.x(column, at);
  const name = axes.nameOf(column, at, widthOf(column.name));
  const isFlipped = axes.state.flipped.value.has(column.key);
  useEffect(() => {
    // An element that is put elsewhere loses the focus.
    if (isMovedByKey.current) button.current?.focus();
    isMovedByKey.current = false;
  }, [x]);
  const to = (event: PointerEvent) => start.current!.at + event.clientX - start.current!.x;
  return (
    <button
      ref={button}
      class="axis-name"
      style={{ left: `${name.x}px`, maxWidth: `${name.most}px` }}
      title={`${column.name}: drag to move; click to invert; keys: ← → move, ↑ ↓ a range (Shift: its end, n: another, Esc: none), i inverts, l logarithmic`}
      aria-label={`Axis ${column.name}${isFlipped ? ", inverted" : ""}. Left and right move it, up and down move a range along it, with Shift the range's end; n begins another range, Escape takes them away; i inverts it, l makes it logarithmic.`}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, at: x, hasMoved: false };
      }}
      onPointerMove={(event) => {
        event.stopPropagation();
        if (!start.current) return;
        if (Math.abs(event.clientX - start.current.x) > 4) start.current.hasMoved = true;
        if (start.current.hasMoved) axes.moving.value = { key: column.key, x: to(event) };
      }}
      onPointerUp={(event) => {
        event.stopPropagation();
        if (start.current?.hasMoved) {
          axes.moving.value = null;
          keys.move(column.key, axes.nearestAt(to(event)) - at);
        } else keys.flip(column);
        start.current = null;
      }}
      onPointerCancel={() => (start.current = axes.moving.value = null)}
      onKeyDown={(event) => {
        const act = actOf(event, column, keys, () => (isMovedByKey.current = true));
        if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        act();
      }}
    >
      {column.name} {isFlipped ? "↓" : ""}
    </button>
  );
}

/** What a key does; undefined: it is no key of an axis. */
function actOf(event: KeyboardEvent, column: Column, keys: AxisKeys, beforeMove: () => void): (() => void) | undefined {
  const move = (by: number) => (beforeMove(), keys.move(column.key, by));
  const range = (direction: number, isAnother = false) => keys.range(column, direction, event.shiftKey, isAnother);
  const [clear, flip] = [() => keys.clear(column), () => keys.flip(column)];
  return {
    ArrowLeft: () => move(-1), ArrowRight: () => move(1), ArrowUp: () => range(1), ArrowDown: () => range(-1), n: () => range(1, true),
    Escape: clear, Delete: clear, i: flip, Enter: flip, l: () => keys.turnLog(column),
  }[event.key];
}
