/** The table of trials: only the rows in sight are in the page, so that ten thousand cost what thirty do. */
import { computed, type ReadonlySignal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { address, go } from "../app/router";
import { extent } from "../chart/axes";
import { unknownIn } from "../data/filter";
import { showDuration, showNumber, showValue, showWhole } from "../data/format";
import { type Codec, SET, toggled } from "../data/kept";
import type { Selection } from "../data/selection";
import { isLiving, type SweepData } from "../data/sweep";
import { forPhone, isNarrow } from "./narrow";
import { RowKeys } from "./row-keys";
import { Spark } from "./spark";
import { State } from "./state";

const ROW = 34;
/** Height of the heads of columns. */
const HEAD = 37;
/** Rows drawn beyond those in sight, so that scrolling meets no gap. */
const MORE = 2;
const FILTER_HELP =
  'Words in states, reasons and values, and comparisons of hyperparameters, best, last, intervals, duration, trial, status (< > = != <= >=): all must hold. What has blanks may stand in quotes.';
/** Rows by which the ones that are drawn move at once. */
const STRIDE = 2;
/** Rows of the page that are used again as others come in sight: more than any window shows. */
const POOL = 64;

interface Column {
  key: string;
  title: string;
  width: string;
  isRight?: boolean;
  /** Shown only where it was chosen. */
  isExtra?: boolean;
  value: (row: number) => unknown;
  /** isActive: keys are at its row. */
  draw?: (row: number, isActive: boolean) => preact.ComponentChildren;
}

export function shownOf(data: SweepData, sweepId: string | null): Column[] {
  const { trials } = data;
  const head = data.head.value;
  const metric = head?.metric?.name;
  const now = () => Date.now() / 1000 + data.clockOffset;
  const duration = (row: number) =>
    isLiving(trials.state[row]) && trials.startedAt[row] !== null ? now() - trials.startedAt[row]! : trials.durationS[row];
  const numeric = (name: string) => trials.values[name]?.some((value) => typeof value === "number") ?? false;
  return [
    { key: "trial", title: "Trial", width: "72px", value: (row) => trials.number[row], draw: (row, isActive) => (sweepId === null ? trials.number[row] : <a tabIndex={isActive ? 0 : -1} href={address(["sweeps", sweepId, "trials", trials.number[row]])}>{trials.number[row]}</a>) },
    { key: "status", title: "Status", width: "136px", value: (row) => trials.state[row], draw: (row) => <State state={trials.state[row]} /> },
    ...(metric
      ? ([
          { key: "best", title: `Best ${metric}`, width: "112px", isRight: true, value: (row) => trials.best[row], draw: (row) => showNumber(trials.best[row]) },
          { key: "last", title: "Last", width: "92px", isRight: true, value: (row) => trials.last[row], draw: (row) => showNumber(trials.last[row]) },
          { key: "curve", title: "Curve", width: "112px", value: () => null },
          { key: "intervals", title: "Intervals", width: "86px", isRight: true, value: (row) => trials.intervals[row], draw: (row) => showWhole(trials.intervals[row]) },
        ] as Column[])
      : []),
    ...Object.keys(head?.space ?? {}).map(
      (name): Column => ({ key: `param:${name}`, title: name, width: "minmax(96px, 150px)", isRight: numeric(name), value: (row) => trials.values[name]?.[row] }),
    ),
    ...(data.source.values ? (head?.metrics ?? []).filter((name) => name !== metric) : []).map(
      (name): Column => ({ key: `metric:${name}`, title: `Last ${name}`, width: "minmax(96px, 150px)", isRight: true, isExtra: true, value: (row) => data.valuesOf(name)[row] }),
    ),
    { key: "duration", title: "Duration", width: "104px", isRight: true, value: duration, draw: (row) => showDuration(duration(row)) },
    { key: "why", title: "Reason", width: "minmax(220px, 1fr)", value: (row) => trials.why[row], draw: (row) => <span title={trials.why[row]} class="quiet">{trials.why[row]}</span> },
  ];
}

/** Whether a column's first sorting is from the greatest down: so that the best trials come first. */
const isDownFirst = ({ key }: Column, data: SweepData) => ["best", "last"].includes(key) && data.head.peek()?.metric?.goal === "maximize";

/** A column's key; with ! in front from the greatest down. */
const SORT: Codec<{ key: string; isDown: boolean }> = {
  read: (text) => ({ key: text.replace(/^!/, ""), isDown: text.startsWith("!") }),
  write: ({ key, isDown }) => `${isDown ? "!" : ""}${key}`,
};

export function TrialsTable({ data, selection, sweepId }: { data: SweepData; selection: Selection; sweepId: string | null }) {
  const sort = useMemo(() => selection.kept("sort", { key: "trial", isDown: false }, SORT), [selection]);
  /** Columns that are shown though they are not at first, and the other way round. */
  const switched = useMemo(() => selection.kept("columns", new Set<string>(), SET), [selection]);
  const isShown = (column: Column) => switched.value.has(column.key) === Boolean(column.isExtra);
  const isChoosing = useSignal(false);
  const scroll = useSignal({ top: 0, height: 600 });
  const frame = useRef<HTMLDivElement>(null);

  const all = useComputed(() => (data.version.value, shownOf(data, sweepId)));
  const columns = useComputed(() => (isNarrow.value ? forPhone(all.value.filter(isShown)) : all.value.filter(isShown)));
  const order = useMemo(
    () =>
      computed(() => {
        const mask = selection.mask.value;
        const rows = [...mask.keys()].filter((row) => mask[row]);
        const column = all.value.find((each) => each.key === sort.value.key);
        if (column) sortRows(rows, column.value, sort.value.isDown);
        return rows;
      }),
    [data, selection],
  );
  const keys = useMemo(() => new RowKeys(data, selection, order, (trial) => sweepId === null || go(address(["sweeps", sweepId, "trials", trial]))), [data, selection]);
  const range = useComputed(() => (data.version.value, extent(data.trials.best.concat(data.trials.last)) ?? [0, 1]));
  /** The x of both ends of all curves. */
  const across = useComputed(() => {
    data.curvesVersion.value;
    let [first, last] = [Infinity, -Infinity];
    for (const line of data.lines.values()) [first, last] = [Math.min(first, line.left), Math.max(last, line.right)];
    return first < last ? ([first, last] as const) : ([0, 2 * last || 1] as const);
  });
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const clientHeight = frame.current?.clientHeight ?? 0;
      if (clientHeight && clientHeight !== scroll.peek().height) scroll.value = { ...scroll.peek(), height: clientHeight };
    });
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);

  /** Drawn again only when other rows come in sight. */
  const onScroll = ({ scrollTop, clientHeight }: HTMLElement) => {
    const top = Math.floor(scrollTop / ROW / STRIDE) * ROW * STRIDE;
    if (top !== scroll.peek().top || clientHeight !== scroll.peek().height) scroll.value = { top, height: clientHeight };
  };

  /** Brings the row that keys are at into sight. */
  const reveal = () => {
    const [element, place] = [frame.current!, keys.placeOf(keys.active.peek())];
    if (place < 0) return;
    const top = place * ROW;
    if (top < element.scrollTop) element.scrollTop = top;
    else element.scrollTop = Math.max(element.scrollTop, top + ROW + HEAD - element.clientHeight);
  };
  const onKey = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    // Links and heads of columns have Enter and Space for themselves.
    const isOwn = event.target === event.currentTarget;
    if (event.ctrlKey || event.metaKey || event.altKey || (!isOwn && (event.key === " " || event.key === "Enter"))) return;
    if (!keys.press(event, Math.max(1, Math.floor(scroll.peek().height / ROW) - 2))) return;
    event.preventDefault();
    if (!isOwn) event.currentTarget.focus({ preventScroll: true });
    reveal();
  };
  const active = keys.active.value;
  const names = Object.keys(data.trials.values);
  const unknown = order.value.length ? [] : unknownIn(selection.filter.value, names);

  const template = columns.value.map((column) => column.width).join(" ");
  const count = order.value.length;
  const first = Math.max(0, Math.floor(scroll.value.top / ROW) - MORE);
  const last = Math.min(count, Math.ceil((scroll.value.top + scroll.value.height) / ROW) + MORE + STRIDE);
  const head = data.head.value;
  return (
    <section class="card panel" aria-label="Trials">
      <header>
        <h2>
          Trials <span class="quiet number">{count === data.trials.size ? count.toLocaleString("en") : `${count.toLocaleString("en")} of ${data.trials.size.toLocaleString("en")}`}</span>
        </h2>
        <label class="select">
          <span class="hidden-text">Filter trials</span>
          <input class="field" type="search" placeholder='Filter: stopped  lr<0.1  "batch size"=32' title={FILTER_HELP} size={36} value={selection.filter.value} onInput={(event) => (selection.filter.value = event.currentTarget.value)} />
        </label>
        <button class="button bare small" aria-expanded={isChoosing.value} onClick={() => (isChoosing.value = !isChoosing.value)}>Columns</button>
        <button class="button bare small" onClick={() => saveCsv(all.value.filter((column) => column.key !== "curve" && (!column.isExtra || isShown(column))), order.value, head?.id ?? "trials")}>CSV</button>
      </header>
      {isChoosing.value && (
        <div class="body row">
          {all.value.map((column) => (
            <label class="select">
              <input type="checkbox" checked={isShown(column)} onChange={() => (switched.value = toggled(switched.value, column.key))} />
              {column.title}
            </label>
          ))}
        </div>
      )}
      <div ref={frame} class="table-frame" onScroll={(event) => onScroll(event.currentTarget)}>
        <div class="grid" role="grid" tabIndex={0} aria-rowcount={count + 1} aria-multiselectable="true" aria-label="Trials. Arrow keys go from row to row, Space chooses, with Shift all between, o opens a trial."
          aria-activedescendant={active === null || keys.placeOf(active) < first || keys.placeOf(active) >= last ? undefined : `row-${active}`}
          onKeyDown={onKey} onFocus={() => keys.begin()} onBlur={() => selection.hovered.peek() === keys.active.peek() && (selection.hovered.value = null)}>
          <div class="grid-head" role="rowgroup">
            <div class="grid-row" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
              {columns.value.map((column) => (
                <div role="columnheader" class={column.isRight ? "right" : ""} aria-sort={sort.value.key !== column.key ? "none" : sort.value.isDown ? "descending" : "ascending"}>
                  {column.key === "curve" ? column.title : (
                    <button title={column.title} onClick={() => (sort.value = { key: column.key, isDown: sort.value.key === column.key ? !sort.value.isDown : isDownFirst(column, data) })}>{column.title}</button>
                  )}
                </div>
              ))}
            </div>
          </div>
          <div class="grid-body" role="rowgroup" style={{ height: `${count * ROW}px` }}>
            {order.value.slice(first, last).map((row, at) => (
              <Row key={(first + at) % POOL} data={data} selection={selection} keys={keys} columns={columns.value} template={template} row={row} place={first + at} across={across} range={range.value as [number, number]} />
            ))}
          </div>
        </div>
        {count === 0 && <div class="empty"><h2>{data.trials.size ? "No trial passes the filter" : "No trial yet"}</h2>{unknown.length > 0 && <p>Nothing is named “{unknown.join("”, “")}” here: {names.concat("best", "last", "intervals", "duration", "trial", "status").join(", ")} are.</p>}{data.trials.size > 0 && <button class="button" onClick={() => selection.clear()}>Show all</button>}</div>}
      </div>
    </section>
  );
}

type Across = ReadonlySignal<readonly [number, number]>;

interface RowProps {
  data: SweepData;
  selection: Selection;
  keys: RowKeys;
  columns: Column[];
  template: string;
  row: number;
  place: number;
  across: Across;
  range: [number, number];
}

/** One row. It is drawn again when its trial, its place or its own marks change, not when another row's do. */
function Row({ data, selection, keys, columns, template, row, place, across, range }: RowProps) {
  const trial = data.trials.number[row];
  const shown = useSignal(trial);
  shown.value = trial;
  const marks = useComputed(() => `grid-row${selection.chosen.value.has(shown.value) ? " chosen" : ""}${selection.hovered.value === shown.value ? " hovered" : ""}${keys.active.value === shown.value ? " active" : ""}`);
  data.version.value;
  return (
    <div role="row" id={`row-${trial}`} aria-rowindex={place + 2} aria-selected={marks.value.includes("chosen")} class={marks.value}
      style={{ gridTemplateColumns: template, transform: `translateY(${place * ROW}px)` }}
      // Not on entering, which rows do when they are scrolled under a pointer that rests.
      onPointerMove={() => selection.hovered.peek() !== trial && (selection.hovered.value = trial)}
      onPointerLeave={() => selection.hovered.peek() === trial && (selection.hovered.value = null)}
      onClick={(event) => {
        if ((event.target as Element).closest("a")) return;
        if (event.shiftKey) return keys.chooseTo(trial);
        selection.toggle(trial, true);
        keys.goTo(trial);
      }}>
      {columns.map((column) => (
        <div role="gridcell" class={column.isRight ? "right" : ""}>
          {column.key === "curve" ? <Curve data={data} trial={trial} across={across} range={range} /> : column.draw ? column.draw(row, marks.value.endsWith(" active")) : cell(column, row)}
        </div>
      ))}
    </div>
  );
}

/** Drawn again when curves have changed; the rest of its row is not. */
function Curve({ data, trial, across, range }: { data: SweepData; trial: number; across: Across; range: [number, number] }) {
  data.curvesVersion.value;
  return <Spark line={data.lines.get(trial)} across={across.value} range={range} />;
}

function cell(column: Column, row: number) {
  const value = column.value(row);
  return typeof value === "number" && !column.key.startsWith("param:") ? showNumber(value) : showValue(value);
}

/** By value, numbers before texts; what is missing stands last in either direction. */
export function sortRows(rows: number[], value: (row: number) => unknown, isDown: boolean): void {
  const sign = isDown ? -1 : 1;
  const keys = new Map(rows.map((row) => [row, value(row)]));
  rows.sort((a, b) => {
    const [x, y] = [keys.get(a), keys.get(b)];
    const [noX, noY] = [isMissing(x), isMissing(y)];
    if (noX || noY) return Number(noX) - Number(noY) || a - b;
    if (typeof x === "number" && typeof y === "number") return sign * (x - y) || a - b;
    if (typeof x === "number" || typeof y === "number") return typeof x === "number" ? -1 : 1;
    return sign * showValue(x).localeCompare(showValue(y), "en") || a - b;
  });
}

const isMissing = (value: unknown) => value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));

function saveCsv(columns: Column[], rows: number[], name: string): void {
  const lines = [columns.map((column) => quoted(column.title)), ...rows.map((row) => columns.map((column) => quoted(column.value(row))))];
  const blob = new Blob([lines.map((line) => line.join(",")).join("\r\n") + "\r\n"], { type: "text/csv" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function quoted(value: unknown): string {
  let text = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
