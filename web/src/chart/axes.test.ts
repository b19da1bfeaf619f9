import { expect, it } from "vitest";
import { apart, scaleOf, ticksOf, timeTicksOf } from "./axes";

it.each([
  [0, 1074, 10, [0, 120, 240, 360, 480, 600, 720, 840, 960]],
  [0, 95, 8, [0, 15, 30, 45, 60, 75, 90]],
  [50, 70, 4, [50, 55, 60, 65, 70]],
  [0, 400_000, 5, [0, 86_400, 172_800, 259_200, 345_600]],
  [0, 2, 4, [0, 0.5, 1, 1.5, 2]],
])("a time axis from %s to %s s has its ticks where clocks have them", (low, high, count, ticks) =>
  expect(timeTicksOf(scaleOf(low, high, 0, 500), count)).toEqual(ticks),
);

it.each([
  [1, 3, [1, 2, 3]],
  [1, 2, [1, 2]],
  [4, 4, [4]],
  [0, 1000, [0, 200, 400, 600, 800, 1000]],
])("an axis that counts from %s to %s has whole ticks", (low, high, ticks) => expect(ticksOf(scaleOf(low, high, 0, 500), 5, true)).toEqual(ticks));

it.each([
  [0.0017, 0.083, [0.002, 0.005, 0.01, 0.02, 0.05]],
  [1e-6, 1, [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]],
  [2, 7, [2, 3, 4, 5, 6, 7]],
  [1e-30, 1, [1e-30, 1e-25, 1e-20, 1e-15, 1e-10, 1e-5, 1]],
])("a logarithmic axis from %s to %s has ticks to read it by", (low, high, ticks) => {
  const found = ticksOf(scaleOf(low, high, 0, 500, true), 5);
  expect(found.map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
});

it.each([
  [30, 500, 15, 30],
  [30, 300, 15, 15],
  [30, 300, 100, 3],
  [2, 300, 400, 1],
  [0, 300, 10, 0],
])("of %s options along %s pixels, %s each, %s are written", (count, length, room, written) => {
  const ticks = Array.from({ length: count }, (_, at) => at);
  expect(apart(ticks, scaleOf(-0.5, count - 0.5, 0, length), () => room)).toHaveLength(written);
});
