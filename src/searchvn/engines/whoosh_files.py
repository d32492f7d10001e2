"""What Whoosh writes: fields and segments, tables of contents, and a list of their checksums.

Main type: `Storage`. Invariants: a commit is there, whole and with its checksums, or not at all, also after a power
cut; files that no commit needs are taken away by the next one.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.reading import SegmentReader

from searchvn.engines.checksums import LIST, crc32_of, read_list, sync, write_list
from searchvn.errors import saying
from searchvn.fields import FIELDS, Kind

MAX_SEGMENTS = 10  # every commit makes one, and a search opens them all
SMALL = 1000  # articles in a segment
WASTE = 1 / 3  # deleted articles for every article of a segment, at most

STORED = "stored"  # the field of the articles themselves
_NAME = "MAIN"  # what Whoosh calls an index that has no name
_KEPT = (".seg", ".toc")  # the endings of the files that a commit leaves: segments, and the table of contents
_UNFINISHED = re.compile(r"_\w+\.toc\.")
NO_NUMBER = -(2**63)  # stands in the column of an article that has none
POSITIONS = formats.Positions()
_FREQUENCY = formats.Existence()  # a posting without a value: its weight is the frequency already


class _Terms(fields.FieldType):  # type: ignore[misc]
    """A field of ready terms. Its length in terms is a column of its own: Whoosh's lengths are rounded, by up to 3%."""

    def __init__(self, kind: Kind) -> None:
        length = columns.NumericColumn("I")
        super().__init__(POSITIONS if kind is Kind.TEXT else _FREQUENCY, None, scorable=False, sortable=length)
        self.kind = kind

    def index(self, value: str, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Term, frequency, weight and encoded positions of every distinct term of `value`."""
        if self.kind is Kind.TEXT:
            places: defaultdict[str, list[int]] = defaultdict(list)
            for place, term in enumerate(value.split()):
                places[term].append(place)
            for term, found in places.items():
                yield term.encode(), len(found), float(len(found)), POSITIONS.encode(found)
        else:
            terms = [value] if self.kind is Kind.KEYWORD else value.split()
            for term, count in Counter(terms).items():
                yield term.encode(), count, float(count), b""

    def to_column_value(self, value: str) -> int:
        """How many terms `value` holds."""
        return 1 if self.kind is Kind.KEYWORD else len(value.split())


class _Number(fields.FieldType):  # type: ignore[misc]
    """A field of one whole number: no terms, a column that is looked through."""

    def __init__(self) -> None:
        super().__init__(_FREQUENCY, None, scorable=False, sortable=columns.NumericColumn("q", default=NO_NUMBER))

    def index(self, value: str, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        return iter(())

    def to_column_value(self, value: str) -> int:
        return int(value)


class Storage(FileStorage):  # type: ignore[misc]
    """A folder whose commits survive a power cut: what a table of contents names reaches the disk before it does.

    So does the list of checksums. It names what the table before and the new one need, so it fits whichever is there.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._new: set[str] = set()

    def create_file(self, name: str, **options: Any) -> Any:
        self._new.add(name)
        return super().create_file(name, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh calls this for one thing, the last step of a commit: the new table of contents gets its name."""
        for path in map(self._fpath, self._new):
            if os.path.exists(path):
                sync(path)
        self._new.clear()
        write_list(self.folder, {**self._checksums(), newname: crc32_of(self._fpath(oldname))})
        super().rename_file(oldname, newname, safe)
        sync(self.folder)
        for name in self.list():
            if _UNFINISHED.match(name):  # of a process that was killed here
                self.delete_file(name)

    def _checksums(self) -> dict[str, int]:
        """Those of the files that are there. Only those that are not in the list are read."""
        try:
            known = read_list(self.folder)
        except ValueError:
            known = {}
        names = [name for name in self.list() if name.endswith(_KEPT)]
        return {name: known[name] if name in known else crc32_of(self._fpath(name)) for name in names}

    def generation(self) -> int:
        """The number of the newest table of contents; -1 where there is none."""
        return int(TOC._latest_generation(self, _NAME))


def schema() -> Any:
    """The fields of the table as Whoosh's, and the articles themselves."""
    schema = fields.Schema(**{STORED: fields.STORED()})
    for field in FIELDS:
        schema.add(field.name, _Number() if field.kind is Kind.NUMBER else _Terms(field.kind))
    return schema


def codec() -> Any:
    """How segments are written."""
    codec = W3Codec()
    codec.length_stats = False  # lengths are ours; looking each up again took a sixth of the time
    return codec


def merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's hook in a commit: copies some segments into the new one and returns the others.

    Small ones join one at least as large, for a term costs much in every segment that has it; and mostly deleted ones.
    """
    by_size = sorted(segments, key=lambda segment: segment.doc_count())
    some = by_size[: len(segments) // 2] if len(segments) >= MAX_SEGMENTS else []
    size, copied = writer.docnum, []
    for segment in by_size:
        articles = segment.doc_count()
        if segment in some or articles <= min(size, SMALL) or segment.deleted_count() > WASTE * articles:
            size += articles
            copied.append(segment)
            if articles:
                reader = SegmentReader(writer.storage, writer.schema, segment)
                writer.add_reader(reader)
                reader.close()
    return [segment for segment in segments if segment not in copied]


def living(folder: str) -> Iterator[Any]:
    """The articles that are stored in the segments of an index, as they were written, as far as they can be read."""
    storage = Storage(folder)
    for segment in TOC.read(storage, _NAME, schema=schema()).segments:
        with suppress(Exception):  # anything: see whoosh.py
            reader = SegmentReader(storage, schema(), segment)
            for number in reader.all_doc_ids():
                with suppress(Exception):
                    yield reader.stored_fields(number)[STORED]
            reader.close()


def damage(index: Any) -> list[str]:
    """One line for each file of a Whoosh index that is not as it was committed."""
    while True:
        before = index.storage.generation()
        found = list(_damage(index, before))
        if not found or index.storage.generation() == before:
            return found  # else a commit took files away meanwhile


def _damage(index: Any, generation: int) -> Iterator[str]:
    storage = index.storage
    try:
        known = read_list(storage.folder)
    except (OSError, ValueError):
        yield f"{LIST}: không đọc được"
        return
    toc = TOC._filename(_NAME, generation)
    if known and (fault := _fault(storage, toc, known)):
        yield f"{toc}: {fault}"
        return
    for segment in TOC.read(storage, _NAME, gen=generation, schema=schema()).segments:
        name = segment.make_filename(segment.COMPOUND_EXT)
        if fault := _fault(storage, name, known) if known else _unreadable(storage, segment):
            yield f"{name}: {fault}"


def _fault(storage: Storage, name: str, known: dict[str, int]) -> str:
    """What is wrong with a file; nothing where it is as it was written."""
    try:
        return "" if crc32_of(os.path.join(storage.folder, name)) == known.get(name) else "không còn như lúc ghi"
    except OSError as error:
        return f"không đọc được ({saying(error)})"


def _unreadable(storage: Storage, segment: Any) -> str:
    """What reading the articles of a segment says: all that can be asked of an index older than the list."""
    try:
        reader = SegmentReader(storage, schema(), segment)
        for number in reader.all_doc_ids():
            reader.stored_fields(number)
        reader.close()
    except Exception:  # anything: see whoosh.py
        return "không đọc được"
    return ""
