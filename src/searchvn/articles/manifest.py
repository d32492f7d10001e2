"""What the index knows about its source files: one SQLite file beside the engine's.

Main type: `Manifest`. Invariants: a file is in `files` only if the engine has committed exactly its articles; a file
whose articles the engine may have committed in part is in `pending`, beside what `files` still says of it; every
change is one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from searchvn.articles.walk import Fingerprint
from searchvn.errors import IndexDamagedError, IndexFolderError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    generation INTEGER NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL, digest TEXT NOT NULL, articles INTEGER NOT NULL,
    PRIMARY KEY (generation, file)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pending (
    generation INTEGER NOT NULL, file TEXT NOT NULL, PRIMARY KEY (generation, file)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unread (
    generation INTEGER NOT NULL, file TEXT NOT NULL, PRIMARY KEY (generation, file)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS roots (root TEXT PRIMARY KEY) WITHOUT ROWID;
"""

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


def added_by_program(file: str, articles: int) -> Entry:
    """The entry of articles that have no source file."""
    return Entry(file, _NO_SOURCE, "", articles)


class Manifest:
    """The files, pending files and roots of one generation of an index."""

    def __init__(self, path: str, generation: int) -> None:
        self._generation = generation
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            raise _damaged(path, error) from error
        self._path = path

    def entries(self) -> Iterator[Entry]:
        """All files whose articles are in the index."""
        rows = self._select(
            "SELECT file, size, mtime_ns, ctime_ns, inode, digest, articles FROM files WHERE generation = ?",
            self._generation,
        )
        for file, size, mtime_ns, ctime_ns, inode, digest, articles in rows:
            yield Entry(file, Fingerprint(size, mtime_ns, ctime_ns, inode), digest, articles)

    def pending(self) -> list[str]:
        """Files that an interrupted run may have left half indexed."""
        rows = self._select("SELECT file FROM pending WHERE generation = ? ORDER BY file", self._generation)
        return [file for (file,) in rows]

    def announce(self, files: Iterable[str]) -> None:
        """Before an engine commit: these files are about to change."""
        self._transaction(
            [("INSERT OR IGNORE INTO pending VALUES (?, ?)", [(self._generation, file) for file in files])]
        )

    def settle(self, done: Iterable[Entry], gone: Iterable[str]) -> None:
        """After an engine commit: `done` are in the index as recorded, `gone` are not in it any more."""
        done, gone = list(done), list(gone)
        finished = [(self._generation, entry.file) for entry in done] + [(self._generation, file) for file in gone]
        rows = [(self._generation, e.file, *e.fingerprint, e.digest, e.articles) for e in done]
        self._transaction(
            [
                ("DELETE FROM files WHERE generation = ? AND file = ?", finished),
                ("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows),
                ("DELETE FROM pending WHERE generation = ? AND file = ?", finished),
            ]
        )

    def unread(self) -> list[str]:
        """Files that the last run over them could not read."""
        rows = self._select("SELECT file FROM unread WHERE generation = ? ORDER BY file", self._generation)
        return [file for (file,) in rows]

    def change_unread(self, readable: Iterable[str], unreadable: Iterable[str]) -> None:
        """Files that are readable again (or gone), and files that are not."""
        self._transaction(
            [
                ("DELETE FROM unread WHERE generation = ? AND file = ?", [(self._generation, f) for f in readable]),
                ("INSERT OR IGNORE INTO unread VALUES (?, ?)", [(self._generation, f) for f in unreadable]),
            ]
        )

    def roots(self) -> list[str]:
        """The folders and files that indexing was asked for."""
        return [root for (root,) in self._select("SELECT root FROM roots ORDER BY root")]

    def add_roots(self, roots: Iterable[str]) -> None:
        """Remembers roots for runs without a path."""
        self._transaction([("INSERT OR IGNORE INTO roots VALUES (?)", [(root,) for root in roots])])

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
        if (found := self._select("PRAGMA quick_check(1)")) != [("ok",)]:
            raise _damaged(self._path, found[0][0])

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def _select(self, statement: str, *values: object) -> list[Any]:
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise _damaged(self._path, error) from error

    def _transaction(self, statements: Iterable[tuple[str, Sequence[tuple[object, ...]]]]) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for statement, rows in statements:
                self._db.executemany(statement, rows)
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise IndexFolderError(
                f"không ghi được {self._path}: {error}", "xem đĩa còn chỗ và thư mục ghi được không, rồi chạy lại"
            ) from error
        except sqlite3.DatabaseError as error:
            raise _damaged(self._path, error) from error
        finally:
            if self._db.in_transaction:  # SQLite itself undoes some failed ones
                self._db.execute("ROLLBACK")


def _damaged(path: str, error: object) -> IndexDamagedError:
    return IndexDamagedError(f"không đọc được {path}: {error}", "dựng lại chỉ mục: searchvn index --rebuild")


_TABLES = ("files", "pending", "unread")
