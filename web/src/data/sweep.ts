/** One sweep in the browser: its trials by columns, its curves, and what is live about it. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { Backoff } from "./backoff";
import { secondsNow } from "./clock";
import { extend, type Line } from "./curves";
import { Reload } from "./reload";
import type { CurvesPart, Source } from "./source";
import { type Axis, type ChangedPoints, type Explained, type State, type SweepChange, type SweepHead, type Thresholds, type TrialColumns, type Wire, fromWire } from "./types";

export class Trials {
  number: number[] = [];
  state: State[] = [];
  attempt: number[] = [];
  best: (number | null)[] = [];
  bestInterval: (number | null)[] = [];
  last: (number | null)[] = [];
  intervals: number[] = [];
  startedAt: (number | null)[] = [];
  endedAt: (number | null)[] = [];
  durationS: (number | null)[] = [];
  why: string[] = [];
  /** Without a prototype: a hyperparameter may be named `__proto__` or `constructor`. */
  values: Record<string, unknown[]> = Object.create(null);
  private readonly rows = new Map<number, number>();
  /** Row → the event as of which it is known. */
  private asOf: number[] = [];

  get size(): number {
    return this.number.length;
  }

  /** The row of the trial with that number, or -1. */
  rowOf(number: number): number {
    return this.rows.get(number) ?? -1;
  }

  /** What comes next is taken in whatever it is as of: the sweep is loaded anew. */
  beginAnew(): void {
    this.asOf = [];
  }

  /**
   * Takes in new trials, and the new state of known ones: whether any of them began or ended, or stands otherwise than before. An
   * answer that was made before a change, and comes after it, takes nothing back.
   */
  put(columns: TrialColumns): { hasRun: boolean; isNew: boolean } {
    let [ran, changed] = [0, 0];
    columns.number.forEach((number, at) => {
      let row = this.rowOf(number);
      if (row < 0) {
        row = this.number.length;
        this.rows.set(number, row);
      }
      if (this.asOf[row] > columns.seq) return;
      this.asOf[row] = columns.seq;
      ran += told(this.attempt, row, columns.attempt[at]) + told(this.startedAt, row, columns.started_at[at]) + told(this.endedAt, row, columns.ended_at[at]);
      changed +=
        told(this.number, row, number) +
        told(this.state, row, columns.state[at]) +
        told(this.best, row, fromWire(columns.best[at] as Wire)) +
        told(this.bestInterval, row, columns.best_interval[at]) +
        told(this.last, row, fromWire(columns.last[at] as Wire)) +
        told(this.intervals, row, columns.intervals[at]) +
        told(this.why, row, columns.why[at]);
      // That of a trial that runs is another one in each row: it is counted here, too.
      const longer = told(this.durationS, row, columns.duration_s[at]);
      if (!isLiving(columns.state[at])) changed += longer;
      for (const [name, values] of Object.entries(columns.configuration)) (this.values[name] ??= [])[row] = values[at];
    });
    return { hasRun: ran > 0, isNew: ran + changed > 0 };
  }
}

/** Puts a value into its row; how many values of a row have changed by that: 0 or 1. */
function told<T>(column: T[], row: number, value: T): number {
  const isSame = Object.is(column[row], value);
  column[row] = value;
  return isSame ? 0 : 1;
}

export const isLiving = (state: State) => state === "running" || state === "starting" || state === "stopping";

export interface Shown {
  metric: string;
  axis: Axis;
}

/** What a change did to curves: new values, and trials of which another attempt counts. */
interface CurveChange {
  points: ChangedPoints[];
  anew: number[];
}

interface Fetch {
  lines: Map<number, Line>;
  wish: Shown | null;
  first: number | null;
  before: number[];
  id: number;
  meanwhile: CurveChange[];
}

/** A part of the head: the same as long as it says the same, for a live sweep has a new head twice a second. */
function partOf<K extends keyof SweepHead>(head: ReadonlySignal<SweepHead | null>, name: K): ReadonlySignal<SweepHead[K] | null> {
  const text = computed(() => JSON.stringify(head.value?.[name]));
  return computed(() => (text.value, head.peek()?.[name] ?? null));
}

/** Sets of lines that are kept beside those that are drawn. */
const MOST_KEPT = 6;

export class SweepData {
  /** Whoever sorts or paints reads its parts, which change more seldom. */
  readonly head = signal<SweepHead | null>(null);
  readonly metric = partOf(this.head, "metric");
  readonly metrics = partOf(this.head, "metrics");
  readonly space = partOf(this.head, "space");
  readonly startedAt = partOf(this.head, "started_at");
  readonly hasEngine = partOf(this.head, "has_engine");
  readonly trials = new Trials();
  /** Raised whenever trials changed. Rows come also of trials that logged another metric, and stand as before. */
  readonly version = signal(0);
  /** Raised whenever a trial began or ended. */
  readonly runsVersion = signal(0);
  /** Lines of the metric and axis that are shown, by trial; raised with `curvesVersion`. */
  lines = new Map<number, Line>();
  readonly curvesVersion = signal(0);
  readonly shown = signal<Shown | null>(null);
  /** What is to be shown: `shown` is until its first lines are there. */
  readonly wanted = signal<Shown | null>(null);
  /** Whether lines of what is wanted are still to come. */
  readonly isLoading = signal(true);
  readonly thresholds = signal<Thresholds>({ interval: [], threshold: [] });
  /** What a model says of the sweep; null until it was asked, or why it says nothing. */
  readonly explained = signal<Explained | string | null>(null);
  readonly isLive = signal(true);
  readonly error = signal<string | null>(null);
  /** Whether there is no such sweep: it is not tried again. */
  readonly isMissing = signal(false);
  /** The server's clock less this machine's, seconds. */
  clockOffset = 0;
  private readonly goesOn = computed(() => {
    const head = this.head.value;
    return Boolean(head?.has_engine) && !head!.is_over && this.isLive.value && !this.source.isStill?.();
  });
  private lastNow = 0;
  private stop: () => void = () => {};
  private loadId = 0;
  private isClosed = false;
  private readonly gone = new AbortController();
  private readonly backoff = new Backoff(() => void this.open());
  private hasCurves = true;
  /** What came while curves are being loaded: an answer may have been made before it. */
  private meanwhile: CurveChange[] | null = null;
  private readonly curvesReload = new Reload(() => this.loadCurves().catch((error: Error) => this.fail(error)), 2000);
  private readonly valuesReload = new Reload(async () => {
    for (const metric of this.metricValues.keys()) await this.loadValues(metric);
  }, 2000);
  private readonly metricValues = new Map<string, number[]>();
  private isExplaining = false;
  /** Metric and axis → all lines, of a sweep that is over: as the server has them still. */
  private readonly kept = new Map<string, Map<number, Line>>();
  /** Trials that had ended when a model was asked. */
  private explainedDone = -1;

  constructor(readonly source: Source) {}

  /** Loads everything and follows what happens from then on. */
  async open(withCurves = this.hasCurves): Promise<void> {
    this.hasCurves = withCurves;
    try {
      const opening = await this.source.opening();
      if (this.isClosed) return;
      const isFirst = this.shown.value === null;
      this.kept.clear();
      // All at once, so that the page is drawn once.
      batch(() => {
        this.take(opening.head);
        this.shown.value ??= { metric: opening.metric, axis: "interval" };
        this.wanted.value ??= this.shown.value;
        this.putTrials(opening.trials, true);
        this.thresholds.value = opening.thresholds;
        if (isFirst) this.takeLines(opening.lines);
        this.error.value = null;
      });
      this.stop();
      this.stop = this.source.follow(opening.head.seq, this.onChange, (isOpen) => (this.isLive.value = isOpen));
      await this.loadTrials(opening.trials.number.at(-1));
      // Another metric or axis that was chosen meanwhile comes by itself.
      if (withCurves && !(isFirst && this.loadId > 0)) await this.loadCurves(isFirst ? opening.next : 0);
      this.backoff.succeeded();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** Says it, and tries again by and by. */
  private fail(error: Error): void {
    if (this.isClosed) return;
    this.error.value = error.message;
    // What the server does not know will not be there in a minute either.
    this.isMissing.value = this.head.peek() === null && (error as { status?: number }).status === 404;
    if (!this.isMissing.peek()) this.backoff.failed();
  }

  /** The server's time, seconds since 1970; as of what is known where nothing is heard. Who watches it is told each second. */
  now(): number {
    if (this.goesOn.value) this.lastNow = secondsNow() + this.clockOffset;
    return this.lastNow;
  }

  /** Tries again at once. */
  readonly again = (): void => this.backoff.now();

  close(): void {
    this.isClosed = true;
    this.gone.abort();
    this.backoff.close();
    this.curvesReload.close();
    this.valuesReload.close();
    this.stop();
  }

  /** Draws another metric, or by another axis: what is drawn stays until some of it is there, trials of `first` first. */
  async show(shown: Shown, first: number[] = []): Promise<void> {
    this.wanted.value = shown;
    await this.loadCurves(0, first).catch((error: Error) => this.fail(error));
  }

  /** The numbers of the best trials by the primary metric. */
  bestTrials(count: number): number[] {
    const { best, number } = this.trials;
    const sign = this.head.peek()?.metric?.goal === "minimize" ? 1 : -1;
    const rows = [...best.keys()].filter((row) => Number.isFinite(best[row] ?? NaN));
    return rows.sort((a, b) => sign * (best[a]! - best[b]!)).slice(0, count).map((row) => number[row]);
  }

  /** Row → last value of a metric other than the primary one, which are fetched when they are first wanted. */
  valuesOf(metric: string): readonly number[] {
    const held = this.metricValues.get(metric);
    if (!held) {
      this.metricValues.set(metric, []);
      // Where it fails, the column stays empty until trying again succeeds.
      this.loadValues(metric).catch(() => this.valuesReload.ask());
    }
    return held ?? [];
  }

  private async loadValues(metric: string): Promise<void> {
    const found = await this.source.values!(metric);
    if (this.isClosed) return;
    const values = new Array<number>(this.trials.size).fill(NaN);
    found.trial.forEach((trial, at) => {
      const row = this.trials.rowOf(trial);
      if (row >= 0) values[row] = fromWire(found.last[at] as Wire) ?? NaN;
    });
    const before = this.metricValues.get(metric);
    this.metricValues.set(metric, values);
    if (!before || values.some((value, row) => !Object.is(value, before[row]))) this.version.value += 1;
  }

  /** Has a model asked, unless it was asked since the last trial ended, or is being asked. */
  async explain(): Promise<void> {
    const done = this.head.peek()?.counts.done ?? 0;
    if (!this.source.explained || this.isExplaining || this.explainedDone === done) return;
    this.isExplaining = true;
    try {
      const known = this.explained.peek() === null ? await this.source.explainedBefore?.() : undefined;
      if (known?.trials) this.explained.value = known;
      // Where nothing has happened since, that is all there is to say.
      if (!known || known.seq !== this.head.peek()?.seq) this.explained.value = await this.source.explained(this.gone.signal);
      this.explainedDone = done;
    } catch (error) {
      // What was known stays: a model that cannot be made now was made before.
      if (typeof this.explained.peek() !== "object" || !this.explained.peek()) this.explained.value = (error as Error).message;
    }
    this.isExplaining = false;
  }

  /** The trials with numbers above `after`; none where there is no trial yet. */
  private async loadTrials(after: number | undefined): Promise<void> {
    while (after !== undefined && !this.isClosed) {
      const columns: TrialColumns = await this.source.trials(after);
      after = columns.number.at(-1);
      if (after === undefined) return;
      this.putTrials(columns, true);
    }
  }

  /** isAnew: they were loaded, and not told as changes: configurations may be others, too. */
  private putTrials(columns: TrialColumns, isAnew = false): void {
    const { hasRun, isNew } = this.trials.put(columns);
    if (isNew || isAnew) this.version.value += 1;
    if (hasRun) this.runsVersion.value += 1;
  }

  /** The curves of trials from `first` on, beside those before; null: there are no more. Those of `before` before all. */
  private async loadCurves(first: number | null = 0, before: number[] = []): Promise<void> {
    const wish = this.wanted.value;
    const id = (this.loadId += 1);
    const key = JSON.stringify([wish?.metric, wish?.axis]);
    const known = this.kept.get(key);
    this.isLoading.value = !known;
    if (known) return this.takeLines(known, wish);
    const version = this.version.peek();
    const lines = first === 0 ? new Map<number, Line>() : this.lines;
    const meanwhile: CurveChange[] = (this.meanwhile = []);
    try {
      const isWhole = await this.fetchLines({ lines, wish, first, before, id, meanwhile });
      if (!isWhole) return;
    } finally {
      if (this.meanwhile === meanwhile) this.meanwhile = null;
      if (id === this.loadId) this.isLoading.value = false;
    }
    // What has no place in these lines is part of the next answer.
    const isBehind = this.catchUp(lines, meanwhile, wish);
    this.takeLines(lines, wish);
    if (isBehind) this.curvesReload.ask();
    if (!this.head.peek()?.is_over || version !== this.version.peek()) return;
    if (this.kept.size >= MOST_KEPT) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(key, lines);
  }

  /** Puts what is asked for into `lines`; false where something else is wanted by now. */
  private async fetchLines({ lines, wish, first, before, id, meanwhile }: Fetch): Promise<boolean> {
    const draw = () => {
      this.catchUp(lines, meanwhile, wish);
      this.takeLines(lines, wish);
    };
    if (wish?.metric && before.length) {
      const part = await this.source.curves({ ...wish, first: 0, only: before });
      if (id !== this.loadId || this.isClosed) return false;
      for (const [trial, line] of part.lines) lines.set(trial, line);
      if (lines.size) draw();
    }
    let drawnAt = performance.now();
    while (wish?.metric && first !== null) {
      const part: CurvesPart = await this.source.curves({ ...wish, first });
      if (id !== this.loadId || this.isClosed) return false;
      for (const [trial, line] of part.lines) lines.set(trial, line);
      // Drawn as they come, but not oftener than it can be seen.
      const isDue = !first || performance.now() - drawnAt > 300;
      first = part.next;
      if (first === null || !isDue) continue;
      drawnAt = performance.now();
      draw();
    }
    return true;
  }

  /** Puts into loaded lines what came since; whether something has no place in them. */
  private catchUp(lines: Map<number, Line>, changes: readonly CurveChange[], shown: Shown | null): boolean {
    let isBehind = false;
    for (const { points, anew } of changes) {
      for (const trial of anew) lines.delete(trial);
      if (points.length) isBehind = !this.grows(shown) || extend(lines, points, shown.axis) || isBehind;
    }
    return isBehind;
  }

  /** Whether new values of the primary metric are new points of these lines. */
  private grows(shown: Shown | null): shown is Shown {
    return shown !== null && shown.metric === this.head.peek()?.metric?.name && shown.axis !== "time";
  }

  private takeLines(lines: Map<number, Line>, shown = this.wanted.peek()): void {
    batch(() => {
      this.shown.value = shown;
      this.lines = lines;
      this.curvesVersion.value += 1;
    });
  }

  private readonly onChange = (change: SweepChange | null): void => {
    if (change === null) {
      void this.open();
      return;
    }
    batch(() => {
      if (change.head) this.take(change.head);
      // A new attempt starts its curve anew.
      const anew = change.trials.number.filter((number, at) => {
        const row = this.trials.rowOf(number);
        return row >= 0 && this.trials.attempt[row] !== change.trials.attempt[at];
      });
      if (change.trials.number.length) {
        this.putTrials(change.trials);
        if (this.metricValues.size) this.valuesReload.ask();
        this.kept.clear();
        // What was logged of another metric comes with no points.
        if (this.hasCurves && this.shown.peek()?.metric !== this.head.peek()?.metric?.name) this.curvesReload.ask();
      }
      if (change.thresholds.interval.length) this.takeThresholds(change.thresholds);
      if (change.points.length || anew.length) this.takePoints({ points: change.points, anew });
    });
  };

  private takeThresholds(changed: Thresholds): void {
    const { interval, threshold } = this.thresholds.value;
    const held = new Map(interval.map((k, at) => [k, threshold[at]]));
    changed.interval.forEach((k, at) => held.set(k, changed.threshold[at]));
    const order = [...held.keys()].sort((a, b) => a - b);
    this.thresholds.value = { interval: order, threshold: order.map((k) => held.get(k)!) };
  }

  private take(head: SweepHead): void {
    this.clockOffset = head.now - Date.now() / 1000;
    this.lastNow = head.now;
    this.head.value = head;
  }

  private takePoints(change: CurveChange): void {
    if (!this.hasCurves) return;
    const isBehind = this.catchUp(this.lines, [change], this.shown.peek());
    if (this.grows(this.shown.peek())) this.curvesVersion.value += 1;
    if (this.meanwhile) this.meanwhile.push(change);
    else if (isBehind) this.curvesReload.ask();
  }
}
