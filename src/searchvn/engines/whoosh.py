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
from heapq import nsmallest
from typing import Any

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.writing import LockError

from searchvn.engines.base import K1, PUBLISHED, B, dump_article, load_article
from searchvn.errors import IndexDamagedError, IndexLockedError
from searchvn.fields import FIELDS, Kind
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

MAX_SEGMENTS = 10  # every commit makes one, and a search opens them all

_STORED = "stored"
_NO_NUMBER = -(2**63)  # stands in the column of an article that has none
_POSITIONS = formats.Positions()
_FREQUENCY = formats.Existence()  # a posting without a value: its weight is the frequency already


class _Terms(fields.FieldType):  # type: ignore[misc]
    """A field of ready terms. Its length in terms is a column of its own: Whoosh's lengths are rounded, by up to 3%."""

    def __init__(self, kind: Kind) -> None:
        length = columns.NumericColumn("I")
        super().__init__(_POSITIONS if kind is Kind.TEXT else _FREQUENCY, None, scorable=False, sortable=length)
        self.kind = kind

    def index(self, value: str, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Term, frequency, weight and encoded positions of every distinct term of `value`."""
        if self.kind is Kind.TEXT:
            places: defaultdict[str, list[int]] = defaultdict(list)
            for place, term in enumerate(value.split()):
                places[term].append(place)
            for term, found in places.items():
                yield term.encode(), len(found), float(len(found)), _POSITIONS.encode(found)
        else:
            terms = [value] if self.kind is Kind.KEYWORD else value.split()
            for term, count in Counter(terms).items():
                yield term.encode(), count, float(count), b""

    def to_column_value(self, value: str) -> int:
        """How many terms `value` holds."""
        return 1 if self.kind is Kind.KEYWORD else len(value.split())


class _Number(fields.FieldType):  # type: ignore[misc]
    """A field of one whole number: no terms, a column that is looked through."""

    def __init__(self) -> None:
        super().__init__(_FREQUENCY, None, scorable=False, sortable=columns.NumericColumn("q", default=_NO_NUMBER))

    def index(self, value: str, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        return iter(())

    def to_column_value(self, value: str) -> int:
        return int(value)


class _Storage(FileStorage):  # type: ignore[misc]
    """A folder whose commits survive a power cut: what a table of contents names reaches the disk before it does."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._new: set[str] = set()

    def create_file(self, name: str, **options: Any) -> Any:
        self._new.add(name)
        return super().create_file(name, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh calls this for one thing, the last step of a commit: the new table of contents gets its name."""
        for path in map(self._fpath, self._new):
            if os.path.exists(path):
                _sync(path)
        self._new.clear()
        super().rename_file(oldname, newname, safe)
        _sync(self.folder)


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _schema() -> Any:
    schema = fields.Schema(**{_STORED: fields.STORED()})
    for field in FIELDS:
        schema.add(field.name, _Number() if field.kind is Kind.NUMBER else _Terms(field.kind))
    return schema


def _codec() -> Any:
    codec = W3Codec()
    codec.length_stats = False  # lengths are ours; looking each up again took a sixth of the time
    return codec


def _merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh's hook in a commit: copies small and mostly deleted segments into the new one and returns the others."""
    by_size = sorted(segments, key=lambda segment: segment.doc_count_all() - segment.deleted_count())
    small = by_size[: len(segments) // 2] if len(segments) >= MAX_SEGMENTS else []
    kept = []
    for segment in segments:
        articles, deleted = segment.doc_count_all(), segment.deleted_count()
        if segment not in small and 2 * deleted <= articles:
            kept.append(segment)
        elif deleted < articles:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return kept


class WhooshEngine:
    """One Whoosh index in one folder."""

    def __init__(self, folder: str, *, create: bool = False) -> None:
        if create:
            os.makedirs(folder, exist_ok=True)
        storage = _Storage(folder)
        try:
            new = create and not storage.index_exists()
            self._index = (storage.create_index if new else storage.open_index)(schema=_schema())
            self._reader: Any = self._index.reader()
        except Exception as error:  # Whoosh unpickles its files, so damaged ones raise anything
            raise IndexDamagedError(
                f"không mở được tệp của whoosh trong {folder}: {error}", "dựng lại: searchvn index --rebuild"
            ) from error
        self._folder = folder
        self._columns: dict[str, array[int]] = {}
        self._writer: Any = None
        self._added: defaultdict[str, list[int]] = defaultdict(list)  # file -> its places in the uncommitted segment

    def add(self, article: AnalyzedArticle) -> None:
        values = {name: terms for name, terms in article.terms.items() if terms}
        for terms in values.values():
            terms.encode()  # raises now: in the middle of an article Whoosh would keep the first half's postings
        writer = self._writing()
        writer.add_document(**values, **{_STORED: dump_article(article.article)})
        self._added[article.article.file].append(writer.docnum - 1)

    def delete_file(self, file: str) -> None:
        writer = self._writing()
        writer.delete_by_term("file", file)  # sees committed articles only
        for place in self._added.pop(file, ()):
            writer.newsegment.delete_document(place)

    def commit(self) -> None:
        if self._writer is not None:
            self._writer.commit(mergetype=_merge)
            self._writer = None
            self._added.clear()
            self._reader.close()
            self._reader = self._index.reader()
            self._columns = {}

    def search(self, query: Node, limit: int, offset: int = 0, sort: Sort = Sort.RELEVANCE) -> list[ScoredArticle]:
        if limit <= 0:
            return []
        scores = self._scores(query)
        best = nsmallest(offset + limit, scores, key=self._order(scores, sort))[offset:]
        return [ScoredArticle(self._stored(n), scores[n] if sort is Sort.RELEVANCE else 0.0) for n in best]

    def facet(self, query: Node, field: str) -> dict[str, int]:
        found = self._scores(query).keys()
        counts = {term: len(found & self._frequencies(field, term).keys()) for term, _ in self.terms(field)}
        return {value: count for value, count in counts.items() if count}

    def count(self, query: Node) -> int:
        return len(self._scores(query))

    def get(self, ids: Iterable[str]) -> list[Article]:
        return [self._stored(number) for wanted in ids for number in list(self._frequencies("id", wanted))[-1:]]

    def df(self, field: str, term: str) -> int:
        return int(self._reader.doc_frequency(field, term))

    def articles(self) -> int:
        return int(self._reader.doc_count())

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        found: Counter[bytes] = Counter()
        beginning = prefix.encode()
        for reader, _ in self._reader.leaf_readers():
            for term, info in reader.iter_field(field, beginning):  # in the order of bytes
                if not term.startswith(beginning):
                    break
                found[term] += info.doc_frequency()
        return [(term.decode(), count) for term, count in found.items()]

    def end_writing(self) -> None:
        if self._writer is not None:
            self._writer.cancel()
            self._writer = None
            self._added.clear()

    def close(self) -> None:
        self.end_writing()
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _writing(self) -> Any:
        if self._writer is None:
            try:
                self._writer = self._index.writer(codec=_codec())
            except LockError as error:  # never waits; the kernel frees the lock of a process that died
                raise IndexLockedError(f"một tiến trình khác đang ghi vào {self._folder}") from error
        return self._writer

    def _stored(self, number: int) -> Article:
        return load_article(self._reader.stored_fields(number)[_STORED])

    def _order(self, scores: Scores, sort: Sort) -> Callable[[int], tuple[float, ...]]:
        """What articles are sorted by, the smallest first."""
        if sort is Sort.RELEVANCE:
            return lambda number: (-scores[number], number)
        dates, sign = self._column(PUBLISHED), -1 if sort is Sort.NEWEST else 1
        return lambda number: (dates[number] == _NO_NUMBER, sign * dates[number], number)

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
                numbers, first = self._column(field), max(first, _NO_NUMBER + 1)
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
                    places = {at - place for at in _POSITIONS.decode_positions(matcher.value())}
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
            places[number] += _POSITIONS.decode_positions(matcher.value())
        return places


def _comes_soon(places: list[int], others: list[int], within: int) -> bool:
    """Whether one of `others`, ascending, is greater than one of `places` by at most `within`."""
    following = ((place, bisect_right(others, place)) for place in places)
    return any(at < len(others) and others[at] - place <= within for place, at in following)
