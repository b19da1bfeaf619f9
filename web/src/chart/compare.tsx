/** The best value so far of several sweeps, a line each; what they had reached at a place is said beside the pointer. */
import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { theme } from "../app/theme";
import { showNumber, showTimeTick, showWhole } from "../data/format";
import type { SweepData } from "../data/sweep";
import { Announcer } from "../parts/announcer";
import { drawFrame, extent, margins, scaleOf } from "./axes";
import { type Paint, Plot, type Size } from "./plot";
import type { Course } from "./sofar";
import { COLOURS, DASHES } from "./sweep-lines";

const MARGIN = margins({ top: 24, right: 16, bottom: 40, left: 60 });

export type By = "trial" | "time" | "interval";
/** What the axis counts. */
export const WORDS = { trial: "trials done", time: "time since the first trial", interval: "intervals of all trials" };
const strokes = () => COLOURS[theme.value];

/** How the line of the sweep at that place looks. */
export function LineSample({ at }: { at: number }) {
  return (
    <svg width="36" height="10" aria-hidden="true">
      <line x1="0" y1="5" x2="36" y2="5" stroke={strokes()[at]} stroke-width="2.5" stroke-dasharray={DASHES[at].join(" ")} />
    </svg>
  );
}

export function CompareChart(props: { sweeps: SweepData[]; courses: ReadonlySignal<Course[]>; by: ReadonlySignal<By>; metric: string }) {
  const { sweeps, courses, by, metric } = props;
  const at = useSignal<number | null>(null);
  const said = useSignal("");
  const width = useSignal(0);
  const scales = (size: Size) => {
    const all = courses.peek();
    const xs = extent(all.flatMap((course) => (course.order.length ? course.x : []))) ?? [0, 1];
    const ys = extent(all.flatMap((course) => course.steps.map((step) => step[1]))) ?? [0, 1];
    return {
      x: scaleOf(0, xs[1], MARGIN.left, size.width - MARGIN.right),
      y: scaleOf(ys[0], ys[1], size.height - MARGIN.bottom, MARGIN.top, false, true),
    };
  };
  const paint = useMemo<Paint>(
    () => (context, size, colours) => {
      const { x, y } = scales(size);
      width.value = size.width;
      drawFrame(context, size, MARGIN, x, y, colours, { x: WORDS[by.peek()], y: metric, isTime: by.peek() === "time", isWholeX: true, xTick: showWhole });
      courses.peek().forEach((course, line) => {
        if (!course.steps.length) return;
        context.strokeStyle = strokes()[line];
        context.setLineDash(DASHES[line]);
        context.lineWidth = 2.2;
        context.beginPath();
        course.steps.forEach(([px, py], step) => {
          if (step) context.lineTo(x(px), y(course.steps[step - 1][1]));
          context.lineTo(x(px), y(py));
        });
        context.lineTo(x(course.x[1]), y(course.steps.at(-1)![1]));
        context.stroke();
        // A line that goes nowhere is a point.
        const [px, py] = course.steps[0];
        if (course.steps.length > 1 || course.x[1] > px) return;
        context.fillStyle = context.strokeStyle;
        context.beginPath();
        context.arc(x(px), y(py), 4, 0, 7);
        context.fill();
      });
      context.setLineDash([]);
    },
    [sweeps, metric],
  );
  const over = useMemo<Paint>(
    () => (context, size, colours) => {
      if (at.value === null) return;
      const { x, y } = scales(size);
      context.strokeStyle = colours.ink3;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x(at.value), MARGIN.top);
      context.lineTo(x(at.value), size.height - MARGIN.bottom);
      context.stroke();
      courses.peek().forEach((course, line) => {
        const value = valueAt(course, at.peek()!);
        if (value === null) return;
        context.fillStyle = strokes()[line];
        context.beginPath();
        context.arc(x(at.peek()!), y(value), 4.5, 0, 7);
        context.fill();
      });
    },
    [sweeps],
  );
  const watch = useMemo(() => () => (courses.value, by.value, theme.value, undefined), [sweeps]);
  const watchOver = useMemo(() => () => (at.value, courses.value, undefined), [sweeps]);
  const rows = at.value === null ? [] : courses.value.map((course, line) => ({ line, name: nameOf(sweeps[line]), value: valueAt(course, at.value!) }));
  const place = at.value === null ? "" : `${by.value === "time" ? showTimeTick(at.value) : showWhole(Math.round(at.value))} ${by.value === "time" ? "" : WORDS[by.value]}`.trim();
  /** From one improvement to the next. */
  const step = (direction: number) => {
    const all = [...new Set(courses.peek().flatMap((course) => course.steps.map(([px]) => px)))].sort((a, b) => a - b);
    const now = at.peek() ?? -Infinity;
    at.value = (direction > 0 ? all.find((px) => px > now) : all.findLast((px) => px < now)) ?? at.peek() ?? all[0] ?? null;
  };
  const left = at.value === null ? 0 : scales({ width: width.value, height: 420 }).x(at.value);
  return (
    <>
      <Plot
        height={420}
        label={`Best so far of ${sweeps.length} sweeps, by ${WORDS[by.value]}. Left and right go from one improvement to the next.`}
        paint={paint}
        watch={watch}
        over={over}
        watchOver={watchOver}
        onMove={(px, _py, size) => {
          const { x } = scales(size);
          const wanted = x.invert(Math.max(MARGIN.left, Math.min(size.width - MARGIN.right, px)));
          at.value = by.peek() === "time" ? wanted : Math.round(wanted);
        }}
        onLeave={() => (at.value = null)}
        onKey={(event) => {
          const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
          if (event.key === "Escape") at.value = null;
          if (!direction) return;
          event.preventDefault();
          step(direction);
          said.value = at.peek() === null ? "" : courses.peek().map((course, line) => `${nameOf(sweeps[line])} ${showNumber(valueAt(course, at.peek()!)) || "nothing yet"}`).join(", ");
        }}
      >
        {at.value !== null && (
          <div class="tip" style={left > width.value / 2 ? { right: `${width.value - left + 14}px`, top: "40px" } : { left: `${left + 14}px`, top: "40px" }}>
            <b>{place}</b>
            <dl class="compared">
              {rows.map(({ line, name, value }) => (
                <>
                  <dt><LineSample at={line} /> {name}</dt>
                  <dd>{value === null ? "–" : showNumber(value)}</dd>
                </>
              ))}
            </dl>
          </div>
        )}
      </Plot>
      <Announcer said={said} />
    </>
  );
}

const nameOf = (data: SweepData) => `${data.head.value?.display_name ?? data.head.value?.experiment ?? ""} ${data.head.value?.id.slice(0, 11) ?? ""}`.trim();

/** The best value that had been reached at a place; null: none yet. */
export function valueAt({ steps }: Course, at: number): number | null {
  return steps.findLast(([px]) => px <= at)?.[1] ?? null;
}
