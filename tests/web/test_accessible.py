"""axe finds nothing on any page, in either theme, wide and narrow; no page is wider than its window."""

import pytest
from axe import violations
from journals import WrittenSweep

SWEEP = "sweeps/HD_11111111-2222-3333-4444-555555555555"
PAGES = ["", SWEEP, f"{SWEEP}/trials/2", "compare?sweeps=HD_11111111-2222-3333-4444-555555555555", "nothing/here"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page(watched, sweep: WrittenSweep, theme: str, width: int) -> None:
    page = watched.page
    sweep.output(2, b"a line\n")
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        watched.go(path, "main h1, main h2")
        if path == SWEEP:
            page.wait_for_selector(".grid-body .grid-row >> nth=3")
            page.evaluate("document.querySelectorAll('.later').forEach(each => each.scrollIntoView())")
            page.wait_for_selector("section[aria-label='Slots over time']")
        told = violations(page)
        assert not told, (path, theme, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
