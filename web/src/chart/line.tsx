/** One metric of one trial, small. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Line } from "../data/curves";
import { showNumber } from "../data/format";
import { drawFrame, extent, margins, scaleOf } from "./axes";
import { type Paint, Plot, type Size } from "./plot";

const MARGIN = margins({ top: 8, right: 10, bottom: 26, left: 54 });

export function LineChart({ name, line }: { name: string; line: Line }) {
  const at = useSignal<number | null>(null);
  const scales = (size: Size) => {
    const values = line.y.subarray(0, line.size);
    const y = extent(values) ?? [0, 1];
    return {
      x: scaleOf(line.left, line.right, MARGIN.left, size.width - MARGIN.right),
      y: scaleOf(y[0], y[1], size.height - MARGIN.bottom, MARGIN.top, false, true),
    };
  };
  const paint = useMemo<Paint>(
    () => (context, size, colours) => {
      const { x, y } = scales(size);
      drawFrame(context, size, MARGIN, x, y, colours, { x: "", y: "", isWholeX: true });
      context.strokeStyle = colours.accent;
      context.lineWidth = 1.6;
      context.beginPath();
      let isPen = false;
      for (let k = 0; k < line.size; k += 1) {
        const isFinite = Number.isFinite(line.y[k]);
        if (isFinite) {
          if (isPen) context.lineTo(x(line.x[k]), y(line.y[k]));
          else context.moveTo(x(line.x[k]), y(line.y[k]));
        } else {
          context.fillStyle = colours.failed;
          context.fillRect(x(line.x[k]) - 1, size.height - MARGIN.bottom - 5, 2, 5);
        }
        isPen = isFinite;
      }
      context.stroke();
      if (line.size === 1) context.fillRect(x(line.x[0]) - 2, y(line.y[0]) - 2, 4, 4);
    },
    [line],
  );
  const over = useMemo<Paint>(
    () => (context, size, colours) => {
      const k = at.value;
      if (k === null || !Number.isFinite(line.y[k])) return;
      const { x, y } = scales(size);
      context.fillStyle = colours.ink;
      context.beginPath();
      context.arc(x(line.x[k]), y(line.y[k]), 4, 0, 7);
      context.fill();
    },
    [line],
  );
  const watchOver = useMemo(() => () => void at.value, [line]);
  const k = at.value ?? line.size - 1;
  return (
    <figure>
      <figcaption class="small">
        <b title={name}>{name}</b>
        <span class="quiet number">{showNumber(line.y[k])} at interval {showNumber(line.x[k])}</span>
      </figcaption>
      <Plot
        height={150}
        label={`${name}, ${line.count} values`}
        paint={paint}
        over={over}
        watchOver={watchOver}
        onMove={(px, _py, size) => {
          const wanted = scales(size).x.invert(px);
          let best = 0;
          for (let each = 0; each < line.size; each += 1) if (Math.abs(line.x[each] - wanted) < Math.abs(line.x[best] - wanted)) best = each;
          at.value = best;
        }}
        onLeave={() => (at.value = null)}
        onKey={(event) => {
          const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
          if (!by) return;
          event.preventDefault();
          at.value = Math.max(0, Math.min(line.size - 1, (at.value ?? (by > 0 ? -1 : line.size)) + by));
        }}
      />
    </figure>
  );
}
