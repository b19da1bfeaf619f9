"""Ways to log in to Azure: taken, and nothing is done with them, since there is no account."""

from overdrive.compat.azureml.missing import NamesMissing

__all__ = [
    "AzureCliAuthentication",
    "InteractiveLoginAuthentication",
    "MsiAuthentication",
    "ServicePrincipalAuthentication",
]


class _Authentication(NamesMissing):
    """Whatever it is given: nobody logs in, nothing is kept."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Keeps nothing, passwords least of all."""

    def get_authentication_header(self) -> dict[str, str]:
        """Nothing: nobody is asked."""
        return {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class InteractiveLoginAuthentication(_Authentication):
    """Accepted; nobody logs in."""


class AzureCliAuthentication(_Authentication):
    """Accepted; nothing is authenticated."""


class MsiAuthentication(_Authentication):
    """Accepted; nothing is authenticated."""


class ServicePrincipalAuthentication(_Authentication):
    """Accepted; nothing is authenticated, and the password is not kept."""
