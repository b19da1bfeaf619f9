/** The frame of all pages, and which of them is shown. */
import { computed } from "@preact/signals";
import { ComparePage } from "../pages/compare";
import { SweepPage } from "../pages/sweep";
import { SweepsPage } from "../pages/sweeps";
import { TrialPage } from "../pages/trial";
import { isLoggedIn } from "./login";
import { route } from "./router";
import { switchTheme, theme } from "./theme";

const page = computed(() => {
  const { parts, query } = route.value;
  if (!parts.length) return <SweepsPage />;
  if (parts[0] === "sweeps" && parts.length === 2) return <SweepPage key={parts[1]} id={parts[1]} />;
  if (parts[0] === "sweeps" && parts[2] === "trials" && /^\d+$/.test(parts[3] ?? ""))
    return <TrialPage key={`${parts[1]}/${parts[3]}`} id={parts[1]} number={Number(parts[3])} />;
  if (parts[0] === "compare") return <ComparePage ids={(query.get("sweeps") ?? "").split(",").filter(Boolean)} />;
  return (
    <main>
      <div class="card empty">
        <h1>There is no such page</h1>
        <a class="button" href="#/">All sweeps</a>
      </div>
    </main>
  );
});

export function Shell() {
  return (
    <>
      <header class="top">
        <a class="mark" href="#/" aria-label="Overdrive: all sweeps">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="#0f5f73" />
            <path d="M6 23C11 23 12 9 26 8" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" />
            <circle cx="26" cy="8" r="2.600" fill="#fff" />
          </svg>
          Overdrive
        </a>
        <span class="gap" />
        <button class="button bare" onClick={switchTheme} aria-label={theme.value === "dark" ? "Light theme" : "Dark theme"} title={theme.value === "dark" ? "Light theme" : "Dark theme"}>
          {theme.value === "dark" ? "☀" : "☾"}
        </button>
      </header>
      {isLoggedIn.value === false ? <LoggedOut /> : isLoggedIn.value ? page.value : null}
    </>
  );
}

function LoggedOut() {
  return (
    <main>
      <div class="card empty" role="alert">
        <h1>This browser is not logged in</h1>
        <p>Run this in a terminal, and open the link that it prints. It works once.</p>
        <code>overdrive studio</code>
      </div>
    </main>
  );
}
