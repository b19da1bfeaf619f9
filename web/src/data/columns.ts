/** The columns that axes can show: hyperparameters and what came of them, each with its place on a scale. */
import type { SweepData } from "./sweep";

/** Key → row → position on the column's scale (choices: their index); null for an unknown column. */
export function positionsOf(data: SweepData): (key: string) => ((row: number) => number) | null {
  return (key) => {
    const { trials } = data;
    const own: Record<string, (number | null)[]> = { best: trials.best, last: trials.last, intervals: trials.intervals, duration: trials.durationS };
    if (key in own) return (row) => own[key][row] ?? NaN;
    if (!key.startsWith("param:")) return null;
    const values = trials.values[key.slice(6)];
    return values ? (row) => (typeof values[row] === "number" ? (values[row] as number) : NaN) : null;
  };
}
