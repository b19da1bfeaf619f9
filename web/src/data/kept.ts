/** What a page shows by somebody's choice, as text in its address: each kind of choice read and written in one way. */

/** A choice that stands in the address. As a signal: who reads `value` is told of changes. */
export interface Kept<T> {
  value: T;
  peek(): T;
}

/** Names in the address. All that a page keeps has one of these. */
export const SETTINGS = [
  "metric", "by", "smooth", "log", "zoom", // the metric chart
  "course", // best so far: by trial or time
  "axes", "turned", "scaled", // parallel coordinates: the order, those inverted, those with another scale than their natural one
  "x", "y", "colour", "size", // the scatter
  "cube-x", "cube-y", "cube-z", "cube-colour", "cube-size", "cube-turn", // the 3-D scatter
  "sort", "columns", // the table of trials
] as const;
export type Setting = (typeof SETTINGS)[number];

export interface Codec<T> {
  /** Null where the text says nothing of the kind: an address may hold anything. */
  read(text: string): T | null;
  write(value: T): string;
}

export const FLAG: Codec<boolean> = { read: (text) => (text === "1" ? true : null), write: (isOn) => (isOn ? "1" : "") };

/** One of some texts, which may change with time. */
export const oneOf = <T extends string>(allowed: () => readonly T[]): Codec<T> => ({
  read: (text) => allowed().find((each) => each === text) ?? null,
  write: (value) => value,
});

/** Texts, each once: 'a,b'. */
export const LIST: Codec<string[] | null> = {
  read: (text) => [...new Set(text.split(",").flatMap((part) => decoded(part) || []))],
  write: (list) => (list ?? []).map(encodeURIComponent).join(","),
};

export const SET: Codec<ReadonlySet<string>> = { read: (text) => new Set(LIST.read(text)), write: (set) => LIST.write([...set]) };

/** The set with a key in it, or without it where it was. */
export function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const changed = new Set(set);
  if (!changed.delete(key)) changed.add(key);
  return changed;
}

/** So many numbers of some digits: '1~2.5'. */
export const numbers = (count: number, digits = 15): Codec<number[] | null> => ({
  read: (text) => {
    const found = text.split("~").map((part) => (part.trim() ? Number(part) : NaN));
    return found.length === count && found.every(Number.isFinite) ? found : null;
  },
  write: (list) => (list ?? []).map((value) => short(value, digits)).join("~"),
});

/** Null where it is no encoded text. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export const short = (value: number, digits = 7) => String(Number(value.toPrecision(digits)));
