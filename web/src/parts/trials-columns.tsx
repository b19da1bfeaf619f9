/** The columns of the table of trials, and how rows are sorted by them. */
import { untracked } from "@preact/signals";
import { address } from "../app/router";
import { scaled } from "../app/text-size";
import { showDuration, showNumber, showValue, showWhole } from "../data/format";
import { isLiving, type SweepData } from "../data/sweep";
import { beyondWord, State } from "./state";
import { Ticking } from "./ticking";

export interface Column {
  key: string;
  title: string;
  /** Pixels that it has at least, and its share of what is left over; 0: it is as wide as that. */
  width: number;
  share?: number;
  isRight?: boolean;
  /** Shown only where it was chosen. */
  isExtra?: boolean;
  value: (row: number) => unknown;
  /** Said beside the pointer. */
  hint?: (row: number) => string;
  /** isActive: keys are at its row. */
  draw?: (row: number, isActive: boolean) => preact.ComponentChildren;
}

/** All columns that there are. Watches what they are made of. */
export function shownOf(data: SweepData, sweepId: string | null): Column[] {
  const { trials } = data;
  const metric = data.metric.value?.name;
  const runs = (row: number) => isLiving(trials.state[row]) && trials.startedAt[row] !== null;
  const duration = (row: number) => (runs(row) ? data.now() - trials.startedAt[row]! : trials.durationS[row]);
  const numeric = (name: string) => trials.values[name]?.some((value) => typeof value === "number") ?? false;
  return [
    { key: "trial", title: "Trial", width: 56, value: (row) => trials.number[row], draw: (row, isActive) => (sweepId === null ? trials.number[row] : <a tabIndex={isActive ? 0 : -1} href={address(["sweeps", sweepId, "trials", trials.number[row]])}>{trials.number[row]}</a>) },
    { key: "status", title: "Status", width: 216, share: 3, value: (row) => trials.state[row], hint: (row) => trials.why[row], draw: (row) => <Status state={trials.state[row]} why={trials.why[row]} /> },
    ...(metric
      ? ([
          { key: "best", title: `Best ${metric}`, width: 98, isRight: true, value: (row) => trials.best[row], draw: (row) => showNumber(trials.best[row]) },
          { key: "last", title: "Last", width: 92, isRight: true, value: (row) => trials.last[row], draw: (row) => showNumber(trials.last[row]) },
          { key: "curve", title: "Curve", width: 104, value: () => null },
          { key: "intervals", title: "Intervals", width: 76, isRight: true, value: (row) => trials.intervals[row], draw: (row) => showWhole(trials.intervals[row]) },
        ] as Column[])
      : []),
    ...Object.keys(data.space.value ?? {}).map(
      (name): Column => ({ key: `param:${name}`, title: name, width: 92, share: 1, isRight: numeric(name), value: (row) => trials.values[name]?.[row] }),
    ),
    ...(data.source.values ? (data.metrics.value ?? []).filter((name) => name !== metric) : []).map(
      (name): Column => ({ key: `metric:${name}`, title: `Last ${name}`, width: 92, share: 1, isRight: true, isExtra: true, value: (row) => data.valuesOf(name)[row] }),
    ),
    { key: "duration", title: "Duration", width: 104, isRight: true, value: (row) => untracked(() => duration(row)), draw: (row) => (runs(row) ? <Ticking seconds={() => duration(row)!} /> : showDuration(duration(row))) },
    // Beside its status, where it is always in sight; a column of its own to sort by it.
    { key: "why", title: "Reason", width: 220, share: 3, isExtra: true, value: (row) => trials.why[row], hint: (row) => trials.why[row], draw: (row) => <span class="quiet">{trials.why[row]}</span> },
  ];
}

/** A trial's state, and beneath it the sentence why. */
function Status({ state, why }: { state: string; why: string }) {
  const rest = beyondWord(state, why);
  return (
    <>
      <State state={state} />
      {rest && <div class="why">{rest}</div>}
    </>
  );
}

/** Of a grid: columns with a share of what is left over, and how wide it is at least, pixels. */
export const templateOf = (columns: Column[]) => columns.map(({ width, share }) => (share ? `minmax(${scaled(width)}px, ${share}fr)` : `${scaled(width)}px`)).join(" ");
export const leastOf = (columns: Column[]) => columns.reduce((sum, { width }) => sum + scaled(width), 0);

export function cell(column: Column, row: number) {
  const value = column.value(row);
  return typeof value === "number" && !column.key.startsWith("param:") ? showNumber(value) : showValue(value);
}

/** By value, numbers before texts; what is missing stands last in either direction. */
export function sortRows(rows: number[], value: (row: number) => unknown, isDown: boolean): void {
  const sign = isDown ? -1 : 1;
  const keys = new Map(rows.map((row) => [row, value(row)]));
  rows.sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    const [noX, noY] = [isMissing(x), isMissing(y)];
    if (noX || noY) return Number(noX) - Number(noY) || a - b;
    if (typeof x === "number" && typeof y === "number") return sign * (x - y) || a - b;
    if (typeof x === "number" || typeof y === "number") return typeof x === "number" ? -1 : 1;
    return sign * showValue(x).localeCompare(showValue(y), "en") || a - b;
  });
}

const isMissing = (value: unknown) => value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
