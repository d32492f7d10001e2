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
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
EXACT: tuple[str, str] = ("title", "body")
FOLDED: tuple[str, str] = ("title_folded", "body_folded")
