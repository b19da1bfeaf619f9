"""What a run can be given beside text: data sets and folders. Light, since every submit looks for them."""

from __future__ import annotations


class RunInput:
    """Data that a script's arguments may name. Before the script starts, `placeholder` becomes a path or an id."""

    #: Name by which the run knows it.
    name: str

    @property
    def placeholder(self) -> str:
        """What stands in the arguments until the trial is started."""
        return f"DatasetConsumptionConfig:{self.name}"

    def to_input(self) -> dict:
        """What is kept with the run: {"kind", "mode", "placeholder", …}; see docs/data.md."""
        raise NotImplementedError
