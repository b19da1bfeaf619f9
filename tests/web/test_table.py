"""The table of trials: what of it is in sight, and what goes on in it."""

import pytest
from journals import BANDIT
from journals import WrittenSweep

from overdrive.host.locks import FileLock
from overdrive.records import Kind
from overdrive.records import Outcome
from overdrive.views.engines import LOCK

SWEEP = "sweeps/HD_11111111-2222-3333-4444-555555555555"
ROWS = ".grid-body .grid-row"
FAULT = "exit code 1: ValueError: the learning rate must be below 0.001 where momentum is set, and is 0.5"
#: Whether all of it lies in the frame that it scrolls in.
SEEN = """element => {
    const [box, frame] = [element.getBoundingClientRect(), element.closest('.table-frame').getBoundingClientRect()];
    return box.width > 0 && box.left >= frame.left && box.right <= Math.min(innerWidth, frame.right);
}"""

#: Time and time left of the sweep, and how long its trial has been running.
TICKING = f".facts div:has-text('Duration') dd, .facts div:has-text('Left') dd, {ROWS}#row-3 > :last-child"
#: From then on: how often a canvas began to be drawn, and which rows of the table were changed.
COUNT = """() => {
    window.painted = 0;
    const canvas = CanvasRenderingContext2D.prototype;
    const { clearRect } = canvas;
    canvas.clearRect = function (...box) { window.painted += 1; clearRect.apply(this, box); };
    window.changed = new Set();
    new MutationObserver(all => all.forEach(({ target }) => {
        window.changed.add((target.closest ? target : target.parentElement).closest('.grid-row').id);
    })).observe(document.querySelector('.grid-body'), { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture(params=[4, 8])
def wide(request, workspace) -> WrittenSweep:
    """A trial that completed, one that was stopped and one that failed, of a sweep of many hyperparameters."""
    names = [f"hyperparameter_{number}" for number in range(request.param)]
    space = {name: ["uniform", [0, 1]] for name in names}
    written = WrittenSweep(workspace / SWEEP, policy=BANDIT, space=space)
    for trial in range(3):
        configuration = dict.fromkeys(names, 0.123456 + trial)
        suggestion = {"configuration": configuration, "reason": "drawn", "based_on": 0, "state": {}}
        written.add(Kind.SUGGESTED, trial, body=suggestion)
    written.run(0, 0.5, 0.8)
    written.start(1)
    written.log(1, 0.1, 0.1)
    written.stop(1)
    written.end(1, Outcome.STOPPED_EARLY)
    written.run(2, outcome=Outcome.FAILED, reason=FAULT)
    written.finish()
    return written


def test_reasons_are_in_sight(watched, wide: WrittenSweep) -> None:
    """At 1280 pixels, with many hyperparameters, and the whole of a long one by pointer and keys."""
    page = watched.page
    watched.go(SWEEP, f"{ROWS} >> nth=2")
    shown = page.locator(f"{ROWS} .why")
    assert [text.split(": ")[0] for text in shown.all_inner_texts()] == ["at interval 2", "exit code 1"]
    assert all(each.evaluate(SEEN) for each in shown.all())
    assert page.evaluate("document.querySelector('.table-frame').scrollLeft") == 0
    heights = page.locator(ROWS).evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert len(set(heights)) == 1, "rows of one height, whatever stands in them"
    full = page.locator(".in-full")
    page.hover(f"{ROWS} >> nth=2")
    page.wait_for_selector(f".in-full:has-text('Trial 2') >> text={FAULT}")
    page.mouse.move(2, 2)
    page.locator("[role=grid]").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".in-full:has-text('Trial 1 stopped early · at interval 2: best accuracy 0.1 < 0.6667')")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_selector(".grid-head [role=columnheader]:nth-child(4):has-text('Curve')")
    assert all(each.evaluate(SEEN) for each in shown.all())
    page.click(f"{ROWS} >> nth=2 >> div >> nth=1")
    page.wait_for_selector(f".in-full >> text={FAULT}")
    assert full.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_what_goes_on_is_said_each_second(watched, sweep: WrittenSweep) -> None:
    """Also while nothing is logged; neither rows of trials that ended nor charts are drawn again for it."""
    page = watched.page
    page.clock.install()
    sweep.start(4)
    sweep.end(4, wall_s=4000.0)  # so that much is left
    with FileLock(str(sweep.folder / LOCK)):
        watched.go(SWEEP, f"{ROWS} >> nth=4")
        page.evaluate(COUNT)
        said, calm = [], 0
        while calm < 3:  # charts are drawn for a while, then no more
            before = page.evaluate("window.painted")
            page.clock.run_for(1000)
            said.append(page.locator(TICKING).all_inner_texts())
            calm = calm + 1 if page.evaluate("window.painted") == before else 0
    assert len(said[-1]) == 3
    assert said[-1][0].endswith("from the submit on")
    for place in range(3):
        assert len({each[place] for each in said[-3:]}) == 3, said
    assert page.evaluate("[...window.changed]") == ["row-3"]


def test_the_list_counts_on_for_sweeps_that_run(watched, sweep: WrittenSweep) -> None:
    page, said = watched.page, set()
    page.clock.install()
    with FileLock(str(sweep.folder / LOCK)):
        watched.go("", "tbody tr")
        for _ in range(3):
            said.add(page.inner_text("tbody [data-head=Duration]"))
            page.clock.run_for(1000)
    assert len(said) == 3
