"""Which earlier runs a new sweep may start from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from overdrive.client.limits import STRICT_LIMITS
from overdrive.client.run import Run
from overdrive.client.sweep_run import HyperDriveRun
from overdrive.client.warn import warn
from overdrive.errors import SpecError
from overdrive.records import SweepStatus
from overdrive.sampling import BayesianParameterSampling

if TYPE_CHECKING:
    from overdrive.client.config import HyperDriveConfig

#: Earlier sweeps that one sweep may know.
MOST_PARENTS = 5


def check_resumed_sweeps(config: "HyperDriveConfig") -> tuple[HyperDriveRun, ...]:
    """The sweeps of `resume_from`, one or a list of them, as a tuple.

    At most five, each once, ended (completed or cancelled), with the same primary metric. In strict mode, with Bayesian
    sampling, the same space; and at most 1,000 trials together with the new sweep. Raises SpecError.
    """
    field = "resume_from"
    sweeps = _as_list(config.resume_from)
    for sweep in sweeps:
        if not isinstance(sweep, HyperDriveRun):
            raise SpecError(field=field, value=sweep, allowed="a HyperDriveRun, or a list of them")
    _check_parents(config, field, sweeps)
    _check_unique(field, sweeps)
    for sweep in sweeps:
        if sweep.sweep_status not in (SweepStatus.COMPLETED, SweepStatus.CANCELLED):
            raise SpecError(field=field, value=sweep.id, allowed="sweeps that are completed or cancelled")
    total = config.max_total_runs + sum(sweep.spec.max_total_runs for sweep in sweeps)
    if config.strict and sweeps and total > STRICT_LIMITS[0]:
        raise SpecError(
            field=field, value=total, allowed=f"{STRICT_LIMITS[0]} trials or fewer, with those of max_total_runs"
        )
    return tuple(sweeps)


def check_resumed_children(config: "HyperDriveConfig") -> tuple[Run, ...]:
    """The trials of `resume_child_runs`, one or a list of them, as a tuple.

    At most `max_total_runs`, each once, each ended, from at most five sweeps with the same primary metric; in strict
    mode, with Bayesian sampling, the same space. Raises SpecError.
    """
    field = "resume_child_runs"
    trials = _as_list(config.resume_child_runs)
    if len(trials) > config.max_total_runs:
        raise SpecError(
            field=field, value=len(trials), allowed=f"at most max_total_runs = {config.max_total_runs} runs"
        )
    for trial in trials:
        if not isinstance(trial, Run) or isinstance(trial, HyperDriveRun):
            raise SpecError(field=field, value=trial, allowed="a child run of a sweep, or a list of them")
    _check_unique(field, trials)
    for trial in trials:
        if not trial.has_ended:
            raise SpecError(field=field, value=trial.id, allowed="runs that have ended")
        if trial.parent is None:
            raise SpecError(field=field, value=trial.id, allowed="child runs of a sweep")
    parents = {trial.parent.id: trial.parent for trial in trials}
    _check_parents(config, field, list(parents.values()))
    if len(trials) >= 5:
        warn(f"{len(trials)} runs are resumed: each keeps a copy of its earlier outputs")
    return tuple(trials)


def _as_list(value: object) -> list:
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) else [value]


def _check_unique(field: str, runs: Sequence[Run]) -> None:
    ids = [run.id for run in runs]
    for run_id in ids:
        if ids.count(run_id) > 1:
            raise SpecError(field=field, value=run_id, allowed="each run once")


def _check_parents(config: "HyperDriveConfig", field: str, sweeps: Sequence[HyperDriveRun]) -> None:
    if len(sweeps) > MOST_PARENTS:
        raise SpecError(field=field, value=len(sweeps), allowed=f"runs of at most {MOST_PARENTS} sweeps")
    is_bayesian = isinstance(config.hyperparameter_sampling, BayesianParameterSampling)
    for sweep in sweeps:
        metric = sweep.spec.metric
        if metric is None or metric.name != config.primary_metric_name:
            raise SpecError(
                field="primary_metric_name",
                value=config.primary_metric_name,
                allowed=f"{metric.name if metric else None!r}, the metric of {sweep.id} in {field}",
            )
        if metric.goal is not config.primary_metric_goal:
            raise SpecError(
                field="primary_metric_goal",
                value=config.primary_metric_goal.name,
                allowed=f"{metric.goal.name}, the goal of {sweep.id} in {field}",
            )
        if is_bayesian and config.strict and sweep.spec.space != config.hyperparameter_sampling.space.to_json():
            raise SpecError(
                field=field, value=sweep.id, allowed="sweeps over the same search space, with strict Bayesian sampling"
            )
