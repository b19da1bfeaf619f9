import { expect, it } from "vitest";
import { positionsOf } from "./columns";
import { FLAG, type Kept, LIST, numbers, oneOf, SET } from "./kept";
import { Selection } from "./selection";
import { columnsWith, sweepWith } from "./trials.fixture";

const make = () => {
  const data = sweepWith(columnsWith({ "a:b,c": [1, 2, 3, 4], kind: ["x", "y", "x", "y"] }), {
    space: { "a:b,c": ["uniform", [0, 5]], kind: ["choice", [["x", "y"]]] },
  });
  return { data, selection: new Selection(data, positionsOf(data)) };
};

it("narrows by filter and by ranges, several on one column", () => {
  const { selection } = make();
  expect([selection.passing.value, selection.isNarrow.value]).toEqual([4, false]);
  selection.setRange("param:a:b,c", [[0.5, 1.5], [3.5, 4.5]]);
  expect([...selection.mask.value]).toEqual([1, 0, 0, 1]);
  selection.filter.value = "kind=x";
  expect([...selection.mask.value]).toEqual([1, 0, 0, 0]);
  selection.setRange("param:a:b,c", []);
  expect(selection.passing.value).toBe(2);
  selection.clear();
  expect(selection.isNarrow.value).toBe(false);
});

it("passes through the address, whatever the names are", () => {
  const { selection } = make();
  selection.setRange("param:a:b,c", [[0.5, 1.5], [3.25, 4.5]]);
  selection.toggle(3);
  selection.toggle(1);
  selection.filter.value = "kind=x & 50%";
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(selection.write())) if (value) query.set(key, value);
  const { selection: other } = make();
  other.read(new URLSearchParams(query.toString()));
  expect(other.ranges.value).toEqual(selection.ranges.value);
  expect([...other.chosen.value]).toEqual([3, 1]);
  expect(other.filter.value).toBe("kind=x & 50%");
});

it("takes nonsense in the address for nothing", () => {
  const { selection } = make();
  selection.read(new URLSearchParams("trials=1,x,-2,1e9&ranges=nocolon,param:a:~,%25E0:1~2,b:nan~3,c:1~2~3"));
  expect([...selection.chosen.value]).toEqual([1]);
  expect(selection.ranges.value).toEqual({});
});

it("chooses one alone, or beside others", () => {
  const { selection } = make();
  selection.toggle(1, false);
  selection.toggle(2, false);
  expect([...selection.chosen.value]).toEqual([2]);
  selection.toggle(3, true);
  selection.toggle(2, true);
  expect([...selection.chosen.value]).toEqual([3]);
});

/** One choice of each kind. */
const choices = (selection: Selection) => ({
  metric: selection.kept<string>("metric", "accuracy", oneOf(() => ["accuracy", "log loss, all"])),
  log: selection.kept("log", false, FLAG),
  zoom: selection.kept("zoom", null, numbers(4)),
  axes: selection.kept("axes", null, LIST),
  turned: selection.kept<ReadonlySet<string>>("turned", new Set(), SET),
});
const valuesOf = (kept: Record<string, Kept<unknown>>) => Object.values(kept).map((each) => each.value);
const addressOf = (selection: Selection) => new URLSearchParams(Object.entries(selection.write()).filter((pair): pair is [string, string] => pair[1] !== null));

it("keeps in the address how charts are set, and nothing of what is as at first", () => {
  const { selection } = make();
  const kept = choices(selection);
  expect(addressOf(selection).toString()).toBe("");
  kept.metric.value = "log loss, all";
  kept.log.value = true;
  kept.zoom.value = [1, 2.5, -1e-9, 1e300];
  kept.axes.value = ["best", "param:a:b,c ~&%"];
  kept.turned.value = new Set(["param:a:b,c ~&%"]);
  const { selection: other } = make();
  const shared = choices(other);
  other.read(new URLSearchParams(addressOf(selection).toString()));
  expect(valuesOf(shared)).toEqual(["log loss, all", true, [1, 2.5, -1e-9, 1e300], ["best", "param:a:b,c ~&%"], new Set(["param:a:b,c ~&%"])]);
  kept.metric.value = "accuracy";
  kept.log.value = false;
  kept.zoom.value = kept.axes.value = null;
  kept.turned.value = new Set();
  expect(addressOf(selection).toString()).toBe("");
});

it("takes nonsense in the address for the settings of the beginning", () => {
  const { selection } = make();
  const kept = choices(selection);
  selection.read(new URLSearchParams("metric=no%20such&log=yes&zoom=1~2~3&axes=%25E0,,best,best&turned=%25&code=x"));
  expect(valuesOf(kept)).toEqual(["accuracy", false, null, ["best"], new Set()]);
  selection.read(new URLSearchParams("zoom=1~2~~NaN&metric="));
  expect([kept.zoom.value, kept.metric.value]).toEqual([null, "accuracy"]);
});
