"""The pages on a phone: what matters is seen without scrolling sideways."""

import pytest
from journals import WrittenSweep

WIDTH = 390
#: Whether all of it lies between the left and the right side of the window, and of the frame that it scrolls in.
SEEN = """element => {
    const [box, frame] = [element.getBoundingClientRect(), element.closest('.table-frame').getBoundingClientRect()];
    return box.width > 0 && box.left >= Math.max(0, frame.left) && box.right <= Math.min(innerWidth, frame.right);
}"""


@pytest.fixture
def phone(watched, sweep: WrittenSweep, workspace):
    """Two sweeps, one of them with a name, a tag and a value as long as they come."""
    name = "a-name-of-an-experiment-that-is-longer-than-a-phone-is-wide"
    other = WrittenSweep(workspace / "sweeps" / "HD_other", id="HD_other", experiment=name, tags={"what": "long " * 9})
    other.run(0, 0.3, -123456.78)
    other.run(1, 0.3, 1.2345e-12)
    other.finish()
    watched.page.set_viewport_size({"width": WIDTH, "height": 844})
    return watched


def assert_seen(page, *selectors: str) -> None:
    for selector in selectors:
        found = page.locator(selector)
        assert found.count() >= 2, selector
        assert all(each.evaluate(SEEN) for each in found.all()), selector


def test_sweeps(phone) -> None:
    page = phone.page
    phone.go("", "tbody tr >> nth=1")
    assert_seen(page, "tbody a", "tbody .state", "tbody .progress", "tbody .at-best", "tbody input")
    assert_seen(page, "tbody [data-head=Duration]", "tbody [data-head=Started]", "thead button")
    assert page.evaluate("document.querySelector('.table-frame').scrollWidth <= innerWidth")
    page.click("thead button:has-text('Best')")
    page.wait_for_selector("[aria-sort=descending]:has-text('Best')")
    # By name: the list may still come in its new order.
    for name in [box.get_attribute("aria-label") for box in page.locator("tbody input").all()]:
        page.get_by_label(name, exact=True).check()
    compare = page.locator("button:has-text('Compare 2')")
    page.evaluate("document.querySelector('main').style.paddingBottom = '3000px'")
    assert compare.evaluate("each => each.getBoundingClientRect().bottom <= innerHeight"), "it is at hand"
    compare.click()
    page.wait_for_selector("h1:has-text('Compare 2 sweeps')")
    page.wait_for_selector("tbody .state >> nth=1")
    assert_seen(page, "tbody a", "tbody .state", "tbody .at-best", "tbody .progress")
    assert_seen(page, "tbody [data-head=Duration]", "tbody .at-mark svg")


def test_trials(phone) -> None:
    page = phone.page
    phone.go("sweeps/HD_11111111-2222-3333-4444-555555555555", ".grid-body .grid-row >> nth=3")
    heads = page.locator(".grid-head [role=columnheader]").all_inner_texts()
    assert [head.split()[0] for head in heads[:6]] == ["Trial", "Status", "Best", "Curve", "lr", "units"]
    for place in range(4):
        assert_seen(page, f".grid-body .grid-row > div:nth-child({place + 1})")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_selector(".grid-head [role=columnheader]:nth-child(4):has-text('Last')")


def test_menus(phone) -> None:
    """What a button opens lies on the screen, whatever side the button is at."""
    page = phone.page
    phone.go("sweeps/HD_11111111-2222-3333-4444-555555555555", ".grid-body .grid-row >> nth=3")
    page.wait_for_selector(".later >> nth=2", state="attached")
    for each in page.locator(".later").all():  # drawn as they come in sight
        each.scroll_into_view_if_needed()
    for button in ("Axes", "Configuration"):
        page.click(f"summary:has-text('{button}')")
        page.wait_for_selector("details[open] .menu-body > *")
        box = page.locator("details[open] .menu-body").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"], button
        page.keyboard.press("Escape")
        page.wait_for_selector("details.menu[open]", state="detached")
