"""Named queries from the .sql files beside this one.

A file holds `-- name: NAME` lines, each followed by its statement; comment lines are left out. Twenty lines of our
own instead of aiosql: docs/decisions/002.
"""

from functools import cache
from pathlib import Path


@cache
def load_queries(file: str) -> dict[str, str]:
    """Name → statement of `sql/<file>`."""
    queries: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (Path(__file__).parent / "sql" / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("-- name: "):
            lines = queries.setdefault(line.removeprefix("-- name: ").strip(), [])
        elif not line.startswith("--"):
            lines.append(line)
    return {name: "\n".join(body).strip() for name, body in queries.items()}
