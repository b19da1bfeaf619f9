"""Which runs this kernel's notebook shows, and in which cells. One run is followed once, in however many outputs."""

import functools
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from overdrive.widgets.notebook import NotebookShow


@dataclass(slots=True)
class _Shown:
    show: NotebookShow
    #: Ids of the cells in whose outputs it is; None for those without an id, which are never known to be cleared.
    cells: set[str | None] = field(default_factory=set)


class ShownRuns:
    """What is shown by one kernel. Where no output has a run any more, nothing of it stays."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._shown: dict[Path, _Shown] = {}
        shell.events.register("pre_run_cell", self._before_cell)
        shell.events.register("post_run_cell", self._after_cell)
        if hasattr(shell.display_pub, "register_hook"):  # ipykernel's has it
            shell.display_pub.register_hook(self._on_message)

    def show(self, folder: Path) -> None:
        """Shows the run in the output of the cell that runs, and keeps it up to date from now on."""
        shown = self._shown.get(folder)
        if shown and not shown.show.goes_on:
            self._close(folder)
            shown = None
        if shown is None:
            shown = self._shown[folder] = _Shown(NotebookShow(folder, self._shell))
            shown.show.begin()
        else:
            shown.show.again()
        shown.cells.add(self._cell())

    def _cell(self) -> str | None:
        """The cell that runs, as the notebook names it; None where it does not."""
        request = self._shell.get_parent() if hasattr(self._shell, "get_parent") else {}
        return (request.get("metadata") or {}).get("cellId")

    def _before_cell(self, _: object) -> None:
        """A cell that is run again loses its output."""
        self._clear(self._cell())

    def _on_message(self, message: Any) -> Any:
        """Of what cells publish."""
        if message["header"]["msg_type"] == "clear_output":
            self._clear(self._cell())
        return message

    def _clear(self, cell: str | None) -> None:
        if cell is not None:
            for shown in self._shown.values():
                shown.cells.discard(cell)

    def _after_cell(self, _: object) -> None:
        """Where a cell was run again that shows the same, it goes on; what no cell shows any more ends."""
        for folder, shown in list(self._shown.items()):
            if shown.cells:
                shown.show.refresh()
            else:
                self._close(folder)

    def _close(self, folder: Path) -> None:
        self._shown.pop(folder).show.close()


@functools.cache
def shown_runs(shell: Any) -> ShownRuns:
    """Those of this kernel."""
    return ShownRuns(shell)
