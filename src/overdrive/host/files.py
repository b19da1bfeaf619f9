"""Files that are whole or absent, and folder trees that are copied or gone.

Everything made here is private whatever the umask, unless another mode is asked for: files 0600 (0700 where they can
be run), folders 0700. Paths are text and may hold anything that a path may hold. What the operating system refuses is
raised as its OSError; `disk_is_full(error)` tells the one kind that goes away by itself.
"""

import contextlib
import errno
import json
import os
import stat
from collections.abc import Callable
from collections.abc import Sequence

from overdrive.errors import WorkspaceError
from overdrive.host.copying import copy_file
from overdrive.host.copying import create
from overdrive.host.copying import write_all

__all__ = [
    "NoFileError",
    "copy_tree",
    "disk_is_full",
    "has_room",
    "is_barred",
    "make_private",
    "open_regular",
    "read_json",
    "read_regular",
    "read_tail",
    "remove_tree",
    "require_regular",
    "sync_file",
    "sync_folder",
    "write_atomically",
    "write_json",
]

#: What a script can do to its own files: unreadable, in circles, a file where a folder was, and the other way round.
_BARRED = (errno.EACCES, errno.EPERM, errno.ELOOP, errno.EEXIST, errno.ENOTDIR, errno.EISDIR)
#: sqlite3's error code for a full disk.
_SQLITE_FULL = 13
#: Bytes that must be free, or a disk counts as full.
_ROOM_BYTES = 1 << 20
#: Levels of folders that are held open at once while a tree is removed.
_DEPTH = 32
#: Passes over a tree that is being removed: each takes away that many levels, or what appeared meanwhile.
_PASSES = 1000


class NoFileError(OSError):
    """Something else lies where a file should: a folder, a pipe, a socket, a device."""


def write_atomically(path: str, data: bytes | str, sync: bool = False, mode: int = 0o600) -> None:
    """Writes `data` (text as UTF-8) so that readers see the old file or the whole new one, never a part.

    The new file is made beside the target under a name that starts with `.tmp-`: who lists a folder leaves out names
    that start with a dot. `sync`: the bytes and the name survive a power cut when this returns (some ms); without it
    they survive the death of any process. mode: who may do what with it. Raises OSError; then nothing is left behind.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".tmp-{os.urandom(8).hex()}")
    fd = create(temporary, mode)
    try:
        try:
            write_all(fd, data.encode() if isinstance(data, str) else data)
            if sync:
                os.fsync(fd)
        finally:
            os.close(fd)
        os.rename(temporary, os.path.join(folder, name))
    except BaseException:
        os.unlink(temporary)
        raise
    if sync:
        sync_folder(folder or ".")


def sync_file(path: str) -> None:
    """Makes what is in the file `path` survive a power cut; its name is its folder's. Raises OSError."""
    _sync(path, os.O_RDONLY)


def sync_folder(folder: str) -> None:
    """Makes the names in `folder` survive a power cut. Raises OSError."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: str, flags: int) -> None:
    fd = os.open(path, flags)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def open_regular(path: str) -> int:
    """A descriptor for reading a regular file. Raises NoFileError, which says what else is there, and OSError.

    A script can put anything in the place of a file, and opening a pipe the usual way waits for somebody to write.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ENXIO:
            require_regular(path, os.stat(path).st_mode)  # a socket
        raise
    try:
        require_regular(path, os.fstat(fd).st_mode)
    except NoFileError:
        os.close(fd)
        raise
    return fd


def read_regular(path: str) -> bytes:
    """All of a regular file. Raises as `open_regular` does."""
    with open(open_regular(path), "rb") as file:
        return file.read()


def require_regular(path: str, mode: int) -> None:
    """Raises NoFileError where the mode (`st_mode`) of what is at `path` is not that of a regular file."""
    if not stat.S_ISREG(mode):
        words = next((words for is_kind, words in _ODD if is_kind(mode)), "a device")
        raise NoFileError(errno.EINVAL, f"it is {words} and no file", path)


_ODD = ((stat.S_ISFIFO, "a named pipe"), (stat.S_ISDIR, "a folder"), (stat.S_ISSOCK, "a socket"))


def write_json(path: str, data: object, sync: bool = False) -> None:
    """Writes `data` as strict JSON, by `write_atomically`. Raises ValueError for non-finite numbers, and OSError."""
    write_atomically(path, json.dumps(data, allow_nan=False) + "\n", sync)


def read_json(path: str) -> object | None:
    """What `write_json` wrote, or None where there is no such file.

    Raises WorkspaceError when the file holds something else, or is none (nothing here leaves a torn file, so somebody
    else damaged it), and OSError.
    """
    hint = "restore it from a copy, or move it away to go on without it"
    try:
        return json.loads(read_regular(path))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise WorkspaceError(f"{path} is damaged: {error}", hint=hint) from error
    except NoFileError as error:
        raise WorkspaceError(f"{path} is damaged: {error.strerror}", hint=hint) from error


def make_private(folder: str) -> None:
    """Makes `folder` and the folders above it that are missing, each 0700; existing ones are left as they are."""
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        if not os.path.isdir(folder):
            raise
        return
    except FileNotFoundError:
        parent = os.path.dirname(os.path.abspath(folder))
        if not os.path.lexists(parent):
            make_private(parent)
            make_private(folder)
            return
        # Made meanwhile by somebody else; or a link to nowhere, or /proc, which makes none: asking more than once more
        # would go on for ever.
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o700)
    if os.stat(folder).st_mode & 0o777 != 0o700:
        os.chmod(folder, 0o700)


def copy_tree(
    source: str, target: str, leave_out: Sequence[str] = (), copy: Callable[[str, str], None] = copy_file
) -> None:
    """Copies the folder `source` into `target`, which is made where it is missing; files that are there are replaced.

    Bytes, modification times and 'can be run' are kept; blocks are shared with the source where the file system can
    (reflinks). Links are copied as links with their text unchanged; sockets, pipes and devices are left out, and the
    names in `leave_out` right below `source`. `copy` is called for each file with its path and the copy's.
    Raises OSError.
    """
    pending = [(source, target)]
    while pending:
        here, there = pending.pop()
        make_private(there)
        with os.scandir(here) as entries:
            for entry in entries:
                if leave_out and here is source and entry.name in leave_out:
                    continue
                path = f"{there}/{entry.name}"
                if entry.is_symlink():
                    _copy_link(entry.path, path)
                elif entry.is_dir(follow_symlinks=False):
                    pending.append((entry.path, path))
                elif entry.is_file(follow_symlinks=False):
                    copy(entry.path, path)


def _copy_link(source: str, target: str) -> None:
    text = os.readlink(source)
    try:
        os.symlink(text, target)
    except FileExistsError:
        os.unlink(target)
        os.symlink(text, target)


def remove_tree(folder: str) -> None:
    """Removes `folder` and all below it; a missing one is fine. Links are removed, never followed.

    Folders without write permission are opened up first; any depth works with a fixed number of open files; what
    vanishes or appears meanwhile is taken as it comes. A link in the place of `folder` is removed itself.
    Raises OSError.
    """
    try:
        if not _is_folder(folder):
            os.unlink(folder)
            return
        fd = _open_folder(folder)
    except FileNotFoundError:
        return
    try:
        _remove_opened(folder, fd)
    finally:
        os.close(fd)


def _remove_opened(folder: str, fd: int) -> None:
    """Pass after pass over the open `folder`, until one finds it empty and it goes."""
    for _ in range(_PASSES):
        if _remove_entries(fd, fd, 1) == 0 and _remove_if_empty(folder):
            return
    raise OSError(errno.ENOTEMPTY, "something keeps writing into it", folder)


def _remove_entries(fd: int, top: int, depth: int) -> int:
    """Removes what is in the folder `fd`, `depth` levels below `top`; returns how many entries it met."""
    names = os.listdir(fd)
    for name in names:
        try:
            os.unlink(name, dir_fd=fd)
        except FileNotFoundError:
            pass
        except (IsADirectoryError, PermissionError):  # macOS answers EPERM for a folder
            if not _is_folder(name, fd):
                raise
            _remove_folder(name, fd, top, depth)
    return len(names)


def _remove_folder(name: str, parent: int, top: int, depth: int) -> None:
    """Removes the folder `name`; at the last level it is moved up into `top`, where a later pass finds it."""
    fd = _open_folder(name, parent)
    try:
        if depth == _DEPTH:
            os.rename(name, f".removed-{os.urandom(8).hex()}", src_dir_fd=parent, dst_dir_fd=top)
            return
        _remove_entries(fd, top, depth + 1)
    finally:
        os.close(fd)
    _remove_if_empty(name, parent)


def _remove_if_empty(name: str, parent: int | None = None) -> bool:
    """Whether the folder is gone now; not, when something appeared in it meanwhile."""
    try:
        os.rmdir(name, dir_fd=parent)
    except FileNotFoundError:
        return True
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        return False
    return True


def _is_folder(name: str, parent: int | None = None) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)


def _open_folder(name: str, parent: int | None = None) -> int:
    """Opens a folder, never through a link, and makes it ours to change."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        fd = os.open(name, flags, dir_fd=parent)
    except PermissionError:
        os.chmod(name, 0o700, dir_fd=parent)
        fd = os.open(name, flags, dir_fd=parent)
    if os.fstat(fd).st_mode & 0o700 != 0o700:
        os.fchmod(fd, 0o700)
    return fd


def read_tail(path: str, size: int) -> bytes:
    """The last `size` bytes of a file, all of a shorter one, b'' where there is none. Raises OSError."""
    try:
        fd = open_regular(path)
    except (FileNotFoundError, NoFileError):
        return b""
    with open(fd, "rb", buffering=0) as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - size))
        return file.read(size)


def has_room(folder: str) -> bool:
    """Whether the disk of `folder` still takes a megabyte and a file; True where it cannot be asked."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return True
    return disk.f_bavail * disk.f_frsize >= _ROOM_BYTES and (disk.f_files == 0 or disk.f_favail > 0)


def disk_is_full(error: BaseException | None) -> bool:
    """Whether `error` (SQLite's, too), or what caused it, says that the disk or the user's quota of it is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlite_errorcode", None) == _SQLITE_FULL or str(error) == "database or disk is full":
            return True
        error = error.__cause__
    return False


def is_barred(error: OSError) -> bool:
    """Whether it says that somebody made the path unusable, as a script can do to its own files: no fault of a disk."""
    return error.errno in _BARRED or isinstance(error, NoFileError)
