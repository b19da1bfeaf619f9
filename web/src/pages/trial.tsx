/** One trial: what it was given, what it logged, printed and left, and how it ended. */
import { useSignal } from "@preact/signals";
import { isValidElement } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { address } from "../app/router";
import { useTitle } from "../app/title";
import { showCount, showDuration, showExact, showNumber, showSize, showTime, showValue, STATE_WORDS } from "../data/format";
import { get, HttpSource, segment } from "../data/http";
import { Reload } from "../data/reload";
import { secondsNow } from "../data/clock";
import { isLiving } from "../data/sweep";
import type { Curves, Logged, SweepChange, TrialHead, Wire } from "../data/types";
import { fromWire } from "../data/types";
import { linesOf } from "../data/curves";
import { LineChart } from "../chart/line";
import { Ask, RUN_AGAIN, trialAgain } from "../parts/actions";
import { CopyTrial, Id } from "../parts/copying";
import { FailureNotice, FailurePage } from "../parts/failure";
import { FilesPanel } from "../parts/files";
import { LoggedValues } from "../parts/logged";
import { LogPanel } from "../parts/log";
import { Lost } from "../parts/lost";
import { Panel } from "../parts/panel";
import { useReload } from "../parts/reloaded";
import { State } from "../parts/state";
import { Ticking } from "../parts/ticking";

export function TrialPage({ id, number }: { id: string; number: number }) {
  const head = useSignal<TrialHead | null>(null);
  const error = useSignal<string | null>(null);
  const loadedAt = useSignal(0);
  /** Since when nothing is heard of it; null while it is followed. */
  const lostAt = useSignal<number | null>(null);
  const again = useRef(() => {});
  const base = `/sweeps/${segment(id)}/trials/${number}`;
  useEffect(() => {
    let isGone = false;
    let stop = () => {};
    let isFollowing = false;
    const source = new HttpSource(id);
    const load = async () => {
      try {
        const found = await get<TrialHead>(base);
        if (isGone) return;
        [head.value, error.value, loadedAt.value] = [found, null, Date.now() / 1000];
        if (!isFollowing) watch(found.seq);
      } catch (problem) {
        if (!isGone) error.value = (problem as Error).message;
        throw problem;
      }
    };
    const reload = new Reload(load, 500);
    again.current = reload.again;
    // The sweep's stream tells when something happened to this trial, too.
    const watch = (seq: number) => {
      isFollowing = true;
      const onChange = (change: SweepChange | null) => {
        if (change === null) isFollowing = false; // the stream has ended, and begins anew with what is loaded now
        const hasEngine = change?.head ? change.head.has_engine || change.head.is_over : null;
        const isOther = hasEngine !== null && head.peek()?.is_ended === false && hasEngine === Boolean(head.peek()?.stands_still);
        if (change === null || isOther || change.trials.number.includes(number)) reload.ask();
      };
      stop = source.follow(seq, onChange, (isOpen) => (lostAt.value = isOpen ? null : (lostAt.peek() ?? Date.now() / 1000)));
    };
    reload.ask();
    return () => {
      isGone = true;
      stop();
      reload.close();
    };
  }, [base]);
  const found = head.value;
  useTitle(found && [found.run_id === found.sweep ? found.experiment : `Trial ${number} · ${found.experiment}`, STATE_WORDS[found.state] + (found.stands_still && ", no engine")]);
  if (!found && error.value)
    return (
      <FailurePage title="This trial cannot be shown" text={error.value} again={() => again.current()}>
        <a class="button" href={address(["sweeps", id])}>Its sweep</a>
      </FailurePage>
    );
  if (!found) return <main><p class="notice" role="status">Loading …</p></main>;
  // A single run is its only trial, and has its id.
  const isRun = found.run_id === found.sweep;
  return (
    <main>
      {error.value && <FailureNotice text={`This page does not follow the trial: ${error.value}`} again={() => again.current()} />}
      <div class="page-head">
        <div class="row spread small">
          <p><a href={address(["sweeps", id])}>{found.experiment}</a> <span class="quiet">/ {isRun ? "its one trial" : `trial ${number}`}</span></p>
          {!isRun && (
            <nav class="row" aria-label="Other trials">
              {number > 0 && <a href={address(["sweeps", id, "trials", number - 1])} rel="prev">← Trial {number - 1}</a>}
              {number + 1 < found.trials && <a href={address(["sweeps", id, "trials", number + 1])} rel="next">Trial {number + 1} →</a>}
            </nav>
          )}
        </div>
        <div class="row spread">
          <div class="row">
            <h1>{isRun ? found.experiment : `Trial ${number}`}</h1>
            <State state={found.state} />
            <Id id={found.run_id} />
            {!found.is_ended && lostAt.value !== null && <Lost />}
          </div>
          <div class="row">
            {!found.is_ended && <Ask sweep={id} kind="cancel_trial" trial={number} />}
            {found.is_ended && <Ask sweep={id} kind="again" trial={number} label="Run again" question={isRun ? RUN_AGAIN : trialAgain(number)} configuration={isRun ? undefined : found.configuration} />}
          </div>
        </div>
        {found.why && found.why !== STATE_WORDS[found.state] && <p class="quiet">{found.why}</p>}
        {found.stands_still && <p class="notice" role="status">{found.stands_still[0].toUpperCase() + found.stands_still.slice(1)}. The trial is shown as it stood when its engine ended. Its script may still run: what it logs is kept, and taken in when the sweep goes on.</p>}
        <dl class="facts">
          {found.metric && <Fact name={`Best ${found.metric.name}`}>{showNumber(fromWire(found.best as Wire)) || "–"} {found.best_interval !== null && <small>at interval {found.best_interval}</small>}</Fact>}
          {found.metric && <Fact name="Last">{showNumber(fromWire(found.last as Wire)) || "–"} <small>{showCount(found.intervals, "interval")}</small></Fact>}
          {/* What became of it since its engine ended is not known. */}
          <Fact name={found.stands_still ? "Since its start" : "Ran"}>{found.duration_s === null ? "–" : <Ticking seconds={() => found.duration_s! + (isLiving(found.state) ? Math.max(0, (lostAt.value ?? secondsNow()) - loadedAt.value) : 0)} />}</Fact>
          {found.attempt > 1 && <Fact name="Attempt">{found.attempt}</Fact>}
        </dl>
      </div>
      <div class="charts">
        <Panel title="Configuration" class="rest" controls={<CopyTrial id={id} number={number} />}>
          <Pairs pairs={Object.entries(found.configuration)} show={showExact} />
          <p class="small quiet">{found.suggested_because}</p>
        </Panel>
        {found.metrics.length > 0 && <MetricsPanel id={id} number={number} head={found} />}
        <LoggedPanels base={base} head={found} />
        <LogPanel base={base} head={found} />
        <FilesPanel base={base} head={found} />
        <Panel title="How it was started">
          <Pairs
            pairs={[
              ["command", [...found.command, ...found.arguments].join(" ")],
              ["arguments", found.arguments],
              ...Object.entries(found.environment).map(([name, value]): [string, unknown] => [`environment ${name}`, SECRET.test(name) ? <Hidden value={value} /> : value]),
              ...Object.entries(found.source),
              ["started", found.started_at && showTime(Date.parse(found.started_at) / 1000)],
              ["ended", found.ended_at && showTime(Date.parse(found.ended_at) / 1000)],
              ["threads", found.threads],
              ...Object.entries(found.exit ?? {}).filter(([, value]) => value !== null).map(([name, value]) => measured(name, value)),
              ["resumed from", found.resumed_from],
            ]}
          />
        </Panel>
        {found.verdicts.length > 0 && (
          <Panel title="Verdicts">
            <ul class="lines scrolled" tabIndex={0} aria-label="Verdicts, the last first">
              {found.verdicts.toReversed().map((each) => (
                <li>{each.sentence}</li>
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </main>
  );
}

const EXIT_WORDS: Record<string, string> = {
  cause: "how its script ended",
  code: "exit code",
  peak_rss_bytes: "peak memory, largest process",
  cpu_s: "CPU time",
  wall_s: "wall time",
  ended_at: "last process ended",
  disk_full: "disk was full",
};

const CAUSE_WORDS: Record<string, string> = {
  exit: "by itself",
  signal: "killed by a signal",
  oom: "killed, out of memory",
  stopped: "stopped on request",
  timeout: "stopped, it ran longer than it may",
  unstartable: "it could not be started",
  lost: "unknown: the process that watched it was lost",
};

const MARK_WORDS: Record<string, string> = { tag: "Tags", property: "Properties" };

/** A field of how its processes ended: the unit stands at the end of its name. */
function measured(name: string, value: unknown): [string, unknown] {
  const words = (unit: string) => EXIT_WORDS[name] ?? `end: ${name.slice(0, name.length - unit.length).replaceAll("_", " ")}`;
  if (name === "cause") return [words(""), CAUSE_WORDS[value as string] ?? value];
  if (typeof value !== "number") return [words(""), value];
  if (name.endsWith("_bytes")) return [words("_bytes"), showSize(value)];
  if (name.endsWith("_at")) return [words("_at"), showTime(value)];
  return name.endsWith("_s") ? [words("_s"), showDuration(value)] : [words(""), value];
}

/** Names of variables whose values are nobody's business who looks over a shoulder. */
const SECRET = /token|secret|passw|key|credential/i;

/** A value that is shown when it is asked for. */
function Hidden({ value }: { value: string }) {
  const isShown = useSignal(false);
  return isShown.value ? <>{value}</> : <>••• <button class="link" onClick={() => (isShown.value = true)}>Show</button></>;
}

function Fact(props: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Pairs({ pairs, show = showValue }: { pairs: [string, unknown][]; show?: (value: unknown) => string }) {
  return (
    <dl class="pairs">
      {pairs.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd class={typeof value === "object" ? "mono" : "number"}>{isValidElement(value) ? value : Array.isArray(value) ? value.map(show).join(" ") : show(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function MetricsPanel({ id, number, head }: { id: string; number: number; head: TrialHead }) {
  const curves = useSignal<Curves[]>([]);
  const error = useReload(async () => {
    const wanted = head.metrics.slice(0, 24).map((metric) => get<Curves>(`/sweeps/${segment(id)}/curves`, { metric, first: number, last: number, buckets: 400 }));
    curves.value = await Promise.all(wanted);
  }, `${head.seq}/${head.metrics.length}`);
  const lines = curves.value.flatMap((each, at) => {
    const line = linesOf(each).get(number);
    return line ? [{ name: head.metrics[at], line }] : [];
  });
  return (
    <Panel title="Metrics" class="wide">
      {error && <p class="notice error" role="alert">{error}</p>}
      {/* A curve of one point says less than its value. */}
      <dl class="facts single">{lines.filter(({ line }) => line.count === 1).map(({ name, line }) => <Fact name={name}>{showNumber(line.y[0])}</Fact>)}</dl>
      <div class="small-charts">{lines.filter(({ line }) => line.count > 1).map(({ name, line }) => <LineChart key={name} name={name} line={line} />)}</div>
      {head.metrics.length > 24 && <p class="quiet">The first 24 of {head.metrics.length} metrics.</p>}
    </Panel>
  );
}

function LoggedPanels({ base, head }: { base: string; head: TrialHead }) {
  const logged = useSignal<Logged | null>(null);
  const error = useReload(async () => void (logged.value = await get<Logged>(`${base}/logged`)), `${head.seq}`);
  const found = logged.value;
  if (!found) return error && <p class="notice error" role="alert">What it logged cannot be shown: {error}</p>;
  const hasOthers = Object.keys(found.values).length + Object.keys(found.marks).length + found.conflicts.length > 0;
  return (
    <>
      {found.images.length > 0 && (
        <Panel title="Images">
          <div class="pictures">
            {found.images.map(({ name, file }, at) => {
              const times = found.images.slice(0, at).filter((each) => each.name === name).length;
              const text = times ? `${name} (${times + 1})` : name;
              return (
                <figure>
                  {file ? (
                    <a href={`/api${base}/files/${file}`} download title="Download"><img class="picture" loading="lazy" src={`/api${base}/files/${file}`} alt={text} /></a>
                  ) : (
                    <p class="notice">This file is no picture that a browser shows, or it is gone.</p>
                  )}
                  <figcaption class="small">{text}</figcaption>
                </figure>
              );
            })}
          </div>
        </Panel>
      )}
      {hasOthers && (
        <Panel title="Tables and texts">
          {found.conflicts.map((text) => <p class="notice">{text}</p>)}
          <LoggedValues values={found.values} />
          {Object.entries(found.marks).map(([kind, values]) => (
            <section aria-label={kind}>
              <h3 class="small">{MARK_WORDS[kind] ?? kind}</h3>
              <Pairs pairs={Object.entries(values)} />
            </section>
          ))}
        </Panel>
      )}
    </>
  );
}
