"""An exported file, opened from disk: everything is in it, a choice shows in all charts, it asks for nothing."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from attacks import check
from attacks import hostile
from attacks import open_tables
from axe import violations
from journals import WrittenSweep

from overdrive.cli.exporting import export_page
from overdrive.views import open_sweep

ROWS = ".grid-body .grid-row"
#: How many charts have something on the layer that shows what is pointed at and chosen.
MARKED = """() => [...document.querySelectorAll('.plot canvas.over')].filter(canvas => canvas.width > 1
  && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value)).length"""


class Opened:
    """A page on a file; whatever it asks for but the file itself is wrong."""

    def __init__(self, page, file: Path) -> None:
        self.page, self.wrong = page, []
        page.on("console", lambda each: each.type in ("error", "warning") and self.wrong.append(each.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda each: each.url != file.as_uri() and self.wrong.append(f"request: {each.url}"))
        page.goto(file.as_uri())
        page.wait_for_selector(f"{ROWS} >> nth=0")
        page.evaluate("addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.blockedURI))")
        page.evaluate("document.querySelectorAll('.later').forEach(each => each.scrollIntoView())")
        page.wait_for_selector("section[aria-label='Slots over time'] .plot")


@pytest.fixture
def exported(browser, tmp_path: Path) -> Iterator[Callable[[WrittenSweep], Opened]]:
    """Exports a sweep and opens the file, without a network."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    pages: list[Opened] = []

    def open_file(written: WrittenSweep) -> Opened:
        file = tmp_path / "sweep.html"
        export_page(open_sweep(written.folder), str(file))
        pages.append(Opened(context.new_page(), file))
        return pages[-1]

    yield open_file
    assert [opened.wrong for opened in pages] == [[] for _ in pages]
    context.close()


def test_a_choice_in_one_chart_shows_in_all(exported, sweep: WrittenSweep) -> None:
    page = exported(sweep).page
    page.set_viewport_size({"width": 1280, "height": 3200})  # what is out of sight is not drawn
    assert page.locator(ROWS).count() == 4
    assert "3 of 10 trials done" in page.inner_text(".page-head")
    assert page.locator("main a").count() == 0, "no trial has a page of its own here"
    page.wait_for_selector("section[aria-label='What matters'] >> text=It cannot be told")
    assert page.locator("section[aria-label='What matters'] .bars").count() == 0
    charts = page.locator(".plot canvas.over").count()
    assert charts == 6, "none along a hyperparameter, of which nothing can be told"
    page.locator(".plot[tabindex='0']").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{ROWS}.chosen")
    page.wait_for_function(f"() => ({MARKED})() === {charts}")
    assert "trials=0" in page.url
    page.reload()
    page.wait_for_selector(f"{ROWS}.chosen")
    page.fill(".panel input[type=search]", "status=running")
    page.wait_for_function("() => document.querySelectorAll('.grid-body .grid-row').length === 1")


def test_every_metric_by_every_axis(exported, sweep: WrittenSweep) -> None:
    sweep.log(3, 3.5, 2.5, name="loss")
    page = exported(sweep).page
    panel = page.locator("section[aria-label='Metric']")
    panel.locator("button:has-text('Table')").click()
    panel.locator("td >> text=0.85").first.wait_for()
    panel.locator("select").first.select_option("loss")
    panel.locator("td >> text=3.5").first.wait_for()
    for axis in ("step", "time"):
        panel.locator("select").nth(1).select_option(axis)
        panel.locator("td >> text=3.5").first.wait_for()


def test_what_a_model_says_is_in_it(exported, sweep: WrittenSweep) -> None:
    sweep.teach(4, 5, 6, 7, 8)
    page = exported(sweep).page
    page.wait_for_selector(".facts >> text=Best believed accuracy")
    page.click("section[aria-label='What matters'] tbody button >> nth=0")
    page.wait_for_selector(".chip:has-text('trial')")
    along = page.locator("section[aria-label='accuracy along each hyperparameter']")
    along.locator("button:has-text('Table')").click()
    along.locator("td >> text=units").first.wait_for()


def test_a_sweep_that_has_taught_nothing_yet_says_so(exported, workspace: Path) -> None:
    written = WrittenSweep(workspace / "sweeps" / "HD_new", id="HD_new")
    written.run(0, 0.5)
    exported(written).page.wait_for_selector("section[aria-label='What matters'] >> text=cannot be explained yet")


def test_it_saves_csv_and_tells_its_configuration(exported, sweep: WrittenSweep, tmp_path: Path) -> None:
    page = exported(sweep).page
    with page.expect_download() as download:
        page.click("button:has-text('CSV')")
    download.value.save_as(tmp_path / "trials.csv")
    assert (tmp_path / "trials.csv").read_text().startswith("Trial,Status,Best accuracy")
    page.click("summary:has-text('Configuration')")
    page.wait_for_selector("pre >> text=overdrive tune")


def test_a_hostile_sweep_runs_nothing(exported, workspace: Path) -> None:
    page = exported(hostile(workspace)).page
    check(page)
    open_tables(page)


AS_PRINTED = """() => {
  const isPainted = (canvas) =>
    canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(value => value);
  const isSharp = ({clientWidth, clientHeight, firstChild}) =>
    firstChild.width === 2 * clientWidth && firstChild.height === 2 * clientHeight;
  const look = () => {
    const plots = [...document.querySelectorAll('.plot')];
    window.printed = {
      theme: document.documentElement.dataset.theme,
      plots: plots.length,
      blank: plots.filter(each => !isPainted(each.firstChild)).map(each => each.ariaLabel),
      widest: Math.max(...plots.map(each => each.clientWidth)),
      stretched: plots.filter(each => !isSharp(each)).length,
      rows: document.querySelectorAll('.grid-body .grid-row').length,
    };
  };
  // What is done before the browser goes on: any number of promises that wait for each other.
  addEventListener('beforeprint', async () => { for (let turn = 0; turn < 1000; turn += 1) await null; look(); });
}"""


def test_on_paper_it_is_light_and_whole(exported, workspace: Path) -> None:
    written = WrittenSweep(workspace / "sweeps" / "HD_large", id="HD_large", max_total_runs=120)
    for trial in range(120):
        written.run(trial, 0.5, 0.5 + trial / 1000)
    page = exported(written).page
    page.emulate_media(color_scheme="dark")
    page.reload()
    page.wait_for_selector(f"{ROWS} >> nth=3")
    page.wait_for_selector("section[aria-label='Metric'] .plot")
    page.evaluate(AS_PRINTED)
    page.pdf(format="A4")
    printed = page.evaluate("printed")
    assert printed.pop("plots") >= 6 and printed.pop("widest") < 700
    assert printed == {"theme": "light", "blank": [], "stretched": 0, "rows": 100}
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.wait_for_function("() => document.querySelectorAll('.grid-body .grid-row').length < 100")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_accessible(exported, sweep: WrittenSweep, theme: str, width: int) -> None:
    page = exported(sweep).page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
