"""Pages in a real browser: Debian's Chromium, driven by Playwright. `make test-web` installs both and runs these."""

import os
import shutil
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from journals import BANDIT
from journals import WrittenSweep
from studio_server import StudioServer

# The rest of the tests need no browser: these are collected only where somebody asked for them.
collect_ignore_glob = [] if os.environ.get("OVERDRIVE_TEST_WEB") else ["test_*.py"]

SWEEP = "HD_11111111-2222-3333-4444-555555555555"
#: Nothing but what is asked for goes out.
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


class Watched:
    """A page of a browser that has logged in, with all that went wrong in it."""

    def __init__(self, page, server: StudioServer, url: str) -> None:
        self.page = page
        self.wrong: list[str] = []
        self._url = url
        page.on("console", lambda each: each.type in ("error", "warning") and self.wrong.append(each.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", self._look)
        page.goto(f"{self._url}#code={server.code()}")
        page.wait_for_selector("main")

    def _look(self, request) -> None:
        if not request.url.startswith((self._url, "data:", "blob:")):
            self.wrong.append(f"request: {request.url}")

    def go(self, path: str, wait_for: str = "main h1") -> None:
        self.page.goto(f"{self._url}#/{path}")
        self.page.wait_for_selector(wait_for)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    assert program, "make test-web installs Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def server(workspace: Path) -> Iterator[StudioServer]:
    with StudioServer(workspace) as running:
        yield running


@pytest.fixture
def watch(browser, server: StudioServer) -> Iterator[Callable[[str], Watched]]:
    """Opens a page at an address; it fails the test when an error, a dialog or a request elsewhere came up in it."""
    pages = []

    def open_page(url: str) -> Watched:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        pages.append(Watched(context.new_page(), server, url))
        return pages[-1]

    yield open_page
    for each in pages:
        assert not each.wrong
        each.page.context.close()


@pytest.fixture
def watched(watch: Callable[[str], Watched], server: StudioServer) -> Watched:
    """A page, watched as `watch` says."""
    return watch(server.url)


@pytest.fixture
def sweep(workspace: Path) -> WrittenSweep:
    """Three trials that ran, one of them stopped, and one that runs."""
    written = WrittenSweep(workspace / "sweeps" / SWEEP, policy=BANDIT, tags={"team": "blue"})
    written.run(0, 0.5, 0.7, 0.9)
    written.run(1, 0.5, 0.8, 0.85)
    written.start(2)
    written.log(2, 0.1, 0.1)
    written.stop(2)
    written.end(2, written_outcome())
    written.start(3, lr=0.5, units=32)
    written.log(3, 0.4)
    written.summarize()
    return written


def written_outcome():
    from overdrive.records import Outcome

    return Outcome.STOPPED_EARLY
