/**
 * `stopped lr<0.1 optimizer=adam`: every word must match; words with a comparison look at one column. Names and values with blanks
 * stand in quotes, `"batch size"=32`; where it is clear what is meant, names need none.
 */
import { showValue } from "./format";
import type { Trials } from "./sweep";

type Test = (trials: Trials, row: number) => boolean;

const COMPARISON = /^("[^"]*"|.+?)(<=|>=|!=|<|>|=)(.*)$/;
/** A sign of comparison with an even number of quotes behind it: one that stands in no quotes. */
const SIGN = /\s*(<=|>=|!=|<|>|=)\s*(?=[^"]*(?:"[^"]*"[^"]*)*$)/g;
const WORD = /(?:"[^"]*"?|[^\s"])+/g;

const OWN: Record<string, (trials: Trials, row: number) => unknown> = Object.assign(Object.create(null), {
  trial: (trials: Trials, row: number) => trials.number[row],
  status: (trials: Trials, row: number) => trials.state[row], // compared by `ofStatus`
  best: (trials: Trials, row: number) => trials.best[row],
  last: (trials: Trials, row: number) => trials.last[row],
  intervals: (trials: Trials, row: number) => trials.intervals[row],
  duration: (trials: Trials, row: number) => trials.durationS[row],
});

/** The test for a filter; null where it lets everything through. `names`: those of the hyperparameters. */
export function matcher(text: string, names: readonly string[] = []): Test | null {
  const tests = wordsOf(text, names).map(testOf);
  return tests.length ? (trials, row) => tests.every((test) => test(trials, row)) : null;
}

/** Names that a filter compares and no trial has. */
export function unknownIn(text: string, names: readonly string[]): string[] {
  const compared = wordsOf(text, names).flatMap((word) => comparisonOf(word)?.name ?? []);
  return compared.filter((name) => !names.includes(name) && !(name.toLowerCase() in OWN));
}

function wordsOf(text: string, names: readonly string[]): string[] {
  let clear = text.replace(SIGN, "$1");
  for (const name of names.filter((each) => /\s/.test(each)).sort((a, b) => b.length - a.length))
    for (const sign of ["<", ">", "=", "!="]) {
      const at = clear.indexOf(`${name}${sign}`);
      if (at === 0 || /\s/.test(clear[at - 1] ?? "")) clear = `${clear.slice(0, at)}"${name}"${clear.slice(at + name.length)}`;
    }
  return clear.match(WORD) ?? [];
}

const bare = (text: string) => text.replaceAll('"', "");

function comparisonOf(word: string): { name: string; sign: string; wanted: string } | null {
  const found = COMPARISON.exec(word);
  return found && { name: bare(found[1]), sign: found[2], wanted: bare(found[3]) };
}

function testOf(word: string): Test {
  const found = comparisonOf(word);
  if (!found) return containing(bare(word).toLowerCase());
  const { name, sign, wanted } = found;
  return (trials, row) => {
    const column = trials.values[name];
    if (!column && name.toLowerCase() === "status") return ofStatus(trials.state[row], sign, wanted);
    const value = column ? column[row] : OWN[name.toLowerCase()]?.(trials, row);
    return value !== undefined && value !== null && compare(value, sign, wanted);
  };
}

/** As it is shown, as CSV has it, or its first word: `status=stopped`. */
function ofStatus(state: string, sign: string, wanted: string): boolean {
  const is = state.startsWith(wanted.toLowerCase().replaceAll(" ", "_"));
  return sign === "=" ? is : sign === "!=" && !is;
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
