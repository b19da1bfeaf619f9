/** The table of trials: only the rows in sight are in the page, so that ten thousand cost what thirty do. */
import { type Signal, useComputed, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { keepPlaceOf } from "../app/places";
import { isPrinting } from "../app/print";
import { address, go } from "../app/router";
import { showCount } from "../data/format";
import { toggled } from "../data/kept";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { saveCsv } from "./csv";
import { RowKeys } from "./row-keys";
import { rangeOf } from "./spark";
import { beyondWord, State } from "./state";
import { leastOf, templateOf } from "./trials-columns";
import { Row, rowHeight } from "./trials-row";
import { TrialsView } from "./trials-view";

/** Rows on paper, which nobody scrolls. */
const MOST_PRINTED = 100;
/** Pixels between the margins of a sheet (style/print.css), and how small a table may be made that is wider. */
const [SHEET, LEAST_ZOOM] = [690, 0.5];
/** Rows drawn beyond those in sight, so that scrolling meets no gap. */
const MORE = 1;
const FILTER_HELP =
  "Words in states, reasons and values, and comparisons (< > = != <= >=) of hyperparameters, best, last, intervals, duration, trial, status, reason and other metrics' last values: all must hold. What has blanks may stand in quotes. A whole number alone is a trial's.";
/** Rows of the page that are used again as others come in sight: more than any window shows. */
const POOL = 64;

interface Both {
  data: SweepData;
  selection: Selection;
}

export function TrialsTable({ data, selection, sweepId }: Both & { sweepId: string | null }) {
  const view = useMemo(() => new TrialsView(data, selection, sweepId), [data, selection]);
  const keys = useMemo(() => new RowKeys(data, selection, view.rows, (trial) => sweepId === null || go(address(["sweeps", sweepId, "trials", trial]))), [data, selection]);
  const isChoosing = useSignal(false);
  const [count, all] = [view.rows.value.length, data.trials.size];
  const save = () => saveCsv(view.all.value.filter((column) => column.key !== "curve" && (!column.isExtra || column.key === "why" || view.isShown(column))), view.rows.value, data.head.peek()?.id ?? "trials");
  return (
    <section class="card panel" aria-label="Trials">
      <header>
        <h2>
          Trials <span class="quiet number">{count === all ? count.toLocaleString("en") : `${count.toLocaleString("en")} of ${all.toLocaleString("en")}`}</span>
        </h2>
        <label class="select">
          <span class="hidden-text">Filter trials</span>
          <FilterField selection={selection} />
        </label>
        <button class="button bare small" aria-expanded={isChoosing.value} onClick={() => (isChoosing.value = !isChoosing.value)}>Columns</button>
        <button class="button bare small" onClick={save}>CSV</button>
      </header>
      {isChoosing.value && (
        <div class="body row">
          {view.all.value.map((column) => (
            <label class="select">
              <input type="checkbox" checked={view.isShown(column)} onChange={() => (view.switched.value = toggled(view.switched.value, column.key))} />
              {column.title}
            </label>
          ))}
        </div>
      )}
      <Frame data={data} selection={selection} view={view} keys={keys} />
      <InFull data={data} selection={selection} keys={keys} />
    </section>
  );
}

/** Milliseconds without a key until a filter counts: with each, all charts are drawn anew. */
const REST = 150;

function FilterField({ selection }: Pick<Both, "selection">) {
  const typed = useSignal<string | null>(null);
  const timer = useRef(0);
  const take = () => {
    clearTimeout(timer.current);
    if (typed.value !== null) selection.filter.value = typed.value;
    typed.value = null;
  };
  const onInput = (text: string) => {
    typed.value = text;
    clearTimeout(timer.current);
    timer.current = setTimeout(take, REST);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return <input class="field" type="search" placeholder='Filter: stopped  lr<0.1  "batch size"=32' title={FILTER_HELP} size={36} value={typed.value ?? selection.filter.value} onInput={(event) => onInput(event.currentTarget.value)} onChange={take} />;
}

/** The part that scrolls. */
function Frame({ data, selection, view, keys }: Both & { view: TrialsView; keys: RowKeys }) {
  const frame = useRef<HTMLDivElement>(null);
  const scroll = useScroll(frame);
  useEffect(() => keepPlaceOf("trials", frame.current!, frame.current!.firstElementChild!), []);
  const range = useComputed(() => (data.curvesVersion.value, rangeOf(data.lines.values())));
  /** The x of both ends of all curves. */
  const across = useComputed(() => {
    data.curvesVersion.value;
    let [first, last] = [Infinity, -Infinity];
    for (const line of data.lines.values()) [first, last] = [Math.min(first, line.left), Math.max(last, line.right)];
    return first < last ? ([first, last] as const) : ([0, 2 * last || 1] as const);
  });
  const onKey = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    // Links and heads of columns have Enter and Space for themselves.
    const isOwn = event.target === event.currentTarget;
    if (event.ctrlKey || event.metaKey || event.altKey || (!isOwn && (event.key === " " || event.key === "Enter"))) return;
    if (!keys.press(event, Math.max(1, Math.floor(scroll.peek().height / rowHeight()) - 2))) return;
    event.preventDefault();
    if (!isOwn) event.currentTarget.focus({ preventScroll: true });
    reveal(frame.current!, keys.placeOf(keys.active.peek()));
  };
  const active = keys.active.value;
  const template = templateOf(view.columns.value);
  const count = view.rows.value.length;
  const height = rowHeight();
  const first = isPrinting.value ? 0 : Math.max(0, Math.floor(scroll.value.top / height) - MORE);
  const last = Math.min(count, isPrinting.value ? MOST_PRINTED : Math.ceil((scroll.value.top + scroll.value.height) / height) + 2 * MORE);
  const zoom = isPrinting.value ? Math.max(LEAST_ZOOM, Math.min(1, SHEET / leastOf(view.columns.value))) : 1;
  return (
    <div ref={frame} class="table-frame" onScroll={({ currentTarget }) => look(scroll, currentTarget)}>
      <div class="grid" style={{ minWidth: `${leastOf(view.columns.value)}px`, zoom }} role="grid" tabIndex={0} aria-rowcount={count + 1} aria-multiselectable="true" aria-label="Trials. Arrow keys go from row to row, Space chooses, with Shift all between, o opens a trial."
        aria-activedescendant={active === null || keys.placeOf(active) < first || keys.placeOf(active) >= last ? undefined : `row-${active}`}
        onKeyDown={onKey} onFocus={() => keys.begin()} onBlur={() => selection.hovered.peek() === keys.active.peek() && (selection.hovered.value = null)}>
        <div class="grid-head" role="rowgroup">
          <Heads view={view} template={template} />
        </div>
        <div class="grid-body" role="rowgroup" style={{ height: `${count * height}px` }}>
          {view.rows.value.slice(first, last).map((row, at) => (
            <Row key={isPrinting.value ? row : (first + at) % POOL} data={data} selection={selection} keys={keys} columns={view.columns.value} template={template} row={row} place={first + at} across={across} range={range} />
          ))}
        </div>
      </div>
      {isPrinting.value && last < count && <p class="quiet body">and {showCount(count - last, "more trial", "more trials")}</p>}
      {count === 0 && <NoRow data={data} selection={selection} />}
    </div>
  );
}

/** The heads of columns, which sort by them. */
function Heads({ view, template }: { view: TrialsView; template: string }) {
  const { key, isDown } = view.sort.value;
  return (
    <div class="grid-row" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
      {view.columns.value.map((column) => (
        <div role="columnheader" class={column.isRight ? "right" : ""} aria-sort={key !== column.key ? "none" : isDown ? "descending" : "ascending"}>
          {column.key === "curve" ? column.title : <button title={column.title} onClick={() => view.sortBy(column)}>{column.title}</button>}
        </div>
      ))}
    </div>
  );
}

/** The reason of the trial that is pointed at, or whose row was gone to last, in full: a row has room for its beginning. */
function InFull({ data, selection, keys }: Both & { keys: RowKeys }) {
  data.version.value;
  const trial = selection.hovered.value ?? keys.active.value;
  const row = trial === null ? -1 : data.trials.rowOf(trial);
  if (row < 0) return <p class="in-full small quiet">Point at a trial, tap it or go to it by keys, and why it ended stands here in full.</p>;
  const [state, why] = [data.trials.state[row], beyondWord(data.trials.state[row], data.trials.why[row])];
  return <p class="in-full small">Trial {trial} <State state={state} />{why && ` · ${why}`}</p>;
}

/** In place of rows: why there is none. */
function NoRow({ data, selection }: Both) {
  return (
    <div class="empty">
      <h2>{data.trials.size ? "No trial passes the filter" : "No trial yet"}</h2>
      {selection.problems.value.map((sentence) => <p>{sentence}</p>)}
      {data.trials.size > 0 && <button class="button" onClick={() => selection.clear()}>Show all</button>}
    </div>
  );
}

/** How far it is scrolled, and how much is in sight. */
type Scroll = Signal<{ top: number; height: number }>;

function useScroll(frame: RefObject<HTMLDivElement | null>): Scroll {
  const scroll = useSignal({ top: 0, height: 600 });
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const clientHeight = frame.current?.clientHeight ?? 0;
      if (clientHeight && clientHeight !== scroll.peek().height) scroll.value = { ...scroll.peek(), height: clientHeight };
    });
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  return scroll;
}

/** Drawn again only when other rows come in sight. */
function look(scroll: Scroll, { scrollTop, clientHeight }: HTMLElement): void {
  const top = Math.floor(scrollTop / rowHeight()) * rowHeight();
  if (top !== scroll.peek().top || clientHeight !== scroll.peek().height) scroll.value = { top, height: clientHeight };
}

/** Brings the row that keys are at into sight. */
function reveal(frame: HTMLElement, place: number): void {
  if (place < 0) return;
  const height = rowHeight();
  const head = frame.querySelector<HTMLElement>(".grid-head")!.offsetHeight;
  const top = place * height;
  if (top < frame.scrollTop) frame.scrollTop = top;
  else frame.scrollTop = Math.max(frame.scrollTop, top + height + head - frame.clientHeight);
}
