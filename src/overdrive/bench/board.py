"""The table: who stands where, over the tasks that have been played."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from overdrive.bench.figures import Estimate
from overdrive.bench.figures import against
from overdrive.bench.figures import best_so_far
from overdrive.bench.figures import estimate
from overdrive.bench.figures import estimate_curve
from overdrive.bench.figures import regrets
from overdrive.bench.plan import REFERENCE
from overdrive.bench.plan import REFERENCE_SEEDS
from overdrive.bench.plan import Plan
from overdrive.bench.results import Results
from overdrive.bench.results import Run
from overdrive.bench.tasks import Task

Array = np.ndarray

#: Suggestions at the end of a run that `late_s` is the mean of, at most.
_LATE = 10


@dataclass(frozen=True)
class OnTask:
    """One sampler on one task."""

    #: Mean regret after the last trial.
    regret: float
    #: The same less that of random search; None for random search.
    to_random: Estimate | None


@dataclass(frozen=True)
class Standing:
    """One sampler on all tasks."""

    sampler: str
    #: Regret after the last trial.
    regret: Estimate
    #: Regret less the first sampler's, on the tasks and seeds that both have; None for the first.
    difference: Estimate | None
    #: How many such runs.
    pairs: int
    #: Processor seconds of a suggestion: in the mean, and of the last ten of each run.
    seconds: float
    late_s: float
    runs: int
    #: Task → how it went there.
    tasks: Mapping[str, OnTask]
    #: Mean, low and high regret by trial, [budget] each.
    curve: tuple[Array, Array, Array]
    #: Distribution → versions, more than one where runs were made at different times.
    versions: Mapping[str, Sequence[str]]


#: Task → seed → regret after each trial [budget].
_Regrets = Mapping[str, Mapping[int, Array]]


def board(results: Results, plan: Plan, samplers: Sequence[str]) -> list[Standing]:
    """The standings in the order of the samplers; who has no run is left out.

    plan: its references must have been played.
    """
    reference = _read(results, plan, REFERENCE, range(REFERENCE_SEEDS))
    best = {task.name: _bests(task, reference[task.name], plan.budget) for task in plan.tasks}

    def regrets_of(runs: Mapping[str, Mapping[int, Run]]) -> _Regrets:
        return {
            task.name: dict(zip(runs[task.name], regrets(task, bests, best[task.name]), strict=True))
            for task in plan.tasks
            if len(bests := _bests(task, runs[task.name], plan.budget))
        }

    random, standings, first = regrets_of(reference), [], None
    for name in samplers:
        runs = _read(results, plan, name, plan.seeds)
        found = regrets_of(runs)
        if found:
            standings.append(
                _standing(name, [run for by_seed in runs.values() for run in by_seed.values()], found, first, random)
            )
            first = first or found
    return standings


def _read(results: Results, plan: Plan, sampler: str, seeds: Sequence[int]) -> dict[str, dict[int, Run]]:
    """Task → seed → run."""
    return {
        task.name: {seed: run for seed in seeds if (run := results.read(plan.key(sampler, task, seed)))}
        for task in plan.tasks
    }


def _bests(task: Task, runs: Mapping[int, Run], budget: int) -> Array:
    return np.array([best_so_far(task, run.told, budget) for run in runs.values()])


def _standing(name: str, runs: Sequence[Run], found: _Regrets, first: _Regrets | None, random: _Regrets) -> Standing:
    rows = {task: np.array(list(by_seed.values())) for task, by_seed in found.items()}
    differences = _differences(found, first) if first else []
    asks = [np.array([one.ask_s + one.tell_s for one in run.told]) for run in runs if run.told]
    return Standing(
        sampler=name,
        regret=estimate([part[:, -1] for part in rows.values()]),
        difference=estimate(differences) if differences else None,
        pairs=sum(map(len, differences)),
        seconds=float(np.mean([each.mean() for each in asks] or [0.0])),
        late_s=float(np.mean([each[-_LATE:].mean() for each in asks] or [0.0])),
        runs=len(runs),
        tasks={task: _on_task(part[:, -1], random[task] if name != REFERENCE else {}) for task, part in rows.items()},
        curve=estimate_curve(list(rows.values())),
        versions=_versions(runs),
    )


def _on_task(last: Array, random: Mapping[int, Array]) -> OnTask:
    to_random = against(last, np.array([row[-1] for row in random.values()])) if random else None
    return OnTask(float(last.mean()), to_random)


def _differences(found: _Regrets, first: _Regrets) -> list[Array]:
    """For each task that both have, [n] the differences after the last trial on the seeds that both have."""
    differences = []
    for task, by_seed in found.items():
        other = first.get(task, {})
        shared = [by_seed[seed][-1] - other[seed][-1] for seed in by_seed if seed in other]
        if shared:
            differences.append(np.array(shared))
    return differences


def _versions(runs: Sequence[Run]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for run in runs:
        for package, version in run.versions.items():
            found.setdefault(package, set()).add(version)
    return {package: sorted(versions) for package, versions in found.items()}
