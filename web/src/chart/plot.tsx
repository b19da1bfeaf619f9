/** A canvas in two layers: the drawing, which may take several frames, and what follows the pointer, which may not. */
import { effect, type ReadonlySignal, signal, type Signal, untracked } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { isPrinting } from "../app/print";
import { scaled, textScale } from "../app/text-size";
import { type Palette, palette } from "./colour";

export interface Size {
  width: number;
  height: number;
}
export type Context = CanvasRenderingContext2D;
/** Draws, and yields now and then so that a long drawing leaves the page free. */
export type Paint = (context: Context, size: Size, colours: Palette) => Generator<void> | void;

interface Watched {
  paint: Paint;
  watch?: () => void;
}

/** The thinnest line, a pixel of the screen: wider ones take ten times as long to draw, which many would feel. */
export const hairline = (): number => 1 / ratioOf();

/** Pixels of a canvas for one of the page. */
const ratioOf = (): number => (isPrinting.peek() ? 2 : Math.min(2, devicePixelRatio || 1));

/** Milliseconds of a frame that all drawings together may take: what is scrolled or hovered meanwhile needs the rest. */
const SLICE_MS = 9;

/** What is left of a frame for drawings, whichever chart asks first. */
const slice = {
  frame: null as CSSNumberish | null,
  leftMs: SLICE_MS,
  left(): number {
    const now = document.timeline.currentTime;
    if (now !== this.frame) [this.frame, this.leftMs] = [now, SLICE_MS];
    return this.leftMs;
  },
};

export interface PlotProps {
  /** Pixels at the usual size of text. */
  height: number;
  label: string;
  paint: Paint;
  /** Reads the signals that make `paint` run again; so `watchOver` for `over`. */
  watch?: () => void;
  over?: Paint;
  watchOver?: () => void;
  cursor?: string;
  /** Whether a finger on it is the plot's alone, in whatever direction it goes: two of them still zoom the page. */
  hasFinger?: boolean;
  onMove?: (x: number, y: number, size: Size, event: PointerEvent) => void;
  onDown?: (x: number, y: number, size: Size, event: PointerEvent) => void;
  onUp?: (x: number, y: number, size: Size, event: PointerEvent) => void;
  onCancel?: () => void;
  /** The pointer is gone, or the focus (no event). */
  onLeave?: (event?: PointerEvent) => void;
  onDouble?: (x: number, y: number, size: Size) => void;
  onKey?: (event: KeyboardEvent, size: Size) => void;
  /** A wheel that is turned with Ctrl, or two fingers that are spread: a factor by which to show more (> 1) or less. */
  onZoom?: (x: number, y: number, size: Size, factor: number) => void;
  children?: ComponentChildren;
}

/** One canvas. A drawing that is under way is finished before the next begins, so that a live chart never starves. */
export class Layer {
  private steps: Generator<void> | null = null;
  private isDirty = false;
  private frame = 0;
  private readonly back = document.createElement("canvas");
  private isBlank = true;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly isSliced: boolean,
  ) {}

  paint(size: Size, paint: Paint, colours: Palette): void {
    const ratio = ratioOf();
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (!width || !height) return;
    // Of another size it would be of no use.
    if (this.steps && !isPrinting.peek() && (!this.isBlank || (this.canvas.width === width && this.canvas.height === height))) {
      this.isDirty = true;
      this.again = () => this.paint(size, paint, colours);
      return;
    }
    cancelAnimationFrame(this.frame);
    this.isDirty = false;
    const isNew = this.isBlank || this.canvas.width !== width || this.canvas.height !== height;
    // The first drawing is seen as it grows; later ones replace it when they are whole.
    const target = !this.isSliced || isNew || isPrinting.peek() ? this.canvas : this.back;
    // A new size also takes away the clip and the opacity that a drawing which was cut off has left. On paper each step is
    // done again, and what was taken away there would be of the layer beneath, too.
    if (this.steps || isPrinting.peek() || target.width !== width || target.height !== height) {
      target.width = width;
      target.height = height;
    }
    const context = this.contextOf(target);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!isPrinting.peek()) context.clearRect(0, 0, size.width, size.height);
    this.steps = paint(context, size, colours) ?? null;
    this.go(target);
  }

  /** One whose strokes this process draws itself, where it draws in slices: a graphics card would be waited for. */
  private contextOf(canvas: HTMLCanvasElement): Context {
    return canvas.getContext("2d", { willReadFrequently: this.isSliced })!;
  }

  private go(target: HTMLCanvasElement): void {
    if (!this.advance(this.contextOf(target))) {
      this.frame = requestAnimationFrame(() => this.go(target));
      return;
    }
    this.steps = null;
    this.isBlank = false;
    if (target === this.back) {
      const front = this.contextOf(this.canvas);
      front.setTransform(1, 0, 0, 1, 0, 0);
      front.clearRect(0, 0, target.width, target.height);
      front.drawImage(target, 0, 0);
    }
    if (this.isDirty) {
      this.isDirty = false;
      this.frame = requestAnimationFrame(() => this.again());
    }
  }

  /** Draws as much as this frame has time for; whether that was all. */
  private advance(context: Context): boolean {
    if (!this.isSliced || isPrinting.peek()) {
      while (this.steps && !this.steps.next().done);
      return true;
    }
    const begun = performance.now();
    const until = begun + slice.left();
    let isDone = !this.steps;
    while (!isDone && performance.now() < until) {
      isDone = this.steps!.next().done ?? false;
      // Strokes are only noted down until somebody looks: then all of them would be drawn at once, in one long frame.
      context.getImageData(0, 0, 1, 1);
    }
    slice.leftMs -= performance.now() - begun;
    return isDone;
  }

  private again: () => void = () => {};

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.steps = null;
  }
}

export function Plot(props: PlotProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const size = useMemo(() => signal<Size>({ width: 0, height: props.height }), []);
  const under = useMemo(() => signal<Watched>({ paint: nothing }), []);
  const upper = useMemo(() => signal<Watched>({ paint: nothing }), []);
  const latest = useRef(props);
  latest.current = props;
  useLayoutEffect(() => void (under.value = { paint: props.paint, watch: props.watch }), [props.paint, props.watch]);
  useLayoutEffect(() => void (upper.value = { paint: props.over ?? nothing, watch: props.watchOver }), [props.over, props.watchOver]);

  useLayoutEffect(() => {
    const take = (width: number, height: number) => {
      if (width !== size.peek().width || height !== size.peek().height) size.value = { width, height };
    };
    // Its size now, so that the first frame in which it stands has its drawing, too; and a sheet of paper.
    const stop = effect(() => (isPrinting.value, take(frame.current!.clientWidth, frame.current!.clientHeight)));
    const observer = new ResizeObserver(([entry]) => take(entry.contentRect.width, entry.contentRect.height));
    observer.observe(frame.current!);
    return () => (stop(), observer.disconnect());
  }, []);
  useLayoutEffect(() => void (props.height !== size.peek().height && (size.value = { ...size.peek(), height: props.height })), [props.height]);
  const isSeen = useSeen(frame);
  useLayoutEffect(() => layered(base.current!, size, isSeen, () => under.value, true), []);
  useLayoutEffect(() => layered(over.current!, size, isSeen, () => upper.value, false), []);

  const place = (event: MouseEvent): [number, number, Size] => {
    const box = frame.current!.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top, size.peek()];
  };
  return (
    <div
      ref={frame}
      class={props.hasFinger ? "plot has-finger" : "plot"}
      style={{ height: `${scaled(props.height)}px`, cursor: props.cursor ?? "default" }}
      role="group"
      tabIndex={props.onKey ? 0 : undefined}
      aria-label={props.label}
      onPointerMove={(event) => latest.current.onMove?.(...place(event), event)}
      onPointerDown={(event) => {
        if (event.button !== 0 || !latest.current.onDown) return;
        frame.current!.setPointerCapture(event.pointerId);
        latest.current.onDown(...place(event), event);
      }}
      onPointerUp={(event) => latest.current.onUp?.(...place(event), event)}
      onPointerCancel={() => latest.current.onCancel?.()}
      onPointerLeave={(event) => latest.current.onLeave?.(event)}
      onDblClick={(event) => latest.current.onDouble?.(...place(event))}
      onKeyDown={(event) => event.target === frame.current && latest.current.onKey?.(event, size.peek())}
      onBlur={() => latest.current.onLeave?.()}
      onWheel={(event) => {
        // The wheel alone scrolls the page.
        if (!latest.current.onZoom || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        latest.current.onZoom(...place(event), Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 250));
      }}
    >
      <canvas ref={base} aria-hidden="true" />
      <canvas ref={over} class="over" aria-hidden="true" />
      {props.children}
    </div>
  );
}

const nothing: Paint = () => {};

/** Pixels beyond the window's edge within which a chart is kept painted, to be there when it is scrolled to. */
const NEAR = 400;

/** Whether an element is in the window, or near it. */
function useSeen(element: { current: HTMLElement | null }): ReadonlySignal<boolean> {
  const isSeen = useMemo(() => signal(true), []);
  useLayoutEffect(() => {
    const observer = new IntersectionObserver((entries) => (isSeen.value = entries.at(-1)!.isIntersecting), { rootMargin: `${NEAR}px` });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return isSeen;
}

/** Paints whenever a signal that `watch` reads has changed, and with each new size, text size and theme, but nothing that is out of sight. */
function layered(canvas: HTMLCanvasElement, size: Signal<Size>, isSeen: ReadonlySignal<boolean>, painter: () => Watched, isSliced: boolean): () => void {
  const layer = new Layer(canvas, isSliced);
  const stop = effect(() => {
    if (!isSeen.value && !isPrinting.value) return;
    const { paint, watch } = painter();
    const now = size.value;
    const colours = palette();
    textScale.value;
    watch?.();
    untracked(() => layer.paint(now, paint, colours));
  });
  return () => {
    stop();
    layer.stop();
  };
}
