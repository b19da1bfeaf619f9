/** What the table of trials shows: which columns, and which rows in which order. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { type Codec, type Kept, SET } from "../data/kept";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { forPhone, isNarrow } from "./narrow";
import { type Column, shownOf, sortRows } from "./trials-columns";

interface Sort {
  key: string;
  isDown: boolean;
}

/** A column's key; with ! in front from the greatest down. */
const SORT: Codec<Sort> = {
  read: (text) => ({ key: text.replace(/^!/, ""), isDown: text.startsWith("!") }),
  write: ({ key, isDown }) => `${isDown ? "!" : ""}${key}`,
};

export class TrialsView {
  readonly sort: Kept<Sort>;
  /** Columns that are shown though they are not at first, and the other way round. */
  readonly switched: Kept<ReadonlySet<string>>;
  readonly all: ReadonlySignal<Column[]>;
  /** Those that are shown. */
  readonly columns: ReadonlySignal<Column[]>;
  /** Rows that pass the filter, as they are sorted. */
  readonly rows: ReadonlySignal<number[]>;

  constructor(
    private readonly data: SweepData,
    selection: Selection,
    sweepId: string | null,
  ) {
    this.sort = selection.kept("sort", { key: "trial", isDown: false }, SORT);
    this.switched = selection.kept("columns", new Set<string>(), SET);
    this.all = computed(() => (data.version.value, shownOf(data, sweepId)));
    this.columns = computed(() => {
      const shown = this.all.value.filter((column) => this.isShown(column));
      return isNarrow.value ? forPhone(shown) : shown;
    });
    this.rows = computed(() => {
      const mask = selection.mask.value;
      const rows = [...mask.keys()].filter((row) => mask[row]);
      const column = this.all.value.find((each) => each.key === this.sort.value.key);
      if (column) sortRows(rows, column.value, this.sort.value.isDown);
      return rows;
    });
  }

  isShown(column: Column): boolean {
    return this.switched.value.has(column.key) === Boolean(column.isExtra);
  }

  /** Sorts by a column, or the other way round. First so that the best trials come first. */
  sortBy({ key }: Column): void {
    const isDownFirst = ["best", "last"].includes(key) && this.data.metric.peek()?.goal === "maximize";
    this.sort.value = { key, isDown: this.sort.value.key === key ? !this.sort.value.isDown : isDownFirst };
  }
}
