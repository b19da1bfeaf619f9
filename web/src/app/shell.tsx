/** The frame of all pages, and which of them is shown. */
import { computed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Backoff } from "../data/backoff";
import { get } from "../data/http";
import { ComparePage } from "../pages/compare";
import { SweepPage } from "../pages/sweep";
import { SweepsPage } from "../pages/sweeps";
import { TrialPage } from "../pages/trial";
import { Boundary } from "../parts/boundary";
import { isLoggedIn } from "./login";
import { route } from "./router";
import { Mark, ThemeButton } from "./top";

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
          <Mark />
          Overdrive
        </a>
        <span class="gap" />
        <ThemeButton />
      </header>
      {isLoggedIn.value === false ? <LoggedOut /> : isLoggedIn.value ? <Boundary key={route.value.parts.join("/")}>{page.value}</Boundary> : null}
    </>
  );
}

function LoggedOut() {
  useEffect(() => {
    // Another page of this browser may log in.
    const look = () => get("/server").then(() => (backoff.close(), (isLoggedIn.value = true)), () => backoff.failed());
    const backoff = new Backoff(look);
    const onSight = () => document.hidden || backoff.now();
    backoff.failed();
    document.addEventListener("visibilitychange", onSight);
    return () => {
      document.removeEventListener("visibilitychange", onSight);
      backoff.close();
    };
  }, []);
  return (
    <main>
      <div class="card empty" role="alert">
        <h1>This browser is not logged in</h1>
        <p>Open the link that <code>overdrive studio</code> has printed in its terminal. It works once: press Enter there for another one. This page comes back by itself.</p>
      </div>
    </main>
  );
}
