"""Studio in a real browser: first paints, frames, requests, memory.

make test-web                                  # once: installs Chromium and Playwright
python benchmarks/studio.py WORKSPACE SWEEP    # a sweep of benchmarks/synthetic.py

Times are taken in the page, at the first frame whose canvas has something coloured in it (axes and grid are grey).
'navigation' counts from the browser's start of the navigation, the document, its script and all requests included;
'asked' from the page's first request for data, 'had' from the end of the answer to it. The charts further down are
drawn when they come near the window: each of theirs counts from the scroll that brings it there, with the page loaded,
requests of its own included. What a model says of the sweep is made up; how long a model takes is not Studio's.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from studio_server import StudioServer

from overdrive import __version__
from overdrive.store.door import keep_explanation

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync".split()
)
#: In the page from its beginning: `firsts`, when things were seen first; `drawn(canvas)`, whether it has colour in it.
WATCH = """window.firsts = {};
window.drawn = canvas => {
  if (!canvas || canvas.width < 10) return false;
  for (const part of [0.2, 0.35, 0.5, 0.65, 0.8]) {
    const {data} = canvas.getContext('2d').getImageData(0, canvas.height * part | 0, canvas.width, 1);
    for (let at = 0; at < data.length; at += 4) {
      const [r, g, b, a] = data.subarray(at, at + 4);
      if (a && Math.max(r, g, b) - Math.min(r, g, b) > 40) return true;
    }
  }
  return false;
};
{ const seen = {useful: () => document.querySelector('.page-head h1'),
    chart: () => drawn(document.querySelector('.plot canvas')),
    rows: () => document.querySelector('.grid-body .grid-row')};
  const look = now => {
    for (const [name, is] of Object.entries(seen)) if (!(name in firsts) && is()) firsts[name] = performance.now();
    if (Object.keys(firsts).length < 3) requestAnimationFrame(look);
  };
  requestAnimationFrame(look); }"""
#: Brings the chart at a place among those further down into the window; milliseconds until it is drawn.
COMES = """place => new Promise(done => {
  const frame = document.querySelectorAll('.later')[place];
  const begun = performance.now();
  frame.scrollIntoView({block: 'start'});
  const look = () => [...frame.querySelectorAll('.plot canvas')].some(drawn)
    ? done(performance.now() - begun) : requestAnimationFrame(look);
  requestAnimationFrame(look); })"""
#: Has the metric chart draw something else; milliseconds until a frame has other lines than before.
SWITCHES = """([label, value]) => new Promise(done => {
  const labels = [...document.querySelectorAll('.charts label.select')];
  const select = labels.find(each => each.textContent.startsWith(label)).firstElementChild;
  const canvas = document.querySelector('.plot canvas');
  const row = () => canvas.getContext('2d').getImageData(0, canvas.height * .5 | 0, canvas.width, 1).data.join();
  const before = row();
  const begun = performance.now();
  select.value = value;
  select.dispatchEvent(new Event('change', {bubbles: true}));
  const look = () => row() !== before && drawn(canvas) ? done(performance.now() - begun) : requestAnimationFrame(look);
  requestAnimationFrame(look); })"""
#: What the metric chart is switched to, one after the other: the last one is known by then.
SWITCHED = (("by", "time"), ("Metric", "loss"), ("by", "step"), ("by", "time"))
#: What is said of a page's times, and their names.
NAMED = {
    "navigation → useful": "useful",
    "navigation → chart": "chart",
    "asked → chart": "asked",
    "had → chart": "had",
    "navigation → rows": "rows",
    "page, CPU until rows": "page, CPU",
    "server, CPU until rows": "server, CPU",
}
#: Requests of a page, behind the sweep's own address.
PATHS = "|/opening|/trials|/curves?first=16|/values?metric=loss|/thresholds|/timeline|/explained".split("|")
#: The charts further down, in their order.
LATER = ("parallel coordinates", "scatter", "3-D scatter", "what matters", "slots over time")
#: Longest and median frame while something goes on.
FRAMES = """async act => { const times = []; let last = performance.now(); let on = true;
  const tick = now => { times.push(now - last); last = now; if (on) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  await new Promise(done => setTimeout(done, act)); on = false; times.shift();
  times.sort((a, b) => a - b);
  return {median: times[times.length >> 1], p95: times[Math.floor(times.length * .95)], longest: times.at(-1)}; }"""


def rss_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


def cpu_ms(pid: int) -> float:
    """Milliseconds of the processors that all threads of a process have taken."""
    return sum(int(each.read_text().split()[0]) for each in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e6


def open_sweep(browser, server: StudioServer, sweep: str, has_chart: bool = True, height: int = 1000):
    """A page on the sweep loaded anew, and its times in ms: see the module's docstring."""
    context = browser.new_context(viewport={"width": 1440, "height": height})
    page = context.new_page()
    page.goto(f"{server.url}#code={server.code()}")
    page.wait_for_selector("main")
    page.goto("about:blank")
    page.add_init_script(WATCH)
    meter = context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = cpu_ms(server.pid)
    page.goto(f"{server.url}#/sweeps/{sweep}")
    page.wait_for_function(f"() => firsts.useful && firsts.rows && (firsts.chart || !{json.dumps(has_chart)})")
    times = page.evaluate(
        """() => { const all = performance.getEntriesByType('resource');
          const opening = all.find(each => each.name.endsWith('/opening'));
          return {...firsts, asked: firsts.chart - opening.startTime, had: firsts.chart - opening.responseEnd}; }"""
    )
    metrics = {each["name"]: each["value"] for each in meter.send("Performance.getMetrics")["metrics"]}
    times["page, CPU"] = metrics["TaskDuration"] * 1000
    times["server, CPU"] = cpu_ms(server.pid) - before
    return page, times


def settle(page) -> None:
    """Waits until everything is loaded, and nothing is left to be done."""
    page.wait_for_function(
        """() => { const all = performance.getEntriesByType('resource');
          return performance.now() - Math.max(...all.map(each => each.responseEnd)) > 1000; }"""
    )
    page.evaluate("new Promise(done => requestIdleCallback(done))")


@contextlib.contextmanager
def explained(server: StudioServer, workspace: Path, sweep: str) -> Iterator[None]:
    """Keeps a made-up explanation, as the doorman would have after the sweep's last event."""
    head, trials = server.json(f"/api/sweeps/{sweep}"), server.json(f"/api/sweeps/{sweep}/trials")
    importances = []
    for name, values in trials["configuration"].items():
        points = sorted(set(values), key=str)
        marginal = [{"value": value, "mean": 0.8, "deviation": 0.05} for value in points[:: max(1, len(points) // 60)]]
        importances.append({"name": name, "alone": 0.1, "total": 0.2, "marginal": marginal})
    believed = [{"trial": number, "mean": 0.9, "deviation": 0.01, "seen": 0.9} for number in trials["number"][:20]]
    trust = {"grade": "good", "sentence": "made up", "r2": 0.9, "trials": float(len(trials["number"]))}
    told = {"version": __version__, "seq": head["seq"], "trials": len(trials["number"]), "trust": trust}
    told |= {"interval": None, "uncertain": 0, "did_not_vary": []}
    keep_explanation(workspace, sweep, {**told, "importances": importances, "believed": believed})
    yield
    (workspace / "door" / "explained" / f"{sweep}.json").unlink()


def spread(values: list[float]) -> str:
    """'412 (398 to 430)': the middle one, the least and the largest, in whole milliseconds."""
    return f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})"


def first_paints(browser, workspace: Path, sweep: str, repeat: int) -> dict[str, object]:
    """The page's own first paints, with a server that has just begun and with one that knows the sweep, and those of
    the charts further down."""
    cold, warm, later = [], [], {}
    for _ in range(repeat):
        with StudioServer(workspace) as server:
            cold.append(open_sweep(browser, server, sweep)[1])
    with StudioServer(workspace) as server, explained(server, workspace, sweep):
        for _ in range(repeat):
            page, times = open_sweep(browser, server, sweep)
            warm.append(times)
            page.context.close()
            page, _ = open_sweep(browser, server, sweep, height=240)
            settle(page)
            once: list[str] = []
            for place, name in enumerate(LATER):
                later.setdefault(name, []).append(page.evaluate(COMES, place))
            page.evaluate("scrollTo(0, 0)")
            for label, value in SWITCHED:
                took = page.evaluate(SWITCHES, [label, value])
                again = ", again" if f"metric chart, {label.lower()} {value}" in once else ""
                once.append(f"metric chart, {label.lower()} {value}")
                later.setdefault(once[-1] + again, []).append(took)
                settle(page)
            page.context.close()
    found: dict[str, object] = {}
    for title, runs in (("a server that knows the sweep, ms", warm), ("one that has just begun, ms", cold)):
        found[title] = {name: spread([run[key] for run in runs]) for name, key in NAMED.items()}
    found["scrolled or switched to → drawn, ms"] = {name: spread(values) for name, values in later.items()}
    return found


def hovering(page, box: dict[str, float], width: int):
    """Moves the pointer over a chart, a step a call."""
    return lambda step: page.mouse.move(box["x"] + 80 + step * 7 % width, box["y"] + 80 + step * 3 % 150)


def frames(browser, page, action, milliseconds: int = 1500) -> dict[str, float]:
    """Frames while `action` is done again and again, and the longest task of the page's thread in time of the CPU: what
    is left of it when other processes want the machine, too.
    """
    browser.start_tracing(page=page, categories=["toplevel"])
    page.evaluate(
        "act => { window.frames_found = null; (" + FRAMES + ")(act).then(found => window.frames_found = found) }",
        milliseconds,
    )
    end = time.monotonic() + milliseconds / 1000
    step = 0
    while time.monotonic() < end:
        action(step)
        step += 1
    page.wait_for_function("() => window.frames_found")
    found = {name: round(value) for name, value in page.evaluate("window.frames_found").items()}
    return {**found, "longest task, CPU": longest_task(json.loads(browser.stop_tracing())["traceEvents"])}


def longest_task(events: list[dict]) -> int:
    """Milliseconds that the longest task of a page's own thread took of the CPU."""
    names = [each for each in events if each.get("name") == "thread_name"]
    threads = {(each["pid"], each["tid"]) for each in names if each["args"]["name"] == "CrRendererMain"}
    tasks = [each for each in events if each.get("name") == "ThreadControllerImpl::RunTask" and "tdur" in each]
    return round(max((each["tdur"] for each in tasks if (each["pid"], each["tid"]) in threads), default=0) / 1000)


def interaction(browser, page) -> dict[str, object]:
    """Frames while the pointer moves over charts, and while the table is scrolled."""
    found: dict[str, object] = {}
    box = page.locator(".plot").first.bounding_box()
    found["hover the metric chart, ms a frame"] = frames(browser, page, hovering(page, box, 500))
    page.locator(".parallel .plot").scroll_into_view_if_needed()
    settle(page)
    place = page.locator(".parallel .plot").bounding_box()
    found["hover parallel coordinates, ms a frame"] = frames(browser, page, hovering(page, place, 900))
    page.locator(".table-frame").last.scroll_into_view_if_needed()
    settle(page)
    table = page.locator(".table-frame").last.bounding_box()
    page.mouse.move(table["x"] + 300, table["y"] + 200)
    found["scroll the table, ms a frame"] = frames(browser, page, lambda step: page.mouse.wheel(0, 700))
    return found


def requests(server: StudioServer, sweep: str) -> dict[str, str]:
    """Each request of a page: its slowest of five, and how much it brings."""
    found = {}
    for path in PATHS:
        took, data = [], b""
        for _ in range(5):
            begun = time.perf_counter()
            _, data, _ = server.ask(f"/api/sweeps/{sweep}{path}")
            took.append((time.perf_counter() - begun) * 1000)
        found[path or "head"] = f"{max(took):.0f} ms, {len(data) / 1000:.0f} kB"
    return found


def measure(workspace: Path, sweep: str, pages: int, repeat: int) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    found: dict[str, object] = {"load before": os.getloadavg()[0]}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        found |= first_paints(browser, workspace, sweep, repeat)
        with StudioServer(workspace) as server:
            page, _ = open_sweep(browser, server, sweep)
            settle(page)
            found |= interaction(browser, page)
            found["requests, slowest of five"] = requests(server, sweep)
            for _ in range(pages - 1):
                open_sweep(browser, server, sweep)
            found[f"server, MB at {pages} pages"] = round(rss_mb(server.pid))
        browser.close()
    found["load after"] = os.getloadavg()[0]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("sweep")
    parser.add_argument("--pages", type=int, default=20, help="0: without the memory of a server with many pages")
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    print(json.dumps(measure(given.workspace, given.sweep, given.pages, given.repeat), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
