"""Inputs, outputs and the command that they stand in: what each placeholder is, before anything starts."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any

from overdrive.client.warn import warn
from overdrive.compat.sweep_yaml.section import Section
from overdrive.errors import SpecError
from overdrive.errors import UnsupportedError
from overdrive.records import argument_text
from overdrive.records import placeholders
from overdrive.report import registry
from overdrive.report import url_map
from overdrive.report.errors import UserErrorException

#: Types of inputs that are files or folders, and of those that are values.
PATHS = "uri_file uri_folder mltable mlflow_model custom_model triton_model"
VALUES = "string number integer boolean"

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")
_DATASTORE = re.compile(r"azureml://(?:.*/)?datastores/([^/]+)/paths/(.*)")
_LEGACY = re.compile(r"(?<![{$])\{(inputs|outputs|search_space)\.(\w+)\}(?!\})")
_OPTIONAL = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)
_ANY = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)


@dataclass
class Wiring:
    """What the placeholders of a command stand for."""

    #: `inputs.name` → text, and the variables of the same.
    bindings: dict[str, str] = field(default_factory=dict)
    #: Input → its path, for those that are files or folders.
    paths: dict[str, str] = field(default_factory=dict)
    #: Names of inputs that are declared and have no value.
    empty: set[str] = field(default_factory=set)
    #: Output → 'folder' or 'file'.
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sources:
    """Where inputs that are no local files come from."""

    #: URL, or `azureml:` reference → the local file or folder in its place.
    maps: Mapping[str, str] = field(default_factory=dict)
    #: `name:version` → path of a data asset.
    assets: Mapping[str, str] = field(default_factory=dict)
    #: Folder of the workspace, below which files from the network are kept.
    place: str = ""

    def of_folder(self, folder: Path) -> "Sources":
        """With the map files beside the job and of this process, too. Raises SpecError for one that cannot be read."""
        try:
            found = {**url_map.read_map(str(folder / url_map.FILE)), **url_map.current_map(), **self.maps}
        except UserErrorException as error:
            raise SpecError(str(error), field="--map", value=url_map.FILE) from error
        return replace(self, maps=found)


def read_wiring(job: Section, component: Section | None, sources: Sources, swept: Mapping[str, object]) -> Wiring:
    """Inputs and outputs of the job, over what its component declares.

    swept: what the search space says, which needs no value.
    Raises SpecError with the place of an input that cannot be had, UnsupportedError for one that is Azure's only.
    """
    wiring = Wiring()
    for owner in filter(None, (component, job)):
        inputs = owner.section("inputs")
        for name in inputs.data:
            if not name.isidentifier():
                raise inputs.error(name, "names of letters, digits and underscores")
            if owner is component and name in swept:
                continue
            text, is_path = _input(inputs, name, sources)
            wiring.empty.discard(name)
            if text is None:
                wiring.empty.add(name)
                continue
            wiring.bindings[f"inputs.{name}"] = text
            if is_path:
                wiring.paths[name] = text
        outputs = owner.section("outputs")
        wiring.outputs |= {name: _output(outputs, name) for name in outputs.data}
    missing = [name for name in wiring.empty if component is not None and not _is_optional(component, name)]
    for name in missing:
        if name not in swept:
            raise job.section("inputs").missing(name, "a value: its component asks for one")
    return wiring


def _is_optional(component: Section, name: str) -> bool:
    entry = component.section("inputs").data.get(name)
    return isinstance(entry, dict) and bool(entry.get("optional"))


def _input(inputs: Section, name: str, sources: Sources) -> tuple[str | None, bool]:
    """The text of one input, and whether it is a path; None where it has no value."""
    value = inputs.data[name]
    if value is None:
        return None, False
    if isinstance(value, list):
        raise inputs.error(name, "text, a number, true or false, or a mapping with type and path")
    if not isinstance(value, dict):
        if isinstance(value, str) and "${{" in value:
            raise inputs.error(name, "a value of its own: a job that stands alone has no parent")
        return argument_text(value), False
    entry = inputs.section(name)
    entry.check_names("type path mode default optional value description min max enum path_on_compute datastore intent")
    kind = entry.word("type", f"{PATHS} {VALUES}") or "uri_folder"
    if kind in VALUES.split():
        literal = entry.data.get("value", entry.data.get("default"))
        return (None if literal is None else argument_text(literal)), False
    if entry.data.get("path") is None:
        return None, False
    return _path(entry, kind, sources), True


def _path(entry: Section, kind: str, sources: Sources) -> str:
    given = entry.text("path") or ""
    asset = given.removeprefix("azureml:").replace("@latest", "") if given.startswith("azureml:") else None
    found = url_map.local_file(given, dict(sources.maps)) or sources.assets.get(asset or "")
    found = found or _in_datastore(given, sources.place)
    if found is None and sources.place and given.lower().startswith(("http://", "https://")):
        found = _fetched(entry, given, sources.place)
    if found is None:
        _refuse_remote(entry, given)
        found = os.path.expanduser(_SCHEME.sub("", given, count=1))
    path = Path(os.path.normpath(entry.document.folder / found))
    wanted = {"uri_file": "a file", "uri_folder": "a folder", "mltable": "a folder"}.get(kind, "a file or folder")
    if not path.exists() or (wanted == "a file" and path.is_dir()) or (wanted == "a folder" and not path.is_dir()):
        raise entry.error("path", f"the path of {wanted} that exists ({path} is none)")
    return str(path)


def _in_datastore(given: str, place: str) -> str | None:
    """What was uploaded to a datastore of this workspace, by its `azureml:` address."""
    match = _DATASTORE.fullmatch(given)
    if match is None or not place or ".." in match[2].split("/"):
        return None
    path = os.path.join(registry.folder_of(place, "datastores", match[1]), match[2])
    return path if os.path.exists(path) else None


def _fetched(entry: Section, url: str, place: str) -> str:
    from overdrive.report.datasets.fetch import fetch  # noqa: PLC0415  (urllib, which few jobs need)

    try:
        return fetch(url, place)
    except UserErrorException as error:
        field_ = ".".join(map(str, (*entry.path, "path")))
        text = f"{entry.document.place((*entry.path, 'path'))}{field_}: {url} cannot be fetched ({error.__cause__})"
        raise SpecError(text, field=field_, value=url, hint=_map_hint(url)) from error


def _map_hint(url: str) -> str:
    return f"name a local file in its place: --map '{url}=FILE'"


def _refuse_remote(entry: Section, path: str) -> None:
    scheme = _SCHEME.match(path)
    if path.startswith("azureml:"):
        what = "is neither a data asset nor uploaded data of this workspace; Azure's cannot be reached from here"
    elif scheme and scheme[1].lower() in ("http", "https"):
        what = "is on the network"
    elif scheme and scheme[1].lower() != "file":
        what = f"is in a storage of Azure ({scheme[1]}), which cannot be reached from here"
    else:
        return
    field_ = ".".join(map(str, (*entry.path, "path")))
    raise UnsupportedError(
        f"{entry.document.place((*entry.path, 'path'))}{field_} = {path!r} {what}",
        field=field_,
        value=path,
        hint=_map_hint(path),
    )


def _output(outputs: Section, name: str) -> str:
    if not name.isidentifier():
        raise outputs.error(name, "names of letters, digits and underscores")
    given = outputs.data[name]
    if given is None:
        return "folder"
    if isinstance(given, str):
        raise outputs.error(name, "nothing, or a mapping with type and mode")
    entry = outputs.section(name)
    entry.check_names("type mode path name version description path_on_compute early_available intent")
    if entry.has("path"):
        warn(
            f"{entry.document.place((*entry.path, 'path'))}outputs.{name}.path is ignored: outputs stay in the "
            "trial's outputs/"
        )
    return "file" if entry.word("type", f"{PATHS} {VALUES}") == "uri_file" else "folder"


def read_command(owner: Section, wiring: Wiring, space: Mapping[str, Any]) -> str:
    """The command with its placeholders in one form, each of which has an answer.

    A part in `$[[ … ]]` goes when one of its inputs has no value; `{inputs.x}` is taken for `${{inputs.x}}`, with a
    warning; `${{inputs.x}}` of what is swept is its value in the search space. Raises SpecError with the place.
    """
    path = (*owner.path, "command")
    command = owner.text("command", "a program and its arguments")
    if command is None:
        raise owner.missing("command", "a program and its arguments")
    if _LEGACY.search(command):
        text = "single braces are an old form of placeholders: write ${{inputs.name}}"
        warn(f"{owner.document.place(path)}{text}")
        command = _LEGACY.sub(r"${{\1.\2}}", command)

    def optional(match: re.Match[str]) -> str:
        asked = {name for kind, name in placeholders(match[1]) if kind == "inputs" and name not in space}
        return "" if asked & wiring.empty else match[1]

    def checked(match: re.Match[str]) -> str:
        return _checked(owner, match[0], wiring, space)

    return _ANY.sub(checked, _OPTIONAL.sub(optional, command))


def _checked(owner: Section, text: str, wiring: Wiring, space: Mapping[str, Any]) -> str:
    found = placeholders(text)
    path = (*owner.path, "command")
    if len(found) != 1:
        allowed = "${{inputs.name}}, ${{outputs.name}} and ${{search_space.name}} as placeholders"
        raise owner.document.error(path, text, allowed)
    kind, name = found[0]
    if kind == "inputs" and name in space and f"inputs.{name}" not in wiring.bindings:
        kind = "search_space"
    if kind == "inputs" and name in wiring.empty and f"inputs.{name}" not in wiring.bindings:
        hint = "give it one, or write $[[ … ]] around what asks for it"
        raise owner.document.error(path, text, f"inputs that have a value; {name} has none", hint)
    names = {
        "inputs": [key.partition(".")[2] for key in wiring.bindings],
        "outputs": list(wiring.outputs),
        "search_space": list(space),
    }[kind]
    if name not in names:
        raise owner.document.error(path, text, f"names that {kind} has: {', '.join(names) or 'it has none'}")
    return f"${{{{{kind}.{name}}}}}"
