"""axe in a page of the browser."""

from pathlib import Path

_AXE = Path(__file__).parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page, part: str | None = None) -> list[str]:
    """What axe finds wrong with the page as it stands, or with what the selector `part` finds."""
    page.evaluate(_AXE.read_text())
    found = page.evaluate("part => axe.run(part || document, {resultTypes: ['violations']})", part)["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found
        for node in each["nodes"][:3]
    ]
