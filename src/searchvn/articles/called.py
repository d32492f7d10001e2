"""What the records of a file are called, and where each stands, however many there are.

Main type: `Called`. Invariant: it gives the lines that were noted; only so many names stand in memory, the others in a
file of SQLite's own that is gone with it.
"""

import sqlite3
from contextlib import suppress

from searchvn.errors import ArticleError

MOST_IN_MEMORY = 100_000  # names, 12 MB


class Called:
    """Name -> the line of the record that has it."""

    def __init__(self) -> None:
        self._recent: dict[str, int] = {}
        self._older: sqlite3.Connection | None = None
        self._most = MOST_IN_MEMORY

    def note(self, name: str, line: int) -> None:
        """Remembers a name that none has had yet."""
        if len(self._recent) >= self._most:
            self._put_away()
        self._recent[name] = line

    def line_of(self, name: str) -> int | None:
        """Where the record stands that is called so; None if none is.

        Raises `ArticleError` where the names that were put away cannot be read.
        """
        line = self._recent.get(name)
        if line is None and self._older is not None:
            try:
                row = self._older.execute("SELECT line FROM names WHERE name = ?", (name,)).fetchone()
            except sqlite3.Error as error:
                raise ArticleError("không đọc lại được tên các bản ghi trong tệp tạm; xem đĩa còn chỗ không") from error
            return int(row[0]) if row else None
        return line

    def _put_away(self) -> None:
        try:
            if self._older is None:
                self._older = _temporary()
            with self._older:
                self._older.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", sorted(self._recent.items()))
        except sqlite3.Error:  # no room for files of passage: then all stay in memory
            self._most *= 2
        else:
            self._recent.clear()


def _temporary() -> sqlite3.Connection:
    """A database in a file without a name, which the system takes away (SQLite, "Temporary Files Used By SQLite")."""
    database = sqlite3.connect("")
    with suppress(sqlite3.Error):
        database.execute("PRAGMA journal_mode = OFF")
    database.execute("CREATE TABLE names (name TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
    return database
