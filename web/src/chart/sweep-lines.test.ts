import { expect, it } from "vitest";
import { COLOURS, DASHES, MOST } from "./sweep-lines";

type Triple = [number, number, number];

/** How eyes see that lack one kind of cones (Machado, Oliveira and Fernandes 2009, severity 1), in linear light. */
const EYES: Record<string, Triple[]> = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

const linear = (hex: string): Triple =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as Triple;
const times = (rows: Triple[], colour: Triple) => rows.map((row) => row.reduce((sum, factor, at) => sum + factor * colour[at], 0)) as Triple;
const LIGHT = [0.2126, 0.7152, 0.0722];
const brightness = (hex: string) => times([LIGHT as Triple], linear(hex))[0];
const contrast = (a: string, b: string) => (Math.max(brightness(a), brightness(b)) + 0.05) / (Math.min(brightness(a), brightness(b)) + 0.05);

/** CIELAB of what such eyes see of a colour. */
function seen(hex: string, eyes: Triple[]): Triple {
  const colour = times(eyes, linear(hex)).map((part) => Math.max(0, Math.min(1, part))) as Triple;
  const xyz = times([[0.4124, 0.3576, 0.1805], LIGHT as Triple, [0.0193, 0.1192, 0.9505]], colour);
  const [x, y, z] = xyz.map((part, at) => part / [0.95047, 1, 1.08883][at]).map((part) => (part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (a: Triple, b: Triple) => Math.hypot(...a.map((part, at) => part - b[at]));

it.each([["light", "#ffffff"], ["dark", "#1a1c1f"]] as const)("has %s colours that stand out and that all eyes can tell apart", (theme, paper) => {
  const colours = COLOURS[theme];
  expect(new Set(colours).size).toBe(MOST);
  expect(Math.min(...colours.map((colour) => contrast(colour, paper)))).toBeGreaterThan(3);
  for (const eyes of Object.values(EYES)) {
    const pairs = colours.flatMap((a, at) => colours.slice(at + 1).map((b) => distance(seen(a, eyes), seen(b, eyes))));
    expect(Math.min(...pairs)).toBeGreaterThan(20); // 2 can just be told apart side by side
  }
});

it("has another dash for each line", () => expect(new Set(DASHES.map(String)).size).toBe(MOST));
