"""A run in a notebook: a picture and table that the notebook keeps, and live charts in their place where it can.

All of it is pushed by a thread of the kernel: cells may run meanwhile, and a page never has to ask. What the notebook
keeps is brought up to date now and then, after each cell, and when the run has ended.
"""

import importlib
import importlib.util
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

from overdrive.client.explaining import REST
from overdrive.client.explaining import explain_sweep
from overdrive.errors import NotFoundError
from overdrive.errors import OverdriveError
from overdrive.host import clock
from overdrive.views import open_sweep
from overdrive.views.browser import Told
from overdrive.views.document import document_code
from overdrive.views.document import document_curves
from overdrive.views.document import packed
from overdrive.views.document import sweep_document
from overdrive.views.strict import strict_json
from overdrive.views.timeline import timeline
from overdrive.widgets.still import noted
from overdrive.widgets.still import still_bundle

#: Points of all curves in a notebook: fewer than in a file, since they come through the kernel.
MOST_POINTS = 120_000
#: Seconds between two looks for what is new.
_LOOK_S = 0.25
#: Seconds between two times that the kept picture, and what is not sent value by value (other metrics, times, slots),
#: are made anew; longer where that takes long: it is to cost a twentieth of the kernel at most.
_STILL_S, _REST_S = 10.0, 5.0
#: Said below the picture where there are no live charts.
NOTE = "For charts to point at: pip install anywidget, and open the notebook anew."
#: What is met where a sweep is damaged, barred or removed while it is shown.
_UNREADABLE = (OverdriveError, OSError)
_VIEW = "application/vnd.jupyter.widget-view+json"


def kernel_shell() -> Any | None:
    """The shell of the notebook's kernel that this process is; None anywhere else."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell if hasattr(shell, "kernel") else None


def has_anywidget() -> bool:
    """Whether live charts can be shown."""
    return importlib.util.find_spec("anywidget") is not None


class NotebookShow:
    """One run, shown in one or several outputs."""

    def __init__(self, folder: Path, shell: Any) -> None:
        self._shell = shell
        self._view = open_sweep(folder)
        self._place = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._still_seq = -1
        #: What the notebook keeps, as it was put there last.
        self._bundle: dict[str, Any] = {}
        #: Why the run is no longer followed; '' while it is, or once it has ended.
        self._trouble = ""
        self._told = Told(self._view, 0)
        self._widget: Any | None = None
        #: Trials that logged since the rest was sent.
        self._changed: set[int] = set()
        self._explaining = self._new_explaining()
        #: What a model said last, and until when that is told again.
        self._explained: dict[str, object] | str = ""
        self._model_due = 0.0
        self._packed, self._packed_seq = b"", -1
        self._thread = threading.Thread(target=self._follow, name=f"overdrive-{self._place[:8]}", daemon=True)

    def begin(self) -> None:
        """Shows it, and keeps it up to date from now on."""
        # A large run takes a second or two to be sent: the picture is there meanwhile.
        if not self._needs_view():
            self._publish(is_new=True)
        if has_anywidget():
            self._widget = self._new_widget()
        if self._needs_view():
            self._publish(is_new=True)
        if not self._view.is_over:
            self._thread.start()

    def again(self) -> None:
        """Shows it in one more output."""
        self._publish(is_new=True)

    @property
    def goes_on(self) -> bool:
        """Whether it says all that is to be said: it follows the run, or the run is over."""
        return not self._trouble and (self._thread.is_alive() or self._view.is_over)

    def refresh(self) -> None:
        """Makes what the notebook keeps as of now, where all cells run and then the kernel ends."""
        if self._thread.is_alive():
            try:
                self._publish()
            except _UNREADABLE as error:
                self._give_up(error)

    def close(self) -> None:
        """Ends it: of what is on a page, nothing is brought up to date any more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._widget is not None:
            self._widget.close()

    def _new_widget(self) -> Any:
        # A page is told of what came after this; what a document has already it leaves out.
        self._told = Told(self._view, self._view.facts().seq)
        # anywidget takes half a second to load: only who shows a run in a notebook pays for it.
        live = importlib.import_module("overdrive.widgets.live")
        widget = live.RunWidget(self._place, self._document)
        widget.on_msg(lambda _, message, __: self._answer(message))
        return widget

    def _document(self) -> bytes:
        """The run as it stands; as it stood last, where it cannot be read any more."""
        try:
            seq = self._view.facts().seq
            if seq != self._packed_seq or not self._view.is_over:
                self._packed, self._packed_seq = packed(sweep_document(self._view, MOST_POINTS)), seq
        except _UNREADABLE as error:
            if not self._packed:
                raise
            self._give_up(error)
        return self._packed

    def _answer(self, message: object) -> None:
        """A page that missed something gets everything; one that asks for a model gets what it says, when it has."""
        kind = message.get("kind") if isinstance(message, dict) else None
        if kind == "again" and self._widget is not None:
            self._widget.tell("document", self._document())
        elif kind == "explain" and not self._explaining.is_alive():
            if clock.monotonic() < self._model_due:
                self._tell_explained()
                return
            self._explaining = self._new_explaining()
            self._explaining.start()

    def _new_explaining(self) -> threading.Thread:
        return threading.Thread(target=self._explain, name=f"overdrive-model-{self._place[:8]}", daemon=True)

    def _explain(self) -> None:
        """Cells run meanwhile: a process of its own makes the model. Of a run that goes on, not one after the other."""
        begun = clock.monotonic()
        rest = 0.0
        try:
            self._explained = explain_sweep(self._view.folder)
            rest = REST if isinstance(self._explained, dict) and not self._view.is_over else 0.0
        except _UNREADABLE as error:
            self._explained = f"no model can be made: {_sentence(error)}"
        self._model_due = clock.monotonic() + rest * (clock.monotonic() - begun)
        self._tell_explained()

    def _tell_explained(self) -> None:
        """Tells all pages on the run."""
        if self._widget is not None:
            self._widget.tell("explained", strict_json(self._explained, indent=None).encode("utf-8", "replace"))

    def _publish(self, is_new: bool = False) -> None:
        """Puts picture and table, as the run stands now, into the notebook."""
        with self._lock:
            seq = self._view.facts().seq
            if self._trouble or (seq == self._still_seq and not is_new):
                return
            self._still_seq = seq
            bundle: dict[str, Any] = still_bundle(self._view, self._place, "" if has_anywidget() else NOTE)
            if self._widget is not None and self._needs_view():
                bundle[_VIEW] = {"version_major": 2, "version_minor": 0, "model_id": self._widget.model_id}
            self._put(bundle, is_new)

    def _put(self, bundle: dict[str, Any], is_new: bool = False) -> None:
        self._bundle = bundle
        self._shell.display_pub.publish(bundle, {}, transient={"display_id": self._place}, update=not is_new)

    def _give_up(self, error: Exception) -> None:
        """Says, on all pages and below what the notebook keeps, why the run is no longer followed."""
        self._ended.set()
        folder = self._view.folder
        # While it is being deleted, any of its files may be what is missed first.
        is_there = (folder / "spec.json").exists() and (folder / "sweep.db").exists()
        said = f"This run is no longer followed: {_sentence(error) if is_there else f'{folder} is gone'}"
        if self._widget is not None:
            self._widget.trouble = said
        with self._lock:
            if not self._trouble:
                self._trouble = said
                self._put(noted(self._bundle, said))

    def _needs_view(self) -> bool:
        """Whether the program makes widgets only where one stands in an output: VS Code and Colab do; JupyterLab and
        Notebook do not, and would show an error in place of the picture when the notebook is opened later.
        """
        return "google.colab" in sys.modules or "__vsc_ipynb_file__" in self._shell.user_ns

    def _follow(self) -> None:
        """Until the run has ended, or cannot be read."""
        try:
            self._follow_to_end()
        except _UNREADABLE as error:
            self._give_up(error)

    def _follow_to_end(self) -> None:
        still_due = rest_due = clock.monotonic()
        while not self._ended.wait(_LOOK_S):
            if not self._view.folder.is_dir():
                raise NotFoundError(f"{self._view.folder} is gone")
            is_over = self._view.is_over  # before the look, which then sees all of it
            self._tell_changes()
            if self._changed and clock.monotonic() >= rest_due:
                rest_due = self._due(self._tell_rest, _REST_S)
            if clock.monotonic() >= still_due:
                still_due = self._due(self._publish, _STILL_S)
            if is_over:
                break
        else:
            return
        self._tell_rest()
        self._publish()
        self._ended.set()

    def _due(self, action: Any, period_s: float) -> float:
        """Does it; when to do it again."""
        begun = clock.monotonic()
        action()
        took_s = clock.monotonic() - begun
        return clock.monotonic() + max(period_s, 20 * took_s)

    def _tell_changes(self) -> None:
        body = self._told.next()
        if body is None or self._widget is None:
            return
        self._changed |= set(body["trials"]["number"])
        self._widget.tell("change", strict_json(body, indent=None).encode("utf-8", "replace"))

    def _tell_rest(self) -> None:
        if self._widget is None:
            return
        changed, self._changed = self._changed, set()
        rest = {
            "curves": document_curves(self._view, changed, MOST_POINTS),
            "timeline": timeline(self._view.folder),
            "code": document_code(self._view),
        }
        self._widget.tell("curves", strict_json(rest, indent=None).encode("utf-8", "replace"))


def _sentence(error: Exception) -> str:
    """What went wrong, without a full stop."""
    if isinstance(error, OverdriveError):
        return error.message
    return getattr(error, "strerror", None) or str(error)
