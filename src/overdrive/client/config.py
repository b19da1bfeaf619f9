"""What a sweep is told: the space and how to sample it, the metric, the limits, the policy."""

from dataclasses import dataclass
from dataclasses import field
from typing import Any

from overdrive.client.earlier import Inheritance
from overdrive.client.earlier import inherit
from overdrive.client.limits import LIMITS
from overdrive.client.limits import STRICT_LIMITS
from overdrive.client.limits import check_positive
from overdrive.client.limits import check_text
from overdrive.client.limits import check_whole
from overdrive.client.script import ScriptRunConfig
from overdrive.client.warm_start import check_resumed_children
from overdrive.client.warm_start import check_resumed_sweeps
from overdrive.client.warn import warn
from overdrive.errors import SpecError
from overdrive.errors import UnsupportedError
from overdrive.records import PrimaryMetric
from overdrive.records import PrimaryMetricGoal
from overdrive.sampling import BayesianParameterSampling
from overdrive.sampling import HyperParameterSampling
from overdrive.termination import EarlyTerminationPolicy
from overdrive.termination import NoTerminationPolicy

#: The longest sweep that Azure allows, minutes: a week.
LONGEST_STRICT_MINUTES = 10080


@dataclass(frozen=True)
class HyperDriveConfig:
    """A sweep to submit.

    hyperparameter_sampling: a sampling over the search space, such as `RandomParameterSampling({...})`.
    primary_metric_name: exactly the name that the training script logs.
    primary_metric_goal: `PrimaryMetricGoal.MAXIMIZE` or `MINIMIZE`, or (not in strict mode) 'maximize' or 'minimize'.
    max_total_runs: trials, 1 … 1,000,000 (strict: 1,000). A finite space may hold fewer.
    max_concurrent_runs: trials at once, 1 … 1,000 (strict: 100); default as many as the machine has slots.
    max_duration_minutes: minutes from submit, counted while an engine runs; what still runs then is cancelled;
        default no limit (strict: at most 10080, a week).
    policy: early-termination policy; default none.
    run_config: a ScriptRunConfig: what each trial runs.
    estimator: instead of `run_config`, an object with `as_script_run_config(names)`.
    resume_from: up to five earlier sweeps, or one, whose trials the new ones are judged against.
    resume_child_runs: earlier trials, or one, that the first new trials go on with: see docs/warm-start.md.
    pipeline: refused; debug_flag: ignored.
    custom_run_id: the sweep's id, instead of a new `HD_<uuid>`.
    strict: Azure's limits and documented checks.
    stop_after_failures: the sweep fails when its first N trials fail alike; default max(3, trials at once); 0: never.
    max_attempts: starts that a trial may have when the machine, not the script, failed.
    description: a sentence kept with the sweep.

    Raises SpecError naming the field, in the order of the checks of Azure's client.
    """

    hyperparameter_sampling: HyperParameterSampling
    primary_metric_name: str
    primary_metric_goal: PrimaryMetricGoal
    max_total_runs: int
    max_concurrent_runs: int | None = None
    max_duration_minutes: float | None = None
    policy: EarlyTerminationPolicy | None = None
    estimator: Any = None
    run_config: ScriptRunConfig | None = None
    resume_from: Any = None
    resume_child_runs: Any = None
    pipeline: Any = None
    debug_flag: Any = None
    custom_run_id: str | None = None
    strict: bool = field(default=False, kw_only=True)
    stop_after_failures: int | None = field(default=None, kw_only=True)
    max_attempts: int = field(default=2, kw_only=True)
    description: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        self._check_target()
        self._check_deciders()
        self._check_metric()
        self._check_limits()
        self._check_own()
        self._set("resume_from", check_resumed_sweeps(self))
        self._set("resume_child_runs", check_resumed_children(self))

    @property
    def primary_metric(self) -> PrimaryMetric:
        """Name and goal together."""
        return PrimaryMetric(name=self.primary_metric_name, goal=self.primary_metric_goal)

    @property
    def source_directory(self) -> str:
        """The folder that will be copied at submit, as given."""
        return str(self.script_run_config().source_directory)

    def script_run_config(self) -> ScriptRunConfig:
        """What each trial runs: `run_config`, or what the estimator stands for."""
        if self.run_config is not None:
            return self.run_config
        if "_script" not in vars(self):  # made once: it may warn
            names = list(self.hyperparameter_sampling.space.names)
            self._set("_script", self.estimator.as_script_run_config(names))
        return vars(self)["_script"]

    def inheritance(self) -> Inheritance:
        """What the earlier runs are now, for the sweep to keep."""
        sweeps = [sweep.view for sweep in self.resume_from]
        return inherit(sweeps, [(run.view, run.number) for run in self.resume_child_runs])

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_target(self) -> None:
        given = [name for name in ("estimator", "run_config", "pipeline") if getattr(self, name) is not None]
        if not given:
            raise SpecError(field="run_config", value=None, allowed="a ScriptRunConfig (or give an estimator)")
        if len(given) > 1:
            raise SpecError(
                field=given[1],
                value=getattr(self, given[1]),
                allowed=f"nothing beside {given[0]}: give only one of them",
            )
        if self.pipeline is not None:
            raise UnsupportedError(
                "pipeline is not supported: a sweep tunes one script here: give that as run_config=ScriptRunConfig(…), "
                "and make the sweep a HyperDriveStep where it has steps before or behind it",
                field="pipeline",
            )
        if self.run_config is not None and not isinstance(self.run_config, ScriptRunConfig):
            raise SpecError(field="run_config", value=self.run_config, allowed="a ScriptRunConfig")
        if self.estimator is not None and not hasattr(self.estimator, "as_script_run_config"):
            raise SpecError(field="estimator", value=self.estimator, allowed="an Estimator")

    def _check_deciders(self) -> None:
        if not isinstance(self.hyperparameter_sampling, HyperParameterSampling):
            raise SpecError(
                field="hyperparameter_sampling",
                value=self.hyperparameter_sampling,
                allowed="a sampling, such as RandomParameterSampling({...})",
            )
        if self.policy is None:
            self._set("policy", NoTerminationPolicy())
        if not isinstance(self.policy, EarlyTerminationPolicy):
            raise SpecError(field="policy", value=self.policy, allowed="an early-termination policy, or None")

    def _check_metric(self) -> None:
        check_text("primary_metric_name", self.primary_metric_name, "the name that the training script logs")
        goal = self.primary_metric_goal
        if isinstance(goal, str) and not self.strict:
            self._set("primary_metric_goal", PrimaryMetricGoal.from_str(goal))
        elif not isinstance(goal, PrimaryMetricGoal):
            allowed = "PrimaryMetricGoal.MAXIMIZE or PrimaryMetricGoal.MINIMIZE"
            raise SpecError(field="primary_metric_goal", value=goal, allowed=allowed)

    def _check_limits(self) -> None:
        most, most_at_once = STRICT_LIMITS if self.strict else LIMITS
        self._set("max_total_runs", check_whole("max_total_runs", self.max_total_runs, 1, most))
        if self.max_concurrent_runs is not None:
            at_once = check_whole("max_concurrent_runs", self.max_concurrent_runs, 1, most_at_once)
            self._set("max_concurrent_runs", at_once)
        if self.max_duration_minutes is not None:
            minutes = check_positive("max_duration_minutes", self.max_duration_minutes, "minutes")
            if self.strict and minutes > LONGEST_STRICT_MINUTES:
                warn(
                    f"max_duration_minutes = {minutes:g} is more than a week: {LONGEST_STRICT_MINUTES} is used instead"
                )
                minutes = LONGEST_STRICT_MINUTES
            self._set("max_duration_minutes", minutes)
        if isinstance(self.hyperparameter_sampling, BayesianParameterSampling):
            self._advise_bayesian(len(self.hyperparameter_sampling.space.names))

    def _advise_bayesian(self, parameters: int) -> None:
        if self.max_total_runs < 20 * parameters:
            warn(
                f"max_total_runs = {self.max_total_runs}: Bayesian sampling does best with {20 * parameters} or more "
                f"trials, 20 for each of the {parameters} hyperparameters"
            )
        if (self.max_concurrent_runs or 0) > 20:
            warn(
                f"max_concurrent_runs = {self.max_concurrent_runs}: Bayesian sampling learns from finished trials, "
                "so it does best with 20 at once or fewer"
            )

    def _check_own(self) -> None:
        if self.stop_after_failures is not None:
            check_whole("stop_after_failures", self.stop_after_failures, 0)
        check_whole("max_attempts", self.max_attempts, 1, 100)
        if self.description is not None:
            check_text("description", self.description)
        if self.custom_run_id is not None:
            check_run_id("custom_run_id", self.custom_run_id)


def check_run_id(field: str, value: object) -> str:
    """`value` if a sweep may have this id: it names a folder. Raises SpecError otherwise."""
    allowed = "letters, digits, - and _, at most 200, beginning with a letter or digit"
    text = check_text(field, value, allowed)
    if (
        len(text) > 200
        or not text[0].isalnum()
        or not (text.replace("-", "").replace("_", "").isalnum() and text.isascii())
    ):
        raise SpecError(field=field, value=value, allowed=allowed)
    return text
