import { describe, expect, it, vi } from "vitest";
import { fieldsOf } from "./fields";
import { filterOf } from "./filter";
import { columnsWith, sweepWith } from "./trials.fixture";

const read = (data: ReturnType<typeof sweepWith>, text: string) => filterOf(text, fieldsOf(data), data.trials);
const among = (data: ReturnType<typeof sweepWith>) => (text: string) => {
  const { test } = read(data, text);
  return data.trials.number.filter((_, row) => !test || test(row));
};

const data = sweepWith(
  columnsWith(
    { lr: [0.1, 0.01, 0.001], optimizer: ["adam", "sgd", "AdamW"], layers: [[1, 2], [3], null] },
    {
      number: [0, 1, 2],
      state: ["completed", "stopped_early", "failed"],
      why: ["completed", "stopped at interval 5, best by trial 13", "exit code 1: ValueError"],
      best: [0.9, null, NaN],
      last: [0.94016, 0.5, null],
      intervals: [1200, 7, 0],
      duration_s: [9.94, 65.4, 5400],
    },
  ),
);
const passing = among(data);
const problem = (text: string) => read(data, text).problems.join(" ");

describe("a filter", () => {
  it("lets everything through where nothing is asked", () => expect(read(data, "  ").test).toBeNull());
  it("finds words in states, reasons and values, whatever their case", () => {
    expect(passing("stopped")).toEqual([1]);
    expect(passing("valueerror")).toEqual([2]);
    expect(passing("adam")).toEqual([0, 2]);
  });
  it("takes a whole number for a trial's, and for a word where there is no such trial or in quotes", () => {
    expect(passing("2")).toEqual([2]);
    expect(passing("13")).toEqual([1]);
    expect(passing('"1"')).toEqual([1, 2]);
  });
  it.each(["status=stopped_early", 'status="stopped early"', "status=Stopped"])("finds %s as it is shown and as CSV has it", (text) => expect(passing(text)).toEqual([1]));
  it("finds all of another state", () => expect(passing("status!=stopped")).toEqual([0, 2]));
  it("knows no column by the names that objects are born with", () => {
    expect(problem("constructor=1 __proto__=2")).toMatch(/“constructor”.*“__proto__”/);
    expect(passing("constructor!=1")).toEqual([]);
  });
  it("compares numbers as numbers and texts as texts", () => {
    expect(passing("lr<0.05")).toEqual([1, 2]);
    expect(passing("lr>=0.1")).toEqual([0]);
    expect(passing("optimizer=adam")).toEqual([0]);
    expect(passing("optimizer!=ADAM")).toEqual([1, 2]);
    expect(passing("layers=[1, 2]")).toEqual([0]);
    expect(passing("layers=none")).toEqual([2]);
    expect(passing("trial>0 layers!=[3]")).toEqual([2]);
  });
  it("finds nothing by what is missing or not a number, but by its name", () => {
    expect(passing("best>0")).toEqual([0]);
    expect(passing("best<=1")).toEqual([0]);
    expect(passing("best!=0.9")).toEqual([2]);
    expect(passing("best=nan")).toEqual([2]);
  });
  it.each([
    ["last=0.9402", [0]],
    ["last>=0.9402", [0]],
    ["last!=0.9402", [1]],
    ["last=0.94016", [0]],
    ["last=0.94017", []],
    ["intervals=1,200", [0]],
    ["duration=9.9", [0]],
    ["duration=1 min 5 s", [1]],
    ['duration="1 h 30 min"', [2]],
  ])("finds %s as the table shows it", (text, rows) => expect(passing(text)).toEqual(rows));
  it.each([
    ["adam lr<0.05", [2]],
    ["best>=0.9 AND lr>0.001", [0]],
    ["lr>0.001,lr<0.05", [1]],
    ["lr > 0.001 , lr < 0.05", [1]],
    ["stopped && lr==0.01", [1]],
    ["lr=>0.01", [0, 1]],
    ["lr≤0.01", [1, 2]],
    ["duration>1min", [1, 2]],
    ["duration > 60 s lr<0.01", [2]],
  ])("holds all parts of %s", (text, rows) => expect(passing(text)).toEqual(rows));
  it.each([
    ["best>banana", "“best>banana”: “banana” is not a number, and best is compared with numbers."],
    ["lr<1 lr<", "“lr<” lacks what lr is compared with, behind <."],
    ["lr<<<", "“lr<<<”: “<<<” is no comparison; <, >, <=, >=, = and != are."],
    ["<5", "“<5” lacks a name before <, as in lr<0.1."],
    ["0.1<lr", "“0.1” stands where a name should: names come before what they are compared with, as in lr<0.1."],
    ["optimizer<b", "“optimizer<b”: words are compared by = and != alone, and “b” is not a number."],
    ["duration>5 apples duration>soon", "“duration>soon”: “soon” is not a time; seconds are (90), and 1 min 30 s, 2 h, 500 ms."],
    ["reason<a", "“reason<a”: reason has words, which only = and != compare."],
    ["adam OR sgd", "“OR” is not possible: all parts of a filter must hold. In quotes it is a word."],
    ["lrr>1", "Nothing is named “lrr” here: lr, optimizer, layers, trial, status, best, last, intervals, duration, reason are."],
  ])("says what is wrong in %s", (text, sentence) => {
    expect(problem(text)).toBe(sentence);
    expect(passing(text)).toEqual([]);
  });
  it("names the statuses that there are", () => expect(problem("status=done")).toMatch(/no status is “done”; queued, .*stopped early/));
});

describe("names and values with blanks", () => {
  const passing = among(sweepWith(columnsWith({ "batch size": [16, 32, 64], size: [1, 2, 3], text: ["a b", "b", "a  b"], "a,b": [1, 2, 3] })));
  it.each([
    ['"batch size">16', [1, 2]],
    ["batch size>16", [1, 2]],
    ["batch size >= 32 size<3", [1]],
    ["size = 3", [2]],
    ['text="a b"', [0]],
    ['"a b" size>0', [0]],
    ["size>1,a,b<3", [1]],
  ])("%s", (text, rows) => expect(passing(text)).toEqual(rows));
});

describe("heads of columns and other metrics", () => {
  const values = vi.fn(async () => ({ trial: [0, 1], last: [0.25, 0.125] }));
  const data = sweepWith(columnsWith({ lr: [1, 2] }, { why: ["exit code 1", "completed"] }), { metric: { name: "validation/accuracy", goal: "maximize" }, metrics: ["validation/accuracy", "train loss"] }, { values });
  const passing = among(data);
  it.each([
    ['"best validation/accuracy">0.55', [1]],
    ["Best validation/accuracy>0.55", [1]],
    ["validation/accuracy>0.55", [1]],
    ["last<0.45", [0]],
    ["reason=exit", [0]],
    ["reason!=exit", [1]],
  ])("%s", (text, rows) => expect(passing(text)).toEqual(rows));
  it("fetches another metric's values when they are first wanted", async () => {
    expect(values).not.toHaveBeenCalled();
    expect(passing("train loss<0.2")).toEqual([]);
    await vi.waitFor(() => expect(passing("train loss<0.2")).toEqual([1]));
    expect(passing('"Last train loss"=0.25')).toEqual([0]);
    expect(values).toHaveBeenCalledTimes(1);
  });
});
