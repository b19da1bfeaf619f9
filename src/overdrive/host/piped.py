"""A program that is asked line by line: one line goes down its standard input, its answers come up, line by line."""

import contextlib
import os
import select
import subprocess
from collections.abc import Mapping

__all__ = ["PipedProgram"]

_READ_BYTES = 1 << 20


class PipedProgram:
    """A child process with a pipe to it and one from it. What it says on its standard error goes where ours goes.

    argv: program and arguments. environment: variables added to ours. Raises OSError when it cannot be started.
    """

    def __init__(self, argv: list[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **environment}, bufsize=0
        )
        self._poll = select.poll()
        self._poll.register(self.fd, select.POLLIN)
        self._unread = b""
        #: Whether its side of the pipe is closed: no answer comes any more.
        self.is_gone = False

    @property
    def fd(self) -> int:
        """Readable when there is something to read, or when it is gone."""
        return self._process.stdout.fileno()  # type: ignore[union-attr]

    def write_line(self, text: str) -> bool:
        """Asks; False when nobody is there. A line that is longer than a pipe holds waits until it is read."""
        try:
            self._process.stdin.write(text.encode() + b"\n")  # type: ignore[union-attr]
        except BrokenPipeError:
            self.is_gone = True
            return False
        return True

    def read_lines(self, waits: bool = False) -> list[str]:
        """The whole lines that came since the last call. waits: sleep until something comes, or it is gone."""
        if not self._poll.poll(None if waits else 0):
            return []
        data = os.read(self.fd, _READ_BYTES)
        self.is_gone = self.is_gone or not data
        *lines, self._unread = (self._unread + data).split(b"\n")
        return [line.decode() for line in lines]

    def close(self) -> int:
        """Closes the pipes, ends it, and waits for its end. Returns its exit code, negative for a signal."""
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]
        if self.is_gone:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self._process.wait(1.0)
        self._process.kill()
        return self._process.wait()
