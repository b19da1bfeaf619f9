"""Studio's web server as a process of its own, for tests that talk to it."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class StudioServer:
    """Runs on a port that is free, or the one given. A context manager. `names`: more names that it answers to;
    `through`: a command that runs it.
    """

    def __init__(self, workspace: Path, *names: str, port: int = 0, through: Sequence[str] = ()) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the server)
        self._process = subprocess.Popen(
            [*through, sys.executable, "-m", "overdrive.studio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={"MALLOC_ARENA_MAX": "2", **os.environ},
        )
        self._codes = 0
        known = ["127.0.0.1", "localhost", *names]
        self.tell({"workspace": str(workspace), "host": "127.0.0.1", "port": port, "names": known, "code": "first"})
        assert self._process.stdout is not None
        self.port: int = json.loads(self._process.stdout.readline())["port"]
        self.url = f"http://127.0.0.1:{self.port}/"
        self._cookie = ""

    @property
    def pid(self) -> int:
        return self._process.pid

    def code(self) -> str:
        """A code that logs one browser in."""
        self._codes += 1
        self.tell({"code": f"code{self._codes}"})
        return f"code{self._codes}"

    def ask(self, path: str, body: object = None) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of an answer to a program that has logged in."""
        if not self._cookie:
            _, _, headers = self._send("/api/login", {"code": "first"})
            self._cookie = headers["set-cookie"].partition(";")[0]
        return self._send(path, body)

    def json(self, path: str, body: object = None) -> Any:
        status, data, _ = self.ask(path, body)
        assert status < 300, (path, status, data)
        return json.loads(data, parse_constant=_refuse)

    def _send(self, path: str, body: object) -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"cookie": self._cookie, "content-type": "application/json"}
        text = None if body is None else json.dumps(body)
        connection.request("GET" if body is None else "POST", path, text, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        return found

    @contextlib.contextmanager
    def stream(self, path: str, headers: dict[str, str] | None = None) -> Iterator[Iterator[tuple[str, Any, str]]]:
        """Kind, body and id of each event of a stream."""
        self.ask("/api/server")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"cookie": self._cookie, **(headers or {})})
        answer = connection.getresponse()
        assert answer.status == 200, (path, answer.status, answer.read())
        yield _events(answer)
        connection.close()
        answer.close()

    def peak_mb(self) -> float:
        """The most memory that the server has held."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000

    def tell(self, words: object) -> None:
        """Writes a line to its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __enter__(self) -> "StudioServer":
        return self

    def close(self, says: str = "") -> None:
        """Ends the server, which has said just this on its standard error."""
        if self._errors.closed:
            return
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()
        with self._errors as errors:
            errors.seek(0)
            said = errors.read().decode()
        assert said == says, said


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _events(answer: http.client.HTTPResponse) -> Iterator[tuple[str, Any, str]]:
    fields: dict[str, str] = {}
    while line := answer.readline().decode():
        name, _, value = line.rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif "event" in fields:
            yield fields["event"], json.loads(fields["data"], parse_constant=_refuse), fields.get("id", "")
            fields = {}
