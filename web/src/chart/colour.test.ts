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
