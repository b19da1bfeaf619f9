"""How many files this process may have open, and whether there is room for more."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["has_spare", "limit", "raise_limit", "usual_limit"]

#: More than this is never asked for: some systems refuse 'as many as there are'.
_MOST = 65536

#: What the process was started with, once it was raised.
_usual: int | None = None


def limit() -> int:
    """How many files this process may have open now."""
    return _finite(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def raise_limit() -> None:
    """As many as the system lets this process have without asking anybody. `usual_limit` is for what it starts."""
    global _usual
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _usual is None:
        _usual = soft
    for wanted in (min(_finite(hard), _MOST), 10240):  # macOS says 'unlimited' and means its OPEN_MAX
        try:
            if _finite(soft) < wanted <= _finite(hard):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return
        except (ValueError, OSError):
            continue


@contextmanager
def usual_limit() -> Iterator[None]:
    """What is started inside gets the limit from before `raise_limit`: select(2), say, takes no more than 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _usual is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (_usual, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def has_spare(fd: int, count: int) -> bool:
    """Whether `count` more files could be opened now. fd: any open one."""
    opened: list[int] = []
    try:
        for _ in range(count):
            opened.append(os.dup(fd))
    except OSError as error:
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            raise
        return False
    finally:
        for each in opened:
            os.close(each)
    return True


def _finite(value: int) -> int:
    return _MOST if value == resource.RLIM_INFINITY else value
