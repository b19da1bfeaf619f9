"""Azure's early-termination policies: the facade's, with Azure's exceptions."""

from overdrive import termination
from overdrive.compat.azureml.exceptions import HyperDriveConfigException
from overdrive.compat.azureml.exceptions import raising

__all__ = [
    "BanditPolicy",
    "EarlyTerminationPolicy",
    "MedianStoppingPolicy",
    "NoTerminationPolicy",
    "TruncationSelectionPolicy",
]

#: The base of all policies.
EarlyTerminationPolicy = termination.EarlyTerminationPolicy
#: Every trial goes on to its end.
NoTerminationPolicy = termination.NoTerminationPolicy


class BanditPolicy(termination.BanditPolicy):
    """Ends a trial that is worse than the best by more than a slack. Raises HyperDriveConfigException."""

    def __init__(
        self,
        evaluation_interval: int = 1,
        slack_factor: float | None = None,
        slack_amount: float | None = None,
        delay_evaluation: int = 0,
    ) -> None:
        with raising(HyperDriveConfigException):
            super().__init__(evaluation_interval, slack_factor, slack_amount, delay_evaluation, strict=True)


class MedianStoppingPolicy(termination.MedianStoppingPolicy):
    """Ends a trial that is worse than the median of running averages. Raises HyperDriveConfigException."""

    def __init__(self, evaluation_interval: int = 1, delay_evaluation: int = 0) -> None:
        with raising(HyperDriveConfigException):
            super().__init__(evaluation_interval, delay_evaluation)


class TruncationSelectionPolicy(termination.TruncationSelectionPolicy):
    """Ends the worst trials, so many per cent of all. Raises HyperDriveConfigException."""

    def __init__(self, truncation_percentage: int, evaluation_interval: int = 1, delay_evaluation: int = 0) -> None:
        with raising(HyperDriveConfigException):
            super().__init__(truncation_percentage, evaluation_interval, delay_evaluation)
