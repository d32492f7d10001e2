"""The engine for machines without a tantivy wheel: Whoosh (pure Python) keeps the postings and makes the commits.

Main type: `WhooshEngine`. Invariants: nodes are run one by one, a term at a time, over Whoosh's posting lists; scores
are BM25 with exact field lengths, the reference engine's numbers. Whoosh's own query objects are not used: in 2.7.5
DisjunctionMax takes the score of an article it has not come to yet, Or loses articles with score 0, Phrase adds up the
scores of its words wherever they stand, and searches took 2 to 3.5 times as long (ARCHITECTURE.md).
"""

from __future__ import annotations

import math
import os
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from heapq import nsmallest
from typing import Any

from whoosh.reading import TermNotFound
from whoosh.writing import LockError

from searchvn.engines.base import K1, MEND, PUBLISHED, B, cannot_open, dump_article, load_article
from searchvn.engines.whoosh_files import NO_NUMBER, POSITIONS, STORED, Storage, codec, damage, living, merge, schema
from searchvn.errors import IndexDamagedError, IndexLockedError, SearchvnError
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


class WhooshEngine:
    """One Whoosh index in one folder."""

    def __init__(self, folder: str, *, create: bool = False) -> None:
        if create:
            os.makedirs(folder, exist_ok=True)
        self._folder = folder
        self._index, self._reader = _opened(folder, create)
        self._columns: dict[str, array[int]] = {}
        self._writer: Any = None
        # Of the uncommitted segment: ("file" or "id", its value) -> the places of the articles that have it.
        self._added: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def add(self, article: AnalyzedArticle) -> None:
        values = {name: terms for name, terms in article.terms.items() if terms}
        for terms in values.values():
            terms.encode()  # raises now: in the middle of an article Whoosh would keep the first half's postings
        writer = self._writing()
        writer.add_document(**values, **{STORED: dump_article(article.article)})
        for key in (("file", article.article.file), ("id", article.article.id)):
            self._added[key].append(writer.docnum - 1)

    def delete_file(self, file: str) -> None:
        self._take_out("file", file)

    def delete(self, ids: Iterable[str]) -> None:
        for unwanted in ids:
            self._take_out("id", unwanted)

    def _take_out(self, field: str, value: str) -> None:
        writer = self._writing()
        writer.delete_by_term(field, value)  # sees committed articles only
        for place in self._added.pop((field, value), ()):
            writer.newsegment.delete_document(place)

    def commit(self) -> None:
        if self._writer is not None:
            self._writer.commit(mergetype=merge)
            self._writer = None
            self._added.clear()
            self._reader.close()
            self._reader = self._index.reader()
            self._columns = {}

    def compact(self, analyze: Callable[[Article], AnalyzedArticle]) -> None:
        """Nothing: every commit merges what is mostly deleted."""

    def search(self, query: Node, limit: int, offset: int = 0, sort: Sort = Sort.RELEVANCE) -> list[ScoredArticle]:
        if limit <= 0:
            return []
        with self._reading():
            scores = self._scores(query)
            best = nsmallest(offset + limit, scores, key=self._order(scores, sort))[offset:]
            return [ScoredArticle(self._stored(n), scores[n] if sort is Sort.RELEVANCE else 0.0) for n in best]

    def facet(self, query: Node, field: str) -> dict[str, int]:
        with self._reading():
            found = self._scores(query).keys()
            counts = {term: len(found & self._frequencies(field, term).keys()) for term, _ in self.terms(field)}
        return {value: count for value, count in counts.items() if count}

    def count(self, query: Node) -> int:
        with self._reading():
            return len(self._scores(query))

    def get(self, ids: Iterable[str]) -> list[Article]:
        with self._reading():
            return [self._stored(number) for wanted in ids for number in list(self._frequencies("id", wanted))[-1:]]

    def df(self, field: str, term: str) -> int:
        with self._reading():
            return int(self._reader.doc_frequency(field, term))

    def articles(self) -> int:
        with self._reading():
            return int(self._reader.doc_count())

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        found: Counter[bytes] = Counter()
        beginning = prefix.encode()
        with self._reading():
            for reader, _ in self._reader.leaf_readers():
                for term, info in reader.iter_field(field, beginning):  # in the order of bytes
                    if not term.startswith(beginning):
                        break
                    found[term] += info.doc_frequency()
            return [(term.decode(), count) for term, count in found.items()]

    def verify(self) -> list[str]:
        return damage(self._index)

    def end_writing(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            self._added.clear()
            try:
                writer.cancel()
            except (OSError, ValueError):  # it cannot close what it could not write, and would keep its lock
                writer._finish()

    def close(self) -> None:
        self.end_writing()
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Damaged files make Whoosh raise anything. What is not their fault is left as it is."""
        try:
            yield
        except SearchvnError:
            raise
        except Exception as error:
            if found := self.verify():
                raise IndexDamagedError(f"tệp của whoosh bị hỏng: {found[0]}", MEND) from error
            raise

    def _writing(self) -> Any:
        if self._writer is None:
            try:
                self._writer = self._index.writer(codec=codec())
            except LockError as error:  # never waits; the kernel frees the lock of a process that died
                raise IndexLockedError(f"một tiến trình khác đang ghi vào {self._folder}") from error
        return self._writer

    def _stored(self, number: int) -> Article:
        return load_article(self._reader.stored_fields(number)[STORED])

    def _order(self, scores: Scores, sort: Sort) -> Callable[[int], tuple[float, ...]]:
        """What articles are sorted by, the smallest first."""
        if sort is Sort.RELEVANCE:
            return lambda number: (-scores[number], number)
        dates, sign = self._column(PUBLISHED), -1 if sort is Sort.NEWEST else 1
        return lambda number: (dates[number] == NO_NUMBER, sign * dates[number], number)

    def _scores(self, node: Node) -> Scores:
        match node:
            case Term(field, text):
                return self._bm25(field, [text], self._frequencies(field, text))
            case TermPhrase(field, terms):
                return self._bm25(field, terms, self._phrases(field, [(term,) for term in terms]))
            case MultiPhrase() | Near() | Range() | Everything():
                return dict.fromkeys(self._unscored(node), 1.0)
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
                return {number: score + more.get(number, 0.0) for number, score in self._scores(required).items()}
            case And(children):
                parts = [self._scores(child) for child in children]
                both = set(parts[0]).intersection(*parts[1:])
                return {number: sum(part[number] for part in parts) for number in both}
            case Or(children):
                scores: defaultdict[int, float] = defaultdict(float)
                for child in children:
                    for number, score in self._scores(child).items():
                        scores[number] += score
                return scores
            case DisMax(children):
                best: Scores = {}
                for child in children:
                    for number, score in self._scores(child).items():
                        if number not in best or score > best[number]:
                            best[number] = score
                return best

    def _unscored(self, node: MultiPhrase | Near | Range | Everything) -> Iterable[int]:
        """The articles that a node finds which gives all of them the same score."""
        match node:
            case MultiPhrase(field, slots):
                return self._phrases(field, slots)
            case Near(field, first, second, between):
                return self._near(field, first, second, between)
            case Range(field, first, last):
                numbers, first = self._column(field), max(first, NO_NUMBER + 1)
                return (number for number in self._reader.all_doc_ids() if first <= numbers[number] <= last)
            case Everything():
                return self._reader.all_doc_ids()  # type: ignore[no-any-return]

    def _bm25(self, field: str, terms: Iterable[str], frequencies: dict[int, float]) -> Scores:
        if not frequencies:
            return {}
        lengths = self._column(field)
        articles = len(lengths)
        dfs = [self.df(field, term) for term in terms]
        idf = sum(math.log(1 + (articles - df + 0.5) / (df + 0.5)) for df in dfs)
        factor, constant, by_length = idf * (K1 + 1), K1 * (1 - B), K1 * B * articles / sum(lengths)
        return {
            number: factor * frequency / (frequency + constant + by_length * lengths[number])
            for number, frequency in frequencies.items()
        }

    def _column(self, field: str) -> array[int]:
        """Of every article the number in `field`, or how many terms it has there; of deleted ones too, as in `df`."""
        if field not in self._columns:
            self._columns[field] = column = array("q")
            for reader, _ in self._reader.leaf_readers():
                if reader.doc_count_all():  # the reader of an empty index has no columns
                    column.extend(reader.column_reader(field, translate=False))
        return self._columns[field]

    def _postings(self, field: str, term: str) -> Iterator[tuple[int, Any]]:
        """The number of every article with `term`, ascending, and a Whoosh matcher that stands at it."""
        for reader, offset in self._reader.leaf_readers():
            try:
                matcher = reader.postings(field, term)
            except (TermNotFound, UnicodeEncodeError):
                continue
            while matcher.is_active():
                yield offset + matcher.id(), matcher
                matcher.next()

    def _frequencies(self, field: str, term: str) -> dict[int, float]:
        return {number: matcher.weight() for number, matcher in self._postings(field, term)}

    def _phrases(self, field: str, slots: Sequence[Sequence[str]]) -> dict[int, float]:
        """How often a term of every slot follows one of the slot before: the places where that may start, fewer with
        every slot."""
        starts: dict[int, set[int]] | None = None
        for place, slot in sorted(enumerate(slots), key=lambda pair: sum(self.df(field, term) for term in pair[1])):
            found: defaultdict[int, set[int]] = defaultdict(set)
            for number, matcher in (posting for term in slot for posting in self._postings(field, term)):
                if starts is None or number in starts:
                    places = {at - place for at in POSITIONS.decode_positions(matcher.value())}
                    if common := places if starts is None else places & starts[number]:
                        found[number] |= common
            starts = found
            if not starts:
                break
        return {number: float(len(places)) for number, places in (starts or {}).items()}

    def _near(self, field: str, first: Sequence[str], second: Sequence[str], between: int) -> Iterator[int]:
        """The articles in which a term of one slot comes at most `between` places after one of the other."""
        firsts, seconds = self._places(field, first), self._places(field, second)
        for number in firsts.keys() & seconds.keys():
            one, other = sorted(firsts[number]), sorted(seconds[number])
            if _comes_soon(one, other, between + 1) or _comes_soon(other, one, between + 1):
                yield number

    def _places(self, field: str, slot: Iterable[str]) -> dict[int, list[int]]:
        """Where a term of `slot` stands, article by article."""
        places: defaultdict[int, list[int]] = defaultdict(list)
        for number, matcher in (posting for term in slot for posting in self._postings(field, term)):
            places[number] += POSITIONS.decode_positions(matcher.value())
        return places


def _comes_soon(places: list[int], others: list[int], within: int) -> bool:
    """Whether one of `others`, ascending, is greater than one of `places` by at most `within`."""
    following = ((place, bisect_right(others, place)) for place in places)
    return any(at < len(others) and others[at] - place <= within for place, at in following)


def _opened(folder: str, create: bool) -> tuple[Any, Any]:
    """The index in `folder` and a reader of it."""
    storage = Storage(folder)
    while True:
        before = storage.generation()
        try:
            new = create and not storage.index_exists()
            index = (storage.create_index if new else storage.open_index)(schema=schema())
            return index, index.reader()
        except Exception as error:  # Whoosh unpickles its files, so damaged ones raise anything
            if storage.generation() == before:
                raise cannot_open("whoosh", folder, error, create) from error
            # else a commit took away what was to be opened


def salvage(folder: str) -> Iterator[Article]:
    """The stored articles of an index of which not all can be read; none where its table of contents cannot."""
    with suppress(Exception):  # anything: see `_opened`
        for data in living(folder):
            with suppress(ValueError):
                yield load_article(data)
