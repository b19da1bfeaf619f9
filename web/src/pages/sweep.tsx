/** One sweep: what it is about, how far it is, its charts and its trials. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { address, keepInAddress } from "../app/router";
import { useTitle } from "../app/title";
import { positionsOf } from "../data/columns";
import { showCount, showNumber, showWhole } from "../data/format";
import { HttpSource } from "../data/http";
import { Selection } from "../data/selection";
import { SweepData } from "../data/sweep";
import { fromWire, type SweepHead, type Wire } from "../data/types";
import { Charts } from "../parts/charts";
import { Actions } from "../parts/actions";
import { Announcer } from "../parts/announcer";
import { CopyBest, CopySweep } from "../parts/copying";
import { FailureNotice, FailurePage } from "../parts/failure";
import { Given } from "../parts/given";
import { Lost } from "../parts/lost";
import { Progress, sentence } from "../parts/progress";
import { State, stateWord } from "../parts/state";
import { Ticking } from "../parts/ticking";
import { TrialsTable } from "../parts/trials-table";

export function SweepPage({ id }: { id: string }) {
  const data = useMemo(() => new SweepData(new HttpSource(id)), [id]);
  const selection = useMemo(() => new Selection(data, positionsOf(data)), [data]);
  useEffect(() => {
    const stop = keepInAddress(selection, (parts) => parts.length === 2 && parts[1] === id);
    void data.open();
    return () => {
      stop();
      data.close();
    };
  }, [data]);
  const head = data.head.value;
  useTitle(head && titleOf(head));
  if (data.error.value && !head)
    return (
      <FailurePage title="This sweep cannot be shown" text={data.error.value} again={data.isMissing.value ? undefined : data.again}>
        <a class="button" href="#/">All sweeps</a>
      </FailurePage>
    );
  if (!head) return <main><p class="notice" role="status">Loading …</p></main>;
  return (
    <main>
      <SweepHeader head={head} data={data} isLinked>
        {head.kind === "run" && <a class="button" href={address(["sweeps", id, "trials", 0])}>Log and files</a>}
        <Actions head={head} />
      </SweepHeader>
      {data.error.value && <FailureNotice text={`This page does not follow the sweep: ${data.error.value}`} again={data.again} />}
      <SweepBody data={data} selection={selection} id={id} />
    </main>
  );
}

/** 'digits · 12 of 40, running' and, once it has ended, how: progress would say nothing more. */
function titleOf(head: SweepHead): string[] {
  const { done, total } = head.counts;
  const state = stateWord(head.status) + (head.is_over || head.has_engine ? "" : ", no engine");
  return [head.display_name ?? head.experiment, head.is_over ? state : `${showWhole(done)} of ${showWhole(total)}, ${state}`];
}

/** Whether it must be said of the best trial what became of it. */
const isOdd = (state: string) => state !== "completed" && state !== "running";

/** The charts and the table: the same in an exported file and in a notebook, where no trial has a page (`id` null). */
export function SweepBody({ data, selection, id }: { data: SweepData; selection: Selection; id: string | null }) {
  return (
    <div class="stack">
      <Charts data={data} selection={selection} />
      <Afterwards>
        <TrialsTable data={data} selection={selection} sweepId={id} />
      </Afterwards>
      <Announcer said={selection.said} />
    </div>
  );
}

/** In the page as soon as what stands above it has been seen: nothing in sight waits for it. */
function Afterwards({ children }: { children: ComponentChildren }) {
  const isDue = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => (isDue.value = true));
    return () => clearTimeout(timer);
  }, []);
  return isDue.value ? children : null;
}

/** The id of a sweep or trial, as in the tag of a sweep that runs one again. */
const RUN_ID = /^HD_[0-9a-f-]{36}(_\d+)?$/;
const pageOf = (id: string) => {
  const [, sweep, trial] = /^(HD_[^_]+)_?(\d*)$/.exec(id)!;
  return address(trial ? ["sweeps", sweep, "trials", trial] : ["sweeps", sweep]);
};

/** What the sweep is and how far; what can be asked of it are the children. */
export function SweepHeader({ head, data, isLinked, children }: { head: SweepHead; data: SweepData; isLinked?: boolean; children?: ComponentChildren }) {
  const facts: [string, ComponentChildren][] = [];
  const trial = (number: number) => (isLinked ? <a href={address(["sweeps", head.id, "trials", number])}>{number}</a> : number);
  if (head.best && head.metric)
    facts.push([
      `Best ${head.metric.name}`,
      <>
        {showNumber(fromWire(head.best.value as Wire))} <small>trial {trial(head.best.trial)}{isOdd(head.best.state) && `, ${stateWord(head.best.state)}`}</small>
      </>,
    ]);
  const explained = data.explained.value;
  const believed = explained && typeof explained === "object" && explained.interval === null ? explained.believed[0] : undefined;
  if (believed && head.metric)
    facts.push([
      `Best believed ${head.metric.name}`,
      <>
        {showNumber(fromWire(believed.mean as Wire))} <small>± {showNumber(Number(Number(believed.deviation).toPrecision(2)))}, trial {trial(believed.trial)}</small>
      </>,
    ]);
  const since = () => data.now() - head.now;
  // Charts count from the first trial on, which may have waited for a slot.
  facts.push(["Duration", <><Ticking seconds={() => head.run_time_s + since()} /> <small>{head.is_over || head.has_engine ? "from the submit on" : "as long as an engine ran"}</small></>]);
  const left = head.seconds_left;
  if (left !== null && head.status === "Running") facts.push(["Left, about", <Ticking seconds={() => left - since()} />]);
  if (head.saved > 0)
    facts.push(["Saved by stopping early", <>{Math.round((100 * head.saved) / (head.saved + head.intervals))} % <small>{showCount(head.saved, "interval")}</small></>]);
  return (
    <div class="page-head">
      <div class="row spread">
        <div class="row">
          <h1>{head.display_name ?? head.experiment}</h1>
          <State state={head.status} />
          <span class="mono small quiet hide-narrow">{head.display_name && `${head.experiment} · `}{head.id}</span>
          {!head.is_over && !data.isLive.value && <Lost />}
        </div>
        <div class="row">
          <CopySweep source={data.source} />
          {children}
        </div>
      </div>
      <Progress counts={head.counts} />
      <p class="quiet">{sentence(head.counts)}{head.reason && head.reason !== sentence(head.counts) ? ` · ${head.reason}` : ""}</p>
      {head.warnings.map((text) => <p class="notice">{text}</p>)}
      {head.notes.length > 0 && <Notes head={head} />}
      {head.description && <p>{head.description}</p>}
      {Object.keys(head.tags).length > 0 && (
        <ul class="tags" aria-label="Tags">
          {Object.entries(head.tags).map(([name, value]) => (
            <li>
              {name}
              {value && <b>{isLinked && RUN_ID.test(value) ? <a href={pageOf(value)}>{value}</a> : value}</b>}
            </li>
          ))}
        </ul>
      )}
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {head.best && Object.keys(head.best.configuration).length > 0 && (
        <div class="row best-given" role="group" aria-label="The best trial's configuration">
          <span class="small quiet">Best configuration</span>
          <Given configuration={head.best.configuration} label={`Configuration of trial ${head.best.trial}`} />
          <CopyBest source={data.source} />
        </div>
      )}
    </div>
  );
}

/** What its engine had to say to the user: the last sentence, and behind it those before. */
function Notes({ head }: { head: SweepHead }) {
  const [last, ...earlier] = [...head.notes].reverse();
  const count = earlier.length + head.notes_before;
  if (!count) return <p class="small">{last!.text}</p>;
  return (
    <details class="small">
      <summary>{last!.text} <span class="quiet">(and {showCount(count, "note")} before)</span></summary>
      <ul class="lines">
        {earlier.map((note) => <li>{note.text}</li>)}
      </ul>
      {head.notes_before > 0 && <p class="quiet">{showCount(head.notes_before, "note")} before these: <code>overdrive show {head.id} --json</code> has all.</p>}
    </details>
  );
}
