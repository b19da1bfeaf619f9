"""What a sweep costs while nothing happens, and whether it grows."""

import os
import time
from pathlib import Path

from measure import Bench
from measure import main
from sweeps import cpu_s
from sweeps import engine_pid
from sweeps import living_sweep
from sweeps import wait_until

from overdrive import HyperDriveRun
from overdrive import NotFoundError
from overdrive.host.processes import children
from overdrive.store import SweepReader

TRIALS = 100
SECONDS = 20.0
#: Trials of the long sweep, and after how many its engine is looked at.
LONG_TRIALS, EVERY = 2000, 100


def rest(bench: Bench) -> None:
    """rest: the engine and the shims of 100 trials that log nothing."""
    trials, seconds = (20, 3.0) if bench.args.quick else (TRIALS, SECONDS)
    bench.begin("rest", f"{trials} quiet trials, watched for {seconds:.0f} s")
    with living_sweep("quiet", trials, trials) as sweep:
        wait_until(lambda: _count(sweep, "running") == trials, 120, 0.2)
        time.sleep(3)  # what the start left to be done is done
        pid = engine_pid(sweep) or 0
        servers = children(pid)
        shims = [shim for server in servers for shim in children(server)]
        groups = {"the engine": [pid], "the fork server": servers, f"{len(shims)} shims together": shims}
        before = {name: sum(map(cpu_s, pids)) for name, pids in groups.items()}
        begin = time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - begin
        for name, pids in groups.items():
            share = 100 * (sum(map(cpu_s, pids)) - before[name]) / passed
            bench.figure(f"processor share of {name}", [share], "% of a core", reach=1.0)
        bench.figure("resident memory of the engine", [rss_mb(pid)], "MB", reach=60)
        bench.figure("memory of a shim (PSS)", [pss_mb(shim) for shim in shims], "MB", reach=3)
        bench.figure("memory of engine, fork server and shims (PSS)", [sum(map(pss_mb, [pid, *servers, *shims]))], "MB")


def growth(bench: Bench) -> None:
    """growth: memory and open files of the engine over a long sweep."""
    trials = LONG_TRIALS // 5 if bench.args.quick else LONG_TRIALS
    bench.begin("growth", f"{trials} no-op trials, 2 at a time, looked at each {EVERY} trials")
    memory, files = [], []
    with living_sweep("noop", trials, 2) as sweep:
        for ended in range(EVERY, trials, EVERY):
            wait_until(lambda ended=ended: _count(sweep, "ended") >= ended, 300, 0.1)
            pid = engine_pid(sweep) or 0
            memory.append(rss_mb(pid))
            files.append(len(os.listdir(f"/proc/{pid}/fd")))
        sweep.wait_for_completion()
    bench.figure("resident memory of the engine", memory, "MB", note=f"first {memory[0]:.1f}, last {memory[-1]:.1f}")
    # What the engine knows of each trial is 1.2 kB, for good; SQLite's cache of pages grows too, up to 2 MB.
    bench.figure("growth of its memory", [1000 * slope(memory) / EVERY], "kB a trial", reach=4)
    bench.figure("open files of the engine", files, "files", note=f"first {files[0]}, last {files[-1]}")
    bench.figure("growth of its open files", [slope(files) / EVERY], "files a trial", reach=0.001)


def slope(values: list[float] | list[int]) -> float:
    """By least squares, a step."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    steps = [index - middle for index in range(len(values))]
    return sum(step * (value - mean) for step, value in zip(steps, values, strict=True)) / sum(s * s for s in steps)


def _count(sweep: HyperDriveRun, status: str) -> int:
    try:
        with SweepReader(sweep.folder) as reader:
            return sum(row["status"] == status for row in reader.rows("trials"))
    except NotFoundError:  # the engine has not begun
        return 0


def rss_mb(pid: int) -> float:
    """Resident memory, in 10^6 bytes."""
    return _kilobytes(pid, "status", "VmRSS:")


def pss_mb(pid: int) -> float:
    """Memory with what is shared counted in shares, in 10^6 bytes."""
    return _kilobytes(pid, "smaps_rollup", "Pss:")


def _kilobytes(pid: int, file: str, name: str) -> float:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"/proc/{pid}/{file} has no {name}")


if __name__ == "__main__":
    main(rest, growth)
