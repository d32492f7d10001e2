"""tantivy fed with ready terms: what searchvn's engine does when nothing stands before it.

Main type: `BareTantivy`. Invariants: the terms, fields, index options and stored articles are searchvn's; all of them
are ready in memory before the clock starts, so only making documents, indexing, commit and merging are timed, with the
threads asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from peers.base import Indexed, Peer, Session, folder_size, stopwatch
from searchvn.analysis.terms import analyze
from searchvn.articles.formats import read_file
from searchvn.engines.base import dump_article
from searchvn.fields import FIELDS, Kind
from searchvn.reports import Extraction

try:
    import tantivy
except ImportError:
    tantivy = None  # type: ignore[assignment]

HEAP = 600_000_000  # bytes for all threads: two threads write two or three segments of 120 MB of text
_NUMBERS = frozenset(field.name for field in FIELDS if field.kind is Kind.NUMBER)
_OPTIONS = {
    Kind.TEXT: ("whitespace", "position"),
    Kind.FREQUENCY: ("whitespace", "freq"),
    Kind.KEYWORD: ("raw", "basic"),
}


class BareTantivy:
    """Indexing only: asking it is what searchvn does."""

    name = "bare tantivy"
    kinds: frozenset[str] = frozenset()
    modes: tuple[str, ...] = ()
    most_articles: int | None = None
    most_requests: int | None = None

    def missing(self) -> str:
        return "" if tantivy else "tantivy is not installed"

    def index(self, corpus: Path, folder: Path, threads: int) -> Indexed:
        ready, size = [], 0
        for found in read_file(str(corpus), corpus.name):
            if isinstance(found, Extraction):
                terms = {name: value for name, value in analyze(found.article).terms.items() if value}
                ready.append((terms, dump_article(found.article)))
                size += len(found.article.title.encode()) + len(found.article.body.encode())
        writer = tantivy.Index(_schema(), str(folder)).writer(HEAP, threads)
        with stopwatch() as watch:
            for terms, stored in ready:
                writer.add_document(_document(terms, stored))
            writer.commit()
            writer.wait_merging_threads()
        note = "terms made beforehand, and in its memory"
        return Indexed(len(ready), size, watch.seconds, watch.cpu_seconds, folder_size(folder), note)

    def open(self, corpus: Path, folder: Path) -> Session:
        raise NotImplementedError("it answers no kind of request")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name, kind, *_ in FIELDS:
        if kind is Kind.NUMBER:
            builder.add_integer_field(name, indexed=True, fast=True)
        else:
            tokenizer, option = _OPTIONS[kind]
            builder.add_text_field(name, tokenizer_name=tokenizer, index_option=option)
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


def _document(terms: Mapping[str, str], stored: bytes) -> tantivy.Document:
    document = tantivy.Document()
    for name, value in terms.items():
        if name in _NUMBERS:
            document.add_integer(name, int(value))
        else:
            document.add_text(name, value)
    document.add_bytes("stored", stored)
    return document


BARE_TANTIVY: Peer = BareTantivy()
