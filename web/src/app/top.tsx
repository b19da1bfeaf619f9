/** What stands on top of every page. */
import { switchTheme, theme } from "./theme";

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f5f73" />
      <path d="M6 23C11 23 12 9 26 8" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" />
      <circle cx="26" cy="8" r="2.600" fill="#fff" />
    </svg>
  );
}

export function ThemeButton() {
  const name = theme.value === "dark" ? "Light theme" : "Dark theme";
  return (
    <button class="button bare" onClick={switchTheme} aria-label={name} title={name}>
      {theme.value === "dark" ? "☀" : "☾"}
    </button>
  );
}
