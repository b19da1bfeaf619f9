/** A sweep in one piece (overdrive.views.document): the source of pages that have no server to ask. */
import { bytesOf, Line, unpack } from "./curves";
import type { CurvesPart, CurveWish, Opening, Source } from "./source";
import type { Axis, Code, Explained, SweepChange, SweepHead, Thresholds, Timeline, TrialColumns, Values } from "./types";

/** The curves of one metric, by columns; `interval` null where every point is there, `step` where no script gave any. */
export interface CurveColumns {
  metric: string;
  trial: number[];
  count: number[];
  kept: number[];
  y: string;
  interval: string | null;
  step: string | null;
  time: string;
}

export interface SweepDocument {
  version: number;
  head: SweepHead;
  trials: TrialColumns;
  curves: CurveColumns[];
  thresholds: Thresholds;
  timeline: Timeline;
  /** What a model says of it, or why none can; null where none was asked. */
  explained: Explained | string | null;
  code: Code;
}

/** Reads what `packed` wrote: compressed JSON. */
export async function readDocument(bytes: BufferSource): Promise<SweepDocument> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const document = (await new Response(stream).json()) as SweepDocument;
  if (document.version !== 2) throw new Error(`its form ${document.version} is newer than this page`);
  return document;
}

type Held = Record<Axis, Float64Array> & { y: Float64Array; count: number };

/** base64 of little-endian float32 numbers: what counts places, and is written nowhere. */
const unpackSingle = (text: string) => Float64Array.from(new Float32Array(bytesOf(text).buffer));

/** Trial → its curve by each axis. */
function heldOf(columns: CurveColumns): Map<number, Held> {
  const y = unpack(columns.y);
  const time = unpackSingle(columns.time);
  const interval = columns.interval === null ? counted(columns.kept, y.length) : unpackSingle(columns.interval);
  const step = columns.step === null ? interval : unpack(columns.step);
  const held = new Map<number, Held>();
  let from = 0;
  columns.trial.forEach((trial, at) => {
    const to = from + columns.kept[at];
    const [first, last] = [from, to];
    const part = (values: Float64Array) => values.subarray(first, last);
    held.set(trial, { y: part(y), interval: part(interval), step: part(step), time: part(time), count: columns.count[at] });
    from = to;
  });
  return held;
}

/** 1, 2, 3, … for each trial. */
function counted(kept: number[], size: number): Float64Array {
  const values = new Float64Array(size);
  let at = 0;
  for (const count of kept) for (let interval = 1; interval <= count; interval += 1, at += 1) values[at] = interval;
  return values;
}

/** An explanation as an answer: a sentence instead of one is why there is none. */
export const said = async (explained: Explained | string): Promise<Explained> => {
  if (typeof explained === "string") throw new Error(explained);
  return explained;
};

export class DocumentSource implements Source {
  readonly explained?: () => Promise<Explained>;
  private readonly curvesOf = new Map<string, Map<number, Held>>();

  constructor(protected document: SweepDocument) {
    this.putCurves(document.curves);
    const { explained } = document;
    if (explained) this.explained = () => said(explained);
  }

  /** Takes in curves of some trials in place of what was held of them. */
  putCurves(curves: CurveColumns[]): void {
    for (const columns of curves) {
      const found = heldOf(columns);
      const known = this.curvesOf.get(columns.metric);
      if (known) for (const [trial, held] of found) known.set(trial, held);
      else this.curvesOf.set(columns.metric, found);
    }
  }

  async opening(): Promise<Opening> {
    const { head, trials, thresholds } = this.document;
    const primary = head.metric?.name ?? "";
    const metric = head.metrics.includes(primary) ? primary : (head.metrics[0] ?? primary);
    return { head, trials, metric, thresholds, ...(await this.curves({ metric, axis: "interval", first: 0 })) };
  }

  async trials(after: number): Promise<TrialColumns> {
    const { trials } = this.document;
    return trials.number.some((number) => number > after) ? trials : { ...trials, number: [] };
  }

  async curves({ metric, axis, first }: CurveWish): Promise<CurvesPart> {
    const lines = new Map<number, Line>();
    for (const [trial, held] of this.curvesOf.get(metric) ?? [])
      if (trial >= first) lines.set(trial, new Line(held[axis], held.y, held.count));
    return { lines, next: null };
  }

  async timeline(): Promise<Timeline> {
    return this.document.timeline;
  }

  async code(): Promise<Code> {
    return this.document.code;
  }

  async values(metric: string): Promise<Values> {
    const trial = [...(this.curvesOf.get(metric)?.keys() ?? [])];
    // A reduced curve ends with the last value that was logged.
    return { trial, last: trial.map((number) => this.curvesOf.get(metric)!.get(number)!.y.at(-1)!) };
  }

  isStill(): boolean {
    return true;
  }

  follow(_since: number, _onChange: (change: SweepChange | null) => void): () => void {
    return () => {};
  }
}
