"""What stands at the top of the pages: the best configuration, what is copied, how new it is; ways to and fro."""

import json

from journals import WrittenSweep
from studio_server import StudioServer

from overdrive.host.locks import FileLock
from overdrive.records import Outcome
from overdrive.views.engines import LOCK

SWEEP = "sweeps/HD_11111111-2222-3333-4444-555555555555"
ROWS = ".grid-body .grid-row"
BEST = '[role=group][aria-label="The best trial\'s configuration"]'


def copied(page, form: str) -> str:
    page.click(f"details[open] button[aria-label='Copy {form}']")
    page.wait_for_selector(f"details[open] [role=status]:has-text('{form}: Copied')", state="attached")
    return page.evaluate("navigator.clipboard.readText()")


def test_the_best_configuration_is_shown_and_copied(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sweep.end(3)
    sweep.suggest(4, lr=0.012345678901234567)
    sweep.run(4, 0.95)
    watched.go(SWEEP)
    page.wait_for_selector(f"{BEST} li:has-text('0.01235')")
    assert page.locator(f"{BEST} li").all_inner_texts() == ["lr 0.01235", "units 16"]
    page.click(f"{BEST} summary")
    assert copied(page, "Command line") == "python train.py --epochs 3 --lr 0.012345678901234567 --units 16"
    assert eval(copied(page, "Python")) == {"lr": 0.012345678901234567, "units": 16}
    assert json.loads(copied(page, "JSON")) == {"lr": 0.012345678901234567, "units": 16}
    # Opened again, it is that of the trial that is the best by then.
    page.click("h1")
    sweep.run(5, 0.99)
    page.wait_for_selector(f"{BEST} li:has-text('0.06')")
    page.click(f"{BEST} summary")
    page.wait_for_selector(f"{BEST} details[open] >> text=What trial 5 was given")
    watched.go(f"{SWEEP}/trials/4", "h1:has-text('Trial 4')")
    given = page.locator("section[aria-label='Configuration']")
    assert "0.012345678901234567" in given.inner_text()
    given.locator("summary").click()
    assert copied(page, "Command line").endswith("--lr 0.012345678901234567 --units 16")


def test_many_hyperparameters_are_folded(watched, workspace) -> None:
    names = [f"{'a_very_long_name_' * 4}{number}" for number in range(30)]
    written = WrittenSweep(
        workspace / "sweeps" / "HD_many", id="HD_many", space={name: ["uniform", [0, 1]] for name in names}
    )
    written.suggest(0, **{name: 0.123456789 for name in names}, lr=1, units=1)
    written.run(0, 0.5)
    page = watched.page
    watched.go("sweeps/HD_many", BEST)
    for width in (390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(f"{BEST} li").count() == 9
    page.click(f"{BEST} button:has-text('more')")
    assert page.locator(f"{BEST} li").count() == 33
    page.click(f"{BEST} button:has-text('fewer')")
    assert page.locator(f"{BEST} li").count() == 9


def test_a_page_of_a_studio_that_ended_says_so(watched, server: StudioServer, sweep: WrittenSweep) -> None:
    with FileLock(str(sweep.folder / LOCK)):
        watched.go("", "tbody tr .state.running")
        trial = watched.page.context.new_page()
        trial.goto(f"{server.url}#/{SWEEP}/trials/3")
        trial.wait_for_selector("h1 + .state.running")
        server.close()
        for page in (watched.page, trial):
            page.wait_for_selector("[role=status]:has-text('Connection lost: trying again')")
    watched.wrong.clear()  # the browser tells of what it cannot reach


def test_a_trial_says_that_its_engine_is_gone_and_that_it_is_back(watched, sweep: WrittenSweep) -> None:
    page, gone = watched.page, "[role=status]:has-text('No engine runs')"
    with FileLock(str(sweep.folder / LOCK)):
        watched.go(f"{SWEEP}/trials/3", "dt:has-text('Ran')")
        assert page.locator(gone).count() == 0
        assert page.title() == "Trial 3 · digits · running · Overdrive"
    page.wait_for_selector(gone)
    page.wait_for_selector("dt:has-text('Since its start')")
    page.wait_for_function("() => document.title === 'Trial 3 · digits · running, no engine · Overdrive'")
    with FileLock(str(sweep.folder / LOCK)):
        page.wait_for_selector(gone, state="detached")
    watched.go(SWEEP, "dd:has-text('as long as an engine ran')")
    page.wait_for_function("() => document.title === 'digits · 3 of 10, running, no engine · Overdrive'")
    sweep.finish()
    page.wait_for_function("() => document.title === 'digits · completed · Overdrive'")
    watched.go("")
    page.wait_for_function("() => document.title === 'Sweeps · Overdrive'")


def test_back_leads_to_where_one_was(watched, workspace) -> None:
    written = WrittenSweep(workspace / "sweeps" / "HD_long", id="HD_long")
    for trial in range(60):
        written.run(trial, 0.5)
    page = watched.page
    watched.go("sweeps/HD_long", f"{ROWS} >> nth=5")
    frame = page.locator("section[aria-label=Trials] .table-frame")
    frame.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelectorAll('.later > .panel').length >= 3")
    page.evaluate("document.querySelector('section[aria-label=Trials]').scrollIntoView()")
    frame.evaluate("each => (each.scrollTop = 1200)")
    page.hover(f"{ROWS} a[href$='/trials/30']")
    before = page.evaluate("scrollY")
    assert before > 500
    page.locator(f"{ROWS} a[href$='/trials/30']").click()
    page.wait_for_selector("h1:has-text('Trial 30')")
    page.wait_for_function("() => scrollY === 0")
    assert page.locator(".id").inner_text() == "HD_long_30"
    page.click("a[rel=next]")
    page.wait_for_selector("h1:has-text('Trial 31')")
    page.click("a[rel=prev]")
    page.wait_for_selector("h1:has-text('Trial 30')")
    for _ in range(3):
        page.go_back()
    page.wait_for_function(f"() => Math.abs(scrollY - {before}) < 40")
    page.wait_for_function("() => document.querySelector('section[aria-label=Trials] .table-frame').scrollTop === 1200")
    watched.go("sweeps/HD_long/trials/59", "h1:has-text('Trial 59')")
    page.wait_for_selector("a[rel=prev]")
    assert page.locator("a[rel=next]").count() == 0


def test_back_from_a_comparison_finds_the_ticks(watched, sweep: WrittenSweep, workspace) -> None:
    WrittenSweep(workspace / "sweeps" / "HD_other", id="HD_other", experiment="others").finish()
    page = watched.page
    watched.go("", "tbody tr >> nth=1")
    page.click("th button:has-text('Experiment')")
    page.wait_for_selector("tbody tr:nth-child(1):has-text('digits')")
    for box in page.locator("tbody input[type=checkbox]").all():
        box.check()
    page.click("button:has-text('Compare 2')")
    page.wait_for_function("() => document.title === 'Compare 2 sweeps · Overdrive'")
    page.go_back()
    page.wait_for_selector("button:has-text('Compare 2')")
    page.wait_for_selector("th[aria-sort=ascending]:has-text('Experiment')")
    assert page.locator("tbody input:checked").count() == 2
    page.click("a.mark")
    page.wait_for_selector("tbody input:checked", state="detached")


def test_a_sweep_without_its_primary_metric_shows_what_it_logged_and_why(watched, workspace) -> None:
    written = WrittenSweep(workspace / "sweeps" / "HD_none", id="HD_none")
    written.start(0)
    written.log(0, 0.5, 0.25, name="loss")
    written.log(0, 0.5, 0.25, name="recall")
    page = watched.page
    watched.go("sweeps/HD_none", "section[aria-label=Metric] [aria-label^='loss of 1 trials']")
    chosen = page.locator("section[aria-label=Metric] label:has-text('Metric') select")
    assert chosen.input_value() == "loss"
    written.log(0, 0.75)  # the primary metric, which nobody has chosen, is what the page is about
    page.wait_for_selector("section[aria-label=Metric] [aria-label^='accuracy of 1 trials']")
    assert chosen.input_value() == "accuracy"
    other = WrittenSweep(workspace / "sweeps" / "HD_quiet", id="HD_quiet", experiment="quiet")
    other.run(0, outcome=Outcome.COMPLETED_WITHOUT_METRIC)
    other.finish(reason="no trial logged 'accuracy'")
    watched.go("", "tr:has-text('quiet') .at-state:has-text(\"no trial logged 'accuracy'\")")
    assert page.inner_text("tr:has-text('quiet') .at-progress").strip() == "1 of 10, 1 without metric"


def test_the_best_says_what_became_of_it_and_a_tag_leads_to_its_trial(watched, workspace) -> None:
    origin = "HD_aaaaaaaa-2222-3333-4444-555555555555"
    WrittenSweep(workspace / "sweeps" / origin, id=origin, experiment="first").run(0, 0.5)
    again = WrittenSweep(workspace / "sweeps" / "HD_b", id="HD_b", tags={"again": f"{origin}_0", "note": "HD_x <b>"})
    again.run(0, 0.9, outcome=Outcome.FAILED, reason="exit code 1")
    again.run(1, 0.5)
    page = watched.page
    watched.go("sweeps/HD_b", ".facts >> text=trial 0, failed")
    assert page.locator("[aria-label=Tags] a").count() == 1
    page.click("[aria-label=Tags] a")
    page.wait_for_selector("h1:has-text('Trial 0')")
    assert origin in page.url


def test_a_sweep_of_one_trial_is_a_point_of_a_comparison(watched, workspace) -> None:
    for name in ("HD_a", "HD_b"):
        WrittenSweep(workspace / "sweeps" / name, id=name).run(0, 0.5 if name == "HD_a" else 0.7)
    page = watched.page
    watched.go("compare?sweeps=HD_a,HD_b", "section[aria-label='Best so far'] canvas")
    page.wait_for_function(
        """() => {
            const [canvas] = document.querySelectorAll("section[aria-label='Best so far'] canvas");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let blue = 0;
            for (let at = 0; at < data.length; at += 4)
                blue += data[at] < 20 && data[at + 2] > 150 && data[at + 3] > 200;
            return blue > 20;
        }"""
    )


def test_the_focus_stays_where_one_asked(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(f"{SWEEP}/trials/3", "h1 + .state.running")
    page.focus("button:has-text('Cancel trial')")
    page.keyboard.press("Enter")
    with page.expect_response("**/requests"):
        page.keyboard.press("Enter")  # Yes
    page.wait_for_selector("[role=status]:has-text('asked')")
    assert page.evaluate("document.activeElement.innerText") == "Cancel trial"
    sweep.end(3, Outcome.CANCELLED)
    page.wait_for_selector("button:has-text('Run again')")
    page.wait_for_function("() => document.activeElement.innerText === 'Trial 3'")
