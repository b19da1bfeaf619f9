/** The one-time code of the link becomes a cookie; it is gone from the address before anything else is done. */
import { signal } from "@preact/signals";
import { onLoggedOut, post } from "../data/http";

export const isLoggedIn = signal<boolean | null>(null);
onLoggedOut.call = () => (isLoggedIn.value = false);

export async function logIn(): Promise<void> {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code) {
    history.replaceState(null, "", "#/");
    await post("/login", { code }).catch(() => {});
    dispatchEvent(new HashChangeEvent("hashchange"));
  }
  // The pages ask for what they show; what is refused for want of a cookie says so, too.
  isLoggedIn.value = true;
}
