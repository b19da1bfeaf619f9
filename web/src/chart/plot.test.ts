import { beforeEach, expect, it, vi } from "vitest";
import type { Palette } from "./colour";
import { Layer } from "./plot";

const SIZE = { width: 100, height: 50 };
const COLOURS = {} as Palette;
let frames: (() => void)[] = [];

const canvas = () => ({ width: 0, height: 0, getContext: () => ({ setTransform() {}, clearRect() {}, drawImage() {}, getImageData() {} }) }) as unknown as HTMLCanvasElement;
const nextFrame = () => frames.splice(0).forEach((call) => call());

beforeEach(() => {
  frames = [];
  vi.stubGlobal("document", { createElement: canvas, timeline: { get currentTime() { return {}; } } });
  vi.stubGlobal("devicePixelRatio", 1);
  vi.stubGlobal("requestAnimationFrame", (call: () => void) => frames.push(call));
  vi.stubGlobal("cancelAnimationFrame", () => (frames = []));
});

/** A drawing that takes `count` frames: each of its steps uses one up. */
const drawing = (count: number, whole: () => void) =>
  function* () {
    for (let at = 0; at < count; at += 1) {
      const until = performance.now() + 10;
      while (performance.now() < until);
      yield;
    }
    whole();
  };

it("finishes its first drawing, though what it draws changes in every frame", () => {
  const layer = new Layer(canvas(), true);
  let whole = 0;
  for (let frame = 0; frame < 12; frame += 1) {
    layer.paint(SIZE, drawing(4, () => (whole += 1)), COLOURS);
    nextFrame();
  }
  expect(whole).toBeGreaterThan(1);
});

it("begins anew where its size changes before it has drawn anything whole", () => {
  const layer = new Layer(canvas(), true);
  const seen: string[] = [];
  layer.paint(SIZE, drawing(3, () => seen.push("small")), COLOURS);
  layer.paint({ width: 200, height: 50 }, drawing(1, () => seen.push("wide")), COLOURS);
  for (let frame = 0; frame < 5; frame += 1) nextFrame();
  expect(seen).toEqual(["wide"]);
});

it("draws nothing of its earlier size, for which a drawing waited, once it has another", () => {
  const layer = new Layer(canvas(), true);
  const seen: string[] = [];
  for (const name of ["first", "waits"]) layer.paint(SIZE, drawing(3, () => seen.push(name)), COLOURS);
  layer.paint({ width: 200, height: 50 }, drawing(1, () => seen.push("wide")), COLOURS);
  for (let frame = 0; frame < 9; frame += 1) nextFrame();
  expect(seen).toEqual(["wide"]);
});
