/** Where a notebook's page has a sweep from: the kernel, which sends it in one piece and then what changes. */
import { signal } from "@preact/signals";
import { type CurveColumns, DocumentSource, said, type SweepDocument } from "../data/document";
import type { Code, Explained, SweepChange, Timeline } from "../data/types";

/** What is not sent value by value. */
export interface Rest {
  curves: CurveColumns[];
  timeline: Timeline;
  code: Code;
}

const NO_MODEL = "The kernel has ended before a model was made. Run the cell again for one.";

export class NotebookSource extends DocumentSource {
  readonly explaining = "A model of the trials is being made, as soon as no cell runs …";
  override readonly explained: () => Promise<Explained>;
  /** When nothing more came of the kernel; null as long as something may. */
  readonly endedAt = signal<number | null>(null);
  /** Why the kernel follows the run no longer; "" while it does, or once the run has ended. */
  readonly trouble = signal("");
  private asked: PromiseWithResolvers<Explained> | null = null;
  private onChange: ((change: SweepChange | null) => void) | null = null;
  private waiting: SweepChange[] = [];

  constructor(document: SweepDocument, ask: () => void) {
    super(document);
    this.explained = () => {
      if (this.endedAt.peek() !== null) return Promise.reject(new Error(NO_MODEL));
      if (!this.asked) ask();
      this.asked ??= Promise.withResolvers();
      return this.asked.promise;
    };
  }

  /** Nothing that was asked of the kernel is answered any more. */
  end(): void {
    this.endedAt.value ??= Date.now() / 1000;
    this.asked?.reject(new Error(NO_MODEL));
    this.asked = null;
  }

  /** What the kernel says that a model says. */
  putExplained(explained: Explained | string): void {
    this.asked?.resolve(said(explained));
    this.asked = null;
  }

  override isStill(): boolean {
    return this.endedAt.value !== null || this.trouble.value !== "";
  }

  override follow(since: number, onChange: (change: SweepChange | null) => void): () => void {
    this.onChange = onChange;
    for (const change of this.waiting) if (change.seq > since || change.head) onChange(change);
    this.waiting = [];
    return () => (this.onChange = null);
  }

  change(change: SweepChange): void {
    if (this.onChange) this.onChange(change);
    else this.waiting.push(change);
  }

  putRest({ curves, timeline, code }: Rest): void {
    this.putCurves(curves);
    this.document = { ...this.document, timeline, code };
  }

  replace(document: SweepDocument): void {
    this.document = document;
    this.putCurves(document.curves);
    this.onChange?.(null);
  }
}
