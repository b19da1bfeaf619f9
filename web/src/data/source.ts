/**
 * Where a sweep's data comes from. The pages and charts know this and nothing more, so that the same ones draw in Studio
 * (from its server), in an exported file (from the data inside it) and in a notebook (from the widget's model).
 */
import type { Line } from "./curves";
import type { Axis, Code, Explained, SweepChange, SweepHead, Thresholds, Timeline, TrialColumns, Values } from "./types";

export interface CurveWish {
  metric: string;
  first: number;
  axis: Axis;
  /** These trials alone, in place of those from `first` on. A source that has all at hand need not heed it. */
  only?: number[];
}

/** Reduced curves by trial, and the first trial whose curve is not among them; null: those were the last. */
export interface CurvesPart {
  lines: Map<number, Line>;
  next: number | null;
}

/** What a page begins with: enough for its first charts. `metric`: the one of the curves, by interval. */
export interface Opening extends CurvesPart {
  head: SweepHead;
  trials: TrialColumns;
  metric: string;
  thresholds: Thresholds;
}

export interface Source {
  opening(): Promise<Opening>;
  /** The trials with numbers above `after`; an answer without trials: there are no more. */
  trials(after: number): Promise<TrialColumns>;
  /** The curves from trial `first` on, as many as come at once. */
  curves(wish: CurveWish): Promise<CurvesPart>;
  timeline(): Promise<Timeline>;
  /** The configurations of the sweep and of its best trial, to be copied. */
  code(): Promise<Code>;
  /** The last value of a metric that each trial logged. A source without it colours and sizes by the primary metric alone. */
  values?(metric: string): Promise<Values>;
  /**
   * What a model says of the sweep as it stands, however long that takes, or until `gone` says that nobody waits. A source without
   * one has no such charts.
   */
  explained?(gone: AbortSignal): Promise<Explained>;
  /** What one said last, of no trials where none has: there at once. */
  explainedBefore?(): Promise<Explained>;
  /** What is said until it has come. */
  readonly explaining?: string;
  /** Whether nothing goes on any more that it would tell of, as in a file: clocks stand still. */
  isStill?(): boolean;
  /**
   * Calls back with each change after event `since`, and with null when everything is to be loaded anew. Returns what
   * ends it. A source that never changes returns a function that does nothing.
   */
  follow(since: number, onChange: (change: SweepChange | null) => void, onState?: (isOpen: boolean) => void): () => void;
}
