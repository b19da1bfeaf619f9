"""Charts as somebody sets them, and as a link shows them to somebody else."""

import json
from collections.abc import Iterator
from itertools import pairwise

import pytest
from journals import WrittenSweep
from playwright.sync_api import Page
from studio_server import StudioServer

from overdrive.records import Kind
from overdrive.records import Outcome

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


def test_what_a_logarithmic_axis_has_no_place_for_is_said(watched, workspace) -> None:
    written = WrittenSweep(workspace / SWEEP, space={"lr": ["loguniform", [-7, -1]], "n": ["qloguniform", [0, 6, 4]]})
    for trial, (n, value) in enumerate([(0, 0.5), (4, 0.7), (64, -0.25)]):
        written.suggest(trial, n=n)
        written.run(trial, value, value + 0.1)
    written.run(3, float("nan"), 0.5)
    page = watched.page
    watched.go(SWEEP)
    show_all(page)
    sentence = "1 trial with n at or below 0 is not on its logarithmic axis."
    for title in ("Parallel coordinates", "3-D scatter"):
        choose(page, "3-D scatter", "y", "param:n")
        panel(page, title).locator(f"[role=status]:has-text('{sentence}')").wait_for()
    assert panel(page, "Metric").locator("[role=status]").count() == 0
    assert "NaN or infinite from here" in panel(page, "Metric").inner_text()
    panel(page, "Metric").locator("button:has-text('Log')").click()
    panel(page, "Metric").locator("[role=status]:has-text('1 trial has values at or below 0')").wait_for()


def drag(page: Page, title: str, *points: tuple[float, float]) -> None:
    """Drags over a chart, from one place on it to the next."""
    plot = panel(page, title).locator(".plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    (first, *rest) = [(box["x"] + x, box["y"] + y) for x, y in points]
    page.mouse.move(*first)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def test_a_range_of_a_choice_has_options(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    show_all(page)
    width = panel(page, "Parallel coordinates").locator(".plot").bounding_box()["width"]
    middle, quarter = width / 2, 34 + (340 - 34 - 14) / 4
    drag(page, "Parallel coordinates", (middle, quarter + 20), (middle, quarter + 34))
    page.wait_for_selector(".chip:has-text('units 32')")
    drag(page, "Parallel coordinates", (middle, quarter - 10), (middle, quarter + 200))
    page.wait_for_selector(".chip:has-text('units 16, 32')")
    assert page.locator(".chip").count() == 1, "ranges that overlap are one"


def test_slots_before_the_first_trial_has_started(watched, workspace) -> None:
    written = WrittenSweep(workspace / SWEEP)
    written.suggest(0)
    written.summarize()
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector("section[aria-label='Slots over time'] >> text=No trial has started yet")
    assert panel(page, "Slots over time").locator("canvas").count() == 0
    written.start(0)
    page.wait_for_selector("section[aria-label='Slots over time'] canvas")


LONG = "encoder_attention_dropout_probability"


def test_long_names_keep_to_their_places(watched, workspace) -> None:
    space = {name: ["uniform", [0, 1]] for name in (f"{LONG}_1", "lr", f"{LONG}_2")}
    written = WrittenSweep(workspace / "sweeps" / "HD_long", id="HD_long", space=space)
    for number in range(3):
        body = {"configuration": dict.fromkeys(space, number / 4), "reason": "r", "based_on": 0, "state": {}}
        written.add(Kind.SUGGESTED, number, body=body)
        written.run(number, number / 4)
    page = watched.page
    page.set_viewport_size({"width": 1920, "height": 700})
    watched.go("sweeps/HD_long")
    show_all(page)
    # An outer axis' name has the side and half of the gap for itself, so that all of it can be read; none overlap.
    names = page.locator(".axis-name")
    assert names.first.evaluate("each => each.scrollWidth <= each.clientWidth")
    boxes = [each.bounding_box() for each in names.all()]
    assert all(a["x"] + a["width"] <= b["x"] for a, b in pairwise(boxes))
    axes = panel(page, "Parallel coordinates")
    axes.evaluate("each => window.scrollTo(0, each.offsetTop + 60 - innerHeight)")
    axes.locator("summary").click()
    axes.locator(".axes-list label").first.wait_for()
    menu = axes.locator(".axes-list").bounding_box()
    assert menu["y"] >= 0 and menu["y"] + menu["height"] <= 700
    row = axes.locator(".axes-list > div").first
    assert len({round(each.bounding_box()["y"]) for each in row.locator("button").all()}) == 1


def test_the_table_behind_each_chart_is_found_at_the_same_place(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        watched.go(SWEEP)
        show_all(page)
        places = page.evaluate(
            """() => [...document.querySelectorAll('.panel > header')].flatMap(header => {
                const button = [...header.querySelectorAll('button')].find(each => each.innerText.trim() === 'Table');
                const [box, head] = [button?.getBoundingClientRect(), header.getBoundingClientRect()];
                return button ? [[Math.round(box.top - head.top), Math.round(head.right - box.right)].join()] : [];
            })"""
        )
        assert len(places) >= 4 and len(set(places)) == 1


def test_trials_beyond_the_slots_are_explained(watched, sweep: WrittenSweep) -> None:
    sweep.suggest(4)
    sweep.add(Kind.PLANNED, 4, 1, {"threads": 1, "slot": "extra"})
    sweep.add(Kind.STARTED, 4, 1, {"pid": 7, "ticks": 0, "shim": 6, "shim_ticks": 0, "boot_id": "b"})
    page = watched.page
    watched.go(SWEEP)
    show_all(page)
    page.wait_for_selector("section[aria-label='Slots over time'] >> text=extra: trials that ran beyond")


def test_a_stopped_trial_has_its_sentence(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    show_all(page)
    sentence = page.get_attribute(f"{ROWS} >> nth=2 >> [role=gridcell] >> nth=1", "title")
    assert sentence.startswith("stopped at interval 2")
    plot = panel(page, "Metric").locator(".plot")
    plot.scroll_into_view_if_needed()
    plot.hover(position=mark_of(page))
    panel(page, "Metric").locator(f".tip:has-text('{sentence}')").wait_for()
    # What was logged where the pointer is, of the metric that is shown.
    panel(page, "Metric").locator(".tip dt:has-text('accuracy at interval 2')").wait_for()
    page.mouse.move(2, 2)  # over no chart, whose pointer would take back what keys show
    panel(page, "Slots over time").locator(".plot").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        if "Trial 2" in panel(page, "Slots over time").locator(".tip").inner_text():
            break
    panel(page, "Slots over time").locator(f".tip:has-text('{sentence}')").wait_for()
    page.wait_for_selector(f"[aria-live=polite]:has-text('{sentence}')", state="attached")


def mark_of(page: Page, colour: str = "--stopped", canvas: str = "section[aria-label='Metric'] canvas") -> dict:
    """Where on a chart, by default that of the metric, the mark of a stopped or failed trial is: by its colour."""
    found = page.wait_for_function(
        """([colour, selector]) => {
      const canvas = document.querySelector(selector), {width, height} = canvas;
      const scale = width / canvas.parentElement.clientWidth;
      const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
      const style = getComputedStyle(document.documentElement).getPropertyValue(colour).trim();
      const wanted = [1, 3, 5].map(at => parseInt(style.slice(at, at + 2), 16));
      const found = [];
      for (let at = 0; at < width * height; at += 1)
        if (wanted.every((value, channel) => Math.abs(data[4 * at + channel] - value) < 12) && data[4 * at + 3] > 200)
          found.push([at % width, Math.floor(at / width)]);
      if (!found.length) return null;
      const mean = axis => found.reduce((sum, place) => sum + place[axis], 0) / found.length / scale;
      return {x: mean(0), y: mean(1)};
    }""",
        arg=[colour, canvas],
    )
    return found.json_value()


@pytest.fixture
def phone(browser, server: StudioServer, sweep: WrittenSweep) -> Iterator[Page]:
    """The sweep on a screen for fingers."""
    context = browser.new_context(viewport={"width": 390, "height": 900}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server.url}#code={server.code()}")
    page.wait_for_selector("main")
    page.goto(f"{server.url}#/{SWEEP}")
    show_all(page)
    yield page
    context.close()


def drag_finger(page: Page, *places: tuple[float, float]) -> None:
    """Puts a finger down at the first place, moves it to each of the others, and lifts it."""
    send = page.context.new_cdp_session(page).send
    kinds = ["Start", *["Move"] * (len(places) - 1), "End"]
    for kind, points in zip(kinds, [*([place] for place in places), []], strict=True):
        touches = [{"x": left, "y": top} for left, top in points]
        send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches})


def test_charts_by_touch(phone: Page) -> None:
    page = phone
    plot = panel(page, "Metric").locator(".plot")
    plot.scroll_into_view_if_needed()
    place, box = mark_of(page), plot.bounding_box()
    page.touchscreen.tap(box["x"] + place["x"], box["y"] + place["y"])
    panel(page, "Metric").locator(".tip:has-text('stopped at interval 2')").wait_for()
    names = [each.bounding_box() for each in page.locator(".axis-name").all()]
    assert all(left["x"] + left["width"] <= right["x"] for left, right in pairwise(names))
    grip = page.locator(".axis-grip").nth(1)
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 4
    drag_finger(page, (x, y - 8), (x, y), (x, y + 8))
    page.wait_for_selector(".chip:has-text('units 32')")


def test_the_cube_turns_by_a_finger_and_a_tap_chooses(phone: Page) -> None:
    for each in phone.locator(".later").all():  # drawn as they come in sight, in the height that they take
        each.scroll_into_view_if_needed()
        each.locator(".panel").first.wait_for()
    plot = panel(phone, "3-D scatter").locator(".plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    turned = []
    for places in ([(x, y + step) for step in range(0, 120, 20)], [(x + step, y) for step in range(0, 120, 20)]):
        drag_finger(phone, *places)
        phone.wait_for_function(
            "before => location.hash.includes('cube-turn') && !before.includes(location.hash)", arg=turned
        )
        turned.append(phone.evaluate("location.hash"))
    assert plot.bounding_box() == box, "the page stays where it is"
    assert phone.locator(".chip").count() == 0, "who turns chooses nothing"
    plot.focus()
    phone.keyboard.press("Shift+ArrowRight")  # marks a trial, so that it is known where it is
    pointed = panel(phone, "3-D scatter").locator(".tip b").inner_text()
    at = mark_of(phone, "--ink", "section[aria-label='3-D scatter'] .over")
    phone.touchscreen.tap(box["x"] + at["x"], box["y"] + at["y"])
    phone.wait_for_selector(f".chip:has-text('{pointed.lower()}')")


def test_axes_are_moved_by_a_finger(phone: Page) -> None:
    names = phone.locator(".axis-name")
    panel(phone, "Metric").scroll_into_view_if_needed()  # what is near is drawn
    names.first.scroll_into_view_if_needed()
    first, last = names.nth(0).bounding_box(), names.nth(2).bounding_box()
    y = first["y"] + first["height"] / 2
    places = [
        (first["x"] + first["width"] / 2 + part * (last["x"] - first["x"]), y + part * 30) for part in (0, 0.2, 0.6, 1)
    ]
    drag_finger(phone, *places)
    phone.wait_for_function("() => document.querySelectorAll('.axis-name')[2].innerText.startsWith('lr')")


#: A clock by which a frame has time for a step or two of a drawing, so that it is cut into many slices.
SLOW = "(() => { let now = 0; performance.now = () => (now += 3); })()"


def test_a_first_drawing_that_is_cut_off_leaves_nothing(watched, browser, server: StudioServer, workspace) -> None:
    written = WrittenSweep(workspace / SWEEP)
    for trial in range(40):
        written.run(trial, 0.1, 0.4 + trial / 100, 0.5)
    written.finish()
    watched.go(SWEEP)
    show_all(watched.page)
    plot = "section[aria-label='Metric'] .plot"
    drawn = watched.page.eval_on_selector(plot, DRAWN)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(SLOW)
    page = context.new_page()
    page.goto(f"{server.url}#code={server.code()}")
    page.wait_for_selector("main")
    page.goto(f"{server.url}#/{SWEEP}")
    page.wait_for_selector(plot)
    for log in ("true", "false"):  # another drawing, while the first one is under way
        page.click(f"section[aria-label='Metric'] button:has-text('Log'):not([aria-pressed={log}])")
    page.wait_for_function(f"drawn => ({DRAWN})(document.querySelector(`{plot}`)) === drawn", arg=drawn)
    context.close()


def test_trials_that_log_once_stand_side_by_side(watched, workspace) -> None:
    written = WrittenSweep(workspace / SWEEP)
    for trial, value in enumerate((0.25, 0.5, 0.75)):
        written.run(trial, value)
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector("text=each trial logged one value: trials by number")
    plot = page.locator(".plot[aria-label='accuracy of 3 trials, a point each']")
    box = plot.bounding_box()
    # The second of three, halfway up, between the margins.
    x, y = 60 + (box["width"] - 60 - 14) / 2, 24 + (340 - 24 - 40) / 2
    page.wait_for_function(
        """([x, y]) => { const canvas = document.querySelector('.plot canvas');
          const ratio = canvas.width / canvas.clientWidth;
          const [r, g, b, a] = canvas.getContext('2d').getImageData(x * ratio, y * ratio, 1, 1).data;
          return a > 100 && Math.max(r, g, b) - Math.min(r, g, b) > 20; }""",
        arg=[x, y],
    )
    page.mouse.move(box["x"] + x + 4, box["y"] + y + 3)
    page.wait_for_selector(".tip:has-text('trial 1')")
    # A trial that logs twice makes it a chart of lines again.
    written.run(3, 0.3, 0.6)
    page.wait_for_selector(".plot[aria-label='accuracy of 4 trials, a line each']")


def test_a_failed_trial_ends_in_a_mark(watched, workspace) -> None:
    written = WrittenSweep(workspace / SWEEP)
    written.run(0, 0.5, 0.7, 0.9)
    written.run(1, 0.5, 0.6, outcome=Outcome.FAILED)
    page = watched.page
    watched.go(SWEEP)
    panel(page, "Metric").locator(".chart-key:has-text('failed')").wait_for()
    panel(page, "Metric").locator(".plot").hover(position=mark_of(page, "--failed"))
    panel(page, "Metric").locator(".tip:has-text('trial 1')").wait_for()


def test_times_say_from_when_they_count(watched, sweep: WrittenSweep) -> None:
    """Charts from the first trial, the header from the submit, which may lie long before it."""
    sweep.finish()
    page = watched.page
    watched.go(SWEEP)
    show_all(page)
    choose(page, "Best so far", "by", "time")
    panel(page, "Best so far").locator("button:has-text('Table')").click()
    panel(page, "Best so far").locator("th:has-text('seconds since the first trial')").wait_for()
    page.wait_for_selector(".facts div:has(dt:text-is('Duration')):has-text('from the submit on')")
