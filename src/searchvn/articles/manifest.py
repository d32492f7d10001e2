"""What the index knows about its source files: one SQLite file beside the engine's.

Main type: `Manifest`. Invariants: a file is in `files` only if the engine has committed exactly its articles; a file
whose articles the engine may have committed in part is in `pending`, beside what `files` still says of it; every
change is one transaction; nothing here grows in memory with the number of files.
"""

from __future__ import annotations

import os
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote

from searchvn.articles.digests import read_digests
from searchvn.articles.rules import EVERYTHING, Rules
from searchvn.articles.walk import Fingerprint
from searchvn.errors import IndexDamagedError, IndexFolderError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    generation INTEGER NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL, digest TEXT NOT NULL, articles INTEGER NOT NULL,
    PRIMARY KEY (generation, file)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    generation INTEGER NOT NULL, file TEXT NOT NULL, digests BLOB NOT NULL, PRIMARY KEY (generation, file));
CREATE TABLE IF NOT EXISTS pending (
    generation INTEGER NOT NULL, file TEXT NOT NULL, source INTEGER NOT NULL,
    PRIMARY KEY (generation, file)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unread (
    generation INTEGER NOT NULL, file TEXT NOT NULL, PRIMARY KEY (generation, file)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS roots (root TEXT PRIMARY KEY, rules TEXT NOT NULL) WITHOUT ROWID;
"""
# What a walk has found, and ranges of keys: on disk where they grow, and gone with the connection.
_LISTS = """
CREATE TEMP TABLE found (
    number INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, path TEXT NOT NULL,
    seen_size INTEGER, seen_mtime_ns INTEGER, seen_ctime_ns INTEGER, seen_inode INTEGER);
CREATE TEMP TABLE wanted (low TEXT PRIMARY KEY, high TEXT) WITHOUT ROWID;
"""
# Columns that older indexes lack; a rebuild reads these too.
_ADDED = (("pending", "source INTEGER NOT NULL DEFAULT 1"), ("roots", "rules TEXT NOT NULL DEFAULT ''"))
_TABLES = ("files", "records", "pending", "unread")
_NONE: Mapping[str, bytes] = MappingProxyType({})
_CHUNK = 1_000  # rows read at a time
_FEW = 20  # ranges of keys that a condition may name one by one

Ranges = Sequence[tuple[str, str | None]]  # of file keys, as `identity.key_ranges` gives them

_NO_SOURCE = Fingerprint(-1, 0, 0, 0)  # of articles that a program added: there is no file to read again


class Entry(NamedTuple):
    """A source file as it was when its articles were committed."""

    file: str
    fingerprint: Fingerprint
    digest: str
    articles: int

    @property
    def has_source(self) -> bool:
        """False for articles that a program added."""
        return self.fingerprint != _NO_SOURCE


def added_by_program(file: str, articles: int, digest: str = "") -> Entry:
    """The entry of articles that have no source file."""
    return Entry(file, _NO_SOURCE, digest, articles)


class FoundFile(NamedTuple):
    """A file that a walk found, and what the manifest knows of it: its entry, and whether it is pending.

    `seen` is its fingerprint at the time of the walk, None where it could not be had.
    """

    path: str
    file: str
    seen: Fingerprint | None
    entry: Entry | None = None
    pending: bool = False


class Manifest:
    """The files, pending files and roots of one generation of an index."""

    def __init__(self, path: str, generation: int, *, reading: bool = False) -> None:
        self._generation, self._path = generation, path
        try:
            if reading:
                self._db = sqlite3.connect(f"file:{quote(path)}?mode=ro", isolation_level=None, uri=True)
            else:
                self._db = sqlite3.connect(path, isolation_level=None)
                self._db.executescript(_SCHEMA)
                self._add_columns()
            self._db.executescript(_LISTS)
        except sqlite3.DatabaseError as error:
            raise _damaged(path, error) from error

    def _add_columns(self) -> None:
        for table, column in _ADDED:
            if column.split()[0] not in {name for _, name, *_ in self._db.execute(f"PRAGMA table_info({table})")}:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN {column}")

    def of(self, generation: int) -> Manifest:
        """The same manifest, and what its walk has found, for another generation."""
        other = Manifest.__new__(Manifest)
        other._generation, other._db, other._path = generation, self._db, self._path
        return other

    def entries(self) -> Iterator[Entry]:
        """All files whose articles are in the index, by file key."""
        last = ""
        while rows := self._select(
            "SELECT file, size, mtime_ns, ctime_ns, inode, digest, articles FROM files "
            "WHERE generation = ? AND file > ? ORDER BY file LIMIT ?",
            self._generation,
            last,
            _CHUNK,
        ):
            yield from map(_entry, rows)
            last = rows[-1][0]

    def entry(self, file: str) -> Entry | None:
        """What is known of a file."""
        rows = self._select(
            "SELECT file, size, mtime_ns, ctime_ns, inode, digest, articles FROM files "
            "WHERE generation = ? AND file = ?",
            self._generation,
            file,
        )
        return _entry(rows[0]) if rows else None

    def files(self) -> int:
        """How many files have their articles in the index."""
        return int(self._select("SELECT count(*) FROM files WHERE generation = ?", self._generation)[0][0])

    def within(self, ranges: Ranges) -> list[str]:
        """The files, pending ones too, whose keys are in the ranges."""
        where, values = self._inside(ranges)
        rows = self._select(
            f"SELECT file FROM files WHERE generation = ? AND {where} "
            f"UNION SELECT file FROM pending WHERE generation = ? AND {where}",
            *(self._generation, *values) * 2,
        )
        return [file for (file,) in rows]

    def pending(self) -> list[str]:
        """Files that an interrupted run may have left half indexed."""
        return self._column("SELECT file FROM pending WHERE generation = ? ORDER BY file")

    def is_pending(self, file: str) -> bool:
        """True for a file that an interrupted run may have left half indexed."""
        return bool(self._column("SELECT file FROM pending WHERE generation = ? AND file = ?", file))

    def pending_without_source(self) -> list[str]:
        """Articles of programs, which an interrupted run left either as they were or as they should be."""
        return self._column("SELECT file FROM pending WHERE generation = ? AND NOT source ORDER BY file")

    # --- a walk

    def list_found(self, found: Iterable[FoundFile]) -> None:
        """Begins a list of what a walk has found, each file once."""
        self._transaction([("DELETE FROM temp.found", [()])], begin="BEGIN")
        self.list_more(found)

    def list_more(self, found: Iterable[FoundFile]) -> None:
        """Goes on with the list."""
        names = "file, path, seen_size, seen_mtime_ns, seen_ctime_ns, seen_inode"
        rows = ((one.file, one.path, *(one.seen or (None,) * 4)) for one in found)
        insert = f"INSERT OR IGNORE INTO temp.found ({names}) VALUES (?, ?, ?, ?, ?, ?)"
        self._transaction([(insert, rows)], begin="BEGIN")  # without the lock that writing to the file would take

    def is_found(self, file: str) -> bool:
        """True for a file of the list."""
        return bool(self._select("SELECT 1 FROM temp.found WHERE file = ?", file))

    def found_size(self) -> tuple[int, int]:
        """How many files were found, and their bytes."""
        files, size = self._select("SELECT count(*), coalesce(sum(seen_size), 0) FROM temp.found")[0]
        return int(files), int(size)

    def found(self) -> Iterator[FoundFile]:
        """What was found, in the order of the walk, with what is known of it now."""
        last = 0
        while rows := self._select(
            "SELECT number, path, f.file, p.file IS NOT NULL, seen_size, seen_mtime_ns, seen_ctime_ns, seen_inode, "
            "e.file, size, mtime_ns, ctime_ns, inode, digest, articles FROM temp.found f "
            "LEFT JOIN files e ON e.generation = ?1 AND e.file = f.file "
            "LEFT JOIN pending p ON p.generation = ?1 AND p.file = f.file "
            "WHERE number > ?2 ORDER BY number LIMIT ?3",
            self._generation,
            last,
            _CHUNK,
        ):
            for _, path, file, pending, *facts in rows:
                seen = Fingerprint(*facts[:4]) if facts[0] is not None else None
                entry = _entry(tuple(facts[4:])) if facts[4] is not None else None
                yield FoundFile(path, file, seen, entry, bool(pending))
            last = rows[-1][0]

    def lost(self, ranges: Ranges) -> tuple[int, list[str]]:
        """Of the files with a source whose keys are in the ranges: how many there are, and those not found."""
        where, values = self._inside(ranges)
        known = (
            f"(SELECT file FROM files WHERE generation = ? AND size >= 0 AND {where} "
            f"UNION SELECT file FROM pending WHERE generation = ? AND source AND {where})"
        )
        both = (self._generation, *values) * 2
        count = self._select(f"SELECT count(*) FROM {known}", *both)[0][0]
        rows = self._select(f"SELECT file FROM {known} WHERE file NOT IN (SELECT file FROM temp.found)", *both)
        return int(count), sorted(file for (file,) in rows)

    def outside(self, ranges: Ranges) -> Iterator[str]:
        """The files with a source, pending ones too, whose keys are in none of the ranges."""
        apart = _merged(ranges)
        last = ""
        while rows := self._select(
            "SELECT file FROM files WHERE generation = ?1 AND size >= 0 AND file > ?2 "
            "UNION SELECT file FROM pending WHERE generation = ?1 AND source AND file > ?2 ORDER BY file LIMIT ?3",
            self._generation,
            last,
            _CHUNK,
        ):
            for (file,) in rows:
                place = bisect_right(apart, file, key=lambda pair: pair[0])
                high = apart[place - 1][1] if place else ""
                if high is not None and file >= high:
                    yield file
            last = rows[-1][0]

    # --- a run

    def announce(self, files: Mapping[str, bool]) -> None:
        """Before an engine commit: these files are about to change. True for those that have a source."""
        rows = [(self._generation, file, source) for file, source in files.items()]
        self._transaction([("INSERT OR IGNORE INTO pending VALUES (?, ?, ?)", rows)])

    def settle(self, done: Iterable[Entry], gone: Iterable[str], records: Mapping[str, bytes] = _NONE) -> None:
        """After an engine commit: `done` are in the index as recorded, `gone` are not in it any more.

        `records`: what `RecordDigests` packed of the digests of a file's records.
        """
        done, gone = list(done), list(gone)
        finished = [(self._generation, entry.file) for entry in done] + [(self._generation, file) for file in gone]
        rows = [(self._generation, e.file, *e.fingerprint, e.digest, e.articles) for e in done]
        changed = finished if not records else [key for key in finished if key[1] not in records]
        self._transaction(
            [
                ("DELETE FROM files WHERE generation = ? AND file = ?", finished),
                ("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows),
                ("DELETE FROM records WHERE generation = ? AND file = ?", changed),
                ("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", [(self._generation, *r) for r in records.items()]),
                ("DELETE FROM pending WHERE generation = ? AND file = ?", finished),
            ]
        )

    def restamp(self, entries: Iterable[Entry]) -> None:
        """Notes new times of files whose contents are as they were."""
        rows = [(*entry.fingerprint, self._generation, entry.file) for entry in entries]
        columns = "size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?"
        self._transaction([(f"UPDATE files SET {columns} WHERE generation = ? AND file = ?", rows)])

    def records(self, file: str) -> dict[str, str]:
        """The digests of a file's records by their articles' ids; empty where none were kept."""
        rows = self._select("SELECT digests FROM records WHERE generation = ? AND file = ?", self._generation, file)
        return read_digests(rows[0][0]) if rows else {}

    def unread(self) -> list[str]:
        """Files that the last run over them could not read."""
        return self._column("SELECT file FROM unread WHERE generation = ? ORDER BY file")

    def unread_of(self, ranges: Ranges) -> set[str]:
        """Those of them whose keys are in the ranges or that were found."""
        where, values = self._inside(ranges)
        found = "file IN (SELECT file FROM temp.found)"
        return set(self._column(f"SELECT file FROM unread WHERE generation = ? AND ({found} OR {where})", *values))

    def change_unread(self, readable: Iterable[str], unreadable: Iterable[str]) -> None:
        """Files that are readable again (or gone), and files that are not."""
        self._transaction(
            [
                ("DELETE FROM unread WHERE generation = ? AND file = ?", [(self._generation, f) for f in readable]),
                ("INSERT OR IGNORE INTO unread VALUES (?, ?)", [(self._generation, f) for f in unreadable]),
            ]
        )

    def roots(self) -> dict[str, Rules]:
        """The folders and files that indexing was asked for, and what of them is read."""
        rows = self._select("SELECT root, rules FROM roots ORDER BY root")
        try:
            return {os.fsdecode(root): Rules.of_json(rules) if rules else EVERYTHING for root, rules in rows}
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(self._path) from error

    def written_roots(self) -> dict[str, str]:
        """The roots, and their rules as they are written (`Rules.of_json` reads them)."""
        return dict(self._select("SELECT root, rules FROM roots ORDER BY root"))

    def root_paths(self) -> list[str]:
        """The roots alone, also where their rules are damaged."""
        return [root for (root,) in self._select("SELECT root FROM roots ORDER BY root") if isinstance(root, str)]

    def add_roots(self, roots: Mapping[str, Rules]) -> None:
        """Remembers roots for runs without a path; a known one gets these rules."""
        rows = [(root, rules.to_json()) for root, rules in roots.items()]
        self._transaction([("INSERT OR REPLACE INTO roots VALUES (?, ?)", rows)])

    def drop_roots(self, roots: Iterable[str]) -> None:
        """Forgets roots."""
        self._transaction([("DELETE FROM roots WHERE root = ?", [(root,) for root in roots])])

    def drop_other_generations(self) -> None:
        """Forgets what other generations knew."""
        self._transaction([(f"DELETE FROM {t} WHERE generation != ?", [(self._generation,)]) for t in _TABLES])

    def clear(self) -> None:
        """Forgets what this generation knew."""
        self._transaction([(f"DELETE FROM {t} WHERE generation = ?", [(self._generation,)]) for t in _TABLES])

    def verify(self) -> None:
        """Reads the whole file. Raises `IndexDamagedError` when a part of it is damaged."""
        if self._select("PRAGMA quick_check(1)") != [("ok",)]:
            raise _damaged(self._path)
        self.roots()

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def _select(self, statement: str, *values: object) -> list[Any]:
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise _damaged(self._path, error) from error

    def _inside(self, ranges: Ranges) -> tuple[str, tuple[str, ...]]:
        """A condition on `file`, and its values. Of many ranges SQLite reads a table: its expressions are not deep."""
        if len(ranges) <= _FEW:
            parts = ["(file >= ?)" if high is None else "(file >= ? AND file < ?)" for _, high in ranges]
            return f"({' OR '.join(parts) or '0'})", tuple(
                value for pair in ranges for value in pair if value is not None
            )
        self._transaction([("DELETE FROM temp.wanted", [()])], begin="BEGIN")
        self._transaction([("INSERT INTO temp.wanted VALUES (?, ?)", _merged(ranges))], begin="BEGIN")
        last = "(SELECT coalesce(high, x'ff') FROM temp.wanted WHERE low <= file ORDER BY low DESC LIMIT 1)"
        return f"(file < coalesce({last}, ''))", ()

    def _column(self, statement: str, *values: object) -> list[str]:
        """The first column of a selection of this generation."""
        return [value for (value,) in self._select(statement, self._generation, *values)]

    def _transaction(
        self, statements: Iterable[tuple[str, Iterable[tuple[object, ...]]]], begin: str = "BEGIN IMMEDIATE"
    ) -> None:
        try:
            self._db.execute(begin)
            for statement, rows in statements:
                self._db.executemany(statement, rows)
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise IndexFolderError(
                f"không ghi được {self._path}: {_saying(error)}",
                "xem đĩa còn chỗ và thư mục ghi được không, rồi chạy lại",
            ) from error
        except sqlite3.DatabaseError as error:
            raise _damaged(self._path, error) from error
        finally:
            if self._db.in_transaction:  # SQLite itself undoes some failed ones
                self._db.execute("ROLLBACK")


def _entry(row: tuple[Any, ...]) -> Entry:
    file, size, mtime_ns, ctime_ns, inode, digest, articles = row
    return Entry(file, Fingerprint(size, mtime_ns, ctime_ns, inode), digest, articles)


def _merged(ranges: Ranges) -> list[tuple[str, str | None]]:
    """The same keys in ranges that do not overlap, sorted."""
    apart: list[tuple[str, str | None]] = []
    for low, high in sorted(ranges, key=lambda pair: pair[0]):
        last = apart[-1] if apart else None
        if last and (last[1] is None or low <= last[1]):
            apart[-1] = (last[0], None if high is None or last[1] is None else max(high, last[1]))
        else:
            apart.append((low, high))
    return apart


def _damaged(path: str, error: sqlite3.Error | None = None) -> IndexDamagedError:
    why = _saying(error) if error else _SAYINGS[sqlite3.SQLITE_CORRUPT]
    return IndexDamagedError(f"không đọc được {path}: {why}", "dựng lại chỉ mục: searchvn index --rebuild")


def _saying(error: sqlite3.Error) -> str:
    """What SQLite says, in Vietnamese; what is rare keeps its words behind it."""
    return _SAYINGS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF) or f"lỗi SQLite ({error})"


_SAYINGS = {
    sqlite3.SQLITE_READONLY: "không có quyền ghi", sqlite3.SQLITE_FULL: "đĩa hết chỗ",
    sqlite3.SQLITE_IOERR: "đĩa hoặc mạng bị lỗi", sqlite3.SQLITE_BUSY: "tiến trình khác đang dùng",
    sqlite3.SQLITE_CORRUPT: "tệp bị hỏng", sqlite3.SQLITE_NOTADB: "tệp bị hỏng",
}  # fmt: skip
