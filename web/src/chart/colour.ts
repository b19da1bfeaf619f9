/**
 * Colours of the charts. The ramp runs from pale to strong and its lightness only ever falls (in the dark theme: rises), so
 * that it reads the same with any kind of colour blindness, and in grey.
 */
import { computed, type ReadonlySignal } from "@preact/signals";
import { colourBearer, theme } from "../app/theme";
import type { SweepData } from "../data/sweep";

const LIGHT = ["#cfd9bf", "#a9cdb9", "#7dbfb6", "#4ea9b4", "#2b8cab", "#1f6d9c", "#244c83", "#1f2f63"];
const DARK = ["#2c3a5c", "#2f5378", "#2f6f8d", "#3a8c98", "#57a999", "#86c596", "#c0dd94", "#f4f0a0"];
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
  ramp: string[];
}

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
    };
    palettes.set(name, found);
  }
  return found;
}

/** Step of the ramp for each row: how well its trial did among all, by rank, so that outliers take no colours away. */
export function rankSteps(values: readonly (number | null)[], sign: number): Int8Array {
  const steps = new Int8Array(values.length).fill(-1);
  const rows = Array.from(values.keys()).filter((row) => values[row] !== null && Number.isFinite(values[row]));
  rows.sort((a, b) => sign * (values[a]! - values[b]!));
  for (let first = 0; first < rows.length; ) {
    let end = first + 1;
    while (end < rows.length && values[rows[end]] === values[rows[first]]) end += 1;
    // Equal values have one colour; where all are equal, none is worse than another.
    const part = end - first === rows.length ? 1 : (first + end - 1) / 2 / (rows.length - 1);
    for (; first < end; first += 1) steps[rows[first]] = Math.round(part * (STEPS - 1));
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

const ranked = new WeakMap<SweepData, ReadonlySignal<Int8Array>>();

/** The steps of a sweep's trials by their best values: one for all of its charts. */
export function ranksOf(data: SweepData): ReadonlySignal<Int8Array> {
  let found = ranked.get(data);
  if (!found) {
    found = computed(() => (data.version.value, rankSteps(data.trials.best, data.metric.value?.goal === "minimize" ? -1 : 1)));
    ranked.set(data, found);
  }
  return found;
}
