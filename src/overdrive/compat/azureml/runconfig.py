"""Azure's HyperDriveConfig and ScriptRunConfig, with Azure's defaults, limits and exceptions."""

import enum
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from overdrive import client
from overdrive.client.warn import warn
from overdrive.compat.azureml.exceptions import HyperDriveConfigException
from overdrive.compat.azureml.exceptions import UserErrorException
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.run_configuration import RunConfiguration
from overdrive.records import PrimaryMetricGoal as Goal

__all__ = ["HyperDriveConfig", "HyperDriveRunConfig", "PrimaryMetricGoal", "ScriptRunConfig"]

#: Azure's longest trial unless told otherwise: 30 days.
_LONGEST_RUN_S = 2592000


class PrimaryMetricGoal(enum.Enum):
    """Whether the best run has the highest or the lowest value of the primary metric."""

    MAXIMIZE = "MAXIMIZE"
    MINIMIZE = "MINIMIZE"

    @staticmethod
    def from_str(goal: str) -> "PrimaryMetricGoal":
        """The goal named by `goal`, in any case. Raises HyperDriveConfigException for any other text."""
        with raising(HyperDriveConfigException):
            return PrimaryMetricGoal[Goal.from_str(goal).name]


class ScriptRunConfig(client.ScriptRunConfig):
    """What one trial runs. As the facade's, but a trial may take 30 days at most unless told otherwise.

    ours: what the facade's takes by name only.

    `run_config` is a RunConfiguration, whose `environment` and `target` may be set afterwards. Raises
    UserErrorException.
    """

    run_config: Any

    def __init__(
        self,
        source_directory: "str | os.PathLike[str] | None" = None,
        script: "str | os.PathLike[str] | None" = None,
        arguments: Sequence[object] | None = None,
        run_config: object = None,
        _telemetry_values: object = None,
        compute_target: object = None,
        environment: object = None,
        distributed_job_config: object = None,
        resume_from: object = None,
        max_run_duration_seconds: float | None = _LONGEST_RUN_S,
        command: Sequence[object] | str | None = None,
        docker_runtime_config: object = None,
        *,
        strict: bool = True,
        **ours: Any,
    ) -> None:
        if run_config is None:
            run_config = RunConfiguration()
            run_config.target = compute_target or "local"
            run_config.environment = environment or run_config.environment
        elif environment is not None:
            text = "environment is ignored beside run_config, as in Azure: set run_config.environment"
            warn(text)
        with raising(UserErrorException):
            super().__init__(
                source_directory,
                script,
                arguments,
                run_config,
                None,
                compute_target,
                environment,
                distributed_job_config,
                resume_from,
                max_run_duration_seconds,
                command,
                docker_runtime_config,
                strict=strict,
                **ours,
            )


@dataclass(frozen=True)
class HyperDriveConfig(client.HyperDriveConfig):
    """A sweep to submit. As the facade's, with Azure's limits: 1,000 trials, 100 at once, a week.

    Raises HyperDriveConfigException; HyperDriveScenarioNotSupportedException for `pipeline`.
    """

    max_duration_minutes: float | None = 10080
    strict: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        if isinstance(self.primary_metric_goal, PrimaryMetricGoal):
            self._set("primary_metric_goal", Goal[self.primary_metric_goal.name])
        with raising(HyperDriveConfigException):
            super().__post_init__()

    @property
    def _max_total_runs(self) -> int:
        return self.max_total_runs

    @property
    def _max_concurrent_runs(self) -> int:
        return self.max_concurrent_runs or self.max_total_runs

    @property
    def _max_duration_minutes(self) -> float | None:
        return self.max_duration_minutes

    @property
    def _generator_config(self) -> dict:
        return self.hyperparameter_sampling.to_json()

    @property
    def _policy_config(self) -> dict:
        return self.policy.to_json() if self.policy else {"name": "Default"}

    @property
    def _primary_metric_config(self) -> dict:
        return self.primary_metric.to_json()

    @property
    def _platform(self) -> str:
        return "AML"


class HyperDriveRunConfig:
    """Azure's old name of HyperDriveConfig, `estimator` first. Warns, and gives a HyperDriveConfig."""

    def __new__(
        cls,
        estimator: object,
        hyperparameter_sampling: Any,
        primary_metric_name: str,
        primary_metric_goal: Any,
        max_total_runs: int,
        max_concurrent_runs: int | None = None,
        max_duration_minutes: float | None = 10080,
        policy: Any = None,
    ) -> HyperDriveConfig:
        warnings.warn("HyperDriveRunConfig is deprecated: use HyperDriveConfig", DeprecationWarning, stacklevel=2)
        return HyperDriveConfig(
            hyperparameter_sampling,
            primary_metric_name,
            primary_metric_goal,
            max_total_runs,
            max_concurrent_runs,
            max_duration_minutes,
            policy,
            estimator=estimator,
        )
