/** All sweeps and single runs of the workspace. */
import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { address, go, keepInAddress, setQuery } from "../app/router";
import { useTitle } from "../app/title";
import { MOST } from "../chart/sweep-lines";
import { secondsNow } from "../data/clock";
import { showAgo, showCount, showNumber, showPart, showWhole } from "../data/format";
import { get } from "../data/http";
import { Reload } from "../data/reload";
import { follow } from "../data/stream";
import type { SweepLine, SweepPage, Wire } from "../data/types";
import { fromWire } from "../data/types";
import { FailureNotice } from "../parts/failure";
import { Lost } from "../parts/lost";
import { doneOf, Progress, sentence } from "../parts/progress";
import { State } from "../parts/state";
import { Ticking } from "../parts/ticking";

const PAGE = 100;
/** Sweeps in one answer at most. */
const MOST_LISTED = 500;
const COLUMNS: [string, string, string][] = [
  ["experiment", "Experiment", ""],
  ["status", "Status", ""],
  ["progress", "Progress", ""],
  ["best", "Best", "right"],
  ["saved", "Saved", "right"],
  ["duration", "Duration", "right"],
  ["created", "Started", "right"],
];

const USUAL = { key: "created", isDown: true };
const isUsual = ({ key, isDown }: typeof USUAL) => key === USUAL.key && isDown === USUAL.isDown;

export function SweepsPage() {
  const page = useSignal<SweepPage | null>(null);
  const error = useSignal<string | null>(null);
  const loadedAt = useSignal(0);
  const search = useSignal("");
  const sort = useSignal(USUAL);
  const count = useSignal(PAGE);
  const marked = useSignal<ReadonlySet<string>>(new Set());
  const now = useSignal(Date.now() / 1000);
  /** Since when nothing is heard of the list; null while it is followed. */
  const lostAt = useSignal<number | null>(null);
  const reload = useRef<Reload | null>(null);

  // Whoever comes back finds the same sweeps ticked and searched for.
  useEffect(
    () =>
      keepInAddress(
        {
          write: () => ({
            ticked: [...marked.value].join(",") || null,
            search: search.value || null,
            sort: isUsual(sort.value) ? null : `${sort.value.key}~${sort.value.isDown ? "down" : "up"}`,
          }),
          read: (query) => {
            marked.value = new Set((query.get("ticked") ?? "").split(",").filter(Boolean).slice(0, MOST));
            search.value = query.get("search") ?? "";
            const [key, way] = (query.get("sort") ?? "").split("~");
            sort.value = COLUMNS.some(([name]) => name === key) ? { key, isDown: way !== "up" } : USUAL;
          },
        },
        (parts) => parts.length === 0,
      ),
    [],
  );

  // What is asked for now takes the place of what was asked for before, at once.
  useEffect(() => {
    let isGone = false;
    const load = async () => {
      try {
        const found = await listed({ search: search.value, sort: sort.value.key, descending: sort.value.isDown }, count.value);
        if (!isGone) [page.value, error.value, loadedAt.value] = [found, null, Date.now() / 1000];
      } catch (problem) {
        if (!isGone) error.value = (problem as Error).message;
        throw problem;
      }
    };
    const own = (reload.current = new Reload(load, 500));
    own.ask();
    return () => {
      isGone = true;
      own.close();
    };
  }, [search.value, sort.value, count.value]);
  useEffect(() => {
    if (!page.value) return;
    return follow({ address: (cursor) => `/api/stream?version=${cursor}`, cursor: page.value.version, on: { list: () => reload.current?.ask() }, onState: (isOpen) => lostAt.value = isOpen ? null : (lostAt.peek() ?? Date.now() / 1000) });
  }, [page.value === null]);
  useEffect(() => {
    // How long ago something was is said anew every half minute.
    const timer = setInterval(() => (now.value = Date.now() / 1000), 30_000);
    return () => clearInterval(timer);
  }, []);

  const compare = () => {
    const sweeps = [...marked.value].join(",");
    setQuery({ ticked: sweeps }); // at once: what was ticked last may not stand there yet
    go(address(["compare"], new URLSearchParams({ sweeps })));
  };
  const found = page.value;
  useTitle(["Sweeps"]);
  return (
    <main>
      <div class="page-head">
        <div class="row spread">
          <div class="row">
            <h1>Sweeps</h1>
            {lostAt.value !== null && <Lost />}
          </div>
          <div class="row">
            <label>
              <span class="hidden-text">Search sweeps</span>
              <input class="field" type="search" placeholder="Search: name, status, tag" size={28} value={search.value} onInput={(event) => (search.value = event.currentTarget.value)} />
            </label>
          </div>
        </div>
      </div>
      {error.value && <FailureNotice text={error.value} again={() => reload.current?.again()} />}
      {found === null ? !error.value && <p class="notice" role="status">Loading …</p> : found.total === 0 ? <Nothing search={search.value} /> : (
        <div class="card table-frame whole" tabIndex={0} role="region" aria-label="Table of sweeps">
          <table class="list-table stacked sweeps">
            <thead>
              <tr>
                <th><span class="hidden-text">Compare</span></th>
                {COLUMNS.map(([key, title, kind]) => (
                  <th scope="col" class={kind} aria-sort={sort.value.key !== key ? "none" : sort.value.isDown ? "descending" : "ascending"}>
                    <button onClick={() => (sort.value = { key, isDown: sort.value.key === key ? !sort.value.isDown : key !== "experiment" })}>{title}</button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.rows.map((line) => (
                <Line key={line.id} line={line} now={now.value} loadedAt={loadedAt.value} lostAt={lostAt} isMarked={marked.value.has(line.id)} isFull={marked.value.size >= MOST} onMark={() => {
                  const changed = new Set(marked.value);
                  if (!changed.delete(line.id)) changed.add(line.id);
                  marked.value = changed;
                }} />
              ))}
            </tbody>
          </table>
          {found.total > found.rows.length && <p class="notice"><button class="button" onClick={() => (count.value += PAGE)}>Show more</button> {found.rows.length} of {found.total.toLocaleString("en")}</p>}
        </div>
      )}
      {marked.value.size > 1 && (
        <div class="card at-hand" role="group" aria-label="Sweeps that are ticked">
          <button class="button primary" onClick={compare}>Compare {marked.value.size}</button>
          <button class="button bare" onClick={() => (marked.value = new Set())}>Let go of all</button>
          {marked.value.size >= MOST && <span class="small quiet" role="status">{MOST} are compared at most: let go of one to tick another</span>}
        </div>
      )}
    </main>
  );
}

/** The first `count` sweeps that are asked for, in as many answers as it takes. */
async function listed(asked: { search: string; sort: string; descending: boolean }, count: number): Promise<SweepPage> {
  const offsets = Array.from({ length: Math.ceil(count / MOST_LISTED) }, (_, at) => at * MOST_LISTED);
  const pages = await Promise.all(offsets.map((offset) => get<SweepPage>("/sweeps", { ...asked, offset, limit: Math.min(MOST_LISTED, count - offset) })));
  // A sweep that began meanwhile has moved the others on: none stands there twice.
  const rows = new Map(pages.flatMap((each) => each.rows).map((line) => [line.id, line]));
  return { ...pages[0], rows: [...rows.values()] };
}

function Line({ line, now, loadedAt, lostAt, isMarked, isFull, onMark }: { line: SweepLine; now: number; loadedAt: number; lostAt: ReadonlySignal<number | null>; isMarked: boolean; isFull: boolean; onMark: () => void }) {
  return (
    <tr>
      <td class="at-mark"><input type="checkbox" checked={isMarked} onChange={onMark} aria-label={`Compare ${line.experiment}, ${line.id}`} disabled={line.kind === "run" || (isFull && !isMarked)} title={isFull && !isMarked ? `${MOST} sweeps are compared at most` : undefined} /></td>
      <td class="at-name">
        <a href={address(["sweeps", line.id])}><b>{line.display_name ?? (line.experiment || line.id)}</b></a>
        <div class="small quiet clamped">{line.display_name && `${line.experiment} · `}<span class="mono">{line.id.slice(0, 11)}</span>{Object.entries(line.tags).map(([key, value]) => <span> · {key} {value}</span>)}{line.kind === "run" && " · single run"}</div>
      </td>
      <td class="at-state"><State state={line.status} />{line.reason && (line.status !== "Completed" || (line.metric && !line.best)) && <div class="small quiet clamped" title={line.reason}>{line.reason}</div>}</td>
      <td class="at-progress"><Progress counts={line.counts} /><div class="small quiet number" title={sentence(line.counts)}>{doneOf(line.counts)}</div></td>
      <td class="at-best right">{line.best && <><b>{showNumber(fromWire(line.best.value as Wire))}</b><div class="small quiet">{line.metric?.name}</div></>}</td>
      <td class="right" data-head="Saved">{line.saved ? <span title={`${showCount(line.saved, "interval")} of ${showWhole(line.saved + (line.intervals ?? 0))}, by stopping early`}>{showPart(line.saved / (line.saved + (line.intervals ?? 0)))}<div class="small quiet">{showCount(line.saved, "interval")}</div></span> : null}</td>
      <td class="right" data-head="Duration"><Ticking seconds={() => line.ran_s + (line.grows ? Math.max(0, (lostAt.value ?? secondsNow()) - loadedAt) : 0)} /></td>
      <td class="right" data-head="Started">{showAgo(line.created_at, now)}</td>
    </tr>
  );
}

function Nothing({ search }: { search: string }) {
  if (search) return <div class="card empty"><h2>No sweep matches “{search}”</h2></div>;
  return (
    <div class="card empty">
      <h2>No sweep yet</h2>
      <p>The first one appears here by itself. Start one, for example:</p>
      <code>overdrive tune train.py --space lr='loguniform(-7, -1)' --metric accuracy --goal maximize</code>
    </div>
  );
}
