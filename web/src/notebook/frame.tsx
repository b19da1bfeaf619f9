/** A frame in a notebook's output: a shadow root with one run's charts and table, in the notebook's colours. */
import type { ReadonlySignal } from "@preact/signals";
import { render } from "preact";
import { bearTheme, dropTheme, theme } from "../app/theme";
import { showTime } from "../data/format";
import type { Selection } from "../data/selection";
import type { SweepData } from "../data/sweep";
import { SweepBody, SweepHeader } from "../pages/sweep";
import base from "../style/base.css?inline";
import layout from "../style/layout.css?inline";
import notebook from "../style/notebook.css?inline";
import table from "../style/table.css?inline";

/** Sizes in a notebook are its own: a rem is 13 pixels, and what depends on the window's width on the output's instead. */
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(
  [base, layout, table, notebook]
    .join("\n")
    .replace(/([\d.]+)rem/g, (_, size: string) => `${Number(size) * 13}px`)
    .replace(/@media\s*\(((min-|max-)?width)/g, "@container ($1"),
);
export const FRAME = "overdrive-live";
/** Where a program says that it is light or dark. */
const THEMES = ["class", "style", "theme", "data-jp-theme-light", "data-vscode-theme-kind"];

interface ShownProps {
  data: SweepData;
  selection: Selection;
  endedAt: ReadonlySignal<number | null>;
  trouble: ReadonlySignal<string>;
}

/** The frames of this script, each in the notebook's colours. */
const frames = new Set<HTMLElement>();
const themes = new MutationObserver(() => frames.forEach(takeTheme));

export function newFrame(): HTMLElement {
  const frame = document.createElement("div");
  frame.className = FRAME;
  // Keys that are typed here are no commands of the notebook.
  frame.dataset.lmSuppressShortcuts = "true";
  frame.addEventListener("keydown", (event) => event.stopPropagation());
  frame.attachShadow({ mode: "open" }).adoptedStyleSheets = [SHEET];
  bearTheme(frame);
  if (!frames.size)
    for (const element of [document.body, document.documentElement]) themes.observe(element, { attributes: true, attributeFilter: THEMES });
  frames.add(frame);
  return frame;
}

export function draw(frame: HTMLElement, shown: ShownProps): void {
  render(<Shown {...shown} />, frame.shadowRoot!);
}

/** Ends what is drawn in a frame. */
export function free(frame: HTMLElement): void {
  frames.delete(frame);
  if (!frames.size) themes.disconnect();
  dropTheme(frame);
  render(null, frame.shadowRoot!);
}

/** As what is behind the frame: light or dark, whatever program shows the notebook. */
export function takeTheme(frame: HTMLElement): void {
  for (let element = frame.parentElement; element; element = element.parentElement) {
    const [red, green, blue, alpha = 1] = (getComputedStyle(element).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
    if (alpha < 0.5) continue;
    theme.value = 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? "dark" : "light";
    return;
  }
}

function Shown({ data, selection, endedAt, trouble }: ShownProps) {
  const head = data.head.value;
  if (data.error.value) return <p class="notice error" role="alert">{data.error.value}</p>;
  if (!head) return null;
  return (
    <div class="notebook">
      {trouble.value && <p class="notice error" role="alert">{trouble.value}</p>}
      {endedAt.value !== null && !head.is_over && (
        <p class="notice" role="status">
          The kernel has ended, or this page has left it: this is as of {showTime(endedAt.value)}. The run goes on; run the cell
          again to follow it.
        </p>
      )}
      <SweepHeader head={head} data={data} />
      <SweepBody data={data} selection={selection} id={null} />
    </div>
  );
}
