/** A page on paper: light, as wide as a sheet, with everything drawn that a screen draws when it comes in sight. */
import { signal } from "@preact/signals";
import { options } from "preact";
import { theme } from "./theme";

/** From when the page is about to be printed until it was. */
export const isPrinting = signal(false);

/** What is drawn before a browser lays out its sheets is all that they have: nothing is left for the next frame. */
export function followPrint(): void {
  const frames = options as { requestAnimationFrame?: (call: () => void) => void };
  let onScreen = theme.peek();
  addEventListener("beforeprint", () => {
    onScreen = theme.peek();
    theme.value = "light";
    document.documentElement.dataset.printing = "";
    frames.requestAnimationFrame = queueMicrotask;
    isPrinting.value = true;
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset.printing;
    delete frames.requestAnimationFrame;
    isPrinting.value = false;
    theme.value = onScreen;
  });
}
