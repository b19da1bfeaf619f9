"""What samplers are measured on: tasks that come with Overdrive, and those of a folder."""

import functools
import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from overdrive.bench.objectives import Objective
from overdrive.bench.objectives import build_objective
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.space import Space
from overdrive.space import closest

#: The tasks that come with Overdrive.
OWN = Path(__file__).parent / "own"
#: What a folder of tasks holds; its form is in docs/bench.md.
LIST = "tasks.json"

_GOALS = ("minimize", "maximize")


@dataclass(frozen=True)
class Task:
    """One thing to tune, with the best value that is known."""

    name: str
    #: 'minimize' or 'maximize'.
    goal: str
    space: Space
    #: The best value without noise that anybody has found: regret 0.
    best_known: float
    #: Where it comes from, in words.
    source: str
    _entry: Mapping = field(repr=False)
    _folder: Path = field(repr=False)

    @property
    def sign(self) -> float:
        """What values are multiplied with to be made small."""
        return 1.0 if self.goal == "minimize" else -1.0

    @functools.cached_property
    def objective(self) -> Objective:
        """Loaded when the first trial needs it."""
        return build_objective(self._entry, self._folder)


def find_tasks(given: Sequence[str]) -> list[Task]:
    """Tasks by what a user names: names of ours with commas between, 'all' for all of them, folders with tasks.json.

    Behind a folder and a colon names may choose some of its tasks: `FOLDER:branin,levy`. Raises SpecError for a name
    that is not there and for a name that two tasks have, NotFoundError for a folder that has no tasks.
    """
    found: list[Task] = []
    for text in given:
        folder, _, names = text.rpartition(":")
        if Path(text).is_dir() or folder:
            found += _chosen(read_folder(Path(folder or text)), names.split(",") if folder else ["all"])
        else:
            found += _chosen(read_folder(OWN), text.split(","))
    names = [task.name for task in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SpecError(field="tasks", value=twice, allowed="each task once")
    return found


def read_folder(folder: Path) -> list[Task]:
    """All tasks of a folder. Raises NotFoundError where it has none, SpecError for what a task lacks."""
    try:
        entries = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFoundError(
            f"there is no {LIST} in {folder}", hint="docs/bench.md says what such a folder holds"
        ) from error
    except ValueError as error:
        raise SpecError(field="tasks", value=str(folder / LIST), allowed=f"JSON ({error})") from error
    return [_task(entry, folder) for entry in entries]


def _task(entry: Mapping, folder: Path) -> Task:
    lacking = [name for name in ("name", "goal", "space", "best_known", "objective") if name not in entry]
    if lacking:
        raise SpecError(field="tasks", value=entry.get("name"), allowed=f"a task with {', '.join(lacking)}")
    if entry["goal"] not in _GOALS:
        raise SpecError(field="goal", value=entry["goal"], allowed=", ".join(_GOALS))
    space, best = Space.from_json(entry["space"]), float(entry["best_known"])
    return Task(entry["name"], entry["goal"], space, best, entry.get("source", ""), entry, folder)


def _chosen(tasks: Sequence[Task], names: Sequence[str]) -> list[Task]:
    if list(names) == ["all"]:
        return list(tasks)
    by_name = {task.name: task for task in tasks}
    for name in names:
        if name not in by_name:
            guess = closest(name, by_name)
            hint = f"did you mean {guess}?" if guess else None
            raise SpecError(field="tasks", value=name, allowed=f"all, {', '.join(by_name)}, or a folder", hint=hint)
    return [by_name[name] for name in names]
