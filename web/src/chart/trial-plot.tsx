/** A plot of trials: what is under the pointer is hovered everywhere, a click chooses it, keys go from trial to trial. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { MARKS, type Palette } from "./colour";
import { type Context, type Paint, Plot, type Size } from "./plot";
import { type Detail, type TipPlace, TrialTip, trialWords } from "./tip";

/** Pixels that a pointer may tremble without dragging. */
const TREMBLE = 5;

export interface Place {
  x: number;
  y: number;
}

export interface Drag {
  /** Whether there is something to drag at a place; everywhere where it is left out. */
  begin?: (from: Place, size: Size, event: PointerEvent) => boolean;
  move: (from: Place, to: Place, size: Size) => void;
  /** Whether that was all: a press that did not move and is not used up chooses what is under it. */
  end: (from: Place, to: Place, size: Size, hasMoved: boolean) => boolean;
  /** The browser took the pointer away, such as a finger that scrolls the page. */
  cancel?: () => void;
}

export interface TrialPlotProps {
  data: SweepData;
  selection: Selection;
  height: number;
  label: string;
  paint: Paint;
  /** Reads the signals that make `paint` run again. */
  watch: () => void;
  /** Draws a trial that is hovered or chosen over the rest. Must not change while the plot stands. */
  mark: (context: Context, trial: number, colour: string, size: Size, colours: Palette) => void;
  /** What else lies over the rest, such as what is being dragged, and the signals that it reads. */
  over?: Paint;
  watchOver?: () => void;
  /** The trial at a place; null: none. */
  find: (at: Place, size: Size) => number | null;
  /** What its tip says of the place, too. */
  detail?: (trial: number, at: Place, size: Size) => Detail | null;
  drag?: Drag;
  cursor?: string;
  hasFinger?: boolean;
  /** By Escape and by a double click. */
  reset?: () => void;
  /** Whether the key was used up. */
  onKey?: (event: KeyboardEvent, size: Size) => boolean;
  onZoom?: (x: number, y: number, size: Size, factor: number) => void;
  children?: ComponentChildren;
}

export function TrialPlot(props: TrialPlotProps) {
  const { data, selection } = props;
  const tip = useSignal<TipPlace>(null);
  const pressed = useRef<{ from: Place; isDrag: boolean; hasMoved: boolean } | null>(null);
  const { over, overWatch } = useMemo(() => layerOver(props), [data, selection]);
  const hover = (at: Place, size: Size) => {
    const found = props.find(at, size);
    selection.hovered.value = found;
    tip.value = found === null ? null : { ...at, detail: props.detail?.(found, at, size) };
  };
  const onMove = (x: number, y: number, size: Size) => {
    const held = pressed.current;
    if (held) held.hasMoved ||= Math.hypot(x - held.from.x, y - held.from.y) > TREMBLE;
    if (held?.isDrag) props.drag!.move(held.from, { x, y }, size);
    else hover({ x, y }, size);
  };
  const onDown = (x: number, y: number, size: Size, event: PointerEvent) => {
    // A finger hovers nothing before it presses.
    if (event.pointerType !== "mouse") hover({ x, y }, size);
    const from = { x, y };
    pressed.current = { from, isDrag: props.drag ? (props.drag.begin?.(from, size, event) ?? true) : false, hasMoved: false };
  };
  const onUp = (x: number, y: number, size: Size, event: PointerEvent) => {
    const held = pressed.current;
    pressed.current = null;
    if (!held) return;
    if (held.isDrag && props.drag!.end(held.from, { x, y }, size, held.hasMoved)) return;
    if (!held.hasMoved && selection.hovered.value !== null)
      selection.toggle(selection.hovered.value, event.shiftKey || event.ctrlKey || event.metaKey);
  };
  const reset = props.reset ?? (() => {});
  return (
    <Plot
      height={props.height}
      label={props.label}
      paint={props.paint}
      watch={props.watch}
      over={over}
      watchOver={overWatch}
      cursor={props.cursor}
      hasFinger={props.hasFinger}
      onMove={onMove}
      onDown={onDown}
      onUp={onUp}
      onCancel={() => {
        pressed.current = null;
        props.drag?.cancel?.();
      }}
      onLeave={(event) => {
        // A finger leaves with each touch: what it pointed at stays, to be read.
        if (event?.pointerType === "touch") return;
        selection.hovered.value = null;
        tip.value = null;
      }}
      onDouble={reset}
      onZoom={props.onZoom}
      onKey={(event, size) => {
        if (props.onKey?.(event, size)) return event.preventDefault();
        if (!stepThrough(event, data, selection, reset)) return;
        event.preventDefault();
        tip.value = selection.hovered.value === null ? null : "corner";
      }}
    >
      {props.children}
      <TrialTip data={data} selection={selection} at={tip} />
    </Plot>
  );
}

/** Chosen trials under the hovered one, under what is dragged. */
function layerOver({ selection, mark, over, watch, watchOver }: TrialPlotProps): { over: Paint; overWatch: () => void } {
  return {
    over: (context, size, colours) => {
      for (const [at, trial] of [...selection.chosen.value].entries()) mark(context, trial, colours.marks[at % MARKS], size, colours);
      const hovered = selection.hovered.value;
      if (hovered !== null) mark(context, hovered, colours.ink, size, colours);
      over?.(context, size, colours);
    },
    overWatch: () => {
      watch();
      selection.hovered.value;
      selection.chosen.value;
      watchOver?.();
    },
  };
}

/** A rectangle that is being dragged. */
export function drawBand(context: Context, band: { from: Place; to: Place } | null, colours: Palette): void {
  if (!band) return;
  const { from, to } = band;
  context.fillStyle = colours.accent;
  context.globalAlpha = 0.12;
  context.fillRect(Math.min(from.x, to.x), Math.min(from.y, to.y), Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  context.globalAlpha = 1;
}

/** The trial whose dot is nearest to a place, of those that pass the filter. */
export function nearestDot(data: SweepData, selection: Selection, x: (row: number) => number, y: (row: number) => number, at: Place): number | null {
  const mask = selection.mask.peek();
  let [best, found]: [number, number | null] = [18, null];
  for (let row = 0; row < mask.length; row += 1) {
    if (!mask[row]) continue;
    const far = Math.hypot(x(row) - at.x, y(row) - at.y);
    if (far < best) [best, found] = [far, data.trials.number[row]];
  }
  return found;
}

/** What became of a trial that was chosen or let go of. */
export const chosenWords = ({ chosen }: Selection, trial: number): string =>
  `${chosen.peek().has(trial) ? "chosen" : "let go of"}, ${chosen.peek().size} chosen in all`;

/** Arrow keys go from trial to trial, best first; Enter chooses, Escape lets go. Whether the key was one of these. */
function stepThrough(event: KeyboardEvent, data: SweepData, selection: Selection, reset: () => void): boolean {
  const move = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (event.key === "Enter" || event.key === " ") {
    if (selection.hovered.value === null) return true;
    selection.toggle(selection.hovered.value);
    selection.said.value = `trial ${selection.hovered.value} ${chosenWords(selection, selection.hovered.value)}`;
  } else if (event.key === "Escape") {
    reset();
    selection.choose([]);
    selection.said.value = "no trial chosen, all is shown";
  } else if (move) {
    const sign = data.head.value?.metric?.goal === "minimize" ? 1 : -1;
    const rows = [...data.trials.number.keys()].filter((row) => selection.mask.value[row]);
    const missing = sign * Infinity;
    rows.sort((a, b) => sign * ((data.trials.best[a] ?? missing) - (data.trials.best[b] ?? missing)) || a - b);
    const order = rows.map((row) => data.trials.number[row]);
    const at = order.indexOf(selection.hovered.value ?? -1);
    selection.hovered.value = order[at < 0 ? 0 : (at + move + order.length) % order.length] ?? null;
    if (selection.hovered.value !== null) selection.said.value = trialWords(data, selection.hovered.value);
  } else return false;
  return true;
}
