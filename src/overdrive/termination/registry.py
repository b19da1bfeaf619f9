"""Which policy has which name: the built-in ones, and others' by entry point."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any

from overdrive.errors import SpecError
from overdrive.space import closest
from overdrive.termination.bandit import BanditPolicy
from overdrive.termination.median import MedianStoppingPolicy
from overdrive.termination.none import NoTerminationPolicy
from overdrive.termination.policy import EarlyTerminationPolicy
from overdrive.termination.truncation import TruncationSelectionPolicy

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: Where other packages announce their policies: `NAME = "package.module:Class"`, NAME being the class's POLICY_NAME.
ENTRY_POINTS = "overdrive.policies"

#: Short names on the command line, beside the policies' own.
SHORT = {
    "median": "MedianStopping",
    "truncation": "TruncationSelection",
    "none": "Default",
    "notermination": "Default",
}

_BUILT_IN: dict[str, type[EarlyTerminationPolicy]] = {
    "bandit": BanditPolicy,
    "medianstopping": MedianStoppingPolicy,
    "truncationselection": TruncationSelectionPolicy,
    "default": NoTerminationPolicy,
}


def build_policy(policy_json: Mapping[str, Any] | None) -> EarlyTerminationPolicy:
    """The policy with this JSON form ({"name": …, "properties": {…}}); None means no termination.

    Names are compared without regard to case. Raises SpecError for an unknown name and for unusable properties.
    """
    if policy_json is None:
        return NoTerminationPolicy()
    name = policy_json.get("name") if isinstance(policy_json, Mapping) else None
    if not isinstance(name, str):
        raise SpecError(field="policy", value=policy_json, allowed='{"name": …, "properties": {…}}')
    properties = policy_json.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise SpecError(field="properties", value=properties, allowed="a JSON object")
    return find_policy(name).from_properties(properties)


def find_policy(name: str) -> type[EarlyTerminationPolicy]:
    """The class of the policy with this name, in any case. Raises SpecError where none can be loaded."""
    wanted = name.lower()
    if wanted in _BUILT_IN:
        return _BUILT_IN[wanted]
    plug_ins = {point.name.lower(): point for point in _entry_points()}
    if wanted in plug_ins:
        return _load(plug_ins[wanted])
    names = [policy.POLICY_NAME for policy in _BUILT_IN.values()] + sorted(point.name for point in plug_ins.values())
    guess = closest(name, [*names, *SHORT])
    raise SpecError(
        field="policy", value=name, allowed=", ".join(names), hint=f"did you mean {guess}?" if guess else None
    )


def _entry_points() -> "list[EntryPoint]":
    # Loaded late: it costs more than all of this room, and built-in policies do not need it.
    from importlib.metadata import entry_points  # noqa: PLC0415

    return list(entry_points(group=ENTRY_POINTS))


def _load(point: "EntryPoint") -> type[EarlyTerminationPolicy]:
    try:
        policy = point.load()
    except (ImportError, AttributeError) as error:
        raise SpecError(
            f"policy {point.name} cannot be loaded from {point.value}: {error}",
            field="policy",
            value=point.name,
            hint="install the package that announces it again, or remove it",
        ) from error
    is_policy = isinstance(policy, type) and issubclass(policy, EarlyTerminationPolicy)
    if is_policy and getattr(policy, "POLICY_NAME", "").lower() == point.name.lower():
        return policy
    raise SpecError(
        f"policy {point.name}: {point.value} is no EarlyTerminationPolicy with POLICY_NAME = {point.name!r}",
        field="policy",
        value=point.name,
    )
