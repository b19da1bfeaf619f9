"""Runs a notebook's cells in a kernel of this Python. Needs nbclient and ipykernel: see `notebooks`."""

import asyncio
import re
import signal
import sys
import tempfile
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from overdrive.cli.console import say
from overdrive.compat.checking.cell_code import assigned
from overdrive.compat.checking.cell_code import first_line
from overdrive.compat.running.ending import AZURE_ONLY
from overdrive.errors import OverdriveError
from overdrive.views.words import visible

#: Lines of a cell's output that are printed; the executed copy has them all.
_LINES = 40


class CellFailedError(OverdriveError):
    """A cell failed."""


class LeftError(OverdriveError):
    """The notebook was left."""

    def __init__(self, number: int) -> None:
        super().__init__(f"left in the middle by {signal.Signals(number).name}: the copy has what was done")
        self.exit_code = 128 + number


class ThisPython(AsyncKernelManager):
    """Starts this Python as the kernel, whatever kernel a notebook names: Azure's are not here.

    It is spoken to by sockets in a folder that only this user can enter, not by ports.
    """

    def __init__(self, **settings: Any) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="overdrive-")
        where = {"transport": "ipc", "connection_file": str(Path(self._folder.name) / "kernel.json")}
        super().__init__(**{**settings, **where})

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
        )


class Cells(NotebookClient):
    """Runs all cells, says how far it is, and keeps the copy up to date.

    A cell that uses what only Azure has is recorded and said, and so is one that lacks a name which such a cell would
    have made; any other error ends the notebook with CellFailedError. Cells are numbered as Jupyter numbers them
    (`In [n]`): code cells that hold code.
    """

    def __init__(self, notebook: NotebookNode, folder: Path, save: Callable[[], None]) -> None:
        super().__init__(
            notebook,
            kernel_manager_class=ThisPython,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            timeout=None,
            allow_errors=True,
            on_cell_execute=self._cell_starts,
            on_cell_executed=self._cell_ended,
        )
        cells = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
        #: Position in the notebook → number among the cells that run.
        self.numbers = {index: number for number, index in enumerate(cells, 1)}
        #: Number of a cell that was refused or lacks what such a cell makes → why, one sentence.
        self.not_here: dict[int, str] = {}
        #: Name → number of the cell that was to make it.
        self._unmade: dict[str, int] = {}
        self._save = save
        self._current = 0
        self._printed = 0
        self._left: int | None = None

    def run(self, environment: Mapping[str, str]) -> None:
        """Runs the notebook. Raises CellFailedError, or LeftError after Ctrl-C or SIGTERM."""
        try:
            asyncio.run(self.async_execute(env=dict(environment)))
        except (DeadKernelError, asyncio.CancelledError) as error:
            if self._left is not None:
                raise LeftError(self._left) from error
            raise CellFailedError(
                f"{self._name()}: its Python ended in the middle of it",
                hint="it was killed, for want of memory perhaps, or crashed: run the cell in a script to see more",
            ) from error

    async def async_start_new_kernel(self, **settings: Any) -> None:
        """Sees to it that Ctrl-C and SIGTERM end the notebook from here on."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()

        def leave(number: int) -> None:
            self._left = number
            self.shutdown_kernel = "immediate"  # in the middle of a cell it would complain first
            if task is not None:
                task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):  # in place of nbclient's, which do not say that they were asked
            loop.add_signal_handler(number, leave, number)
        await super().async_start_new_kernel(**settings)

    async def async_start_new_kernel_client(self) -> Any:
        """Leaves cells the arguments of a kernel that Jupyter starts, which `argparse` in a cell may be told of: `-f`.

        nbclient's own, by which cells stay out of the user's history, has been read by then.
        """
        client = await super().async_start_new_kernel_client()
        client.execute("__import__('sys').argv[3:] = []", silent=True, store_history=False)
        return client

    def _cell_starts(self, cell: NotebookNode, cell_index: int) -> None:
        self._current, self._printed = cell_index, 0
        say(f"cell {self.numbers[cell_index]} of {len(self.numbers)}: {first_line(cell.source)}")

    def _cell_ended(self, cell: NotebookNode, cell_index: int, execute_reply: Mapping[str, Any]) -> None:
        if self._printed > _LINES:
            say(f"    … {self._printed - _LINES} more lines, in the copy")
        self._save()
        reply = execute_reply["content"]
        if reply["status"] == "error" and "raises-exception" not in cell.metadata.get("tags", []):
            self._judge(self.numbers[cell_index], cell.source, reply["ename"], reply["evalue"])

    def _judge(self, number: int, source: str, kind: str, words: str) -> None:
        """What becomes of a cell's error: recorded, or the end."""
        if kind in AZURE_ONLY:
            self.not_here[number] = words
        else:
            lacking = next((name for name in self._unmade if words == f"name {name!r} is not defined"), None)
            if kind != "NameError" or lacking is None:
                said = _sentence(kind, words)
                raise CellFailedError(f"{self._name()}: {kind}: {said}".rstrip(": "), hint=_remedy(kind, words))
            self.not_here[number] = f"{lacking} is what cell {self._unmade[lacking]} would have made"
        say(f"    not here: {' '.join(self.not_here[number].split())}")
        self._unmade |= dict.fromkeys(assigned(source), number)

    def _name(self) -> str:
        number = self.numbers.get(self._current, 1)
        return f"cell {number} of {len(self.numbers)} ({first_line(self.nb.cells[self._current].source)})"

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Prints what the cell prints, as it comes, and leaves the rest to nbclient."""
        content = msg["content"]
        if msg["msg_type"] == "stream":
            self._print(content["text"])
        elif msg["msg_type"] in ("execute_result", "display_data"):
            self._print(content["data"].get("text/plain", ""))
        return super().process_message(msg, cell, cell_index)

    def _print(self, text: str) -> None:
        for line in text.splitlines():
            self._printed += 1
            if self._printed <= _LINES and line.strip():
                say(f"    {visible(line)[:200]}")


def _sentence(kind: str, words: str) -> str:
    """What an error says: of those that say it as Azure's do, again as JSON, the sentence alone."""
    found = re.match(rf"{re.escape(kind)}:\n\tMessage: (.*?)\n\tInnerException ", words, re.DOTALL)
    return found[1] if found else words


def _remedy(kind: str, words: str) -> str | None:
    """What to do about a module that is not installed."""
    found = re.fullmatch(r"No module named '([\w.]+)'", words) if kind == "ModuleNotFoundError" else None
    return f"{sys.executable} -m pip install {found[1].partition('.')[0]}" if found else None
