"""The live charts, as an anywidget: its script is the pages' own charts (web/src/widget.tsx). Needs anywidget."""

import contextvars
from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from overdrive.studio.alone import built


class RunWidget(anywidget.AnyWidget):
    """One run's charts. It shows itself in the outputs whose element names `place`.

    document: makes the sweep in one piece (`views.document.packed`), whenever a page is opened.
    """

    _esm = built("widget.js")
    #: Name of the outputs' elements.
    place = traitlets.Unicode().tag(sync=True)
    #: What `document` makes.
    document = traitlets.Bytes().tag(sync=True, to_json=lambda _, widget: widget.make())
    #: Why the run is no longer followed; '' while it is, or once it has ended.
    trouble = traitlets.Unicode().tag(sync=True)

    def __init__(self, place: str, document: Callable[[], bytes]) -> None:
        self.make = document
        # A kernel with subshells gives what a page says to the one that spoke last, which may have ended with the page
        # before: all is said as by the cell that shows the run.
        self._cell = contextvars.copy_context()
        super().__init__(place=place)

    def tell(self, kind: str, data: bytes) -> None:
        """Sends a message to every page that shows it; also from a thread, while a cell runs."""
        self._cell.copy().run(self.send, {"kind": kind}, buffers=[data])

    def close(self) -> None:
        """Ends it on every page."""
        layout: Any = self.layout if self.comm is not None else None
        super().close()
        if layout is not None:
            layout.close()
