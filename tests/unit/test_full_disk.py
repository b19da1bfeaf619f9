"""What an engine waits for, and what it does not."""

import errno
import sqlite3
from pathlib import Path

import pytest

from overdrive.engine.full_disk import FullDisk
from overdrive.engine.full_disk import is_disk_full


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OSError(errno.ENOSPC, "full"), True),
        (OSError(errno.EDQUOT, "quota"), True),
        (OSError(errno.EIO, "a network file system found no room"), True),
        (sqlite3.OperationalError("database or disk is full"), True),
        (sqlite3.OperationalError("disk I/O error"), True),
        (OSError(errno.EACCES, "not yours"), False),
        (sqlite3.OperationalError("no such table: events"), False),
    ],
)
def test_want_of_room_is_waited_for_and_nothing_else(error: Exception, is_full: bool, tmp_path: Path) -> None:
    assert is_disk_full(error) is is_full
    failures = [error]

    def act() -> str:
        if failures:
            raise failures.pop()
        return "written"

    disk = FullDisk(tmp_path)
    if is_full:
        assert disk.retry(act) == "written"
    else:
        with pytest.raises(type(error)):
            disk.retry(act)
