/** A line per trial, a point per interval: the policy's threshold over them, a mark where a trial was stopped. */
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { showNumber } from "../data/format";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { ranksOf } from "./colour";
import { drawMetric, drawStrong } from "./metric-paint";
import { type MetricOptions, MetricView, nearest, pointed } from "./metric-view";
import type { Size } from "./plot";
import { type Drag, drawBand, type Place, TrialPlot, type TrialPlotProps } from "./trial-plot";
import { middleOf, moved, type Scales, type Window, zoomed } from "./window";

export function MetricChart({ data, selection, options, height }: { data: SweepData; selection: Selection; options: MetricOptions; height: number }) {
  const view = useMemo(() => new MetricView(data, options), [data, options]);
  const drag = useMemo(() => new PartDrag(view), [view]);
  const drawn = useMemo(() => drawing(view, selection, drag), [view, selection]);
  return (
    <TrialPlot
      data={data}
      selection={selection}
      height={height}
      label={`${data.shown.value?.metric ?? "metric"} of ${data.lines.size} trials, a ${view.isOnce.value ? "point" : "line"} each`}
      {...drawn}
      cursor="crosshair"
      find={(at, size) => nearest(view, selection, size, at)}
      detail={(trial, at, size) => pointed(view, trial, view.scales(size).x.invert(at.x))}
      drag={drag}
      reset={() => view.show(null)}
      onZoom={(x, y, size, factor) => view.show(zoomed(view.scales(size), { x, y }, factor))}
      onKey={(event, size) => {
        const window = windowBy(event, view.scales(size), size);
        if (!window) return false;
        view.show(window === "whole" ? null : window);
        selection.said.value = shownWords(view);
        return true;
      }}
    >
      {view.zoom.value && (
        <button class="button small on-plot" onPointerDown={(event) => event.stopPropagation()} onPointerUp={(event) => event.stopPropagation()} onClick={() => view.show(null)}>Show all</button>
      )}
    </TrialPlot>
  );
}

/** How it is painted, and the signals by which it is painted again. */
function drawing(view: MetricView, selection: Selection, { band }: PartDrag): Pick<TrialPlotProps, "paint" | "watch" | "mark" | "over" | "watchOver"> {
  const { data } = view;
  const steps = ranksOf(data, selection);
  return {
    paint: (context, size, colours) => drawMetric(context, view, selection, steps, size, colours),
    watch() {
      view.bounds.value;
      data.curvesVersion.value;
      data.thresholds.value;
      data.shown.value;
      steps.value;
      selection.mask.value;
      view.isLog.value;
      view.options.smoothing.value;
    },
    mark: (context, trial, colour, size, colours) => drawStrong(context, view, trial, colour, size, colours.paper),
    over: (context, _size, colours) => drawBand(context, band.value, colours),
    watchOver: () => void band.value,
  };
}

/** A drag chooses the part that is shown; with Shift it moves that part. */
class PartDrag implements Drag {
  readonly band = signal<{ from: Place; to: Place } | null>(null);
  /** Scales by which the part was held, where it is being moved. */
  private heldBy: Scales | null = null;

  constructor(private readonly view: MetricView) {}

  begin(_from: Place, size: Size, event: PointerEvent): boolean {
    this.heldBy = event.shiftKey && this.view.zoom.peek() ? this.view.scales(size) : null;
    return true;
  }

  move(from: Place, to: Place): void {
    if (this.heldBy) this.view.show(moved(this.heldBy, { x: to.x - from.x, y: to.y - from.y }));
    else this.band.value = { from, to };
  }

  cancel(): void {
    this.band.value = null;
  }

  end(from: Place, to: Place, size: Size, hasMoved: boolean): boolean {
    this.band.value = null;
    if (this.heldBy) return hasMoved;
    if (Math.abs(to.x - from.x) < 8 || Math.abs(to.y - from.y) < 8) return false;
    const { x, y } = this.view.scales(size);
    this.view.show({
      x: [x.invert(Math.min(to.x, from.x)), x.invert(Math.max(to.x, from.x))],
      y: [y.invert(Math.max(to.y, from.y)), y.invert(Math.min(to.y, from.y))],
    });
    return true;
  }
}

/** Which part is shown, for those who hear the page. */
function shownWords({ zoom, isOnce, data }: MetricView): string {
  const [part, shown] = [zoom.value, data.shown.peek()];
  return part ? `${isOnce.peek() ? "trial" : shown?.axis} ${rangeWords(part.x)}, ${shown?.metric} ${rangeWords(part.y)}` : "all is shown";
}

const rangeWords = ([low, high]: [number, number]) => `${showNumber(low)} to ${showNumber(high)}`;

/** Which part a key shows: + and − less and more, 0 all, Shift and an arrow what lies there; null: it is no such key. */
function windowBy(event: KeyboardEvent, scales: Scales, size: Size): Window | "whole" | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === "0") return "whole";
  const factor = { "+": 0.8, "=": 0.8, "-": 1.25, "−": 1.25 }[event.key];
  if (factor) return zoomed(scales, middleOf(scales), factor);
  const by = event.shiftKey && { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  return by ? moved(scales, { x: (by[0] * size.width) / 10, y: (by[1] * size.height) / 10 }) : null;
}
