"""Whoosh as its documentation uses it: a schema of two stored texts, the default writer, the default parser.

Main type: `WhooshDocs`. Invariant: nothing is tuned and nothing is added, except a date to sort and to filter by, as
its chapters on sorting and on dates show.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from peers.base import (
    ALL_KINDS,
    FEW,
    SAMPLE,
    TOP,
    Answer,
    Indexed,
    Peer,
    Request,
    folder_size,
    records,
    size_of_text,
    stopwatch,
    timed,
)

try:
    from whoosh import fields, index, qparser, query
except ImportError:
    index = None


class WhooshDocs:
    """TEXT(stored=True) for title and content, its StandardAnalyzer in both."""

    name = "Whoosh (documented use)"
    kinds = ALL_KINDS - {"unaccented"}  # its words keep their marks
    modes: tuple[str, ...] = ("totals",)
    most_articles: int | None = SAMPLE
    most_requests: int | None = FEW

    def missing(self) -> str:
        return "" if index else "whoosh-reloaded is not installed"

    def index(self, corpus: Path, folder: Path, threads: int) -> Indexed:
        schema = fields.Schema(
            id=fields.ID(stored=True),
            title=fields.TEXT(stored=True),
            content=fields.TEXT(stored=True),
            published=fields.DATETIME(stored=True, sortable=True),
        )
        made = index.create_in(str(folder), schema)
        count = size = 0
        with stopwatch() as watch:
            writer = made.writer()
            for record in records(corpus):
                count += 1
                size += size_of_text(record)
                published = datetime.fromisoformat(record["published"][:10])
                writer.add_document(id=record["id"], title=record["title"], content=record["text"], published=published)
            writer.commit()
        return Indexed(count, size, watch.seconds, watch.cpu_seconds, folder_size(folder), "title and body only")

    def open(self, corpus: Path, folder: Path) -> WhooshSession:
        return WhooshSession(index.open_dir(str(folder)))


class WhooshSession:
    """An open index and its searcher."""

    def __init__(self, opened: index.Index) -> None:
        self._searcher = opened.searcher()
        names = ["title", "content"]
        self._any = qparser.MultifieldParser(names, opened.schema, group=qparser.OrGroup)
        self._all = qparser.MultifieldParser(names, opened.schema)

    def answer(self, asked: Sequence[Request], mode: str) -> list[Answer]:
        return timed(asked, mode, self._answer)

    def _answer(self, request: Request, mode: str) -> tuple[int | None, int]:
        text = parser_text(request)
        wanted = self._all.parse(text)
        only = None
        if request.kind == "dates":
            only = query.DateRange("published", _day(request.first), _day(request.last))
        if request.kind == "newest":
            found = self._searcher.search(wanted, limit=TOP, sortedby="published", reverse=True)
        else:
            found = self._searcher.search(self._any.parse(text), limit=TOP, filter=only)
        hits = sum(bool(hit.fields()) for hit in found)
        counted = self._searcher.search(query.And([wanted, only]) if only else wanted, limit=None, scored=False)
        return len(counted), hits

    def close(self) -> None:
        self._searcher.close()


def parser_text(request: Request) -> str:
    """The request in Whoosh's query language."""
    words = " ".join(request.words)
    match request.kind:
        case "phrase":
            return f'"{words}"'
        case "prefix":
            return f"{words}*"
        case "boolean":
            operator = "AND NOT" if request.operator == "NOT" else request.operator
            return f" {operator} ".join(request.words)
    return words


def _day(number: int) -> datetime:
    return datetime(number // 10000, number // 100 % 100, number % 100)


WHOOSH: Peer = WhooshDocs()
