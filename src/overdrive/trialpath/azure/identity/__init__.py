"""`azure.identity`: the installed one, or credentials that nobody asks for anything."""

from azure._installed import take_installed

if not take_installed(__name__):
    from time import time as _time
    from types import SimpleNamespace as _Namespace

    class DefaultAzureCredential:
        """Who somebody is in the cloud: here nobody asks."""

        def __init__(self, *_, **__):
            pass

        def get_token(self, *_, **__):
            """A token that opens nothing."""
            return _Namespace(token="", expires_on=int(_time()) + 3600)

    class AzureCliCredential(DefaultAzureCredential):
        """The same."""

    class ChainedTokenCredential(DefaultAzureCredential):
        """The same."""

    class ClientSecretCredential(DefaultAzureCredential):
        """The same."""

    class DeviceCodeCredential(DefaultAzureCredential):
        """The same."""

    class EnvironmentCredential(DefaultAzureCredential):
        """The same."""

    class InteractiveBrowserCredential(DefaultAzureCredential):
        """The same."""

    class ManagedIdentityCredential(DefaultAzureCredential):
        """The same."""
