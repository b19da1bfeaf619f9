import { effect } from "@preact/signals";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { secondsNow } from "./clock";

const page = { hidden: false, onSight: () => {} };
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", {
    get hidden() {
      return page.hidden;
    },
    addEventListener: (_: string, call: () => void) => (page.onSight = call),
    removeEventListener: () => (page.onSight = () => {}),
  });
});
afterEach(() => void vi.useRealTimers());

it("ticks once a second while it is watched and the page is in sight, and says the time at once when it is again", () => {
  const seen: number[] = [];
  const begun = Date.now() / 1000;
  const stop = effect(() => void seen.push(secondsNow() - begun));
  vi.advanceTimersByTime(2000);
  expect(seen).toEqual([0, 1, 2]);
  page.hidden = true;
  vi.advanceTimersByTime(60_000);
  expect(seen).toHaveLength(3);
  page.hidden = false;
  page.onSight();
  expect(seen.at(-1)).toBe(62);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
