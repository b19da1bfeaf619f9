"""The packages that an environment names, as a conda file has them."""

import copy
import os
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from overdrive.compat.azureml.exceptions import UserErrorException

__all__ = ["CondaDependencies"]

#: Where `save` and `save_to_file` write when no name is given.
_FILE = "conda_dependencies.yml"
#: The versions that Azure's SDK asks for where a script names none.
_CNTK = "2.7"
_TENSORFLOW = "2.2.0"
#: The largest conda file that is read, bytes: they are lists of names.
_MOST_BYTES = 1 << 20


class CondaDependencies:
    """Packages of conda and of pip, and the Python, kept as a conda file has them. Nothing is installed.

    conda_dependencies_file_path: a conda file to begin with. Raises UserErrorException for one that cannot be read.
    """

    DEFAULT_CHANNELS = ("anaconda", "conda-forge")

    def __init__(
        self, conda_dependencies_file_path: "str | os.PathLike[str] | None" = None, _structure: dict | None = None
    ) -> None:
        if conda_dependencies_file_path is not None:
            _structure = read_conda_file(conda_dependencies_file_path)
        self._data: dict[str, Any] = copy.deepcopy(_structure) if _structure else {"name": "project_environment"}
        self._data["dependencies"] = list(self._data.get("dependencies") or [])

    @classmethod
    def create(
        cls,
        pip_indexurl: str | None = None,
        pip_packages: Sequence[str] | None = None,
        conda_packages: Sequence[str] | None = None,
        python_version: str | None = None,
        pin_sdk_version: bool = True,
        **_: object,
    ) -> "CondaDependencies":
        """With these packages."""
        made = cls()
        if python_version is not None:
            made.set_python_version(python_version)
        for package in conda_packages or ():
            made.add_conda_package(package)
        if pip_indexurl is not None:
            made._pip().append(f"--index-url {pip_indexurl}")
        for package in pip_packages or ():
            made.add_pip_package(package)
        return made

    # What is there

    @property
    def conda_packages(self) -> list[str]:
        """Names as given to conda, without the Python."""
        found = (item for item in self._data["dependencies"] if isinstance(item, str))
        return [item for item in found if _name(item) not in ("python", "pip")]

    @property
    def pip_packages(self) -> list[str]:
        """Names as given to pip, without its options."""
        return [item for item in self._pip_items() if not item.startswith("-")]

    @property
    def pip_options(self) -> list[str]:
        """Lines for pip that name no package, such as `--index-url …`."""
        return [item for item in self._pip_items() if item.startswith("-")]

    @property
    def conda_channels(self) -> list[str]:
        """Where conda would look."""
        return list(self._data.get("channels") or [])

    def get_python_version(self) -> str | None:
        """As `python_version`."""
        return self.python_version

    @property
    def python_version(self) -> str | None:
        """The version of Python that is asked for, such as '3.8', or None."""
        found = [item for item in self._data["dependencies"] if isinstance(item, str) and _name(item) == "python"]
        return found[-1][len("python") :].lstrip("=~<>! ") or None if found else None

    # Changing it

    def add_pip_package(self, pip_package: str) -> None:
        """One more package of pip; another version of one that is there takes its place."""
        self.remove_pip_package(pip_package)
        self._pip().append(_text("pip_package", pip_package))

    def remove_pip_package(self, pip_package: str) -> None:
        """Without it; no matter whether it was there."""
        wanted = _name(_text("pip_package", pip_package))
        kept = [item for item in self._pip_items() if item.startswith("-") or _name(item) != wanted]
        if len(kept) != len(self._pip_items()):
            self._pip()[:] = kept

    def add_conda_package(self, conda_package: str) -> None:
        """One more package of conda; another version of one that is there takes its place."""
        self.remove_conda_package(conda_package)
        self._data["dependencies"].append(conda_package)

    def remove_conda_package(self, conda_package: str) -> None:
        """Without it; no matter whether it was there."""
        wanted = _name(_text("conda_package", conda_package))
        items = self._data["dependencies"]
        items[:] = [item for item in items if not isinstance(item, str) or _name(item) != wanted]

    def add_channel(self, channel: str) -> None:
        """One more channel of conda."""
        channels = self._data.setdefault("channels", [])
        if channel not in channels:
            channels.append(_text("channel", channel))

    def remove_channel(self, channel: str) -> None:
        """Without it; no matter whether it was there."""
        self._data["channels"] = [each for each in self.conda_channels if each != channel]

    def set_python_version(self, version: str) -> None:
        """Asks for this Python."""
        self.remove_conda_package("python")
        self._data["dependencies"].insert(0, f"python={version}")

    def add_tensorflow_pip_package(self, core_type: str = "cpu", version: str | None = None) -> None:
        """TensorFlow by pip, instead of any that is there. version: default 2.2.0, as in Azure's SDK.

        Raises UserErrorException for a core type other than 'cpu' or 'gpu'.
        """
        self._replace_pip_package("tensorflow", core_type, version or _TENSORFLOW)

    def add_tensorflow_conda_package(self, core_type: str = "cpu", version: str | None = None) -> None:
        """TensorFlow by conda, instead of any that is there. version: default 2.2.0, as in Azure's SDK.

        Raises UserErrorException for a core type other than 'cpu' or 'gpu'.
        """
        package = _for_cores("tensorflow", core_type)
        for present in self.conda_packages:
            if present.startswith("tensorflow"):
                self.remove_conda_package(present)
        self.add_conda_package(f"{package}={version or _TENSORFLOW}")

    def add_cntk_package(self, core_type: str = "cpu") -> None:
        """The Cognitive Toolkit by pip, in version 2.7, instead of any that is there.

        Raises UserErrorException for a core type other than 'cpu' or 'gpu'.
        """
        self._replace_pip_package("cntk", core_type, _CNTK)

    def remove_pip_option(self, pip_option: str) -> None:
        """Without any line for pip that begins with this option; no matter whether there was one."""
        wanted = _text("pip_option", pip_option).split()[0]
        kept = [item for item in self._pip_items() if item.split()[0] != wanted]
        if len(kept) != len(self._pip_items()):
            self._pip()[:] = kept

    def set_pip_option(self, pip_option: str) -> None:
        """One more line for pip that names no package."""
        if pip_option not in self._pip_items():
            self._pip().insert(0, _text("pip_option", pip_option))

    def set_pip_index_url(self, index_url: str) -> None:
        """The index where pip would look."""
        self.set_pip_option(f"--index-url {index_url}")

    def set_pip_requirements(self, pip_requirements: Iterable[str]) -> None:
        """These packages of pip instead of those that are there."""
        self._pip()[:] = list(pip_requirements)

    # Writing it

    def as_dict(self) -> dict[str, Any]:
        """What a conda file says."""
        return copy.deepcopy(self._data)

    def serialize_to_string(self) -> str:
        """The text of a conda file."""
        return _yaml().safe_dump(self._data, sort_keys=False)

    def save(self, path: "str | os.PathLike[str] | None" = None) -> str:
        """Writes a conda file, by default conda_dependencies.yml; its path."""
        target = Path(path or _FILE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self.serialize_to_string(), encoding="utf-8")
        return str(target)

    def save_to_file(
        self, base_directory: "str | os.PathLike[str]", conda_file_path: "str | os.PathLike[str] | None" = None
    ) -> str:
        """The same below a folder; the path below it."""
        name = os.fspath(conda_file_path or _FILE)
        self.save(Path(base_directory, name))
        return name

    def __repr__(self) -> str:
        return f"CondaDependencies(conda={self.conda_packages}, pip={self.pip_packages})"

    def _replace_pip_package(self, name: str, core_type: str, version: str) -> None:
        package = _for_cores(name, core_type)
        for present in self.pip_packages:
            if present.startswith(name):
                self.remove_pip_package(present)
        self.add_pip_package(f"{package}=={version}")

    def _pip_items(self) -> list[str]:
        found = next(
            (item["pip"] for item in self._data["dependencies"] if isinstance(item, dict) and "pip" in item), []
        )
        return found or []

    def _pip(self) -> list[str]:
        """The list for pip, made where there is none."""
        for item in self._data["dependencies"]:
            if isinstance(item, dict) and isinstance(item.get("pip"), list):
                return item["pip"]
        self._data["dependencies"].append({"pip": []})
        return self._data["dependencies"][-1]["pip"]


def read_conda_file(path: "str | os.PathLike[str]") -> dict[str, Any]:
    """What a conda file says. Raises UserErrorException for one that is not there or is none."""
    allowed = "a conda file: a mapping with a list of dependencies, in YAML"
    try:
        if os.path.getsize(path) > _MOST_BYTES:
            raise UserErrorException(field="file_path", value=str(path), allowed=f"{allowed}, of at most 1 MiB")
        found = _yaml().safe_load(Path(path).read_bytes())
    except OSError as error:
        raise UserErrorException(field="file_path", value=str(path), allowed="a file that can be read") from error
    except _yaml().YAMLError as error:
        raise UserErrorException(field="file_path", value=str(path), allowed=f"{allowed} ({error})") from error
    if not isinstance(found, dict) or not isinstance(found.get("dependencies") or [], list):
        raise UserErrorException(field="file_path", value=str(path), allowed=allowed)
    return found


def read_requirements(path: "str | os.PathLike[str]") -> list[str]:
    """The lines of a requirements file without comments. Raises UserErrorException for one that cannot be read."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserErrorException(field="file_path", value=str(path), allowed="a file that can be read") from error
    stripped = (line.partition(" #")[0].strip() for line in lines)
    return [line for line in stripped if line and not line.startswith("#")]


def _name(package: str) -> str:
    """The name in a requirement such as `scikit-learn[x]>=1.0`, as pip compares names."""
    end = next((index for index, char in enumerate(package) if char in "=<>!~[;@ "), len(package))
    return package[:end].rpartition("::")[2].lower().replace("_", "-")


def _for_cores(name: str, core_type: object) -> str:
    """The package's name for these cores, as it was in the years of separate ones."""
    if core_type not in ("cpu", "gpu"):
        raise UserErrorException(field="core_type", value=core_type, allowed="'cpu' or 'gpu'")
    return f"{name}-gpu" if core_type == "gpu" else name


def _text(field: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise UserErrorException(field=field, value=value, allowed="text that is not empty")
    return value


def _yaml() -> Any:
    import yaml  # noqa: PLC0415  (most scripts need none of it)

    return yaml
