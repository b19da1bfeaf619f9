/** One run's widget in a page: what the kernel says of it, and the frames in which it is shown. */
import { positionsOf } from "../data/columns";
import { readDocument, type SweepDocument } from "../data/document";
import { Selection } from "../data/selection";
import { SweepData } from "../data/sweep";
import type { SweepChange } from "../data/types";
import { draw, FRAME, free, newFrame, takeTheme } from "./frame";
import { NotebookSource, type Rest } from "./source";

/** What anywidget hands over. */
export interface Model {
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
  disconnect(call: (sender: unknown, value: T) => void): void;
}
interface Message {
  kind: "change" | "curves" | "document" | "explained";
}
type OnMessage = (message: Message, buffers: DataView<ArrayBuffer>[]) => void;
/** An output's element that names its run, and what stands in it where nothing is live. */
type Place = HTMLElement & { overdriveStill?: Node[] };

/** States of a kernel that tell that the one before is gone; "starting" is all that a second connection hears of a restart. */
const ENDED = ["starting", "restarting", "autorestarting", "terminating", "dead"];
/** Milliseconds after which what is drawn of an output that has left the page is let go. Cells out of sight leave it, too. */
const AWAY = 60_000;
/** Milliseconds after which what was asked of the kernel is asked again: a connection may have been lost meanwhile. */
const ASK_AGAIN = 10_000;

export class Live {
  private readonly frames = new Map<Place, HTMLElement>();
  private source: NotebookSource | null = null;
  private data: SweepData | null = null;
  private selection: Selection | null = null;
  /** The last event that the data has. */
  private seq = -1;
  /** When all of it was asked for, since something was missed. */
  private askedAt = -Infinity;
  private hasEnded = false;
  private isClosed = false;
  /** Outputs that have left the page, and may come back. */
  private readonly away = new Set<Place>();
  private turn: Promise<void>;
  private readonly place: string;
  private readonly places = document.getElementsByClassName("overdrive-run");
  private readonly observer = new MutationObserver(() => this.look());
  private readonly kernel: Kernel | null | undefined;

  constructor(private readonly model: Model) {
    this.place = model.get("place");
    this.turn = readDocument(model.get("document")).then((found) => this.begin(found));
    this.turn.catch((error) => console.error(error));
    // One after the other: a document takes longer to unpack than the change behind it.
    model.on("msg:custom", this.onMessage);
    model.on("change:trouble", this.onTrouble);
    this.observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-over"] });
    this.kernel = model.widget_manager?.kernel;
    this.kernel?.statusChanged?.connect(this.onStatus);
    this.kernel?.disposed?.connect(this.end);
  }

  private readonly onMessage: OnMessage = (message, buffers) => {
    this.turn = this.turn.then(() => this.take(message.kind, buffers[0])).catch((error) => console.error(error));
  };

  private readonly onTrouble = (): void => {
    if (this.source) this.source.trouble.value = this.model.get("trouble");
  };

  private readonly onStatus = (_: unknown, status: string): void => {
    if (ENDED.includes(status)) this.end();
  };

  /** Nothing comes any more. What is drawn stays, until another widget of the run takes its place. */
  private readonly end = (): void => {
    this.hasEnded = true;
    this.source?.end();
    this.kernel?.statusChanged?.disconnect(this.onStatus);
    this.kernel?.disposed?.disconnect(this.end);
    for (const frame of this.frames.values()) frame.dataset.over = "";
  };

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
      this.askedAt = -Infinity;
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
        this.askAgain();
        return;
      }
      this.seq = change.seq;
      this.source!.change(change);
    }
    this.look();
  }

  /** A page that missed something asks for all of it, and is answered when the kernel is free. */
  private askAgain(): void {
    if (performance.now() - this.askedAt < ASK_AGAIN) return;
    this.askedAt = performance.now();
    this.model.send({ kind: "again" });
  }

  /** Takes the place of each picture of this run that is not newer than the data, unless another widget of it lives there. */
  private readonly look = (): void => {
    this.letGo();
    if (this.isClosed || !this.data) return;
    for (const place of [...this.places] as Place[]) {
      if (place.dataset.place !== this.place || this.frames.has(place)) continue;
      const other = place.querySelector<HTMLElement>(`:scope > .${FRAME}`);
      if (other?.shadowRoot && (this.hasEnded || !isOver(other))) continue;
      // The output was written anew: the same frame goes on in its new place, and keeps what was chosen in it.
      const old = [...this.frames].find(([before]) => !before.isConnected);
      if (!old && Number(place.dataset.seq) > this.seq) continue;
      if (old) this.frames.delete(old[0]);
      this.mount(place, old?.[1]);
    }
  };

  /** Of an output whose place another has taken, or that is away for long: where it comes back, it is drawn anew. */
  private letGo(): void {
    for (const [place, frame] of [...this.frames]) {
      if (frame.parentNode !== place) this.unmount(place);
      else if (!place.isConnected && !this.away.has(place)) {
        this.away.add(place);
        setTimeout(() => {
          this.away.delete(place);
          if (!place.isConnected) this.unmount(place);
        }, AWAY);
      }
    }
    this.rest();
  }

  mount(place: Place, frame = newFrame()): void {
    this.frames.set(place, frame);
    place.overdriveStill ??= [...place.childNodes];
    place.replaceChildren(frame);
    if (this.hasEnded) frame.dataset.over = "";
    takeTheme(frame);
    if (this.data) this.draw(frame);
  }

  unmount(place: Place): void {
    const frame = this.frames.get(place);
    if (!frame) return;
    this.frames.delete(place);
    free(frame);
    if (frame.parentNode === place) {
      place.replaceChildren(...(place.overdriveStill ?? []));
      delete place.overdriveStill;
    }
    this.rest();
  }

  private draw(frame: HTMLElement): void {
    const { endedAt, trouble } = this.source!;
    draw(frame, { data: this.data!, selection: this.selection!, endedAt, trouble });
  }

  /** The kernel, or the program, lets go of it: it stays as long as something of it is on the page. */
  close(): void {
    this.isClosed = true;
    this.end();
    this.model.off("msg:custom", this.onMessage);
    this.model.off("change:trouble", this.onTrouble);
    this.data?.close();
    this.letGo();
  }

  private rest(): void {
    if (this.isClosed && !this.frames.size) this.observer.disconnect();
  }
}

const isOver = (frame: HTMLElement) => frame.dataset.over !== undefined;
const parsed = <T,>(buffer: DataView<ArrayBuffer>) => JSON.parse(new TextDecoder().decode(buffer)) as T;
