"""An exported file in a real browser: how large it is, how long it takes to write, and how soon it is there from disk.

make test-web                                    # once: installs Chromium and Playwright
python benchmarks/exported.py                    # 2,000 trials of 100 values each, none stopped early
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from studio import FLAGS
from studio import WATCH
from synthetic import write_sweep


def opened(browser, file: Path) -> dict[str, float]:
    """Milliseconds from the start of the navigation, and of the page's own work until all is there."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, offline=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    meter = context.new_cdp_session(page)
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(file.as_uri())
    page.wait_for_function("() => firsts.useful && firsts.chart && firsts.rows")
    found = page.evaluate("firsts")
    metrics = {each["name"]: each["value"] for each in meter.send("Performance.getMetrics")["metrics"]}
    context.close()
    return {**found, "page, CPU": metrics["TaskDuration"] * 1000}


def measure(trials: int, points: int, metrics: int, policy: str) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as top, sync_playwright() as playwright:
        folder = write_sweep(Path(top), trials=trials, points=points, metrics=metrics, policy=policy)
        file = Path(top) / "sweep.html"
        begun = time.perf_counter()
        command = [sys.executable, "-m", "overdrive", "--workspace", top, "export", folder.name]
        subprocess.run([*command, "--format", "html", "-o", str(file)], check=True, capture_output=True)
        written = time.perf_counter() - begun
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        runs = [opened(browser, file) for _ in range(5)]
        browser.close()
        times = {key: sorted(round(run[key]) for run in runs) for key in runs[0]}
        return {
            "file, MB": round(file.stat().st_size / 1e6, 2),
            "written in, s": round(written, 2),
            "open, ms (median of 5)": {key: statistics.median(each) for key, each in times.items()},
            "open, ms (least, greatest)": {key: (each[0], each[-1]) for key, each in times.items()},
            "load of the machine": os.getloadavg()[0],
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--trials", type=int, default=2000)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--metrics", type=int, default=1)
    parser.add_argument("--policy", default="none")
    print(json.dumps(measure(**vars(parser.parse_args())), indent=1))


if __name__ == "__main__":
    main()
