/**
 * The address: all behind the `#`, so that it never leaves the browser, and so that the same pages work from a file.
 * `#/sweeps/ID?trials=3,5`: path, then what is chosen on it.
 */
import { batch, computed, effect, signal, untracked } from "@preact/signals";

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

export const route = computed(() => {
  const [path, query = ""] = hash.value.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(query) };
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function address(parts: (string | number)[], query?: URLSearchParams): string {
  const tail = query && [...query].length ? `?${query}` : "";
  return `#/${parts.map((part) => encodeURIComponent(part)).join("/")}${tail}`;
}

/** Writes what is chosen into the address, without a step for the back button. */
export function setQuery(change: Record<string, string | null>): void {
  // Not watched: what is chosen on a page is no part of the next page's address.
  const { parts, query } = route.peek();
  const changed = new URLSearchParams(query);
  for (const [key, value] of Object.entries(change)) {
    if (value === null || value === "") changed.delete(key);
    else changed.set(key, value);
  }
  if (changed.toString() === query.toString()) return;
  const to = address(parts, changed);
  history.replaceState(history.state, "", to); // the entry stays the one whose place is kept
  hash.value = to;
}

/** Milliseconds between two writings: browsers refuse an address that is written at each movement of the pointer. */
const LEAST = 200;

/**
 * Keeps what a page shows in its address, and shows what another address of the same page says, such as one that somebody shared.
 * Gives back what ends it. `isHere`: whether the address is the page's.
 */
export function keepInAddress(shown: Addressed, isHere: (parts: string[]) => boolean): () => void {
  shown.read(route.peek().query);
  let [timer, last] = [0, -Infinity];
  const write = () => {
    [timer, last] = [0, performance.now()];
    if (isHere(route.peek().parts)) setQuery(untracked(() => shown.write()));
  };
  const stop = effect(() => {
    shown.write();
    if (performance.now() - last > LEAST) write();
    else timer ||= setTimeout(write, LEAST);
  });
  const onAddress = () => {
    if (!isHere(route.peek().parts)) return;
    clearTimeout(timer);
    timer = 0;
    batch(() => shown.read(route.peek().query));
  };
  addEventListener("hashchange", onAddress);
  return () => {
    stop();
    clearTimeout(timer);
    removeEventListener("hashchange", onAddress);
  };
}

/** What can be written into an address, and read from one. */
interface Addressed {
  write(): Record<string, string | null>;
  read(query: URLSearchParams): void;
}

export function go(to: string): void {
  location.hash = to;
}
