"""The reference engine: plain BM25 over dicts, no files, as short as the contract allows.

Main type: `MemoryEngine`. Invariant: obviously right; the other engines are tested against it. Formula: Robertson and
Zaragoza (2009) with Lucene's idf, ln(1 + (N - df + .5) / (df + .5)), and exact field lengths.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable

from searchvn.engines.base import K1, PUBLISHED, B
from searchvn.fields import FIELDS, Field, Kind
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

Scores = dict[int, float]  # number of an article -> score


def _stream(field: Field, terms: str) -> list[str]:
    if field.kind is Kind.KEYWORD:
        return [terms] if terms else []
    return terms.split()


def _follow(slots: tuple[tuple[str, ...], ...], stream: list[str]) -> bool:
    """Whether somewhere in `stream` a term of every slot follows one of the slot before."""
    return any(
        all(stream[at + place] in slot for place, slot in enumerate(slots))
        for at in range(len(stream) - len(slots) + 1)
    )


def _are_near(node: Near, stream: list[str]) -> bool:
    """Whether somewhere in `stream` a term of one slot stands near a term of the other."""
    firsts, seconds = ([at for at, term in enumerate(stream) if term in slot] for slot in (node.first, node.second))
    return any(one != other and abs(one - other) <= node.between + 1 for one in firsts for other in seconds)


class MemoryEngine:
    """Articles by number; terms of every field as lists, numbers as lists of one or none."""

    def __init__(self, folder: str = "", *, create: bool = True) -> None:
        self._committed: list[AnalyzedArticle] = []
        self._next: list[AnalyzedArticle] = []  # what the next commit makes visible
        self._streams: dict[str, list[list[str]]] = {}
        self._numbers: dict[str, list[list[int]]] = {}
        self._index()

    def add(self, article: AnalyzedArticle) -> None:
        self._next.append(article)

    def delete_file(self, file: str) -> None:
        self._next = [entry for entry in self._next if entry.article.file != file]

    def delete(self, ids: Iterable[str]) -> None:
        unwanted = set(ids)
        self._next = [entry for entry in self._next if entry.article.id not in unwanted]

    def commit(self) -> None:
        self._committed = list(self._next)
        self._index()

    def compact(self, analyze: Callable[[Article], AnalyzedArticle]) -> None:
        """Nothing: deleted articles take no space."""

    def _index(self) -> None:
        self._streams, self._numbers = {}, {}
        for field in FIELDS:
            streams = [_stream(field, entry.terms.get(field.name, "")) for entry in self._committed]
            if field.kind is Kind.NUMBER:
                self._numbers[field.name] = [list(map(int, stream)) for stream in streams]
            else:
                self._streams[field.name] = streams

    def search(self, query: Node, limit: int, offset: int = 0, sort: Sort = Sort.RELEVANCE) -> list[ScoredArticle]:
        scores = self._scores(query)
        if sort is Sort.RELEVANCE:
            order = sorted(scores, key=lambda number: (-scores[number], number))
        else:
            dates = self._numbers[PUBLISHED]
            dated = sorted((n for n in scores if dates[n]), key=dates.__getitem__, reverse=sort is Sort.NEWEST)
            order = dated + [n for n in scores if not dates[n]]
            scores = dict.fromkeys(scores, 0.0)
        return [ScoredArticle(self._committed[number].article, scores[number]) for number in order[offset:][:limit]]

    def facet(self, query: Node, field: str) -> dict[str, int]:
        streams = self._streams[field]
        return dict(Counter(value for number in self._scores(query) for value in streams[number]))

    def count(self, query: Node) -> int:
        return len(self._scores(query))

    def get(self, ids: Iterable[str]) -> list[Article]:
        by_id = {entry.article.id: entry.article for entry in self._committed}
        return [by_id[wanted] for wanted in ids if wanted in by_id]

    def df(self, field: str, term: str) -> int:
        return sum(term in stream for stream in self._streams[field])

    def articles(self) -> int:
        return len(self._committed)

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        found = {term for stream in self._streams[field] for term in stream if term.startswith(prefix)}
        return [(term, self.df(field, term)) for term in found]

    def verify(self) -> list[str]:
        return []  # there are no files

    def close(self) -> None:
        self.end_writing()

    def end_writing(self) -> None:
        self._next = list(self._committed)

    def _scores(self, node: Node) -> Scores:
        match node:
            case Term(field, text):
                return self._bm25(field, self.df(field, text), lambda stream: stream.count(text))
            case TermPhrase(field, terms):
                return self._phrase(field, terms)
            case MultiPhrase(field, slots):
                return {n: 1.0 for n, stream in enumerate(self._streams[field]) if _follow(slots, stream)}
            case Near(field):
                return {n: 1.0 for n, stream in enumerate(self._streams[field]) if _are_near(node, stream)}
            case Range(field, first, last):
                numbers = enumerate(self._numbers[field])
                return {n: 1.0 for n, values in numbers if any(first <= value <= last for value in values)}
            case Everything():
                return dict.fromkeys(range(len(self._committed)), 1.0)
            case Without(child, excluded):
                found = self._scores(excluded)
                return {number: score for number, score in self._scores(child).items() if number not in found}
            case Boost(child, factor):
                return {number: factor * score for number, score in self._scores(child).items()}
            case Filtered(scored, filter_):
                found = self._scores(filter_)
                return {number: score for number, score in self._scores(scored).items() if number in found}
            case AndMaybe(required, optional):
                more = self._scores(optional)
                return {n: score + more.get(n, 0.0) for n, score in self._scores(required).items()}
            case And(children):
                parts = [self._scores(child) for child in children]
                return {n: sum(part[n] for part in parts) for n in parts[0] if all(n in part for part in parts)}
            case Or(children) | DisMax(children):
                parts = [self._scores(child) for child in children]
                combine = max if isinstance(node, DisMax) else sum
                return {n: combine(part[n] for part in parts if n in part) for part in parts for n in part}

    def _phrase(self, field: str, terms: tuple[str, ...]) -> Scores:
        wanted = list(terms)

        def frequency(stream: list[str]) -> int:
            return sum(stream[at : at + len(wanted)] == wanted for at in range(len(stream)))

        dfs = [self.df(field, term) for term in terms]
        return self._bm25(field, dfs, frequency)

    def _bm25(self, field: str, dfs: int | list[int], frequency: Callable[[list[str]], int]) -> Scores:
        streams = self._streams[field]
        average = sum(map(len, streams)) / len(streams) if streams else 1.0
        idf = sum(
            math.log(1 + (len(streams) - df + 0.5) / (df + 0.5)) for df in (dfs if isinstance(dfs, list) else [dfs])
        )
        scores: Scores = {}
        for number, stream in enumerate(streams):
            if tf := frequency(stream):
                scores[number] = idf * (K1 + 1) * tf / (tf + K1 * (1 - B + B * len(stream) / average))
        return scores
