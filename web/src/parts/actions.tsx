/** What may be asked of a sweep or trial. A button leaves a request, and says what became of it. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { address, go } from "../app/router";
import { answerTo, leave } from "../data/http";
import type { SweepHead } from "../data/types";
import { Given } from "./given";

type Kind = "cancel" | "cancel_trial" | "resume" | "again";

const WORDS: Record<Kind, string> = { cancel: "Cancel sweep", cancel_trial: "Cancel trial", resume: "Resume", again: "Run the best again" };
const QUESTIONS: Partial<Record<Kind, string>> = { cancel: "Cancel this sweep?", cancel_trial: "Cancel this trial?", again: "Run it again?" };
/** Milliseconds after which it is said that an answer is late. */
const PATIENCE = 15_000;
const LATE = "Nobody has taken it up yet. It waits, and is done when overdrive studio comes to it: what keeps that is said in its terminal.";
const UNTOLD = "Left in the sweep's mailbox: its engine takes it up by itself.";

export function Actions({ head }: { head: SweepHead }) {
  return (
    <>
      {head.can.map((kind) => (
        <Ask key={kind} sweep={head.id} kind={kind} {...(kind === "again" ? againOf(head) : { trial: null })} />
      ))}
    </>
  );
}

export const RUN_AGAIN = "Run it again, with the same arguments?";
export const trialAgain = (trial: number) => `Run trial ${trial} again, in a sweep of its own?`;

const againOf = ({ kind, best }: SweepHead) =>
  kind === "run" ? { trial: 0, label: "Run again", question: RUN_AGAIN } : { trial: best?.trial ?? 0, question: trialAgain(best?.trial ?? 0), configuration: best?.configuration };

interface AskProps {
  sweep: string;
  kind: Kind;
  trial: number | null;
  label?: string;
  /** In place of the usual one; `configuration`: what it asks about. */
  question?: string;
  configuration?: Record<string, unknown>;
}

export function Ask(props: AskProps) {
  /** What it asks about, as it was then: on a live sweep another trial may be the best by the time that somebody says yes. */
  const asking = useSignal<AskProps | null>(null);
  const isSent = useSignal(false);
  const said = useSignal<{ text: string; isError: boolean } | null>(null);
  const gone = useMemo(() => new AbortController(), []);
  useEffect(() => () => gone.abort(), []);
  const frame = useRef<HTMLSpanElement>(null);
  /** Whether the button is to have the focus, which was on what stood in its place. */
  const isBack = useRef(false);
  useLayoutEffect(() => {
    if (isBack.current && !asking.value) frame.current?.querySelector("button")?.focus();
    isBack.current = asking.value !== null;
  });
  // A button that is gone, since what it asks for was done, leaves the focus to the page's head rather than to nothing.
  useLayoutEffect(() => () => {
    const main = frame.current?.contains(document.activeElement) ? document.querySelector<HTMLElement>("main h1") : null;
    if (main) queueMicrotask(() => ((main.tabIndex = -1), main.focus({ preventScroll: true })));
  }, []);
  const send = async ({ sweep, kind, trial }: AskProps) => {
    if (isSent.peek()) return;
    asking.value = null;
    isSent.value = true;
    said.value = { text: "asked …", isError: false };
    try {
      const { id, is_told } = await leave(sweep, { kind, trial });
      if (!is_told) return void (said.value = { text: UNTOLD, isError: false });
      let answer = await answerTo(id, PATIENCE, gone.signal);
      if (!answer) said.value = { text: LATE, isError: false };
      answer ??= await answerTo(id, Infinity, gone.signal);
      if (gone.signal.aborted || !answer) return; // who is on another page by now stays there
      said.value = answer.error ? { text: answer.error, isError: true } : { text: "taken up …", isError: false };
      if (kind === "again" && answer.run_id) go(address(["sweeps", answer.run_id]));
    } catch (error) {
      said.value = { text: (error as Error).message, isError: true };
    } finally {
      isSent.value = false;
    }
  };
  const asked = asking.value;
  if (asked)
    return (
      <span class="row" ref={frame} role="group" aria-label={QUESTIONS[asked.kind]}>
        <span>{asked.question ?? QUESTIONS[asked.kind]}</span>
        {asked.configuration && <Given configuration={asked.configuration} />}
        <button class="button primary" ref={focus} onClick={() => void send(asked)}>Yes</button>
        <button class="button" onClick={() => (asking.value = null)}>No</button>
      </span>
    );
  return (
    <span class="row asked" ref={frame}>
      {said.value && <span class={said.value.isError ? "small failed-text" : "small quiet"} role="status">{said.value.text}</span>}
      <button class="button" aria-disabled={isSent.value} onClick={() => isSent.value || (QUESTIONS[props.kind] ? (asking.value = props) : void send(props))}>{props.label ?? WORDS[props.kind]}</button>
    </span>
  );
}

/** One function, so that it is called once: the keys stay at No where the page is drawn again. */
const focus = (button: HTMLElement | null) => button?.focus();
