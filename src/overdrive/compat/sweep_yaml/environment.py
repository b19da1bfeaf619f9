"""A job's environment: its name, and where it has a conda file the packages in it, which submit compares or builds."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overdrive import registry
from overdrive.client.warn import warn
from overdrive.compat.sweep_yaml.document import Keys
from overdrive.compat.sweep_yaml.document import read_document
from overdrive.compat.sweep_yaml.section import Section
from overdrive.errors import OverdriveError
from overdrive.errors import UnsupportedError

__all__ = ["JobEnvironment", "read_environment"]

_FILE = re.compile(r"(?:file:)?(.+\.ya?ml)$")


@dataclass(frozen=True, slots=True)
class JobEnvironment:
    """What a job says of its environment."""

    name: str | None
    image: str | None = None
    #: What its conda file says, or None.
    conda: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """In the form that an Environment of `azureml.core` has."""
        python = {"userManagedDependencies": False, "condaDependencies": self.conda}
        return {"name": self.name, "python": python, "docker": {"baseImage": self.image}}


def read_environment(trial: Section, workspace: str) -> JobEnvironment | None:
    """The environment of a job: a mapping, the file of one, or the name of one, perhaps of one that is kept here.

    workspace: its folder, or '' for none. A file that cannot be read is a warning: trials can do without it.
    """
    given = trial.data.get("environment")
    if given is None:
        return None
    if isinstance(given, dict):
        return _of_mapping(trial.section("environment"))
    name = str(given)
    file = None if name.startswith("azureml:") else _FILE.match(name)
    if file is not None:
        return _of_file(trial, file[1]) or JobEnvironment(name)
    kept = _kept(name, workspace)
    if kept is None:
        return JobEnvironment(name)
    return _of_mapping(Section(trial.document, (*trial.path, "environment"), kept))


def _of_file(trial: Section, file: str) -> JobEnvironment | None:
    try:
        document = read_document(trial.document.folder / file)
        return _of_mapping(Section(document, (), document.data, "an environment: a mapping with image and conda_file"))
    except OverdriveError as error:
        _warn(trial, (*trial.path, "environment"), error)
        return None


def _kept(name: str, workspace: str) -> dict[str, Any] | None:
    """What `ml_client.environments.create_or_update` kept under `azureml:name:version`, the newest without one."""
    if not workspace:
        return None
    bare, _, version = re.sub(r"@\w+$", "", name.removeprefix("azureml:")).partition(":")
    versions = (registry.read_entry(Path(workspace), "v2-environments", bare) or {}).get("versions") or []
    found = [facts for facts in versions if version in ("", facts["version"])]
    return found[-1] if found else None


def _of_mapping(section: Section) -> JobEnvironment:
    conda, image = section.data.get("conda_file"), section.data.get("image")
    if isinstance(conda, (str, os.PathLike)):
        try:
            found = read_document(section.document.folder / Path(conda).expanduser())
            conda = Section(found, (), found.data, "a conda file: a mapping with dependencies").data
        except OverdriveError as error:
            _warn(section, (*section.path, "conda_file"), error)
            conda = None
    elif conda is not None and not isinstance(conda, dict):
        raise section.error("conda_file", "the path of a conda file, or what it would say")
    if conda is not None and not isinstance(conda.get("dependencies") or [], list):
        text = f"{section.document.place(section.path)}conda_file: dependencies is no list of packages"
        raise UnsupportedError(text, field="conda_file", value=conda.get("dependencies"))
    name = section.data.get("name") or image
    return JobEnvironment(None if name is None else str(name), None if image is None else str(image), conda)


def _warn(section: Section, path: Keys, error: OverdriveError) -> None:
    text = f"{section.document.place(path)}what the environment asks for was not compared: {error.message}"
    warn(text)
