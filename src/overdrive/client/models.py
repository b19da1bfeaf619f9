"""Registered models: files that have a name, versions, tags; a folder below the workspace."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overdrive.client.marks import check_name
from overdrive.client.workspace import Workspace
from overdrive.errors import SpecError
from overdrive.host import clock
from overdrive.host.files import remove_tree
from overdrive.registry import add_model
from overdrive.registry import change_entry
from overdrive.registry import read_entry
from overdrive.report.models import RegisteredModel
from overdrive.report.registry import folder_of
from overdrive.views.marks import as_text

#: The kind of the registry.
KIND = "models"


class Model(RegisteredModel):
    """A registered model, by name and version, by default the newest one.

    workspace: where it is registered. id: `<name>:<version>`, instead of a name. tags, properties: only a version that
    has them. run_id: only one of this run. Its files stay as they were when it was registered.

    Raises UserErrorException (`overdrive.report`) for one that is not registered.
    """

    @classmethod
    def register(
        cls,
        workspace: Workspace,
        model_path: "str | os.PathLike[str]",
        model_name: str,
        tags: Mapping[str, object] | None = None,
        properties: Mapping[str, object] | None = None,
        description: str | None = None,
        **facts: object,
    ) -> "Model":
        """Copies a file or folder into the workspace, as the next version of that name.

        tags, properties: their values become text. facts: what else is kept with it.
        Raises SpecError for a path that is not there or a name that is none, WorkspaceError where it cannot be kept.
        """
        check_name("model_name", model_name)
        path = Path(model_path)
        if not path.exists():
            raise SpecError(field="model_path", value=str(model_path), allowed="a file or folder that exists")
        kept = {
            "tags": as_texts("tags", tags),
            "properties": as_texts("properties", properties),
            "description": description,
            "created_at": clock.utc_text(),
            **facts,
        }
        version = add_model(workspace.path, model_name, path.resolve(), kept)
        return cls(workspace, model_name, version=version["version"])

    def set_tags(self, tags: Mapping[str, object]) -> None:
        """Sets these tags; others stay. Values become text."""
        self.tags.update(as_texts("tags", tags))
        self._keep()

    def remove_tags(self, names: "list[str] | str") -> None:
        """Removes these tags; names without a tag are fine."""
        for name in [names] if isinstance(names, str) else names:
            self.tags.pop(name, None)
        self._keep()

    def set_properties(self, properties: Mapping[str, object]) -> None:
        """Sets these properties; others stay. Values become text."""
        self.properties.update(as_texts("properties", properties))
        self._keep()

    def describe(self, description: str | None) -> None:
        """Gives it another description."""
        self.description = description
        self._keep()

    def delete(self) -> None:
        """Removes this version and its files."""
        with change_entry(Path(self._place), KIND, self.name) as entry:
            entry["versions"] = [each for each in entry.get("versions", []) if each["version"] != self.version]
        remove_tree(folder_of(self._place, KIND, self.name, str(self.version)))

    @property
    def facts(self) -> dict[str, Any]:
        """All that is kept of this version."""
        entry = read_entry(Path(self._place), KIND, self.name) or {}
        return next((each for each in entry.get("versions", []) if each["version"] == self.version), {})

    def _keep(self) -> None:
        with change_entry(Path(self._place), KIND, self.name) as entry:
            for version in entry.get("versions", []):
                if version["version"] == self.version:
                    version |= {"tags": self.tags, "properties": self.properties, "description": self.description}


def as_texts(field: str, values: Mapping[str, object] | None) -> dict[str, str]:
    """Name → text. Raises SpecError unless they are a dict with names that are text."""
    if values is not None and not isinstance(values, Mapping):
        raise SpecError(field=field, value=values, allowed="a dict from names to text")
    return {check_name(field, name): as_text(value) for name, value in (values or {}).items()}
