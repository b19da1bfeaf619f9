import { computed, effect } from "@preact/signals";
import type { VNode } from "preact";
import { afterEach, expect, it, vi } from "vitest";
import { columnsWith, sweepWith } from "../data/trials.fixture";
import { shownOf } from "./trials-columns";

// The address, which links are made of: what a browser has.
vi.hoisted(() => Object.assign(globalThis, { location: { hash: "" }, addEventListener: () => {} }));

afterEach(() => void vi.useRealTimers());

it("has columns that neither a head nor a second changes, and durations that go on where a trial runs", () => {
  vi.useFakeTimers();
  vi.setSystemTime(150_000);
  vi.stubGlobal("document", { addEventListener: () => {}, removeEventListener: () => {} });
  const head = { space: { lr: ["uniform", [0, 1]] }, has_engine: true, is_over: false };
  const data = sweepWith(columnsWith({ lr: [0.1, 0.2] }, { state: ["running", "completed"], ended_at: [null, 200] }), head);
  const columns = computed(() => shownOf(data, null));
  const duration = columns.peek().find((column) => column.key === "duration")!;
  const seen = { columns: 0, sorted: 0, running: [] as number[] };
  const cell = duration.draw!(0, false) as VNode<{ seconds: () => number }>;
  const stops = [
    effect(() => (columns.value, void (seen.columns += 1))),
    effect(() => (duration.value(0), void (seen.sorted += 1))),
    effect(() => void seen.running.push(cell.props.seconds())),
  ];
  data.head.value = structuredClone(data.head.peek());
  vi.advanceTimersByTime(2000);
  expect(seen).toEqual({ columns: 1, sorted: 1, running: [50, 51, 52] });
  expect(duration.draw!(1, false)).toBe("1 min 40 s");
  data.isLive.value = false;
  vi.advanceTimersByTime(2000);
  expect(seen.running.at(-1)).toBe(52); // nothing is heard of it
  stops.forEach((stop) => stop());
});
