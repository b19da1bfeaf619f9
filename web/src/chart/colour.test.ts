import { expect, it } from "vitest";
import { rankSteps, STEPS } from "./colour";

const last = STEPS - 1;

it.each([
  [[1, 2, 3], 1, [0, Math.round(last / 2), last]],
  [[1, 2, 3], -1, [last, Math.round(last / 2), 0]],
  [[5, 5, 5], 1, [last, last, last]],
  [[7], 1, [last]],
  [[1, 2, 2, 3], 1, [0, Math.round(last / 2), Math.round(last / 2), last]],
  [[NaN, null, 1, 2], 1, [-1, -1, 0, last]],
  [[], 1, []],
])("the values %j, better by %s, have the steps of their ranks, equal ones the same", (values, sign, steps) =>
  expect([...rankSteps(values, sign)]).toEqual(steps),
);

it("keeps the best apart from one another, and ranks those alone that are shown", () => {
  const values = Array.from({ length: 1000 }, (_, at) => at);
  const steps = rankSteps(values, 1, { isBest: true });
  expect([steps[999], steps[0]]).toEqual([last, 0]);
  expect(steps[999] - steps[950]).toBeGreaterThan(last / 3);
  const mask = Uint8Array.from(values, (value) => (value < 3 ? 1 : 0));
  expect([...rankSteps(values, 1, { mask })].slice(0, 4)).toEqual([0, Math.round(last / 2), last, -1]);
});
