"""What scripts tell Azure about telling Azure: nothing is sent to anybody here."""

__all__ = ["set_diagnostics_collection"]


def set_diagnostics_collection(send_diagnostics: bool = True, verbosity: object = None) -> None:
    """Accepted; Overdrive sends nothing to anybody."""
