/** Light or dark: the system's wish, unless the page was told otherwise. */
import { effect, signal } from "@preact/signals";

const KEY = "overdrive-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const theme = signal<"light" | "dark">(
  kept() === "light" || kept() === "dark" ? (kept() as "light" | "dark") : dark.matches ? "dark" : "light",
);
dark.addEventListener("change", () => {
  if (!kept()) theme.value = dark.matches ? "dark" : "light";
});
effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function switchTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  try {
    localStorage.setItem(KEY, theme.value);
  } catch {
    // A browser that keeps nothing still switches.
  }
}
