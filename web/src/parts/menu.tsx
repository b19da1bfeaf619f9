/** A button that opens what it holds. Escape closes it, and so does whatever is pressed outside. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: string;
  summary: string;
  body?: string;
  onToggle: (isOpen: boolean) => void;
  children: ComponentChildren;
}

export function Menu({ label, summary, body = "", onToggle, children }: Props) {
  const frame = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const menu = frame.current;
      if (menu?.open && !event.composedPath().includes(menu)) menu.open = false;
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const menu = frame.current;
    if (event.key !== "Escape" || !menu?.open) return;
    event.stopPropagation(); // the page would let go of what is chosen
    menu.open = false;
    menu.querySelector("summary")?.focus();
  };
  return (
    <details class="menu" ref={frame} onKeyDown={onKeyDown} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary class={summary}>{label}</summary>
      {children && <div class={`card menu-body ${body}`}>{children}</div>}
    </details>
  );
}
