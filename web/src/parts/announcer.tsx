/** Says what keys did, to those who hear the page instead of seeing it. */
import type { ReadonlySignal } from "@preact/signals";

export function Announcer({ said }: { said: ReadonlySignal<string> }) {
  return (
    <p class="hidden-text announcer" role="status" aria-live="polite">
      {said.value}
    </p>
  );
}
