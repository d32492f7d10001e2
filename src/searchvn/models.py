"""The frozen records that travel between rooms. Main type: `Article`.

Invariant: every text in an `Article` is NFC and stays as it stands in the source otherwise; every span is a pair of
code-point offsets [start, end) into the text that the record names.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

Span = tuple[int, int]


class Article(NamedTuple):
    """One article as it is stored.

    `id` is its place (see `articles.identity`), `file` the key of the file it was read from, `path` that file's
    absolute path, `record_id` the identifier that the article itself brings. `published` is ISO 8601, a date or a
    local date and time, or None when the source does not say. `extra` keeps unknown fields of a record (JSON values).
    """

    id: str
    title: str = ""
    body: str = ""
    record_id: str | None = None
    file: str = ""
    path: str = ""
    published: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    extra: Mapping[str, object] = MappingProxyType({})


# What a line that is left out was taken for.
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "title": "tiêu đề",
        "label": "thông tin bài",
        "byline": "bút danh, nguồn",
        "menu": "menu",
        "related": "tin khác",
        "comments": "bình luận",
        "counter": "bộ đếm",
        "copyright": "chân trang",
        "slug": "tên ảnh",
        "spam": "quảng cáo lạ",
        "repeat": "dòng lặp",
        "picture": "trang ảnh",
        "code": "mã",
    }
)


class LeftOut(NamedTuple):
    """A line of a source that is no part of the article's body. `number` counts lines of the decoded text from 1.

    `kind` says what it was taken for: a key of `LEFT_OUT`.
    """

    kind: str
    number: int
    text: str


class Extraction(NamedTuple):
    """An article as a reader took it from its source.

    `encoding` is what it was in (a key of `articles.encodings.ENCODINGS`); `evidence` says which stage of the cascade
    gave each of its fields; `left_out` is in the order of the source.
    """

    article: Article
    encoding: str = "utf-8"
    evidence: Mapping[str, str] = MappingProxyType({})
    left_out: tuple[LeftOut, ...] = ()


class AnalyzedArticle(NamedTuple):
    """An article and its terms: field name -> terms joined by single spaces, ready for any engine.

    `stored` is the article as engines store it (`engines.base.dump_article`), where that was made already.
    """

    article: Article
    terms: Mapping[str, str]
    stored: bytes = b""


class Description(NamedTuple):
    """What analysis makes of a text, for people: `tokens` are (text, start, end, exact term, folded term)."""

    tokens: tuple[tuple[str, int, int, str, str], ...]
    shingles: tuple[str, ...]
    bare: bool


class Sort(StrEnum):
    """What hits are ordered by: their score, or the date of publication. Articles without a date come last."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Diacritics(StrEnum):
    """How marks of a query count: by the rules of `query.runs`, always, or never."""

    SMART = "smart"
    EXACT = "exact"
    IGNORE = "ignore"


class ScoredArticle(NamedTuple):
    """An article that an engine found, with its score (BM25, no unit, comparable within one query only).

    The score is 0 where articles are ordered by date.
    """

    article: Article
    score: float


class Snippet(NamedTuple):
    """A contiguous slice of an article's field. `start` is its offset there, `spans` are offsets into `text`."""

    text: str
    spans: tuple[Span, ...] = ()
    field: str = "body"
    start: int = 0


class Contribution(NamedTuple):
    """What one term, pair or phrase added to a hit's score.

    `text` is what stands in the index, readable; `field` the engine's field; `weight` the product of all factors;
    `score` what it added, weight included.
    """

    text: str
    field: str
    weight: float
    score: float


class Hit(NamedTuple):
    """One result. `missing` holds the query's words, as typed, that the article lacks; `title_spans` mark the title.

    `score` is None where hits are ordered by date. `explanation`, where asked for, adds up to the score.
    """

    rank: int
    score: float | None
    article: Article
    snippets: tuple[Snippet, ...] = ()
    title_spans: tuple[Span, ...] = ()
    missing: tuple[str, ...] = ()
    explanation: tuple[Contribution, ...] = ()

    @property
    def id(self) -> str:
        """The article's id."""
        return self.article.id

    @property
    def title(self) -> str:
        """The article's title, empty when it has none."""
        return self.article.title

    @property
    def snippet(self) -> Snippet:
        """The best passage; an empty one when the article has no body."""
        return self.snippets[0] if self.snippets else Snippet("")


class Suggestion(NamedTuple):
    """A query worth trying instead. `query` is all of it, as it could be typed.

    `reason`: "spelling" (a word that was hardly meant), "keystrokes" (raw Telex or VNI keys), or "accents" (the same
    query with the marks that its best hits have).
    """

    query: str
    reason: str


class FacetCount(NamedTuple):
    """How many of the articles found have this value; `value` is None for those that have none."""

    value: str | None
    articles: int


class Facet(NamedTuple):
    """The articles that have all the words, counted by a field: year and month (`2021-12`) in their order, the others
    by number of articles. Articles without a value come last.
    """

    field: str
    counts: tuple[FacetCount, ...]


class WordCount(NamedTuple):
    """A term of the index and how many articles have it in title or body."""

    term: str
    articles: int


class SearchResults(NamedTuple):
    """The answer to one query.

    `total` counts the articles that have all its words, None where it was not asked for; `hits` may go on with articles
    that lack some of them.
    `took` is in seconds. `notes` say, one line each, how a reading was changed. Suggestions are never followed here.
    """

    query: str
    total: int | None
    hits: tuple[Hit, ...]
    took: float
    offset: int = 0
    notes: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    facets: tuple[Facet, ...] = ()


class Skipped(NamedTuple):
    """Something that was not indexed, with the reason. `path` may end in `:line`.

    `kept` is True for a warning: it is indexed all the same, though not as it stands.
    """

    path: str
    reason: str
    kept: bool = False


class Progress(NamedTuple):
    """How far an indexing run is. Bytes are of the source files; `text_bytes` is UTF-8 text taken from them."""

    files: int
    files_total: int
    bytes: int
    bytes_total: int
    articles: int
    text_bytes: int
    seconds: float


OnProgress = Callable[[Progress], None]


class Recognised(NamedTuple):
    """How many articles of the file at `path` were in another encoding than UTF-8, and in which."""

    path: str
    encoding: str
    articles: int


class IndexReport(NamedTuple):
    """What an indexing run did. Counts are articles, except `files`: the files the index knows after the run.

    Of an updated file, articles that it had before and after count as updated, the difference as added or removed.
    `encodings` counts the articles that this run read by what they were in; `recognised` names the files of those that
    were not in UTF-8.
    """

    added: int
    updated: int
    removed: int
    unchanged: int
    articles: int
    files: int
    skipped: tuple[Skipped, ...]
    warnings: tuple[Skipped, ...]
    seconds: float
    text_bytes: int = 0
    encodings: Mapping[str, int] = MappingProxyType({})
    recognised: tuple[Recognised, ...] = ()


class IndexStats(NamedTuple):
    """What is in an index. `size_bytes` is the index folder's size on disk.

    `rules` say of roots that are not read whole which of their files are: include, exclude (patterns) and follow.
    """

    articles: int
    files: int
    engine: str
    size_bytes: int
    format_version: int
    generation: int
    roots: tuple[str, ...]
    path: str
    rules: Mapping[str, Mapping[str, object]] = MappingProxyType({})


class CheckReport(NamedTuple):
    """Whether an index is whole and in step with its sources.

    `damage` lists what is broken; the other counts are files: `changed` and `new` since the last run, `skipped` ones
    that it could not read, `vanished` sources, `pending` ones that an interrupted run left to be read again.
    """

    articles: int
    files: int
    damage: tuple[str, ...]
    changed: int
    new: int
    skipped: int
    vanished: int
    pending: int

    @property
    def whole(self) -> bool:
        """True when nothing is damaged."""
        return not self.damage
