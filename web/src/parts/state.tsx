/** A trial's or sweep's state: a shape and a word, so that no colour is needed to tell them apart. */
import { STATE_WORDS } from "../data/format";

const SHAPES: Record<string, string> = {
  completed: "M5 0a5 5 0 1 1 0 10A5 5 0 0 1 5 0",
  running: "M1 0l9 5-9 5z",
  starting: "M1 0l9 5-9 5z",
  stopping: "M1 0l9 5-9 5z",
  stopped_early: "M0 0h3.5v10H0zM6.500 0H10v10H6.500z",
  failed: "M5 0l5 10H0z",
  lost: "M5 0l5 10H0z",
  cancelled: "M0 0h10v10H0z",
  queued: "M0 4h10v2H0z",
  completed_without_metric: "M5 0a5 5 0 1 1 0 10A5 5 0 0 1 5 0M5 2.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5",
};
const AZURE: Record<string, string> = { Running: "running", Completed: "completed", Canceled: "cancelled", Failed: "failed", Queued: "queued", Starting: "starting", CancelRequested: "stopping" };

export function State({ state, text }: { state: string; text?: string }) {
  const key = AZURE[state] ?? state;
  return (
    <span class={`state ${key}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <path d={SHAPES[key] ?? SHAPES.queued} fill="currentColor" fill-rule="evenodd" />
      </svg>
      {text ?? stateWord(state)}
    </span>
  );
}

export const stateWord = (state: string): string => STATE_WORDS[state] ?? AZURE_WORDS[state] ?? state;

/** What a sentence adds to the word of a trial's state: 'at interval 5: …' of 'stopped at interval 5: …'. */
export function beyondWord(state: string, why: string): string {
  const [first] = STATE_WORDS[state].split(" ", 1);
  return (why.startsWith(first) ? why.slice(first.length) : why).replace(/^[:,]?\s+/, "");
}

const AZURE_WORDS: Record<string, string> = { CancelRequested: "being cancelled", Canceled: "cancelled", Running: "running", Completed: "completed", Failed: "failed", Queued: "queued", Starting: "starting" };
