/** A trial's curve in a cell. An SVG path: each canvas would be a layer of its own to whatever puts the page together. */
import type { Line } from "../data/curves";

const [WIDTH, HEIGHT] = [88, 22];
/** Points that are drawn at most. */
const MOST = 44;

/** `across`: the x of both ends, the same for all trials, so that one that was stopped has a short line. `range`: values below and above. */
export function Spark({ line, across, range }: { line: Line | undefined; across: readonly [number, number]; range: readonly [number, number] }) {
  return (
    <svg class="spark" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={line?.size ? pathOf(line, across, range) : ""} />
    </svg>
  );
}

/** A highest value so many times as far from the lowest as those of nineteen in twenty diverges. */
const DIVERGED = 20;

/** The least and the greatest value of all curves, but for a twentieth that diverges: it would flatten the others. */
export function rangeOf(lines: Iterable<Line>): readonly [number, number] {
  const finite = [...lines].filter((line) => line.low <= line.high);
  if (!finite.length) return [0, 1];
  const lows = Float64Array.from(finite, (line) => line.low).sort();
  const highs = Float64Array.from(finite, (line) => line.high).sort();
  const [cut, last] = [Math.floor(finite.length / 20), finite.length - 1];
  const [low, high, most] = [lows[cut], highs[last - cut], DIVERGED * (highs[last - cut] - lows[cut])];
  return [low - lows[0] > most ? low : lows[0], highs[last] - high > most ? high : highs[last]];
}

const made = new WeakMap<Line, { key: string; path: string }>();

/** The path of a line, made anew only when it has grown or what it stands in has changed. */
export function pathOf(line: Line, [first, last]: readonly [number, number], [low, high]: readonly [number, number]): string {
  const key = `${line.count} ${first} ${last} ${low} ${high}`;
  const held = made.get(line);
  if (held?.key === key) return held.path;
  const step = Math.max(1, Math.ceil(line.size / MOST));
  let path = "";
  for (let at = 0; at < line.size; at += step) {
    if (!Number.isFinite(line.y[at])) continue;
    const y = HEIGHT - 3 - ((line.y[at] - low) / (high - low || 1)) * (HEIGHT - 6);
    path += `${path ? "L" : "M"}${(2 + ((line.x[at] - first) / (last - first)) * (WIDTH - 4)).toFixed(1)} ${Math.max(1, Math.min(HEIGHT - 1, y)).toFixed(1)}`;
  }
  if (line.size === 1 && path) path += "l2 0";
  made.set(line, { key, path });
  return path;
}
