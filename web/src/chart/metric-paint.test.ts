import { expect, it, vi } from "vitest";
import { Line } from "../data/curves";
import { scaleOf } from "./axes";
import type { Palette } from "./colour";
import { drawLines } from "./metric-paint";
import type { Context } from "./plot";

const lineOf = (...values: number[]) => new Line(Float64Array.from(values.keys()), Float64Array.from(values), values.length);

/** A context that tells how many lines were stroked, and how opaque each dot was. */
function recording() {
  const seen = { lines: 0, dots: [] as number[] };
  let path = 0;
  const context = {
    globalAlpha: 1,
    beginPath: () => (path = 0),
    moveTo: () => (path += 1),
    lineTo() {},
    arc() {},
    stroke: () => (seen.lines += path),
    fill: () => seen.dots.push(context.globalAlpha),
  };
  return { seen, context: context as unknown as Context };
}

it("draws each line and each point of a step, all as opaque, in whatever order they come", () => {
  vi.stubGlobal("devicePixelRatio", 1);
  const scales = { x: scaleOf(0, 1, 0, 100), y: scaleOf(0, 1, 100, 0) };
  const { seen, context } = recording();
  const lines = [lineOf(0.1, 0.2), lineOf(0.3), lineOf(0.4, 0.5), lineOf(0.6)].map((line, trial): [number, Line] => [trial, line]);
  const steps = drawLines(context, { valuesOf: (line) => line.y }, 400, [[0, lines]], scales, { ramp: ["black"] } as Palette);
  while (!steps.next().done);
  expect(seen.lines).toBe(2);
  expect(seen.dots).toHaveLength(2);
  expect(new Set(seen.dots).size).toBe(1);
  expect(seen.dots[0]).toBeLessThan(1);
});
