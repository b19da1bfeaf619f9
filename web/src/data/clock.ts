/** Ticks once a second, as long as somebody watches it and the page is in sight: what goes on is said anew, nothing else is drawn. */
import { signal } from "@preact/signals";

let timer: ReturnType<typeof setInterval> | undefined;

const ticks = signal(0, {
  watched() {
    timer = setInterval(() => document.hidden || tick(), 1000);
    document.addEventListener("visibilitychange", onSight);
  },
  unwatched() {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", onSight);
  },
});
const tick = () => void (ticks.value += 1);
const onSight = () => document.hidden || tick();

/** This machine's time, seconds since 1970. Who watches it is told each second. */
export const secondsNow = (): number => (ticks.value, Date.now() / 1000);
