"""What `overdrive studio` does: starts the web server, hands out links, and is the doorman meanwhile."""

import html
import ipaddress
import json
import os
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import webbrowser
from pathlib import Path

from overdrive.cli.console import say
from overdrive.cli.state import State
from overdrive.client.doorman import Doorman
from overdrive.errors import SpecError
from overdrive.errors import UnwritableError
from overdrive.errors import WorkspaceError

#: Names of this machine's own.
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(state: State, *, open_it: bool, port: int, host: str, let_others_in: bool) -> int:
    """Runs until Ctrl-C, or until the server ends. Raises SpecError for an address that needs a flag, WorkspaceError
    for one that cannot be had.
    """
    _check_host(host, let_others_in)
    workspace = state.open_workspace()
    names = sorted({*_LOOPBACK, host} - {"0.0.0.0", "::"} | ({_own_name()} if let_others_in else set()))
    try:
        doorman = Doorman(workspace)
    except OSError as error:
        raise UnwritableError(f"{workspace.path} cannot be written: {error.strerror or error}") from error
    process = subprocess.Popen(
        [sys.executable, "-m", "overdrive.studio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Its threads come and go: with an arena of its own, each would keep what it once needed.
        env={"MALLOC_ARENA_MAX": "2", **os.environ},
    )
    opening = OpeningFile()
    try:
        code = secrets.token_urlsafe(32)
        wanted = {"workspace": str(workspace.path), "host": host, "port": port, "names": names, "code": code}
        _tell(process, wanted)
        answer = json.loads(_stdout(process).readline() or '{"error": "it ended before it began"}')
        if "error" in answer:
            raise WorkspaceError(
                f"Studio cannot listen on {host}, port {port}: {answer['error']}", hint="another port: --port 0"
            )
        shown = host if host not in ("0.0.0.0", "::") else _own_name()
        place = f"http://{f'[{shown}]' if ':' in shown else shown}:{answer['port']}/"
        _hand_out(place, code, opening if open_it else None)
        return _attend(process, place, doorman, opening)
    except KeyboardInterrupt:
        return 0
    finally:
        opening.remove()
        doorman.close()
        if process.stdin:
            process.stdin.close()
        process.wait()


def _attend(process: "subprocess.Popen[str]", place: str, doorman: Doorman, opening: "OpeningFile") -> int:
    """Until the server ends: starts engines where requests need them; Enter prints a new link."""
    watched: list = [_stdout(process)]
    if sys.stdin and sys.stdin.isatty():
        watched.append(sys.stdin)
    while True:
        for sentence in doorman.attend():
            say(sentence)
        ready, _, _ = select.select([*watched, *doorman.fds], [], [], doorman.period_s)
        if watched[0] in ready:
            if not watched[0].readline():
                return process.wait()
            opening.remove()  # somebody has logged in
        if sys.stdin not in ready:
            continue
        if not sys.stdin.readline():
            watched.remove(sys.stdin)
            continue
        code = secrets.token_urlsafe(32)
        _tell(process, {"code": code})
        _hand_out(place, code, None)


class OpeningFile:
    """A page of our own that leads the browser to a link: whoever reads the browser's arguments reads its name alone.

    In a folder that none but this user can look into; there until it was used, or Studio ends.
    """

    def __init__(self) -> None:
        self._folder: str | None = None

    def write(self, link: str) -> str:
        """Its address. Raises OSError where it cannot be written."""
        self._folder = tempfile.mkdtemp(prefix="overdrive-")
        path = Path(self._folder) / "studio.html"
        target = html.escape(link)
        text = '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Studio</title>'
        text += f'<meta http-equiv="refresh" content="0; url={target}"><a href="{target}">Studio</a>'
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as file:
            file.write(text)
        return path.as_uri()

    def remove(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = None


def _hand_out(place: str, code: str, opening: OpeningFile | None) -> None:
    """Prints the link. opening: by which a browser is led to it; None: none is opened."""
    link = f"{place}#code={code}"
    say(link)
    if opening is not None and not _is_opened(opening, link):
        say("No browser could be opened: copy the link.")
    elif sys.stdin and sys.stdin.isatty():
        say("It logs one browser in. Enter: another link. Ctrl-C: end Studio; sweeps go on.")


def _is_opened(opening: OpeningFile, link: str) -> bool:
    try:
        return webbrowser.open(opening.write(link))
    except OSError:
        return False


def _tell(process: "subprocess.Popen[str]", words: dict[str, object]) -> None:
    if process.stdin:
        process.stdin.write(json.dumps(words) + "\n")
        process.stdin.flush()


def _stdout(process: "subprocess.Popen[str]"):
    if process.stdout is None:
        raise WorkspaceError("the server has no output")
    return process.stdout


def _check_host(host: str, let_others_in: bool) -> None:
    if host == "localhost" or let_others_in:
        return
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise SpecError(field="--host", value=host, allowed="an IP address of this machine, or localhost") from None
    if not address.is_loopback:
        raise SpecError(
            field="--host",
            value=host,
            allowed="an address of this machine's own, such as 127.0.0.1",
            hint="--let-others-in allows it: whoever has a link then sees this workspace, over a network that is "
            "not encrypted; ssh -L 8765:127.0.0.1:8765 is safer",
        )


def _own_name() -> str:
    return os.uname().nodename
