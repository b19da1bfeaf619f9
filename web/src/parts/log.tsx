/** What a trial prints, followed live: the end at first, the rest when it is asked for, a window of it in memory. */
import { type Signal, signal, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { showSize } from "../data/format";
import { get } from "../data/http";
import { LogWindow } from "../data/log";
import { follow } from "../data/stream";
import { runsOf } from "../data/terminal";
import type { Output, TrialHead } from "../data/types";
import { Panel, Toggle } from "./panel";

/** Bytes that are fetched at once, as the server gives them. */
const PIECE = 256 * 1024;
/** Pixels from the end within which it counts as looked at. */
const NEAR = 24;

export function LogPanel({ base, head }: { base: string; head: TrialHead }) {
  const attempt = head.attempt || 1;
  const log = useMemo(() => new LogWindow(), [base, attempt]);
  const version = useSignal(0);
  const isFollowing = useMemo(() => signal(true), [log]) as Signal<boolean>;
  const frame = useRef<HTMLDivElement>(null);
  const restart = useSignal(0);
  const error = useSignal<string | null>(null);

  useEffect(() => {
    let stop = () => {};
    const begin = restart.peek() || !log.pieces.length ? -1 : log.last;
    stop = follow({
      // Of this attempt: bytes of another are none of its own, wherever a connection that broke goes on.
      address: (cursor) => `/api${base}/output/stream?first=${cursor}&attempt=${attempt}`,
      cursor: String(begin),
      on: {
        output: (piece) => {
          log.take(piece as Output, isFollowing.peek());
          version.value += 1;
        },
        end: () => stop(),
      },
    });
    return () => stop();
  }, [log, head.is_ended, restart.value]);
  // Where the end was put into sight: a scroll to there is not somebody's, even if more has been printed since.
  const own = useRef(-1);
  useLayoutEffect(() => {
    if (!isFollowing.value || !frame.current) return;
    frame.current.scrollTop = frame.current.scrollHeight;
    own.current = frame.current.scrollTop;
  }, [version.value, isFollowing.value]);

  const fetchPiece = (first: number, last: number) => get<Output>(`${base}/output`, { first, last, attempt });
  /** Fetches a part that somebody asked for; `put` gives it its place. What went wrong stands where the log does. */
  const look = async (first: number, last: number, put: (piece: Output) => void) => {
    isFollowing.value = false;
    try {
      put(await fetchPiece(first, last));
      error.value = null;
    } catch (problem) {
      error.value = (problem as Error).message;
    }
    version.value += 1;
  };
  const goBack = async () => {
    const element = frame.current!;
    const below = element.scrollHeight - element.scrollTop;
    await look(Math.max(0, log.first - PIECE), log.first, (piece) => log.prepend(piece));
    // What was in sight stays there.
    requestAnimationFrame(() => (element.scrollTop = element.scrollHeight - below));
  };
  const goToBeginning = async () => {
    await look(0, PIECE, (piece) => log.begin(piece));
    requestAnimationFrame(() => (frame.current!.scrollTop = 0));
  };
  const goOn = () => look(log.last, log.last + PIECE, (piece) => log.append(piece));
  const setFollowing = (isOn: boolean) => {
    isFollowing.value = isOn;
    if (isOn && log.last < log.size) restart.value += 1;
  };
  const onScroll = (element: HTMLElement) => {
    if (isFollowing.peek() && Math.abs(element.scrollTop - own.current) < 2) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (isAtEnd !== isFollowing.peek() && (!isAtEnd || log.last >= log.size)) isFollowing.value = isAtEnd;
  };
  version.value;
  const isEmpty = !log.length;
  return (
    <Panel title="Log" controls={<><span class="small quiet number">{showSize(log.size)}</span><Toggle label="Follow" isOn={isFollowing.value} onChange={setFollowing} title="Stay at the end" /></>}>
      {error.value && <p class="notice error" role="alert">This part of the log cannot be shown: {error.value}</p>}
      {log.first > 0 && (
        <p class="small">
          <button class="button bare small" onClick={() => void goBack()}>Show what is before ({showSize(log.first)})</button>
          <button class="button bare small" onClick={() => void goToBeginning()}>Go to the beginning</button>
        </p>
      )}
      <div ref={frame} class="code log" tabIndex={0} role="log" aria-live="off" aria-label="What the trial printed" onScroll={(event) => onScroll(event.currentTarget)}>
        {isEmpty ? (head.is_ended ? "It printed nothing." : "Nothing yet.") : log.pieces.map((piece) => <Printed key={piece.first} text={piece.text} />)}
      </div>
      {log.last < log.size && <p class="small"><button class="button bare small" onClick={() => void goOn()}>Show what follows ({showSize(log.size - log.last)})</button></p>}
    </Panel>
  );
}

/** A part of the log in the colours that were printed. Made again only when its text is another. */
function Printed({ text }: { text: string }) {
  return useMemo(() => <span>{runsOf(text).map((run) => (run.classes ? <span class={run.classes}>{run.text}</span> : run.text))}</span>, [text]);
}
