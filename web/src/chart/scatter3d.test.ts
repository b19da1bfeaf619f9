import { expect, it } from "vitest";
import { free } from "./scatter3d";

const size = { width: 300, height: 100 };
const text = (x: number, y: number) => ({ x, y, half: 40, line: 16 });

it("writes no text over another, nor beyond the plot", () => {
  const first = free(text(10, 50), size, [])!;
  expect(first).toMatchObject({ x: 40, y: 50 });
  const second = free(text(50, 52), size, [first])!;
  expect(second).toMatchObject({ x: 50, y: 68 });
  expect(free(text(200, 52), size, [first, second])).toMatchObject({ x: 200, y: 52 });
});

it("leaves out what has no place near by", () => {
  const all = Array.from({ length: 6 }, (_, at) => ({ x: 40, y: 8 + 16 * at, half: 40, line: 16 }));
  expect(free(text(40, 50), size, all)).toBeNull();
});
