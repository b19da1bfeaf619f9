"""Azure's exceptions, in one tree with ours: whoever catches SpecError catches HyperDriveConfigException too.

The three that the trial side raises as well derive from its classes of the same name (`overdrive.report.errors`).

AzureMLException                                    (an OverdriveError)
├── HyperDriveException
│   ├── HyperDriveConfigException                   (a SpecError)
│   │   └── HyperDriveScenarioNotSupportedException
│   │       └── HyperDriveNotImplementedException
│   ├── HyperDriveServiceException
│   └── HyperDriveRehydrateException
├── UserErrorException                              (a SpecError)
│   ├── ComputeTargetException
│   └── azure_only.AzureOnlyException               (an UnsupportedError)
├── RunEnvironmentException
├── WebserviceException
│   ├── ModelNotFoundException
│   └── ModelPathNotFoundException                  (a NotFoundError)
├── ServiceException
│   └── RunNotFoundException                        (a NotFoundError)
├── ProjectSystemException                          (a WorkspaceError)
├── AuthenticationException, RunConfigurationException, SnapshotException
├── TrainingException
├── ExperimentExecutionException
└── ActivityFailedException                         (a SweepFailedError)
"""

import functools
import inspect
import json
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import ParamSpec
from typing import TypeVar

from overdrive import report
from overdrive.errors import NotFoundError
from overdrive.errors import OverdriveError
from overdrive.errors import SpecError
from overdrive.errors import SweepFailedError
from overdrive.errors import UnsupportedError
from overdrive.errors import WorkspaceError

__all__ = [
    "ActivityFailedException",
    "AuthenticationException",
    "AzureMLException",
    "ComputeTargetException",
    "ExperimentExecutionException",
    "HyperDriveConfigException",
    "HyperDriveException",
    "HyperDriveNotImplementedException",
    "HyperDriveRehydrateException",
    "HyperDriveScenarioNotSupportedException",
    "HyperDriveServiceException",
    "ModelNotFoundException",
    "ModelPathNotFoundException",
    "ProjectSystemException",
    "RunConfigurationException",
    "RunEnvironmentException",
    "RunNotFoundException",
    "ServiceException",
    "SnapshotException",
    "TrainingException",
    "UserErrorException",
    "WebserviceException",
]

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C")


class AzureMLException(OverdriveError, report.AzureMLException):
    """Something went wrong."""

    def __init__(
        self, exception_message: str = "", inner_exception: BaseException | None = None, **details: object
    ) -> None:
        super().__init__(exception_message or None, **details)  # type: ignore[arg-type]
        #: The exception that this one came from, or None.
        self.inner_exception = inner_exception

    def __str__(self) -> str:
        """The name, then Message, InnerException and ErrorResponse, a line each: what scripts look into."""
        response = {"error": {"code": "UserError" if isinstance(self, SpecError) else "Error", "message": self.message}}
        return (
            f"{type(self).__name__}:\n\tMessage: {self.message}\n\tInnerException {self.inner_exception}"
            f"\n\tErrorResponse\n{json.dumps(response, indent=4)}"
        )


class HyperDriveException(AzureMLException):
    """The sweep cannot go on."""


class HyperDriveServiceException(HyperDriveException):
    """The sweep could not be started or reached."""


class HyperDriveConfigException(HyperDriveException, SpecError):
    """The sweep's configuration cannot be used."""


class HyperDriveScenarioNotSupportedException(HyperDriveConfigException, UnsupportedError):
    """A sweep cannot do this."""


class HyperDriveNotImplementedException(HyperDriveScenarioNotSupportedException):
    """A sweep has no such operation."""


class HyperDriveRehydrateException(HyperDriveException):
    """The configuration of an earlier sweep cannot be read."""


class UserErrorException(AzureMLException, report.UserErrorException, SpecError):
    """The input cannot be used."""


class ComputeTargetException(UserErrorException):
    """There is no such compute target."""


class RunEnvironmentException(AzureMLException, report.RunEnvironmentException):
    """This process is no trial."""


class WebserviceException(AzureMLException):
    """There is no such model."""


class ModelNotFoundException(WebserviceException):
    """There is no such model."""


class ModelPathNotFoundException(WebserviceException, NotFoundError):
    """The run has no such file."""


class AuthenticationException(AzureMLException):
    """Nobody logs in here."""


class ProjectSystemException(AzureMLException, WorkspaceError):
    """The workspace cannot be used."""


class RunConfigurationException(AzureMLException):
    """The run's configuration cannot be used."""


class ServiceException(AzureMLException):
    """There is no service here."""


class RunNotFoundException(ServiceException, NotFoundError):
    """There is no such run."""


class SnapshotException(AzureMLException):
    """The source cannot be copied."""


class TrainingException(AzureMLException):
    """The run could not be submitted or cancelled."""


class ExperimentExecutionException(AzureMLException):
    """The run could not be started."""


class ActivityFailedException(AzureMLException, SweepFailedError):
    """The run failed."""


#: What stands for the facade's errors that say nothing of the input.
_SAME = {
    NotFoundError: RunNotFoundException,
    SweepFailedError: ActivityFailedException,
    WorkspaceError: ProjectSystemException,
}


@contextmanager
def raising(kind: type[AzureMLException]) -> Iterator[None]:
    """Turns a SpecError of the facade into `kind`, with the same message, field, value and allowed.

    What is not supported here becomes HyperDriveScenarioNotSupportedException, other errors what `_SAME` says: each is
    still of the facade's class, too.
    """
    try:
        yield
    except SpecError as error:
        if isinstance(error, AzureMLException):
            raise
        chosen = HyperDriveScenarioNotSupportedException if isinstance(error, UnsupportedError) else kind
        details = {"field": error.field, "value": error.value, "allowed": error.allowed}
        # One traceback is enough: the first error says nothing that this one does not.
        raise chosen(error.message, error, hint=error.hint, **details) from None
    except tuple(_SAME) as error:
        if isinstance(error, AzureMLException):
            raise
        same = next(made for base, made in _SAME.items() if isinstance(error, base))
        raise same(error.message, error, hint=error.hint) from None


def raises(kind: type[AzureMLException]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same for a whole function."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            with raising(kind):
                return function(*args, **kwargs)

        return call

    return decorate


def in_azures_words(cls: type[C]) -> type[C]:
    """The class, whose public methods that the facade defines raise Azure's exceptions (UserErrorException for input).

    Methods that the class defines itself are left as they are.
    """
    for name in dir(cls):
        method = inspect.getattr_static(cls, name)
        is_facades = isinstance(method, FunctionType) and method.__module__.startswith("overdrive.client.")
        if is_facades and not name.startswith("_") and not hasattr(method, "__wrapped__"):
            setattr(cls, name, raises(UserErrorException)(method))
    return cls
