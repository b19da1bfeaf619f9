"""What the control process itself adds to a run: values, files, models.

An interactive run takes them into its trial's spool while it is open, so that they are in its journal as if a script
had logged them. All other runs have a spool of their own beside the journal, in the same form: `said.jsonl`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING
from typing import Any

from overdrive.client import files
from overdrive.client.interactive import Hold
from overdrive.client.models import Model
from overdrive.errors import NotFoundError
from overdrive.errors import SpecError
from overdrive.report.errors import UserErrorException
from overdrive.report.files import check_name as check_file_name
from overdrive.report.metrics import MetricLog
from overdrive.report.recall import logged
from overdrive.report.recorder import Recorder
from overdrive.report.writer import writer_of

if TYPE_CHECKING:
    from overdrive.records import SweepSpec


class Recording(MetricLog):
    """Base of runs: the ways to log, to keep files, to register models from outside of the training script."""

    #: What this base needs of the run: its sweep or single run as it was submitted, and its experiment.
    spec: "SweepSpec"
    experiment: Any

    #: What keeps an interactive run open; None for all others.
    _hold: Hold | None = None

    def upload_file(self, name: str, path_or_stream: object, datastore_name: str | None = None) -> None:
        """Keeps a copy of a file (a path or an open stream) as `name` with the run. Raises SpecError."""
        with _refusing("path_or_stream", path_or_stream):
            self._recorder.upload_file(name, path_or_stream)

    def upload_files(self, names: list, paths: list, *args: object, **kwargs: object) -> None:
        """Keeps copies of several files. Raises TypeError when the lists differ in length, SpecError."""
        with _refusing("paths", paths):
            self._recorder.upload_files(names, paths)

    def upload_folder(self, name: str, path: str, datastore_name: str | None = None) -> None:
        """Keeps copies of all files below a folder, as `<name>/<path below it>`. Raises SpecError."""
        with _refusing("path", path):
            self._recorder.upload_folder(name, path)

    def register_model(
        self,
        model_name: str,
        model_path: str | None = None,
        tags: Mapping[str, object] | None = None,
        properties: Mapping[str, object] | None = None,
        description: str | None = None,
        **facts: Any,
    ) -> Model:
        """Registers a file or folder of this run, copied, as the next version of a model.

        model_path: a file such as 'outputs/model.pkl', a folder such as 'outputs', how the names of files begin as in
        'outputs/model', or '.' for all of the run's files; default the file of the model's name, else all of outputs/.
        tags, properties: their values become text. Raises NotFoundError where the run has no such file, SpecError.
        """
        wanted = model_path or self._default_model(model_name)
        with _refusing("model_path", wanted):
            plain = "." if wanted in (".", "./") else check_file_name(wanted)
        kept = {"run_id": self.id, "experiment": self.spec.experiment, **facts}
        with files.gathered(self._trial_folder, plain) as path:
            if path is None:
                raise self._nothing_to_register(wanted)
            return self._model_class.register(
                self.experiment.workspace, path, model_name, tags, properties, description, **kept
            )

    # The life of an interactive run; nothing for others, whose scripts end by themselves

    def flush(self, timeout_seconds: float = 300) -> None:
        """Tries again to write what the disk refused before; nothing else ever waits."""
        self._recorder.flush()

    def complete(self, _set_status: bool = True) -> None:
        """Ends an interactive run as completed, and waits until that is in its journal. Others end by themselves."""
        self._end(None)

    def fail(self, error_details: object = None, error_code: object = None, _set_status: bool = True) -> None:
        """Ends an interactive run as failed. Others end by themselves."""
        self._end(str(error_details or "the script said so"))

    def _end(self, failure: str | None) -> None:
        self.flush()
        if self._hold is not None:
            hold, self._hold = self._hold, None
            hold.end(failure)
            self._await_end()

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.complete() if error is None else self.fail(f"{type(error).__name__}: {error}")

    # Inside

    #: What models are handed out as; a compatibility layer has its own.
    _model_class: type[Model] = Model

    @property
    def id(self) -> str:
        raise NotImplementedError

    @property
    def folder(self) -> Path:
        """The sweep's, or single run's."""
        raise NotImplementedError

    @property
    def _trial_folder(self) -> Path:
        """Where its files are."""
        raise NotImplementedError

    @property
    def _said(self) -> str:
        """The name of its own spool."""
        raise NotImplementedError

    def _await_end(self) -> None:
        raise NotImplementedError

    @property
    def _spool(self) -> Path:
        return self._trial_folder / "spool.1.jsonl" if self._hold is not None else self.folder / self._said

    @property
    def _recorder(self) -> "_Recorder":
        return _Recorder(self.id, self._spool, self._trial_folder / "files")

    def _said_metrics(self) -> dict[str, Any]:
        """What this process, or another one, logged to the run besides its script."""
        return logged(str(self._spool))

    def _default_model(self, name: str) -> str:
        return name if any((self._trial_folder / part / name).exists() for part in ("files", "work")) else "outputs"

    def _nothing_to_register(self, name: str) -> NotFoundError:
        known = list(files.files_of_trial(self._trial_folder))
        has = f"it has {', '.join(known[:5])}{' …' if len(known) > 5 else ''}" if known else "it has no files"
        return NotFoundError(f"{self.id} has no file or folder {name!r} to register", hint=has)

    def _put(self, name: str, value: str, kind: str | None = None, step: str | None = None) -> None:
        self._recorder._put(name, value, kind, step)

    def _put_data(self, kind: str, name: str, value: object) -> None:
        self._recorder._put_data(kind, name, value)

    def _put_image(self, name: str, path: str | None, plot: object) -> None:
        self._recorder._put_image(name, path, plot)


class _Recorder(Recorder):
    """The trial side's recorder, from outside: its lines go to `spool`, its files below `kept`."""

    def __init__(self, run_id: str, spool: Path, kept: Path) -> None:
        super().__init__()
        self.id = run_id
        self._files = str(kept)
        self._writer = writer_of(os.fspath(spool))

    def flush(self, timeout_seconds: float = 300) -> None:
        self._writer.flush()

    def _put(self, name: str, value: str, kind: str | None = None, step: str | None = None) -> None:
        self._writer.put(name, value, kind, step)


class _refusing:
    """Turns the trial side's refusal into a SpecError."""

    def __init__(self, field: str, value: object) -> None:
        self._field = field
        self._value = value

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, UserErrorException) and not isinstance(error, SpecError):
            raise SpecError(error.message, field=self._field, value=self._value) from error
