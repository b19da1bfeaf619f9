"""The page of one trial: what it logged, printed and left, as much of it as there is."""

import json

import pytest
from axe import violations
from journals import WrittenSweep

from overdrive.records import RunSpec

TRIAL = "sweeps/HD_11111111-2222-3333-4444-555555555555/trials/3"
LOG = "section[aria-label='Log']"


def test_nothing_is_wider_than_a_phone(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    page.set_viewport_size({"width": 390, "height": 844})
    wide = {f"a column with a long name {k}": ["a value", "x" * 90] for k in range(9)}
    sweep.log(3, wide, name="wide", kind="table")
    sweep.log(3, 0.5)
    sweep.log(3, 12345.0, name="throughput")
    sweep.output(3, b"x" * 5000)
    watched.go(TRIAL, "table.logged")
    page.wait_for_selector(f"{LOG} .log >> text=xxx")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # A metric with one value is a value, not a chart of one point.
    page.wait_for_selector("section[aria-label='Metrics'] dl >> text=12345")
    assert page.locator("section[aria-label='Metrics'] .plot").count() == 1


def test_numbers_are_written_as_they_were_logged(watched, sweep: WrittenSweep) -> None:
    """Beside charts too: a chart's pixels need no more than float32, its words do."""
    sweep.log(3, 16777217, name="params")
    sweep.log(3, 1.0, 370370367.369, name="flops")
    sweep.log(3, 16777219)
    page = watched.page
    watched.go(TRIAL, "section[aria-label='Metrics'] dd >> text=/^16777217$/")
    page.wait_for_selector("section[aria-label='Metrics'] figcaption >> text=370370367 at interval 2")
    watched.go("sweeps/HD_11111111-2222-3333-4444-555555555555")
    page.click("section[aria-label='Metric'] button:has-text('Table')")
    page.wait_for_selector("section[aria-label='Metric'] td >> text=/^16777219$/")


def test_labels_of_a_confusion_matrix_stay_whole_on_a_phone(watched, sweep: WrittenSweep) -> None:
    data = {"class_labels": ["cat", "elephant"], "matrix": [[9, 1], [2, 8]]}
    sweep.log(3, {"schema_type": "confusion_matrix", "data": data}, name="seen", kind="confusion_matrix")
    watched.page.set_viewport_size({"width": 390, "height": 844})
    watched.go(TRIAL, "table.matrix th >> nth=3")
    heads = watched.page.locator("table.matrix th").all()
    assert len({round(each.bounding_box()["height"]) for each in heads}) == 1


def test_secrets_wait_until_they_are_asked_for_and_changes_are_told(watched, workspace) -> None:
    run = RunSpec(command=("python", "t.py"), environment={"HF_TOKEN": "hf_1", "LEVEL": "warm"})
    git = {"commit": "6d1c7d2" * 5 + "6d1c7", "dirty": True}
    written = WrittenSweep(workspace / "sweeps" / "HD_git", id="HD_git", run=run, extra={"git": git})
    written.run(0, 0.5)
    page = watched.page
    watched.go("sweeps/HD_git/trials/0", "dd >> text=warm")
    page.wait_for_selector("dd >> text=yes: the snapshot has them")
    assert "hf_1" not in page.inner_text("main")
    page.click("div:has(> dt:text-is('environment HF_TOKEN')) button")
    page.wait_for_selector("dd >> text=hf_1")


def test_how_it_ended_is_said_in_words(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    watched.go(f"{TRIAL[:-1]}0", "dt >> text=how its script ended")
    page.wait_for_selector("dd >> text=/^by itself$/")
    page.wait_for_selector("div:has(> dt:text-is('started')) dd >> text=/ UTC/")


def test_files_stand_in_their_folders(watched, sweep: WrittenSweep) -> None:
    outputs = sweep.folder / "trials" / "3" / "work" / "outputs"
    for number in range(200):
        folder = outputs / "deep" / f"folder{number % 4}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"file{number}.txt").write_text(f"it is {number}")
    (outputs / "model.txt").write_text("the model")
    page = watched.page
    watched.go(TRIAL, "section[aria-label='Files'] details >> nth=4")
    assert "201 files" in page.inner_text("section[aria-label='Files'] header")
    assert page.locator("section[aria-label='Files'] li").count() == 1, "folders are opened where somebody looks"
    page.wait_for_selector("button:has-text('model.txt')")
    page.click("summary:has-text('outputs/deep/folder2/')")
    page.click("button:has-text('file6.txt')")
    page.wait_for_selector("pre >> text=it is 6")


def test_a_log_looks_as_in_a_terminal(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    path = sweep.output(3, b"\x1b[1;31mred\x1b[0m and caf\xe9\r\n")
    with path.open("ab") as file:
        file.write(b"\r 10%\r 20%")
    watched.go(TRIAL, f"{LOG} .ansi-1.ansi-bold >> text=red")
    page.wait_for_selector(f"{LOG} >> text=/^ 20%$/m")
    for percent in range(30, 90, 10):
        with path.open("ab") as file:
            file.write(f"\r {percent}%".encode())
        page.wait_for_selector(f"{LOG} >> text= {percent}%")
    assert page.inner_text(f"{LOG} .log").split("\n") == ["red and caf\ufffd", " 80%"]


def test_a_log_is_that_of_one_attempt(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    sweep.output(3, b"of the first attempt\n")
    with page.expect_request("**/output/stream?*attempt=1"):
        watched.go(TRIAL, f"{LOG} >> text=of the first attempt")
    sweep.end(3, retry=True)
    sweep.output(3, b"of the second attempt\n", attempt=2)
    with page.expect_request("**/output/stream?*attempt=2"):
        sweep.start(3, attempt=2)
        page.wait_for_selector(f"{LOG} >> text=of the second attempt")
    assert "first" not in page.inner_text(f"{LOG} .log")


@pytest.mark.parametrize("is_capped", [False, True])
def test_the_beginning_of_a_long_log(watched, sweep: WrittenSweep, is_capped: bool) -> None:
    """What the cap left out is one line, not a gigabyte of nothing."""
    page = watched.page
    path = sweep.output(3, b"".join(b"early %d\n" % k for k in range(20_000)))
    early = path.stat().st_size
    with path.open("ab") as file:
        file.truncate(10**9)
        file.seek(10**9)
        file.write(b"".join(b"late %d\n" % k for k in range(20_000)))
    if is_capped:
        path.with_name("output.1.hole.json").write_text(json.dumps({"from": early, "to": 10**9}))
    watched.go(TRIAL, f"{LOG} >> text=late 19999")
    if is_capped:
        page.wait_for_selector(f"{LOG} >> text=1 GB left out")
    page.click("button:has-text('Go to the beginning')")
    page.wait_for_selector(f"{LOG} >> text=early 0")
    page.wait_for_function("() => document.querySelector('.log').scrollTop === 0")
    assert "late" not in page.inner_text(f"{LOG} .log") or is_capped
    assert "\0" not in page.inner_text(f"{LOG} .log") or not is_capped
    page.click(f"{LOG} button:has-text('Follow')")
    page.wait_for_selector(f"{LOG} >> text=late 19999")


def test_tables_of_azures_schemas_are_drawn(watched, sweep: WrittenSweep) -> None:
    table = [
        [[80, 100, 0, 0], [60, 20, 80, 20], [0, 0, 100, 80]],
        [[50, 130, 0, 0], [0, 0, 130, 50], [40, 30, 100, 10]],
    ]
    data = {"class_labels": ["cat", "<dog>"], "probability_tables": table, "probability_thresholds": [0, 0.5, 1]}
    sweep.log(3, {"schema_type": "accuracy_table", "data": data}, name="accurate", kind="accuracy_table")
    bins = {"bin_edges": [-1, 0, 1], "bin_counts": [30, 12]}
    sweep.log(3, {"schema_type": "residuals", "data": bins}, name="left", kind="residuals")
    sweep.log(3, {"schema_type": "residuals", "data": {"bin_edges": "no"}}, name="broken", kind="residuals")
    uneven = {"class_labels": ["a", "b"], "matrix": [[1, 2], [3, 4], [5, 6]]}
    sweep.log(3, {"data": uneven}, name="uneven", kind="confusion_matrix")
    page = watched.page
    watched.go(TRIAL, "svg[aria-label='\u22121 to 0: 30, 0 to 1: 12']")
    assert page.locator("section[aria-label='left'] rect").count() == 2
    drawn = page.locator("section[aria-label='accurate'] svg[role=img] path.drawn")
    assert drawn.count() == 2
    assert "<dog>" in page.inner_text("section[aria-label='accurate'] figcaption")
    page.click("section[aria-label='left'] summary")
    page.wait_for_selector("section[aria-label='left'] td >> text=12")
    page.wait_for_selector("section[aria-label='broken'] >> text=no")
    page.wait_for_selector("section[aria-label='uneven'] pre >> text=class_labels")
    assert not violations(page)


def test_the_end_is_followed_however_fast_it_moves(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    path = sweep.output(3, b"first\n")
    watched.go(TRIAL, f"{LOG} .log >> text=first")
    # A busy browser tells of the scroll to the last end when more has been printed already: here it always does.
    page.eval_on_selector(
        f"{LOG} .log",
        "log => new MutationObserver(() => log.dispatchEvent(new Event('scroll')))"
        ".observe(log, {childList: true, characterData: true, subtree: true})",
    )
    for part in range(4):
        with path.open("ab") as file:
            file.write(b"".join(b"line %d of part %d %s\n" % (k, part, b"y" * 200) for k in range(100)))
        page.wait_for_selector(f"{LOG} .log >> text=line 99 of part {part}")
    page.wait_for_selector(f"{LOG} button[aria-pressed=true]:has-text('Follow')")
    page.hover(f"{LOG} .log")
    page.mouse.wheel(0, -400)
    page.wait_for_selector(f"{LOG} button[aria-pressed=false]:has-text('Follow')")


def test_a_single_run_leads_to_its_log(watched, workspace) -> None:
    run = WrittenSweep(workspace / "runs" / "exp_1_ab", id="exp_1_ab", kind="run", space={}, metric=None)
    run.start(0, lr=None)
    run.output(0, b"first line\n")
    run.end(0)
    run.finish()
    page = watched.page
    watched.go("sweeps/exp_1_ab", "h1 + .state.completed")
    page.click("a:has-text('Log and files')")
    page.wait_for_selector(".log >> text=first line")
    assert page.inner_text("h1") == "digits"
    page.click("button:has-text('Run again')")
    page.wait_for_selector("[role=group] >> text=Run it again, with the same arguments?")
    assert page.locator("[role=group] li").count() == 0, "it has no hyperparameters"
    page.click("main a:has-text('digits')")
    page.wait_for_selector("a:has-text('Log and files')")
