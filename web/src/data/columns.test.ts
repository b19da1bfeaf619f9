import { expect, it } from "vitest";
import { columnOf, columnsOf, domainOf, isLogAxis, joined, offAxis, positionsOf, shortened, snapped } from "./columns";
import { columnsWith, sweepWith } from "./trials.fixture";

const space = { lr: ["loguniform", [-7, -1]], kind: ["choice", [["a", "b", "c"]]], size: ["uniform", [0, 1]] };
const data = sweepWith(columnsWith({ lr: [0.1, 0.01], kind: ["c", "z"], size: [0.5, 0.75] }), { space, metrics: ["accuracy", "loss"] });

it("has the hyperparameters first, in declared order", () => {
  expect(columnsOf(data).map((column) => column.key).slice(0, 4)).toEqual(["param:lr", "param:kind", "param:size", "best"]);
});

it("has places for options that no trial took, and for values that are no option", () => {
  const kind = columnOf(data, "param:kind")!;
  expect(kind.labels).toEqual(["a", "b", "c", "z"]);
  expect([kind.position(0), kind.position(1)]).toEqual([2, 3]);
  expect(kind.show(3)).toBe("z");
  expect(kind.domain).toEqual([-0.5, 3.5]);
});

it("tells options apart that look the same in four digits, and a number from its text", () => {
  const options = [0.12341, 0.12342, 1, "1", null];
  const close = sweepWith(columnsWith({ rate: [0.12342, "1"] }), { space: { rate: ["choice", [options]] } });
  const rate = columnOf(close, "param:rate")!;
  expect(rate.labels).toEqual(["0.12341", "0.12342", "1", "1", "None"]);
  expect([rate.position(0), rate.position(1), rate.place(null), rate.place(2)]).toEqual([1, 3, 4, NaN]);
});

it("knows which axis is logarithmic, and its ends", () => {
  expect(columnOf(data, "param:lr")).toMatchObject({ isLog: true, domain: [0.01, 0.1] });
  expect(columnOf(data, "param:size")).toMatchObject({ isLog: false, domain: [0.5, 0.75] });
});

it("is the same until trials change", () => {
  const before = columnsOf(data);
  expect(columnsOf(data)).toBe(before);
  data.trials.put({ ...columnsWith({ lr: [0.5], kind: ["a"], size: [0.1] }), number: [2] });
  data.version.value += 1;
  expect(columnOf(data, "param:lr")!.domain).toEqual([0.01, 0.5]);
  expect(positionsOf(data)("nonsense")).toBeNull();
});

it("fetches another metric's values when they are looked at, once", async () => {
  const asked: string[] = [];
  const values = async (metric: string) => (asked.push(metric), { trial: [1, 0], last: [0.25, "nan" as const] });
  const other = sweepWith(columnsWith({ lr: [0.1, 0.2] }), { space, metrics: ["accuracy", "loss"] }, { values });
  expect(columnOf(other, "metric:accuracy")).toBeNull();
  expect(columnOf(other, "metric:loss")!.position(1)).toBeNaN();
  columnOf(other, "metric:loss")!.position(0);
  await Promise.resolve();
  await Promise.resolve();
  const loss = columnOf(other, "metric:loss")!;
  expect([loss.position(0), loss.position(1), loss.domain]).toEqual([NaN, 0.25, [0.25, 0.25]]);
  expect(asked).toEqual(["loss"]);
});

it("has on a logarithmic axis what lies above 0, and says what does not", () => {
  const some = sweepWith(columnsWith({ n: [0, 4, 64, -2] }), { space: { n: ["qloguniform", [0, 6, 4]] } });
  const n = columnOf(some, "param:n")!;
  expect([isLogAxis(n), domainOf(n, true), domainOf(n, false)]).toEqual([true, [4, 64], [-2, 64]]);
  expect(offAxis(some, [n])).toEqual(["2 trials with n at or below 0 are not on its logarithmic axis."]);
  expect(offAxis(some, [columnOf(some, "best")!])).toEqual([]);
  const none = sweepWith(columnsWith({ n: [0, -1] }), { space: { n: ["uniform", [-1, 0]] } });
  expect(isLogAxis(columnOf(none, "param:n")!, true)).toBe(false);
});

it("has whole ticks where it counts, and where a hyperparameter has whole values alone", () => {
  const whole = sweepWith(columnsWith({ n: [1, 3], x: [0.5, 1] }), { space: { n: ["quniform", [1, 3, 1]], x: ["uniform", [0, 1]] } });
  const isWhole = (key: string) => columnOf(whole, key)!.isWhole;
  expect(["param:n", "trial", "intervals", "param:x", "best", "duration"].map(isWhole)).toEqual([true, true, true, false, false, false]);
});

it.each([
  [[0.1, 0.3], [-0.5, 0.5]],
  [[1.4, 1.6], [1.5, 2.5]],
  [[0.9, 1.1], [0.5, 1.5]],
  [[-3, 1.2], [-0.5, 1.5]],
  [[2.4, 9], [1.5, 2.5]],
  [[-0.5, 2.5], [-0.5, 2.5]],
] as [[number, number], [number, number]][])("a range %s of a choice has options: %s", (span, found) => {
  const kind = columnOf(sweepWith(columnsWith({ kind: ["a"] }), { space }), "param:kind")!;
  expect(snapped(kind, span)).toEqual(found);
});

it("leaves a range of numbers as it is, and joins those that overlap", () => {
  expect(snapped(columnOf(data, "param:size")!, [0.1, 0.2])).toEqual([0.1, 0.2]);
  expect(joined([[5, 6], [0, 2], [1, 3], [3, 4]])).toEqual([[0, 3], [3, 4], [5, 6]]);
});

it.each([
  [["adam", "sgd"], ["adam", "sgd"]],
  [["models/of-a-kind/version-1-large", "models/of-a-kind/version-12-large"], ["…1-large", "…12-large"]],
  [["a rather long name of one", "b rather long name of two"], ["a rather long…", "b rather long…"]],
  [["some rather long name one", "some rather long name two", "sgd"], ["…long name one", "…long name two", "sgd"]],
])("options %s stand beside an axis so that they differ", (texts, short) => expect(shortened(texts)).toEqual(short));

it("takes the names that objects are born with for names", () => {
  const born = sweepWith(columnsWith(JSON.parse('{"__proto__": ["=1"], "constructor": ["=2"], "toString": ["=3"]}')));
  expect(Object.entries(born.trials.values)).toEqual([["__proto__", ["=1"]], ["constructor", ["=2"]], ["toString", ["=3"]]]);
  expect([][0], "no other object has got anything").toBeUndefined();
});
