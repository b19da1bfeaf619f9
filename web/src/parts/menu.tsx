/** A button that opens what it holds. Escape closes it, and so does whatever is pressed outside. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: string;
  /** What screen readers say in place of the label. */
  named?: string;
  summary: string;
  body?: string;
  onToggle: (isOpen: boolean) => void;
  children: ComponentChildren;
}

/** Pixels that a list needs below its button; where there are fewer, and more above, it opens upwards. */
const LEAST = 220;

/** It ends within the window. */
function place(menu: HTMLDetailsElement): void {
  const { top, bottom } = menu.getBoundingClientRect();
  const [above, below] = [top - 14, innerHeight - bottom - 14];
  const isAbove = below < LEAST && above > below;
  menu.classList.toggle("above", isAbove);
  menu.style.setProperty("--room", `${Math.max(120, isAbove ? above : below)}px`);
}

export function Menu({ label, named, summary, body = "", onToggle, children }: Props) {
  const frame = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const menu = frame.current;
      if (menu?.open && !event.composedPath().includes(menu)) menu.open = false;
    };
    // Whatever has the focus: a press on what takes none, such as a text in the menu, leaves it to the whole page.
    const onKeyDown = (event: KeyboardEvent) => {
      const menu = frame.current;
      if (event.key !== "Escape" || !menu?.open) return;
      menu.open = false;
      const [target] = event.composedPath();
      if (target !== document.body && !(target instanceof Node && menu.contains(target))) return;
      event.stopPropagation(); // the page would let go of what is chosen
      menu.querySelector("summary")?.focus();
    };
    // Before whoever keeps the event to itself, such as a chart that is dragged.
    document.addEventListener("pointerdown", close, true);
    document.addEventListener("keydown", onKeyDown, true);
    return () => {
      document.removeEventListener("pointerdown", close, true);
      document.removeEventListener("keydown", onKeyDown, true);
    };
  }, []);
  return (
    <details class="menu" ref={frame} onToggle={({ currentTarget }) => (place(currentTarget), onToggle(currentTarget.open))}>
      <summary class={summary} aria-label={named}>{label}</summary>
      {children && <div class={`card menu-body ${body}`}>{children}</div>}
    </details>
  );
}
