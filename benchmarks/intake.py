"""Metrics taken in: many trials that log at once, what is lost of it, and how soon the policy has judged it."""

import json
import sqlite3
import time

from measure import STATISTICS
from measure import Bench
from measure import main
from measure import scratch
from sweeps import cpu_s
from sweeps import engine_pid
from sweeps import living_sweep
from sweeps import wait_until
from sweeps import waited_s

from overdrive import HyperDriveRun

TRIALS = 50
#: Lines a second of each trial; enough that 20,000 are left when five trials were stopped.
RATE = 470
SECONDS = 15.0
#: Lines by full second after the start.
RATES = "SELECT CAST(at - ?1 AS INTEGER), count(*) FROM metrics WHERE at >= ?1 GROUP BY 1"
DELAYS = "SELECT 1000 * (e.at - m.at) FROM metrics m JOIN events e USING (seq)"
#: Milliseconds from a record of the primary metric to the event of the verdict on it. A verdict's record is the
#: interval-th of that name.
VERDICTS = """
SELECT 1000 * (e.at - m.at), v.trial, v.stop, m.at FROM verdicts v JOIN events e USING (seq) JOIN (
    SELECT trial, at, row_number() OVER (PARTITION BY trial ORDER BY n) AS interval FROM metrics WHERE name = 'metric'
) m USING (trial, interval)
"""
STOPS = "SELECT trial, at FROM events WHERE kind = 'stop_requested'"


def intake(bench: Bench) -> None:
    """intake: log calls of 50 trials at once, one in ten the primary metric, judged by median stopping."""
    seconds = 4.0 if bench.args.quick else SECONDS
    bench.begin("intake", f"{TRIALS} trials, {RATE} lines a second each for {seconds:.0f} s, median stopping")
    folder = scratch()
    with living_sweep("paced", TRIALS, TRIALS, [RATE, seconds, str(folder)], "median") as sweep:
        wait_until(lambda: len(list(folder.iterdir())) == TRIALS, 60)
        pid = engine_pid(sweep) or 0
        begin, before, waited = time.monotonic(), cpu_s(pid), waited_s(pid)
        (folder / "go").touch()
        go = time.time()
        time.sleep(seconds)
        passed = time.monotonic() - begin
        share, waits = (cpu_s(pid) - before) / passed, (waited_s(pid) - waited) / passed
        sweep.wait_for_completion()
        _report(bench, sweep, go, seconds)
        bench.figure("engine's processor share meanwhile", [100 * share], "% of a core")
        bench.figure("it was ready to run, but something else ran", [100 * waits], "% of the time")


def _report(bench: Bench, sweep: HyperDriveRun, go: float, seconds: float) -> None:
    outputs = [sweep.folder / "trials" / str(number) / "output.1.txt" for number in range(TRIALS)]
    said = [json.loads(output.read_text()) for output in outputs]
    with sqlite3.connect(f"file:{sweep.folder}/sweep.db?mode=ro", uri=True) as database:
        rates = dict(database.execute(RATES, (go,)))
        taken = dict(database.execute("SELECT trial, count(*) FROM metrics GROUP BY trial"))
        delays = [delay for (delay,) in database.execute(DELAYS)]
        verdicts = list(database.execute(VERDICTS))
        stops = dict(database.execute(STOPS))
    each_second = [rates.get(second, 0) for second in range(int(seconds))]
    bench.figure("lines a second that were logged and taken in", each_second, "lines/s", reach=20_000, at_least=True)
    lost = [abs(one["lines"] - taken.get(number, 0)) for number, one in enumerate(said)]
    note = f"{sum(taken.values())} taken in"
    bench.figure("lines lost or taken in twice, by trial", lost, "lines", reach=0, statistic="max", note=note)
    bench.figure("from the log call to its event, all lines", delays, "ms", note=_percentiles(delays))
    judged = [delay for delay, _, _, _ in verdicts]
    note = _percentiles(judged)
    bench.figure("from the log call to the verdict on it", judged, "ms", reach=100, statistic="p99", note=note)
    logged = {trial: at for _, trial, stop, at in verdicts if stop}
    wanted = [1000 * (stops[trial] - at) for trial, at in logged.items()]
    felt = [1000 * (said[trial]["stopped_at"][0] - at) for trial, at in logged.items() if said[trial]["stopped_at"]]
    bench.figure("from the log call to the stop in the journal", wanted, "ms", reach=100, statistic="max")
    bench.figure("from the log call to TERM in the script", felt, "ms", note=f"{len(felt)} trials stopped")


def _percentiles(values: list[float]) -> str:
    return f"p99 {STATISTICS['p99'](values):.3g}, {len(values)} of them"


if __name__ == "__main__":
    main(intake)
