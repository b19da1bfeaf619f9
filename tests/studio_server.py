"""Studio's web server as a process of its own, for tests that talk to it."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


class StudioServer:
    """Runs on a port that is free. A context manager."""

    def __init__(self, workspace: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "overdrive.studio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"MALLOC_ARENA_MAX": "2", **os.environ},
        )
        self._codes = 0
        names = ["127.0.0.1", "localhost"]
        self._tell({"workspace": str(workspace), "host": "127.0.0.1", "port": 0, "names": names, "code": "first"})
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
        self._tell({"code": f"code{self._codes}"})
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

    def _tell(self, words: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def __enter__(self) -> "StudioServer":
        return self

    def __exit__(self, *exc: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")
