"""Warnings of the rooms below, said as they come: before what they warn of starts."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from overdrive.cli.console import say_aside


@contextmanager
def warnings_said() -> Iterator[None]:
    """Says each UserWarning as 'Warning: …' on standard error."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = lambda message, *_, **__: say_aside(f"Warning: {message}")
        yield
