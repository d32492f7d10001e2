"""What is there to be read, and what is gone?

Main name: `survey`. Invariant: what cannot be seen (a root that is missing, a folder that cannot be listed) is never
taken for gone; a file counts as gone only where the place that it stood in was seen.
"""

from __future__ import annotations

import os
import stat
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from searchvn.articles.identity import file_key, is_at_or_below, is_unicode, key_path, key_ranges, on_disk
from searchvn.articles.manifest import FoundFile, Manifest, Ranges
from searchvn.articles.rules import EVERYTHING, Rules
from searchvn.articles.walk import Found, fingerprint, walk
from searchvn.errors import UsageError, saying
from searchvn.reports import Skipped

_FOLDERS = "{} thư mục trong danh sách được bỏ qua: --files-from chỉ nhận tệp"


class Tour(NamedTuple):
    """A part of a root to be walked: the files at or below `part` that the root's rules let through."""

    part: str
    root: str
    rules: Rules = EVERYTHING


class Survey(NamedTuple):
    """What a survey found besides the files, which the manifest lists. `gone` holds file keys, `closed` folders.

    `skipped` names what cannot be read, `warnings` the roots whose lost files are kept.
    """

    gone: tuple[str, ...]
    closed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[Skipped, ...]


def survey(
    manifest: Manifest,
    tours: Sequence[Tour],
    base: str,
    index_folder: str,
    *,
    listed: Iterable[str] = (),
    loose: bool = False,
    prune: bool = False,
) -> Survey:
    """Walks the tours and lists in the manifest what they find, and the files `listed` by name.

    With `loose` the known files outside of all tours, which were once listed, are looked for as well. `prune` lets
    everything go that is not found.
    """
    closed: list[str] = []
    skipped: list[Skipped] = []

    def note(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            closed.append(str(error.filename))
            skipped.append(Skipped(closed[-1], f"{unseen(error)}; giữ các bài đã có trong chỉ mục"))

    roots = frozenset((*manifest.roots(), *(tour.root for tour in tours)))
    walked = (
        found
        for root, rules, part in _parts(tours, closed, skipped)
        for found in walk(root, index_folder, rules, note, roots, part)
    )
    manifest.list_found(_rows(walked, base, skipped))
    gone = _list_named(manifest, listed, base, skipped)
    warnings: list[Skipped] = []
    if loose:
        there, missing, warnings = loose_files(manifest, tours, base, prune=prune)
        manifest.list_more(there)
        gone += missing
    skipped += _left_out(manifest, tours, base)
    lost, kept = lost_files(manifest, tours, base, closed, prune=prune)
    return Survey(tuple(dict.fromkeys((*gone, *lost))), tuple(closed), tuple(skipped), (*warnings, *kept))


def unseen(error: OSError) -> str:
    """Why a folder could not be listed, or its ignore file not be read, as `walk` tells of it."""
    return f"không xem được trong thư mục này có gì: {saying(error)}" if error.errno else saying(error)


def lost_files(
    manifest: Manifest, tours: Sequence[Tour], base: str, closed: Sequence[str] = (), *, prune: bool
) -> tuple[list[str], list[Skipped]]:
    """The known files (keys) of the tours that were not found; and the places that keep theirs, with the reason.

    A place that is missing, or has lost more than half of its files, is more likely unmounted than emptied: its files
    count as gone only with `prune`. Files that are there and that the rules leave out are gone at once. Nothing is gone
    from `closed` folders, or from a place inside another that keeps its files.
    """
    gone: list[str] = []
    kept: list[Skipped] = []
    for place in dict.fromkeys(tour.part for tour in tours):
        count, lost = manifest.lost(key_ranges(place, base))
        away = ((file, key_path(file, base)) for file in lost)
        missing = [file for file, path in away if not (os.path.lexists(path) or is_below_any(path, closed))]
        if missing and not prune and (len(missing) > count / 2 or not os.path.exists(place)):
            reason = (
                f"thiếu {len(missing)} trong {count} tệp đã biết, bài của chúng được giữ lại; "
                "nếu đã xóa thật, chạy lại với --prune"
            )
            kept.append(Skipped(place, reason))
            gone += set(lost).difference(missing)
        else:
            gone += lost
    keeping = [skipped.path for skipped in kept]
    if keeping or closed:
        paths = {file: key_path(file, base) for file in gone}
        gone = [
            file
            for file, path in paths.items()
            if not is_below_any(path, closed) and (os.path.lexists(path) or not is_below_any(path, keeping))
        ]
    return list(dict.fromkeys(gone)), kept


def resolve_roots(paths: Sequence[str], known: Iterable[str], base: str) -> list[str]:
    """The real absolute paths a run is about: the given ones, else the known roots, else corpus/ beside the index.

    Raises `UsageError` for a path that does not exist (and of which nothing is indexed), or when there is none.
    """
    known = list(known)
    if paths:
        roots = [os.path.realpath(on_disk(path)) for path in paths]
        for path, root in zip(paths, roots, strict=True):
            if not is_unicode(root):
                raise UsageError(f"tên đường dẫn “{path}” không phải UTF-8", "đổi tên thư mục hoặc tệp")
            if not os.path.exists(root) and not is_below_any(root, known):
                raise _no_path(path, root)
            if os.path.exists(root) and not (os.path.isdir(root) or os.path.isfile(root)):
                raise UsageError(f"“{path}” không phải thư mục hay tệp thường", "nêu thư mục hoặc tệp bài viết")
        return list(dict.fromkeys(roots))
    if known:
        return known
    corpus = os.path.join(base, "corpus")
    if os.path.isdir(corpus):
        return [os.path.realpath(corpus)]
    raise UsageError("chưa biết đọc bài viết ở đâu", "chỉ thư mục bài viết: searchvn index THƯ-MỤC")


def _no_path(path: str, real: str) -> UsageError:
    """The error for a path at which nothing can be seen: there is nothing, or it may not be looked at."""
    try:
        os.stat(real)
    except PermissionError as error:
        return UsageError(f"không xem được “{path}”: {saying(error)}", "kiểm tra quyền của các thư mục chứa nó")
    except OSError:
        pass
    return UsageError(f"không có đường dẫn “{path}”", "kiểm tra lại tên thư mục hoặc tệp")


def planned(roots: Sequence[str], known: Mapping[str, Rules], rules: Rules | None) -> list[Tour]:
    """The tours of a run over `roots`: with `rules` where some are given, else with those that they are known with.

    A part of a known root follows the rules of that root; a known root inside of another keeps its own.
    """
    tours: dict[str, Tour] = {}
    inside = sorted(known)
    for root in roots:
        above = next((place for place in _upwards(root) if place in known), root)
        tours[root] = Tour(root, root, rules) if rules is not None else Tour(root, above, known.get(above, EVERYTHING))
    for root in roots:
        below = root.rstrip(os.sep) + os.sep
        for one in inside[bisect_left(inside, below) : bisect_left(inside, below[:-1] + "0")]:
            tours.setdefault(one, Tour(one, one, known[one]))
    return list(tours.values())


def _upwards(path: str) -> Iterator[str]:
    """A path and the folders that it stands in, up to the root of the file system."""
    yield path
    while (above := os.path.dirname(path)) != path:
        yield (path := above)


def new_roots(tours: Sequence[Tour], known: Mapping[str, Rules]) -> dict[str, Rules]:
    """The roots to remember: those that are not below a known one, and those whose rules have changed."""
    return {tour.root: tour.rules for tour in tours if tour.root not in known or known[tour.root] != tour.rules}


def is_below_any(path: str, roots: Iterable[str]) -> bool:
    """True when `path` is one of the roots or stands below one."""
    return any(is_at_or_below(path, root) for root in roots)


def ranges_of(tours: Sequence[Tour], base: str) -> Ranges:
    """The keys of all files of the tours."""
    return [pair for tour in tours for pair in key_ranges(tour.part, base)]


def _parts(tours: Sequence[Tour], closed: list[str], skipped: list[Skipped]) -> Iterator[tuple[str, Rules, str]]:
    """What to walk: roots, their rules, and the part that is asked for where it is not the whole root.

    A root that has become a link since it was named may lead anywhere: it is closed.
    """
    for tour in tours:
        if os.path.realpath(tour.part) != tour.part and not tour.rules.follow:
            closed.append(tour.part)
            skipped.append(
                Skipped(tour.part, "nay là liên kết đến nơi khác; giữ các bài đã có, hoặc nêu lại đường dẫn")
            )
        else:
            yield tour.root, tour.rules, "" if tour.part == tour.root else tour.part


def _left_out(manifest: Manifest, tours: Sequence[Tour], base: str) -> list[Skipped]:
    """Files that were asked for by name and that no walk gave."""
    left_out: list[Skipped] = []
    for tour in tours:
        if tour.part != tour.root and os.path.isfile(tour.part) and not manifest.is_found(file_key(tour.part, base)):
            reason = f"bị loại: tệp ẩn, loại tệp không đọc được, hay theo mẫu của {tour.root}"
            left_out.append(Skipped(tour.part, reason))
    return left_out


def _rows(walked: Iterable[Found], base: str, skipped: list[Skipped]) -> Iterator[FoundFile]:
    """Rows for the manifest's list; a name that is not UTF-8 can be no key."""
    for path, seen in walked:
        if is_unicode(path):
            yield FoundFile(path, file_key(path, base), seen)
        else:
            name = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            skipped.append(Skipped(name, "tên tệp không phải UTF-8: đổi tên tệp"))


def _list_named(manifest: Manifest, listed: Iterable[str], base: str, skipped: list[Skipped]) -> list[str]:
    """Lists files by name. Returns the keys of known ones that are gone."""
    missing: list[tuple[str, str]] = []
    folders = 0

    def there() -> Iterator[Found]:
        nonlocal folders
        for name in listed:
            path = os.path.realpath(on_disk(name))
            try:
                mode = os.stat(path).st_mode
                if stat.S_ISDIR(mode):
                    folders += 1
                elif stat.S_ISREG(mode):
                    yield Found(path, fingerprint(path))
                else:
                    skipped.append(Skipped(name, "không phải tệp thường"))
            except (OSError, ValueError):  # of a name with NUL
                missing.append((name, path))

    manifest.list_more(_rows(there(), base, skipped))
    if folders:
        skipped.append(Skipped("--files-from", _FOLDERS.format(folders)))
    gone: list[str] = []
    for name, path in missing:
        if is_unicode(path) and manifest.entry(file_key(path, base)):
            gone.append(file_key(path, base))
        else:
            skipped.append(Skipped(name, "không có tệp này"))
    return gone


def loose_files(
    manifest: Manifest, tours: Sequence[Tour], base: str, *, prune: bool
) -> tuple[list[FoundFile], list[str], list[Skipped]]:
    """The known files outside of the tours: those that are there, the keys of those that are gone, and a warning.

    They go with `prune` only.
    """
    there: list[FoundFile] = []
    missing: list[str] = []
    for file in manifest.outside(ranges_of(tours, base)):
        path = key_path(file, base)
        try:
            there.append(FoundFile(path, file, fingerprint(path)))
        except OSError:
            missing.append(file)
    if prune or not missing:
        return there, missing, []
    reason = f"thiếu {len(missing)} tệp lẻ đã biết, bài được giữ lại; nếu đã xóa thật, chạy lại với --prune"
    return there, [], [Skipped(key_path(missing[0], base), reason)]
