"""What all datasets have: a definition in JSON, an id, a name and versions in the workspace's registry."""

from __future__ import annotations

import json
import os

from overdrive.report import registry
from overdrive.report.datasets import steps
from overdrive.report.datasets.consumption import DatasetConsumptionConfig
from overdrive.report.datasets.consumption import check_input_name
from overdrive.report.errors import UserErrorException

_KIND = "datasets"


class AbstractDataset:
    """Data by definition: sources and steps, in JSON; nothing is read before it is asked for.

    Made by the factories (`Dataset.Tabular`, `Dataset.File`) and found by `Dataset.get_by_name`.
    """

    def __init__(self, definition: dict, place: str, entry: dict | None = None) -> None:
        """place: the workspace's folder. entry: its version in the registry, once it has one."""
        self._definition = definition
        self._place = place
        entry = entry or {}
        #: The name and version that it is registered under, or None.
        self.name: str | None = entry.get("name")
        self.version: int | None = entry.get("version")
        self.description: str | None = entry.get("description")
        self.tags: dict[str, str] = dict(entry.get("tags") or {})

    @property
    def kind(self) -> str:
        """'tabular' or 'file'."""
        return self._definition["kind"]

    @property
    def id(self) -> str:
        """The id by which `Dataset.get_by_id` finds it in this workspace: the same definition has the same."""
        import hashlib  # noqa: PLC0415  (it loads OpenSSL)

        text = hashlib.sha256(json.dumps(self._definition, sort_keys=True).encode()).hexdigest()
        made = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:32]))
        path = _id_file(self._place, made)
        if not os.path.exists(path):
            entry = {"id": made, "definition": self._definition, "name": self.name, "version": self.version}
            registry.write_file(path, entry)
        return made

    def to_definition(self) -> dict:
        """JSON: {"kind", "format", "sources", "options", "steps"}."""
        return self._definition

    def register(
        self,
        workspace: object,
        name: str,
        description: str | None = None,
        tags: dict | None = None,
        create_new_version: bool = False,
    ):
        """Keeps the dataset in the workspace under `name`; gives it with name and version.

        The same data under the same name is the version that is there. Raises UserErrorException for a name that has
        other data, unless `create_new_version`.
        """
        if not isinstance(name, str) or not name:
            raise UserErrorException(f"name = {name!r} is not allowed: it takes text that is not empty")
        place = registry.workspace_path(workspace)
        words = {str(key): str(value) for key, value in (tags or {}).items()}
        with registry.locked(place, _KIND):
            entry = registry.read(place, _KIND, name) or {"name": name, "versions": []}
            last = registry.newest(entry)
            if last is None or last["definition"] != self._definition:
                if last is not None and not create_new_version:
                    hint = "register(…, create_new_version=True) adds a version"
                    raise UserErrorException(f"a dataset {name!r} with other data is registered already: {hint}")
                last = {
                    "version": len(entry["versions"]) + 1,
                    "id": self.id,
                    "definition": self._definition,
                    "description": description,
                    "tags": words,
                    "created_at": registry.now_text(),
                }
                entry["versions"].append(last)
                registry.write(place, _KIND, name, entry)
                registry.write_file(_id_file(place, self.id), {**last, "name": name})
        return type(self)(self._definition, place, {**last, "name": name})

    def unregister_all_versions(self) -> None:
        """Takes its name out of the workspace; the data stays."""
        if self.name is not None:
            path = registry.folder_of(self._place, _KIND, self.name) + ".json"
            with registry.locked(self._place, _KIND):
                if os.path.exists(path):
                    os.unlink(path)
            self.name = self.version = None

    def update(self, description: str | None = None, tags: dict | None = None):
        """Changes the description and tags of its registered version."""
        if self.name is None:
            raise UserErrorException("the dataset is not registered: register(workspace, name) does it")
        with registry.locked(self._place, _KIND):
            entry = registry.read(self._place, _KIND, self.name) or {"name": self.name, "versions": []}
            for version in entry["versions"]:
                if version["version"] == self.version:
                    version["description"] = self.description = description or self.description
                    version["tags"] = self.tags = {**self.tags, **{str(k): str(v) for k, v in (tags or {}).items()}}
            registry.write(self._place, _KIND, self.name, entry)
        return self

    def add_tags(self, tags: dict | None = None):
        """Adds tags to its registered version."""
        return self.update(tags=tags)

    def as_named_input(self, name: str) -> DatasetConsumptionConfig:
        """For a run's arguments or inputs: `run.input_datasets[name]` gives it in the trial."""
        return DatasetConsumptionConfig(check_input_name(name), self)

    def take(self, count: int):
        """The first `count` rows or files."""
        return self._then("take", steps.check_count("count", count))

    def skip(self, count: int):
        """All but the first `count` rows or files."""
        return self._then("skip", steps.check_count("count", count))

    def sample(self, probability: float, seed: int | None = None):
        """Each row or file with this probability; the same ones each time."""
        return self._then("sample", steps.check_share("probability", probability), steps.new_seed(seed))

    def random_split(self, percentage: float, seed: int | None = None):
        """Two datasets: about this share of the rows or files, and the rest; the same ones each time."""
        share, drawn = steps.check_share("percentage", percentage), steps.new_seed(seed)
        return self._then("split", share, drawn, True), self._then("split", share, drawn, False)

    def _then(self, name: str, *arguments: object):
        return self._copy(dict(self._definition, steps=[*self._definition["steps"], [name, *arguments]]))

    def _copy(self, definition: dict):
        return type(self)(definition, self._place)

    def _own_path(self, purpose: str, name: str) -> str:
        """A path in the workspace for what is made of the dataset."""
        return os.path.join(registry.folder_of(self._place, _KIND), f".{purpose}", self.id, name)

    def __repr__(self) -> str:
        named = f"name={self.name!r}, version={self.version}, " if self.name else ""
        return f"{type(self).__name__}({named}sources={self._definition['sources']})"


def _id_file(place: str, dataset_id: str) -> str:
    return os.path.join(registry.folder_of(place, _KIND), ".ids", f"{os.path.basename(dataset_id)}.json")


def find_by_name(place: str, name: str, version: object = "latest") -> dict:
    """The registry's version of a dataset, with its name. Raises UserErrorException for one that is not there."""
    entry = registry.read(place, _KIND, name)
    wanted = version if version not in (None, "latest") else None
    for found in reversed((entry or {}).get("versions") or []):
        if wanted is None or str(found["version"]) == str(wanted):
            return dict(found, name=name)
    known = registry.names(place, _KIND)
    has = f"it has {', '.join(map(repr, known[:10]))}" if known else "it has none"
    which = f" in version {wanted}" if wanted is not None and entry else ""
    raise UserErrorException(
        f"the workspace has no dataset {name!r}{which}: {has}; Dataset.Tabular.from_delimited_files(path)"
        ".register(workspace, name) adds one"
    )


def find_by_id(place: str, dataset_id: str) -> dict:
    """The definition with this id, and its name. Raises UserErrorException for one that is not there."""
    found = registry.read_file(_id_file(place, str(dataset_id)))
    if found is None:
        raise UserErrorException(f"the workspace has no dataset with the id {dataset_id!r}")
    return found
