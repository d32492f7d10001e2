"""searchvn itself, in the process, over tantivy or over Whoosh.

Main type: `Searchvn`. Invariant: it is used as any program uses it, through `searchvn.Index`, with its defaults.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from peers.base import ALL_KINDS, FEW, SAMPLE, TOP, Answer, Indexed, Peer, Request, stopwatch, timed
from searchvn import Index
from searchvn.engines.table import check_engine
from searchvn.errors import SearchvnError


class Searchvn:
    """The index that `searchvn index` makes, over one engine."""

    kinds = ALL_KINDS
    modes: tuple[str, ...] = ("totals", "hits", "snippets")

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self.name = "searchvn" if engine == "tantivy" else f"searchvn on {engine}"
        self.most_articles = SAMPLE if engine == "whoosh" else None
        self.most_requests = FEW if engine == "whoosh" else None

    def missing(self) -> str:
        try:
            check_engine(self._engine)
        except SearchvnError as error:
            return str(error)
        return ""

    def index(self, corpus: Path, folder: Path, threads: int) -> Indexed:
        with Index.create(str(folder / "index"), self._engine) as index, stopwatch() as watch:
            report = index.update([str(corpus)], jobs=threads)
        with Index.open(str(folder / "index")) as index:
            size = index.stats().size_bytes
        return Indexed(report.articles, report.text_bytes, watch.seconds, watch.cpu_seconds, size)

    def open(self, corpus: Path, folder: Path) -> SearchvnSession:
        return SearchvnSession(Index.open(str(folder / "index")))


class SearchvnSession:
    """An open index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def answer(self, asked: Sequence[Request], mode: str) -> list[Answer]:
        return timed(asked, mode, self._answer)

    def _answer(self, request: Request, mode: str) -> tuple[int | None, int]:
        counted = mode != "hits"
        results = self._index.search(
            query_text(request),
            limit=TOP,
            sort="newest" if request.kind == "newest" else "relevance",
            passages=2 if mode == "snippets" else 0,
            suggest=counted,
            total=counted,
        )
        return results.total, len(results.hits)

    def close(self) -> None:
        self._index.close()


def query_text(request: Request) -> str:
    """The request in searchvn's query language."""
    words = " ".join(request.words)
    match request.kind:
        case "phrase":
            return f'"{words}"'
        case "prefix":
            return f"{words}*"
        case "boolean":
            return f" {request.operator} ".join(request.words)
        case "dates":
            return f"{words} date:{_day(request.first)}..{_day(request.last)}"
    return words


def _day(number: int) -> str:
    return f"{number // 10000}-{number // 100 % 100:02}-{number % 100:02}"


OVER_TANTIVY: Peer = Searchvn("tantivy")
OVER_WHOOSH: Peer = Searchvn("whoosh")
