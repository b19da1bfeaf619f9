"""On which file system a path lies, and whether other machines write there, too."""

import os

__all__ = ["MARKER", "filesystem_of", "is_network"]

#: The file that makes a folder a workspace; what was found out about its file system stands in it.
MARKER = ".overdrive-workspace"

_NETWORK = frozenset(
    "9p acfs afs beegfs ceph cifs coda drvfs gfs gfs2 glusterfs gpfs lustre ncpfs nfs nfs4 ocfs2 orangefs panfs "
    "prl_fs pvfs2 quobyte smb3 smbfs vboxsf vmhgfs wekafs webdav".split()
)
#: FUSE file systems that keep their bytes on this machine; every other one is taken as a network's, to be safe.
_LOCAL_FUSE = frozenset(
    "bindfs encfs ext2 ext4 fuse-overlayfs fuseext2 gocryptfs lxcfs mergerfs ntfs ntfs-3g portal squashfuse".split()
)


def filesystem_of(path: str) -> tuple[str, bool]:
    """Type of the file system that holds `path`, as the kernel names it, and whether it is a network's.

    `path` must exist. Examples: ("ext4", False), ("nfs4", True), ("fuse.sshfs", True); where the system does not say
    (macOS), ("unknown", False). Raises OSError for the path.
    """
    mount_id = _mount_id(path)
    if mount_id is None:
        return "unknown", False
    with open("/proc/self/mountinfo", "rb") as file:
        for line in file:
            if line.startswith(mount_id):
                kind = _type_in(line)
                return kind, _is_network_type(kind)
    return "unknown", False


def is_network(path: str) -> bool:
    """Whether `path` lies on a network's file system; see `filesystem_of`."""
    return filesystem_of(path)[1]


def _mount_id(path: str) -> bytes | None:
    """The first field of the path's line in mountinfo, with a blank; None where there is no /proc."""
    fd = os.open(path, getattr(os, "O_PATH", os.O_RDONLY))
    try:
        with open(f"/proc/self/fdinfo/{fd}", "rb") as file:
            for line in file:
                if line.startswith(b"mnt_id:"):
                    return line.split()[1] + b" "
    except FileNotFoundError:
        return None
    finally:
        os.close(fd)
    return None


def _type_in(line: bytes) -> str:
    """The type in a line of mountinfo: the first field after the dash that ends the optional ones (proc(5))."""
    return line.split(b" - ", 1)[1].split(b" ", 1)[0].decode("ascii", "replace")


def _is_network_type(kind: str) -> bool:
    if kind.startswith("fuse."):
        return kind.removeprefix("fuse.") not in _LOCAL_FUSE
    return kind in _NETWORK
