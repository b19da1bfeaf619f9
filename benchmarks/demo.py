"""The demo's sweep (examples/digits) under its own policy, median stopping from epoch 5 on, against no policy.

Each configuration of each seed's sweep is trained once, to its end, by examples/digits/train.py itself; that takes
minutes, so the curves are kept. Then the product's scheduler drives each sweep over these curves, with each policy and
without, two trials at a time as in the demo, on a virtual clock with each trial's own time an epoch.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import mean
from statistics import stdev

from measure import HERE
from measure import Bench
from measure import main

from overdrive.client.run_spec import build_run_spec
from overdrive.client.sweep_spec import build_sweep_spec
from overdrive.engine.simulator import Simulation
from overdrive.engine.simulator import Simulator
from overdrive.records import PrimaryMetric
from overdrive.records import SweepSpec
from overdrive.records import trial_arguments
from overdrive.sampling import History
from overdrive.sampling import Sampler
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.termination import parse_policy

DEMO = HERE.parent / "examples" / "digits"
SEEDS = 10
TRIALS = 24
#: The demo's own first; the others for the advice in docs/policies.md.
POLICIES = (
    "median(delay_evaluation=5)",
    "median",
    "bandit(slack_factor=0.1, delay_evaluation=5)",
    "bandit(slack_factor=0.2, delay_evaluation=5)",
    "bandit(slack_factor=0.1)",
    "truncation(20, evaluation_interval=5)",
    "truncation(50, evaluation_interval=5)",
)
#: A trial's accuracies by epoch, and the processor seconds of one epoch.
Curve = tuple[list[float], float]


def demo(bench: Bench) -> None:
    """demo: epochs that early termination saves on the demo's sweep, and what the best accuracy loses."""
    seeds = range(2 if bench.args.quick else SEEDS)
    spec = demo_spec()
    curves = {seed: record(spec, seed) for seed in seeds}
    bench.begin("demo", f"{TRIALS} trials, {spec.max_concurrent_runs} at a time, {len(seeds)} seeds, against no policy")
    without = [simulate(spec, seed, curves[seed], "none") for seed in seeds]
    for text in POLICIES:
        pairs = [(full, simulate(spec, seed, curves[seed], text)) for seed, full in zip(seeds, without, strict=True)]
        saved = [100 * (1 - run.intervals / full.intervals) for full, run in pairs]
        loss = [100 * (best(full, spec.metric) - best(run, spec.metric)) for full, run in pairs]
        shorter = [100 * (1 - run.seconds / full.seconds) for full, run in pairs]
        bench.figure(f"{text}: epochs saved", saved, "%", note=_spread(saved))
        bench.figure(f"{text}: time saved", shorter, "%", note=_spread(shorter))
        hurt = sum(points > 0 for points in loss)
        bench.figure(f"{text}: loss of best", loss, "points", note=f"{_spread(loss)}, {hurt} of {len(loss)} sweeps")


def _spread(values: list[float]) -> str:
    return f"{mean(values):.2f} ± {stdev(values):.2f}"


def demo_spec() -> SweepSpec:
    """The sweep that the demo submits."""
    sys.path.insert(0, str(DEMO))
    from control import configure  # pyright: ignore[reportMissingImports]

    config = configure(TRIALS)
    return build_sweep_spec(config, "digits", None, build_run_spec(config.script_run_config()))


def sampler_of(spec: SweepSpec, seed: int) -> Sampler:
    """The demo's sampler with another seed."""
    return build_sampler(spec.sampling, Space.from_json(spec.space), seed)


def best(run: Simulation, metric: PrimaryMetric | None) -> float:
    """The best accuracy that any trial logged."""
    return max(trial.best for trial in run.trials.values() if trial.best is not None)


def simulate(spec: SweepSpec, seed: int, curves: list[Curve], policy: str) -> Simulation:
    """The sweep of a seed under a policy."""
    return Simulator(
        replace(spec, seed=seed),
        sampler_of(spec, seed),
        parse_policy(policy),
        lambda configuration, trial: curves[trial][0],
        concurrency=spec.max_concurrent_runs or 1,
        interval_s=lambda trial: curves[trial][1],
    ).run()


def record(spec: SweepSpec, seed: int) -> list[Curve]:
    """The curves of a seed's sweep: from the folder, or trained now."""
    folder = Path(tempfile.gettempdir()) / "overdrive-benchmarks"
    path = folder / f"demo-{TRIALS}-{seed}.json"
    if not path.exists():
        print(f"training the {TRIALS} trials of seed {seed}", flush=True)
        sampler, orders = sampler_of(spec, seed), []
        for number in range(TRIALS):
            suggestion = sampler.suggest(History(), number)
            if suggestion is not None:
                orders.append(trial_arguments(spec.run.arguments, suggestion.configuration))
        begin = time.monotonic()
        with ProcessPoolExecutor(spec.max_concurrent_runs, initializer=_one_thread) as pool:
            curves = list(pool.map(train, orders))
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(curves))
        partial.replace(path)
        print(f"  {time.monotonic() - begin:.0f} s; kept in {path}", flush=True)
    return [(values, seconds) for values, seconds in json.loads(path.read_text())]


def _one_thread() -> None:
    """As a trial that shares two cores with another one."""
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"


class _Recorder:
    """Stands where the script's Run stands."""

    def __init__(self) -> None:
        self.accuracies: list[float] = []
        self._begun = 0.0

    def get_context(self) -> "_Recorder":
        self._begun = time.process_time()
        return self

    def log(self, name: str, value: float) -> None:
        if name == "accuracy":
            self.accuracies.append(value)

    @property
    def epoch_s(self) -> float:
        return (time.process_time() - self._begun) / len(self.accuracies)


def train(arguments: list[str]) -> Curve:
    """What the demo's script logs with these arguments, run in this process."""
    sys.path.insert(0, str(DEMO))
    import train as script  # pyright: ignore[reportMissingImports]

    recorder, home = _Recorder(), os.getcwd()
    script.Run = recorder
    sys.argv = ["train.py", *arguments]
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        os.chdir(folder)
        try:
            script.main()
        finally:
            os.chdir(home)
    return recorder.accuracies, recorder.epoch_s


if __name__ == "__main__":
    main(demo)
