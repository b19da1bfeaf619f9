import { describe, expect, it } from "vitest";
import { matcher, unknownIn } from "./filter";
import { columnsWith, sweepWith } from "./trials.fixture";

const { trials } = sweepWith(
  columnsWith(
    { lr: [0.1, 0.01, 0.001], optimizer: ["adam", "sgd", "AdamW"], layers: [[1, 2], [3], null] },
    { state: ["completed", "stopped_early", "failed"], why: ["completed", "stopped at interval 5", "exit code 1: ValueError"], best: [0.9, null, NaN] },
  ),
);
const passing = (text: string) => {
  const matches = matcher(text);
  return trials.number.filter((_, row) => !matches || matches(trials, row));
};

describe("matcher", () => {
  it("lets everything through where nothing is asked", () => expect(matcher("  ")).toBeNull());
  it("finds words in states, reasons and values, whatever their case", () => {
    expect(passing("stopped")).toEqual([1]);
    expect(passing("valueerror")).toEqual([2]);
    expect(passing("adam")).toEqual([0, 2]);
    expect(passing("2")).toEqual([2]);
  });
  it.each(["status=stopped_early", 'status="stopped early"', "status=Stopped"])("finds %s as it is shown and as CSV has it", (text) =>
    expect(passing(text)).toEqual([1]));
  it("finds all of another state", () => expect(passing("status!=stopped")).toEqual([0, 2]));
  it("knows no column by the names that objects are born with", () => {
    expect(unknownIn("constructor=1 __proto__=2", [])).toEqual(["constructor", "__proto__"]);
    expect(passing("constructor!=1")).toEqual([]);
  });
  it("compares numbers as numbers and texts as texts", () => {
    expect(passing("lr<0.05")).toEqual([1, 2]);
    expect(passing("lr>=0.1")).toEqual([0]);
    expect(passing("optimizer=adam")).toEqual([0]);
    expect(passing("optimizer!=ADAM")).toEqual([1, 2]);
    expect(passing("optimizer<b")).toEqual([]);
  });
  it("wants every word", () => expect(passing("adam lr<0.05")).toEqual([2]));
  it("finds nothing by what is missing or not a number", () => {
    expect(passing("best>0")).toEqual([0]);
    expect(passing("best<=1")).toEqual([0]);
    expect(passing("nonsense>1")).toEqual([]);
  });
});

describe("names and values with blanks", () => {
  const data = sweepWith(columnsWith({ "batch size": [16, 32, 64], size: [1, 2, 3], text: ["a b", "b", "a  b"] }));
  const names = Object.keys(data.trials.values);
  const passing = (text: string) => {
    const matches = matcher(text, names);
    return data.trials.number.filter((_, row) => !matches || matches(data.trials, row));
  };
  it.each([
    ['"batch size">16', [1, 2]],
    ["batch size>16", [1, 2]],
    ["batch size >= 32 size<3", [1]],
    ["size = 3", [2]],
    ['text="a b"', [0]],
    ['"a b" size>0', [0]],
  ])("%s", (text, rows) => expect(passing(text)).toEqual(rows));
  it("tells what nothing is named", () => {
    expect(unknownIn("batch size>1 best>0 foo<3 bar", names)).toEqual(["foo"]);
  });
});
