"""Files that a run keeps: copied below the trial's folder, each complete or not there at all."""

from __future__ import annotations

import io
import os
import posixpath

from overdrive.report.errors import UserErrorException

_CHUNK_BYTES = 1 << 20
#: Folders of the working directory whose files count as the run's own.
_KEPT = ("logs", "outputs")
#: Where copies grow until they are complete.
_PARTS = ".parts/"


def check_name(name: str) -> str:
    """The name of a kept file with plain slashes. Raises UserErrorException for one outside the run's folder."""
    plain = posixpath.normpath(str(name).replace("\\", "/"))
    if not name or "\0" in plain or plain in (".", "..") or plain.startswith(("/", "../")) or plain[1:2] == ":":
        raise UserErrorException(f"{name!r} cannot name a file of the run: it takes a relative path")
    return plain


def keep_file(folder: str, name: str, source: object) -> int:
    """Copies `source` (a path or an open stream) to `name` below `folder`; an earlier file of that name is replaced.

    Returns the size in bytes. Raises UserErrorException for a bad name or a source that is not there, OSError when
    the disk refuses the copy.
    """
    if hasattr(source, "read"):
        return _write(folder, check_name(name), source)
    try:
        stream = open(source, "rb")  # type: ignore[call-overload]  # noqa: SIM115
    except (FileNotFoundError, IsADirectoryError, TypeError) as error:
        raise UserErrorException(f"{source!r} cannot be kept as {name!r}: it is no file", error) from error
    with stream:
        return _write(folder, check_name(name), stream)


def keep_plot(folder: str, name: str, plot: object) -> int:
    """Draws a matplotlib figure, or pyplot's current one, into the PNG file `name`. Returns the size in bytes."""
    draw = getattr(plot, "savefig", None)
    if draw is None:
        raise UserErrorException(f"plot = {plot!r} is not allowed: it takes a matplotlib figure or pyplot")
    stream = io.BytesIO()
    draw(stream, format="png")
    stream.seek(0)
    return keep_file(folder, name, stream)


def free_name(folder: str, stem: str, extension: str) -> str:
    """`images/<stem><extension>` with all odd characters of stem replaced, and a number where that is taken."""
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "-_. ") else "_" for char in stem)
    safe = safe.strip(". ")[:100] or "image"
    number = 1
    name = f"images/{safe}{extension}"
    while os.path.lexists(os.path.join(folder, name)):
        number += 1
        name = f"images/{safe}_{number}{extension}"
    return name


def below(folder: str) -> list[str]:
    """The files below a folder, as sorted relative names with plain slashes; none where there is no folder."""
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            found.append(os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/"))
    return sorted(found)


def kept_names(folder: str, work: str) -> list[str]:
    """The run's files, sorted: those kept below `folder`, and `logs/…` and `outputs/…` of the working directory."""
    names = {name for name in below(folder) if not name.startswith(_PARTS)}
    for kept in _KEPT:
        names.update(f"{kept}/{name}" for name in below(os.path.join(work, kept)))
    return sorted(names)


def copy_kept(folder: str, work: str, name: str, to: str | None) -> None:
    """Copies the run's file `name` to the path `to`; into it where it is a folder or ends with /; or to here.

    Raises UserErrorException where there is no such file.
    """
    if name not in kept_names(folder, work):
        raise UserErrorException(f"the run has no file {name!r}: get_file_names() lists them")
    path = os.path.join(folder, name)
    target = posixpath.basename(name) if to is None else os.fspath(to)
    if target.endswith(os.sep) or os.path.isdir(target):
        target = os.path.join(target, posixpath.basename(name))
    os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
    path = path if os.path.isfile(path) else os.path.join(work, name)
    with open(path, "rb") as source, open(target, "wb") as copy:
        while chunk := source.read(_CHUNK_BYTES):
            copy.write(chunk)


def _write(folder: str, name: str, stream: object) -> int:
    target = os.path.join(folder, *name.split("/"))
    os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
    part = os.path.join(folder, _PARTS, f"{os.urandom(8).hex()}.part")
    os.makedirs(os.path.dirname(part), mode=0o700, exist_ok=True)
    size = 0
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
            while chunk := stream.read(_CHUNK_BYTES):  # type: ignore[attr-defined]
                size += copy.write(chunk.encode("utf-8") if isinstance(chunk, str) else chunk)
        os.replace(part, target)
    except BaseException:
        if os.path.exists(part):
            os.unlink(part)
        raise
    return size
