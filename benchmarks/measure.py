"""What all benchmarks share: figures with their spread and reach, the machine, tables and JSON, quiet subprocesses."""

import argparse
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path

import overdrive

HERE = Path(__file__).parent
#: Where `make bench-peers` installs what Overdrive is measured beside.
PEERS = HERE.parent / ".venv" / "peers" / "bin" / "python"
#: Folders to remove at the end.
_used: list[Path] = []
#: How a figure's value is taken from its values, by the word that is printed.
STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "median": statistics.median,
    "p99": lambda values: statistics.quantiles(values, n=100, method="inclusive")[98],
    "mean": statistics.fmean,
    "min": min,
    "max": max,
}


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of a table."""

    benchmark: str
    name: str
    unit: str
    low: float
    middle: float
    high: float
    #: How many values the three come from.
    count: int
    #: Which statistic `value` is, and its value.
    statistic: str
    value: float
    #: The value should be at most this (or at least, where `at_least`); None: measured to compare.
    reach: float | None
    at_least: bool
    note: str

    @property
    def is_reached(self) -> bool | None:
        """None where there is nothing to reach."""
        if self.reach is None:
            return None
        return self.value >= self.reach if self.at_least else self.value <= self.reach


class Bench:
    """Prints figures as they are measured, and keeps them for `--json`."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.figures: list[Figure] = []
        self.benchmark = ""
        #: The interpreter with the peers, or None where they are not installed.
        self.peers: str | None = str(args.peers) if Path(args.peers).exists() else None

    def begin(self, name: str, title: str) -> None:
        """The heading of a benchmark's table."""
        self.benchmark = name
        print(f"\n{name}: {title}")
        print(f"  {'':56} {'min':>9} {'median':>9} {'max':>9}  {'':16} reach", flush=True)

    def figure(
        self,
        name: str,
        values: Sequence[float],
        unit: str,
        *,
        reach: float | None = None,
        at_least: bool = False,
        statistic: str = "median",
        note: str = "",
    ) -> Figure:
        """Prints one line. reach: what `statistic` of the values should be at most (or `at_least`)."""
        figure = Figure(
            benchmark=self.benchmark,
            name=name,
            unit=unit,
            low=min(values),
            middle=statistics.median(values),
            high=max(values),
            count=len(values),
            statistic=statistic,
            value=STATISTICS[statistic](values),
            reach=reach,
            at_least=at_least,
            note=note,
        )
        self.figures.append(figure)
        print(_line(figure), flush=True)
        return figure

    def say(self, text: str) -> None:
        """A line below the figures."""
        print(f"  {text}", flush=True)

    def write(self) -> None:
        """Writes the JSON file, if one was asked for."""
        if self.args.json:
            data = {"about": about(self.peers), "figures": [asdict(figure) for figure in self.figures]}
            Path(self.args.json).write_text(json.dumps(data, indent=1) + "\n")

    def missed(self) -> list[Figure]:
        """Figures that do not reach what they should."""
        return [figure for figure in self.figures if figure.is_reached is False]


def _line(figure: Figure) -> str:
    numbers = " ".join(f"{_short(value):>9}" for value in (figure.low, figure.middle, figure.high))
    reach = ""
    if figure.reach is not None:
        shown = "" if figure.statistic == "median" else f"{figure.statistic} {_short(figure.value)}, "
        sign = "≥" if figure.at_least else "≤"
        reach = f"{shown}{sign} {_short(figure.reach)} {'yes' if figure.is_reached else 'NO'}"
    note = f"  ({figure.note})" if figure.note else ""
    return f"  {figure.name:56} {numbers}  {figure.unit:16} {reach}{note}"


def _short(value: float) -> str:
    if value == int(value) and abs(value) < 1e6:
        return f"{value:.0f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"


def about(peers: str | None) -> dict[str, str]:
    """The machine and the versions, for the head of a report."""
    versions = {"Overdrive": overdrive.__version__, "Python": platform.python_version()}
    versions["SQLite"] = sqlite3.sqlite_version
    if peers:
        versions |= json.loads(run_peer(peers, "versions.py"))
    return {
        "machine": f"{processor()}, {os.cpu_count()} cores, {memory_bytes() / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "a new file": f"{file_us():.0f} µs (if above 100, many were deleted minutes ago: wait, or use --folder)",
        "load": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
    }


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def memory_bytes() -> int:
    """The machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that every benchmark has."""
    parser.add_argument("--json", metavar="FILE", help="write the figures there, too")
    parser.add_argument("--peers", metavar="PYTHON", default=PEERS, help="interpreter with Optuna and Syne Tune")
    parser.add_argument("--folder", metavar="DIR", help="where the sweeps' folders are made (default: TMPDIR)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work: to see that it runs, not to quote")


def main(*benchmarks: Callable[[Bench], None]) -> None:
    """Runs benchmarks from the command line; each is a function whose docstring's first line says what it measures."""
    parser = argparse.ArgumentParser(description="\n".join(f"{each.__doc__}" for each in benchmarks))
    add_options(parser)
    run(Bench(parser.parse_args()), benchmarks)


def run(bench: Bench, benchmarks: Sequence[Callable[[Bench], None]]) -> None:
    """Runs them one after the other, says what was not reached, writes the JSON file."""
    tempfile.tempdir = bench.args.folder
    prepare_environment()
    for key, value in about(bench.peers).items():
        print(f"{key:10} {value}")
    if not bench.peers:
        print("peers      not installed: make bench-peers")
    try:
        for benchmark in benchmarks:
            benchmark(bench)
    finally:
        bench.write()
        for folder in _used:
            shutil.rmtree(folder, ignore_errors=True)
    missed = bench.missed()
    print(f"\n{len(missed)} figures do not reach what they should" + (":" if missed else ""))
    for figure in missed:
        print(f"  {figure.benchmark}: {figure.name}")


def prepare_environment() -> None:
    """Python as users have it: with bytecode written, and nothing in its import path. Slots that no other sweep has."""
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONHASHSEED"):
        os.environ.pop(name, None)
    os.environ["OVERDRIVE_RUNTIME"] = str(scratch())


def scratch() -> Path:
    """A new folder, removed when all benchmarks have ended.

    Not earlier: ext4 gives no inode out again for a minute or more after its file was deleted, and looks at each of
    them for each new file. Deleted sweeps would slow the next ones down, and only those that make files.
    """
    folder = Path(tempfile.mkdtemp(prefix="overdrive-bench-"))
    _used.append(folder)
    return folder


def file_us(count: int = 50) -> float:
    """Microseconds to make a file where the sweeps' folders are made."""
    folder = scratch()
    begin = time.perf_counter()
    for number in range(count):
        (folder / str(number)).touch()
    return (time.perf_counter() - begin) / count * 1e6


def run_peer(peers: str, script: str, *arguments: object, **environment: str) -> str:
    """The standard output of a script of benchmarks/peers, run by the peers' interpreter."""
    command, own = [peers, str(HERE / "peers" / script), *map(str, arguments)], {**os.environ, **environment}
    done = subprocess.run(command, env=own, cwd=scratch(), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{script} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def process_ms(command: Sequence[str], **environment: str) -> float:
    """How long a process takes from its start to its end."""
    begin = time.perf_counter()
    subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begin) * 1000
