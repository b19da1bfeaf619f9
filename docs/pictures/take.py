"""The pictures of docs/studio.md, taken of a real sweep in Studio: make pictures

python docs/pictures/take.py [WORKSPACE]    a workspace that is there already, instead of a new sweep (two minutes)
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
FLAGS = (
    "--no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking --disable-component-update".split()
)
SPACE = {
    "learning_rate": "loguniform(-7, 0)",
    "momentum": "uniform(0.5, 0.99)",
    "batch_size": "quniform(16, 128, 16)",
    "hidden": "choice(16, 32, 64, 128)",
    "alpha": "loguniform(-12, -2)",
}


def run_sweeps(workspace: Path) -> None:
    """A Bayesian sweep with early termination, and a smaller one at random to compare it with."""
    script = HERE.parents[1] / "examples" / "digits" / "train.py"
    common = [word for name, text in SPACE.items() for word in ("--space", f"{name}={text}")]
    common += ["--metric", "accuracy", "--goal", "maximize", "--max-concurrent-runs", "2", "--seed", "7", "--json"]
    policy = "bandit(slack_factor=0.1, evaluation_interval=1, delay_evaluation=5)"
    for experiment, trials, sampling in (("digits-random", "20", "random"), ("digits", "40", "bayesian")):
        words = ["--experiment", experiment, "-n", trials, "--sampling", sampling, "--policy", policy]
        tune = [sys.executable, "-m", "overdrive", "tune", str(script), *common, *words]
        environment = {**os.environ, "OVERDRIVE_WORKSPACE": str(workspace)}
        subprocess.run(tune, check=True, env=environment, stdout=subprocess.DEVNULL)


def take(page, link: str, theme: str) -> None:
    """One theme's pictures."""

    def save(name: str, part: str | None = None) -> None:
        target = page.locator(part).first if part else page
        page.wait_for_timeout(800)
        target.screenshot(path=HERE / f"{name}-{theme}.png", animations="disabled")

    base = link.partition("#")[0]
    page.goto(f"{base}#/")
    page.wait_for_selector("tbody tr >> nth=1")
    sweeps = page.locator("tbody a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    page.goto(f"{base}{sweeps[0]}")
    page.wait_for_selector(".grid-body .grid-row")
    page.wait_for_timeout(2500)
    save("sweep")
    # Charts are drawn when they come near the window.
    page.mouse.move(640, 400)
    while page.evaluate("scrollY + innerHeight < document.documentElement.scrollHeight - 10"):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(150)
    page.wait_for_selector("section[aria-label='What matters'] .bars")
    page.mouse.move(5, 5)
    save("parallel", "section[aria-label='Parallel coordinates']")
    save("matters", ".charts .charts")
    save("trials", "section[aria-label='Trials']")
    best = page.locator(".facts dd a").first.get_attribute("href")
    page.goto(f"{base}{best}")
    page.wait_for_selector(".log >> text=epoch")
    save("trial")
    page.goto(f"{base}#/")
    page.wait_for_selector("tbody tr >> nth=1")
    for box in page.locator("tbody input[type=checkbox]").all():
        box.check()
    save("sweeps")
    page.click("button:has-text('Compare 2')")
    page.wait_for_selector("section[aria-label='Best so far'] canvas")
    page.wait_for_selector("tbody .state.completed >> nth=1")
    save("compare")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workspace", type=Path, nargs="?")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = given.workspace or Path(folder) / "workspace"
        if given.workspace is None:
            run_sweeps(workspace)
        environment = {**os.environ, "OVERDRIVE_WORKSPACE": str(workspace)}
        for theme in ("light", "dark"):
            studio = subprocess.Popen(
                [sys.executable, "-m", "overdrive", "studio", "--port", "0"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
            try:
                link = studio.stdout.readline().strip()  # type: ignore[union-attr]
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme=theme)
                    page = context.new_page()
                    page.set_default_timeout(120_000)
                    page.goto(link)
                    page.wait_for_selector("main")
                    take(page, link, theme)
                    browser.close()
            finally:
                studio.terminate()
                studio.communicate()


if __name__ == "__main__":
    main()
