"""Folders -> the files that can be read, in a fixed order.

Main name: `walk`. Invariant: hidden files and folders, symbolic links inside a root, `.git`, `.venv` and the index
folder are never entered; the same tree gives the same order on every machine.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from typing import NamedTuple

from searchvn.articles.formats import is_readable


class Fingerprint(NamedTuple):
    """What tells that a file may have changed: size in bytes, times in nanoseconds, inode number."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


def fingerprint(path: str) -> Fingerprint:
    """The fingerprint of the file at `path`. Raises `OSError`."""
    found = os.stat(path)
    return Fingerprint(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def walk(root: str, index_folder: str, closed: Callable[[OSError], None] | None = None) -> Iterator[str]:
    """The absolute paths of the readable files below `root` (a folder, or one file), sorted within each folder.

    `closed` is told of folders that cannot be listed; what they hold is not known.
    """
    if os.path.isfile(root):
        yield root
        return
    for folder, names, files in os.walk(root, onerror=closed):
        names[:] = sorted(name for name in names if not _ignored(os.path.join(folder, name), index_folder))
        for name in sorted(files):
            path = os.path.join(folder, name)
            if not name.startswith(".") and is_readable(name) and _is_regular(path):
                yield path


def _ignored(path: str, index_folder: str) -> bool:
    return os.path.basename(path).startswith(".") or path == index_folder


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return True  # reading it will say why it cannot be read
