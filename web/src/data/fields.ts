/** What the filter of trials compares: hyperparameters, what came of the trials, and what they logged last. */
import { showDuration, showValue, showNumber, STATE_WORDS } from "./format";
import type { SweepData } from "./sweep";

export interface Field {
  /** What it is called: its short name first. Of two fields with one name the first is meant. */
  names: string[];
  /** 'any': a hyperparameter, with numbers, words or both. */
  kind: "number" | "time" | "status" | "sentence" | "any";
  /** Row → value; asked once a filter, since values of other metrics are fetched when they are first wanted. */
  values: () => (row: number) => unknown;
  /** Whether there are values that are no numbers. */
  hasWords?: () => boolean;
  show: (value: number) => string;
}

/** All that can be compared; hyperparameters come before all else. Watches what they are made of. */
export function fieldsOf(data: SweepData): Field[] {
  const { trials } = data;
  const metric = data.metric.value?.name;
  const number = (names: string[], values: Field["values"]): Field => ({ names, kind: "number", values, show: showNumber });
  const parameters = Object.keys(trials.values).map((name): Field => {
    const column = trials.values[name];
    return { names: [name], kind: "any", values: () => (row) => column[row], hasWords: () => column.some((value) => value !== undefined && typeof value !== "number"), show: showValue };
  });
  const others = data.source.values ? (data.metrics.value ?? []).filter((name) => name !== metric) : [];
  return [
    ...parameters,
    number(["trial"], () => (row) => trials.number[row]),
    { ...number(["status", "state"], () => (row) => trials.state[row]), kind: "status" },
    number(["best", ...(metric ? [`best ${metric}`, metric] : [])], () => (row) => trials.best[row]),
    number(["last", ...(metric ? [`last ${metric}`] : [])], () => (row) => trials.last[row]),
    number(["intervals"], () => (row) => trials.intervals[row]),
    { ...number(["duration"], () => (row) => trials.durationS[row]), kind: "time", show: showDuration },
    { ...number(["reason", "why"], () => (row) => trials.why[row]), kind: "sentence" },
    ...others.map((name) => number([name, `last ${name}`], () => {
      const column = data.valuesOf(name);
      return (row) => column[row];
    })),
  ];
}

/** The field that is called so, if need be whatever the case of its letters. */
export function named(fields: readonly Field[], name: string): Field | undefined {
  const low = name.toLowerCase();
  return fields.find((field) => field.names.includes(name)) ?? fields.find((field) => field.names.some((each) => each.toLowerCase() === low));
}

/** Seconds of a time such as '90', '1 h 30 min', '2min' or '500 ms'; NaN where it is none. */
export function secondsOf(text: string): number {
  const number = numberOf(text);
  if (!Number.isNaN(number) || !TIME.test(text)) return number;
  return [...text.matchAll(PART)].reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit.toLowerCase()], 0);
}

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, sec: 1, min: 60, h: 3600, d: 86400 };
/** A time with units. */
const UNITS = String.raw`\d+(?:\.\d+)?\s*(?:ms|sec|s|min|h|d)\b`;
export const TIMES = String.raw`${UNITS}(?:\s*${UNITS})*`;
const TIME = new RegExp(`^${TIMES}$`, "i");
const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)/gi;

/** A number as it is typed or shown: '−1e−5', '1,200', '∞'; NaN where it is none. */
export function numberOf(text: string): number {
  const plain = text.trim().replaceAll("−", "-");
  const infinite = /^([+-]?)(?:inf|infinity|∞)$/i.exec(plain);
  if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
  if (/^[+-]?\d{1,3}(,\d{3})+$/.test(plain)) return Number(plain.replaceAll(",", ""));
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

/** Whether a trial has that status: as it is shown, its first words, or as CSV has it. */
export function isStatus(state: string, wanted: string): boolean {
  const low = wanted.toLowerCase();
  return (STATE_WORDS[state] ?? state).startsWith(low.replaceAll("_", " ")) || state === low;
}
