"""Studio in a real browser: paints, frames, requests, memory, and how soon a logged value is seen.

make test-web                                  # once: installs Chromium and Playwright
python benchmarks/studio.py WORKSPACE SWEEP    # a sweep of benchmarks/synthetic.py
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from studio_server import StudioServer

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync".split()
)
#: Waits until a canvas has something drawn on it, and says when.
DRAWN = """index => new Promise(done => { const look = () => {
  const canvas = document.querySelectorAll('.plot canvas:first-of-type')[index];
  if (canvas && canvas.width > 10) {
    const data = canvas.getContext('2d').getImageData(0, canvas.height >> 1, canvas.width, 2).data;
    for (let at = 3; at < data.length; at += 4) if (data[at]) return done(performance.now());
  }
  requestAnimationFrame(look);
}; look(); })"""
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


def open_sweep(browser, server: StudioServer, sweep: str, has_chart: bool = True):
    """A page on the sweep loaded anew, and its times in ms: first useful paint, first chart, first rows."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.goto(f"{server.url}#code={server.code()}")
    page.wait_for_selector("main")
    page.goto("about:blank")
    page.goto(f"{server.url}#/sweeps/{sweep}")
    page.wait_for_selector(".page-head h1")
    useful = page.evaluate("performance.now()")
    chart = page.evaluate(DRAWN, 0) if has_chart else None
    page.wait_for_selector(".grid-body .grid-row")
    rows = page.evaluate("performance.now()")
    return page, {"useful": useful, "chart": chart, "rows": rows}


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


def measure(workspace: Path, sweep: str, pages: int) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    found: dict[str, object] = {"load before": os.getloadavg()[0]}
    with StudioServer(workspace) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        runs = []
        for _ in range(3):
            page, times = open_sweep(browser, server, sweep)
            runs.append(times)
            if len(runs) < 3:
                page.context.close()
        found["ms"] = {key: round(statistics.median(run[key] for run in runs)) for key in runs[0]}
        page.wait_for_timeout(6000)
        box = page.locator(".plot").first.bounding_box()
        found["hover the metric chart, ms a frame"] = frames(browser, page, hovering(page, box, 500))
        page.locator(".parallel .plot").scroll_into_view_if_needed()
        page.wait_for_timeout(1500)
        place = page.locator(".parallel .plot").bounding_box()
        found["hover parallel coordinates, ms a frame"] = frames(browser, page, hovering(page, place, 900))
        page.locator(".table-frame").last.scroll_into_view_if_needed()
        table = page.locator(".table-frame").last.bounding_box()
        page.mouse.move(table["x"] + 300, table["y"] + 200)
        found["scroll the table, ms a frame"] = frames(browser, page, lambda step: page.mouse.wheel(0, 700))
        requests = {}
        base = f"/api/sweeps/{sweep}"
        for path in ("", "/trials", "/curves?last=99&buckets=100", "/thresholds", "/timeline"):
            took = []
            for _ in range(3):
                begun = time.perf_counter()
                _, data, _ = server.ask(base + path)
                took.append((time.perf_counter() - begun) * 1000)
            requests[path or "head"] = f"{statistics.median(took):.0f} ms, {len(data) / 1000:.0f} kB"
        found["requests"] = requests
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
    parser.add_argument("--pages", type=int, default=20)
    given = parser.parse_args()
    print(json.dumps(measure(given.workspace, given.sweep, given.pages), indent=1))


if __name__ == "__main__":
    main()
