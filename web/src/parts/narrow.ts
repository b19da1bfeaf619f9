/** What a phone shows of a table without scrolling sideways: the columns that say most come first, and take less room. */
import { type ReadonlySignal, signal } from "@preact/signals";

/** Whether the window is as narrow as a phone: the same width as in the style sheets. */
export const isNarrow: ReadonlySignal<boolean> = follow(matchMedia("(max-width: 43.75em)"));

function follow(query: MediaQueryList): ReadonlySignal<boolean> {
  const is = signal(query.matches);
  query.addEventListener("change", () => (is.value = query.matches));
  return is;
}

/** The columns of a table of trials that a phone shows first, in order, and how wide each is there. */
const FIRST: Record<string, number> = { trial: 50, status: 130, best: 76, curve: 104 };

export function forPhone<T extends { key: string; width: number; share?: number }>(columns: T[]): T[] {
  const first = Object.keys(FIRST).flatMap((key) => columns.filter((column) => column.key === key));
  const rest = columns.filter((column) => !(column.key in FIRST));
  const isParameter = (column: T) => column.key.startsWith("param:");
  return [
    ...first.map((column) => ({ ...column, width: FIRST[column.key], share: 0 })),
    ...rest.filter(isParameter),
    ...rest.filter((column) => !isParameter(column)),
  ];
}
