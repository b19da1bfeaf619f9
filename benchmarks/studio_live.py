"""Studio on a live sweep: how soon a logged value is seen, what pages cost the server and the engine.

make test-web                              # once: installs Chromium and Playwright
python benchmarks/studio_live.py --pages 20 --repeat 3
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
import threading
import time
from pathlib import Path

from studio import FLAGS
from studio import StudioServer
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
from overdrive.views import open_sweep as view_of

#: Pages in a browser; the others ask the same and draw nothing, since twenty that draw would keep the cores busy.
_REAL = 2
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


def cpu_s(pid: int) -> float | None:
    """Seconds of the CPU that a process has taken; None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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


def cost(browser, place: Path, pages: int, name: str) -> tuple[float, float]:
    """The engine's seconds of CPU for one sweep with so many pages open, and the server's greatest memory, MB."""
    workspace, go = place / name, place / f"go-{name}"
    with StudioServer(workspace) as server:
        run = submit(workspace, place / "source", go, trials=4, values=500, pause=0.02)
        opened = [open_sweep(browser, server, run.id, has_chart=False)[0] for _ in range(min(pages, _REAL))]
        server.ask("/api/server")  # logs in, once for all
        others = [threading.Thread(target=read_along, args=(server, run.id)) for _ in range(pages - len(opened))]
        for other in others:
            other.start()
        pid = view(workspace, run).engine().pid
        before, used, memory = cpu_s(pid) or 0.0, 0.0, 0.0
        go.touch()
        while (now := cpu_s(pid)) is not None:
            used, memory = now - before, max(memory, rss_mb(server.pid))
            time.sleep(0.05)
        for page in opened:
            page.wait_for_selector(".state.completed")
            page.context.close()
    for other in others:
        other.join()
    return used, memory


def read_along(server: StudioServer, sweep: str) -> None:
    """Asks what a page asks, and reads the stream until the server ends."""
    base = f"/api/sweeps/{sweep}"
    head = server.json(base)
    for path in ("/trials", "/curves", "/thresholds", "/timeline"):
        server.ask(base + path)
    with server.stream(f"{base}/stream?since={head['seq']}") as events:
        for _ in events:
            pass


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=3)
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
        used: dict[int, list[float]] = {0: [], given.pages: []}
        memory = 0.0
        for turn in range(given.repeat):
            for pages in used:
                seconds, most = cost(browser, place, pages, f"{pages}-{turn}")
                used[pages].append(seconds)
                memory = max(memory, most if pages else 0.0)
        browser.close()
    found[f"server, MB at {given.pages} pages"] = round(memory)
    found["engine, s of CPU without pages"] = used[0]
    found[f"engine, s of CPU with {given.pages}"] = used[given.pages]
    slower = statistics.median(used[given.pages]) / statistics.median(used[0]) - 1
    found["engine slower by"] = f"{slower:+.1%}"
    found["load after"] = os.getloadavg()[0]
    print(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
