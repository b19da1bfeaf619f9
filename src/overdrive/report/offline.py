"""The run of a script that no sweep started: it shows what it is told and keeps nothing."""

from __future__ import annotations

import os
import sys

from overdrive.report.metrics import MetricLog


class _OfflineRun(MetricLog):
    """What `Run.get_context()` answers outside a sweep. Every call prints one line and goes on.

    It has no experiment, parent or datasets: scripts find out by `hasattr(run, "experiment")` or by its id.
    """

    def __init__(self) -> None:
        random = bytearray(os.urandom(16))  # a uuid4 by hand: `import uuid` costs a hundred log calls
        random[6], random[8] = random[6] & 0x0F | 0x40, random[8] & 0x3F | 0x80
        text = random.hex()
        #: `OfflineRun_<uuid4>`.
        self.id = "OfflineRun_" + "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def log(self, name: str, value: object, description: str = "", step: float | None = None) -> None:
        """Checks as a run of a sweep does, and shows the value."""
        super().log(name, value, description, step)
        _show(f"{name} = {value}" + ("" if step is None else f" at step {step}"))

    def tag(self, key: str, value: str | None = None) -> None:
        _show(f"tag {key} = {value}")

    def set_tags(self, tags: dict) -> None:
        _show(f"tags {tags}")

    def add_properties(self, properties: dict) -> None:
        _show(f"properties {properties}")

    def upload_file(self, name: str, path_or_stream: object, datastore_name: str | None = None) -> None:
        _show(f"file {name} from {path_or_stream}")

    def upload_files(self, names: list, paths: list, *args: object, **kwargs: object) -> None:
        if len(names) != len(paths):
            raise TypeError(f"upload_files takes as many names as paths: {len(names)} and {len(paths)} were given")
        for number, name in enumerate(names):
            self.upload_file(name, paths[number])

    def upload_folder(self, name: str, path: str, datastore_name: str | None = None) -> None:
        _show(f"folder {name} from {path}")

    def child_run(self, name: str | None = None, run_id: str | None = None, outputs: str | None = None) -> _OfflineRun:
        """Another offline run."""
        return _OfflineRun()

    def flush(self, timeout_seconds: float = 300) -> None:
        """Nothing waits."""

    def complete(self, _set_status: bool = True) -> None:
        _show("complete")

    def fail(self, error_details: object = None, error_code: object = None, _set_status: bool = True) -> None:
        _show(f"failed: {error_details}" if error_details else "failed")

    def cancel(self) -> None:
        _show("cancel")

    def __enter__(self) -> _OfflineRun:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.complete() if error is None else self.fail(error)

    def __repr__(self) -> str:
        return f"<{self.id}>"

    def _put(self, name: str, value: str, kind: str | None = None, step: str | None = None) -> None:
        """Nothing is kept."""

    def _put_data(self, kind: str, name: str, value: object) -> None:
        _show(f"{kind.replace('_', ' ')} {name} = {value}")

    def _put_image(self, name: str, path: str | None, plot: object) -> None:
        _show(f"image {name} from {path or 'a plot'}")


def _show(text: str) -> None:
    """A line on standard output, as far as there is one."""
    if sys.stdout is None:
        return
    try:
        print("[not in a sweep]", text)
    except UnicodeEncodeError:  # a terminal that does not know the characters
        print("[not in a sweep]", ascii(text))
