"""System calls that Python has no names for. Standard library only."""

import ctypes
import errno
import sys
from collections.abc import Callable

__all__ = ["become_subreaper", "name_process", "punch_hole"]

_IS_LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True)

#: prctl(2): the name in ps, and in /proc/<pid>/comm.
_PR_SET_NAME = 15
#: prctl(2): orphans among the descendants become children of this process.
_PR_SET_CHILD_SUBREAPER = 36
#: fallocate(2): free the blocks, keep the size.
_KEEP_SIZE, _PUNCH_HOLE = 1, 2


def _find_fallocate() -> Callable[[int, int, int, int], int] | None:
    function = getattr(_libc, "fallocate64", None) or getattr(_libc, "fallocate", None)
    if function is not None:
        function.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
    return function


_fallocate = _find_fallocate()


def become_subreaper() -> None:
    """Adopts the orphans below this process from now on; does nothing where the system cannot."""
    if _IS_LINUX:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def name_process(name: str) -> None:
    """Calls this process `name`, at most 15 letters; does nothing where the system cannot."""
    if _IS_LINUX:
        _libc.prctl(_PR_SET_NAME, name.encode("ascii"), 0, 0, 0)


def punch_hole(fd: int, start: int, size: int) -> bool:
    """Gives the blocks of [start, start + size) back, the file's size unchanged; False where that is not possible."""
    if _fallocate is None:
        return False
    if _fallocate(fd, _KEEP_SIZE | _PUNCH_HOLE, start, size) == 0:
        return True
    if ctypes.get_errno() in (errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(ctypes.get_errno(), "the output cannot be cut")
