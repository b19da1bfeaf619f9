/** Trials that were stopped at the beginning of their curves do not set the range of what the curves reach. */
import { expect, test } from "vitest";
import type { SweepData } from "../data/sweep";
import type { Importance } from "../data/types";
import { rangeOf } from "./marginal";

const curve: Importance = {
  name: "lr",
  alone: 0.9,
  total: 0.9,
  marginal: [
    { value: 0, mean: 0.9, deviation: 0.01 },
    { value: 1, mean: 0.95, deviation: 0.01 },
  ],
};
const sweep = (best: (number | null)[], state: string[], goal = "maximize") =>
  ({ trials: { best, state }, version: { value: 0 }, metric: { value: { name: "metric", goal } } }) as unknown as SweepData;
const near = (...range: number[]) => range.map((value) => expect.closeTo(value, 6));

test("trials that were stopped are not part of the range", () => {
  const data = sweep([0.15, 0.16, 0.94, null, 0.97, 0.2], ["stopped_early", "cancelled", "completed", "completed", "completed", "failed"]);
  expect(rangeOf([curve], data, null)).toEqual(near(0.8825, 0.9875));
});

test("of those that completed it is the better half", () => {
  const data = sweep([9, 1.1, 1, 0.92], ["completed", "completed", "completed", "completed"], "minimize");
  expect(rangeOf([curve], data, null)).toEqual(near(0.875, 1.025));
});

test("where curves are of an earlier interval, final values are not part of it", () => {
  const data = sweep([0.15, 2], ["stopped_early", "completed"]);
  expect(rangeOf([curve], data, 8)).toEqual(near(0.8875, 0.9625));
});
