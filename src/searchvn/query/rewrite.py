"""What was typed -> what engines run: smart diacritics, word by word.

Main types: `Plan` and its `Reading`s. Invariant: a reading's `matching` node finds exactly the articles in which every
one of its needles is found by `highlight`, so totals, `missing` words and marked passages tell one story.

| the query word         | ranking                                    | totals                                      |
|------------------------|--------------------------------------------|---------------------------------------------|
| marked                 | as typed; in unaccented text folded, lower | the same                                    |
| unmarked beside marked | best of as typed and 0.7 x folded          | as typed; folded if nothing is found: noted |
| unmarked, like all     | folded                                     | folded                                      |

A word that becomes several tokens (`15-NQ/TW`) is a phrase. Half-typed words, abbreviations and identifiers are further
readings of a clause: their place is `_clause`.
"""

import math
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple, Protocol

from searchvn.analysis.folding import fold, has_marks
from searchvn.analysis.terms import compounds, shingle, tokenize
from searchvn.fields import BY_NAME, EXACT, FOLDED
from searchvn.query.ast import And, AndMaybe, Boost, DisMax, Filtered, Node, Or, Phrase, Query, Term, TermPhrase, Word

FOLDED_WEIGHT = 0.7  # an unmarked word read as any accentuation, beside marked words
BARE_WEIGHT = 0.5  # a marked word found in unaccented text


class Diacritics(StrEnum):
    """How marks of the query count: by the table above, always, or never."""

    SMART = "smart"
    EXACT = "exact"
    IGNORE = "ignore"


class Vocabulary(Protocol):
    """What rewriting may ask about the index."""

    def df(self, field: str, term: str) -> int:
        """How many articles have `term` in `field`."""
        ...

    def articles(self) -> int:
        """How many articles there are."""
        ...


class Slot(NamedTuple):
    """What one position of a needle accepts: an exact term, a folded term, a folded term in unaccented lines."""

    exact: str | None = None
    folded: str | None = None
    bare: str | None = None


class Needle(NamedTuple):
    """One typed word or phrase as it is looked for in a text. `weight` is its rarity (idf, no unit)."""

    typed: str
    slots: tuple[Slot, ...]
    weight: float = 1.0


class Reading(NamedTuple):
    """One way to read the query for totals: the articles that have all its words, and what to mark in them."""

    matching: Node
    needles: tuple[Needle, ...]
    note: str = ""


class Plan(NamedTuple):
    """A rewritten query: `ranking` orders articles with any of the words; the first reading that finds any counts."""

    ranking: Node
    readings: tuple[Reading, ...]


class _Token(NamedTuple):
    """The terms of one token of the query."""

    exact: str
    folded: str
    marked: bool


class _Clause(NamedTuple):
    """A typed word or phrase and its tokens; several tokens are a phrase."""

    typed: str
    tokens: tuple[_Token, ...]


def rewrite(query: Query, vocabulary: Vocabulary, diacritics: Diacritics = Diacritics.SMART) -> Plan:
    """The plan of a query. `vocabulary` tells which forms the index has; nothing is searched here."""
    clauses = [_clause(clause) for clause in query.clauses]
    accented = any(token.marked for clause in clauses for token in clause.tokens)
    level = diacritics
    if diacritics is Diacritics.SMART and not accented:
        level = Diacritics.IGNORE
    strict = [_slots(clause, level, vocabulary) for clause in clauses]
    words_found = tuple(node for slots in dict.fromkeys(strict) for node in _ranked(slots, level, vocabulary))
    readings = [_reading(clauses, strict, vocabulary)]
    if level is Diacritics.SMART:
        wide = [_widened(slots) for slots in strict]
        if wide != strict:
            typed = [f"“{c.typed}”" for c, a, b in zip(clauses, strict, wide, strict=True) if a != b]
            words = ", ".join(dict.fromkeys(typed))
            note = f"không bài nào có đủ các từ như đã gõ: {words} được hiểu là mọi cách bỏ dấu"
            readings.append(_reading(clauses, wide, vocabulary, note))
    return Plan(_ranking(words_found, _shingles(clauses, vocabulary), level), tuple(readings))


def _ranking(words: tuple[Node, ...], neighbours: tuple[Node, ...], level: Diacritics) -> Node:
    """The words of the query, any of them, and what their neighbours add.

    A folded pair stands only where both folded words stand, so beside folded words it needs no guard, and engines run
    one flat Or faster. Beside exact words it would bring in articles with none of them (`Lân Ánh` for `Lan Ánh`),
    beside phrases articles with a part of one (`ban chi huy` for `"ban chi dao"`).
    """
    if not neighbours or (level is Diacritics.IGNORE and all(isinstance(word, Term) for word in words)):
        return Or(words + neighbours)
    return AndMaybe(Or(words), Or(neighbours))


def _clause(clause: Word | Phrase) -> _Clause:
    tokens = tokenize(clause.text)
    return _Clause(
        clause.text,
        tuple(
            _Token(exact, folded, has_marks(exact)) for exact, folded in zip(tokens.exact, tokens.folded, strict=True)
        ),
    )


def _slots(clause: _Clause, level: Diacritics, vocabulary: Vocabulary) -> tuple[Slot, ...]:
    """What each position accepts for totals. A phrase without any mark is folded, beside marked words too."""
    if level is Diacritics.EXACT:
        return tuple(Slot(exact=token.exact) for token in clause.tokens)
    marked = any(token.marked for token in clause.tokens)
    if level is Diacritics.IGNORE or (len(clause.tokens) > 1 and not marked):
        return tuple(Slot(folded=token.folded) for token in clause.tokens)
    # Most collections have no unaccented text with these words; then there is nothing to look for there.
    bare = marked and all(vocabulary.df("bare", token.folded) for token in clause.tokens)
    return tuple(Slot(token.exact, bare=token.folded if bare else None) for token in clause.tokens)


def _widened(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """An unmarked word as any accentuation; everything else as it is."""
    exact = slots[0].exact
    if len(slots) == 1 and exact and not has_marks(exact) and not exact.isdigit():
        return (Slot(folded=fold(exact)),)
    return slots


def _found(slots: tuple[Slot, ...]) -> Node:
    """The node that finds what the slots accept, for totals."""
    choices = [_anywhere(EXACT, [slot.exact for slot in slots]), _anywhere(FOLDED, [slot.folded for slot in slots])]
    choices.append(_anywhere(("bare",), [slot.bare for slot in slots]))
    children = tuple(node for choice in choices for node in choice)
    return children[0] if len(children) == 1 else Or(children)


def _anywhere(fields: Sequence[str], terms: Sequence[str | None]) -> tuple[Node, ...]:
    known = tuple(term for term in terms if term)
    if len(known) < len(terms):
        return ()
    if len(known) == 1:
        return tuple(Term(field, known[0]) for field in fields)
    return tuple(TermPhrase(field, known) for field in fields)


def _ranked(slots: tuple[Slot, ...], level: Diacritics, vocabulary: Vocabulary) -> tuple[Node, ...]:
    """The scored nodes of one clause, for adding up."""
    exact = _anywhere(EXACT, [slot.exact for slot in slots])
    folded = _anywhere(FOLDED, [slot.folded for slot in slots])
    if folded:
        return folded
    wide = _widened(slots)
    if level is Diacritics.SMART and wide != slots and _differs(slots[0], wide[0], vocabulary):
        return (DisMax((Or(exact), Boost(Or(_anywhere(FOLDED, [wide[0].folded])), FOLDED_WEIGHT))),)
    bare = [slot.bare for slot in slots]
    if all(bare):
        # Scored by the folded fields: their lengths and frequencies are those of all articles, `bare` has few.
        scored = Filtered(Or(_anywhere(FOLDED, bare)), _anywhere(("bare",), bare)[0])
        return (DisMax((Or(exact), Boost(scored, BARE_WEIGHT))),)
    return exact


def _differs(slot: Slot, wide: Slot, vocabulary: Vocabulary) -> bool:
    """Whether any article has the word in another accentuation."""
    return any(
        vocabulary.df(exact_field, slot.exact or "") != vocabulary.df(folded_field, wide.folded or "")
        for exact_field, folded_field in zip(EXACT, FOLDED, strict=True)
    )


def _reading(
    clauses: Sequence[_Clause], slots: Sequence[tuple[Slot, ...]], vocabulary: Vocabulary, note: str = ""
) -> Reading:
    unique = dict(zip(slots, clauses, strict=True))
    needles = tuple(Needle(clause.typed, part, _rarity(part, vocabulary)) for part, clause in unique.items())
    found = tuple(_found(part) for part in unique)
    return Reading(found[0] if len(found) == 1 else And(found), needles, note)


def _rarity(slots: tuple[Slot, ...], vocabulary: Vocabulary) -> float:
    """BM25's idf of the needle's rarest position (Robertson and Zaragoza, 2009), at least .1."""
    most = vocabulary.articles()
    df = min(
        vocabulary.df("body", slot.exact) if slot.exact else vocabulary.df("body_folded", slot.folded or "")
        for slot in slots
    )
    return max(0.1, math.log(1 + (most - df + 0.5) / (df + 0.5)) if df <= most else 0.1)


def _shingles(clauses: Sequence[_Clause], vocabulary: Vocabulary) -> tuple[Node, ...]:
    """The neighbouring pairs of the whole query and its compounds, as far as the index has them."""
    folded = [token.folded for clause in clauses for token in clause.tokens]
    terms = [shingle(a, b) for a, b in pairwise(folded)]
    terms += [compound for clause in clauses for compound in compounds(clause.typed)]
    weight = BY_NAME["shingles"].weight
    return tuple(
        Boost(Term("shingles", term), weight) for term in dict.fromkeys(terms) if vocabulary.df("shingles", term)
    )
