"""Models that trials register: their records become entries of the workspace's registry, once each."""

from collections.abc import Sequence
from pathlib import Path

from overdrive.host import clock
from overdrive.records import MetricRecord
from overdrive.records import SweepSpec
from overdrive.registry import add_model


class Registering:
    """Registers before the journal takes the record in: no crash comes between, and nobody sees an ended trial whose
    models are not there. A record that is met again adds nothing: the registry knows it by trial, attempt and number.
    """

    def __init__(self, spec: SweepSpec, folder: Path) -> None:
        """folder: the sweep's."""
        self._spec = spec
        self._folder = folder

    def register(self, trial: int, attempt: int, records: Sequence[MetricRecord]) -> list[str]:
        """Registers the models among an attempt's records; a sentence for each whose files are not there.

        Raises OSError and WorkspaceError where they cannot be kept.
        """
        missing = []
        for record in records:
            if record.kind == "model" and not record.rank:
                value = record.value if isinstance(record.value, dict) else {}
                path = self._path(trial, str(value.get("path", "outputs")))
                if path is None:
                    what = f"the model {record.name!r}, but {value.get('path')!r} is not there"
                    missing.append(f"trial {trial} registered {what}")
                else:
                    self._add(trial, attempt, record, value, path)
        return missing

    def _add(self, trial: int, attempt: int, record: MetricRecord, value: dict, path: Path) -> None:
        run_id = self._spec.id if self._spec.kind == "run" else f"{self._spec.id}_{trial}"
        facts = {key: item for key, item in value.items() if key != "path"}
        facts |= {"run_id": run_id, "experiment": self._spec.experiment, "created_at": clock.utc_text()}
        add_model(self._folder.parent.parent, record.name, path, facts, source=f"{run_id}/{attempt}/{record.n}")

    def _path(self, trial: int, name: str) -> Path | None:
        """What the record names: a file or folder that was uploaded, or one of the working directory."""
        if name.startswith("/") or ".." in name.split("/"):
            return None
        folder = self._folder / "trials" / str(trial)
        return next((path for path in (folder / "files" / name, folder / "work" / name) if path.exists()), None)
