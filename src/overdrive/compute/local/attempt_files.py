"""The files of one attempt, as docs/architecture.md names them. Light: shims use it too."""

import errno
import json
import os

from overdrive.host.files import is_barred
from overdrive.host.files import read_regular

__all__ = ["SERVER_NAME", "SHIM_NAME", "AttemptFiles", "make_token", "read_object", "take_room", "write_small"]

#: How the processes call themselves: a child of a fork server with another name is the orphan of a dead shim.
SERVER_NAME, SHIM_NAME = "overdrive-fork", "overdrive-shim"
#: More than any exit record needs, and less than the smallest block.
_ROOM_BYTES = 1024
#: How a file system says that a file cannot have a second name.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES)


class AttemptFiles:
    """Paths in a trial's folder, and what stands in the small ones."""

    __slots__ = ("attempt", "folder")

    def __init__(self, folder: str, attempt: int) -> None:
        self.folder = folder
        self.attempt = attempt

    @property
    def work(self) -> str:
        return f"{self.folder}/work"

    @property
    def output(self) -> str:
        return f"{self.folder}/output.{self.attempt}.txt"

    @property
    def hole(self) -> str:
        """{"from", "to"}: the bytes of the output that were given up; equal where it was cut and goes on."""
        return f"{self.folder}/output.{self.attempt}.hole.json"

    @property
    def spool(self) -> str:
        return f"{self.folder}/spool.{self.attempt}.jsonl"

    @property
    def token(self) -> str:
        return f"{self.folder}/token.{self.attempt}"

    @property
    def alive(self) -> str:
        """Locked by the shim while the process tree lives.

        Holds {"shim", "shim_ticks", "boot_id", "server", "server_ticks"}: who it is, and the fork server, its parent.
        """
        return f"{self.folder}/alive.{self.attempt}"

    @property
    def started_name(self) -> str:
        return f"started.{self.attempt}.json"

    @property
    def started(self) -> str:
        return f"{self.folder}/{self.started_name}"

    @property
    def exit_name(self) -> str:
        return f"exit.{self.attempt}.json"

    @property
    def exit(self) -> str:
        return f"{self.folder}/{self.exit_name}"

    def has_token(self) -> bool:
        """Whether the attempt was ever started, as far as can be known: yes, where the script barred its own folder."""
        try:
            os.stat(self.token)
        except FileNotFoundError:
            return False
        except OSError as error:
            if not is_barred(error):
                raise
        return True


def read_object(path: str) -> dict | None:
    """The JSON object in a file; None when it is missing, torn (power was cut before it reached the disk) or barred."""
    try:
        data = json.loads(read_regular(path))
    except (FileNotFoundError, ValueError):
        return None
    except OSError as error:
        if not is_barred(error):
            raise
        return None
    return data if isinstance(data, dict) else None


def make_token(files: AttemptFiles) -> bool:
    """Makes the token; False when there is one. Only for the holder of the lock. Raises OSError.

    It is another name of `alive`: a name costs a tenth of a file. Where there are no such names it is a file.
    """
    try:
        os.link(files.alive, files.token)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        try:
            os.close(os.open(files.token, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            return False
    return True


def write_small(path: str, text: str) -> None:
    """Writes a small file that is whole or absent. Only for the holder of the attempt's lock: the other name is fixed.

    `overdrive.host.files.write_atomically` takes twice as long, for writers that may be many. Raises OSError.
    """
    os.rename(_write_aside(path, text.encode()), path)


def take_room(path: str) -> None:
    """Takes the room on the disk that `write_small` will need for this file. Raises OSError where there is none.

    (File systems that never write in place, such as Btrfs, may still have none left then.)
    """
    _write_aside(path, b" " * _ROOM_BYTES)


def _write_aside(path: str, data: bytes) -> str:
    folder, _, name = path.rpartition("/")
    temporary = f"{folder}/.tmp-{name}"
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if os.write(fd, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        os.ftruncate(fd, len(data))
    finally:
        os.close(fd)
    return temporary
