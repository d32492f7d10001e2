"""Folders -> the files that can be read, in a fixed order.

Main names: `walk`, `Found`. Invariants: hidden files and folders, `.git`, `.venv` and the index folder are never
entered; without `follow` no symbolic link is, and with it no loop and nothing that is found at its own place; the same
tree gives the same order on every machine; no more is held than the names in one folder and of the folders yet to be
entered.
"""

import os
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from searchvn.articles.formats import is_readable
from searchvn.articles.identity import is_at_or_below
from searchvn.articles.rules import EVERYTHING, IGNORE_FILE, Rules, Sieve, sieve


class Fingerprint(NamedTuple):
    """What tells that a file may have changed: size in bytes, times in nanoseconds, inode number."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Found(NamedTuple):
    """A file and its fingerprint; None where it cannot be had: reading the file will say why."""

    path: str
    fingerprint: Fingerprint | None


def fingerprint(path: str) -> Fingerprint:
    """The fingerprint of the file at `path`. Raises `OSError`."""
    return _fingerprint(os.stat(path))


def walk(
    root: str,
    index_folder: str,
    rules: Rules = EVERYTHING,
    closed: Callable[[OSError], None] | None = None,
    roots: Collection[str] = (),
    part: str = "",
) -> Iterator[Found]:
    """The readable files below `root` (a folder, or one file) that the rules want, sorted within each folder.

    A root that is a file is given whatever the rules say. All paths are real and absolute. `roots` are those whose
    files are found without this walk: they are not entered from above, nor by a followed link. With `part`, a path
    below `root`, only what is at or below it is given, by the same rules. `closed` is told of folders that cannot be
    listed, or whose ignore file cannot be read; what they hold is not known. Raises `UsageError` for a pattern that
    cannot be used.
    """
    if os.path.isfile(root):
        yield _found(root, follow=True) or Found(root, None)
        return
    elsewhere = (root, *roots)
    waiting = [iter([_Folder(root, root, sieve(rules))])]  # of each folder above: those in it yet to be entered
    while waiting:
        if (folder := next(waiting[-1], None)) is None:
            waiting.pop()
        elif (folder.path != root and folder.path in roots) or not _leads_to(folder.path, part):
            continue
        elif folder.may_be_entered(index_folder, elsewhere):
            try:
                listed = _list(folder.path, follow=rules.follow)
                folder = folder.with_ignore_file() if listed.has_ignore_file else folder
            except OSError as error:
                if closed is not None:
                    closed(error)
                continue
            found = _files(folder, listed, elsewhere, follow=rules.follow)
            yield from found if not part else (one for one in found if is_at_or_below(one.path, part))
            waiting.append(_folders(folder, listed))


def _leads_to(path: str, part: str) -> bool:
    return not part or is_at_or_below(path, part) or is_at_or_below(part, path)


def _files(folder: "_Folder", listed: "_Listed", elsewhere: Sequence[str], *, follow: bool) -> Iterator[Found]:
    for name in sorted(filter(folder.sieve.takes, listed.files)):
        path = os.path.join(folder.path, name)
        if name in listed.links and _is_found_at(os.path.realpath(path), elsewhere):
            continue
        if found := _found(path, follow=follow):
            yield found


def _folders(folder: "_Folder", listed: "_Listed") -> Iterator["_Folder"]:
    """The folders in a folder that the rules do not leave out, each made when its turn comes."""
    for name in sorted(listed.folders):
        if inner := folder.sieve.below(name):
            path = os.path.join(folder.path, name)
            real = os.path.realpath(path) if name in listed.links else os.path.join(folder.real, name)
            yield _Folder(path, real, inner, folder)


class _Folder(NamedTuple):
    """A folder to be entered: its path as it was come to, its real one, and the folder above it on the way."""

    path: str
    real: str
    sieve: Sieve
    above: "_Folder | None" = None

    def with_ignore_file(self) -> "_Folder":
        """The folder with the rules of the ignore file in it. Raises `OSError`."""
        return self._replace(sieve=self.sieve.with_ignore_file(self.path))

    def may_be_entered(self, index_folder: str, elsewhere: Sequence[str]) -> bool:
        """False for the index, and below a link for what is found without it and for what is being walked already."""
        if self.real == index_folder:
            return False
        if self.real == self.path:
            return True
        above = self.above
        while above and above.real != self.real:
            above = above.above
        return above is None and not _is_found_at(self.real, elsewhere, is_folder=True)


class _Listed(NamedTuple):
    """The names in a folder: of what may be a readable file, of folders, and which of both are links."""

    files: list[str]
    folders: list[str]
    links: set[str]
    has_ignore_file: bool


def _list(folder: str, *, follow: bool) -> _Listed:
    """What stands in a folder. Without `follow` a link to a folder counts as a file. Raises `OSError`."""
    listed = _Listed([], [], set(), False)
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                if name == IGNORE_FILE:
                    listed = listed._replace(has_ignore_file=True)
            elif _is_folder(entry, follow=follow):
                listed.folders.append(name)
            elif is_readable(name):
                listed.files.append(name)
            else:
                continue
            if follow and entry.is_symlink():
                listed.links.add(name)
    return listed


def _is_folder(entry: os.DirEntry[str], *, follow: bool) -> bool:
    try:
        return entry.is_dir(follow_symlinks=follow)
    except OSError:  # a link to itself, a folder that is gone
        return False


def _is_found_at(real: str, roots: Sequence[str], *, is_folder: bool = False) -> bool:
    """True when what stands at this real path is found below one of the roots, where it is neither hidden nor odd."""
    if not is_folder and not is_readable(real):
        return False
    return any(
        is_at_or_below(real, root) and not any(part.startswith(".") for part in real[len(root) :].split(os.sep))
        for root in roots
    )


def _found(path: str, *, follow: bool) -> Found | None:
    """The file at `path`, or None for what is no file: a folder, a pipe, a link that is not followed."""
    try:
        about = os.stat(path, follow_symlinks=follow)
    except OSError:
        return Found(path, None)
    return Found(path, _fingerprint(about)) if stat.S_ISREG(about.st_mode) else None


def _fingerprint(about: os.stat_result) -> Fingerprint:
    return Fingerprint(about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
