import { expect, it } from "vitest";
import { columnOf, columnsOf, positionsOf } from "./columns";
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
