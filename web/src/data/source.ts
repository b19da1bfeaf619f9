/**
 * Where a sweep's data comes from. The pages and charts know this and nothing more, so that the same ones draw in Studio
 * (from its server), in an exported file (from the data inside it) and in a notebook (from the widget's model).
 */
import type { Line } from "./curves";
import type { Axis, Code, Explained, SweepChange, SweepHead, Thresholds, Timeline, TrialColumns, Values } from "./types";

export interface CurveWish {
  metric: string;
  first: number;
  last: number;
  buckets: number;
  axis: Axis;
}

export interface Source {
  head(): Promise<SweepHead>;
  /** The trials with numbers above `after`; an answer without trials: there are no more. */
  trials(after: number): Promise<TrialColumns>;
  /** Reduced curves of trials first … last, by trial. */
  curves(wish: CurveWish): Promise<Map<number, Line>>;
  thresholds(): Promise<Thresholds>;
  timeline(): Promise<Timeline>;
  /** The configuration, to be copied. */
  code(): Promise<Code>;
  /** The last value of a metric that each trial logged. A source without it colours and sizes by the primary metric alone. */
  values?(metric: string): Promise<Values>;
  /** What a model says of the sweep as it stands, however long that takes. A source without one has no such charts. */
  explained?(): Promise<Explained>;
  /** What is said until it has come. */
  readonly explaining?: string;
  /**
   * Calls back with each change after event `since`, and with null when everything is to be loaded anew. Returns what
   * ends it. A source that never changes returns a function that does nothing.
   */
  follow(since: number, onChange: (change: SweepChange | null) => void, onState?: (isOpen: boolean) => void): () => void;
  /** Most trials in one call of `curves`. */
  readonly curvesAtOnce: number;
}
