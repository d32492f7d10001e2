"""The rankers that are compared: articles in, then queries in and ranked ids out.

Main type: `Ranker`. Invariant: every ranker gets the same titles and bodies, in NFC and in the same order, and each
query as it was typed; what it makes of them is its own affair.

What each is, and what was done for it:

    Searchvn     the library as it is installed, on an index on disk
    Bm25         BM25 of title plus BM25 of body, over syllables as typed, folded ones, or a segmenter's words
    Fts5         SQLite's full-text search, any word of the query, its own bm25()
    Bm25s        the library bm25s over title and body as one text, k1 and b tuned on the very queries it is measured
                 with, which favours it
"""

from __future__ import annotations

import heapq
import math
import os
import re
import sqlite3
import tempfile
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any, Protocol

from judged import Judged, Passage
from measures import DEPTH, by_definition, mean
from searchvn import Article, Index
from searchvn.analysis.folding import strip_marks
from searchvn.errors import QuerySyntaxError

# BM25 as Lucene has it: k1 and b, and its idf (see `Bm25`).
K1 = 1.2
B = 0.75
GRID = [(k1, b) for k1 in (0.6, 0.9, 1.2, 1.6, 2.0) for b in (0.3, 0.5, 0.75, 0.9)]

_WORD = re.compile(r"\w+")

Words = Callable[[str], list[str]]


class Ranker(Protocol):
    """Ranks the articles it was made with."""

    name: str
    note: str  # what a reader of the table should know; may be empty

    def search(self, query: str) -> list[str]:
        """The ids of the first `DEPTH` articles, or as many as it finds, best first."""
        ...

    def close(self) -> None:
        """Frees what is open."""
        ...


def typed(text: str) -> list[str]:
    """The words of a text in lower case, marks as they are."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def folded(text: str) -> list[str]:
    """The words of a text without marks, đ as d: what Lucene's asciifolding filter makes of them.

    >>> folded("Đổi mới")
    ['doi', 'moi']
    """
    return [strip_marks(word) for word in typed(text)]


class Searchvn:
    """searchvn with one of its engines."""

    note = ""

    def __init__(self, articles: Sequence[Passage], engine: str) -> None:
        self.name = f"searchvn ({engine})"
        self._folder = tempfile.TemporaryDirectory()
        self._index = Index.create(f"{self._folder.name}/index", engine)
        self._index.add(Article(id=one.id, title=one.title, body=one.body) for one in articles)

    def search(self, query: str) -> list[str]:
        try:
            found = self._index.search(query, limit=DEPTH, passages=0, suggest=False, total=False)
        except QuerySyntaxError:
            return []  # a query that searchvn refuses finds nothing
        return [hit.id for hit in found.hits]

    def close(self) -> None:
        self._index.close()
        self._folder.cleanup()


class Bm25:
    """BM25 with Lucene's constants and idf over the words that `words` makes; the scores of title and body are added.

    Robertson and Zaragoza (2009); idf = ln(1 + (N - df + .5) / (df + .5)); lengths are exact. Equal scores in the order
    of the articles, as in Lucene.
    """

    def __init__(
        self, name: str, texts: Iterable[tuple[str, Sequence[list[str]]]], words: Words, note: str = ""
    ) -> None:
        self.name, self.note, self._words = name, note, words
        self._ids: list[str] = []
        self._postings: list[dict[str, tuple[array[int], array[int]]]] = []
        self._lengths: list[array[int]] = []
        for own, fields in texts:
            self._add(own, fields)
        self._averages = [sum(lengths) / len(lengths) for lengths in self._lengths]
        self._answers: dict[tuple[str, ...], list[str]] = {}

    def _add(self, own: str, fields: Sequence[list[str]]) -> None:
        """Adds an article: the words of each of its fields."""
        for field, words in enumerate(fields):
            if field == len(self._postings):
                self._postings.append({})
                self._lengths.append(array("l"))
            self._lengths[field].append(len(words))
            for word, times in Counter(words).items():
                articles, frequencies = self._postings[field].setdefault(word, (array("l"), array("l")))
                articles.append(len(self._ids))
                frequencies.append(times)
        self._ids.append(own)

    def search(self, query: str) -> list[str]:
        words = tuple(self._words(query))
        if words not in self._answers:  # a folded query is the same however it was spoiled
            self._answers[words] = self._ranked(words)
        return self._answers[words]

    def _ranked(self, words: Sequence[str]) -> list[str]:
        scores: dict[int, float] = defaultdict(float)
        for word in words:
            for postings, lengths, average in zip(self._postings, self._lengths, self._averages, strict=True):
                if word in postings:
                    _score(postings[word], lengths, average, scores)
        best = heapq.nsmallest(DEPTH, scores.items(), key=lambda pair: (-pair[1], pair[0]))
        return [self._ids[number] for number, _ in best]

    def close(self) -> None:
        """Nothing is open."""


def _score(found: tuple[array[int], array[int]], lengths: array[int], average: float, scores: dict[int, float]) -> None:
    """Adds what one word is worth in one field."""
    articles, frequencies = found
    idf = math.log(1 + (len(lengths) - len(articles) + 0.5) / (len(articles) + 0.5))
    for number, times in zip(articles, frequencies, strict=True):
        scores[number] += idf * times / (times + K1 * (1 - B + B * lengths[number] / average))


def syllables(name: str, articles: Sequence[Passage], words: Words) -> Bm25:
    """BM25 over syllables, typed or folded."""
    return Bm25(name, ((one.id, (words(one.title), words(one.body))) for one in articles), words)


def segmented(articles: Sequence[Passage]) -> Iterator[Ranker]:
    """BM25 over the words that pyvi cuts, as typed and folded, so that unaccented queries can find them at all."""
    texts = [text for one in articles for text in (one.title, one.body)]
    with get_context("spawn").Pool(os.cpu_count()) as pool:
        cut = pool.map(cut_words, texts, chunksize=32)
    note = "cut by pyvi, with the marks of the text; the folded row drops the marks afterwards"
    for name, after in (("words of pyvi", _same), ("words of pyvi, folded", _without_marks)):
        rows = (
            (one.id, (after(title), after(body)))
            for one, title, body in zip(articles, cut[::2], cut[1::2], strict=True)
        )
        yield Bm25(f"BM25, {name}", rows, partial(_cut_and, after), note)
        note = ""


def cut_words(text: str) -> list[str]:
    """The words of a text as pyvi cuts them, in lower case, without punctuation."""
    from pyvi import ViTokenizer  # two seconds, and only for this baseline

    return [word for word in ViTokenizer.tokenize(text).lower().split() if _WORD.search(word)]


def _cut_and(after: Callable[[list[str]], list[str]], text: str) -> list[str]:
    return after(cut_words(text))


def _same(words: list[str]) -> list[str]:
    return words


def _without_marks(words: list[str]) -> list[str]:
    return [strip_marks(word) for word in words]


class Fts5:
    """SQLite FTS5, unicode61 with remove_diacritics 2: it takes marks off, but leaves đ."""

    name = "SQLite FTS5"
    note = "remove_diacritics 2 takes marks off but leaves đ, so an unaccented d does not find it"

    def __init__(self, articles: Sequence[Passage]) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.execute(
            "CREATE VIRTUAL TABLE articles USING fts5(id UNINDEXED, title, body, "
            'tokenize = "unicode61 remove_diacritics 2")'
        )
        self._base.executemany("INSERT INTO articles VALUES (?, ?, ?)", articles)

    def search(self, query: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in typed(query))
        if not words:
            return []
        asked = "SELECT id FROM articles WHERE articles MATCH ? ORDER BY bm25(articles), rowid LIMIT ?"
        return [own for (own,) in self._base.execute(asked, (words, DEPTH))]

    def close(self) -> None:
        self._base.close()


class Bm25s:
    """bm25s over one text an article, with the best k1 and b of a grid (nDCG@10, queries as written)."""

    def __init__(self, name: str, judged: Judged, words: Words) -> None:
        self._words, self._ids = words, [one.id for one in judged.articles]
        vocabulary: dict[str, int] = {}
        ids = [
            [vocabulary.setdefault(word, len(vocabulary)) for word in words(f"{one.title} {one.body}")]
            for one in judged.articles
        ]
        best, (k1, b) = max((self._quality(judged, ids, vocabulary, *point), point) for point in GRID)
        self._fill(ids, vocabulary, k1, b)
        self.name = f"bm25s, {name}, tuned"
        self.note = f"k1 {k1}, b {b}: the best of {len(GRID)} on the very queries as written ({best:.4f})"

    def _fill(self, ids: list[list[int]], vocabulary: Mapping[str, int], k1: float, b: float) -> None:
        import bm25s  # the bench can do without it

        self._library: Any = bm25s.BM25(k1=k1, b=b)
        self._library.index((ids, vocabulary), show_progress=False)
        self._known = vocabulary

    def _quality(
        self, judged: Judged, ids: list[list[int]], vocabulary: Mapping[str, int], k1: float, b: float
    ) -> float:
        self._fill(ids, vocabulary, k1, b)
        rankings = {query: self.search(text) for query, text in judged.queries.items()}
        return mean(by_definition(rankings, judged.grades)).ndcg_10

    def search(self, query: str) -> list[str]:
        words = [word for word in self._words(query) if word in self._known]
        if not words:
            return []
        most = min(DEPTH, len(self._ids))
        found, scores = self._library.retrieve([words], k=most, show_progress=False, n_threads=0)
        return [self._ids[number] for number, score in zip(found[0], scores[0], strict=True) if score > 0]

    def close(self) -> None:
        """Nothing is open."""


FOLDED = "BM25, folded syllables"  # the baseline that others are measured against: what asciifolding gives


def rankers(judged: Judged, engine: str) -> Iterator[Ranker]:
    """What can be compared here, searchvn first, then folded BM25; each is made when the one before is done with."""
    articles = judged.articles
    yield Searchvn(articles, engine)
    yield syllables(FOLDED, articles, folded)
    yield syllables("BM25, syllables as typed", articles, typed)
    if find_spec("pyvi"):
        yield from segmented(articles)
    if find_spec("bm25s"):
        yield Bm25s("folded", judged, folded)
        yield Bm25s("as typed", judged, typed)
    if _has_fts5():
        yield Fts5(articles)


def missing() -> list[str]:
    """What is not compared because it is not installed, a line each."""
    lines = [
        f"{what}: skipped, {module} is not installed (pip install 'searchvn[bench]')"
        for module, what in (("pyvi", "BM25 over a segmenter's words"), ("bm25s", "bm25s"))
        if not find_spec(module)
    ]
    return lines if _has_fts5() else [*lines, "SQLite FTS5: skipped, this SQLite was built without it"]


def _has_fts5() -> bool:
    with sqlite3.connect(":memory:") as base:
        return bool(base.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone())
