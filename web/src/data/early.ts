/**
 * The first answer that a sweep's page needs, asked for before anything else of the page has run: `main.tsx` imports this
 * first. The address behind the `#` is known to the browser alone, so the document cannot have it loaded beforehand.
 */
const id = /^#\/sweeps\/([^/?]+)(\?|$)/.exec(location.hash)?.[1];
let begun: { path: string; response: Promise<Response> } | null = null;
if (id) {
  const path = `/sweeps/${id}/opening`;
  begun = { path, response: fetch(`/api${path}`) };
  begun.response.catch(() => {}); // told to whoever takes it
}

/** The answer from `path`, where that is the one that was asked for; once, since it is of that moment. */
export function takeEarly(path: string): Promise<Response> | null {
  const found = begun?.path === path ? begun.response : null;
  begun = null;
  return found;
}
