"""What early termination saves, and what it costs, on recorded learning curves.

    nice -n 19 python benchmarks/policies.py [--policy "bandit(slack_factor=0.1, delay_evaluation=5)" ...]

Trains scikit-learn's MLP and SGD classifiers on its handwritten digits with random configurations, to the end and
without any policy, and keeps their curves in a temporary folder. Then it replays sweeps of them, some trials at a time
on a virtual clock, through the product's own policies. All policies see the same trials in the same order.

The cost of a policy is how much worse the best value of the sweep became: in points of accuracy, or in nats of log
loss. A seed draws the trials of a sweep and their order from the recorded ones, so sweeps of one table overlap: the
deviations say how much the order matters, not how the figures carry over to other data. --seed records other curves.
"""

import argparse
import heapq
import json
import math
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.records import as_json_number
from overdrive.records import from_json_number
from overdrive.termination import Curves
from overdrive.termination import EarlyTerminationPolicy
from overdrive.termination import parse_policy

POLICIES = (
    "none",
    "median(delay_evaluation=5)",
    "median",
    "bandit(slack_factor=0.1, delay_evaluation=5)",
    "bandit(slack_factor=0.2, delay_evaluation=5)",
    "bandit(slack_factor=0.1)",
    "truncation(20, evaluation_interval=5)",
    "truncation(50, evaluation_interval=5)",
    "truncation(50)",
)
ACCURACY = PrimaryMetric(name="accuracy", goal=PrimaryMetricGoal.MAXIMIZE)
LOSS = PrimaryMetric(name="loss", goal=PrimaryMetricGoal.MINIMIZE)

#: A trial's values by epoch, for each metric name.
Curve = dict[str, list[float]]


@dataclass(frozen=True, kw_only=True)
class Replay:
    """How one sweep went: epochs trained, the best value that was logged, trials stopped."""

    epochs: int
    best: float
    stopped: int


def replay(
    policy: EarlyTerminationPolicy, metric: PrimaryMetric, table: list[Curve], trials: int, concurrent: int, seed: int
) -> Replay:
    """A sweep of `trials` curves drawn from `table`, `concurrent` at a time; an epoch takes about a virtual second."""
    rng = random.Random(seed)
    order = rng.sample(range(len(table)), trials)
    epoch_s = [math.exp(rng.gauss(0, 0.3)) for _ in order]
    curves, best, epochs, stopped = Curves(metric), math.nan, 0, 0
    running = [(epoch_s[trial], trial) for trial in range(min(concurrent, trials))]
    heapq.heapify(running)
    waiting = iter(range(len(running), trials))
    while running:
        now, trial = heapq.heappop(running)
        values = table[order[trial]][metric.name]
        k = curves.append(trial, values[curves.length(trial)])
        epochs += 1
        if math.isfinite(curves.values(trial)[-1]) and metric.is_better(curves.values(trial)[-1], best):
            best = curves.values(trial)[-1]
        verdict = policy.judge(curves, trial, k) if k < len(values) else None
        stopped += bool(verdict and verdict.stop)
        if k == len(values) or (verdict and verdict.stop):
            trial = next(waiting, None)
        if trial is not None:
            heapq.heappush(running, (now + epoch_s[trial], trial))
    return Replay(epochs=epochs, best=best, stopped=stopped)


def compare(
    args: argparse.Namespace, title: str, metric: PrimaryMetric, table: list[Curve], unit: str, scale: float
) -> None:
    """Print a line for each policy: what it saved and cost against no policy, paired by seed, mean ± deviation."""
    setting = (metric, table, min(args.trials, len(table)), args.concurrent)
    without = [replay(parse_policy("none"), *setting, seed) for seed in range(args.seeds)]
    print(f"\n{title}: {setting[2]} of {len(table)} trials, {args.concurrent} at a time, {args.seeds} seeds")
    print(f"  {'policy':46} {'epochs saved':>16} {f'cost, {unit}':>18} {'worst':>7} {'with a cost':>12} {'stopped':>8}")
    for text in args.policy or POLICIES:
        policy = parse_policy(text)
        done = [replay(policy, *setting, seed) for seed in range(args.seeds)]
        pairs = list(zip(done, without, strict=True))
        saved = [100 * (1 - run.epochs / full.epochs) for run, full in pairs]
        cost = [scale * metric.sign * (full.best - run.best) + 0.0 for run, full in pairs]
        stopped = statistics.mean(100 * run.stopped / setting[2] for run in done)
        print(
            f"  {text:46} {_spread(saved, 1):>14} % {_spread(cost, 3):>18} {max(cost):7.3f} "
            f"{sum(one > 0 for one in cost):>6} of {len(cost):<3} {stopped:5.0f} %"
        )


def _spread(values: list[float], digits: int) -> str:
    spread = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.{digits}f} ± {spread:.{digits}f}"


def mlp(rng: random.Random):
    """A network with a random configuration, as an object with partial_fit."""
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(
        hidden_layer_sizes=(rng.choice([8, 16, 32, 64]),) * rng.choice([1, 2]),
        solver=rng.choice(["sgd", "adam"]),
        learning_rate_init=math.exp(rng.uniform(-9, -1)),
        alpha=math.exp(rng.uniform(-12, 1)),
        batch_size=rng.choice([16, 32, 64, 128]),
        momentum=rng.uniform(0.5, 0.99),
        random_state=rng.randrange(2**31),
    )


def sgd(rng: random.Random):
    """A linear model with a random configuration."""
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier(
        loss="log_loss",
        penalty=rng.choice(["l2", "l1", "elasticnet"]),
        alpha=math.exp(rng.uniform(-14, 0)),
        learning_rate=rng.choice(["constant", "invscaling", "optimal"]),
        eta0=math.exp(rng.uniform(-9, 1)),
        average=rng.choice([False, True]),
        random_state=rng.randrange(2**31),
    )


def train(model, data: list, epochs: int) -> Curve:
    """Accuracy and log loss on held-out digits after each epoch; NaN from where the weights are no longer finite."""
    from sklearn.metrics import log_loss

    train_x, test_x, train_y, test_y = data
    curve: Curve = {"accuracy": [], "loss": []}
    for _ in range(epochs):
        try:
            model.partial_fit(train_x, train_y, classes=range(10))
            curve["accuracy"].append(float(model.score(test_x, test_y)))
            curve["loss"].append(float(log_loss(test_y, model.predict_proba(test_x), labels=range(10))))
        except ValueError:
            break
    return {name: (values + [math.nan] * epochs)[:epochs] for name, values in curve.items()}


def record(make, count: int, epochs: int, seed: int) -> Iterator[Curve]:
    """Curves of `count` random configurations."""
    import numpy as np
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    data = train_test_split(digits.data / 16, digits.target, test_size=0.5, random_state=seed, stratify=digits.target)
    for number in range(count):
        with np.errstate(all="ignore"):
            yield train(make(random.Random(f"{seed} {number}")), data, epochs)


def load(folder: Path, make, args: argparse.Namespace) -> list[Curve]:
    """The curves of one kind of model: from the folder, or trained now."""
    path = folder / f"digits-{make.__name__}-{args.configurations}x{args.epochs}-{args.seed}.json"
    if not path.exists():
        print(f"training {args.configurations} {make.__name__} models, {args.epochs} epochs each", flush=True)
        begin = time.monotonic()
        table = list(record(make, args.configurations, args.epochs, args.seed))
        rows = [
            {name: [as_json_number(value) for value in values] for name, values in curve.items()} for curve in table
        ]
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(rows))
        partial.replace(path)
        print(f"  {time.monotonic() - begin:.0f} s; kept in {path}")
    rows = json.loads(path.read_text())
    return [{name: [from_json_number(value) for value in values] for name, values in curve.items()} for curve in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--policy", action="append", help="as on overdrive's command line; may be given several times")
    parser.add_argument("--seeds", type=int, default=10, help="sweeps for each policy")
    parser.add_argument("--trials", type=int, default=60, help="trials of a sweep")
    parser.add_argument("--concurrent", type=int, default=4, help="trials at a time")
    parser.add_argument("--configurations", type=int, default=100, help="curves to record for each kind of model")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0, help="of the recorded curves")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "overdrive-benchmarks")
    args = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    networks, linear = load(args.folder, mlp, args), load(args.folder, sgd, args)
    compare(args, "networks, accuracy", ACCURACY, networks, "points", 100)
    compare(args, "networks, log loss", LOSS, networks, "nats", 1)
    compare(args, "linear models, accuracy", ACCURACY, linear, "points", 100)


if __name__ == "__main__":
    main()
