/** Something could not be loaded: why, and a button for those who do not want to wait until it is tried again. */
import type { ComponentChildren } from "preact";

export function FailureNotice({ text, again }: { text: string; again: () => void }) {
  return (
    <div class="notice error row spread" role="alert">
      <span>{text}</span>
      <span class="row"><span class="small quiet">It is tried again by itself.</span><button class="button" onClick={again}>Try again</button></span>
    </div>
  );
}

/** The same where there is nothing else on the page; without `again` where trying again would not help. */
export function FailurePage({ title, text, again, children }: { title: string; text: string; again?: () => void; children?: ComponentChildren }) {
  return (
    <main>
      <div class="card empty" role="alert">
        <h1>{title}</h1>
        <p>{text}</p>
        {again && <p class="small">It is tried again by itself.</p>}
        <div class="row">
          {again && <button class="button primary" onClick={again}>Try again</button>}
          {children}
        </div>
      </div>
    </main>
  );
}
