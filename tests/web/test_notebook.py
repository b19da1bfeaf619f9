"""A run in a real JupyterLab, and in Notebook 7: live charts while a cell is busy, and what the notebook keeps."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from attacks import check
from attacks import hostile
from axe import violations
from commands import wait_until
from journals import WrittenSweep
from jupyter import JupyterLab
from jupyter import Notebook7
from nbformat import v4

TRAIN = """
import argparse, os, time
from overdrive import Run
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float)
parser.add_argument("--units", type=int)
rate = parser.parse_args().lr
run = Run.get_context()
for k in range(3):
    run.log("accuracy", rate * (k + 1))
    run.log("loss", 7.25 + k)
    while not os.path.exists(os.path.join(os.environ["GATES"], str(k))):
        time.sleep(0.02)
"""
SHOW = """
import os
from pathlib import Path
from overdrive import *
from overdrive.widgets import RunDetails
Path("gates").mkdir()
config = HyperDriveConfig(
    run_config=ScriptRunConfig(source_directory="source", script="train.py"),
    hyperparameter_sampling=GridParameterSampling({"lr": choice(0.1, 0.2, 0.3), "units": choice(8)}),
    primary_metric_name="accuracy", primary_metric_goal=PrimaryMetricGoal.MAXIMIZE, max_total_runs=3)
os.environ["GATES"] = os.path.abspath("gates")
run = Experiment(Workspace(), "digits").submit(config)
RunDetails(run)
"""
LEFT = """
import gc, threading, ipywidgets
from overdrive.widgets.notebook import NotebookShow
for each in threading.enumerate():
    if each.name.startswith("overdrive-model-"):
        each.join()
gc.collect()
print(
    len(ipywidgets.Widget.get_manager_state()["state"]), "widgets,",
    sum(each.name.startswith("overdrive-") for each in threading.enumerate()), "threads,",
    sum(isinstance(each, NotebookShow) for each in gc.get_objects()), "shows",
)
"""
LIVE = ".overdrive-live"
ROWS = f"{LIVE} .grid-body .grid-row"


@pytest.fixture
def program() -> type[JupyterLab]:
    return JupyterLab


@pytest.fixture
def lab(tmp_path: Path, program: type[JupyterLab]) -> Iterator[JupyterLab]:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "train.py").write_text(TRAIN)
    with program(tmp_path) as running:
        yield running


@pytest.fixture
def page(browser) -> Iterator:
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    context.close()


def scroll_until(page, words: str) -> None:
    """Scrolls to the charts further down until they say so: they are drawn when they come near the window."""

    def is_said() -> bool:
        page.locator(f"{LIVE} .later").last.scroll_into_view_if_needed()
        return page.locator(f"{LIVE} >> text={words}").count() > 0

    wait_until(is_said, words)


def write(folder: Path, *cells: str) -> None:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    notebook = v4.new_notebook(cells=[*map(v4.new_code_cell, cells)], metadata=metadata)
    nbformat.write(notebook, folder / "live.ipynb")


def run_all(page, lab: JupyterLab) -> None:
    page.goto(lab.address("live.ipynb"))
    lab.wait_for_kernel()
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")


def save(page, folder: Path, words: str) -> dict:
    """Saves the notebook; its last output of the first cell, once `words` stand in it."""
    page.click(".lm-MenuBar-itemLabel:text-is('File')")
    page.click(".lm-Menu-itemLabel:text-is('Save Notebook')")
    wait_until(lambda: words in (folder / "live.ipynb").read_text(), "the saved notebook")
    return json.loads((folder / "live.ipynb").read_text())["cells"][0]["outputs"][-1]["data"]


@pytest.mark.parametrize("program", [JupyterLab, Notebook7])
def test_live_while_a_cell_runs_and_kept(lab: JupyterLab, page, tmp_path: Path) -> None:
    write(tmp_path, SHOW, "run.wait_for_completion()['status']")
    run_all(page, lab)
    page.wait_for_selector(f"{ROWS} >> nth=1")
    assert page.locator(".jp-InputPrompt >> nth=1").inner_text() == "[*]:", "the second cell runs"
    page.wait_for_selector(f"{LIVE} >> text=0 of 3 trials done, 2 running")
    gates = tmp_path / "gates"
    (gates / "0").touch()
    page.wait_for_selector(f"{ROWS} >> text=0.4")
    panel = page.locator(f"{LIVE} section[aria-label='Metric']")
    panel.locator("select").first.select_option("loss")
    panel.locator("button:has-text('Table')").click()
    (gates / "1").touch()
    panel.locator("td >> text=9.25").first.wait_for()
    page.locator(f"{LIVE} input[type=search]").fill("abd")
    assert page.locator(".jp-Cell").count() == 2, "keys typed in it are no commands of the notebook"
    page.locator(f"{LIVE} input[type=search]").fill("")
    (gates / "2").touch()
    page.wait_for_selector(f"{LIVE} .state.completed >> nth=0")
    page.wait_for_selector(".jp-OutputArea-output pre:has-text('Completed')")
    scroll_until(page, "Best believed accuracy")
    page.wait_for_selector(f"{LIVE} section[aria-label='What matters'] >> text=It cannot be told")
    page.wait_for_selector(f"{LIVE} .facts >> text=Best believed accuracy")
    assert not violations(page, LIVE)
    kept = save(page, tmp_path, "all 3 trials ended")
    assert set(kept) == {"text/html", "text/plain"}
    assert "3 of 3 trials done; best accuracy 0.9 by trial 2" in "".join(kept["text/html"])

    page.reload()
    page.wait_for_selector(f"{ROWS} >> nth=2")  # from the kernel that still lives
    lab.end_kernels()
    page.reload()
    page.wait_for_selector(".overdrive-run img[src^='data:image/svg']")
    page.wait_for_selector(".overdrive-run td:text-is('0.9')")
    assert page.locator(LIVE).count() == 0


def test_says_that_the_kernel_has_ended(lab: JupyterLab, page, tmp_path: Path) -> None:
    write(tmp_path, SHOW, "run.wait_for_completion()['status']")
    run_all(page, lab)
    page.wait_for_selector(f"{ROWS} >> nth=1")
    (tmp_path / "gates" / "0").touch()
    scroll_until(page, "A model of the trials is being made, as soon as no cell runs")
    lab.end_kernels()
    page.wait_for_selector(f"{LIVE} >> text=The kernel has ended before a model was made")
    page.wait_for_selector(f"{LIVE} >> text=The run goes on; run the cell again to follow it.")
    for gate in "12":
        (tmp_path / "gates" / gate).touch()


def found(sweep: WrittenSweep) -> str:
    """Makes the run in a cell."""
    workspace = str(sweep.folder.parents[1])
    return f"HyperDriveRun(Experiment(Workspace({workspace!r}), 'digits'), {sweep.spec.id!r})"


def show(*sweeps: WrittenSweep) -> str:
    runs = ", ".join(map(found, sweeps))
    return f"from overdrive import *\nfrom overdrive.widgets import RunDetails\nruns = [{runs}]\nRunDetails(runs[0])"


def click(page, menu: str, item: str) -> None:
    page.click(f".lm-MenuBar-itemLabel:text-is('{menu}')")
    page.click(f".lm-Menu-itemLabel:text-is('{item}')")


@pytest.mark.parametrize("program", [JupyterLab, Notebook7])
def test_a_page_that_is_loaded_again_has_the_run_as_it_stands(lab, page, tmp_path: Path, sweep: WrittenSweep) -> None:
    write(tmp_path, show(sweep))
    run_all(page, lab)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    save(page, tmp_path, "data:image")
    sweep.log(3, 0.61)
    page.wait_for_selector(f"{ROWS} >> text=0.61")
    page.reload()
    page.wait_for_selector(f"{ROWS} >> text=0.61")
    sweep.log(3, 0.62)
    page.wait_for_selector(f"{ROWS} >> text=0.62")
    click(page, "Kernel", "Restart Kernel…")
    page.click(".jp-Dialog button.jp-mod-accept")
    page.wait_for_selector(f"{LIVE} [role=status] >> text=The kernel has ended")


def test_a_notebook_that_is_opened_again_is_live(lab, page, tmp_path: Path, sweep: WrittenSweep) -> None:
    """A console holds the kernel's widgets a second time; what a closed notebook had is never ended by JupyterLab."""
    write(tmp_path, show(sweep))
    run_all(page, lab)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    save(page, tmp_path, "data:image")
    page.click(".jp-InputArea-editor", button="right")
    page.click(".lm-Menu-itemLabel:text-is('New Console for Notebook')")
    page.wait_for_selector(".jp-CodeConsole-promptCell")
    page.click(".lm-TabBar-tab[data-type='document-title'] .lm-TabBar-tabCloseIcon")
    page.wait_for_selector(".jp-NotebookPanel", state="detached")
    page.dblclick(".jp-DirListing-item:has-text('live.ipynb')")
    page.wait_for_selector(f".jp-NotebookPanel {ROWS} >> nth=3")
    sweep.log(3, 0.61)
    page.wait_for_selector(f".jp-NotebookPanel {ROWS} >> text=0.61")


def test_what_a_cell_no_longer_shows_leaves_nothing(lab, page, tmp_path: Path, sweep: WrittenSweep) -> None:
    others = [WrittenSweep(sweep.folder.parent / f"HD_{at}", id=f"HD_{at}") for at in range(3)]
    loop = "from IPython.display import clear_output\nfor at in range(100):\n    clear_output(wait=True)"
    write(
        tmp_path,
        show(sweep, *others),
        f"{loop}\n    RunDetails(runs[at % 4]).show()",
        LEFT,
        "get_ipython().run_cell('RunDetails(runs[0])')",
    )
    run_all(page, lab)
    # The first cell's, and the last of the loop, which is run 3: a widget has a layout, which is a widget, too.
    page.wait_for_selector(".jp-OutputArea-output pre:has-text('4 widgets, 2 threads, 2 shows')")
    wait_until(lambda: page.locator(LIVE).count() == 3, "three outputs that show two runs")
    sweep.log(3, 0.61)
    wait_until(lambda: page.locator(LIVE).filter(has_text="0.61").count() == 2, "both outputs of one run go on")
    page.click(".jp-Cell >> nth=1 >> .jp-InputArea-editor")
    page.keyboard.press("Control+a")
    page.keyboard.type("1")
    click(page, "Run", "Run Selected Cell")
    click(page, "Run", "Run Selected Cell")
    page.wait_for_selector(".jp-OutputArea-output pre:has-text('2 widgets, 1 threads, 1 shows')")
    for each in others:
        each.close()


@pytest.mark.parametrize("how", ["damaged", "deleted"])
def test_a_sweep_that_cannot_be_read_any_more_is_said_in_a_sentence(lab, page, tmp_path: Path, sweep, how: str) -> None:
    write(
        tmp_path,
        f"from overdrive.widgets.notebook import *\n"
        f"show = NotebookShow(Path({str(sweep.folder)!r}), kernel_shell())\nshow.begin()",
        "show._thread.join()",
        "'the next cell'",
    )
    run_all(page, lab)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    sweep.close()
    if how == "deleted":
        (sweep.folder / "sweep.db").unlink()  # before all else, as it may come in any deletion
        shutil.rmtree(sweep.folder)
    else:
        for path in sweep.folder.glob("sweep.db-*"):
            path.unlink()
        (sweep.folder / "sweep.db").write_bytes(b"this is no database " * 1000)
    page.wait_for_selector(f"{LIVE} [role=alert] >> text=This run is no longer followed: ")
    page.wait_for_selector(".jp-OutputArea-output pre:has-text('the next cell')")
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    kept = save(page, tmp_path, "no longer followed")
    why = "is gone" if how == "deleted" else "sweep.db cannot be read"
    assert re.search(f"no longer followed: .*{why}", "".join(kept["text/plain"]))
    assert "data:image/svg" in "".join(kept["text/html"]), "the picture stays"


def test_a_hostile_sweep_runs_nothing(lab: JupyterLab, page, tmp_path: Path, workspace: Path) -> None:
    hostile(workspace)
    write(
        tmp_path,
        f"from overdrive.views import open_sweep\nfrom overdrive.widgets.notebook import *\n"
        f"show = NotebookShow({str(next((workspace / 'sweeps').iterdir()))!r}, kernel_shell())\nshow.begin()",
    )
    wrong: list[str] = []
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda each: each.url.startswith((lab.url, "blob:", "data:", "ws:")) or wrong.append(each.url))
    run_all(page, lab)
    page.wait_for_selector(f"{ROWS} >> nth=2")
    for button in page.locator(f"{LIVE} section.panel header button:has-text('Table')").all():
        button.scroll_into_view_if_needed()
        button.click()
        check(page)
    save(page, tmp_path, "data:image")
    lab.end_kernels()
    page.reload()
    page.wait_for_selector(".overdrive-run img[src^='data:image/svg']")
    check(page)
    assert not wrong
