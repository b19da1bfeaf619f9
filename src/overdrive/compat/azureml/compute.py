"""Compute targets: names that scripts look up or create. Every one of them is this machine."""

from types import SimpleNamespace
from typing import Any

from overdrive.compat.azureml.exceptions import ComputeTargetException

__all__ = ["AmlCompute", "ComputeInstance", "ComputeTarget"]


class ComputeTarget:
    """A compute target of any name: this machine.

    workspace: ignored. name: text, not empty; ComputeTargetException otherwise.
    """

    type = "AmlCompute"
    provisioning_state = "Succeeded"

    def __init__(self, workspace: object, name: str, **_: object) -> None:
        if not isinstance(name, str) or not name:
            raise ComputeTargetException(field="name", value=name, allowed="text that is not empty")
        self.workspace = workspace
        self.name = name

    @staticmethod
    def create(workspace: object, name: str, provisioning_configuration: object) -> "ComputeTarget":
        """The target of that name, which is there at once."""
        return AmlCompute(workspace, name)

    def wait_for_completion(
        self,
        show_output: bool = False,
        min_node_count: int | None = None,
        timeout_in_minutes: float | None = None,
        **_: object,
    ) -> None:
        """Nothing to wait for."""
        if show_output:
            print(f"{self.name}: trials run on this machine")

    def get_status(self) -> Any:
        """What Azure says of a cluster that is ready, with `serialize()`."""
        status = {
            "currentNodeCount": 1,
            "targetNodeCount": 1,
            "allocationState": "Steady",
            "provisioningState": self.provisioning_state,
            "vmSize": "local",
        }
        return SimpleNamespace(serialize=lambda: dict(status), **status)

    @property
    def status(self) -> Any:
        """As `get_status()`."""
        return self.get_status()

    def update(self, **_: object) -> None:
        """Nothing to change."""

    def delete(self) -> None:
        """Nothing to delete."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"


class AmlCompute(ComputeTarget):
    """A cluster by name: this machine."""

    @staticmethod
    def provisioning_configuration(vm_size: str = "local", **sizes: object) -> SimpleNamespace:
        """What a cluster should be like, as given."""
        return SimpleNamespace(vm_size=vm_size, **sizes)


class ComputeInstance(ComputeTarget):
    """A single machine by name: this machine."""

    type = "ComputeInstance"

    @staticmethod
    def provisioning_configuration(vm_size: str = "local", **sizes: object) -> SimpleNamespace:
        """What the machine should be like, as given."""
        return SimpleNamespace(vm_size=vm_size, **sizes)
