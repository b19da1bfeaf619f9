import { expect, it } from "vitest";
import { scaleOf, timeTicksOf } from "./axes";

it.each([
  [0, 1074, 10, [0, 120, 240, 360, 480, 600, 720, 840, 960]],
  [0, 95, 8, [0, 15, 30, 45, 60, 75, 90]],
  [50, 70, 4, [50, 55, 60, 65, 70]],
  [0, 400_000, 5, [0, 86_400, 172_800, 259_200, 345_600]],
  [0, 2, 4, [0, 0.5, 1, 1.5, 2]],
])("a time axis from %s to %s s has its ticks where clocks have them", (low, high, count, ticks) =>
  expect(timeTicksOf(scaleOf(low, high, 0, 500), count)).toEqual(ticks),
);
