/** How large the page's text is: what has a size in pixels of its own, rows of tables and drawings, grows with it. */
import { type ReadonlySignal, signal } from "@preact/signals";

/** The root's font size for which pixels are given. */
const USUAL = 14;
const scale = signal(1);

/** The root's font size, 1 being the usual one. Known to style sheets as `--text-scale`. */
export const textScale: ReadonlySignal<number> = scale;
/** So many pixels at the usual size, as many more as text is larger. */
export const scaled = (pixels: number): number => pixels * scale.value;

/** Reads the size now and whenever it changes. Who never calls this, as in a notebook, whose text is its own, has 1. */
export function followTextSize(): void {
  const probe = document.createElement("div");
  probe.className = "text-probe";
  document.body.append(probe);
  const root = document.documentElement;
  const read = () => {
    scale.value = Number.parseFloat(getComputedStyle(root).fontSize) / USUAL;
    root.style.setProperty("--text-scale", String(scale.value));
  };
  read();
  new ResizeObserver(read).observe(probe);
}
