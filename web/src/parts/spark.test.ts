import { expect, it } from "vitest";
import { Line } from "../data/curves";
import { pathOf, rangeOf } from "./spark";

const lineOf = (...values: number[]) => new Line(Float64Array.from(values.keys(), (at) => at + 1), Float64Array.from(values), values.length);

it("draws curves between the lowest and the highest value of all, not of their ends", () => {
  const [low, high] = [lineOf(0.1, 0.4, 0.6), lineOf(0.2, 0.5, 0.8)];
  const range = rangeOf([low, high, lineOf()]);
  expect(range.map((value) => value.toFixed(2))).toEqual(["0.10", "0.80"]);
  const heights = [...pathOf(low, [1, 3], range).matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y));
  expect(new Set(heights).size).toBe(3);
});

it("reaches to the few that went on where most were stopped early", () => {
  const lines = Array.from({ length: 1000 }, (_, at) => (at % 50 ? lineOf(0.1, 0.15) : lineOf(0.1, 0.5, 1)));
  expect(rangeOf(lines)[1]).toBe(1);
});

it("is flattened by no curve that diverges", () => {
  const lines = Array.from({ length: 40 }, (_, at) => lineOf(2, at ? 1 + at / 100 : 1e30));
  expect(rangeOf(lines)[1]).toBe(2);
});

it("has a range without a value", () => expect(rangeOf([lineOf(NaN)])).toEqual([0, 1]));
