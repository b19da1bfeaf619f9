/** The columns that axes can show: hyperparameters, and what came of the trials. Each row has a position on the column. */
import type { SweepData } from "./sweep";
import type { SweepHead } from "./types";
import { showDuration, showNumber, showValue } from "./format";

export interface Column {
  key: string;
  name: string;
  /** A choice's positions are 0, 1, 2, … */
  isChoice: boolean;
  /** Whether a logarithmic axis is its natural one. */
  isLog: boolean;
  /** Least and greatest position; of a choice −0.5 and one half more than the last. */
  domain: [number, number];
  /** What stands at each position of a choice. */
  labels: string[];
  position: (row: number) => number;
  /** Where a value would lie; NaN where it is none of the column's. */
  place: (value: unknown) => number;
  show: (position: number) => string;
}

const LOGARITHMIC = new Set(["loguniform", "qloguniform", "lognormal", "qlognormal"]);

const made = new WeakMap<SweepData, { version: number; space: unknown; columns: Column[] }>();

/** All columns, the hyperparameters first, in declared order. Made anew whenever trials have changed. */
export function columnsOf(data: SweepData): Column[] {
  const version = data.version.value;
  const head = data.head.value;
  if (!head) return [];
  const held = made.get(data);
  if (held && held.version === version && held.space === head.space) return held.columns;
  const columns = makeColumns(data, head);
  made.set(data, { version, space: head.space, columns });
  return columns;
}

function makeColumns(data: SweepData, head: SweepHead): Column[] {
  const { trials } = data;
  const parameters = Object.entries(head.space).map(([name, expression]) => parameter(name, expression, trials.values[name] ?? []));
  const metric = head.metric?.name;
  return [
    ...parameters,
    ...(metric ? [numeric("best", `best ${metric}`, trials.best), numeric("last", `last ${metric}`, trials.last), numeric("intervals", "intervals", trials.intervals)] : []),
    { ...numeric("duration", "duration", trials.durationS), show: showDuration },
    numeric("trial", "trial", trials.number),
    ...(data.source.values ? head.metrics.filter((name) => name !== metric).map((name) => logged(data, name)) : []),
  ];
}

export function columnOf(data: SweepData, key: string): Column | null {
  return columnsOf(data).find((column) => column.key === key) ?? null;
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
  if (!options) return { ...numeric(key, name, values as number[]), isLog: LOGARITHMIC.has(String(expression[0])) };
  const all = [...(Array.isArray(options) ? options : []), ...values.filter((value) => value !== undefined)];
  const distinct = [...new Map(all.map((value) => [identity(value), value])).values()];
  const places = new Map(distinct.map((value, at) => [identity(value), at]));
  const short = distinct.map(showValue);
  // In full where two would look the same.
  const labels = new Set(short).size === short.length ? short : distinct.map((value) => (typeof value === "number" ? String(value) : showValue(value)));
  return {
    key,
    name,
    isChoice: true,
    isLog: false,
    domain: [-0.5, Math.max(0.5, labels.length - 0.5)],
    labels,
    position: (row) => places.get(identity(values[row])) ?? NaN,
    place: (value) => places.get(identity(value)) ?? NaN,
    show: (position) => labels[Math.round(position)] ?? "",
  };
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
    position: (row) => column().position(row),
  };
}

function numeric(key: string, name: string, values: readonly (number | null)[]): Column {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return {
    key,
    name,
    isChoice: false,
    isLog: false,
    domain: low <= high ? [low, high] : [0, 1],
    labels: [],
    position: (row) => values[row] ?? NaN,
    place: Number,
    show: showNumber,
  };
}
