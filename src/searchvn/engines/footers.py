"""Are the files of a tantivy index as tantivy wrote them? Read without tantivy, which looks only when it must.

Main name: `damage`. Invariant: reads only; files that no segment needs are not looked at.

meta.json names the segments, .managed.json all files that tantivy may delete. The files of a segment never change. In
each, the content is followed by a footer, a JSON object with the content's CRC-32, then by the footer's length and a
magic number of four bytes each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from searchvn.engines.checksums import crc32_of
from searchvn.errors import saying

_META, _MANAGED = "meta.json", ".managed.json"
_PARTS = ("term", "idx", "pos", "fieldnorm", "fast", "store")  # the files of every segment
_MAGIC = 1337


def damage(folder: str) -> list[str]:
    """One line for each file of the index in `folder` that is not as it was written."""
    while True:
        before = version(folder)
        found = list(_damage(folder))
        if not found or version(folder) == before:
            return found  # else a commit or a merge took files away meanwhile


def segments(folder: str) -> list[tuple[int, int]]:
    """How many articles each segment has, and how many deleted ones, in the order in which tantivy numbers them."""
    found = []
    for segment in _json(folder, _META)["segments"]:
        deleted = segment["deletes"]["num_deleted_docs"] if segment["deletes"] else 0
        found.append((segment["max_doc"] - deleted, deleted))
    return found


def living(folder: str) -> Iterator[tuple[str, list[int]]]:
    """Of every segment the path of its stored articles, and the numbers of those that are not deleted.

    Where meta.json is damaged the files tell. A segment whose deleted articles cannot be told is left out.
    """
    try:
        sizes = {name: segment["max_doc"] for segment in _json(folder, _META)["segments"] for name in _files(segment)}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        sizes = dict.fromkeys(sorted(os.listdir(folder)) if os.path.isdir(folder) else ())
    for store in (name for name in sizes if name.endswith(".store")):
        stem = store.removesuffix("store")
        deletes = [os.path.join(folder, name) for name in sizes if name.startswith(stem) and name.endswith(".del")]
        with suppress(OSError, ValueError):
            kept = _kept(deletes[-1]) if deletes else list(range(sizes[store] or _size(folder, stem)))
            yield os.path.join(folder, store), kept


def version(folder: str) -> tuple[int, int] | None:
    """Tells one state of the index in `folder` from the next: every one is a new meta.json."""
    try:
        found = os.stat(os.path.join(folder, _META))
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _damage(folder: str) -> Iterator[str]:
    try:
        meta = _json(folder, _META)
        names = [name for segment in meta["segments"] for name in _files(segment)]
        stamps = [segment["deletes"]["opstamp"] for segment in meta["segments"] if segment["deletes"]]
        if max(stamps, default=0) > meta["opstamp"]:
            yield f"{_META}: các số thứ tự mâu thuẫn nhau"
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        yield f"{_META}: không đọc được"
        return
    try:
        unknown = {*names} - {*_json(folder, _MANAGED)}
        if unknown:
            yield f"{_MANAGED}: thiếu {min(unknown)}"
    except (OSError, ValueError, TypeError):
        yield f"{_MANAGED}: không đọc được"
    for segment in meta["segments"]:
        for name in _files(segment):
            if fault := _fault(os.path.join(folder, name), segment):
                yield f"{name}: {fault}"


def _json(folder: str, name: str) -> Any:
    with open(os.path.join(folder, name), "rb") as stream:
        return json.load(stream)


def _files(segment: dict[str, Any]) -> list[str]:
    """The names of a segment's files."""
    name, deletes = segment["segment_id"].replace("-", ""), segment["deletes"]
    parts = [*_PARTS, f"{deletes['opstamp']}.del"] if deletes else _PARTS
    return [f"{name}.{part}" for part in parts]


def _fault(path: str, segment: dict[str, Any]) -> str:
    """What is wrong with a file of a segment; nothing where it is as it was written."""
    try:
        _content(path)
        if path.endswith(".del") and len(_kept(path)) != segment["max_doc"] - segment["deletes"]["num_deleted_docs"]:
            return f"số bài không khớp với {_META}"
    except OSError as error:
        return f"không đọc được ({saying(error)})"
    except ValueError:
        return "không còn như lúc ghi"
    return ""


def _content(path: str) -> int:
    """How many bytes stand before the file's footer. Raises `ValueError` when they are not as they were written."""
    size = os.path.getsize(path)
    with open(path, "rb") as stream:
        stream.seek(max(0, size - 8))
        length, magic = (int.from_bytes(stream.read(4), "little") for _ in range(2))
        content = size - 8 - length
        if magic != _MAGIC or content < 0:
            raise ValueError(path)
        stream.seek(content)
        footer = json.loads(stream.read(length))
    if not isinstance(footer, dict) or crc32_of(path, content) != footer.get("crc"):
        raise ValueError(path)
    return content


def _kept(path: str) -> list[int]:
    """The numbers of a segment's articles that are not deleted: first how many there were, then a bit for each."""
    with open(path, "rb") as stream:
        data = stream.read(_content(path))
    return [number for number in range(int.from_bytes(data[:4], "little")) if data[4 + number // 8] >> number % 8 & 1]


def _size(folder: str, stem: str) -> int:
    """How many articles a segment has, deleted ones too, by the end of its columns."""
    path = os.path.join(folder, stem + "fast")
    with open(path, "rb") as stream:
        columns = stream.read(_content(path))
    return int.from_bytes(columns[-12:-8], "little")
