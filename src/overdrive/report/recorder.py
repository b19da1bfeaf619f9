"""What a run of a sweep can do besides logging numbers: every call is a line of its own kind in the spool."""

from __future__ import annotations

import os

from overdrive.report.errors import UserErrorException
from overdrive.report.metrics import MetricLog


class Recorder(MetricLog):
    """Tags, properties, files, models, children. Subclasses say where lines (`_put`) and files (`_files`) go.

    The kinds of these lines, with what `name` and `value` are: tag (key, text or None), property (key, text),
    file (name, {bytes}), model (name, {path, …}), child (id, {parent, name} or one of the child's own lines), status
    ('complete', 'fail' or 'cancel', the details; 'display_name' or 'description', the text).
    """

    #: The run's id.
    id: str
    #: Folder of the kept files.
    _files: str

    def __init__(self) -> None:
        self._tags: dict[str, str] = {}
        self._properties: dict[str, str] = {}

    def tag(self, key: str, value: object = None) -> None:
        """Sets a tag; the value becomes text, also None: a tag without a value is one."""
        self._tags[str(key)] = text = str(value)
        self._put_json("tag", str(key), text)

    def set_tags(self, tags: dict) -> None:
        for key, value in tags.items():
            self.tag(key, value)

    def remove_tags(self, tags: list) -> None:
        """Empties the tags with these keys."""
        for key in tags:
            if self._tags.pop(str(key), self) is not self:
                self._put_json("tag", str(key), None)

    def get_tags(self) -> dict[str, str]:
        """The tags that this process set."""
        return dict(self._tags)

    @property
    def tags(self) -> dict[str, str]:
        return self.get_tags()

    def add_properties(self, properties: dict) -> None:
        """Adds properties, as text. Azure never lets one change; here the last one counts."""
        for key, value in properties.items():
            self._properties[str(key)] = text = str(value)
            self._put_json("property", str(key), text)

    def get_properties(self) -> dict[str, str]:
        """The properties that this process added."""
        return dict(self._properties)

    @property
    def properties(self) -> dict[str, str]:
        return self.get_properties()

    def upload_file(self, name: str, path_or_stream: object, datastore_name: str | None = None) -> None:
        """Keeps a copy of a file (a path or an open stream) as `name` with the run.

        Raises UserErrorException for a name outside the run or a path that is no file, OSError when the copy fails.
        """
        files = _files()
        size = files.keep_file(self._files, name, path_or_stream)
        self._put_json("file", files.check_name(name), {"bytes": size})

    def upload_files(
        self,
        names: list,
        paths: list,
        return_artifacts: bool = False,
        timeout_seconds: float | None = None,
        datastore_name: str | None = None,
    ) -> None:
        """Keeps copies of several files. Raises TypeError when the lists differ in length."""
        if len(names) != len(paths):
            raise TypeError(f"upload_files takes as many names as paths: {len(names)} and {len(paths)} were given")
        for number, name in enumerate(names):
            self.upload_file(name, paths[number])

    def upload_folder(self, name: str, path: str, datastore_name: str | None = None) -> None:
        """Keeps copies of all files below a folder, as `<name>/<path below it>`."""
        if not os.path.isdir(path):
            raise UserErrorException(f"{path!r} cannot be kept as {name!r}: it is no folder")
        for file in _files().below(path):
            self.upload_file(f"{name}/{file}", os.path.join(path, file))

    def register_model(
        self,
        model_name: str,
        model_path: str | None = None,
        tags: dict | None = None,
        properties: dict | None = None,
        **details: object,
    ) -> Model:
        """Records that files of this run are a model. The version is given outside the trial, so it is None here.

        model_path: a kept file or folder, or one of the working directory (it is kept then); default: outputs/.
        Raises UserErrorException when it is neither.
        """
        path = self._model_path(model_path or "outputs")
        words = {key: value for key, value in details.items() if isinstance(value, (str, int, float))}
        model = Model(model_name, _texts(tags), _texts(properties), self)
        self._put_json("model", model_name, {"path": path, "tags": model.tags, "properties": model.properties, **words})
        return model

    def log_child(self, child: str, line: str) -> None:
        """A line of a child run, as JSON text."""
        self._put(child, line, "child")

    def flush(self, timeout_seconds: float = 300) -> None:
        """Tries again to write what the disk refused before."""
        raise NotImplementedError

    def complete(self, _set_status: bool = True) -> None:
        """Records that the script calls itself complete. The exit code, not this, decides the outcome."""
        self._put_json("status", "complete", None)
        self.flush()

    def fail(self, error_details: object = None, error_code: object = None, _set_status: bool = True) -> None:
        """Records that the script calls itself failed, and why. The exit code, not this, decides the outcome."""
        words = {"error_details": error_details, "error_code": error_code}
        self._put_json("status", "fail", {key: str(value) for key, value in words.items() if value is not None})
        self.flush()

    def cancel(self) -> None:
        """Records that the script wants to be cancelled; it goes on until it exits."""
        self._put_json("status", "cancel", None)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.complete() if error is None else self.fail(f"{type(error).__name__}: {error}")

    def _put_json(self, kind: str, name: str, value: object) -> None:
        data = _data()
        self._put(name, data.dump(data.plain(value)), kind)

    def _put_data(self, kind: str, name: str, value: object) -> None:
        self._put(str(name), _data().data_text(kind, name, value), kind)

    def _put_image(self, name: str, path: str | None, plot: object) -> None:
        files = _files()
        kept = files.free_name(self._files, str(name), ".png" if path is None else os.path.splitext(path)[1])
        if path is None:
            files.keep_plot(self._files, kept, plot)
        else:
            files.keep_file(self._files, kept, path)
        self._put_json("image", str(name), kept)

    def _model_path(self, path: str) -> str:
        name = _files().check_name(os.path.relpath(path) if os.path.isabs(path) else path)
        is_kept_anyway = name.split("/")[0] in ("outputs", "logs") and os.path.exists(path)
        if is_kept_anyway or os.path.exists(os.path.join(self._files, name)):
            return name
        if os.path.isdir(path):
            self.upload_folder(name, path)
        elif os.path.isfile(path):
            self.upload_file(name, path)
        else:
            raise UserErrorException(f"model_path = {path!r} is no file of the run and none of the working directory")
        return name


class Model:
    """A model that the script just registered; the engine copies its files and gives the version."""

    def __init__(self, name: str, tags: dict[str, str], properties: dict[str, str], run: Recorder) -> None:
        self.name = name
        self.tags = tags
        self.properties = properties
        self.run_id = run.id

    @property
    def version(self) -> int | None:
        """Its version, once the engine has put it into the registry; None until then."""
        from overdrive.report import models  # noqa: PLC0415  (most trials register none)

        try:
            return models.RegisteredModel(None, self.name, run_id=self.run_id).version
        except UserErrorException:
            return None

    @property
    def id(self) -> str:
        """`<name>:<version>`, or the name alone until it has a version."""
        version = self.version
        return self.name if version is None else f"{self.name}:{version}"

    def __repr__(self) -> str:
        return f"Model(name={self.name!r}, run_id={self.run_id!r})"


def _texts(values: dict | None) -> dict[str, str]:
    return {str(key): str(value) for key, value in (values or {}).items()}


def _files():
    """The module for files: most trials keep none."""
    from overdrive.report import files  # noqa: PLC0415

    return files


def _data():
    """The module for JSON: most trials log numbers only, and json costs as much as a thousand of them."""
    from overdrive.report import data  # noqa: PLC0415

    return data
