"""Trees of queries for tests: short constructors without spans, and strategies for trees of every kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from hypothesis import strategies as st

from searchvn.query.dates import read_dates
from searchvn.query.parser import parse_query
from searchvn.query.syntax import (
    AllOf,
    AnyOf,
    Boosted,
    Clause,
    Dates,
    Fuzzy,
    Group,
    Not,
    Pattern,
    Phrase,
    Required,
    Scoped,
    Word,
)
from strategies import CODES, WORDS

NOWHERE = (0, 0)
Part = Clause | str  # a string is a word


def _read(part: Part) -> Clause:
    return Word(part, NOWHERE) if isinstance(part, str) else part


def side(*parts: Part) -> Group:
    return Group(tuple(map(_read, parts)), NOWHERE)


def both(*parts: Part) -> AllOf:
    return AllOf(tuple(map(_read, parts)), NOWHERE)


def either(*parts: Part) -> AnyOf:
    return AnyOf(tuple(map(_read, parts)), NOWHERE)


def no(part: Part) -> Not:
    return Not(_read(part), NOWHERE)


def must(part: Part) -> Required:
    return Required(_read(part), NOWHERE)


def inside(field: str, part: Part) -> Scoped:
    return Scoped(field, _read(part), NOWHERE)


def times(part: Part, factor: float) -> Boosted:
    return Boosted(_read(part), factor, NOWHERE)


def phrase(text: str, between: int | None = None) -> Phrase:
    return Phrase(text, NOWHERE, between)


def like(text: str) -> Pattern:
    return Pattern(text, NOWHERE)


def near(text: str, edits: int = 1) -> Fuzzy:
    return Fuzzy(text, NOWHERE, edits)


def dates(text: str) -> Dates:
    return Dates(text, NOWHERE, *read_dates(text))


def spanless(clause: Clause) -> Clause:
    """The clause and all below it without their spans."""
    match clause:
        case Group(children) | AllOf(children) | AnyOf(children):
            return type(clause)(tuple(map(spanless, children)), NOWHERE)
        case Not(child) | Required(child) | Scoped(_, child) | Boosted(child):
            return clause._replace(child=spanless(child), span=NOWHERE)
    return clause._replace(span=NOWHERE)


def tree(text: str) -> Clause:
    """What a query is read as, without spans."""
    return spanless(parse_query(text).root)


def children(clause: Clause) -> tuple[Clause, ...]:
    """The clauses just below a clause."""
    match clause:
        case Group(parts) | AllOf(parts) | AnyOf(parts):
            return parts
        case Not(child) | Required(child) | Scoped(_, child) | Boosted(child):
            return (child,)
    return ()


def nodes(clause: Clause) -> Iterator[Clause]:
    """The clause and all below it, in order."""
    yield clause
    for child in children(clause):
        yield from nodes(child)


# --- strategies

# Words that signs could be read in, or into.
HARD_WORDS = (
    "AND", "OR", "NOT", "VÀ", "HOẶC", "KHÔNG", "title:lúa", "date:2021", "titel:x", "lúa^2", "lúa~1", "ph?ong", "a*b",
    "C:\\x", "k+", "5.5", "0905", "2021", "2019..2021", "12:30", "sao?Tôi", "3*4", "https://a.b/?q=x*&y=1", "TƯ", "LÚA",
    "P.", "U23",
)  # fmt: skip
TYPED_WORDS = tuple(dict.fromkeys((*(unicodedata.normalize("NFC", word) for word in (*WORDS, *CODES)), *HARD_WORDS)))
WITH_SPACES = ("0905 123 456", "(028) 3812 3456", "+84 905 123 456", "05-CT/ TW")
SINGLE_WORDS = [*WITH_SPACES, *(word for word in TYPED_WORDS if tree("\\" + word) == Word(word, NOWHERE))]
DATES = ("2021", "2021-11", "11/2021", "30/11/2021", "2019..2021", "2020-02-29..", "..1/2020", ">=2020-07-02", "<2022")
FIELDS = ("title", "body", "author", "source", "path")


def leaves(words: st.SearchStrategy[str], pairs: st.SearchStrategy[str]) -> st.SearchStrategy[Clause]:
    """Words, phrases, patterns, fuzzy words and dates. `pairs` are phrases of two words."""
    letters = words.filter(lambda word: word.isalpha())
    patterns = st.one_of(
        letters.map(lambda word: f"{word[:2]}*"),
        letters.map(lambda word: f"{word}*"),
        letters.map(lambda word: f"*{word[-2:]}"),
        letters.filter(lambda word: len(word) > 2).map(lambda word: f"{word[0]}?{word[2:]}"),
    )
    return st.one_of(
        st.builds(Word, words, st.just(NOWHERE)),
        st.builds(Word, words, st.just(NOWHERE)),
        st.builds(Phrase, pairs, st.just(NOWHERE), st.sampled_from([None, 0, 1, 5])),
        st.builds(Pattern, patterns, st.just(NOWHERE)),
        st.builds(Fuzzy, letters, st.just(NOWHERE), st.sampled_from([1, 2])),
        st.sampled_from(DATES).map(dates),
    )


def _several(kind: type[Group | AllOf | AnyOf], parts: st.SearchStrategy[Clause]) -> st.SearchStrategy[Clause]:
    others = parts.filter(lambda part: not isinstance(part, kind))
    return st.lists(others, min_size=2, max_size=4).map(lambda found: kind(tuple(found), NOWHERE))


def clauses(leaf: st.SearchStrategy[Clause]) -> st.SearchStrategy[Clause]:
    """Trees of every kind over these leaves, as the parser could have read them."""
    return st.recursive(
        leaf,
        lambda parts: st.one_of(
            _several(Group, parts),
            _several(Group, parts),
            _several(AllOf, parts),
            _several(AnyOf, parts),
            st.builds(Not, parts, st.just(NOWHERE)),
            st.builds(Required, parts, st.just(NOWHERE)),
            st.builds(Scoped, st.sampled_from(FIELDS), parts, st.just(NOWHERE)),
            st.builds(Boosted, parts, st.sampled_from([0.001, 0.5, 2.0, 1.25, 1000.0]), st.just(NOWHERE)),
        ),
        max_leaves=6,
    )
