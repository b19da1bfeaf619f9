// Asks for the first answer that a sweep's page needs, before the page's own script has come: it is a hundred times as
// long. The address behind the # is known to the browser alone, so the document cannot have the answer loaded beforehand.
{
  const id = /^#\/sweeps\/([^/?]+)(\?|$)/.exec(location.hash)?.[1];
  if (id) {
    const path = `/sweeps/${id}/opening`;
    window.early = { path, response: fetch(`/api${path}`) };
    window.early.response.catch(() => {}); // told to whoever takes it
  }
}
