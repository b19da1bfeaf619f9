import { expect, it } from "vitest";
import { Line, linesOf, smoothed } from "./curves";

const packed = (values: number[]) => btoa(String.fromCharCode(...new Uint8Array(Float64Array.from(values).buffer)));

it("takes an answer apart", () => {
  const lines = linesOf({ trial: [3, 7], count: [2, 40], kept: [2, 1], x: packed([1, 2, 1]), y: packed([0.5, NaN, -1]), next: null });
  expect([...lines.keys()]).toEqual([3, 7]);
  expect([...lines.get(3)!.y]).toEqual([0.5, NaN]);
  expect(lines.get(3)).toMatchObject({ count: 2, low: 0.5, high: 0.5, positive: 0.5 });
  expect(lines.get(7)).toMatchObject({ count: 40, low: -1, high: -1, positive: Infinity });
});

it("grows without an end in memory, and loses neither spikes nor the last value", () => {
  const line = new Line(new Float64Array(), new Float64Array(), 0);
  for (let k = 1; k <= 100_000; k += 1) line.push(k, k === 500 ? 1e6 : k === 70_000 ? -1e6 : Math.sin(k));
  expect(line.count).toBe(100_000);
  expect(line.size).toBeLessThanOrEqual(1200);
  expect(line.x.length).toBeLessThan(5000);
  const values = line.y.subarray(0, line.size);
  expect(Math.max(...values)).toBe(1e6);
  expect(Math.min(...values)).toBe(-1e6);
  expect(line.x[line.size - 1]).toBe(100_000);
  const places = [...line.x.subarray(0, line.size)];
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

it("knows how far it reaches, whatever steps a script gives", () => {
  const line = new Line(Float64Array.from([5, Infinity, 4]), Float64Array.from([1, 2, 2]), 3);
  line.push(-3, 3);
  expect(line).toMatchObject({ left: -3, right: 5, isOrdered: false });
  const same = new Line(new Float64Array(), new Float64Array(), 0);
  for (const step of [0, 0, 7]) same.push(step, 1);
  expect(same).toMatchObject({ left: 0, right: 7, isOrdered: true });
});

it("smooths by the mean of what has been, which a line's beginning does not hold back, and keeps its gaps", () => {
  const line = new Line(Float64Array.of(1, 2, 3, 4), Float64Array.of(0, NaN, 3, 3), 4);
  expect(smoothed(line, 0)).toBe(line.y);
  expect([...smoothed(line, 0.5)]).toEqual([0, NaN, 2, expect.closeTo(18 / 7, 6)]);
  expect(smoothed(line, 0.5)).toBe(smoothed(line, 0.5));
  line.push(5, 3);
  expect([...smoothed(line, 0.5)]).toHaveLength(5);
  expect(line.hasGap).toBe(true);
});
