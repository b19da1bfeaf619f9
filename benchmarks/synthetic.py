"""Sweeps made up for looking at them: as many trials and points as wanted, written by the engine's own store.

    python benchmarks/synthetic.py WORKSPACE --trials 1000 --points 100

The scheduler and the policy are the product's, the clock is made up, the curves are those of a training that learns
faster with some configurations than with others.
"""

import argparse
import heapq
import json
import math
import random
import time
from pathlib import Path

from overdrive.engine.scheduler import Scheduler
from overdrive.engine.summary import SummaryFile
from overdrive.records import Event
from overdrive.records import Exit
from overdrive.records import Kind
from overdrive.records import MetricRecord
from overdrive.records import Outcome
from overdrive.records import PrimaryMetric
from overdrive.records import RunSpec
from overdrive.records import SweepSpec
from overdrive.sampling import History
from overdrive.sampling import build_sampler
from overdrive.space import Space
from overdrive.store import Batch
from overdrive.store import SweepStore
from overdrive.store.rows import dump
from overdrive.termination import build_policy

SPACE = {
    "learning_rate": ["loguniform", [-9.2, -1.6]],
    "batch_size": ["choice", [[16, 32, 64, 128]]],
    "dropout": ["uniform", [0.0, 0.6]],
    "optimizer": ["choice", [["adam", "sgd", "rmsprop"]]],
    "hidden": ["quniform", [16, 512, 16]],
    "weight_decay": ["loguniform", [-13.8, -4.6]],
}
POLICIES = {
    "none": {"name": "Default"},
    "bandit": {"name": "Bandit", "properties": {"slack_factor": 0.12, "evaluation_interval": 1, "delay_evaluation": 8}},
    "median": {"name": "MedianStopping", "properties": {"evaluation_interval": 1, "delay_evaluation": 5}},
}


class Writer:
    """Writes one sweep, event by event, at times that are told to it."""

    def __init__(self, folder: Path, spec: SweepSpec) -> None:
        self.folder, self.spec = folder, spec
        (folder / "mailbox").mkdir(parents=True)
        (folder / "trials").mkdir()
        (folder / "spec.json").write_text(json.dumps(spec.to_json()))
        self.store = SweepStore(folder)
        self.scheduler = Scheduler(spec, build_policy(spec.policy))
        self._batch, self._touched, self._seq = Batch(), set(), 0
        self.start_s = time.time()

    def add(self, kind, at, trial=None, body=None, records=()):
        self._seq += 1
        event = Event(
            seq=self._seq,
            epoch=self.store.epoch,
            at=self.start_s + at,
            ran_s=at,
            kind=kind,
            trial=trial,
            attempt=None if trial is None or kind is Kind.SUGGESTED else 1,
            body=body or {},
        )
        if kind is Kind.LOGGED:
            self._batch.add_records(event, records)
        self.scheduler.apply(event, records)
        self._batch.events.append(event)
        for verdict in self.scheduler.verdicts:
            self._batch.add_verdict(verdict, 1, event.seq)
        if trial is not None:
            self._touched.add(trial)
        if len(self._batch.metrics) > 5000 or kind is Kind.SWEEP_ENDED:
            self.commit()

    def commit(self):
        if not self._batch:
            return
        for number in self._touched:
            row = self.scheduler.trials[number].to_row()
            row["configuration"] = dump(row["configuration"])
            row["exit"] = dump(row["exit"]) if row["exit"] else None
            self._batch.trials[number] = row
        self.store.write(self._batch)
        self._batch, self._touched = Batch(), set()


def goodness(configuration: dict, rng: random.Random) -> float:
    """The accuracy that a configuration comes to in the end."""
    rate = math.log(configuration["learning_rate"])
    value = 0.97 - 0.018 * (rate + 5.5) ** 2 - 0.35 * (configuration["dropout"] - 0.25) ** 2
    value -= {"adam": 0.0, "rmsprop": 0.015, "sgd": 0.05}[configuration["optimizer"]]
    value -= 0.00000012 * (configuration["hidden"] - 320) ** 2 + 0.01 * abs(math.log2(configuration["batch_size"] / 64))
    return max(0.08, value + rng.gauss(0, 0.012))


def curve(configuration: dict, points: int, rng: random.Random) -> list[float]:
    """Accuracy by interval."""
    end, speed = goodness(configuration, rng), rng.uniform(0.06, 0.2) * 60 / max(20, points)
    noise = rng.uniform(0.002, 0.012)
    values = [end - (end - 0.1) * math.exp(-speed * k) + rng.gauss(0, noise) for k in range(points)]
    if configuration["learning_rate"] > 0.17:
        at = rng.randrange(points // 3, points)
        values[at:] = [math.nan] * (points - at)
    return values


def write_sweep(
    workspace: Path,
    *,
    trials=100,
    points=60,
    policy="bandit",
    concurrency=8,
    seed=1,
    experiment="digits",
    finish=True,
    metrics=1,
    number=0,
) -> Path:
    """A whole sweep below `workspace`; its folder."""
    rng = random.Random(seed)
    name = f"HD_{random.Random(f'{seed}/{trials}/{number}').getrandbits(128):032x}"
    name = f"{name[:11]}-{name[11:15]}-{name[15:19]}-{name[19:23]}-{name[23:]}"
    length_s = trials * points * 0.4 / concurrency
    created = time.time() - length_s - 3600 * number
    spec = SweepSpec(
        id=name,
        experiment=experiment,
        created_at=time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(created)),
        machine={},
        program="0.1.0",
        run=RunSpec(command=("python", "train.py"), arguments=("--epochs", str(points)), script="train.py"),
        space=SPACE,
        sampling={"name": "RANDOM", "properties": {}},
        seed=seed,
        policy=POLICIES[policy],
        metric=PrimaryMetric.from_json({"name": "accuracy", "goal": "maximize"}),
        max_total_runs=trials,
        max_concurrent_runs=concurrency,
        tags={"purpose": "looking"},
    )
    writer = Writer(workspace / "sweeps" / name, spec)
    writer.start_s = created
    sampler = build_sampler(spec.sampling, Space.from_json(SPACE), seed)
    writer.add(Kind.SWEEP_CREATED, 0.0, body={"spec": spec.to_json()})
    writer.add(
        Kind.ENGINE_STARTED,
        0.1,
        body={
            "pid": 1,
            "host": "here",
            "boot_id": "b",
            "version": "0",
            "slots": concurrency,
            "concurrency": concurrency,
        },
    )
    free, running, todo = list(range(concurrency)), [], iter(range(trials))
    curves = {}

    def begin(now):
        for n in todo:
            suggestion = sampler.suggest(History(), n)
            configuration = suggestion.configuration
            writer.add(
                Kind.SUGGESTED,
                now,
                n,
                {"configuration": configuration, "reason": "drawn at random", "based_on": 0, "state": {}},
            )
            slot = free.pop(0)
            writer.add(Kind.PLANNED, now, n, {"threads": 1, "slot": str(slot)})
            writer.add(Kind.STARTED, now + 0.05, n, {"pid": 7, "ticks": 0, "shim": 6, "shim_ticks": 0, "boot_id": "b"})
            curves[n] = (curve(configuration, points, rng), slot, now, rng.uniform(0.3, 0.6), rng.random() < 0.015)
            heapq.heappush(running, (now + curves[n][3], n, 0))
            return

    for _ in range(concurrency):
        begin(0.2)
    now = 0.2
    limit = trials * points if finish else int(trials * points * 0.45)
    done = 0
    while running and done < limit:
        now, n, k = heapq.heappop(running)
        values, slot, began, pace, fails = curves[n]
        records = [MetricRecord(k * metrics, "accuracy", values[k], None, k * 100.0, writer.start_s + now)]
        for extra in range(1, metrics):
            loss = abs(1.2 - values[k]) if math.isfinite(values[k]) else math.inf
            records.append(
                MetricRecord(
                    k * metrics + extra,
                    "loss" if extra == 1 else f"metric_{extra}",
                    loss,
                    None,
                    k * 100.0,
                    writer.start_s + now,
                )
            )
        writer.add(
            Kind.LOGGED, now, n, {"from": k, "to": k + 1, "first": k * metrics, "count": metrics, "bad": 0}, records
        )
        done += 1
        trial = writer.scheduler.trials[n]
        verdict = trial.verdict if trial.verdict and trial.verdict.stop else None
        failing = fails and k == points // 2
        if verdict is None and not failing and k + 1 < points:
            heapq.heappush(running, (now + pace, n, k + 1))
            continue
        outcome, reason, exit = Outcome.COMPLETED, "completed", Exit(cause="exit", code=0, wall_s=now - began)
        if verdict:
            reason = verdict.sentence(spec.metric)
            writer.add(
                Kind.STOP_REQUESTED,
                now,
                n,
                {"why": "verdict", "now": False, "reason": reason, "verdict": verdict.to_json()},
            )
            outcome, exit = Outcome.STOPPED_EARLY, Exit(cause="stopped", code=None, wall_s=now - began)
        elif failing:
            outcome, reason = Outcome.FAILED, "exit code 1: ValueError: loss is not finite"
            exit = Exit(cause="exit", code=1, wall_s=now - began)
        writer.add(
            Kind.ENDED,
            now + 0.02,
            n,
            {"outcome": outcome.value, "reason": reason, "exit": exit.to_json(), "retry": False, "likeness": ""},
        )
        free.append(slot)
        begin(now + 0.06)
    if finish:
        writer.add(Kind.SWEEP_ENDED, now + 0.2, body={"status": "Completed", "reason": "all trials ended"})
    writer.commit()
    SummaryFile(writer.folder).write(writer.scheduler, at_once=True)
    writer.store.close()
    return writer.folder


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--points", type=int, default=60)
    parser.add_argument("--metrics", type=int, default=2)
    parser.add_argument("--policy", choices=list(POLICIES), default="bandit")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--experiment", default="digits")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=0)
    parser.add_argument("--unfinished", action="store_true")
    given = vars(parser.parse_args())
    finish = not given.pop("unfinished")
    print(write_sweep(given.pop("workspace"), finish=finish, **given))


if __name__ == "__main__":
    main()
