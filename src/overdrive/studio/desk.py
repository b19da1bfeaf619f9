"""The sweeps that somebody looks at: found by id, opened once, shared by all pages, let go of when nobody looks."""

import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Annotated
from typing import Any

from fastapi import Path as InPath
from fastapi import Query

from overdrive.errors import NotFoundError
from overdrive.studio.shared import Columns
from overdrive.studio.shared import Shared
from overdrive.views import SweepView
from overdrive.views import TrialRow
from overdrive.views import open_sweep
from overdrive.views.columns import curve_columns
from overdrive.views.listing import PARENTS
from overdrive.views.listing import Listing

#: A trial's number in a path.
Number = Annotated[int, InPath(ge=0, le=10**7)]
#: The largest number of an event, a byte or a row that is asked for: browsers know no larger whole numbers.
MOST = 2**53
Cursor = Annotated[int, Query(ge=0, le=MOST)]
#: Sweeps kept open at once: each holds its trials' rows in memory.
_MOST = 8
#: Characters of an id that may stand for all of it, at least.
_LEAST = 6


class Desk:
    """Opens sweeps of one workspace."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.listing = Listing(workspace)
        self._views: OrderedDict[str, SweepView] = OrderedDict()
        self._lock = threading.Lock()
        self._shared = Shared()

    def sweep(self, sweep_id: str) -> SweepView:
        """The sweep or single run with this id, or the one whose id begins so.

        Raises NotFoundError, and what `open_sweep` does.
        """
        with self._lock:
            view = self._views.get(sweep_id)
            if view is not None and view.folder.is_dir():
                self._views.move_to_end(sweep_id)
                return view
        folder = self._folder(sweep_id)
        if folder.name != sweep_id:
            return self.sweep(folder.name)
        view = open_sweep(folder)
        with self._lock:
            self._views[sweep_id] = view
            if len(self._views) > _MOST:
                self._views.popitem(last=False)
        return view

    def curves(self, view: SweepView, metric: str, first: int = 0, last: int | None = None, **asked: Any) -> Columns:
        """`curve_columns` of the sweep, read once for all pages that ask for the same while nothing happens to it."""
        folder = view.folder
        key = (folder, view.facts().seq, metric, first, last, repr(sorted(asked.items())))
        return self._shared.get(key, lambda: curve_columns(folder, metric, first, last, **asked))

    def trial(self, sweep_id: str, number: int) -> tuple[SweepView, TrialRow]:
        """A sweep's trial. Raises NotFoundError where it has none with this number."""
        view = self.sweep(sweep_id)
        row = view.trial(number)
        if row is None:
            raise NotFoundError(f"{view.id} has no trial {number}")
        return view, row

    def _folder(self, sweep_id: str) -> Path:
        """An id is the name of a folder, and never a path."""
        if sweep_id[:1] in ("", ".") or "/" in sweep_id or "\0" in sweep_id or len(os.fsencode(sweep_id)) > 255:
            raise NotFoundError("there is no such sweep")
        for parent in PARENTS:
            folder = self.workspace / parent / sweep_id
            if folder.is_dir() and not folder.is_symlink():
                return folder
        return self._begins(sweep_id)

    def _begins(self, start: str) -> Path:
        """The one folder whose name begins so, as lists shorten ids."""
        found: list[Path] = []
        for parent in PARENTS if len(start) >= _LEAST else ():
            if (self.workspace / parent).is_dir():
                with os.scandir(self.workspace / parent) as entries:
                    folders = [each for each in entries if each.is_dir(follow_symlinks=False)]
                found += [Path(each.path) for each in folders if each.name.startswith(start)]
        if len(found) > 1:
            raise NotFoundError(f"{len(found)} sweeps have ids that begin with {start}: give more of it")
        if not found:
            raise NotFoundError("there is no such sweep")
        return found[0]


def cursor_of(last_event_id: str | None, known: int) -> int:
    """Where a stream goes on: behind the last event that the browser says it has, or else behind `known`."""
    is_number = last_event_id and last_event_id.isdecimal() and len(last_event_id) < 16
    return int(last_event_id) if last_event_id and is_number else known
