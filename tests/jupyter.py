"""JupyterLab and Notebook 7 as processes of their own, with nothing of the user's, for tests that look at notebooks."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

from commands import wait_until

#: JupyterLab 4.6 at times does not leave when it is told to, seen after its kernel was ended; kernels leave with it.
_LEAVE_S = 20


class JupyterLab:
    """Serves `folder` on a port that is free. A context manager."""

    #: The program, and where it shows a notebook.
    module, path = "jupyterlab", "lab/tree"

    def __init__(self, folder: Path) -> None:
        home = folder / ".jupyter"
        places = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        self._log = (folder / "lab.log").open("w")
        # News and updates would be asked for elsewhere.
        options = ["--no-browser", "--allow-root", "--ServerApp.port=0", f"--ServerApp.root_dir={folder}"]
        options += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.module, *options],
            env={**os.environ, **places, "IPYTHONDIR": str(home / "ipython")},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        runtime = home / "runtime"
        # The file is there before its words are.
        wait_until(
            lambda: any(each.read_text().endswith("}") for each in runtime.glob("jpserver-*.json")), "JupyterLab"
        )
        found = json.loads(next(runtime.glob("jpserver-*.json")).read_text())
        self.url, self._token = found["url"], found["token"]
        wait_until(self._answers, "JupyterLab's answer")

    def address(self, notebook: str) -> str:
        return f"{self.url}{self.path}/{notebook}?token={self._token}"

    def wait_for_kernel(self) -> None:
        """Until a page is connected to a kernel that waits for cells."""
        wait_until(self._has_kernel, "a kernel")

    def _has_kernel(self) -> bool:
        try:
            kernels = json.loads(self._ask("api/kernels"))
        except OSError:  # of a kernel that is just being started the server does not know everything that it is to tell
            return False
        return any(kernel["execution_state"] == "idle" and kernel["connections"] for kernel in kernels)

    def end_kernels(self) -> None:
        for kernel in json.loads(self._ask("api/kernels")):
            self._ask(f"api/kernels/{kernel['id']}", "DELETE")

    def _answers(self) -> bool:
        try:
            return bool(self._ask("api"))
        except OSError:
            return False

    def _ask(self, path: str, method: str = "GET") -> bytes:
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", f"token {self._token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def __enter__(self) -> "JupyterLab":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_LEAVE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


class Notebook7(JupyterLab):
    """The same with Notebook 7's page."""

    module, path = "notebook", "notebooks"
