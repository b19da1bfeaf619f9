/**
 * The widget in a notebook. The kernel sends a sweep in one piece and then what changes, also while a cell runs; nothing is
 * asked of it, since it answers nothing while it is busy.
 *
 * A notebook keeps a picture and a table of each run: an element that names its widget. Where that is on the page, the live
 * charts take its place; where there is no widget (no kernel, another program), it stays.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { render } from "preact";
import { bearTheme, dropTheme, theme } from "./app/theme";
import { positionsOf } from "./data/columns";
import { type CurveColumns, DocumentSource, readDocument, said, type SweepDocument } from "./data/document";
import { showTime } from "./data/format";
import { Selection } from "./data/selection";
import { SweepData } from "./data/sweep";
import type { Code, Explained, SweepChange, Timeline } from "./data/types";
import { SweepBody, SweepHeader } from "./pages/sweep";
import base from "./style/base.css?inline";
import layout from "./style/layout.css?inline";
import notebook from "./style/notebook.css?inline";
import table from "./style/table.css?inline";

/** What anywidget hands over. */
interface Model {
  get(name: "place" | "trouble"): string;
  get(name: "document"): DataView<ArrayBuffer>;
  on(event: "msg:custom", call: OnMessage): void;
  on(event: "change:trouble", call: () => void): void;
  off(event: "msg:custom", call: OnMessage): void;
  off(event: "change:trouble", call: () => void): void;
  send(message: { kind: "again" | "explain" }): void;
  /** JupyterLab's and Notebook's own, which know of their kernel; other programs have none, or another. */
  widget_manager?: { kernel?: Kernel | null };
}
interface Kernel {
  statusChanged?: Signalled<string>;
  disposed?: Signalled<unknown>;
}
interface Signalled<T> {
  connect(call: (sender: unknown, value: T) => void): void;
}
/** States of a kernel in which what it was asked is forgotten. */
const ENDED = ["restarting", "autorestarting", "terminating", "dead"];
interface Message {
  kind: "change" | "curves" | "document" | "explained";
}
type OnMessage = (message: Message, buffers: DataView<ArrayBuffer>[]) => void;
interface Rest {
  curves: CurveColumns[];
  timeline: Timeline;
  code: Code;
}

/** Sizes in a notebook are its own: a rem is 13 pixels, and what depends on the window's width on the output's instead. */
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(
  [base, layout, table, notebook]
    .join("\n")
    .replace(/([\d.]+)rem/g, (_, size: string) => `${Number(size) * 13}px`)
    .replace(/@media\s*\(((min-|max-)?width)/g, "@container ($1"),
);

/** Milliseconds after which what is drawn of an output that has left the page is let go. Cells out of sight leave it, too. */
const AWAY = 60_000;

const NO_MODEL = "The kernel has ended before a model was made. Run the cell again for one.";

class NotebookSource extends DocumentSource {
  readonly explaining = "A model of the trials is being made, as soon as no cell runs …";
  override readonly explained: () => Promise<Explained>;
  /** When the kernel ended; null while it lives. */
  readonly endedAt = signal<number | null>(null);
  /** Why the kernel follows the run no longer; "" while it does, or once the run has ended. */
  readonly trouble = signal("");
  private asked: PromiseWithResolvers<Explained> | null = null;
  private onChange: ((change: SweepChange | null) => void) | null = null;
  private waiting: SweepChange[] = [];

  constructor(document: SweepDocument, ask: () => void) {
    super(document);
    this.explained = () => {
      if (this.endedAt.peek() !== null) return Promise.reject(new Error(NO_MODEL));
      if (!this.asked) ask();
      this.asked ??= Promise.withResolvers();
      return this.asked.promise;
    };
  }

  /** The kernel has ended: nothing that was asked of it is answered. */
  end(): void {
    this.endedAt.value ??= Date.now() / 1000;
    this.asked?.reject(new Error(NO_MODEL));
    this.asked = null;
  }

  /** What the kernel says that a model says. */
  putExplained(explained: Explained | string): void {
    this.asked?.resolve(said(explained));
    this.asked = null;
  }

  override isStill(): boolean {
    return this.endedAt.value !== null || this.trouble.value !== "";
  }

  override follow(since: number, onChange: (change: SweepChange | null) => void): () => void {
    this.onChange = onChange;
    for (const change of this.waiting) if (change.seq > since || change.head) onChange(change);
    this.waiting = [];
    return () => (this.onChange = null);
  }

  change(change: SweepChange): void {
    if (this.onChange) this.onChange(change);
    else this.waiting.push(change);
  }

  putRest({ curves, timeline, code }: Rest): void {
    this.putCurves(curves);
    this.document = { ...this.document, timeline, code };
  }

  replace(document: SweepDocument): void {
    this.document = document;
    this.putCurves(document.curves);
    this.onChange?.(null);
  }
}

/** One run's widget: its data, and the frames in which it is shown. */
class Live {
  private readonly frames = new Map<HTMLElement, HTMLElement>();
  private source: NotebookSource | null = null;
  private data: SweepData | null = null;
  private selection: Selection | null = null;
  /** The last event that the data has. */
  private seq = -1;
  private isBehind = false;
  private hasEnded = false;
  private isClosed = false;
  /** Outputs that have left the page, and may come back. */
  private readonly away = new Set<HTMLElement>();
  private turn: Promise<void>;
  private readonly place: string;
  private readonly places = document.getElementsByClassName("overdrive-run");
  private readonly observer = new MutationObserver(() => this.look());

  constructor(private readonly model: Model) {
    this.place = model.get("place");
    this.turn = readDocument(model.get("document")).then((found) => this.begin(found));
    // One after the other: a document takes longer to unpack than the change behind it.
    model.on("msg:custom", this.onMessage);
    model.on("change:trouble", this.onTrouble);
    this.observer.observe(document.body, { childList: true, subtree: true });
    const kernel = model.widget_manager?.kernel;
    kernel?.statusChanged?.connect((_, status) => ENDED.includes(status) && this.end());
    kernel?.disposed?.connect(() => this.end());
  }

  private readonly onMessage: OnMessage = (message, buffers) => {
    this.turn = this.turn.then(() => this.take(message.kind, buffers[0])).catch((error) => console.error(error));
  };

  private readonly onTrouble = (): void => {
    if (this.source) this.source.trouble.value = this.model.get("trouble");
  };

  private end(): void {
    this.hasEnded = true;
    this.source?.end();
  }

  private begin(found: SweepDocument): void {
    this.seq = found.head.seq;
    this.source = new NotebookSource(found, () => this.model.send({ kind: "explain" }));
    if (this.hasEnded) this.source.end();
    this.onTrouble();
    this.data = new SweepData(this.source);
    this.selection = new Selection(this.data, positionsOf(this.data));
    void this.data.open();
    for (const frame of this.frames.values()) this.draw(frame);
    if (this.isClosed) this.data.close();
    this.look();
  }

  private async take(kind: Message["kind"], buffer: DataView<ArrayBuffer>): Promise<void> {
    if (kind === "document") {
      const found = await readDocument(buffer);
      this.seq = found.head.seq;
      this.isBehind = false;
      this.source!.replace(found);
    } else if (kind === "explained") {
      this.source!.putExplained(parsed(buffer));
    } else if (kind === "curves") {
      this.source!.putRest(parsed<Rest>(buffer));
      this.data!.runsVersion.value += 1; // the slots' times came along
      const shown = this.data!.wanted.peek();
      // The primary metric's values came one by one.
      if (shown && (shown.metric !== this.data!.head.peek()?.metric?.name || shown.axis === "time")) void this.data!.show(shown);
    } else {
      const change = parsed<SweepChange>(buffer);
      if (change.seq < this.seq || (change.seq === this.seq && !change.head)) return;
      if (change.after > this.seq) {
        // A page that missed something asks once for all of it, and is answered when the kernel is free.
        if (!this.isBehind) this.model.send({ kind: "again" });
        this.isBehind = true;
        return;
      }
      this.seq = change.seq;
      this.source!.change(change);
    }
    this.look();
  }

  /** Takes the place of each picture of this run that is not newer than the data. */
  private readonly look = (): void => {
    if (this.isClosed) return;
    this.letGo();
    if (!this.data) return;
    for (const place of [...this.places] as HTMLElement[]) {
      if (place.dataset.place !== this.place) continue;
      const frame = this.frames.get(place);
      if (frame?.parentNode === place) continue;
      // The output was written anew: the same frame goes on in its new place, and keeps what was chosen in it.
      const old = [...this.frames].find(([before]) => !before.isConnected);
      if (!old && Number(place.dataset.seq) > this.seq) continue;
      if (old) this.frames.delete(old[0]);
      this.mount(place, old?.[1]);
    }
  };

  /** Of an output that is away for long: where it comes back, it is drawn anew. */
  private letGo(): void {
    for (const place of this.frames.keys()) {
      if (place.isConnected || this.away.has(place)) continue;
      this.away.add(place);
      setTimeout(() => {
        this.away.delete(place);
        // What a closed one has drawn is all that there is of it.
        if (!place.isConnected && !this.isClosed) this.unmount(place);
      }, AWAY);
    }
  }

  mount(place: HTMLElement, frame = this.newFrame()): void {
    // Of a widget that was closed.
    for (const old of place.querySelectorAll<HTMLElement>(".overdrive-live")) if (old !== frame) free(old);
    this.frames.set(place, frame);
    place.replaceChildren(frame);
    setTheme(frame);
    if (this.data) this.draw(frame);
  }

  unmount(place: HTMLElement): void {
    const frame = this.frames.get(place);
    if (!frame) return;
    this.frames.delete(place);
    free(frame);
  }

  private newFrame(): HTMLElement {
    const frame = document.createElement("div");
    frame.className = "overdrive-live";
    // Keys that are typed here are no commands of the notebook.
    frame.dataset.lmSuppressShortcuts = "true";
    frame.addEventListener("keydown", (event) => event.stopPropagation());
    frame.attachShadow({ mode: "open" }).adoptedStyleSheets = [SHEET];
    bearTheme(frame);
    return frame;
  }

  private draw(frame: HTMLElement): void {
    const { endedAt, trouble } = this.source!;
    render(<Shown data={this.data!} selection={this.selection!} endedAt={endedAt} trouble={trouble} />, frame.shadowRoot!);
  }

  close(): void {
    this.isClosed = true;
    this.observer.disconnect();
    this.model.off("msg:custom", this.onMessage);
    this.model.off("change:trouble", this.onTrouble);
    this.data?.close();
    if (all.get(this.place) === this) all.delete(this.place);
    // What is drawn stays: the kernel is gone, not what it said.
  }
}

/** Ends what is drawn in a frame. */
function free(frame: HTMLElement): void {
  dropTheme(frame);
  render(null, frame.shadowRoot!);
}

const parsed = <T,>(buffer: DataView<ArrayBuffer>) => JSON.parse(new TextDecoder().decode(buffer)) as T;

interface ShownProps {
  data: SweepData;
  selection: Selection;
  endedAt: ReadonlySignal<number | null>;
  trouble: ReadonlySignal<string>;
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
          The kernel has ended: this is as of {showTime(endedAt.value)}. The run goes on; run the cell again to follow it.
        </p>
      )}
      <SweepHeader head={head} data={data} />
      <SweepBody data={data} selection={selection} id={null} />
    </div>
  );
}

/** As what is behind the frame: light or dark, whatever program shows the notebook. */
function setTheme(frame: HTMLElement): void {
  for (let element = frame.parentElement; element; element = element.parentElement) {
    const [red, green, blue, alpha = 1] = (getComputedStyle(element).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
    if (alpha < 0.5) continue;
    theme.value = 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? "dark" : "light";
    return;
  }
}

/** Place → the widget that is drawn there: the model that came last, since a kernel that was found again makes them anew. */
const all = new Map<string, Live>();

function newLive(model: Model): Live {
  const place = model.get("place");
  all.get(place)?.close();
  const live = new Live(model);
  all.set(place, live);
  return live;
}

const themes = new MutationObserver(() => document.querySelectorAll<HTMLElement>(".overdrive-live").forEach(setTheme));
for (const element of [document.body, document.documentElement])
  themes.observe(element, { attributes: true, attributeFilter: ["class", "style", "theme", "data-jp-theme-light", "data-vscode-theme-kind"] });

export default {
  initialize({ model }: { model: Model }): () => void {
    const live = newLive(model);
    return () => live.close();
  },
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    const live = all.get(model.get("place")) ?? newLive(model);
    live.mount(el);
    return () => live.unmount(el);
  },
};
