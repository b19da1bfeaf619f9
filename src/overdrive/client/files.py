"""Which files a trial left, and copies of them."""

import os
import posixpath
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path

from overdrive.errors import NotFoundError
from overdrive.host.files import copy_file
from overdrive.views.output import read_output

#: The name under which a trial's output is listed (Azure's of the years when its scripts were written).
OUTPUT_NAME = "azureml-logs/70_driver_log.txt"
#: The name under which a sweep's engine log is listed.
SWEEP_LOG_NAME = "azureml-logs/hyperdrive.txt"
#: Folders of the working directory that are kept with the trial.
KEPT = ("logs", "outputs")


def files_of_trial(folder: Path) -> dict[str, Path]:
    """Name, such as 'outputs/model.pkl', → path of every file that a trial kept.

    Uploaded ones, then those of logs/ and outputs/.
    """
    found = dict(_below(folder / "files"))
    for kept in KEPT:
        found.update(_below(folder / "work" / kept, f"{kept}/"))
    return dict(sorted(found.items()))


def logs_of_trial(folder: Path, output: Path | None) -> dict[str, Path]:
    """Name → path of a trial's logs: what it printed, and its files in logs/."""
    logs = {name: path for name, path in files_of_trial(folder).items() if name.startswith("logs/")}
    return {OUTPUT_NAME: output, **logs} if output is not None and output.is_file() else logs


def _below(folder: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.is_file() and not name.endswith(".part"):  # still being written
                yield prefix + path.relative_to(folder).as_posix(), path


def copy_one(files: Mapping[str, Path], name: str, to: "str | os.PathLike[str] | None", owner: str) -> Path:
    """Copies the file `name` to the path `to`, into it where it is a folder or ends with /, or into the current folder.

    Raises NotFoundError when there is no such file, OSError when it cannot be written.
    """
    # Scripts name it as they wrote it, ./outputs/model.pkl, or with the run's files as the root, /outputs/model.pkl.
    plain = posixpath.normpath(name).lstrip("/") if name else name
    name = name if name in files else plain
    if name not in files:
        shown = ", ".join(list(files)[:5]) + (" …" if len(files) > 5 else "")
        raise NotFoundError(f"{owner} has no file {name!r}", hint=f"it has {shown}" if files else "it has no files")
    target = Path(os.path.basename(name)) if to is None else Path(to)
    if to is not None and (os.fspath(to).endswith(os.sep) or target.is_dir()):
        target = target / os.path.basename(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy(name, files[name], target)
    return target


def copy_many(
    files: Mapping[str, Path], prefix: str | None, folder: "str | os.PathLike[str] | None", append_prefix: bool
) -> list[Path]:
    """Copies the files whose names begin with `prefix` (all without one) below `folder`; their paths, sorted.

    append_prefix: keep the prefix as folders below `folder`; otherwise names are taken relative to it.
    """
    copied = []
    for name, path in files.items():
        if prefix and not name.startswith(prefix):
            continue
        below = name if append_prefix or not prefix else name[len(prefix) :].lstrip("/") or os.path.basename(name)
        target = Path(folder or ".", below)
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(name, path, target)
        copied.append(target)
    return copied


@contextmanager
def gathered(trial: Path, path: str) -> Iterator[Path | None]:
    """One file or folder with what `path` means among a trial's files; None where nothing is. Raises OSError.

    path: a file; else a folder; else how the names of files begin, as Azure's `model_path` does; '.' for all of them.
    Files that are not all in one place are copied together, until the end.
    """
    files = files_of_trial(trial)
    base, found = _meant(files, path)
    places = [place for place in (trial / "files" / path, trial / "work" / path) if _has_files(place)]
    if not found or path in files:
        yield files.get(path)
    elif base == path != "." and len(places) == 1:
        yield places[0]
    else:
        with tempfile.TemporaryDirectory(prefix=".model-", dir=trial) as folder:
            made = Path(folder, "model" if base == "." else posixpath.basename(base))
            for name, source in found.items():
                target = made / posixpath.relpath(name, base)
                target.parent.mkdir(parents=True, exist_ok=True)
                copy_file(str(source.resolve()), str(target))
            yield made


def _meant(files: Mapping[str, Path], path: str) -> tuple[str, dict[str, Path]]:
    """The files that `path` means, and the folder that they are below."""
    below = {name: files[name] for name in files if path == "." or name.startswith(f"{path}/")}
    if below:
        return path, below
    return posixpath.dirname(path) or ".", {name: files[name] for name in files if name.startswith(path)}


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def zip_folder(folder: Path, target: Path) -> str:
    """Packs all files below a folder into the zip file `target`; its path. Raises OSError."""
    import zipfile  # noqa: PLC0415  (few scripts want one)

    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in sorted(_below(folder)):
            packed.write(path, name)
    return str(target)


def _copy(name: str, source: Path, target: Path) -> None:
    if name == OUTPUT_NAME:  # its middle may have been left out: views says so in its place
        target.write_bytes(read_output(source, 0))
        return
    with source.open("rb") as old, target.open("wb") as new:
        while chunk := old.read(1 << 20):
            new.write(chunk)
