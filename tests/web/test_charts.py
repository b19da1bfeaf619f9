"""Charts as somebody sets them, and as a link shows them to somebody else."""

import json

from journals import WrittenSweep
from playwright.sync_api import Page

SWEEP = "sweeps/HD_11111111-2222-3333-4444-555555555555"
ROWS = ".grid-body .grid-row"
#: What canvases of a chart show.
DRAWN = "plot => plot.querySelector('canvas').toDataURL()"
#: How all charts are set, as somebody reads it off the page.
SET = """() => [...document.querySelectorAll('section[aria-label] header')].flatMap(header => [
  ...[...header.querySelectorAll('select')].map(each => each.value),
  ...[...header.querySelectorAll('button[aria-pressed=true]')].map(each => each.innerText)])
  .concat([...document.querySelectorAll('.axis-name')].map(each => each.innerText.trim()))
  .concat([...document.querySelectorAll('[role=columnheader]')].map(each => each.innerText + each.ariaSort))
  .concat(document.querySelectorAll('.on-plot').length)"""


def show_all(page: Page) -> None:
    page.wait_for_selector(f"{ROWS} >> nth=0")
    page.evaluate("document.querySelectorAll('.later').forEach(each => each.scrollIntoView())")
    page.wait_for_selector("section[aria-label='Slots over time'] .body > *")


def panel(page: Page, title: str):
    return page.locator(f"section[aria-label='{title}']")


def choose(page: Page, title: str, label: str, option: str) -> None:
    panel(page, title).locator(f"label:has-text('{label}') select").first.select_option(option)


def set_all(page: Page) -> None:
    choose(page, "Metric", "Metric", "loss")
    choose(page, "Metric", "by", "step")
    choose(page, "Metric", "Smooth", "0.6")
    panel(page, "Metric").locator("button:has-text('Log')").click()
    choose(page, "Best so far", "by", "time")
    page.locator(".axis-name:has-text('lr')").focus()
    for key in ("ArrowRight", "i", "l"):
        page.keyboard.press(key)
    choose(page, "Scatter", "x", "duration")
    choose(page, "Scatter", "size", "best")
    choose(page, "3-D scatter", "z", "trial")
    panel(page, "3-D scatter").locator(".plot").focus()
    page.keyboard.press("ArrowRight")
    page.click("[role=columnheader] button:has-text('Best')")
    page.click("[role=columnheader] button:has-text('Best')")
    page.click("button:has-text('Columns')")
    page.locator("label:has-text('Last loss') input").check()
    page.click("button:has-text('Columns')")
    panel(page, "Metric").locator(".plot").focus()
    page.keyboard.press("+")
    page.wait_for_selector(".on-plot")


def test_a_link_shows_charts_and_table_as_they_were_set(watched, sweep: WrittenSweep) -> None:
    for trial in range(3):
        sweep.log(trial, 3.0, 2.0, 1.0, name="loss")
    page = watched.page
    watched.go(SWEEP)
    show_all(page)
    at_first = page.evaluate(SET)
    assert "?" not in page.url, "nothing stands in the address that is as it was at first"
    set_all(page)
    page.wait_for_function("() => location.hash.includes('zoom=') && location.hash.includes('cube-turn=')")
    shared, as_set = page.url, page.evaluate(SET)
    assert as_set != at_first
    assert {"loss", "step", "0.6", "Log", "time", "duration", "lr ↓", "Last lossnone"} <= set(as_set)
    cube = panel(page, "3-D scatter").locator(".plot").evaluate(DRAWN)

    watched.go("", "table.list-table")
    page.goto(shared)
    show_all(page)
    page.wait_for_function(f"set => JSON.stringify(({SET})()) === set", arg=compact(as_set))
    page.wait_for_selector("[aria-label*='loss of']")
    plot = "document.querySelector(`[aria-label='3-D scatter'] .plot`)"
    page.wait_for_function(f"drawn => ({DRAWN})({plot}) === drawn", arg=cube)

    page.evaluate("location.hash = location.hash.split('?')[0]")
    page.wait_for_function(f"set => JSON.stringify(({SET})()) === set", arg=compact(at_first))


def test_a_link_with_nonsense_shows_a_sweep_as_it_is_at_first(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    show_all(page)
    at_first = page.evaluate(SET)
    nonsense = (
        "metric=no&by=moon&smooth=9&log=2&zoom=1~0~x~"
        "&axes=param:gone,%25E0&turned=gone&scaled=,&x=gone&cube-z=,&cube-turn=x&columns=gone"
    )
    watched.go("", "table.list-table")
    watched.go(f"{SWEEP}?{nonsense}")
    show_all(page)
    page.wait_for_function(f"set => JSON.stringify(({SET})()) === set", arg=compact(at_first))


def compact(value: object) -> str:
    """As JavaScript's JSON.stringify writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
