"""Reads spools: what trials logged, line by line, from any byte offset on."""

import os
import stat
from dataclasses import dataclass
from dataclasses import field

from overdrive.records import MetricRecord
from overdrive.store.lines import parse_line
from overdrive.store.lines import salvage_line

#: A line longer than this is no metric: it is taken in as unreadable, piece by piece.
LINE_LIMIT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """What one read took in: whole lines only."""

    records: list[MetricRecord] = field(default_factory=list)
    #: Bytes [start, end) of the spool; start == end when there was nothing new.
    start: int
    end: int
    #: Lines that are no record: torn, damaged, of another form.
    bad: int = 0
    #: Number of the first record; the others follow without gaps.
    first: int


class SpoolReader:
    """Follows one attempt's spool. It keeps `offset` and `first` only, so that a new reader goes on where one ended."""

    def __init__(self, path: str | os.PathLike[str], offset: int = 0, first: int = 0) -> None:
        self.path = path
        #: Bytes taken in so far.
        self.offset = offset
        #: Number of the next record.
        self.first = first

    def read(self, max_bytes: int = 1 << 20, final: bool = False) -> Batch:
        """The lines from the offset on, about max_bytes of them (one line longer than that comes alone).

        final: the attempt is over, so nothing will complete a last line without newline: it is taken if it parses, and
        counted as bad if not. Read until start == end.
        A file that is missing or shorter than the offset says nothing. What a line holds never raises; OSError passes
        for other faults of the file.
        """
        data = self._read_lines(max_bytes, final)
        start, first = self.offset, self.first
        records, bad = parse_lines(data, first)
        self.offset += len(data)
        self.first += len(records)
        return Batch(records=records, start=start, end=self.offset, bad=bad, first=first)

    def _read_lines(self, max_bytes: int, final: bool) -> bytes:
        """Bytes from the offset up to a newline (or, with `final`, up to the end of the file)."""
        try:
            # As open_regular, without its exceptions: what a script put in its spool's place is nothing new to read.
            fd = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return b""
        try:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode) or status.st_size <= self.offset:
                return b""
            data = os.pread(fd, max_bytes, self.offset)
            if b"\n" not in data and status.st_size - self.offset > max_bytes:
                data = _longer(fd, self.offset)
            is_all = self.offset + len(data) >= status.st_size
        finally:
            os.close(fd)
        return data if (final and is_all) or len(data) >= LINE_LIMIT_BYTES else data[: data.rfind(b"\n") + 1]


def parse_lines(data: bytes, first: int) -> tuple[list[MetricRecord], int]:
    """The records of lines, numbered from `first`, and how many lines are none. Empty lines count as nothing."""
    records: list[MetricRecord] = []
    bad = 0
    for line in data.split(b"\n"):
        if line:
            record = parse_line(line, first + len(records))
            if record is not None:
                records.append(record)
            elif not line.isspace():
                found = salvage_line(line, first + len(records))
                bad += len(found) < 2
                records += found
    return records, bad


def _longer(fd: int, offset: int) -> bytes:
    """One line longer than usual, with its newline; what there is of it, up to the limit, while it has none."""
    data = os.pread(fd, LINE_LIMIT_BYTES, offset)
    end = data.find(b"\n")
    return data if end < 0 else data[: end + 1]
