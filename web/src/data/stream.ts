/**
 * Server-sent events from a cursor. A stream reconnects by itself, also to a server that had ended and has come back, and a
 * page that is out of sight holds none: browsers give a server six connections, however many pages are open on it.
 */
import { get } from "./http";

/** Milliseconds: until a refused stream is tried again, at least and at most; until a page that is hidden lets go. */
const [SOONEST, LATEST, HIDDEN] = [1000, 15_000, 5000];

export interface StreamOptions {
  /** The address for what comes after a cursor. */
  address: (cursor: string) => string;
  /** Where to begin. */
  cursor: string;
  /** What is done with each kind of event. */
  on: Record<string, (data: unknown) => void>;
  onState?: (isOpen: boolean) => void;
}

/** Follows until it is told to stop: by what comes back. */
export function follow(options: StreamOptions): () => void {
  let { cursor } = options;
  let stream: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = SOONEST;
  let isStopped = false;

  const letGo = () => {
    clearTimeout(timer);
    stream?.close();
    stream = null;
  };
  const connect = () => {
    letGo();
    if (isStopped) return;
    const opened = (stream = new EventSource(options.address(cursor)));
    opened.onopen = () => {
      wait = SOONEST;
      options.onState?.(true);
    };
    opened.onerror = () => {
      options.onState?.(false);
      if (opened.readyState !== EventSource.CLOSED || stream !== opened) return; // the browser tries again itself
      get("/server").catch(() => {}); // which tells where the browser has to log in again
      timer = setTimeout(connect, wait);
      wait = Math.min(LATEST, wait * 2);
    };
    for (const [kind, act] of Object.entries(options.on))
      opened.addEventListener(kind, (event) => {
        const { data, lastEventId } = event as MessageEvent<string>;
        if (lastEventId) cursor = lastEventId;
        if (stream === opened) act(JSON.parse(data));
      });
  };
  const onSight = () => {
    if (document.hidden) {
      clearTimeout(timer); // nothing is tried again out of sight
      timer = setTimeout(() => document.hidden && letGo(), HIDDEN);
    } else if (!stream || stream.readyState === EventSource.CLOSED) connect();
  };
  document.addEventListener("visibilitychange", onSight);
  connect();
  return () => {
    isStopped = true;
    document.removeEventListener("visibilitychange", onSight);
    letGo();
  };
}
