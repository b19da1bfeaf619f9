/**
 * Colours of the charts. The ramp runs from pale to strong and its lightness only ever falls (in the dark theme: rises), so
 * that it reads the same with any kind of colour blindness, and in grey.
 */
import { computed, type ReadonlySignal } from "@preact/signals";
import { colourBearer, theme } from "../app/theme";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";

const LIGHT = ["#8f9c7c", "#749b87", "#56978f", "#3a8c9b", "#297a9b", "#22648f", "#244c83", "#1c2a5c"];
const DARK = ["#5f6791", "#566f9b", "#4a7ea1", "#45909f", "#5baa99", "#86c596", "#c0dd94", "#f4f0a0"];
/** Of areas with a number in them: they begin at the paper. */
const LIGHT_SHADES = ["#cfd9bf", "#a9cdb9", "#7dbfb6", "#4ea9b4", "#2b8cab", "#1f6d9c", "#244c83", "#1f2f63"];
const DARK_SHADES = ["#2c3a5c", "#2f5378", "#2f6f8d", "#3a8c98", "#57a999", "#86c596", "#c0dd94", "#f4f0a0"];
/** Steps of the ramp: lines of one step are drawn in one stroke. */
export const STEPS = 24;

function channels(hex: string): number[] {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function ramp(stops: string[]): string[] {
  return Array.from({ length: STEPS }, (_, step) => {
    const place = (step / (STEPS - 1)) * (stops.length - 1);
    const left = Math.min(stops.length - 2, Math.floor(place));
    const part = place - left;
    const [from, to] = [channels(stops[left]), channels(stops[left + 1])];
    return `rgb(${from.map((value, at) => Math.round(value + (to[at] - value) * part)).join(",")})`;
  });
}

export interface Palette {
  ink: string;
  ink2: string;
  ink3: string;
  line: string;
  paper: string;
  accent: string;
  stopped: string;
  failed: string;
  running: string;
  good: string;
  idle: string;
  /** Of lines and points: the palest have a contrast of 3 to 1, about, to the paper. */
  ramp: string[];
  /** Of areas with a number in them. */
  shades: string[];
  /** Of chosen trials, in turn; none of them is like one of the ramp's. */
  marks: string[];
}

/** Chosen trials that have a colour of their own. */
export const MARKS = 4;

const palettes = new Map<string, Palette>();

/** The colours of the theme that is on; whoever paints with it is painted again when it changes. */
export function palette(): Palette {
  const name = theme.value;
  let found = palettes.get(name);
  if (!found) {
    const style = getComputedStyle(colourBearer());
    const read = (variable: string) => style.getPropertyValue(`--${variable}`).trim();
    found = {
      ink: read("ink"),
      ink2: read("ink-2"),
      ink3: read("ink-3"),
      line: read("line"),
      paper: read("raised"),
      accent: read("accent"),
      stopped: read("stopped"),
      failed: read("failed"),
      running: read("running"),
      good: read("good"),
      idle: read("idle"),
      ramp: ramp(name === "dark" ? DARK : LIGHT),
      shades: ramp(name === "dark" ? DARK_SHADES : LIGHT_SHADES),
      marks: Array.from({ length: MARKS }, (_, at) => read(`mark-${at}`)),
    };
    palettes.set(name, found);
  }
  return found;
}

/**
 * Step of the ramp for each row: how well its trial did among all, by rank, so that outliers take no colours away.
 *
 * mask: rows that are 0 in it are left out. isBest: of a result, of which the best are to be told apart: they have more of the
 * ramp, the best twentieth more than a third (the cube root of the part of trials that are better).
 */
export function rankSteps(values: readonly (number | null)[], sign: number, { mask, isBest = false }: { mask?: Uint8Array; isBest?: boolean } = {}): Int8Array {
  const steps = new Int8Array(values.length).fill(-1);
  const rows = Array.from(values.keys()).filter((row) => values[row] !== null && Number.isFinite(values[row]) && mask?.[row] !== 0);
  rows.sort((a, b) => sign * (values[b]! - values[a]!));
  const most = rows.length - 1;
  for (let first = 0; first < rows.length; ) {
    let end = first + 1;
    while (end < rows.length && values[rows[end]] === values[rows[first]]) end += 1;
    // Equal values have one colour; where all are equal, none is worse than another.
    const rank = end - first === rows.length ? 0 : (first + end - 1) / 2;
    const behind = (rank / (most || 1)) ** (isBest ? 1 / 3 : 1);
    for (; first < end; first += 1) steps[rows[first]] = Math.round((1 - behind) * (STEPS - 1));
  }
  return steps;
}

/** In place of a step: what does not pass the filter. */
export const OUT = -2;

/** What is to be drawn by its step, the worst first, so that the best lies on top. */
export function byStep<T>(all: Iterable<T>, stepOf: (each: T) => number): [number, T[]][] {
  const groups = new Map<number, T[]>();
  for (const each of all) {
    const step = stepOf(each);
    const group = groups.get(step);
    if (group) group.push(each);
    else groups.set(step, [each]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

const ranked = new WeakMap<Selection, ReadonlySignal<Int8Array>>();

/** The steps of the trials that pass the filter by their best values: one for all charts of a sweep. */
export function ranksOf(data: SweepData, selection: Selection): ReadonlySignal<Int8Array> {
  let found = ranked.get(selection);
  if (!found) {
    const sign = () => (data.metric.value?.goal === "minimize" ? -1 : 1);
    found = computed(() => (data.version.value, rankSteps(data.trials.best, sign(), { mask: selection.mask.value, isBest: true })));
    ranked.set(selection, found);
  }
  return found;
}
