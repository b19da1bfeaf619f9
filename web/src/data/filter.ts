/**
 * `stopped lr<0.1 optimizer=adam`: all parts must hold; those with a comparison look at one field. Blanks, commas and AND part
 * them. Names and values with blanks stand in quotes, `"batch size"=32`; where it is clear what is meant, names need none.
 */
import { type Field, isStatus, named, numberOf, secondsOf, TIMES } from "./fields";
import { showValue, STATE_WORDS } from "./format";
import type { Trials } from "./sweep";

type Test = (row: number) => boolean;

export interface Filter {
  /** Whether a row passes; null where all do. Where a part cannot be understood, none does. */
  test: Test | null;
  /** What cannot be understood, a sentence each. */
  problems: string[];
}

const SIGNS = "<>=!≤≥≠";
/** Signs in a row, of which one compares. */
const RUN = `[${SIGNS}]*[<>=≤≥≠][${SIGNS}]*`;
/** Those with an even number of quotes behind them: they stand in no quotes. */
const SIGN = new RegExp(String.raw`\s*(${RUN})\s*(?=[^"]*(?:"[^"]*"[^"]*)*$)`, "g");
const COMPARISON = new RegExp(`^("[^"]*"|[^"<>=≤≥≠]*?)(${RUN})(.*)$`);
const DURATION = new RegExp(String.raw`(\bduration"?${RUN})(${TIMES})`, "gi");
/** What is written → what it means. */
const MEANT: Record<string, string> = { "<": "<", ">": ">", "<=": "<=", ">=": ">=", "=": "=", "!=": "!=", "==": "=", "=<": "<=", "=>": ">=", "≤": "<=", "≥": ">=", "≠": "!=", "<>": "!=" };
/** Names that a sentence lists at most. */
const MOST_NAMES = 16;

export function filterOf(text: string, fields: readonly Field[], trials: Trials): Filter {
  const tests: Test[] = [];
  const problems: string[] = [];
  for (const part of partsOf(text, fields)) {
    const found = testOf(part, fields, trials);
    if (typeof found === "string") problems.push(found);
    else tests.push(found);
  }
  if (problems.length) return { test: () => false, problems };
  return { test: tests.length ? (row) => tests.every((test) => test(row)) : null, problems };
}

function partsOf(text: string, fields: readonly Field[]): string[] {
  let clear = text.replace(SIGN, "$1").replace(DURATION, '$1"$2"');
  const parted = fields.flatMap(({ names }) => names).filter((name) => /[\s,]/.test(name)).sort((a, b) => b.length - a.length);
  for (const name of parted) clear = clear.replace(new RegExp(`(^|[\\s,])(${escaped(name)})(?=[${SIGNS}])`, "gi"), '$1"$2"');
  const parts = split(clear);
  return parts.filter((part, at) => at === 0 || at === parts.length - 1 || !/^(and|&&?)$/i.test(part));
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** At blanks and commas that stand in no quotes; a list and a value with a comma in it stay whole. */
function split(text: string): string[] {
  const parts: string[] = [];
  let [part, isQuoted, depth] = ["", false, 0];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') isQuoted = !isQuoted;
    // A bracket holds together what is compared, if it closes.
    if (!isQuoted && letter === "[" && /[<>=]/.test(part) && text.includes("]", at)) depth += 1;
    if (!isQuoted && letter === "]" && depth) depth -= 1;
    const isEnd = !isQuoted && !depth && (/\s/.test(letter) || (letter === "," && /^(\s|$|,|"[^"]*"[<>=!≤≥≠]|[^\s",]*[<>=≤≥≠])/.test(text.slice(at + 1))));
    if (!isEnd) part += letter;
    if ((isEnd || at === text.length - 1) && part) {
      parts.push(part);
      part = "";
    }
  }
  return parts;
}

const bare = (text: string) => text.replaceAll('"', "");

/** The test of one part, or the sentence why there is none. */
function testOf(part: string, fields: readonly Field[], trials: Trials): Test | string {
  const found = COMPARISON.exec(part);
  if (!found) return /^(or|\|\|)$/i.test(part) ? `“${part}” is not possible: all parts of a filter must hold. In quotes it is a word.` : wordTest(part, trials);
  const [name, sign, wanted] = [bare(found[1]), MEANT[found[2]], bare(found[3])];
  const said = `“${part.replaceAll('"', "")}”`;
  if (!name) return `${said} lacks a name before ${found[2]}, as in lr${sign ?? "<"}0.1.`;
  const field = named(fields, name);
  if (!field) return unknown(name, fields);
  if (!sign) return `${said}: “${found[2]}” is no comparison; <, >, <=, >=, = and != are.`;
  if (!wanted.trim()) return `${said} lacks what ${name} is compared with, behind ${found[2]}.`;
  return comparison({ field, name, sign, wanted, said });
}

function unknown(name: string, fields: readonly Field[]): string {
  if (!Number.isNaN(numberOf(name))) return `“${name}” stands where a name should: names come before what they are compared with, as in lr<0.1.`;
  const names = fields.map((field) => field.names[0]);
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return `Nothing is named “${name}” here: ${names.slice(0, MOST_NAMES).join(", ")}${more} are.`;
}

interface Comparison {
  field: Field;
  name: string;
  sign: string;
  wanted: string;
  /** The part as it was typed. */
  said: string;
}

function comparison({ field, name, sign, wanted, said }: Comparison): Test | string {
  const isEquality = sign === "=" || sign === "!=";
  const values = field.values();
  const equal = (is: (value: unknown) => boolean): Test => (row) => values(row) !== undefined && is(values(row)) === (sign === "=");
  if (field.kind === "status" || field.kind === "sentence") {
    if (!isEquality) return `${said}: ${name} has words, which only = and != compare.`;
    if (field.kind === "sentence") return equal((value) => String(value).toLowerCase().includes(wanted.toLowerCase()));
    const isKnown = Object.keys(STATE_WORDS).some((state) => isStatus(state, wanted));
    return isKnown ? equal((value) => isStatus(String(value), wanted)) : `${said}: no status is “${wanted}”; ${Object.values(STATE_WORDS).join(", ")} are.`;
  }
  const number = field.kind === "time" ? secondsOf(wanted) : numberOf(wanted);
  if (!Number.isNaN(number)) return numberTest(field, values, sign, number, wanted);
  const isNaNWanted = wanted.toLowerCase() === "nan";
  if (isEquality && (isNaNWanted || field.hasWords?.())) return equal((value) => isText(value, wanted));
  if (field.kind === "any" && field.hasWords?.()) return `${said}: words are compared by = and != alone, and “${wanted}” is not a number.`;
  if (field.kind === "time") return `${said}: “${wanted}” is not a time; seconds are (90), and 1 min 30 s, 2 h, 500 ms.`;
  return `${said}: “${wanted}” is not a number, and ${name} is compared with numbers.`;
}

function numberTest(field: Field, values: (row: number) => unknown, sign: string, wanted: number, text: string): Test {
  const isNumber = (value: unknown): value is number => typeof value === "number" && !Number.isNaN(value);
  const equals = (value: unknown) => (typeof value === "number" ? isShown(field, value, wanted) : value !== null && isText(value, text));
  if (sign === "=") return (row) => equals(values(row));
  if (sign === "!=") return (row) => values(row) !== undefined && (values(row) !== null || field.kind === "any") && !equals(values(row));
  const holds: Record<string, (value: number) => boolean> = {
    "<": (value) => value < wanted,
    ">": (value) => value > wanted,
    "<=": (value) => value <= wanted || isShown(field, value, wanted),
    ">=": (value) => value >= wanted || isShown(field, value, wanted),
  };
  return (row) => {
    const value = values(row);
    return isNumber(value) && holds[sign](value);
  };
}

/** Whether a number is the wanted one, or is shown as it. */
function isShown({ kind, show }: Field, value: number, wanted: number): boolean {
  if (value === wanted) return true;
  // Four digits are shown at least: what is further off need not be written to know.
  if (kind !== "time" && !(Math.abs(value - wanted) <= 1e-3 * Math.abs(wanted))) return false;
  return (kind === "time" ? secondsOf : numberOf)(show(value)) === wanted;
}

/** Whether a value is shown by these words; blanks in lists make no difference. */
function isText(value: unknown, wanted: string): boolean {
  const plain = (text: string) => (typeof value === "object" ? text.replace(/\s/g, "") : text).toLowerCase();
  return plain(showValue(value)) === plain(wanted);
}

/** A whole number is the trial of that number, where there is one; in quotes it is a word, as all else is. */
function wordTest(part: string, trials: Trials): Test {
  if (/^\d+$/.test(part) && trials.rowOf(Number(part)) >= 0) return (row) => trials.number[row] === Number(part);
  const word = bare(part).toLowerCase();
  const columns = Object.values(trials.values);
  return (row) => {
    const state = trials.state[row];
    if (state.includes(word) || state.replaceAll("_", " ").includes(word) || STATE_WORDS[state]?.includes(word)) return true;
    if (trials.why[row].toLowerCase().includes(word)) return true;
    return columns.some((column) => {
      const value = column[row];
      return typeof value === "string" && value.toLowerCase().includes(word);
    });
  };
}
