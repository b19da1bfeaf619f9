/** The first answer that a sweep's page needs: `public/early.js` asked for it before this script was there. */
declare global {
  interface Window {
    early?: { path: string; response: Promise<Response> } | null;
  }
}

/** The answer from `path`, where that is the one that was asked for; once, since it is of that moment. */
export function takeEarly(path: string): Promise<Response> | null {
  const found = window.early?.path === path ? window.early.response : null;
  window.early = null;
  return found;
}
