"""What the trial side raises on purpose.

AzureMLException                            Azure's root
├── UserErrorException                      the call cannot be used as it is
└── RunEnvironmentException                 this process is no trial, and an offline run was not wanted
NotInTrialError (RuntimeError)              there is no spool to append to
ControlSideMissingError (ImportError)       this interpreter cannot import Overdrive's control side
NotHereError (ModuleNotFoundError)          a name of Azure ML that Overdrive does not have
"""

from __future__ import annotations

import sys


class AzureMLException(Exception):
    """Something went wrong."""

    def __init__(
        self, exception_message: str = "", inner_exception: BaseException | None = None, **details: object
    ) -> None:
        #: One sentence: what happened.
        self.message = exception_message or (type(self).__doc__ or "").split("\n")[0]
        #: The exception that this one came from, or None.
        self.inner_exception = inner_exception
        super().__init__(self.message)


class UserErrorException(AzureMLException):
    """The input cannot be used."""


class RunEnvironmentException(AzureMLException):
    """This process is no trial of a sweep."""


class NotInTrialError(RuntimeError):
    """This process is no trial of a sweep: OVERDRIVE_METRICS is not set."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.__doc__)


class ControlSideMissingError(ImportError):
    """This interpreter cannot import Overdrive's control side."""


class NotHereError(ModuleNotFoundError):
    """Overdrive has no such name."""


def control_side_missing(wanted: str, reason: object = None) -> ControlSideMissingError:
    """The error for `wanted`, a dotted name: it names this interpreter and what to do.

    reason: why the import failed, in words, or None.
    """
    version = ".".join(str(part) for part in sys.version_info[:3])
    because = f" ({reason})" if reason else ""
    if sys.version_info >= (3, 10):
        remedy = f"install it with '{sys.executable} -m pip install overdrive'"
    else:
        remedy = "it takes Python 3.10 or newer"
    return ControlSideMissingError(
        f"{wanted} needs the whole of Overdrive, which {sys.executable} (Python {version}) cannot import{because}: "
        f"{remedy}; a training script that uses Run alone needs nothing.",
        name=wanted,
    )
