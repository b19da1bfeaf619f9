"""Everything by keys: what they did is seen, and said to those who hear the page."""

import pytest
from journals import WrittenSweep

SWEEP = "sweeps/HD_11111111-2222-3333-4444-555555555555"
ROWS = ".grid-body .grid-row"
#: What the canvas of a chart shows.
DRAWN = "plot => plot.querySelector('canvas').toDataURL()"


@pytest.fixture
def page(watched, sweep: WrittenSweep):
    """A sweep's page with all of its charts."""
    watched.go(SWEEP)
    watched.page.wait_for_selector(f"{ROWS} >> nth=3")
    watched.page.evaluate("document.querySelectorAll('.later').forEach(each => each.scrollIntoView())")
    watched.page.wait_for_selector("section[aria-label='Slots over time'] .plot")
    return watched.page


def said(page, text: str) -> None:
    page.wait_for_selector(f"[aria-live=polite]:has-text('{text}')", state="attached")


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def chart(page, title: str):
    plot = page.locator(f"section[aria-label='{title}'] .plot[tabindex='0']").first
    plot.scroll_into_view_if_needed()
    plot.focus()
    return plot


def differs(page, title: str, before: str) -> None:
    """Waits until a chart shows something else."""
    plot = f"document.querySelector(`section[aria-label='{title}'] .plot`)"
    page.wait_for_function(f"before => ({DRAWN})({plot}) !== before", arg=before)


def test_rows_are_chosen(page) -> None:
    page.locator("[role=grid]").focus()
    press(page, "ArrowDown", "Space")
    said(page, "trial 1 chosen, 1 chosen in all")
    page.wait_for_selector(f"{ROWS}.chosen.active#row-1")
    assert page.get_attribute("[role=grid]", "aria-activedescendant") == "row-1"
    assert "trials=1" in page.url
    press(page, "Shift+ArrowDown", "Shift+ArrowDown")
    said(page, "3 trials in a row chosen, 3 in all")
    press(page, "Shift+ArrowUp")
    page.wait_for_function(f"() => document.querySelectorAll('{ROWS}.chosen').length === 2")
    press(page, "Home", "Enter")
    said(page, "trial 0 chosen, 3 chosen in all")
    assert page.get_attribute("#row-0 a", "tabindex") == "0"
    page.focus("#row-0 a")
    press(page, "ArrowDown", "Escape")
    page.wait_for_selector(f"{ROWS}.chosen", state="detached")
    said(page, "no trial chosen")
    press(page, "o")
    page.wait_for_selector("h1:has-text('Trial 1')")


def test_keys_reach_every_row_of_many(watched, workspace) -> None:
    many = WrittenSweep(workspace / "sweeps" / "HD_many", id="HD_many", max_total_runs=200)
    for trial in range(120):
        many.run(trial, trial / 200)
    page = watched.page
    watched.go("sweeps/HD_many", f"{ROWS} >> nth=9")
    page.locator("[role=grid]").focus()
    press(page, "End")
    page.wait_for_selector("#row-119.active")
    frame = page.locator(".table-frame:has([role=grid])").bounding_box()
    assert frame["y"] < page.locator("#row-119").bounding_box()["y"] < frame["y"] + frame["height"]
    press(page, "PageUp", "ArrowUp", "Space")
    page.wait_for_selector(f"{ROWS}.active.chosen")
    press(page, "Home", "Shift+End")
    said(page, "120 trials in a row chosen")


def test_ranges_along_an_axis(page) -> None:
    page.locator(".axis-name >> nth=0").scroll_into_view_if_needed()
    page.locator(".axis-name >> nth=0").focus()
    press(page, "ArrowUp")
    said(page, "of 4 trials")
    page.wait_for_selector(".chip:has-text('lr')")
    assert "ranges=" in page.url
    first = page.inner_text(".chip:has-text('lr')")
    press(page, "ArrowUp")
    page.wait_for_function("first => document.querySelector('.chip').innerText !== first", arg=first)
    moved = page.inner_text(".chip:has-text('lr')")
    press(page, *["Shift+ArrowUp"] * 20)
    begins = "text => document.querySelector('.chip').innerText.split('–')[0] === text.split('–')[0]"
    page.wait_for_function(begins, arg=moved)
    assert page.inner_text(".chip:has-text('lr')") != moved
    press(page, "n")
    page.wait_for_selector(".chip:has-text('lr') >> nth=1")
    press(page, "Escape")
    page.wait_for_selector(".chip", state="detached")
    said(page, "no range of lr: 4 of 4 trials")
    page.locator(".axis-name >> nth=1").focus()
    press(page, "ArrowDown")
    page.wait_for_selector(".chip:has-text('units 32')")
    said(page, "units 32: 1 of 4 trials")


def test_axes_are_moved(page) -> None:
    page.locator(".axis-name >> nth=0").scroll_into_view_if_needed()
    page.locator(".axis-name >> nth=0").focus()
    press(page, "ArrowRight")
    said(page, "lr is axis 2 of 3")
    press(page, "ArrowRight")
    said(page, "lr is axis 3 of 3")
    assert page.evaluate("document.activeElement.innerText").startswith("lr"), "the focus goes with it"
    press(page, "i")
    page.wait_for_selector(".axis-name:has-text('lr ↓')")


def test_the_metric_chart_is_zoomed_and_moved(page) -> None:
    plot = chart(page, "Metric")
    whole = plot.evaluate(DRAWN)
    press(page, "+", "+")
    said(page, "interval 1.")
    page.wait_for_selector("button:has-text('Show all') >> nth=0")
    zoomed = plot.evaluate(DRAWN)
    assert zoomed != whole
    before = page.inner_text("[aria-live=polite]")
    press(page, "Shift+ArrowRight")
    page.wait_for_function("text => document.querySelector('[aria-live=polite]').innerText !== text", arg=before)
    press(page, "0")
    said(page, "all is shown")
    page.wait_for_selector(".on-plot", state="detached")
    press(page, "+", "-", "-")
    page.wait_for_selector(".on-plot", state="detached")
    press(page, "+")
    page.wait_for_selector(".on-plot")
    page.locator("section[aria-label='Metric'] label:has-text('by') select").select_option("time")
    page.wait_for_selector(".on-plot", state="detached")  # a part of the intervals is none of the time


def test_the_metric_chart_by_the_mouse(page) -> None:
    box = chart(page, "Metric").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.wheel(0, -1)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_selector(".on-plot")
    plot = chart(page, "Metric")
    zoomed = plot.evaluate(DRAWN)
    box = plot.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 150)
    page.keyboard.down("Shift")
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 150, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    differs(page, "Metric", zoomed)
    page.click(".on-plot")
    page.wait_for_selector(".on-plot", state="detached")


def test_the_cube_turns(page) -> None:
    plot = chart(page, "3-D scatter")
    before = plot.evaluate(DRAWN)
    press(page, "ArrowRight", "ArrowUp")
    said(page, "turned to −32°, tilted by 18°")
    differs(page, "3-D scatter", before)
    press(page, "Shift+ArrowRight")
    said(page, "trial 0, completed, best accuracy 0.9, lr 0.01, units 16")
    page.wait_for_selector("section[aria-label='3-D scatter'] .tip >> text=Trial 0")


def test_the_focus_is_seen(page) -> None:
    for selector in (".plot[tabindex='0']", ".axis-name", ".grid", "th button, .grid-head button", ".panel .button"):
        page.keyboard.press("Tab")  # so that the browser takes it for the keyboard's
        page.locator(selector).first.focus()
        seen = page.evaluate(
            "() => [document.activeElement, document.activeElement.parentElement].some(each => "
            "getComputedStyle(each).outlineStyle !== 'none' && parseFloat(getComputedStyle(each).outlineWidth) >= 2)"
        )
        assert seen, selector
