/** What is hovered, chosen and filtered on a sweep's page, and how its charts and table are set: one for all of them. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { fieldsOf } from "./fields";
import { filterOf } from "./filter";
import { type Codec, decoded, type Kept, type Setting, SETTINGS, short } from "./kept";
import type { SweepData } from "./sweep";

/** Column → ranges, of which a trial must lie in one. Bounds are on the column's own scale; choices by position. */
export type Ranges = Record<string, [number, number][]>;

type Settings = Partial<Record<Setting, string>>;

export class Selection {
  readonly hovered = signal<number | null>(null);
  readonly chosen = signal<ReadonlySet<number>>(new Set());
  readonly ranges = signal<Ranges>({});
  readonly filter = signal("");
  private readonly settings = signal<Settings>({});
  /** What keys did last, for those who hear the page (`Announcer`). */
  readonly said = signal("");
  /** What of the filter cannot be understood, a sentence each. */
  readonly problems: ReadonlySignal<readonly string[]>;
  /** Row → 1 where it passes filter and ranges. */
  readonly mask: ReadonlySignal<Uint8Array>;
  readonly passing: ReadonlySignal<number>;
  /** Whether anything narrows the trials down. */
  readonly isNarrow: ReadonlySignal<boolean>;

  constructor(data: SweepData, positionOf: (key: string) => ((row: number) => number) | null) {
    this.isNarrow = computed(() => this.filter.value.trim() !== "" || Object.keys(this.ranges.value).length > 0);
    const filter = computed(() => (data.version.value, filterOf(this.filter.value, fieldsOf(data), data.trials)));
    this.problems = computed(() => (data.trials.size ? filter.value.problems : []));
    this.mask = computed(() => {
      data.version.value;
      const mask = new Uint8Array(data.trials.size).fill(1);
      const matches = filter.value.test;
      const ranges = Object.entries(this.ranges.value)
        .map(([key, spans]) => ({ spans, position: positionOf(key) }))
        .filter((each) => each.spans.length && each.position);
      if (!matches && !ranges.length) return mask;
      for (let row = 0; row < mask.length; row += 1) {
        const isIn = ranges.every(({ spans, position }) => {
          const at = position!(row);
          return spans.some(([low, high]) => at >= low && at <= high);
        });
        if (!isIn || (matches && !matches(row))) mask[row] = 0;
      }
      return mask;
    });
    this.passing = computed(() => this.mask.value.reduce((sum, bit) => sum + bit, 0));
  }

  toggle(trial: number, keepOthers = true): void {
    const chosen = new Set(keepOthers ? this.chosen.value : []);
    if (this.chosen.value.has(trial)) chosen.delete(trial);
    else chosen.add(trial);
    this.chosen.value = chosen;
  }

  choose(trials: Iterable<number>): void {
    this.chosen.value = new Set(trials);
  }

  setRange(key: string, spans: [number, number][]): void {
    const ranges = { ...this.ranges.value };
    if (spans.length) ranges[key] = spans;
    else delete ranges[key];
    this.ranges.value = ranges;
  }

  clear(): void {
    this.chosen.value = new Set();
    this.ranges.value = {};
    this.filter.value = "";
  }

  /** A choice that the address keeps under a name; `start` where nothing is there, or nothing that the page knows. */
  kept<T>(name: Setting, start: T, codec: Codec<T>): Kept<T> {
    const { settings } = this;
    const text = computed(() => settings.value[name]);
    const current = computed(() => (text.value === undefined ? start : (codec.read(text.value) ?? start)));
    return {
      get value() {
        return current.value;
      },
      set value(value: T) {
        const { [name]: _, ...others } = settings.peek();
        const written = codec.write(value);
        settings.value = written === codec.write(start) ? others : { ...others, [name]: written };
      },
      peek: () => current.peek(),
    };
  }

  /** For the address. */
  write(): Record<string, string | null> {
    const ranges = Object.entries(this.ranges.value).map(
      ([key, spans]) => `${encodeURIComponent(key)}:${spans.map(([a, b]) => `${short(a)}~${short(b)}`).join("_")}`,
    );
    return {
      trials: [...this.chosen.value].slice(0, 200).join(",") || null,
      ranges: ranges.join(",") || null,
      filter: this.filter.value || null,
      ...Object.fromEntries(SETTINGS.map((name) => [name, this.settings.value[name] ?? null])),
    };
  }

  read(query: URLSearchParams): void {
    const trials = (query.get("trials") ?? "").split(",").filter((text) => /^\d+$/.test(text));
    this.chosen.value = new Set(trials.map(Number));
    const ranges: Ranges = {};
    for (const part of (query.get("ranges") ?? "").split(",").filter(Boolean)) {
      const cut = part.lastIndexOf(":");
      const spans = part
        .slice(cut + 1)
        .split("_")
        .map((span) => span.split("~").map((text) => (text.trim() ? Number(text) : NaN)) as [number, number])
        .filter((span) => span.length === 2 && span.every(Number.isFinite));
      const key = decoded(part.slice(0, cut));
      if (key && spans.length) ranges[key] = spans;
    }
    this.ranges.value = ranges;
    this.filter.value = query.get("filter") ?? "";
    this.settings.value = Object.fromEntries(SETTINGS.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])));
  }
}
