import { expect, it } from "vitest";
import { positionsOf } from "./columns";
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
