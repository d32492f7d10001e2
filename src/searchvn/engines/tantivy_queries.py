"""Nodes -> queries of tantivy.

Main type: `Compiler`. Invariants: nodes are compiled one by one to native query objects, never to query text; a phrase
of one term, at which the binding panics, is never made; the parts that `best_parts` gives score, each article by the
best of them, what the whole does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import tantivy
from tantivy import FieldType, Occur

from searchvn.fields import BY_NAME, Kind
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

MOST_SUMS = 2  # of terms that are searched for one by one; all in one pass is as fast as three
MOST_BRANCHES = 20  # the same of sums that have no term in common, as `đổi*` has

OPTION = {Kind.TEXT: "position", Kind.FREQUENCY: "freq", Kind.KEYWORD: "basic"}


class Compiler:
    """Makes queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def query(self, node: Node) -> tantivy.Query:
        """The query that finds and scores what `node` does."""
        query = tantivy.Query
        match node:
            case Term(field, text):
                return query.term_query(self._schema, field, text, OPTION[BY_NAME[field].kind])
            case TermPhrase(field, terms):
                return query.phrase_query(self._schema, field, list(terms))
            case MultiPhrase(field, slots):
                return query.const_score_query(self._slots(field, list(enumerate(slots))), 1.0)
            case Near(field, first, second, between):
                orders = {(first, second), (second, first)}
                ways = [way for one, other in orders for way in self._follows(field, one, other, between + 1)]
                return query.const_score_query(query.boolean_query([(Occur.Should, way) for way in ways]), 1.0)
            case Range(field, first, last):
                inside = query.range_query(self._schema, field, FieldType.Integer, first, last)
                return query.const_score_query(inside, 1.0)
            case Everything():
                return query.const_score_query(query.all_query(), 1.0)  # bare, its score is lost in a conjunction
            case Boost(child, factor):
                return query.boost_query(self.query(child), factor)
            case DisMax(children):
                return query.disjunction_max_query(list(map(self.query, children)))
            case Or(children):
                return query.boolean_query([(Occur.Should, self.query(child)) for child in children])
            case And(children):
                return query.boolean_query([(Occur.Must, self.query(child)) for child in children])
            case AndMaybe(required, optional):
                return query.boolean_query([(Occur.Must, self.query(required)), (Occur.Should, self.query(optional))])
            case Without(child, excluded):
                return query.boolean_query([(Occur.Must, self.query(child)), (Occur.MustNot, self.query(excluded))])
            case Filtered(scored, filter_):
                unscored = query.const_score_query(self.query(filter_), 0.0)
                return query.boolean_query([(Occur.Must, self.query(scored)), (Occur.Must, unscored)])

    def _slots(self, field: str, slots: Sequence[tuple[int, Sequence[str]]], slop: int = 0) -> tantivy.Query:
        """Articles with a term of every slot at its place, counted from wherever the first one stands.

        `slop`: the terms after the first may be so many places away from theirs, all together.
        """
        if all(len(slot) == 1 for _, slot in slots):  # in a third of the time
            return tantivy.Query.phrase_query(self._schema, field, [(at, term) for at, (term,) in slots], slop)
        words: list[str | tuple[int, str]] = [(at, f"({'|'.join(map(re.escape, slot))})") for at, slot in slots]
        return tantivy.Query.regex_phrase_query(self._schema, field, words, slop)

    def _follows(self, field: str, first: Sequence[str], second: Sequence[str], within: int) -> list[tantivy.Query]:
        """A term of `second` 1 to `within` places after one of `first`; articles that any of the queries finds.

        The middle of these places with slop to both sides, and the last place where there is no middle.
        """
        slop, odd = divmod(within - 1, 2)
        middle = self._slots(field, ((0, first), (1 + slop, second)), slop)
        return [middle, self._slots(field, ((0, first), (within, second)))] if odd else [middle]


def best_parts(node: Node, df: Callable[[str, str], int]) -> Sequence[Node]:
    """Nodes of which the best score counts, where these are found sooner than the whole: else the node itself.

    tantivy leaves out articles that cannot be among the best (block-max WAND, Ding and Suel 2011) only in one flat sum
    of terms. Where a node scores the best of a few such sums, its best articles are among the best of each. `df` gives
    the number of articles with a term in a field.
    """
    match node:
        case Or((only,)):
            return best_parts(only, df)
        case DisMax(children) if len(children) > MOST_BRANCHES:
            pairs = list(map(_pair, children))
            if all(pairs):
                return _in_one_or_both(chain.from_iterable(pairs), df) or [node]
    return [Or(terms) for terms in _sums(node)] or [node]


def _pair(node: Node) -> Sequence[tuple[Term, Term]]:
    """The two terms that the node adds up; none where it is something else."""
    match node:
        case Or((Term() as first, Term() as second)):
            return ((first, second),)
    return ()


def _in_one_or_both(pairs: Iterable[tuple[Term, Term]], df: Callable[[str, str], int]) -> Sequence[Node]:
    """The best of many words with a term in two fields each: alone in the second; in the first, and maybe in both.

    A sum inside of the best of many needs a large buffer; these need none, and half of the time.
    """
    known = [(first, second, df(*first), df(*second)) for first, second in pairs]
    seconds = [second for _, second, _, times in known if times]
    firsts = [AndMaybe(first, second) if beside else first for first, second, times, beside in known if times]
    return [DisMax(tuple(nodes)) for nodes in (seconds, firsts) if nodes]


def _sums(node: Node, factor: float = 1.0) -> list[tuple[Node, ...]]:
    """The sums of terms of which the node scores the best; none where they are many or it is something else."""
    match node:
        case Term():
            return [(node if factor == 1.0 else Boost(node, factor),)]
        case Boost(child, more):
            return _sums(child, factor * more)
        case DisMax(children):
            sums = [_sums(child, factor) for child in children]
            return list(chain(*sums)) if all(sums) and sum(map(len, sums)) <= MOST_BRANCHES else []
        case Or((only,)):
            return _sums(only, factor)
        case Or(children):
            all_of: list[tuple[Node, ...]] = [()]
            for child in children:
                all_of = [one + other for other in _sums(child, factor) for one in all_of]
                if not 0 < len(all_of) <= MOST_SUMS:
                    return []
            return all_of
    return []
