/** A trial's curve in a cell. An SVG path: each canvas would be a layer of its own to whatever puts the page together. */
import type { Line } from "../data/curves";

const [WIDTH, HEIGHT] = [88, 22];
/** Points that are drawn at most. */
const MOST = 44;

export function Spark({ line, range }: { line: Line | undefined; range: [number, number] }) {
  return (
    <svg class="spark" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={line?.size ? pathOf(line, range) : ""} />
    </svg>
  );
}

const made = new WeakMap<Line, { count: number; low: number; high: number; path: string }>();

/** The path of a line, made anew only when it has grown or the range has changed. */
export function pathOf(line: Line, [low, high]: [number, number]): string {
  const held = made.get(line);
  if (held && held.count === line.count && held.low === low && held.high === high) return held.path;
  // From 0, unless its steps go below.
  const [first, last] = [Math.min(line.left, 0), Math.max(line.right, 1)];
  const step = Math.max(1, Math.ceil(line.size / MOST));
  let path = "";
  for (let at = 0; at < line.size; at += step) {
    if (!Number.isFinite(line.y[at])) continue;
    const y = HEIGHT - 3 - ((line.y[at] - low) / (high - low || 1)) * (HEIGHT - 6);
    path += `${path ? "L" : "M"}${(2 + ((line.x[at] - first) / (last - first)) * (WIDTH - 4)).toFixed(1)} ${Math.max(1, Math.min(HEIGHT - 1, y)).toFixed(1)}`;
  }
  made.set(line, { count: line.count, low, high, path });
  return path;
}
