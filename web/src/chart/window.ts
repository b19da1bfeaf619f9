/** The part of a chart that is shown: how wheels, drags and keys change it, in pixels, so that any scale will do. */
import { type Codec, numbers } from "../data/kept";
import type { Scale } from "./axes";

export interface Window {
  x: [number, number];
  y: [number, number];
}
export interface Scales {
  x: Scale;
  y: Scale;
}

/** Shows more (factor above 1) or less, and leaves what is at a place where it is. */
export const zoomed = ({ x, y }: Scales, at: { x: number; y: number }, factor: number): Window => ({
  x: part(x, (end) => at.x + (end - at.x) * factor),
  y: part(y, (end) => at.y + (end - at.y) * factor),
});

/** Moves what is shown by so many pixels to the right and downwards. */
export const moved = ({ x, y }: Scales, by: { x: number; y: number }): Window => ({
  x: part(x, (end) => end - by.x),
  y: part(y, (end) => end - by.y),
});

export const middleOf = ({ x, y }: Scales) => ({ x: (x.range()[0] + x.range()[1]) / 2, y: (y.range()[0] + y.range()[1]) / 2 });

/** Whether all of `whole` is in it: then it is no part any more. */
export const holds = (window: Window, whole: Window): boolean =>
  (["x", "y"] as const).every((axis) => window[axis][0] <= whole[axis][0] && window[axis][1] >= whole[axis][1]);

/** To four digits, and more where it takes them to tell a thousandth of what is between. */
function rounded([low, high]: [number, number]): number[] {
  return [low, high].map((end) => {
    const more = Math.round(Math.log10(Math.abs(end) / (high - low)));
    return Number(end.toPrecision(Math.max(4, Math.min(15, 4 + more))));
  });
}

/** For the address: a window has a width and a height. */
export const WINDOW: Codec<Window | null> = {
  read: (text) => {
    const [left, right, low, high] = numbers(4).read(text) ?? [];
    return left < right && low < high ? { x: [left, right], y: [low, high] } : null;
  },
  write: (window) => numbers(4).write(window && [...rounded(window.x), ...rounded(window.y)]),
};

function part(scale: Scale, at: (end: number) => number): [number, number] {
  const [from, to] = scale.range();
  return [scale.invert(at(from)), scale.invert(at(to))];
}
