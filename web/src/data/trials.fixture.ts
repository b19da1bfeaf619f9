/** A sweep of a few trials, for tests. */
import type { Source } from "./source";
import { SweepData } from "./sweep";
import type { SweepHead, TrialColumns } from "./types";

/** Columns of trials with the given configurations; the best values count up from 0.5. */
export function columnsWith(configuration: Record<string, unknown[]>, changes: Partial<TrialColumns> = {}): TrialColumns {
  const numbers = Object.values(configuration)[0].map((_, at) => at);
  return {
    seq: 1,
    number: numbers,
    state: numbers.map(() => "completed"),
    attempt: numbers.map(() => 1),
    best: numbers.map((at) => 0.5 + at / 10),
    best_interval: numbers.map(() => 1),
    last: numbers.map((at) => 0.4 + at / 10),
    intervals: numbers.map(() => 3),
    started_at: numbers.map(() => 100),
    ended_at: numbers.map(() => 200),
    duration_s: numbers.map(() => 100),
    why: numbers.map(() => "completed"),
    configuration,
    ...changes,
  };
}

export function sweepWith(columns: TrialColumns, head: Partial<SweepHead> = {}, source: Partial<Source> = {}): SweepData {
  const data = new SweepData(source as Source);
  data.trials.put(columns);
  data.head.value = { metric: { name: "accuracy", goal: "maximize" }, metrics: ["accuracy"], space: {}, ...head } as SweepHead;
  return data;
}
