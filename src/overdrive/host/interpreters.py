"""What other Pythons on this machine have."""

import subprocess

__all__ = ["can_import"]

#: Seconds that a Python may take to start and to import: file systems of clusters are slow the first time.
_PATIENCE_S = 60


def can_import(program: str, module: str) -> bool:
    """Whether the Python `program` imports `module`, asked from outside of any folder that could hold one.

    Raises OSError when it cannot be started, or does not answer within a minute.
    """
    try:
        asked = subprocess.run(
            [program, "-c", f"import {module}"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"{program} did not answer within {_PATIENCE_S} s") from error
    return asked.returncode == 0
