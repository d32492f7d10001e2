"""The default engine: tantivy (BM25 in Rust), through its Python binding.

Main type: `TantivyEngine`. Invariants: nodes are compiled one by one to native query objects, never to query text;
what the binding answers with a panic (limit 0, a phrase of one term) is never asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy
from tantivy import FieldType, Occur, Order

from searchvn.engines.base import PUBLISHED, dump_article, load_article
from searchvn.errors import IndexDamagedError, IndexLockedError
from searchvn.fields import BY_NAME, FIELDS, Kind
from searchvn.models import AnalyzedArticle, Article, ScoredArticle, Sort
from searchvn.query.ast import (
    And,
    AndMaybe,
    Boost,
    DisMax,
    Everything,
    Filtered,
    MultiPhrase,
    Near,
    Node,
    Or,
    Range,
    Term,
    TermPhrase,
    Without,
)

# One thread keeps up with the analysis that feeds it, costs 8 to 24% less CPU than two (fewer segments to merge), and
# gives every build the same order of articles with equal scores.
WRITER_THREADS = 1
WRITER_HEAP = 300_000_000  # bytes; a segment is written whenever it is full

_TOKENIZER = {Kind.TEXT: "whitespace", Kind.FREQUENCY: "whitespace", Kind.KEYWORD: "raw"}
_OPTION = {Kind.TEXT: "position", Kind.FREQUENCY: "freq", Kind.KEYWORD: "basic"}
_NUMBERS = frozenset(field.name for field in FIELDS if field.kind is Kind.NUMBER)
_STORED = "stored"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name, kind, *_ in FIELDS:
        if kind is Kind.NUMBER:
            builder.add_integer_field(name, indexed=True, fast=True)
        else:
            builder.add_text_field(name, tokenizer_name=_TOKENIZER[kind], index_option=_OPTION[kind])
    builder.add_bytes_field(_STORED, stored=True)
    return builder.build()


@contextmanager
def _damage() -> Iterator[None]:
    """What tantivy says of files it cannot read, as an error of ours."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise IndexDamagedError(f"tệp của tantivy bị hỏng: {error}", "dựng lại: searchvn index --rebuild") from error


class TantivyEngine:
    """One tantivy index in one folder."""

    def __init__(self, folder: str, *, create: bool = False) -> None:
        if create:
            Path(folder).mkdir(parents=True, exist_ok=True)
        try:
            self._index = tantivy.Index(_schema(), folder) if create else tantivy.Index.open(folder)
            self._index.config_reader("manual")  # reloaded after our own commits; no watcher thread
            self._searcher = self._index.searcher()
        except BaseException as error:
            # What the binding raises on a panic is no Exception.
            if not isinstance(error, (ValueError, OSError)) and type(error).__name__ != "PanicException":
                raise
            raise IndexDamagedError(
                f"không mở được tệp của tantivy trong {folder}: {error}", "dựng lại: searchvn index --rebuild"
            ) from error
        self._writer: tantivy.IndexWriter | None = None

    def add(self, article: AnalyzedArticle) -> None:
        document = tantivy.Document()
        for name, terms in article.terms.items():
            if terms and name in _NUMBERS:
                document.add_integer(name, int(terms))
            elif terms:
                document.add_text(name, terms)
        document.add_bytes(_STORED, dump_article(article.article))
        self._writing().add_document(document)

    def delete_file(self, file: str) -> None:
        self._writing().delete_documents_by_term("file", file)

    def commit(self) -> None:
        if self._writer is not None:
            self._writer.commit()
            self._index.reload()
            self._searcher = self._index.searcher()

    def search(self, query: Node, limit: int, offset: int = 0, sort: Sort = Sort.RELEVANCE) -> list[ScoredArticle]:
        limit = min(limit, self.articles() - offset)  # tantivy allocates for the limit it is given
        if limit <= 0:
            return []
        by = None if sort is Sort.RELEVANCE else PUBLISHED  # what has no date comes last in either order
        order = Order.Asc if sort is Sort.OLDEST else Order.Desc
        with _damage():
            found = self._searcher.search(
                self._compile(query), limit, count=False, order_by_field=by, offset=offset, order=order
            )
            return [ScoredArticle(self._stored(address), 0.0 if by else score) for score, address in found.hits]

    def facet(self, query: Node, field: str) -> dict[str, int]:
        # An aggregation counts the same in half the time, but gives up above 65,000 values.
        with _damage():
            return dict(self._searcher.terms_with_prefix(field, "", self._compile(query)))

    def count(self, query: Node) -> int:
        with _damage():
            unscored = tantivy.Query.const_score_query(self._compile(query), 1.0)  # saves a third of the time
            found = self._searcher.search(unscored, 1, count=True)
        return int(found.count)  # type: ignore[attr-defined]

    def get(self, ids: Iterable[str]) -> list[Article]:
        articles: list[Article] = []
        for wanted in ids:
            if wanted.encode("utf-8", "ignore").decode() != wanted:
                continue  # a lone surrogate: no id has one, and the binding refuses it
            articles += [scored.article for scored in self.search(Term("id", wanted), 1)]
        return articles

    def df(self, field: str, term: str) -> int:
        return self._searcher.doc_freq(field, term)

    def articles(self) -> int:
        return self._searcher.num_docs

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        return self._searcher.terms_with_prefix(field, prefix)

    def close(self) -> None:
        self.end_writing()

    def end_writing(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()  # what was not committed goes with the writer
            self._writer = None

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            try:
                self._writer = self._index.writer(WRITER_HEAP, WRITER_THREADS)
            except ValueError as error:
                raise IndexLockedError(f"tantivy không mở được để ghi: {error}") from error
        return self._writer

    def _stored(self, address: tantivy.DocAddress) -> Article:
        data = self._searcher.doc(address).get_first(_STORED)
        return load_article(bytes(data))  # type: ignore[arg-type]

    def _term(self, field: str, text: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, field, text, _OPTION[BY_NAME[field].kind])

    def _slots(self, field: str, slots: Sequence[tuple[int, Sequence[str]]], slop: int = 0) -> tantivy.Query:
        """Articles with a term of every slot at its place, counted from wherever the first one stands.

        `slop`: the terms after the first may be so many places away from theirs, all together.
        """
        if all(len(slot) == 1 for _, slot in slots):  # in a third of the time
            return tantivy.Query.phrase_query(self._index.schema, field, [(at, term) for at, (term,) in slots], slop)
        words: list[str | tuple[int, str]] = [(at, f"({'|'.join(map(re.escape, slot))})") for at, slot in slots]
        return tantivy.Query.regex_phrase_query(self._index.schema, field, words, slop)

    def _follows(self, field: str, first: Sequence[str], second: Sequence[str], within: int) -> list[tantivy.Query]:
        """A term of `second` 1 to `within` places after one of `first`; articles that any of the queries finds.

        The middle of these places with slop to both sides, and the last place where there is no middle.
        """
        slop, odd = divmod(within - 1, 2)
        middle = self._slots(field, ((0, first), (1 + slop, second)), slop)
        return [middle, self._slots(field, ((0, first), (within, second)))] if odd else [middle]

    def _compile(self, node: Node) -> tantivy.Query:
        query = tantivy.Query
        match node:
            case Term(field, text):
                return self._term(field, text)
            case TermPhrase(field, terms):
                return query.phrase_query(self._index.schema, field, list(terms))
            case MultiPhrase(field, slots):
                return query.const_score_query(self._slots(field, list(enumerate(slots))), 1.0)
            case Near(field, first, second, between):
                orders = {(first, second), (second, first)}
                ways = [way for one, other in orders for way in self._follows(field, one, other, between + 1)]
                return query.const_score_query(query.boolean_query([(Occur.Should, way) for way in ways]), 1.0)
            case Range(field, first, last):
                inside = query.range_query(self._index.schema, field, FieldType.Integer, first, last)
                return query.const_score_query(inside, 1.0)
            case Everything():
                return query.const_score_query(query.all_query(), 1.0)  # bare, its score is lost in a conjunction
            case Boost(child, factor):
                return query.boost_query(self._compile(child), factor)
            case DisMax(children):
                return query.disjunction_max_query([self._compile(child) for child in children])
            case Or(children):
                return query.boolean_query([(Occur.Should, self._compile(child)) for child in children])
            case And(children):
                return query.boolean_query([(Occur.Must, self._compile(child)) for child in children])
            case AndMaybe(required, optional):
                return query.boolean_query(
                    [(Occur.Must, self._compile(required)), (Occur.Should, self._compile(optional))]
                )
            case Without(child, excluded):
                return query.boolean_query(
                    [(Occur.Must, self._compile(child)), (Occur.MustNot, self._compile(excluded))]
                )
            case Filtered(scored, filter_):
                unscored = query.const_score_query(self._compile(filter_), 0.0)
                return query.boolean_query([(Occur.Must, self._compile(scored)), (Occur.Must, unscored)])
