"""The command line as a person uses it: real processes, with pipes or with a terminal."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path

#: Seconds that anything may take before a test gives up.
PATIENCE_S = 60.0

TRAIN = """
import argparse, sys, time
from azureml.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float)
parser.add_argument("--kind", default="good")
parser.add_argument("--name", default="accuracy")
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--gate", default=None)
args = parser.parse_args()
run = Run.get_context()
print("training with", args.lr, flush=True)
for epoch in range(args.epochs):
    run.log(args.name, args.lr * (epoch + 1))
    while args.gate and not __import__("os").path.exists(args.gate):
        time.sleep(0.02)
if args.kind == "bad":
    sys.exit("out of luck")
open("outputs/model.txt", "w").write(str(args.lr))
"""


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Returns when the condition holds; fails after PATIENCE_S."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


def overdrive(
    *arguments: object, code: int | None = 0, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs `overdrive` with pipes; fails unless it ends with `code` (None: whatever)."""
    done = subprocess.run(
        [sys.executable, "-m", "overdrive", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert code is None or done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def write_script(folder: Path, text: str = TRAIN) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "train.py"
    script.write_text(text)
    return script


class Terminal:
    """`overdrive` on a terminal of its own."""

    def __init__(
        self, *arguments: object, columns: int = 80, rows: int = 24, env: Mapping[str, str] | None = None
    ) -> None:
        self._fd, inside = os.openpty()
        self.resize(columns, rows)
        environment = {**os.environ, "TERM": "xterm-256color", **(env or {})}
        for name in ("NO_COLOR", "COLUMNS", "LINES"):
            if name not in (env or {}):
                environment.pop(name, None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "overdrive", *map(str, arguments)],
            stdin=inside,
            stdout=inside,
            stderr=inside,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(inside)
        self._bytes = b""

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: bytes) -> None:
        os.write(self._fd, keys)

    @property
    def raw(self) -> str:
        """Everything that was written to the terminal so far."""
        while select.select([self._fd], [], [], 0)[0]:
            try:
                data = os.read(self._fd, 65536)
            except OSError:  # the other side is closed
                break
            if not data:
                break
            self._bytes += data
        return self._bytes.decode("utf-8", "replace")

    @property
    def text(self) -> str:
        """The same without the terminal's own words."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.raw).replace("\r\n", "\n")

    def wait_for(self, words: str) -> None:
        wait_until(lambda: words in " ".join(self.text.split()), f"{words!r} in:\n{self.text[-2000:]}")

    def end(self) -> int:
        """Waits for the end of the process; its exit code."""
        wait_until(lambda: (self.raw, self._process.poll())[1] is not None, "the end of the command")
        return self._process.returncode

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        os.close(self._fd)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
