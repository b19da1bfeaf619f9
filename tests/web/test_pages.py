"""The pages as somebody uses them."""

import base64
import csv
import json
import select
import time

from journals import WrittenSweep
from studio_server import StudioServer

from overdrive import Experiment
from overdrive import GridParameterSampling
from overdrive import HyperDriveConfig
from overdrive import PrimaryMetricGoal
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import choice
from overdrive.cli.studio_server import OpeningFile
from overdrive.client.doorman import Doorman
from overdrive.host.locks import FileLock
from overdrive.records import Outcome
from overdrive.store.door import answer_knock
from overdrive.store.door import read_explanation
from overdrive.store.door import read_knocks
from overdrive.views.engines import LOCK

#: One pixel, as PNG.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WAITING = """
import os, time
from overdrive import Run
Run.get_context().log("score", 1.0)
while not os.path.exists({gate!r}):
    time.sleep(0.02)
"""
SWEEP = "sweeps/HD_11111111-2222-3333-4444-555555555555"
ROWS = ".grid-body .grid-row"
#: The trials of the table in its order.
ORDER = f"[...document.querySelectorAll('{ROWS}')].map(row => row.id.replace('row-', '')).join(' ')"


def test_the_link_logs_in_once(watched, browser, server: StudioServer) -> None:
    page = watched.page
    assert "code" not in page.url
    assert page.evaluate("document.cookie") == "", "no script can read the cookie"
    used = browser.new_context().new_page()
    used.goto(f"{server.url}#code=code1")
    used.wait_for_selector("text=This browser is not logged in")
    used.wait_for_selector("text=overdrive studio")
    used.context.close()


def test_list_of_sweeps(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go("", "table.list-table")
    assert "digits" in page.inner_text("tbody")
    assert "team blue" in page.inner_text("tbody")
    page.fill("input[type=search]", "nothing like it")
    page.wait_for_selector("text=No sweep matches")
    page.fill("input[type=search]", "team=blue")
    page.wait_for_selector("tbody tr")
    page.click("tbody a")
    page.wait_for_selector("h1:has-text('digits')")


def test_a_list_of_many_sweeps_is_shown_to_its_end(watched, workspace) -> None:
    for number in range(620):
        folder = workspace / "sweeps" / f"HD_{number}"
        folder.mkdir(parents=True)
        summary = {"id": folder.name, "experiment": f"many{number}", "status": "Completed", "created_at": None}
        (folder / "summary.json").write_text(json.dumps(summary))
    page = watched.page
    page.wait_for_selector("tbody tr >> nth=99")
    for shown in (200, 300, 400, 500, 600, 620):
        page.click("button:has-text('Show more')")
        page.wait_for_selector(f"tbody tr >> nth={shown - 1}")
    assert page.locator("tbody tr").count() == 620
    assert page.locator("button:has-text('Show more')").count() == 0


def test_empty_workspace_says_what_to_do(watched) -> None:
    watched.go("", "text=No sweep yet")


def test_what_is_logged_is_seen_at_once(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    assert "3 of 10 trials done" in page.inner_text(".page-head")
    sweep.log(3, 0.97)
    page.wait_for_selector(f"{ROWS} >> text=0.97")
    sweep.run(4, 0.2, 0.99)
    page.wait_for_selector(f"{ROWS} >> nth=4")
    page.wait_for_selector(".facts >> text=0.99")
    sweep.end(3, Outcome.FAILED, "exit code 1: ValueError: <b>")
    page.wait_for_selector(f"{ROWS} >> text=ValueError: <b>")
    sweep.finish()
    page.wait_for_selector("h1 + .state.completed")


def test_filter_sort_columns(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    page.fill(".panel input[type=search]", "status=running units>20")
    page.wait_for_function("() => document.querySelectorAll('.grid-body .grid-row').length === 1")
    page.fill(".panel input[type=search]", "")
    page.wait_for_function(f"() => {ORDER} === '0 1 2 3'")
    page.click("role=columnheader[name=/Best/] >> button")
    page.wait_for_function(f"() => {ORDER} === '0 1 3 2'")  # one click: the best is the first
    page.click("button:has-text('Columns')")
    page.uncheck("section[aria-label='Trials'] label:has-text('Intervals') input")
    page.wait_for_selector("role=columnheader[name='Intervals']", state="detached")


def test_colour_and_size_by_any_metric(watched, sweep: WrittenSweep) -> None:
    sweep.log(3, 0.25, name="loss")
    page = watched.page
    watched.go(SWEEP)
    scatter = page.locator("section[aria-label='Scatter']")
    page.locator(".later >> nth=1").scroll_into_view_if_needed()
    scatter.locator("label:has-text('colour') select").select_option("metric:loss")
    scatter.locator("label:has-text('size') select").select_option("metric:loss")
    scatter.locator("button:has-text('Table')").click()
    scatter.locator("td >> text=0.25").first.wait_for()
    sweep.log(3, 0.125, name="loss")
    scatter.locator("td >> text=0.125").first.wait_for()
    page.click("button:has-text('Columns')")
    page.check("section[aria-label='Trials'] label:has-text('Last loss') input")
    page.wait_for_selector(f"{ROWS} >> text=0.125")


def test_another_metric_is_drawn_when_its_first_lines_are_there(watched, sweep: WrittenSweep) -> None:
    sweep.log(3, 0.25, name="loss")
    sweep.finish()
    page, held, asked = watched.page, [], []
    deadline = time.monotonic() + 30
    page.on("request", lambda each: "/curves" in each.url and asked.append(each.url))
    watched.go(SWEEP)
    whole = "section[aria-label='Metric'][aria-busy=false]"
    page.wait_for_selector(f"{whole} [aria-label^='accuracy of 4 trials']")
    page.route("**/curves?*", lambda route: route.continue_() if held else held.append(route))
    metric = page.locator("section[aria-label='Metric'] label:has-text('Metric') select")
    with page.expect_request("**/curves?*"):
        metric.select_option("loss")
    while not held and time.monotonic() < deadline:
        page.wait_for_timeout(5)  # lets the browser's events in
    assert page.locator("[aria-label^='accuracy of 4 trials']").count() == 1
    held[0].continue_()
    page.wait_for_selector(f"{whole} [aria-label^='loss of 1 trials']")
    assert [("only=" in each) for each in asked] == [True, False]
    # The sweep is over: what was drawn is known still.
    metric.select_option("accuracy")
    page.wait_for_selector(f"{whole} [aria-label^='accuracy of 4 trials']")
    metric.select_option("loss")
    page.wait_for_selector(f"{whole} [aria-label^='loss of 1 trials']")
    assert len(asked) == 2


def test_what_early_stopping_saved_is_in_the_list(watched, sweep: WrittenSweep) -> None:
    watched.go("", "tbody tr >> text=10 %")
    watched.page.click("th button:has-text('Saved')")
    watched.page.wait_for_selector("th[aria-sort=descending]:has-text('Saved')")


def test_csv(watched, sweep: WrittenSweep, tmp_path) -> None:
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    with page.expect_download() as download:
        page.click("button:has-text('CSV')")
    download.value.save_as(tmp_path / "trials.csv")
    with (tmp_path / "trials.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Trial"] for row in rows] == ["0", "1", "2", "3"]
    assert rows[3]["lr"] == "0.5"


def test_a_choice_shows_in_table_charts_and_address(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    page.click(f"{ROWS} >> nth=1 >> div >> nth=2")
    page.wait_for_selector(f"{ROWS}.chosen")
    page.wait_for_url("**trials=1")
    shared = page.url
    watched.go("", "table.list-table")
    page.goto(shared)
    page.wait_for_selector(f"{ROWS}.chosen >> text=completed")
    assert page.locator(".chip:has-text('trial 1')").count() == 1
    page.evaluate("location.hash = location.hash.replace('trials=1', 'trials=0')")
    page.wait_for_selector(".chip:has-text('trial 0')")
    page.click(f"{ROWS}.chosen a")
    page.wait_for_selector("h1:has-text('Trial 0')")
    assert page.url.endswith("/trials/0"), "what is chosen on one page is no part of another's address"


def test_axes_are_dragged_and_ranges_chosen(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector(".axis-name >> nth=2")
    names = page.locator(".axis-name")
    assert [text.split()[0] for text in names.all_inner_texts()] == ["lr", "units", "best"]
    box = page.locator(".parallel .plot").bounding_box()
    page.mouse.move(box["x"] + 66, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 66, box["y"] + 120, steps=4)
    page.mouse.up()
    page.wait_for_selector(".chip:has-text('lr')")
    page.wait_for_url("**ranges=*")
    page.wait_for_function("() => document.querySelectorAll('.grid-body .grid-row').length < 4")
    page.click(".chip button")
    page.wait_for_function("() => document.querySelectorAll('.grid-body .grid-row').length === 4")
    first = names.nth(0).bounding_box()
    page.mouse.move(first["x"] + 5, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 60, first["y"] + 5, steps=5)
    page.mouse.up()
    page.wait_for_function("() => document.querySelectorAll('.axis-name')[2].innerText.startsWith('lr')")
    names.nth(2).focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelectorAll('.axis-name')[1].innerText.startsWith('lr')")
    page.mouse.move(box["x"] + box["width"] - 40, box["y"] + 36)
    page.wait_for_selector(".parallel .tip:has-text('Trial 0')")  # the best: others lie there on other axes


def test_keys_go_from_trial_to_trial(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    page.locator(".plot[tabindex='0']").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip:has-text('trial 0')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".chip", state="detached")


def test_the_table_behind_a_chart(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    page.click("section[aria-label='Metric'] button:has-text('Table')")
    page.wait_for_selector("section[aria-label='Metric'] td >> text=0.85")


def test_a_trial(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    output = sweep.output(3, b"first line\n")
    outputs = sweep.folder / "trials" / "3" / "work" / "outputs"
    outputs.mkdir(parents=True)
    (outputs / "notes.txt").write_text("what it left")
    matrix = {"schema_type": "confusion_matrix", "data": {"class_labels": ["cat", "dog"], "matrix": [[8, 2], [1, 9]]}}
    sweep.log(3, matrix, name="seen", kind="confusion_matrix")
    sweep.log(3, {"a": [1, 2]}, name="rows", kind="table")
    kept = sweep.folder / "trials" / "3" / "files" / "images"
    kept.mkdir(parents=True)
    (kept / "curve.png").write_bytes(PIXEL)
    (kept / "page.png").write_text("<script>alert(1)</script>")
    for name in ("curve", "page"):
        sweep.log(3, f"images/{name}.png", name=name, kind="image")
    watched.go(f"{SWEEP}/trials/3")
    page.wait_for_selector(".log >> text=first line")
    with output.open("ab") as file:
        file.write("grüße <script>alert(1)</script>\n".encode())
    page.wait_for_selector(".log >> text=grüße <script>")
    page.click("button:has-text('notes.txt')")
    page.wait_for_selector("pre >> text=what it left")
    assert page.inner_text("table.matrix td >> nth=1") == "8"
    page.wait_for_function("() => document.querySelector('.pictures img[alt=curve]')?.naturalWidth === 1")
    page.wait_for_selector(".pictures figure:has-text('page') >> text=no picture")
    assert "0.5" in page.inner_text("section[aria-label='Configuration']")
    with page.expect_download() as download:
        page.click("li:has-text('notes.txt') >> a:has-text('Download')")
    assert download.value.suggested_filename == "notes.txt"


def test_cancel_leaves_a_request(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    page.click("button:has-text('Cancel sweep')")
    with page.expect_response("**/requests"):
        page.click("button:has-text('Yes')")
    requests = [path.read_text() for path in (sweep.folder / "mailbox").glob("*.json")]
    assert len(requests) == 1
    assert '"kind": "cancel"' in requests[0]
    page.wait_for_selector(".page-head [role=status]:has-text('asked')")
    assert page.is_disabled("button:has-text('Cancel sweep')"), "asked once is enough"


def test_what_is_run_again_is_said_before_it_is_asked_for(watched, sweep: WrittenSweep, workspace) -> None:
    page = watched.page
    asked = page.locator("[role=group][aria-label='Run it again?']")
    watched.go(SWEEP)
    page.click("button:has-text('Run the best again')")
    assert asked.inner_text().split("\n")[0] == "Run trial 0 again, in a sweep of its own?"
    page.keyboard.press("Tab")
    sweep.run(4, 0.99)
    sweep.summarize()
    page.wait_for_selector(".facts >> text=trial 4")
    assert asked.inner_text().startswith("Run trial 0 again"), "what was read is what is meant"
    assert asked.locator("li").all_inner_texts() == ["lr 0.01", "units 16"]
    page.keyboard.press("Enter")  # No
    page.wait_for_selector("button:has-text('Run the best again')")
    assert read_knocks(workspace) == []
    watched.go(f"{SWEEP}/trials/1", "h1 + .state.completed")
    page.click("button:has-text('Run again')")
    assert asked.locator("li").all_inner_texts() == ["lr 0.02", "units 16"]
    with page.expect_response("**/requests"):
        page.keyboard.press("Enter")  # Yes
    ((_, knock),) = read_knocks(workspace)
    assert knock
    assert (knock.kind, knock.trial) == ("again", 1)


def test_a_request_that_nobody_takes_up_says_so_until_somebody_does(watched, sweep: WrittenSweep, workspace) -> None:
    page = watched.page
    page.clock.install()
    watched.go(SWEEP)
    page.click("button:has-text('Resume')")
    late = page.locator("[role=status]:has-text('Nobody has taken it up yet')")
    while not late.count():
        page.clock.run_for(1000)
    ((path, knock),) = read_knocks(workspace)
    answer_knock(workspace, path, knock, {"run_id": sweep.spec.id, "error": None, "said": ""})
    while late.count():
        page.clock.run_for(1000)
    page.wait_for_selector("[role=status]:has-text('taken up …')")


def test_a_request_of_which_studio_cannot_be_told_is_the_engines(watched, sweep: WrittenSweep, workspace) -> None:
    page = watched.page
    (workspace / "door").write_text("no folder")
    with FileLock(str(sweep.folder / LOCK)):
        watched.go(SWEEP)
        page.click("button:has-text('Cancel sweep')")
        page.click("button:has-text('Yes')")
        page.wait_for_selector("[role=status]:has-text('Left in the sweep')")
    watched.wrong.clear()  # what a model says cannot be asked, either


def test_who_went_elsewhere_is_not_taken_to_a_run_that_was_asked_for(watched, sweep: WrittenSweep) -> None:
    page, asked, is_done = watched.page, [], []

    def answer(route) -> None:
        asked.append(route)
        state = {"state": "done", "run_id": "HD_again"} if is_done else {"state": "waiting", "run_id": None}
        route.fulfill(json={**state, "error": None})

    page.route("**/api/requests/*", answer)
    page.clock.install()
    watched.go(SWEEP)
    page.click("button:has-text('Run the best again')")
    with page.expect_response("**/api/requests/*"):
        page.click("button:has-text('Yes')")
    page.click("a.mark")
    page.wait_for_selector("h1:has-text('Sweeps')")
    is_done.append(True)
    before = len(asked)
    page.clock.run_for(5000)  # longer than the page waits between two looks for an answer
    page.evaluate("fetch('/api/server').then(() => null)")
    assert (len(asked), page.locator("h1:has-text('Sweeps')").count()) == (before, 1)


def test_compare(watched, sweep: WrittenSweep, workspace) -> None:
    other = WrittenSweep(workspace / "sweeps" / "HD_other", id="HD_other", experiment="others")
    other.run(0, 0.3, 0.95)
    other.finish()
    page = watched.page
    watched.go("", "tbody tr >> nth=1")
    for box in page.locator("tbody input[type=checkbox]").all():
        box.check()
    page.click("button:has-text('Compare 2')")
    page.wait_for_selector("h1:has-text('Compare 2 sweeps')")
    assert "trials=" not in page.url
    page.wait_for_selector("tbody >> text=0.95")
    page.click("button:has-text('Table')")
    for name in ("HD_111", "HD_other"):
        page.wait_for_selector(f"section[aria-label='Best so far'] tbody tr:has-text('{name}')")
    page.click("button:has-text('Table')")
    plot = page.locator("section[aria-label='Best so far'] .plot")
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 200)
    page.wait_for_selector(".tip >> text=3 trials done")
    assert {"others HD_other", "0.9", "0.95"} < set(page.inner_text(".tip").split("\n"))
    page.locator("section[aria-label='Best so far'] select").select_option("interval")
    page.click("button:has-text('Table')")
    page.wait_for_function(
        "() => [...document.querySelectorAll(`section[aria-label='Best so far'] tbody tr`)]"
        ".some(row => row.innerText.includes('HD_111') && row.innerText.split('\\t')[1] === '3')"
    )
    page.click("button:has-text('Table')")
    plot.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[aria-live=polite]:has-text('others HD_other 0.95')", state="attached")
    page.wait_for_selector(".tip >> text=intervals of all trials")


def test_as_many_sweeps_are_ticked_as_can_be_compared(watched, workspace) -> None:
    for number in range(9):
        WrittenSweep(workspace / "sweeps" / f"HD_{number}", id=f"HD_{number}").finish()
    page = watched.page
    watched.go("", "tbody tr >> nth=8")
    page.wait_for_selector("tbody tr >> nth=8")
    for number in range(8):
        assert page.locator("text=compared at most").count() == 0
        page.get_by_label(f"HD_{number}").check()
    page.wait_for_selector("[role=status]:has-text('8 are compared at most')")
    assert page.get_by_label("HD_8").is_disabled()
    page.get_by_label("HD_0").uncheck()
    page.get_by_label("HD_8").check()
    page.click("button:has-text('Compare 8')")
    page.wait_for_selector("tbody .at-mark svg >> nth=7")
    lines = page.locator("tbody .at-mark line").evaluate_all(
        "all => all.map(each => each.getAttribute('stroke') + each.getAttribute('stroke-dasharray'))"
    )
    assert len(set(lines)) == 8
    assert page.locator("text=could not be told apart").count() == 0


def test_a_trial_is_cancelled(watched, workspace, tmp_path) -> None:
    """By the engine of a sweep that runs; the other trial goes on."""
    gate = tmp_path / "gate"
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "train.py").write_text(WAITING.format(gate=str(gate)))
    config = HyperDriveConfig(
        run_config=ScriptRunConfig(source_directory=str(tmp_path / "source"), script="train.py"),
        hyperparameter_sampling=GridParameterSampling({"--x": choice(1, 2)}),
        primary_metric_name="score",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=2,
        max_concurrent_runs=2,
    )
    run = Experiment(Workspace(workspace), "waiting").submit(config)
    page = watched.page
    watched.go(f"sweeps/{run.id}/trials/1", "h1 + .state.running")
    page.click("button:has-text('Cancel trial')")
    page.click("button:has-text('Yes')")
    page.wait_for_selector("h1 + .state.cancelled")
    page.wait_for_selector("button:has-text('Run again')")
    watched.go(f"sweeps/{run.id}", f"{ROWS} .state.cancelled")
    assert page.locator(f"{ROWS} .state.running").count() == 1
    gate.touch()
    page.wait_for_selector("h1 + .state.completed")
    watched.wrong = [text for text in watched.wrong if "404" not in text]  # the page is there before its trial


def test_filters_find_names_with_blanks(watched, workspace) -> None:
    written = WrittenSweep(workspace / "sweeps" / "HD_b", id="HD_b", space={"batch size": ["choice", [[16, 32]]]})
    for trial in range(2):
        written.suggest(trial, **{"batch size": 16 * (trial + 1)})
        written.run(trial, 0.5)
    page = watched.page
    watched.go("sweeps/HD_b", f"{ROWS} >> nth=1")
    for text in ("batch size>16", '"batch size" = 32'):
        page.fill(".panel input[type=search]", text)
        page.wait_for_function("() => document.querySelectorAll('.grid-body .grid-row').length === 1")
    page.fill(".panel input[type=search]", "batches<3")
    page.wait_for_selector("text=Nothing is named “batches” here: batch size, trial, status, best")
    page.fill(".panel input[type=search]", "best>banana")
    page.wait_for_selector("text=“best>banana”: “banana” is not a number, and best is compared with numbers.")


def test_addresses_that_lead_nowhere_say_so_and_short_ids_lead_somewhere(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP[: SWEEP.index("-")], "h1 + .state")
    watched.go("sweeps/HD_ffffffff", "text=there is no such sweep")
    assert page.locator("text=tried again").count() == 0
    page.goto(page.url.partition("#")[0] + "foo")
    page.wait_for_selector("h1:has-text('There is no such page')")
    page.click("text=All sweeps")
    page.wait_for_selector("tbody a")
    watched.wrong = [text for text in watched.wrong if "404" not in text]


def test_filters_know_what_the_table_shows(watched, sweep: WrittenSweep) -> None:
    """Rounded numbers, heads of columns, units, and other metrics, whose values are fetched when they are wanted."""
    sweep.start(4, lr=0.100687)
    sweep.log(4, 0.5)
    sweep.log(4, 0.125, name="train loss")
    page = watched.page
    watched.go(SWEEP, f"{ROWS} >> nth=4")
    assert page.locator(f"{ROWS} >> text=0.1007").count() == 1
    filters = ("lr=0.1007", "lr == 0.1007 AND units>1", '"Last train loss"<0.2', "train loss = 0.125, units>1", "4")
    for text in filters:
        page.fill(".panel input[type=search]", text)
        page.wait_for_function(
            "() => [...document.querySelectorAll('.grid-body .grid-row')].map(row => row.innerText[0]).join() === '4'"
        )
        page.fill(".panel input[type=search]", "")
        page.wait_for_selector(f"{ROWS} >> nth=4")


def test_a_file_leads_to_the_link(watch, server: StudioServer, browser) -> None:
    opening = OpeningFile()
    page = browser.new_context().new_page()
    page.goto(opening.write(f"{server.url}#code={server.code()}"))
    page.wait_for_selector("text=No sweep yet")
    assert "code" not in page.url
    opening.remove()
    page.context.close()


def test_what_a_model_says(watched, sweep: WrittenSweep, workspace) -> None:
    sweep.teach(4, 5, 6, 7, 8)
    sweep.summarize()
    page = watched.page
    watched.go(SWEEP)
    page.locator(".later >> nth=3").scroll_into_view_if_needed()
    page.wait_for_selector("text=A model of the trials is being made")
    door = Doorman(Workspace(workspace))
    try:
        while door.attend() or not read_explanation(workspace, sweep.spec.id):
            select.select(door.fds, [], [], 60)
    finally:
        door.close()
    page.wait_for_selector("section[aria-label='What matters'] .bars >> text=lr")
    page.wait_for_selector("section[aria-label='What matters'] >> text=How far to trust this")
    page.wait_for_selector(".facts >> text=Best believed accuracy")
    page.click("section[aria-label='What matters'] tbody button >> nth=0")
    page.wait_for_selector(".chip:has-text('trial')")
    page.click("section[aria-label='accuracy along each hyperparameter'] button:has-text('Table')")
    page.wait_for_selector("section[aria-label='accuracy along each hyperparameter'] td >> text=units")


def test_what_is_not_there_says_so(watched) -> None:
    watched.page.goto(watched.page.url.partition("#")[0] + "#/sweeps/HD_none")
    watched.page.wait_for_selector("text=This sweep cannot be shown")
    watched.wrong = [text for text in watched.wrong if "404" not in text]
    watched.go("nonsense/page", "text=There is no such page")


def test_configuration_to_copy(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(SWEEP)
    page.click("summary:has-text('Configuration')")
    page.wait_for_selector("pre >> text=overdrive tune")
    assert page.locator("pre:has-text('HyperDriveConfig(')").count() == 1
    # Long lines scroll in their own frames: the buttons stay in sight.
    assert page.locator("details[open] .menu-body").evaluate("each => each.scrollWidth <= each.clientWidth")
    page.keyboard.press("Escape")
    page.wait_for_selector("details.menu[open]", state="detached")
    assert page.evaluate("document.activeElement.innerText") == "Sweep's configuration"
    page.keyboard.press("Enter")
    page.wait_for_selector("details.menu[open]")
    page.click("details.menu[open] h2 >> nth=0")  # which takes no focus
    page.keyboard.press("Escape")
    page.wait_for_selector("details.menu[open]", state="detached")
    for place in ("h1", ".progress", "section[aria-label='Metric'] .plot"):
        page.click("summary:has-text('Configuration')")
        page.wait_for_selector("details.menu[open]")
        page.click(place, position={"x": 5, "y": 5})
        page.wait_for_selector("details.menu[open]", state="detached")


def test_a_sweep_without_values_says_so_in_place_of_empty_charts(watched, workspace) -> None:
    written = WrittenSweep(workspace / "sweeps" / "HD_11111111-2222-3333-4444-555555555555")
    written.start(0)
    written.summarize()
    watched.go("sweeps/HD_11111111-2222-3333-4444-555555555555", "text=No trial has logged accuracy yet")
    page = watched.page
    assert page.locator("section[aria-label='Best so far'], .parallel, section[aria-label='What matters']").count() == 0
    written.log(0, 0.5)
    written.summarize()
    page.wait_for_selector("section[aria-label='Best so far']")
    assert page.locator("text=Nothing to draw").count() == 0


def test_what_was_cancelled_did_not_fail(watched, sweep: WrittenSweep) -> None:
    sweep.end(3, Outcome.CANCELLED)
    sweep.run(4, outcome=Outcome.FAILED, reason="exit code 1")
    watched.go(SWEEP, ".progress .cancelled")
    parts = watched.page.locator(".progress > span").evaluate_all("all => all.map(each => each.className)")
    assert parts == ["completed", "stopped", "failed", "cancelled"]


def test_a_page_that_fails_says_so(watched, sweep: WrittenSweep) -> None:
    spec = sweep.folder / "spec.json"
    told = json.loads(spec.read_text())
    told["space"]["lr"] = ["choice", None]  # as no submit lets through
    spec.write_text(json.dumps(told))
    watched.go(SWEEP, "text=This page cannot be drawn")
    watched.page.click("text=All sweeps")
    watched.page.wait_for_selector("tbody tr")
