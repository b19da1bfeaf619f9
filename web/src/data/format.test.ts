import { describe, expect, it } from "vitest";
import cases from "./numbers.json";
import { showAgo, showCount, showDuration, showNumber, showPart, showSize, showTick, showTime, showTimeTick, showValue, showZone } from "./format";

describe("numbers", () => {
  // The same cases as those of tests/unit/test_views_words.py; a minus is a longer one here.
  it.each(cases as [number, string][])("%s is %s, as on the command line", (value, text) => expect(showNumber(value)).toBe(text.replaceAll("-", "−")));
  it.each([
    [null, ""],
    [0, "0"],
    [-0, "0"],
    [1234567, "1234567"],
    [12345, "12345"],
    [-12345, "−12345"],
    [0.123456, "0.1235"],
    [-0.5, "−0.5"],
    [0.00001234, "1.234e−5"],
    [-1.5e12, "−1.5e12"],
    [1e-5, "1e−5"],
    [NaN, "NaN"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
  ])("%s is %s", (value, text) => expect(showNumber(value)).toBe(text));
});

it("axes have short numbers, and whole units of time", () => {
  expect([0, 250_000, 2_500_000, -3e9, 1e20].map(showTick)).toEqual(["0", "250000", "2.5M", "−3B", "1e20"]);
  expect([0, 5, 0.5, 30, 120, 5400].map(showTimeTick)).toEqual(["0", "5 s", "0.5 s", "30 s", "2 min", "1 h 30 min"]);
});

it("durations have two units at most", () => {
  expect(showDuration(0.04)).toBe("0.0 s");
  expect(showDuration(9.96)).toBe("10 s");
  expect(showDuration(59.6)).toBe("1 min");
  expect(showDuration(3725)).toBe("1 h 2 min");
  expect(showDuration(-5)).toBe("0.0 s");
  expect(showDuration(null)).toBe("");
});

it("sizes are powers of a thousand", () => {
  expect(showSize(999)).toBe("999 bytes");
  expect(showSize(1500)).toBe("1.5 kB");
  expect(showSize(5e9)).toBe("5 GB");
});

it("values are as Python says them, parts as percentages, counts in words", () => {
  expect(showValue(null)).toBe("None");
  expect(showValue([1, "a"])).toBe('[1,"a"]');
  expect(showPart(0.004)).toBe("< 1 %");
  expect(showPart(0)).toBe("0 %");
  expect(showCount(1, "trial")).toBe("1 trial");
  expect(showCount(2000, "trial")).toBe("2,000 trials");
  expect(showAgo(100, 110)).toBe("just now");
  expect(showAgo(100, 7300)).toBe("2 h ago");
});

it("says the zone of a time", () => {
  expect([0, 60, -210, 345].map(showZone)).toEqual(["UTC", "UTC+1", "UTC−3:30", "UTC+5:45"]);
  expect(showTime(1_700_000_000)).toMatch(/^2023-11-1[45] \d\d:\d\d:20 UTC/);
});
