"""The error of what only Azure has."""

from overdrive.errors import UnsupportedError

__all__ = ["AzureOnlyException"]


class AzureOnlyException(UnsupportedError):
    """This has a meaning in Azure only.

    Under this name notebooks and control scripts know it from their own errors, and go on.
    """
