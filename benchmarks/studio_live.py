"""Studio on a live sweep: how soon a logged value is seen, what pages cost the server and the engine.

make test-web                              # once: installs Chromium and Playwright
python benchmarks/studio_live.py --pages 20

What pages cost the engine is held against the same sweep without them, in windows that take turns: the engine's own
time of the CPU for a line that it takes in, and the time from a line's being logged to its being taken in, each with
the 95 % interval of the difference.
"""

import argparse
import contextlib
import json
import math
import os
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from studio import FLAGS
from studio import StudioServer
from studio import cpu_ms
from studio import open_sweep
from studio import rss_mb

from overdrive import Experiment
from overdrive import GridParameterSampling
from overdrive import HyperDriveConfig
from overdrive import HyperDriveRun
from overdrive import PrimaryMetricGoal
from overdrive import ScriptRunConfig
from overdrive import Workspace
from overdrive import choice
from overdrive.views import SweepView
from overdrive.views import open_sweep as view_of

#: Seconds until pages that came or went have left nothing to do.
SETTLE_S = 0.5
#: Waits for a file, then logs; writes down when.
SCRIPT = """
import os, sys, time
from overdrive import Run
go, values, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
run = Run.get_context()
while not os.path.exists(go):
    time.sleep(0.05)
with open("outputs/said.txt", "w") as said:
    for k in range(values):
        said.write(f"{time.time()}\\n")
        run.log("accuracy", k / values)
        time.sleep(pause)
"""
#: Tells when the number of intervals of the first trial was painted: [intervals, wall time in ms].
SEEN = """() => { window.seen = [];
  const at = [...document.querySelectorAll('[role=columnheader]')].findIndex(e => e.textContent === 'Intervals');
  const look = () => { const text = document.querySelector('.grid-body .grid-row')?.children[at]?.textContent;
    const k = Number(text?.replace(',', '')); if (!k || k === window.seen.at(-1)?.[0]) return;
    requestAnimationFrame(() => setTimeout(() => window.seen.push([k, Date.now()]))); };
  new MutationObserver(look).observe(document.querySelector('.grid-body'),
    { subtree: true, childList: true, characterData: true }); }"""


def submit(workspace: Path, source: Path, go: Path, *, trials: int, values: int, pause: float) -> HyperDriveRun:
    """A sweep of trials that wait for the file `go`, two at a time."""
    source.mkdir(exist_ok=True)
    (source / "train.py").write_text(SCRIPT)
    config = HyperDriveConfig(
        run_config=ScriptRunConfig(str(source), "train.py", arguments=[str(go), str(values), str(pause)]),
        hyperparameter_sampling=GridParameterSampling({"x": choice(list(range(trials)))}),
        primary_metric_name="accuracy",
        primary_metric_goal=PrimaryMetricGoal.MAXIMIZE,
        max_total_runs=trials,
        max_concurrent_runs=2,
    )
    run = Experiment(Workspace(workspace), "live").submit(config)
    until = time.monotonic() + 60
    while time.monotonic() < until and not any(row.status.value == "running" for row in view(workspace, run).trials()):
        time.sleep(0.05)
    return run


def view(workspace: Path, run: HyperDriveRun):
    return view_of(workspace / "sweeps" / run.id)


def latency(browser, place: Path, values: int) -> list[float]:
    """Milliseconds from a script's call of `log` until its value is painted, sorted."""
    workspace, go = place / "latency", place / "go-latency"
    with StudioServer(workspace) as server:
        run = submit(workspace, place / "source", go, trials=1, values=values, pause=0.3)
        page, _ = open_sweep(browser, server, run.id, has_chart=False)
        page.evaluate(SEEN)
        go.touch()
        run.wait_for_completion(show_output=False)
        page.wait_for_selector(".state.completed")
        seen = page.evaluate("window.seen")
        page.context.close()
    said = next((workspace / "sweeps").glob("*/trials/0/work/outputs/said.txt")).read_text().split()
    return sorted(at - float(said[k - 1]) * 1000 for k, at in seen if k <= len(said))


class Window(NamedTuple):
    """A stretch of a live sweep: its wall times, the lines that the engine took in, and its time of the CPU, ms."""

    begin: float
    end: float
    lines: int
    cpu_ms: float


class Cost(NamedTuple):
    """Windows with pages and without, a pair each; what the server held at most, MB; its database, to look lags up."""

    pairs: list[tuple[Window, Window]]
    memory_mb: float
    database: Path


def cost(place: Path, pages: int, pairs: int, seconds: float) -> Cost:
    """A live sweep of two trials that log fifty lines a second each, with pages open in every other window.

    Pages come and go between the windows, in the order with, without, without, with, so that neither has more of what
    changes slowly: the machine's other work, the size of the database.
    """
    workspace, go, pause = place / "cost", place / "go-cost", 0.02
    values = int(8 * pairs * (seconds + 2 * SETTLE_S) / pause)  # more than are wanted: it is cancelled then
    with StudioServer(workspace) as server:
        run = submit(workspace, place / "source", go, trials=2, values=values, pause=pause)
        server.ask("/api/server")  # logs in, once for all
        looked = view(workspace, run)
        pid = looked.engine().pid
        go.touch()
        found, memory = [], 0.0
        for pair in range(pairs):
            taken = {}
            for has_pages in (True, False) if pair % 2 == 0 else (False, True):
                with reading_along(server, run.id, pages if has_pages else 0):
                    time.sleep(SETTLE_S)
                    taken[has_pages] = window(looked, pid, seconds)
                    memory = max(memory, rss_mb(server.pid))
            found.append((taken[True], taken[False]))
        run.cancel()
        run.wait_for_completion(show_output=False)
    return Cost(found, memory, looked.folder / "sweep.db")


def window(looked: SweepView, pid: int, seconds: float) -> Window:
    """What the engine does in so many seconds."""
    begin, lines, cpu = time.time(), looked.intervals(), cpu_ms(pid)
    time.sleep(seconds)
    cpu = cpu_ms(pid) - cpu
    return Window(begin, time.time(), looked.intervals() - lines, cpu)


@contextlib.contextmanager
def reading_along(server: StudioServer, sweep: str, pages: int) -> Iterator[None]:
    """Pages that ask what pages ask and read their streams, but draw nothing: what drawing costs is the browser's."""
    gone, loaded = threading.Event(), threading.Semaphore(0)

    def read() -> None:
        opening = server.json(f"/api/sweeps/{sweep}/opening")
        with server.stream(f"/api/sweeps/{sweep}/stream?since={opening['head']['seq']}") as events:
            loaded.release()
            for _ in events:
                if gone.is_set():  # seen with the next change
                    return

    readers = [threading.Thread(target=read) for _ in range(pages)]
    for each in readers:
        each.start()
    for _ in readers:
        loaded.acquire()
    yield
    gone.set()
    for each in readers:
        each.join()


def lag_ms(database: Path, window: Window) -> float:
    """From a line's own time to that of the engine's taking it in, the mean of a window's lines."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        query = "SELECT AVG(e.at - m.at) FROM events e JOIN metrics m ON m.seq = e.seq WHERE e.at BETWEEN ? AND ?"
        return db.execute(query, (window.begin, window.end)).fetchone()[0] * 1000


def difference(pairs: list[tuple[float, float]]) -> str:
    """How much larger the first of each pair is, with its 95 % interval: of the logarithms of their ratios."""
    ratios = [math.log(with_pages / without) for with_pages, without in pairs]
    mean, count = statistics.fmean(ratios), len(ratios)
    # Student's t by its expansion around the normal distribution.
    z, free = statistics.NormalDist().inv_cdf(0.975), count - 1
    reach = (z + (z**3 + z) / (4 * free)) * statistics.stdev(ratios) / math.sqrt(count)
    return f"{math.expm1(mean):+.1%} ({math.expm1(mean - reach):+.1%} to {math.expm1(mean + reach):+.1%})"


def told(cost: Cost, pages: int) -> dict[str, object]:
    """The figures of what pages cost."""
    a_line = [tuple(each.cpu_ms * 1000 / each.lines for each in pair) for pair in cost.pairs]
    lags = [tuple(lag_ms(cost.database, each) for each in pair) for pair in cost.pairs]
    return {
        f"server, MB at {pages} pages": round(cost.memory_mb),
        "pairs of windows": len(cost.pairs),
        "engine, µs of CPU a line": [round(statistics.fmean(each), 1) for each in zip(*a_line, strict=True)],
        f"engine, CPU with {pages} pages over none": difference(a_line),
        "logged → taken in, ms": [round(statistics.fmean(each), 2) for each in zip(*lags, strict=True)],
        f"the same with {pages} pages over none": difference(lags),
    }


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=30, help="windows with pages, and as many without")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a window")
    parser.add_argument("--values", type=int, default=60)
    given = parser.parse_args()
    found: dict[str, object] = {"load before": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        os.environ["OVERDRIVE_RUNTIME"] = str(place / "runtime")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        seen = latency(browser, place, given.values)
        found["logged → seen, ms"] = {
            "values": len(seen),
            "median": round(statistics.median(seen)),
            "p95": round(seen[int(len(seen) * 0.95)]),
            "longest": round(seen[-1]),
        }
        browser.close()
        found |= told(cost(place, given.pages, given.pairs, given.seconds), given.pages)
    found["load after"] = os.getloadavg()[0]
    print(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
