"""The folder in which all of a user's processes on this machine meet: whose slot is whose is written there as locks.

It is the same for a terminal, a notebook server and a cron job, so it depends on nothing that differs between them:
XDG_RUNTIME_DIR, which only some sessions have, is the second choice.
"""

import os
import stat

from overdrive.errors import UnwritableError
from overdrive.host.files import make_private

__all__ = ["runtime_folder"]

#: Not TMPDIR, which differs between sessions.
_TMP = "/tmp"


def runtime_folder() -> str:
    """The folder, made where it is missing: OVERDRIVE_RUNTIME, or else /tmp/overdrive-<uid>.

    Where somebody else has taken that name in /tmp: `overdrive` in XDG_RUNTIME_DIR. It is a real folder, ours, 0700.
    Raises UnwritableError where there is none of that kind.
    """
    named = os.environ.get("OVERDRIVE_RUNTIME")
    if named:
        return _checked(named)
    try:
        return _checked(f"{_TMP}/overdrive-{os.geteuid()}")
    except UnwritableError:
        session = os.environ.get("XDG_RUNTIME_DIR")
        if not session:
            raise
        return _checked(f"{session}/overdrive")


def _checked(folder: str) -> str:
    try:
        make_private(folder)
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            about = os.fstat(fd)
            if about.st_uid != os.geteuid():
                raise PermissionError(0, f"it belongs to the user with the number {about.st_uid}")
            if stat.S_IMODE(about.st_mode) != 0o700:
                os.fchmod(fd, 0o700)
        finally:
            os.close(fd)
    except OSError as error:
        raise UnwritableError(
            f"the runtime folder {folder} cannot be used: {error.strerror}",
            hint="set OVERDRIVE_RUNTIME to a folder on a local disk that only you can write",
        ) from error
    return folder
