/** `stopped lr<0.1 optimizer=adam`: every word must match; words with a comparison look at one column. */
import { showValue } from "./format";
import type { Trials } from "./sweep";

type Test = (trials: Trials, row: number) => boolean;

const COMPARISON = /^(.+?)(<=|>=|!=|<|>|=)(.*)$/;

const OWN: Record<string, (trials: Trials, row: number) => unknown> = {
  trial: (trials, row) => trials.number[row],
  status: (trials, row) => trials.state[row],
  best: (trials, row) => trials.best[row],
  last: (trials, row) => trials.last[row],
  intervals: (trials, row) => trials.intervals[row],
  duration: (trials, row) => trials.durationS[row],
};

/** The test for a filter; null where it lets everything through. */
export function matcher(text: string): Test | null {
  const tests = text.trim().split(/\s+/).filter(Boolean).map(testOf);
  return tests.length ? (trials, row) => tests.every((test) => test(trials, row)) : null;
}

function testOf(word: string): Test {
  const found = COMPARISON.exec(word);
  if (!found) return containing(word.toLowerCase());
  const [, name, sign, wanted] = found;
  return (trials, row) => {
    const column = trials.values[name];
    const value = column ? column[row] : OWN[name.toLowerCase()]?.(trials, row);
    return value !== undefined && value !== null && compare(value, sign, wanted);
  };
}

function compare(value: unknown, sign: string, wanted: string): boolean {
  const isNumber = typeof value === "number" && wanted !== "" && !Number.isNaN(Number(wanted));
  const a = isNumber ? value : showValue(value).toLowerCase();
  const b = isNumber ? Number(wanted) : wanted.toLowerCase();
  if (sign === "=") return a === b;
  if (sign === "!=") return a !== b;
  if (!isNumber) return false;
  return sign === "<" ? a < b : sign === ">" ? a > b : sign === "<=" ? a <= b : a >= b;
}

function containing(word: string): Test {
  return (trials, row) => {
    if (String(trials.number[row]) === word) return true;
    if (trials.state[row].replaceAll("_", " ").includes(word) || trials.state[row].includes(word)) return true;
    if (trials.why[row].toLowerCase().includes(word)) return true;
    return Object.values(trials.values).some((column) => {
      const value = column[row];
      return typeof value === "string" && value.toLowerCase().includes(word);
    });
  };
}
