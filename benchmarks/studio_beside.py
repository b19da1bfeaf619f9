"""The first chart of one sweep, in Studio and in Optuna's dashboard, in turns.

python -m venv PEERS && PEERS/bin/pip install optuna optuna-dashboard
python benchmarks/studio_beside.py WORKSPACE SWEEP --peers PEERS/bin/python
"""

import argparse
import json
import math
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
from pathlib import Path

from studio import FLAGS
from studio import StudioServer
from studio import open_sweep

from overdrive.views import open_sweep as view_of

#: The dashboard's first chart: a line or a dot inside of one of its plots.
DRAWN = (
    "() => document.querySelector('.js-plotly-plot .scatterlayer path, .js-plotly-plot .gl-container canvas') "
    "&& performance.now()"
)


def write_trials(workspace: Path, sweep: str, path: Path) -> None:
    """The sweep's completed and stopped trials; each that logged nothing finite is left out of both."""
    view = view_of(workspace / "sweeps" / sweep)
    rows = [row for row in view.trials() if row.best is not None]
    curves = view.curves()
    names = list(view.spec.space)
    told = {
        "parameters": {name: [row.configuration[name] for row in rows] for name in names},
        "curves": [[point.value for point in curves[row.number] if math.isfinite(point.value)] for row in rows],
        "best": [row.best for row in rows],
    }
    path.write_text(json.dumps(told))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def dashboard_chart(browser, address: str) -> float:
    """Milliseconds from going to the study's page until its first chart has something in it."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(address)
    found = page.wait_for_function(DRAWN, timeout=300_000).json_value()
    page.context.close()
    return found


def main() -> None:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("sweep")
    parser.add_argument("--peers", required=True, help="a Python with optuna and optuna-dashboard")
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        trials, port = Path(folder) / "trials.json", free_port()
        write_trials(given.workspace, given.sweep, trials)
        script = str(Path(__file__).parent / "peers" / "dashboard.py")
        with subprocess.Popen(
            [given.peers, script, str(trials), str(Path(folder) / "study.db"), str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as peer:
            told = json.loads(peer.stdout.readline())  # type: ignore[union-attr]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            ours, theirs = [], []
            with StudioServer(given.workspace) as server:
                for _ in range(given.repeat):
                    page, times = open_sweep(browser, server, given.sweep)
                    ours.append(round(times["chart"]))
                    page.context.close()
                    theirs.append(
                        round(dashboard_chart(browser, f"http://127.0.0.1:{port}/dashboard/studies/{told['study']}"))
                    )
            browser.close()
            peer.kill()
    print(
        json.dumps(
            {
                "load": [load, os.getloadavg()[0]],
                "versions": told["versions"],
                "first chart, ms: Studio": ours,
                "first chart, ms: Optuna's dashboard": theirs,
                "times faster": round(statistics.median(theirs) / statistics.median(ours), 1),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
