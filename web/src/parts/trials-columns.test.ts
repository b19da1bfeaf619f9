import { computed, effect } from "@preact/signals";
import { expect, it, vi } from "vitest";
import { columnsWith, sweepWith } from "../data/trials.fixture";
import { shownOf } from "./trials-columns";

// The address, which links are made of: what a browser has.
vi.hoisted(() => Object.assign(globalThis, { location: { hash: "" }, addEventListener: () => {} }));

it("has columns that a head alone does not change, and durations that go on with it where a trial runs", () => {
  const data = sweepWith(columnsWith({ lr: [0.1, 0.2] }, { state: ["running", "completed"], ended_at: [null, 200] }), { space: { lr: ["uniform", [0, 1]] } });
  const columns = computed(() => shownOf(data, null));
  const seen = { columns: 0, running: 0, completed: 0 };
  const duration = (row: number) => columns.peek().find((column) => column.key === "duration")!.value(row);
  const stops = [
    effect(() => (columns.value, void (seen.columns += 1))),
    effect(() => (duration(0), void (seen.running += 1))),
    effect(() => (duration(1), void (seen.completed += 1))),
  ];
  data.head.value = structuredClone(data.head.peek());
  expect(seen).toEqual({ columns: 1, running: 2, completed: 1 });
  stops.forEach((stop) => stop());
});
