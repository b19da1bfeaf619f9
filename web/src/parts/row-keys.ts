/** Keys of the table of trials: arrows go from row to row, Space and Enter choose, Shift chooses all between. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { trialWords } from "../chart/tip";
import { chosenWords } from "../chart/trial-plot";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";

export class RowKeys {
  /** The trial whose row the keys are at. */
  readonly active = signal<number | null>(null);
  /** Where a range begins, and what was chosen besides. */
  private anchor: number | null = null;
  private others: ReadonlySet<number> = new Set();

  /** `order`: rows as the table shows them. */
  constructor(
    private readonly data: SweepData,
    private readonly selection: Selection,
    private readonly order: ReadonlySignal<number[]>,
    private readonly open: (trial: number) => void,
  ) {}

  /** Goes to a trial, and begins ranges there. */
  goTo(trial: number | null): void {
    this.active.value = this.anchor = trial;
    this.others = this.selection.chosen.peek();
  }

  /** Where the keys begin: at a chosen row, or the first. */
  begin(): void {
    if (this.active.peek() !== null && this.placeOf(this.active.peek()) >= 0) return;
    const row = this.order.peek().find((each) => this.selection.chosen.peek().has(this.data.trials.number[each])) ?? this.order.peek()[0];
    this.goTo(row === undefined ? null : this.data.trials.number[row]);
  }

  placeOf(trial: number | null): number {
    return trial === null ? -1 : this.order.peek().indexOf(this.data.trials.rowOf(trial));
  }

  /** Chooses every trial between where the range began and this one, besides what was chosen before. */
  chooseTo(trial: number): void {
    const ends = [this.placeOf(this.anchor ?? trial), this.placeOf(trial)].sort((a, b) => a - b);
    const between = this.order.peek().slice(Math.max(0, ends[0]), ends[1] + 1).map((row) => this.data.trials.number[row]);
    this.selection.choose([...this.others, ...between]);
    this.active.value = trial;
    this.selection.said.value = `${between.length} trials in a row chosen, ${this.selection.chosen.peek().size} in all`;
  }

  /** Whether the key was one of the table's. `page`: rows in sight. */
  press(event: KeyboardEvent, page: number): boolean {
    const { selection } = this;
    const at = this.placeOf(this.active.peek());
    const last = this.order.peek().length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last }[event.key];
    const isChoice = event.key === " " || event.key === "Enter";
    if (event.key === "o" && at >= 0) this.open(this.active.peek()!);
    else if (event.key === "Escape") {
      selection.choose([]);
      this.goTo(this.active.peek());
      selection.said.value = "no trial chosen";
    } else if (last < 0 || (to === undefined && !isChoice)) return false;
    else if (to !== undefined) {
      const trial = this.data.trials.number[this.order.peek()[Math.max(0, Math.min(last, to))]];
      if (event.shiftKey) this.chooseTo(trial);
      else this.goTo(trial);
      if (!event.shiftKey) selection.said.value = trialWords(this.data, trial);
      selection.hovered.value = trial;
    } else if (at >= 0) {
      const trial = this.active.peek()!;
      if (event.shiftKey) this.chooseTo(trial);
      else {
        selection.toggle(trial);
        this.goTo(trial);
        selection.said.value = `trial ${trial} ${chosenWords(selection, trial)}`;
      }
    }
    return true;
  }
}
