"""Exceptions of `azure.core` by their names: what is raised here is an Overdrive error."""

from overdrive.errors import NotFoundError as ResourceNotFoundError
from overdrive.errors import OverdriveError as AzureError
from overdrive.errors import OverdriveError as HttpResponseError
from overdrive.errors import SpecError as ResourceExistsError

__all__ = ["AzureError", "HttpResponseError", "ResourceExistsError", "ResourceNotFoundError"]
