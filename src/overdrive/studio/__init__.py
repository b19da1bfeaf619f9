"""Studio's web server: the workspace in a browser. It shows, and leaves requests; it can start nothing.

Lives here: the gate in front of every route, the routes over views, live streams, requests, the built pages (assets/).
May import: views, store (its mailbox), space, host, records, errors. Only its own process pays for FastAPI.
Must not touch: client, engine, compute, host's processes; a sweep's database but for reading; the network outside.
Change together with: web/ (its other half), cli (which starts it and the doorman), docs/studio.md.
"""

__all__ = []
