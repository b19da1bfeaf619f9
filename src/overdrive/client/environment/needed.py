"""Whether a sweep's environment is to be looked at: what every submit asks, and so loads nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overdrive.client.warn import warn
from overdrive.records import SweepSpec

__all__ = ["BUILD_VARIABLE", "names_packages", "prepare"]

#: Environment variable: 1 builds environments where a configuration does not say whether.
BUILD_VARIABLE = "OVERDRIVE_BUILD_ENVIRONMENT"


def names_packages(definition: Mapping[str, Any] | None) -> bool:
    """Whether a definition (Azure's form of an Environment) asks for packages or a Python that somebody has to have.

    Where the user manages the packages of an interpreter himself, it asks for nothing.
    """
    python = (definition or {}).get("python") or {}
    dependencies = (python.get("condaDependencies") or {}).get("dependencies")
    return bool(dependencies and not python.get("userManagedDependencies"))


def prepare(workspace: Path, spec: SweepSpec) -> SweepSpec:
    """The sweep as it is to run, its environment looked at or built: see `preparing.in_environment`, which this calls
    where there is one."""
    if names_packages(spec.extra.get("environment_definition")):
        from overdrive.client.environment.preparing import in_environment  # noqa: PLC0415  (loads `packaging`)

        return in_environment(workspace, spec)
    if spec.extra.get("build_environment"):
        text = "there is no environment to build: what runs names no packages of an Environment"
        warn(text)
    return spec
