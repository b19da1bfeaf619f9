/** What the browser's tab says: of which sweep or trial it is, and how that stands. Text only. */
import { useEffect } from "preact/hooks";

const NAME = "Overdrive";

/** Puts it there while the page is: the parts, what tells it from others first. Without parts, as the page loads: the name alone. */
export function useTitle(parts: string[] | null): void {
  const text = [...(parts ?? []).filter(Boolean), NAME].join(" · ");
  useEffect(() => {
    document.title = text;
  }, [text]);
}
