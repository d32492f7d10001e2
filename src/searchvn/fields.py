"""The one table of fields: what an engine stores of an article and how.

Main type: `Field`. Invariant: every engine is built from `FIELDS` and from nothing else, so a field exists in all of
them or in none.
"""

from enum import Enum
from typing import NamedTuple

MAX_KEYWORD = 512  # bytes of a keyword's value; tantivy drops terms over 65,530 bytes without a word


class Kind(Enum):
    """How the terms of a field are kept."""

    TEXT = "text"  # terms with frequencies and positions: words and phrases
    FREQUENCY = "frequency"  # terms with frequencies: words only
    KEYWORD = "keyword"  # the whole value is one term
    NUMBER = "number"  # one whole number of 64 bits: ranges and order


class Field(NamedTuple):
    """One field. `weight` multiplies its BM25 score where the query rewriter does not say otherwise."""

    name: str
    kind: Kind
    weight: float = 1.0


FIELDS: tuple[Field, ...] = (
    Field("id", Kind.KEYWORD),
    Field("record_id", Kind.KEYWORD),
    Field("file", Kind.KEYWORD),
    Field("title", Kind.TEXT),
    Field("body", Kind.TEXT),
    Field("title_folded", Kind.TEXT),
    Field("body_folded", Kind.TEXT),
    Field("bare", Kind.TEXT),
    Field("shingles", Kind.FREQUENCY, weight=0.5),
    Field("author", Kind.TEXT),
    Field("author_folded", Kind.TEXT),
    Field("source", Kind.TEXT),
    Field("source_folded", Kind.TEXT),
    Field("path", Kind.TEXT),
    Field("path_folded", Kind.TEXT),
    Field("published", Kind.NUMBER),  # local wall-clock as YYYYMMDDhhmmss
    Field("year", Kind.KEYWORD),  # 2021
    Field("month", Kind.KEYWORD),  # 2021-12
    Field("source_name", Kind.KEYWORD),
    Field("author_name", Kind.KEYWORD),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
EXACT: tuple[str, str] = ("title", "body")
FOLDED: tuple[str, str] = ("title_folded", "body_folded")

# What a query's field name, `title:`, is read as: the exact fields and the folded ones. No name: title and body.
SCOPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "": (EXACT, FOLDED),
    "title": (("title",), ("title_folded",)),
    "body": (("body",), ("body_folded",)),
    "author": (("author",), ("author_folded",)),
    "source": (("source",), ("source_folded",)),
    "path": (("path",), ("path_folded",)),
}
# What people can count articles by -> the field that holds the values.
FACETS: dict[str, str] = {"year": "year", "month": "month", "source": "source_name", "author": "author_name"}

# Field names that a query may have -> a scope, or `date`. Those with marks may be typed without them.
QUERY_NAMES: dict[str, str] = {
    "title": "title", "tiêu_đề": "title", "tieu_de": "title",
    "body": "body", "nội_dung": "body", "noi_dung": "body",
    "author": "author", "tác_giả": "author", "tac_gia": "author",
    "source": "source", "nguồn": "source", "nguon": "source",
    "path": "path", "tệp": "path", "tep": "path",
    "date": "date", "ngày": "date", "ngay": "date",
}  # fmt: skip
