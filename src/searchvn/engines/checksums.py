"""Is a file as it was written? A list of CRC-32 for files that carry none themselves.

Main names: `crc32_of`, `read_list`, `write_list`. Invariant: the list on disk is a whole one, and names every file that
was there when it was written.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping

LIST = "checksums.json"  # file name -> CRC-32
_BLOCK = 1 << 20  # bytes read at a time


def crc32_of(path: str, length: int | None = None) -> int:
    """The CRC-32 of the first `length` bytes of a file, or of all of it. Raises `OSError`."""
    checksum = 0
    with open(path, "rb") as stream:
        left = os.fstat(stream.fileno()).st_size if length is None else length
        while left > 0 and (block := stream.read(min(left, _BLOCK))):
            checksum = zlib.crc32(block, checksum)
            left -= len(block)
    return checksum


def read_list(folder: str) -> dict[str, int]:
    """The list in `folder`; empty where there is none. Raises `OSError`, or `ValueError` for one that is damaged."""
    try:
        with open(os.path.join(folder, LIST), "rb") as stream:
            checksums = json.load(stream)
    except FileNotFoundError:
        return {}
    if not isinstance(checksums, dict):
        raise ValueError(LIST)
    return checksums


def write_list(folder: str, checksums: Mapping[str, int]) -> None:
    """Replaces the list in one step; it is on the disk when this returns."""
    new = os.path.join(folder, LIST + ".new")
    with open(new, "w", encoding="utf-8") as stream:
        json.dump(checksums, stream, indent=0)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(new, os.path.join(folder, LIST))
    sync(folder)


def sync(path: str) -> None:
    """Returns when a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
