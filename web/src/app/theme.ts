/** Light or dark: in a page the system's wish, unless it was told otherwise; in a notebook as the notebook is. */
import { effect, signal } from "@preact/signals";

const KEY = "overdrive-theme";
export const theme = signal<"light" | "dark">("light");
/** The elements that have the theme's colours: a page's root, or the frames of a notebook's widgets. */
const bearers = new Set<HTMLElement>();
effect(() => {
  const name = theme.value;
  for (const element of bearers) element.dataset.theme = name;
});

/** Gives an element the colours of the theme; `colourBearer` is one that has them. */
export function bearTheme(element: HTMLElement): void {
  bearers.add(element);
  element.dataset.theme = theme.peek();
}

export function dropTheme(element: HTMLElement): void {
  bearers.delete(element);
}

export const colourBearer = (): HTMLElement => [...bearers].find((element) => element.isConnected) ?? document.documentElement;

/** For a page of one's own. */
export function followSystem(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    const wish = kept();
    theme.value = wish === "light" || wish === "dark" ? wish : dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", follow);
  follow();
  bearTheme(document.documentElement);
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function switchTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // A browser that keeps nothing still switches.
  }
}
