"""The frozen records that travel between rooms. Main type: `Article`.

Invariant: every text in an `Article` is NFC and stays as it stands in the source otherwise; every span is a pair of
code-point offsets [start, end) into the text that the record names.
"""

from collections.abc import Mapping
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


class AnalyzedArticle(NamedTuple):
    """An article and its terms: field name -> terms with spaces between them, ready for any engine.

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

    `reason`: "spelling" (a word that was hardly meant), "keystrokes" (raw Telex or VNI keys), "accents" (the same
    query with the marks that its best hits have), or "marks" (the same, where some words have lost theirs and few
    articles have them so).
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
