"""Compute targets: names that scripts look up or create. Every one of them is this machine, its nodes are its slots."""

import os
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from overdrive.client.limits import check_whole
from overdrive.compat.azureml.azure_only import AzureOnlyException
from overdrive.compat.azureml.exceptions import ComputeTargetException
from overdrive.compat.azureml.exceptions import raising
from overdrive.compat.azureml.missing import NamesMissing
from overdrive.host import machine
from overdrive.host.slots import slot_count

__all__ = [
    "AksCompute",
    "AmlCompute",
    "AmlComputeProvisioningConfiguration",
    "AmlComputeStatus",
    "ComputeInstance",
    "ComputeTarget",
    "ScaleSettings",
    "compute_targets",
    "most_at_once",
]

#: Set to 1, the `max_nodes` of a cluster that the script made bounds how many trials run at once.
CAP = "OVERDRIVE_CAP_BY_MAX_NODES"
#: What is listed where the script has made none.
_DEFAULT = "local"
#: Workspace's folder → name → what this process has made.
_made: dict[object, dict[str, "ComputeTarget"]] = {}


@dataclass
class ScaleSettings:
    """How many nodes a cluster was said to have."""

    minimum_node_count: int = 0
    maximum_node_count: int = 0
    idle_seconds_before_scaledown: int = 120

    def serialize(self) -> dict[str, object]:
        """As Azure writes it."""
        return {
            "minNodeCount": self.minimum_node_count,
            "maxNodeCount": self.maximum_node_count,
            "nodeIdleTimeBeforeScaleDown": f"PT{self.idle_seconds_before_scaledown}S",
        }


class ProvisioningConfiguration:
    """What a target should be like, kept as given: all of the arguments are attributes."""

    def __init__(self, target: "type[ComputeTarget]", vm_size: object, settings: Mapping[str, object]) -> None:
        self._target = target
        self.vm_size = vm_size
        self.__dict__.update(settings)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(vm_size={self.vm_size!r})"


class AmlComputeProvisioningConfiguration(ProvisioningConfiguration):
    """What a cluster should be like. Raises ComputeTargetException for node counts that are no whole numbers ≥ 0."""

    min_nodes: int
    max_nodes: int | None
    idle_seconds_before_scaledown: int

    def __init__(self, vm_size: object, settings: Mapping[str, object]) -> None:
        super().__init__(AmlCompute, vm_size, settings)
        with raising(ComputeTargetException):
            check_whole("min_nodes", self.min_nodes, 0)
            if self.max_nodes is not None:
                check_whole("max_nodes", self.max_nodes, self.min_nodes)


class AmlComputeStatus:
    """What Azure says of a cluster that is ready; one idle node a slot."""

    errors = None
    provisioning_state = "Succeeded"
    allocation_state = "Steady"
    creation_time = modified_time = allocation_state_transition_time = provisioning_state_transition_time = None

    def __init__(self, vm_size: str, vm_priority: str, scale_settings: ScaleSettings) -> None:
        self.vm_size = vm_size
        self.vm_priority = vm_priority
        self.scale_settings = scale_settings
        self.current_node_count = self.target_node_count = slot_count()

    def serialize(self) -> dict[str, object]:
        """As Azure writes it."""
        others = ("preparing", "running", "unusable", "leaving", "preempted")
        return {
            "currentNodeCount": self.current_node_count,
            "targetNodeCount": self.target_node_count,
            "nodeStateCounts": {f"{other}NodeCount": 0 for other in others}
            | {"idleNodeCount": self.current_node_count},
            "allocationState": self.allocation_state,
            "allocationStateTransitionTime": None,
            "errors": None,
            "creationTime": None,
            "modifiedTime": None,
            "provisioningState": self.provisioning_state,
            "provisioningStateTransitionTime": None,
            "scaleSettings": self.scale_settings.serialize(),
            "vmPriority": self.vm_priority,
            "vmSize": self.vm_size,
        }


class ComputeTarget(NamesMissing):
    """A compute target of any name: this machine, as a cluster (AmlCompute) unless the script made it as another kind.

    workspace: where it is looked up. name: text, not empty; ComputeTargetException otherwise.
    """

    type = "AmlCompute"
    provisioning_state = "Succeeded"
    provisioning_errors = None
    location = cluster_location = "local"
    description: str | None = None

    def __new__(cls, workspace: Any = None, name: Any = None, *_: object, **__: object) -> "ComputeTarget":
        """As in Azure the class is that of the target, whichever class is asked."""
        made = _made_in(workspace).get(name) if isinstance(name, str) else None
        kind = type(made) if made is not None else AmlCompute if cls is ComputeTarget else cls
        return object.__new__(kind)

    def __init__(self, workspace: Any, name: str, **_: object) -> None:
        if not isinstance(name, str) or not name:
            raise ComputeTargetException(field="name", value=name, allowed="text that is not empty")
        made = _made_in(workspace).get(name)
        self.workspace = workspace
        self.name = name
        self.vm_size: str = getattr(made, "vm_size", "local")
        self.vm_priority: str = getattr(made, "vm_priority", "dedicated")
        self.tags: dict = dict(getattr(made, "tags", {}))
        self.scale_settings: ScaleSettings = getattr(made, "scale_settings", ScaleSettings(0, slot_count()))
        #: What the script said, or None: see `most_at_once`.
        self.max_nodes: int | None = getattr(made, "max_nodes", None)

    @staticmethod
    def create(workspace: Any, name: str, provisioning_configuration: Any) -> "ComputeTarget":
        """The target of that name, ready at once. Raises ComputeTargetException for a configuration that is none."""
        if not isinstance(provisioning_configuration, ProvisioningConfiguration):
            allowed = "what AmlCompute.provisioning_configuration(...) gives"
            raise ComputeTargetException(
                field="provisioning_configuration", value=provisioning_configuration, allowed=allowed
            )
        _made_in(workspace).pop(name, None)
        target = provisioning_configuration._target(workspace, name)
        target._take(vars(provisioning_configuration))
        _made_in(workspace)[name] = target
        return target

    @staticmethod
    def list(workspace: Any) -> list["ComputeTarget"]:
        """The targets that this script made, or the one that is always there."""
        return list(compute_targets(workspace).values())

    @staticmethod
    def attach(workspace: object, name: str, attach_configuration: object) -> "ComputeTarget":
        """Raises AzureOnlyException: trials run on this machine."""
        raise AzureOnlyException("ComputeTarget.attach")

    @property
    def id(self) -> str:
        """Its name: there is no other."""
        return self.name

    def wait_for_completion(
        self,
        show_output: bool = False,
        min_node_count: int | None = None,
        timeout_in_minutes: float | None = None,
        is_delete_operation: bool = False,
        **_: object,
    ) -> None:
        """Nothing to wait for."""
        if show_output:
            print(f"{self.name} is ready: trials run on this machine")

    def get_status(self) -> Any:
        """What Azure says of a target that is ready, with `serialize()`."""
        return AmlComputeStatus(self.vm_size, self.vm_priority, self.scale_settings)

    @property
    def status(self) -> Any:
        """As `get_status()`."""
        return self.get_status()

    def list_nodes(self) -> "list[dict[str, object]]":
        """One node a slot, each idle."""
        host = machine.hostname()
        return [
            {"nodeId": f"{host}-{slot}", "nodeState": "idle", "privateIpAddress": None, "port": None, "runId": None}
            for slot in range(slot_count())
        ]

    def refresh_state(self) -> None:
        """It never changes by itself."""

    def serialize(self) -> dict[str, object]:
        """Name, type, state and sizes."""
        status = self.get_status()
        return {
            "id": self.id,
            "name": self.name,
            "location": self.location,
            "type": self.type,
            "provisioningState": self.provisioning_state,
            "tags": self.tags,
            "properties": {"vmSize": self.vm_size, "status": status.serialize()},
        }

    def update(self, min_nodes: int | None = None, max_nodes: int | None = None, **_: object) -> None:
        """Keeps what is said of the number of nodes. Raises ComputeTargetException for what is no whole number ≥ 0."""
        with raising(ComputeTargetException):
            if min_nodes is not None:
                self.scale_settings.minimum_node_count = check_whole("min_nodes", min_nodes, 0)
            if max_nodes is not None:
                self.max_nodes = check_whole("max_nodes", max_nodes, 0)
                self.scale_settings.maximum_node_count = self.max_nodes
        _made_in(self.workspace)[self.name] = self

    def delete(self) -> None:
        """Forgets what was said of it; the machine stays."""
        _made_in(self.workspace).pop(self.name, None)

    def start(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """It runs already."""

    def stop(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """It runs on."""

    def detach(self) -> None:
        """As `delete()`."""
        self.delete()

    def _take(self, settings: Mapping[str, Any]) -> None:
        """What a provisioning configuration says."""
        self.vm_size = str(settings.get("vm_size") or "local")
        self.vm_priority = settings.get("vm_priority") or "dedicated"
        self.tags = dict(settings.get("tags") or {})
        self.description = settings.get("description")
        self.max_nodes = settings.get("max_nodes")
        most = slot_count() if self.max_nodes is None else self.max_nodes
        idle = settings.get("idle_seconds_before_scaledown") or 120
        self.scale_settings = ScaleSettings(settings.get("min_nodes") or 0, most, idle)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"


class AmlCompute(ComputeTarget):
    """A cluster by name: this machine."""

    @staticmethod
    def provisioning_configuration(
        vm_size: str = "",
        vm_priority: str = "dedicated",
        min_nodes: int = 0,
        max_nodes: int | None = None,
        idle_seconds_before_scaledown: int | None = None,
        admin_username: str | None = None,
        admin_user_password: str | None = None,
        admin_user_ssh_key: str | None = None,
        vnet_resourcegroup_name: str | None = None,
        vnet_name: str | None = None,
        subnet_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        description: str | None = None,
        **others: object,
    ) -> AmlComputeProvisioningConfiguration:
        """What a cluster should be like, as given. Raises ComputeTargetException for wrong node counts."""
        settings = {
            "vm_priority": vm_priority,
            "min_nodes": min_nodes,
            "max_nodes": max_nodes,
            "idle_seconds_before_scaledown": idle_seconds_before_scaledown,
            "tags": tags,
            "description": description,
        }
        return AmlComputeProvisioningConfiguration(vm_size, {**others, **settings})

    @staticmethod
    def supported_vmsizes(workspace: object, location: str | None = None) -> "list[dict[str, object]]":
        """This machine, in Azure's form."""
        return [{"name": "local", "vCPUs": machine.usable_cores(), "gpus": len(machine.gpus()), "memoryGB": None}]


class ComputeInstance(ComputeTarget):
    """A single machine by name: this machine."""

    type = "ComputeInstance"

    @staticmethod
    def provisioning_configuration(vm_size: str = "", **settings: object) -> ProvisioningConfiguration:
        """What the machine should be like, as given."""
        return ProvisioningConfiguration(ComputeInstance, vm_size, settings)


class AksCompute(ComputeTarget):
    """A Kubernetes cluster by name, for models that are deployed, which is Azure's alone: kept as a name."""

    type = "AKS"

    @staticmethod
    def provisioning_configuration(agent_count: int | None = None, **settings: Any) -> ProvisioningConfiguration:
        """What the cluster should be like, as given."""
        return ProvisioningConfiguration(
            AksCompute, settings.pop("vm_size", None), {**settings, "agent_count": agent_count}
        )


class _Targets(Mapping[str, ComputeTarget]):
    """Every name is there; those that the script made are listed, or the one that is always there."""

    def __init__(self, workspace: Any) -> None:
        self._workspace = workspace

    def __getitem__(self, name: str) -> ComputeTarget:
        return ComputeTarget(self._workspace, name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(name)

    def __iter__(self) -> Iterator[str]:
        return iter(list(_made_in(self._workspace)) or [_DEFAULT])

    def __len__(self) -> int:
        return len(_made_in(self._workspace)) or 1

    def __repr__(self) -> str:
        return repr(dict(self))


def compute_targets(workspace: Any) -> Mapping[str, ComputeTarget]:
    """Name → target: whatever name is asked for, it is this machine."""
    return _Targets(workspace)


def most_at_once(target: object) -> int | None:
    """How many trials a target lets run at once: its `max_nodes`, where the user says that it counts; else None."""
    return getattr(target, "max_nodes", None) if os.environ.get(CAP) == "1" else None


def _made_in(workspace: Any) -> dict[str, ComputeTarget]:
    return _made.setdefault(getattr(workspace, "path", None), {})
