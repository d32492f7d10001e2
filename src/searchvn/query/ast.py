"""What engines run: a tree over ready terms. Main type: `Node`.

Invariant: nodes are frozen and hashable; a `TermPhrase` has at least two terms, a
`MultiPhrase` at least two slots and a term in each, `Or`, `And` and `DisMax` at least one child, so engines need not
guard.
"""

# No `from __future__ import annotations` here and in other modules of records: NamedTuple compiles every annotation
# that is a string, which doubles the time a module takes to import.
from typing import NamedTuple


def compare_by_kind(*kinds: type) -> None:
    """Makes nodes of two kinds unequal, though both are tuples: `Or((a,))` is not `And((a,))`."""
    for kind in kinds:
        kind.__eq__, kind.__ne__, kind.__hash__ = _equal, _different, _hash  # type: ignore[assignment,method-assign]


def _equal(self: tuple[object, ...], other: object) -> bool:
    return type(self) is type(other) and tuple.__eq__(self, other)


def _different(self: tuple[object, ...], other: object) -> bool:
    return not _equal(self, other)


def _hash(self: tuple[object, ...]) -> int:
    return hash((type(self).__name__, tuple.__hash__(self)))


class Term(NamedTuple):
    """Articles with this term in this field, scored by BM25."""

    field: str
    text: str


class TermPhrase(NamedTuple):
    """Articles with these terms next to each other in this order, scored by BM25 over the sum of their idf."""

    field: str
    terms: tuple[str, ...]


class MultiPhrase(NamedTuple):
    """Articles in which one term of every slot follows one of the slot before; every one scores 1."""

    field: str
    slots: tuple[tuple[str, ...], ...]


class Or(NamedTuple):
    """Articles that any child finds; the scores of those that do are added."""

    children: tuple["Node", ...]


class And(NamedTuple):
    """Articles that every child finds; their scores are added."""

    children: tuple["Node", ...]


class DisMax(NamedTuple):
    """Articles that any child finds, with the best child's score."""

    children: tuple["Node", ...]


class AndMaybe(NamedTuple):
    """Articles that `required` finds; `optional` only adds to their scores."""

    required: "Node"
    optional: "Node"


class Filtered(NamedTuple):
    """Articles that both find, with the score of `scored` alone."""

    scored: "Node"
    filter: "Node"


class Everything(NamedTuple):
    """All articles; every one scores 1."""


class Without(NamedTuple):
    """Articles that `child` finds and `excluded` does not, with the score of `child`."""

    child: "Node"
    excluded: "Node"


class Near(NamedTuple):
    """Articles in which a term of `first` and one of `second` stand, in either order, with at most `between` terms
    between them; every one scores 1. One occurrence of a term is not near itself."""

    field: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    between: int


class Range(NamedTuple):
    """Articles whose number in `field` lies between `first` and `last`, both included; every one scores 1."""

    field: str
    first: int
    last: int


class Boost(NamedTuple):
    """The child's articles, scores multiplied by `factor`."""

    child: "Node"
    factor: float


Node = (
    Term
    | TermPhrase
    | MultiPhrase
    | Near
    | Range
    | Everything
    | Or
    | And
    | DisMax
    | AndMaybe
    | Filtered
    | Without
    | Boost
)

compare_by_kind(*Node.__args__)
