"""`overdrive studio --open`: the browser gets the one-time code, and nobody else who looks at the machine does."""

import contextlib
import http.client
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from commands import wait_until
from studio_server import StudioServer


@contextlib.contextmanager
def opened(folder: Path, **words: str) -> Iterator["subprocess.Popen[str]"]:
    """`overdrive studio --open` with these environment variables; ended by Ctrl-C."""
    studio = subprocess.Popen(
        [sys.executable, "-m", "overdrive", "studio", "--open", "--port", "0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OVERDRIVE_WORKSPACE": str(folder / "workspace"), **words},
    )
    try:
        yield studio
    finally:
        studio.send_signal(signal.SIGINT)
        studio.communicate(timeout=60)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the limits of another process")
def test_it_has_room_for_more_connections_than_the_shell_gives(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    try:
        with StudioServer(tmp_path) as server:
            (line,) = (each for each in Path(f"/proc/{server.pid}/limits").read_text().splitlines() if "files" in each)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert int(line.split()[3]) == min(hard, 65536)


def test_the_code_stands_in_no_arguments(tmp_path: Path) -> None:
    told, browser = tmp_path / "told", tmp_path / "browser"
    browser.write_text('#!/bin/sh\nprintf "%s" "$@" >"$TOLD.new" && mv "$TOLD.new" "$TOLD"\n')
    browser.chmod(0o755)
    with opened(tmp_path, BROWSER=f"{shlex.quote(str(browser))} %s", TOLD=str(told)) as studio:
        assert studio.stdout is not None
        link = studio.stdout.readline().strip()
        port, code = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/#code=([\w-]+)", link).groups()  # type: ignore[union-attr]
        wait_until(told.exists, "the browser")
        (address,) = told.read_text().splitlines()
        assert urlsplit(address).scheme == "file" and code not in address
        page = Path(url2pathname(urlsplit(address).path))
        assert (page.stat().st_mode & 0o777, page.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert f"url={link}" in page.read_text()
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
        connection.request("POST", "/api/login", json.dumps({"code": code}), {"content-type": "application/json"})
        assert connection.getresponse().status == 204
        connection.close()
        wait_until(lambda: not page.parent.exists(), "the file to be removed when it was used")


def test_a_file_that_nobody_used_is_removed_at_the_end(tmp_path: Path) -> None:
    with opened(tmp_path, BROWSER="true %s", TMPDIR=str(tmp_path)):
        wait_until(lambda: list(tmp_path.glob("overdrive-*/studio.html")), "the file")
    assert not list(tmp_path.glob("overdrive-*/studio.html"))
