/**
 * Where the reader was on each page that the back button leads to. A browser restores that itself only where the page is whole
 * at once; these ones load what they show.
 */

/** Milliseconds for which a page may grow until there is such a place on it. */
const PATIENCE = 10_000;
/** Milliseconds without growth after which a page is whole. */
const QUIET = 1500;

/** Page's entry in the browser's history → how far it, and each part that scrolls by itself, was scrolled. */
const places = new Map<number, Map<string, number>>();
let current = 0;
let last = 0;
let giveUp = () => {};

const WINDOW = "";
type Entry = { place?: number } | null;

/** From the start on; a page in a file leaves it to the browser. */
export function keepPlaces(): void {
  history.scrollRestoration = "manual";
  enter();
  addEventListener("popstate", () => enter());
  addEventListener("hashchange", () => (history.state as Entry)?.place === current || enter());
  addEventListener("scroll", () => keep(WINDOW, scrollY), { passive: true });
  for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(kind, () => giveUp(), { passive: true, capture: true });
}

/** Another entry of the history: a new one begins at its top. */
function enter(): void {
  giveUp();
  const known = (history.state as Entry)?.place;
  current = known ?? Math.max(last, Date.now()) + 1; // numbers of what was kept before a reload are not used again
  last = Math.max(last, current);
  if (known === undefined) history.replaceState({ ...history.state, place: current }, "");
  const wanted = places.get(current)?.get(WINDOW) ?? 0;
  giveUp = reach(wanted, () => scrollY, (y) => scrollTo(0, y), document.body);
}

/** A part of the page that scrolls by itself: where it was on this page before. Gives back what ends it. */
export function keepPlaceOf(name: string, frame: HTMLElement, content: Element): () => void {
  const entry = current;
  const note = () => entry === current && keep(name, frame.scrollTop);
  const end = reach(places.get(entry)?.get(name) ?? 0, () => frame.scrollTop, (y) => (frame.scrollTop = y), content);
  frame.addEventListener("scroll", note, { passive: true });
  return () => {
    end();
    frame.removeEventListener("scroll", note);
  };
}

function keep(name: string, y: number): void {
  if (!places.has(current)) places.set(current, new Map());
  places.get(current)!.set(name, y);
}

/**
 * Scrolls to `y` as soon as what is scrolled is as high as that, and again while what stands above still grows, unless something
 * else is done meanwhile.
 */
function reach(y: number, at: () => number, scroll: (y: number) => void, content: Element): () => void {
  scroll(y);
  if (!y) return () => {};
  const entry = current;
  let timer = setTimeout(() => end(), PATIENCE);
  const observer = new ResizeObserver(() => {
    if (entry !== current) return end();
    if (Math.abs(at() - y) >= 2) scroll(y);
    if (Math.abs(at() - y) >= 2) return;
    clearTimeout(timer);
    timer = setTimeout(() => end(), QUIET);
  });
  const end = () => (observer.disconnect(), clearTimeout(timer));
  observer.observe(content);
  return end;
}
