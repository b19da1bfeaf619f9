/** Studio's own server as a source. */
import { linesOf } from "./curves";
import { takeEarly } from "./early";
import type { CurvesPart, CurveWish, Opening, Source } from "./source";
import { follow } from "./stream";
import type { Answer, Asked, Code, Curves, Explained, SweepChange, Timeline, TrialColumns, Values } from "./types";

/** What the server refused, in its own sentence. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Called when the server no longer knows this browser. */
export const onLoggedOut: { call: () => void } = { call: () => {} };

/** The browser's own words for a server that is not there differ, and say little. */
async function reach(path: string, options?: RequestInit): Promise<Response> {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw new Error("Studio does not answer: it has ended, or the connection to it is lost", { cause: error });
  }
}

async function answer(response: Response): Promise<Response> {
  if (response.ok) return response;
  if (response.status === 401) onLoggedOut.call();
  const body = (await response.json().catch(() => null)) as { error?: string } | null;
  throw new Refused(response.status, body?.error ?? `the server answered ${response.status}`);
}

export async function get<T>(path: string, query: Record<string, string | number | boolean | undefined> = {}): Promise<T> {
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) text.set(key, String(value));
  const tail = text.size ? `${path.includes("?") ? "&" : "?"}${text}` : "";
  return (await answer(await reach(`/api${path}${tail}`))).json() as Promise<T>;
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await reach(`/api${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await answer(response);
  return (response.status === 204 ? null : await response.json()) as T;
}

export const segment = encodeURIComponent;

/** How long, milliseconds, until an answer is looked for the next time. */
const SOONEST = 200;
const LATEST = 2000;
/** Milliseconds until a page that has to load anew does: a server in trouble is not asked without end. */
const RESET = 500;

/** Leaves a request to a sweep. */
export const leave = (sweep: string, body: { kind: string; trial: number | null }): Promise<Asked> => post(`/sweeps/${segment(sweep)}/requests`, body);

/**
 * Waits for the answer to a request for `patience` milliseconds; null: nobody has answered yet. gone: ends the wait, too, since
 * nobody looks any more.
 */
export async function answerTo(id: string, patience: number, gone: AbortSignal): Promise<Answer | null> {
  const until = Date.now() + patience;
  for (let wait = SOONEST; Date.now() < until; wait = Math.min(LATEST, wait * 1.3)) {
    await new Promise((done) => setTimeout(done, wait));
    if (gone.aborted) return null;
    const answer = await get<Answer>(`/requests/${id}`);
    if (answer.state !== "waiting") return answer;
  }
  return null;
}

type WireOpening = Omit<Opening, keyof CurvesPart> & { curves: Curves };

export class HttpSource implements Source {
  private readonly base: string;

  constructor(private readonly id: string) {
    this.base = `/sweeps/${segment(id)}`;
  }

  async opening(): Promise<Opening> {
    const path = `${this.base}/opening`;
    const early = takeEarly(path);
    const { curves, ...rest } = early ? ((await (await answer(await early)).json()) as WireOpening) : await get<WireOpening>(path);
    return { ...rest, ...partOf(curves) };
  }

  trials(after: number): Promise<TrialColumns> {
    return get(`${this.base}/trials`, { after });
  }

  async curves({ only = [], ...wish }: CurveWish): Promise<CurvesPart> {
    const path = `${this.base}/curves`;
    const tail = only.map((trial) => `only=${trial}`).join("&");
    return partOf(await get<Curves>(tail ? `${path}?${tail}` : path, wish));
  }

  timeline(): Promise<Timeline> {
    return get(`${this.base}/timeline`);
  }

  code(): Promise<Code> {
    return get(`${this.base}/code`);
  }

  values(metric: string): Promise<Values> {
    return get(`${this.base}/values`, { metric });
  }

  async explained(gone: AbortSignal): Promise<Explained> {
    const { id } = await leave(this.id, { kind: "explain", trial: null });
    const answer = await answerTo(id, 600_000, gone);
    if (answer?.error) throw new Refused(422, answer.error);
    return this.explainedBefore();
  }

  explainedBefore(): Promise<Explained> {
    return get(`${this.base}/explained`);
  }

  follow(since: number, onChange: (change: SweepChange | null) => void, onState?: (isOpen: boolean) => void): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = follow({
      address: (cursor) => `/api${this.base}/stream?since=${cursor}`,
      cursor: String(since),
      on: {
        change: (change) => onChange(change as SweepChange),
        reset: () => {
          stop();
          timer = setTimeout(() => onChange(null), RESET);
        },
      },
      onState,
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }
}

const partOf = (curves: Curves): CurvesPart => ({ lines: linesOf(curves), next: curves.next });
