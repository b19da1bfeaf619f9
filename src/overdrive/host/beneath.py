"""Files beneath a folder, reached without following a link: whoever writes there cannot lead a reader out of it."""

import errno
import os
import stat
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from overdrive.errors import NotFoundError

__all__ = ["Entry", "list_beneath", "open_beneath"]

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
#: Not blocking, so that a pipe which somebody put there does not hold us up before we see what it is.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Entry(NamedTuple):
    """A regular file."""

    #: The names that lead to it.
    parts: tuple[str, ...]
    size_bytes: int
    #: Seconds since 1970.
    modified_at: float


def list_beneath(
    folder: str, top: Sequence[str], most: int, barred: Callable[[tuple[str, ...]], None] = lambda parts: None
) -> Iterator[Entry]:
    """The regular files below `folder/top[0]/top[1]/…`, at most `most`, in order of their names. Links are left out,
    and so are folders that this user may not read and enter: `barred` is called for each of them.
    """
    pending = [tuple(top)]
    while pending and most > 0:
        parts = pending.pop()
        try:
            here = _descend(folder, parts)
        except NotFoundError as error:  # removed meanwhile, or a link now
            if isinstance(error.__cause__, PermissionError):
                barred(parts)
            continue
        try:
            found = [(name, about) for name in sorted(os.listdir(here)) if (about := _about(name, here))]
        except FileNotFoundError:  # removed meanwhile
            found = []
        except PermissionError:  # it may be read and not entered
            barred(parts)
            found = []
        finally:
            os.close(here)
        files = [(name, about) for name, about in found if stat.S_ISREG(about.st_mode)][:most]
        most -= len(files)
        yield from (Entry((*parts, name), about.st_size, about.st_mtime) for name, about in files)
        pending += [(*parts, name) for name, about in reversed(found) if stat.S_ISDIR(about.st_mode)]


def _about(name: str, folder: int) -> os.stat_result | None:
    """None for what was removed meanwhile: a script that writes files by rename hides none of the others."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def open_beneath(folder: str, parts: Sequence[str]) -> int:
    """A descriptor for reading the regular file `folder/parts[0]/parts[1]/…`, each part opened from the one before it.

    Raises NotFoundError for what is missing, a link anywhere on the way, or no regular file.
    """
    parent = _descend(folder, parts[:-1])
    try:
        fd = os.open(_checked(parts[-1]), _FILE, dir_fd=parent)
    except OSError as error:
        raise _not_there(error) from error
    finally:
        os.close(parent)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise NotFoundError("there is no such file")
    return fd


def _descend(folder: str, parts: Sequence[str]) -> int:
    """The folder at the end of `parts`, opened part by part."""
    try:
        here = os.open(folder, _FOLDER)
    except OSError as error:
        raise _not_there(error) from error
    for part in parts:
        try:
            below = os.open(_checked(part), _FOLDER, dir_fd=here)
        except OSError as error:
            raise _not_there(error) from error
        finally:
            os.close(here)
        here = below
    return here


def _checked(part: str) -> str:
    if part in ("", ".", "..") or "/" in part or "\0" in part:
        raise NotFoundError("there is no such file")
    return part


def _not_there(error: OSError) -> NotFoundError:
    known = (errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.EACCES, errno.ENXIO, errno.ENAMETOOLONG, errno.EISDIR)
    if error.errno not in known:
        raise error
    if error.errno == errno.EACCES:
        return NotFoundError("Overdrive may not read that file: Permission denied")
    return NotFoundError("there is no such file")
