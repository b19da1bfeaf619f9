/**
 * The address: all behind the `#`, so that it never leaves the browser, and so that the same pages work from a file.
 * `#/sweeps/ID?trials=3,5`: path, then what is chosen on it.
 */
import { computed, signal } from "@preact/signals";

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
  history.replaceState(null, "", to);
  hash.value = to;
}

export function go(to: string): void {
  location.hash = to;
}
