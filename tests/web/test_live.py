"""Pages that stay open: what happens is seen at once, a connection that broke comes back, nothing grows."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from journals import WrittenSweep
from studio_server import StudioServer

from overdrive.records import Outcome

SWEEP = "sweeps/HD_11111111-2222-3333-4444-555555555555"
ROWS = ".grid-body .grid-row"


class Relay:
    """The server once more, on another loopback address and the same port, over connections that can be cut."""

    ADDRESS = "127.0.0.2"

    def __init__(self, port: int) -> None:
        self.url = f"http://{self.ADDRESS}:{port}/"
        self._port = port
        self._open: list[socket.socket] = []
        self._listener = socket.create_server((self.ADDRESS, port))
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def cut(self) -> None:
        """Ends all connections; new ones are taken."""
        ended, self._open = self._open, []
        for each in ended:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._listener.fileno() < 0:
            return
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        pumps = []
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.create_connection(("127.0.0.1", self._port))
                self._open += [here, there]
                for source, sink in ((here, there), (there, here)):
                    pumps.append(threading.Thread(target=self._pump, args=(source, sink)))
                    pumps[-1].start()
        self.cut()
        for pump in pumps:
            pump.join()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError), source:
            while data := source.recv(1 << 16):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server(workspace) -> Iterator[StudioServer]:
    with StudioServer(workspace, Relay.ADDRESS) as running:
        yield running


@pytest.fixture
def relay(server: StudioServer) -> Iterator[Relay]:
    relay = Relay(server.port)
    yield relay
    relay.close()


def test_a_page_comes_back_by_itself(watch, relay: Relay, sweep: WrittenSweep) -> None:
    watched = watch(relay.url)
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    sweep.log(3, 0.9)
    page.wait_for_selector(f"{ROWS} >> text=0.9")
    page.evaluate("window.stays = true")
    for value in (0.91, 0.92, 0.93):
        relay.cut()
        sweep.log(3, value)
        page.wait_for_selector(f"{ROWS} >> text={value}")
    assert page.evaluate("window.stays"), "without loading the page anew"
    page.wait_for_selector("text=Connection lost", state="detached")
    watched.wrong.clear()  # the browser tells of each connection that broke


def test_what_could_not_be_loaded_is_tried_again(watch, relay: Relay, sweep: WrittenSweep) -> None:
    watched = watch(relay.url)
    page = watched.page
    page.wait_for_selector("tbody tr")
    relay.close()
    for path, title in ((SWEEP, "This sweep cannot be shown"), (f"{SWEEP}/trials/3", "This trial cannot be shown")):
        page.evaluate("path => { location.hash = '#/' + path }", path)
        page.wait_for_selector(f"main:has-text('{title}') >> text=Studio does not answer")
        page.click("button:has-text('Try again')")
        page.wait_for_selector(f"h1:has-text('{title}')")
    page.evaluate("location.hash = '#/'")
    page.wait_for_selector("[role=alert]:has-text('Studio does not answer') >> button:has-text('Try again')")
    page.evaluate("path => { location.hash = '#/' + path }", SWEEP)
    page.wait_for_selector("h1:has-text('This sweep cannot be shown')")
    again = Relay(int(relay.url.rpartition(":")[2].strip("/")))
    page.wait_for_selector(f"{ROWS} >> nth=3")
    again.close()
    watched.wrong.clear()  # the browser tells of each connection that was refused


def test_a_server_that_is_started_again(browser, workspace, sweep: WrittenSweep) -> None:
    """It knows no browser any more: the page says so, and comes back once another page has logged in."""
    context = browser.new_context()
    with StudioServer(workspace) as first:
        page = context.new_page()
        page.goto(f"{first.url}#code={first.code()}")
        page.wait_for_selector("tbody tr")
        page.goto(f"{first.url}#/{SWEEP}?trials=1")
        page.wait_for_selector(f"{ROWS}.chosen")
        page.evaluate("window.stays = true")
    page.wait_for_selector("text=Connection lost")
    with StudioServer(workspace, port=first.port) as second:
        page.wait_for_selector("text=This browser is not logged in")
        other = context.new_page()
        other.goto(f"{second.url}#code={second.code()}")
        other.wait_for_selector("tbody tr")
        page.wait_for_selector(f"{ROWS}.chosen >> text=completed")
        assert page.evaluate("window.stays"), "without loading the page anew"
        assert "trials=1" in page.url
        context.close()


def test_the_list_follows(watched, sweep: WrittenSweep, workspace) -> None:
    page = watched.page
    watched.go("", "tbody tr")
    sweep.end(3)
    sweep.finish()
    page.wait_for_selector("tbody .state.completed")
    other = WrittenSweep(workspace / "sweeps" / "HD_other", id="HD_other", experiment="others")
    other.run(0, 0.3, 0.95)
    other.summarize()
    page.wait_for_selector("tbody tr >> nth=1")
    page.wait_for_selector("tbody >> text=0.95")


def test_a_trial_follows(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    sweep.output(3, b"first line\n")
    watched.go(f"{SWEEP}/trials/3", ".log >> text=first line")
    sweep.log(3, 0.97)
    page.wait_for_selector(".facts >> text=0.97")
    with (sweep.folder / "trials" / "3" / "output.1.txt").open("ab") as file:
        file.write(b"second line\n")
    page.wait_for_selector(".log >> text=second line")
    sweep.end(3, Outcome.FAILED, "exit code 1: ValueError: no")
    page.wait_for_selector(".page-head .state.failed")
    page.wait_for_selector(".page-head >> text=ValueError: no")


def test_a_trial_that_could_not_be_loaded_anew_follows_again(watched, sweep: WrittenSweep) -> None:
    page, loads, streams = watched.page, [], []

    def load(route) -> None:
        loads.append(route)
        if len(loads) == 2:
            route.fulfill(status=503, json={"error": "the workspace cannot be read: for a moment"})
        else:
            route.continue_()

    def stream(route) -> None:
        streams.append(route)
        if len(streams) == 1:
            route.fulfill(content_type="text/event-stream", body="event: reset\ndata: {}\n\n")
        else:
            route.continue_()

    page.route(f"**/api/{SWEEP}/trials/3", load)
    page.route(f"**/api/{SWEEP}/stream?*", stream)
    watched.go(f"{SWEEP}/trials/3")
    page.wait_for_selector("[role=alert] >> text=for a moment")
    page.wait_for_selector("[role=alert]", state="detached")
    sweep.log(3, 0.97)
    page.wait_for_selector(".facts >> text=0.97")
    watched.wrong.clear()  # the browser tells of the refusal


def test_a_log_of_gigabytes_does_no_harm(watched, sweep: WrittenSweep) -> None:
    page = watched.page
    path = sweep.output(3, b"".join(b"line %d\n" % k for k in range(60_000)))
    with path.open("ab") as file:
        file.truncate(5 * 10**9)
        file.seek(5 * 10**9)
        file.write(b"".join(b"\nlate %d" % k for k in range(60_000)))
    watched.go(f"{SWEEP}/trials/3", ".log >> text=late 59999")
    assert "5 GB" in page.inner_text("section[aria-label='Log'] header")
    assert page.evaluate("document.querySelector('.log').textContent.length") < 600_000
    for _ in range(2):
        page.click("button:has-text('Show what is before')")
    page.wait_for_selector("button:has-text('Show what follows')")
    assert "late 59999" not in page.inner_text(".log"), "what is far from what is looked at is let go of"
    with path.open("ab") as file:
        file.write(b"\nthe very last line")
    page.click("section[aria-label='Log'] button:has-text('Follow')")
    page.wait_for_selector(".log >> text=the very last line")
    assert page.evaluate("document.querySelector('.log').textContent.length") < 1_000_000


def test_a_page_left_open_does_not_grow(watched, sweep: WrittenSweep) -> None:
    """Thousands of events later its memory is what it was."""
    page = watched.page
    watched.go(SWEEP)
    page.wait_for_selector(f"{ROWS} >> nth=3")
    session = page.context.new_cdp_session(page)

    def heap_after(values: int, last: float) -> float:
        for k in range(values - 1):
            sweep.log(3, 0.4 + k % 7 / 100)
        sweep.log(3, last)
        page.wait_for_selector(f"{ROWS} >> text={last}")
        page.evaluate("new Promise(done => requestIdleCallback(done))")
        session.send("HeapProfiler.collectGarbage")
        return session.send("Runtime.getHeapUsage")["usedSize"] / 1e6

    first = heap_after(1500, 0.91)
    later = heap_after(5000, 0.92)
    assert later < first + 1.5, f"{first:.1f} MB, then {later:.1f} MB"
