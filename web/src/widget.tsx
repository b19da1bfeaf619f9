/**
 * The widget in a notebook. The kernel sends a sweep in one piece and then what changes, also while a cell runs; nothing is
 * asked of it, since it answers nothing while it is busy.
 *
 * A notebook keeps a picture and a table of each run: an element that names its widget. Where that is on the page, the live
 * charts take its place; where there is no widget (no kernel, another program), it stays.
 *
 * A page may have several widgets of one run, each with a script of its own: a notebook that was closed and opened again, a
 * console on the same kernel. They know of each other by their frames alone: the first that has a place keeps it until it
 * is over (`data-over`), then another takes it.
 */
import { Live, type Model } from "./notebook/live";

/** Place → the widget of it that came last: a script may serve several models. */
const all = new Map<string, Live>();

function newLive(model: Model): Live {
  const live = new Live(model);
  all.set(model.get("place"), live);
  return live;
}

export default {
  initialize({ model }: { model: Model }): () => void {
    const live = newLive(model);
    return () => {
      live.close();
      if (all.get(model.get("place")) === live) all.delete(model.get("place"));
    };
  },
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    const live = all.get(model.get("place")) ?? newLive(model);
    live.mount(el);
    return () => live.unmount(el);
  },
};
