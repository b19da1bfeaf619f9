"""The doorman: starts what Studio's web server, which can start nothing, may only ask for: engines, and models that
explain a sweep.
"""

import dataclasses
from pathlib import Path

from overdrive.client.engine import ensure_engine
from overdrive.client.explaining import Explainer
from overdrive.client.find import locate
from overdrive.client.submit import submit
from overdrive.client.workspace import Workspace
from overdrive.errors import NotFoundError
from overdrive.errors import OverdriveError
from overdrive.host import clock
from overdrive.host.files import write_json
from overdrive.host.locks import FileLock
from overdrive.host.randomness import new_id
from overdrive.host.watch import ARRIVALS
from overdrive.host.watch import open_watch
from overdrive.records import SweepSpec
from overdrive.store import read_mailbox
from overdrive.store.door import LOCK
from overdrive.store.door import Knock
from overdrive.store.door import answer_knock
from overdrive.store.door import door
from overdrive.store.door import read_knocks
from overdrive.views import TrialRow
from overdrive.views import open_sweep
from overdrive.views.marks import marks_file

#: How often a doorman who is not the first looks whether the first is gone, seconds.
_TURN_S = 2.0


class Doorman:
    """Attends to one workspace's door. One of `fds` is readable when somebody knocked, or a model has spoken.

    Of several, the first one attends until it ends: what is asked for once is done once.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Raises OSError where the workspace cannot be written."""
        self._workspace = workspace
        folder = str(door(workspace.path))
        self._turn = FileLock(f"{folder}/{LOCK}")
        self._turn.try_acquire()
        self._watch = open_watch(ARRIVALS)
        self._watch.add(folder, "door")
        self._explainer = Explainer(workspace, self._explained)
        self._troubles: list[str] = []

    @property
    def fds(self) -> list[int]:
        return [fd for fd in (self._watch.fd, self._explainer.fd) if fd is not None]

    @property
    def period_s(self) -> float | None:
        """How often to `attend` though `fds` are silent; None: never."""
        return self._watch.period_s if self._turn.is_mine else _TURN_S

    def attend(self) -> list[str]:
        """Does what waits; a sentence for each thing done or refused."""
        self._watch.read()
        said: list[str] = []
        if not self._is_turn():
            return said
        for path, knock in read_knocks(self._workspace.path):
            if knock is not None and knock.kind == "explain":
                self._explainer.ask(path, knock)
                continue
            answer = _refusal("it is no request") if knock is None else self._do(knock)
            said.append(str(answer["said"]) + self._answer(path, knock, answer))
        self._explainer.attend()
        return said + self._unheard()

    def _is_turn(self) -> bool:
        try:
            return self._turn.try_acquire()
        except OSError:  # the workspace is gone, or barred: nobody can knock
            return False

    def close(self) -> None:
        self._watch.close()
        self._explainer.close()
        self._turn.close()

    def _explained(self, path: Path, knock: Knock, why_not: str | None) -> None:
        trouble = self._answer(path, knock, {"run_id": None, "error": why_not, "said": ""})
        if trouble:
            self._troubles.append(f"{knock.sweep}: has been explained{trouble}")

    def _answer(self, path: Path, knock: Knock | None, answer: dict[str, object]) -> str:
        """Leaves an answer; '', or the trouble with that."""
        try:
            answer_knock(self._workspace.path, path, knock, answer)
        except OSError as error:
            return f" (Studio's page is not told: {error.strerror or error})"
        return ""

    def _unheard(self) -> list[str]:
        troubles, self._troubles = self._troubles, []
        return troubles

    def _do(self, knock: Knock) -> dict[str, object]:
        try:
            return self._again(knock) if knock.kind == "again" else self._start(knock)
        except OverdriveError as error:
            return _refusal(error.message)
        except OSError as error:
            return _refusal(f"it cannot be done: {error.strerror or error}")

    def _start(self, knock: Knock) -> dict[str, object]:
        view = open_sweep(locate(self._workspace, knock.sweep).folder)
        goes_on = any(request and request.kind == "resume" for _, request in read_mailbox(view.folder))
        started = ensure_engine(view, even_if_over=goes_on, even_if_elsewhere=goes_on)
        return {"run_id": view.id, "error": None, "said": f"{view.id}: {'started' if started else 'has'} its engine"}

    def _again(self, knock: Knock) -> dict[str, object]:
        folder = locate(self._workspace, knock.sweep).folder
        view = open_sweep(folder)
        row = view.trial(knock.trial or 0)
        if row is None:
            raise NotFoundError(f"{view.id} has no trial {knock.trial}")
        spec = again(view.spec, row)
        named = _Named(name_again(view.labels().display_name or view.spec.experiment, view.spec, row))
        submit(self._workspace, spec, content=named, snapshot=folder / "snapshot")
        return {"run_id": spec.id, "error": None, "said": f"{spec.id}: runs {row.run_id} again"}


@dataclasses.dataclass(frozen=True)
class _Named:
    """A new sweep's name, by which it is told apart from the one whose trial it runs."""

    name: str

    def put_into(self, folder: Path) -> None:
        write_json(str(marks_file(folder)), {"display_name": self.name})


def name_again(name: str, spec: SweepSpec, row: TrialRow) -> str:
    """What the sweep that runs `row` again is called; `name`: what the first one is called."""
    return f"{name}, again" if spec.kind == "run" else f"{name}: trial {row.number} again"


def again(spec: SweepSpec, row: TrialRow) -> SweepSpec:
    """A sweep of one trial with the configuration of `row`; its source files are to be those of the first."""
    now = clock.wall()
    tags = {**spec.tags, "again": row.run_id}
    fresh = {"created_at": clock.utc_text(now), "resume_from": (), "resume_children": (), "tags": tags}
    if spec.kind == "run":
        return dataclasses.replace(spec, id=f"{spec.experiment}_{int(now)}_{new_id()[:8]}", **fresh)
    return dataclasses.replace(
        spec,
        id=f"HD_{new_id()}",
        space={name: ["choice", [[value]]] for name, value in row.configuration.items()},
        sampling={"name": "GRID", "properties": {}},
        policy={"name": "Default"},
        max_total_runs=1,
        max_concurrent_runs=1,
        max_duration_minutes=None,
        **fresh,
    )


def _refusal(why: str) -> dict[str, object]:
    return {"run_id": None, "error": why, "said": f"refused: {why}"}
