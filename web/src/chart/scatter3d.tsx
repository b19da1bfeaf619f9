/** Three columns as points in a cube that turns by dragging and by the arrow keys. */
import { computed } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { scaled } from "../app/text-size";
import { type Column, columnOf, domainOf, isLogAxis } from "../data/columns";
import { showNumber } from "../data/format";
import type { Kept } from "../data/kept";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { font } from "./axes";
import type { Palette } from "./colour";
import type { Context, Paint, Size } from "./plot";
import { dot, dotsOf, ring, type ScatterOptions } from "./scatter";
import { nearestDot, TrialPlot } from "./trial-plot";

export interface CubeOptions extends ScatterOptions {
  z: Kept<string>;
  /** How it is turned and tilted, radians; null: as it is at first. */
  turn: Kept<number[] | null>;
}

/** Turned and tilted so at first, radians. */
const START = [-0.65, 0.42];

type Point = [number, number, number];

export function CubeChart(props: { data: SweepData; selection: Selection; options: CubeOptions; height: number }) {
  const { data, selection, options } = props;
  const turn = () => options.turn.peek() ?? START;
  const turnedFrom = useRef(START);
  const dots = useMemo(
    () =>
      computed(() => {
        const found = dotsOf(data, selection, options);
        const z = columnOf(data, options.z.value);
        const columns = [found.x, found.y, z] as const;
        const points: Point[] = Array.from({ length: data.trials.size }, (_, row) => columns.map((column) => unit(column, row)) as Point);
        return { ...found, z, points };
      }),
    [data],
  );
  const projector = (size: Size) => {
    const [yaw, pitch] = turn();
    const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
    const scale = Math.min(size.width * 0.8, size.height) * 0.5;
    return ([x, z, y]: Point): Point => {
      const [a, b] = [x * cy - y * sy, x * sy + y * cy];
      const depth = b * cp - z * sp;
      const near = 3.4 / (3.4 + depth);
      return [size.width / 2 + a * near * scale, size.height / 2 - 10 - (b * sp + z * cp) * near * scale, depth];
    };
  };
  const paint = useMemo<Paint>(
    () => (context, size, colours) => {
      const project = projector(size);
      const { points, steps, radius, x, y, z } = dots.peek();
      drawCube(context, project, colours);
      const mask = selection.mask.peek();
      const places = points.map(project);
      // What has no value of an axis has no place.
      const rows = [...places.keys()].filter((row) => Number.isFinite(places[row][2])).sort((a, b) => places[b][2] - places[a][2]);
      for (const row of rows) {
        const [px, py, depth] = places[row];
        const size = (radius(row) * 3.4) / (3.4 + depth);
        dot(context, px, py, size, mask[row] && steps[row] >= 0 ? colours.ramp[steps[row]] : colours.line, mask[row] ? 0.92 : 0.4);
      }
      drawNames(context, size, project, [x, y, z], colours);
    },
    [data, selection],
  );
  const watch = useMemo(() => () => (dots.value, selection.mask.value, options.turn.value, undefined), [data]);
  const spin = (yaw: number, pitch: number) => (options.turn.value = [yaw, Math.max(-1.5, Math.min(1.5, pitch))]);
  return (
    <TrialPlot
      data={data}
      selection={selection}
      height={props.height}
      label={`${data.trials.size} trials as points in space: ${dots.value.x?.name}, ${dots.value.y?.name}, ${dots.value.z?.name}. Arrow keys turn it, with Shift they go from trial to trial.`}
      paint={paint}
      watch={watch}
      mark={(context, trial, colour, size) => {
        const row = data.trials.rowOf(trial);
        if (row < 0) return;
        const [x, y] = projector(size)(dots.peek().points[row]);
        ring(context, x, y, dots.peek().radius(row) + 4, colour);
      }}
      cursor="grab"
      hasFinger
      find={(at, size) => {
        const places = dots.peek().points.map(projector(size));
        return nearestDot(data, selection, (row) => places[row][0], (row) => places[row][1], at);
      }}
      drag={{
        begin: () => ((turnedFrom.current = turn()), true),
        move: (from, to) => spin(turnedFrom.current[0] + (to.x - from.x) / 140, turnedFrom.current[1] + (to.y - from.y) / 140),
        end: (_from, _to, _size, hasMoved) => hasMoved,
      }}
      onKey={(event) => {
        const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
        if (!by || event.shiftKey) return false; // with Shift from trial to trial
        spin(turn()[0] + by[0], turn()[1] + by[1]);
        selection.said.value = `turned to ${degrees(turn()[0])}, tilted by ${degrees(turn()[1])}`;
        return true;
      }}
    />
  );
}

const degrees = (angle: number) => `${showNumber(Math.round((angle * 180) / Math.PI))}°`;

/** Where a row lies on a column, from −0.5 to 0.5. */
function unit(column: Column | null, row: number): number {
  if (!column) return 0;
  const isLog = isLogAxis(column);
  const [low, high] = domainOf(column, isLog);
  const position = column.position(row);
  const part = isLog ? Math.log(position / low) / Math.log(high / low) : (position - low) / (high - low);
  return Number.isFinite(part) ? part - 0.5 : low === high ? 0 : NaN;
}

const CORNERS: Point[] = [-0.5, 0.5].flatMap((x) => [-0.5, 0.5].flatMap((y) => [-0.5, 0.5].map((z): Point => [x, y, z])));

/** Where each axis is written: the left front edge for y, the two lower edges in front for x and z. */
const EDGES: ((value: number, out: number) => Point)[] = [
  (value, out) => [value, -out, -out],
  (value, out) => [-out, value, -0.5],
  (value, out) => [out, -out, value],
];

function drawCube(context: Context, project: (point: Point) => Point, colours: Palette): void {
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const from of CORNERS)
    for (const to of CORNERS) {
      if (from.filter((value, at) => value !== to[at]).length !== 1 || from.some((value, at) => value > to[at])) continue;
      const [a, b] = [project(from), project(to)];
      context.moveTo(a[0], a[1]);
      context.lineTo(b[0], b[1]);
    }
  context.stroke();
}

interface Written {
  text: string;
  isName: boolean;
  place: Point;
}

/** What the axes are and where they end, over the points: names first, and none over another. */
function drawNames(context: Context, size: Size, project: (point: Point) => Point, columns: (Column | null)[], colours: Palette): void {
  context.font = font();
  context.textAlign = "center";
  context.textBaseline = "middle";
  const written = columns.flatMap((column, at): Written[] => {
    if (!column) return [];
    const [low, high] = column.isChoice ? [0, column.labels.length - 1] : domainOf(column, isLogAxis(column));
    const ends: [number, number][] = low === high ? [[0.3, low]] : [[-0.42, low], [0.42, high]];
    const place = (value: number, out: number) => project(EDGES[at](value, 0.5 + out));
    return [{ text: column.name, isName: true, place: place(0, 0.3) }, ...ends.map(([value, position]) => ({ text: column.tick(position), isName: false, place: place(value, 0.09) }))];
  });
  const boxes: Box[] = [];
  for (const { text, isName, place } of [...written.filter((each) => each.isName), ...written.filter((each) => !each.isName)]) {
    const shown = cut(context, text, size.width * 0.45);
    const box = free({ x: place[0], y: place[1], half: context.measureText(shown).width / 2 + 3, line: scaled(16) }, size, boxes);
    if (!box) continue;
    boxes.push(box);
    context.fillStyle = colours.paper;
    context.globalAlpha = 0.75;
    context.fillRect(box.x - box.half, box.y - box.line / 2, 2 * box.half, box.line);
    context.globalAlpha = 1;
    context.fillStyle = isName ? colours.ink : colours.ink2;
    context.fillText(shown, box.x, box.y);
  }
}

/** The text, or as much of it as so many pixels hold. */
function cut(context: Context, text: string, most: number): string {
  let shown = text;
  while (shown.length > 4 && context.measureText(shown).width > most) shown = `${shown.slice(0, -2)}…`;
  return shown;
}

/** Where a text has its middle, half of its width, and its height. */
export interface Box {
  x: number;
  y: number;
  half: number;
  line: number;
}

/** The place nearest to the wanted one, in the same column, at which a text lies within the plot and over no other; null: none is near. */
export function free(wanted: Box, size: Size, taken: readonly Box[]): Box | null {
  const { half, line } = wanted;
  const x = Math.max(half, Math.min(size.width - half, wanted.x));
  for (const by of [0, 1, -1, 2, -2, 3, -3]) {
    const y = Math.max(line / 2, Math.min(size.height - line / 2, wanted.y)) + by * line;
    if (y < line / 2 || y > size.height - line / 2) continue;
    if (taken.every((each) => Math.abs(each.x - x) >= each.half + half || Math.abs(each.y - y) >= (each.line + line) / 2)) return { x, y, half, line };
  }
  return null;
}
