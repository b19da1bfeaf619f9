"""The live charts, as an anywidget: its script is the pages' own charts (web/src/widget.tsx). Needs anywidget."""

import anywidget
import traitlets

from overdrive.studio.alone import built


class RunWidget(anywidget.AnyWidget):
    """One run's charts. It shows itself in the outputs whose element names `place`."""

    _esm = built("widget.js")
    #: Name of the outputs' elements.
    place = traitlets.Unicode().tag(sync=True)
    #: The sweep in one piece: `views.document.packed`.
    document = traitlets.Bytes().tag(sync=True)
    #: Why the run is no longer followed; '' while it is, or once it has ended.
    trouble = traitlets.Unicode().tag(sync=True)

    def tell(self, kind: str, data: bytes) -> None:
        """Sends a message to every page that shows it; also from a thread, while a cell runs."""
        self.send({"kind": kind}, buffers=[data])
