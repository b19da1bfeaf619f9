/** Nothing is heard any more of what the page shows: it stands as it was. */
export const Lost = () => <span class="quiet small" role="status">Connection lost: trying again …</span>;
