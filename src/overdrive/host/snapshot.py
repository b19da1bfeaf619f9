"""The source directory, taken once when a sweep is submitted: edits made later change nothing in it.

What belongs to it is said in `overdrive.host.selection`.
"""

import os
from dataclasses import dataclass

from overdrive.errors import SpecError
from overdrive.errors import UnwritableError
from overdrive.host.copying import clone
from overdrive.host.copying import create
from overdrive.host.copying import private_mode
from overdrive.host.copying import write_all
from overdrive.host.files import make_private
from overdrive.host.files import remove_tree
from overdrive.host.selection import Selection
from overdrive.host.selection import unreadable

try:
    from _blake2 import blake2b  # the same function as hashlib's, which would load OpenSSL, too: 4 ms
except ImportError:
    from hashlib import blake2b

__all__ = ["FILES_LIMIT", "SIZE_LIMIT_BYTES", "Snapshot", "take_snapshot"]

#: Azure's limits of a snapshot; here they only warn.
SIZE_LIMIT_BYTES = 300 * 1024 * 1024
FILES_LIMIT = 2000

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was taken."""

    #: Hexadecimal BLAKE2b-256 over every relative path, kind, mode and byte: equal digests mean equal trees.
    digest: str
    #: Files and links; folders do not count.
    files: int
    size_bytes: int
    #: Sentences for the user.
    warnings: tuple[str, ...] = ()


def take_snapshot(
    source_directory: str, target: str, *, script: str | None = None, leave_out: tuple[str, ...] = ()
) -> Snapshot:
    """Copies the source directory into the new folder `target` (0700; its files 0600, or 0700 where they can be run).

    script: path below the source directory that must be in the snapshot, or None.
    leave_out: further folders to leave out wherever they lie, such as the workspace; `target` is one always.
    Links that stay inside are kept as links. A snapshot that Azure would find too large brings a warning.
    Raises SpecError for a source directory or script that cannot be used and for a link that leads out, UnwritableError
    when the snapshot cannot be written. After an error `target` does not exist.
    """
    selection = Selection(source_directory, (target, *leave_out))
    if script is not None:
        _check_script(selection, script, source_directory)
    try:
        make_private(os.path.dirname(os.path.abspath(target)))
        _check_room(selection, target)
        os.mkdir(target, 0o700)
        os.chmod(target, 0o700)  # whatever the umask
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        digest, files, size = _copy(selection, target)
    except BaseException as error:
        remove_tree(target)
        if isinstance(error, OSError):
            raise _unwritable(target, error) from error
        raise
    return Snapshot(digest, files, size, tuple(_warnings(selection, files, size)))


def _check_script(selection: Selection, script: str, source_directory: str) -> None:
    """Raises SpecError unless `script` is a file that will be in the snapshot."""
    path = os.path.normpath(os.path.join(selection.root, script))
    relative = selection.relative(path)
    if relative is None:
        problem, hint = "does not lie in it", "name the script relative to source_directory"
    elif not os.path.exists(path):
        present = [entry.path for entry in selection.entries if entry.path.endswith(".py")][:5]
        problem, hint = "does not exist there", f"it holds {', '.join(present)}" if present else None
    elif not os.path.isfile(path):
        problem, hint = "is not a file", None
    elif selection.relative(os.path.realpath(path)) not in {entry.path for entry in selection.entries}:
        rule = selection.rule_against(relative)
        problem = f"is left out by {selection.ignore_file}, line {rule.line}: {rule.text}" if rule else "is left out"
        hint = "change that line" if rule else "move it to another folder"
    else:
        return
    message = f"script {script!r} in source_directory {source_directory!r} {problem}"
    raise SpecError(message, field="script", value=script, hint=hint)


def _check_room(selection: Selection, target: str) -> None:
    """Raises UnwritableError where the disk has no room for the snapshot."""
    about = os.statvfs(os.path.dirname(os.path.abspath(target)))
    free, needed = about.f_bavail * about.f_frsize, sum(entry.size for entry in selection.entries)
    if about.f_blocks and needed > free:
        raise UnwritableError(
            f"the snapshot of {selection.root} takes {_megabytes(needed)}, and {_megabytes(free)} are free at {target}",
            hint="leave data out with .amlignore and name its path by an argument, or choose another --workspace",
        )


def _copy(selection: Selection, target: str) -> tuple[str, int, int]:
    """Copies all entries; returns digest, number of files and bytes. What vanishes meanwhile is not in the snapshot."""
    tree = blake2b(digest_size=32)
    files = total = 0
    for entry in selection.entries:
        there = f"{target}/{entry.path}"
        mode, content = 0o700, b""
        if entry.kind == "folder":
            make_private(there)
        elif entry.kind == "link":
            os.symlink(entry.text, there)
            mode, content, files = 0o777, os.fsencode(entry.text), files + 1
        else:
            copied = _copy_file(f"{selection.root}/{entry.path}", there)
            if copied is None:
                continue
            mode, content, size = copied
            files, total = files + 1, total + size
        name = os.fsencode(entry.path)
        tree.update(b"%b %o %d %d " % (entry.kind.encode(), mode, len(name), len(content)) + name + content)
    return tree.hexdigest(), files, total


def _copy_file(source: str, target: str) -> tuple[int, bytes, int] | None:
    """Copies a file; returns the copy's mode, its digest and its size, or None when the source has vanished."""
    try:
        source_fd = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(source, error) from error
    try:
        about = os.fstat(source_fd)
        mode = private_mode(about.st_mode)
        target_fd = create(target, mode)
        try:
            digest, size = _fill(source, source_fd, target_fd, about.st_size)
            os.utime(target_fd, ns=(about.st_atime_ns, about.st_mtime_ns))
        finally:
            os.close(target_fd)
    finally:
        os.close(source_fd)
    return mode, digest, size


def _fill(source: str, source_fd: int, target_fd: int, size: int) -> tuple[bytes, int]:
    """Copies the bytes; the digest is of what the copy holds, even where the source changes meanwhile."""
    cloned = size > _CHUNK and clone(source_fd, target_fd)
    digest, total = blake2b(digest_size=32), 0
    while True:
        try:
            chunk = os.read(target_fd if cloned else source_fd, _CHUNK)
        except OSError as error:
            raise unreadable(source, error) from error
        if not chunk:
            return digest.digest(), total
        digest.update(chunk)
        total += len(chunk)
        if not cloned:
            write_all(target_fd, chunk)


def _warnings(selection: Selection, files: int, size: int) -> list[str]:
    found = []
    if size > SIZE_LIMIT_BYTES or files > FILES_LIMIT:
        found.append(
            f"the snapshot of {selection.root} holds {files} files, {_megabytes(size)}, and every trial gets a copy "
            f"(Azure's limits are {FILES_LIMIT} files, {_megabytes(SIZE_LIMIT_BYTES)}): leave data out with "
            ".amlignore and name its path by an argument"
        )
    links = [entry for entry in selection.entries if entry.kind == "link"]
    present = {entry.path for entry in selection.entries} | {"."} if links else set()
    for link in links:
        if link.leads_to not in present and os.path.lexists(f"{selection.root}/{link.leads_to}"):
            found.append(f"the link {link.path!r} leads to {link.leads_to!r}, which is left out of the snapshot")
    return found


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MB"


def _unwritable(target: str, error: OSError) -> UnwritableError:
    return UnwritableError(
        f"the snapshot cannot be written to {target}: {error.strerror}",
        hint="free some space, or choose another workspace with --workspace",
    )
