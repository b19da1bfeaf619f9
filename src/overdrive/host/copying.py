"""How the bytes of one file get into another: shared blocks where the file system can, else inside the kernel."""

import contextlib
import errno
import fcntl
import os

__all__ = ["clone", "copy_bytes", "copy_file", "create", "private_mode", "write_all"]

#: ioctl number of FICLONE (include/uapi/linux/fs.h): the target shares the source's blocks until one of the two is
#: written.
_FICLONE = 0x40049409
#: Below this many bytes one read and one write are cheaper than asking for a clone.
_SMALL = 64 * 1024
_CHUNK = 1024 * 1024

#: Pairs of devices on which cloning has failed: it is not tried there again.
_cannot_clone: set[tuple[int, int]] = set()


def private_mode(mode: int) -> int:
    """The mode that a copy of a file with `mode` gets: 0600, or 0700 when the file can be run."""
    return 0o700 if mode & 0o111 else 0o600


def clone(source_fd: int, target_fd: int) -> bool:
    """Makes the empty target share the source's blocks; False where that is not possible (it is still empty then)."""
    devices = (os.fstat(source_fd).st_dev, os.fstat(target_fd).st_dev)
    if devices in _cannot_clone:
        return False
    try:
        fcntl.ioctl(target_fd, _FICLONE, source_fd)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        _cannot_clone.add(devices)
        return False
    return True


def copy_bytes(source_fd: int, target_fd: int) -> None:
    """Copies from the source's position to its end, inside the kernel where possible. Raises OSError."""
    if hasattr(os, "copy_file_range"):
        # An error here (other file systems, old kernels, virtual files) leaves both positions right for the loop
        # below, which meets the true error if there is one.
        with contextlib.suppress(OSError):
            while os.copy_file_range(source_fd, target_fd, 1 << 30):
                pass
    while chunk := os.read(source_fd, _CHUNK):
        write_all(target_fd, chunk)


def write_all(fd: int, data: bytes) -> None:
    """Writes every byte of `data`. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def copy_file(source: str, target: str) -> None:
    """Copies one regular file: bytes, modification time, and whether it can be run.

    An existing target is removed first, never written through. `source` may not be a link. Raises OSError.
    """
    source_fd = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        about = os.fstat(source_fd)
        target_fd = create(target, private_mode(about.st_mode))
        try:
            _fill(source_fd, target_fd, about.st_size)
            os.utime(target_fd, ns=(about.st_atime_ns, about.st_mtime_ns))
        finally:
            os.close(target_fd)
    finally:
        os.close(source_fd)


def _fill(source_fd: int, target_fd: int, size: int) -> None:
    if size <= _SMALL:
        data = os.read(source_fd, _SMALL)
        write_all(target_fd, data)
        if len(data) == size:
            return
    elif clone(source_fd, target_fd):
        return
    copy_bytes(source_fd, target_fd)


def create(path: str, mode: int) -> int:
    """A new file at `path`, open for reading and writing, with this mode whatever the umask; replaces an old one."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    try:
        fd = os.open(path, flags, mode)
    except FileExistsError:
        os.unlink(path)
        fd = os.open(path, flags, mode)
    if os.fstat(fd).st_mode & 0o777 != mode:
        os.fchmod(fd, mode)
    return fd
