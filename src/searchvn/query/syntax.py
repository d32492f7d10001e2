"""What was typed, as a tree. Main types: `Query`, `Clause`.

Invariants: clauses are frozen; a span slices the NFC text of the query; every `Word`, `Phrase`, `Pattern` and `Fuzzy`
holds a letter or digit; `Group`, `AllOf` and `AnyOf` have at least two children and none of their own kind;
`parse_query(printed(clause))` gives the same clause but for spans.
"""

from typing import NamedTuple

from searchvn.models import Span
from searchvn.query.ast import compare_by_kind


class Word(NamedTuple):
    """One typed word; white space only inside a telephone number or `05-CT/ TW`."""

    text: str
    span: Span


class Phrase(NamedTuple):
    """Words between quotation marks. `between`: two words, at most so many between them, in either order."""

    text: str
    span: Span
    between: int | None = None


class Pattern(NamedTuple):
    """A word with `*` (any letters) or `?` (one letter)."""

    text: str
    span: Span


class Fuzzy(NamedTuple):
    """A word and those at most `edits` letters from it."""

    text: str
    span: Span
    edits: int = 1


class Dates(NamedTuple):
    """Published between `first` and `last`, both included, as numbers YYYYMMDDhhmmss. `text` is what was typed."""

    text: str
    span: Span
    first: int
    last: int


class Group(NamedTuple):
    """Clauses side by side: ranked over any of them, counted with all."""

    children: tuple["Clause", ...]
    span: Span


class AllOf(NamedTuple):
    """`a AND b`."""

    children: tuple["Clause", ...]
    span: Span


class AnyOf(NamedTuple):
    """`a OR b`."""

    children: tuple["Clause", ...]
    span: Span


class Not(NamedTuple):
    """`NOT a` or `-a`."""

    child: "Clause"
    span: Span


class Required(NamedTuple):
    """`+a`."""

    child: "Clause"
    span: Span


class Scoped(NamedTuple):
    """`title:a`: only in this field, one of `fields.SCOPES`."""

    field: str
    child: "Clause"
    span: Span


class Boosted(NamedTuple):
    """`a^2`."""

    child: "Clause"
    factor: float
    span: Span


Leaf = Word | Phrase | Pattern | Fuzzy | Dates
Clause = Leaf | Group | AllOf | AnyOf | Not | Required | Scoped | Boosted

compare_by_kind(*Clause.__args__)


class Query(NamedTuple):
    """A query as typed (NFC). `notes` say, a line each, what was read otherwise than written."""

    text: str
    root: Clause
    notes: tuple[str, ...] = ()


def is_plain(clause: Clause) -> bool:
    """Whether it is a word or a phrase without any sign: what ordinary text is made of."""
    return isinstance(clause, Word) or (isinstance(clause, Phrase) and clause.between is None)


def is_plain_text(query: Query) -> bool:
    """Whether a query is nothing but words and phrases side by side."""
    root = query.root
    return is_plain(root) or (isinstance(root, Group) and all(map(is_plain, root.children)))
