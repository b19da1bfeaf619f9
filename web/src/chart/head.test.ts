import { computed, effect } from "@preact/signals";
import { expect, it } from "vitest";
import { columnsOf, positionsOf } from "../data/columns";
import { Selection } from "../data/selection";
import { columnsWith, sweepWith } from "../data/trials.fixture";
import type { SweepHead } from "../data/types";
import { ranksOf } from "./colour";
import { courseOf } from "./sofar";

it("makes nothing anew for a head that differs in its clock and its counts alone", () => {
  const head = { space: { lr: ["uniform", [0, 1]] }, started_at: 100, has_engine: true, now: 1, counts: { done: 0 } };
  const data = sweepWith(columnsWith({ lr: [0.1, 0.2] }), head as unknown as Partial<SweepHead>);
  const drawn = [0, 0, 0];
  const all = [ranksOf(data, new Selection(data, positionsOf(data))), computed(() => columnsOf(data)), computed(() => courseOf(data, "time"))];
  const stops = all.map((each, at) => effect(() => (each.value, void (drawn[at] += 1))));
  // As it comes from the server: no part of it is the same object.
  const come = (changes: object) => (data.head.value = { ...structuredClone(data.head.peek()!), ...changes } as SweepHead);
  come({ now: 2, counts: { done: 1 } });
  expect(drawn).toEqual([1, 1, 1]);
  come({ metric: { name: "accuracy", goal: "minimize" } });
  expect(drawn).toEqual([2, 2, 2]);
  come({ space: { lr: ["loguniform", [-3, 0]] } });
  expect(drawn).toEqual([2, 3, 2]);
  data.version.value += 1;
  expect(drawn).toEqual([3, 4, 3]);
  stops.forEach((stop) => stop());
});
