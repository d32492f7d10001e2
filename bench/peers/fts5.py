"""SQLite FTS5: what comes with Python.

Main type: `Fts5`. Invariants: its tokenizer takes the marks off (`remove_diacritics 2`; it cannot fold đ), so words of
a request find every accentuation; BM25 over title and body, all columns stored, the total by count(*).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from peers.base import (
    ALL_KINDS,
    TOP,
    Answer,
    Indexed,
    Peer,
    Request,
    day_number,
    folder_size,
    records,
    size_of_text,
    stopwatch,
    timed,
)

_TABLES = """
create virtual table articles using fts5(title, body, tokenize = 'unicode61 remove_diacritics 2');
create table facts (id text, source text, author text, published integer);
create index by_date on facts (published);
"""


class Fts5:
    """One database file; the index is written by one thread, as SQLite does it."""

    name = "SQLite FTS5"
    kinds = ALL_KINDS
    modes: tuple[str, ...] = ("totals", "hits")
    most_articles: int | None = None
    most_requests: int | None = None

    def missing(self) -> str:
        with sqlite3.connect(":memory:") as database:
            try:
                database.execute("create virtual table t using fts5(a)")
            except sqlite3.OperationalError as error:
                return str(error)
        return ""

    def index(self, corpus: Path, folder: Path, threads: int) -> Indexed:
        database = sqlite3.connect(folder / "articles.sqlite")
        database.executescript("pragma journal_mode = wal; pragma synchronous = normal;" + _TABLES)
        count = size = 0
        with stopwatch() as watch, database:
            for record in records(corpus):
                count += 1
                size += size_of_text(record)
                database.execute("insert into articles values (?, ?)", (record["title"], record["text"]))
                fact = (record["id"], record.get("source"), record.get("author"), day_number(record["published"]))
                database.execute("insert into facts values (?, ?, ?, ?)", fact)
        database.close()
        return Indexed(count, size, watch.seconds, watch.cpu_seconds, folder_size(folder), "title and body only")

    def open(self, corpus: Path, folder: Path) -> Fts5Session:
        return Fts5Session(sqlite3.connect(f"file:{folder / 'articles.sqlite'}?mode=ro", uri=True))


class Fts5Session:
    """An open database."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def answer(self, asked: Sequence[Request], mode: str) -> list[Answer]:
        return timed(asked, mode, self._answer)

    def _answer(self, request: Request, mode: str) -> tuple[int | None, int]:
        any_word, all_words = match_text(request, " OR "), match_text(request, " AND ")
        run = self._database.execute
        dates = (request.first, request.last)
        columns = "select a.title, a.body, f.id, f.published from articles a"
        joined = "join facts f on f.rowid = a.rowid"
        if request.kind == "newest":
            best = f"{columns} {joined} where articles match ? order by f.published desc limit {TOP}"
            found = run(best, (all_words,)).fetchall()
        elif request.kind == "dates":
            inside = "f.published between ? and ?"
            best = f"{columns} {joined} where articles match ? and {inside} order by bm25(articles) limit {TOP}"
            found = run(best, (any_word, *dates)).fetchall()
        else:
            # Ordered by rank it keeps no more than it needs; the facts are joined to ten articles, not to all.
            inner = f"select rowid, title, body from articles where articles match ? order by rank limit {TOP}"
            best = f"select a.title, a.body, f.id, f.published from ({inner}) a {joined}"
            found = run(best, (any_word,)).fetchall()
        if mode == "hits":
            return None, len(found)
        if request.kind == "dates":
            counting = f"select count(*) from articles a {joined} where articles match ? and {inside}"
            return int(run(counting, (all_words, *dates)).fetchone()[0]), len(found)
        total = run("select count(*) from articles where articles match ?", (all_words,)).fetchone()[0]
        return int(total), len(found)

    def close(self) -> None:
        self._database.close()


def match_text(request: Request, between: str) -> str:
    """The request in the language of FTS5; `between` joins words that stand side by side."""
    quoted = [f'"{word}"' for word in request.words]
    match request.kind:
        case "phrase":
            return f'"{" ".join(request.words)}"'
        case "prefix":
            return f"{quoted[0]} *"
        case "boolean":
            return f" {request.operator} ".join(quoted)
    return between.join(quoted)


FTS5: Peer = Fts5()
