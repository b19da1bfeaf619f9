/** The columns that axes can show: hyperparameters, and what came of the trials. Each row has a position on the column. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { SweepData } from "./sweep";
import { showCount, showDuration, showNumber, showValue } from "./format";

export interface Column {
  key: string;
  name: string;
  /** A choice's positions are 0, 1, 2, … */
  isChoice: boolean;
  /** Whether a logarithmic axis is its natural one. */
  isLog: boolean;
  /** Whether what it counts has no halves: its axis has whole ticks alone. */
  isWhole: boolean;
  /** Least and greatest position; of a choice −0.5 and one half more than the last. */
  domain: [number, number];
  /** The least position above 0; Infinity where there is none, and of a choice. */
  positive: number;
  /** What stands at each position of a choice. */
  labels: string[];
  position: (row: number) => number;
  /** Where a value would lie; NaN where it is none of the column's. */
  place: (value: unknown) => number;
  show: (position: number) => string;
  /** The same as short as an axis needs it. */
  tick: (position: number) => string;
}

/** Characters of an option that stand beside an axis at most. */
const MOST = 14;

const LOGARITHMIC = new Set(["loguniform", "qloguniform", "lognormal", "qlognormal"]);

const made = new WeakMap<SweepData, ReadonlySignal<Column[]>>();

/** All columns, the hyperparameters first, in declared order. Made anew whenever trials have changed. */
export function columnsOf(data: SweepData): Column[] {
  const columns = made.get(data) ?? computed(() => makeColumns(data));
  made.set(data, columns);
  return columns.value;
}

function makeColumns(data: SweepData): Column[] {
  data.version.value;
  const { trials } = data;
  const space = data.space.value;
  if (!space) return [];
  const parameters = Object.entries(space).map(([name, expression]) => parameter(name, expression, trials.values[name] ?? []));
  const metric = data.metric.value?.name;
  return [
    ...parameters,
    ...(metric ? [numeric("best", `best ${metric}`, trials.best), numeric("last", `last ${metric}`, trials.last), { ...numeric("intervals", "intervals", trials.intervals), isWhole: true }] : []),
    { ...numeric("duration", "duration", trials.durationS), show: showDuration, tick: showDuration },
    { ...numeric("trial", "trial", trials.number), isWhole: true },
    ...(data.source.values ? (data.metrics.value ?? []).filter((name) => name !== metric).map((name) => logged(data, name)) : []),
  ];
}

export function columnOf(data: SweepData, key: string): Column | null {
  return columnsOf(data).find((column) => column.key === key) ?? null;
}

/** Whether a column's axis is logarithmic: by its nature, or (`isTurned`) against it; never where nothing lies above 0. */
export const isLogAxis = (column: Column, isTurned = false): boolean => column.isLog !== isTurned && Number.isFinite(column.positive);

/** What an axis reaches: a logarithmic one has no place for 0 and less. */
export const domainOf = (column: Column, isLog: boolean): [number, number] => [isLog ? column.positive : column.domain[0], column.domain[1]];

/** Which trials logarithmic axes have no place for, a sentence for each axis. */
export function offAxis(data: SweepData, columns: Column[]): string[] {
  return columns.flatMap((column) => {
    const count = column.domain[0] > 0 ? 0 : data.trials.number.filter((_, row) => column.position(row) <= 0).length;
    return count ? `${showCount(count, "trial")} with ${column.name} at or below 0 ${count === 1 ? "is" : "are"} not on its logarithmic axis.` : [];
  });
}

/** A range as it can be: of a choice the options that lie in it, or the one that is nearest to its middle. */
export function snapped(column: Column, [low, high]: [number, number]): [number, number] {
  if (!column.isChoice) return [low, high];
  const last = column.labels.length - 1;
  const within = (at: number) => Math.max(0, Math.min(last, at));
  const [first, end] = [within(Math.ceil(low)), within(Math.floor(high))];
  const middle = within(Math.round((low + high) / 2));
  return first <= end ? [first - 0.5, end + 0.5] : [middle - 0.5, middle + 0.5];
}

/** Ranges in their order, those in one that overlap. */
export function joined(spans: [number, number][]): [number, number][] {
  const found: [number, number][] = [];
  for (const [low, high] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && low < last[1]) last[1] = Math.max(last[1], high);
    else found.push([low, high]);
  }
  return found;
}

/** A range on a column in words. */
export const spanText = (column: Column, [low, high]: [number, number]): string =>
  column.isChoice ? column.labels.filter((_, at) => at >= low && at <= high).join(", ") || "no option" : `${column.show(low)} – ${column.show(high)}`;

/** For `Selection`: key → row → position. */
export function positionsOf(data: SweepData): (key: string) => ((row: number) => number) | null {
  return (key) => columnOf(data, key)?.position ?? null;
}

function parameter(name: string, expression: unknown[], values: unknown[]): Column {
  const key = `param:${name}`;
  const options = expression[0] === "choice" ? (expression[1] as unknown[][])[0] : null;
  if (!options) {
    const isWhole = values.every((value) => value === undefined || Number.isInteger(value));
    return { ...numeric(key, name, values as number[]), isLog: LOGARITHMIC.has(String(expression[0])), isWhole };
  }
  const all = [...(Array.isArray(options) ? options : []), ...values.filter((value) => value !== undefined)];
  const distinct = [...new Map(all.map((value) => [identity(value), value])).values()];
  const places = new Map(distinct.map((value, at) => [identity(value), at]));
  const short = distinct.map(showValue);
  // In full where two would look the same.
  const labels = new Set(short).size === short.length ? short : distinct.map((value) => (typeof value === "number" ? String(value) : showValue(value)));
  const ticks = shortened(labels);
  return {
    key,
    name,
    isChoice: true,
    isLog: false,
    isWhole: true,
    positive: Infinity,
    domain: [-0.5, Math.max(0.5, labels.length - 0.5)],
    labels,
    position: (row) => places.get(identity(values[row])) ?? NaN,
    place: (value) => places.get(identity(value)) ?? NaN,
    show: (position) => labels[Math.round(position)] ?? "",
    tick: (position) => ticks[Math.round(position)] ?? "",
  };
}

const clipped = (text: string) => (text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text);

/** Texts cut so that they fit beside an axis and still differ: what all of them begin with goes first. */
export function shortened(texts: string[]): string[] {
  if (texts.every((text) => text.length <= MOST)) return texts;
  let same = 0;
  while (texts.length > 1 && texts.every((text) => text.length > same + 1 && text[same] === texts[0][same])) same += 1;
  // Whole words: where numbers differ, all of their digits stay.
  same = texts[0].slice(0, same).search(/[\p{L}\p{N}]*$/u);
  const fromFront = texts.map((text) => clipped(same > 3 ? `…${text.slice(same)}` : text));
  if (new Set(fromFront).size === texts.length) return fromFront;
  return texts.map((text) => (text.length > MOST ? `…${text.slice(1 - MOST)}` : text));
}

/** What is the same for the same value, and for no other. */
const identity = (value: unknown): unknown => (typeof value === "object" && value !== null ? JSON.stringify(value) : value);

/** The last values of another metric: fetched only where somebody looks at them. */
function logged(data: SweepData, metric: string): Column {
  let made: Column | null = null;
  const column = () => (made ??= numeric(`metric:${metric}`, `last ${metric}`, data.valuesOf(metric)));
  return {
    ...numeric(`metric:${metric}`, `last ${metric}`, []),
    get domain() {
      return column().domain;
    },
    get positive() {
      return column().positive;
    },
    position: (row) => column().position(row),
  };
}

function numeric(key: string, name: string, values: readonly (number | null)[]): Column {
  let [low, high, positive] = [Infinity, -Infinity, Infinity];
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    if (value > 0 && value < positive) positive = value;
  }
  return {
    key,
    name,
    isChoice: false,
    isLog: false,
    isWhole: false,
    positive,
    domain: low <= high ? [low, high] : [0, 1],
    labels: [],
    position: (row) => values[row] ?? NaN,
    place: Number,
    show: showNumber,
    tick: showNumber,
  };
}
