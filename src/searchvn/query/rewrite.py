"""What was typed -> what engines run: smart diacritics, abbreviations, numbers.

Main type: `Plan`. Invariant: the plan's `matching` node finds exactly the articles in which every one of its needles is
found by `highlight`, so totals, `missing` words and marked passages tell one story.

| the query word         | ranking                                    | totals                                      |
|------------------------|--------------------------------------------|---------------------------------------------|
| marked                 | as typed; in unaccented text folded, lower | the same                                    |
| half typed (`phưong`)  | as typed; 0.7 x the index's `phương`, ...  | the same, noted                             |
| marked beside such     | the same                                   | the same, noted                             |
| unmarked beside marked | best of as typed and 0.7 x folded          | as typed; folded if nothing is found: noted |
| unmarked, like all     | folded                                     | folded                                      |

A word that becomes several tokens (`15-NQ/TW`) is a phrase. What else a clause may stand as is in `forms`, `numbers`,
`expand`.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from searchvn.analysis.abbreviations import Abbreviation, packaged
from searchvn.analysis.syllables import is_folded_syllable
from searchvn.analysis.terms import counts_in_capitals, shingle
from searchvn.fields import BY_NAME
from searchvn.query.ast import And, AndMaybe, Boost, DisMax, Node, Or, Phrase, Query, Term, Word
from searchvn.query.expand import Expander
from searchvn.query.forms import (
    WIDE_WEIGHT,
    Form,
    Needle,
    Token,
    Tokens,
    Vocabulary,
    any_marks,
    best_of,
    exactly,
    folded,
    found_by,
    half_typed,
    read_tokens,
    smart,
)
from searchvn.query.numbers import other_forms, split_tokens

NAME_WEIGHT = 2.0  # words with capitals side by side, beside each of them apart
ABBREVIATION_WEIGHT = 0.8  # an abbreviation for its full form, or the full form for it

# Of the articles that have the unmarked words of a query side by side with any marks, as many must have them as typed.
# In the news of 2017, in percent: an giang 98, gia lai 66, Lan Anh 23, Hai Nam 8, quang nam 3, Ha Noi 0.
WRITTEN_SHARE = 0.5
NAME_SHARE = 0.125  # where all begin with a capital

MANY_WORDS = 50  # longer queries are passages: their words are not looked up one by one in the index's vocabulary


class Diacritics(StrEnum):
    """How marks of the query count: by the table above, always, or never."""

    SMART = "smart"
    EXACT = "exact"
    IGNORE = "ignore"


class Plan(NamedTuple):
    """A rewritten query. `ranking` orders articles with any of the words, `matching` finds those with all of them.

    `notes` say what was read otherwise than typed. `can_widen`: with `widened`, unmarked words may find more.
    """

    ranking: Node
    matching: Node
    needles: tuple[Needle, ...]
    notes: tuple[str, ...] = ()
    can_widen: bool = False


class _Clause(NamedTuple):
    """A typed word or phrase and the forms in which it may stand.

    `forms` count for totals; `more` only for ranking, until the plan is widened. `together` are forms that stand for
    the clause and its neighbours: they count for totals, and are scored once for all of them.
    """

    typed: str
    tokens: Tokens
    forms: tuple[Form, ...]
    more: tuple[Form, ...] = ()
    can_widen: bool = False
    widened_to: str = ""
    together: tuple[Form, ...] = ()


class _Group(NamedTuple):
    """The clauses start..end spell something that has an abbreviation."""

    start: int
    end: int
    forms: tuple[Form, ...]


def rewrite(
    query: Query,
    vocabulary: Vocabulary,
    diacritics: Diacritics = Diacritics.SMART,
    abbreviations: Sequence[Abbreviation] | None = None,
    widened: bool = False,
) -> Plan:
    """The plan of a query. `vocabulary` tells which forms the index has, and counts the articles that write a query
    without marks as it was typed.

    `abbreviations` are the table's rows (default: the packaged ones). `widened` lets unmarked words beside marked ones
    stand with any marks.
    """
    typed = [read_tokens(clause.text) for clause in query.clauses]
    if sum(map(len, typed)) > MANY_WORDS:
        typed = [tuple(token._replace(half=False) for token in tokens) for tokens in typed]
    elif diacritics is Diacritics.SMART and any(
        token.half and half_typed(token, vocabulary) for tokens in typed for token in tokens
    ):
        # Where one word has lost marks, others may have lost some and still be words: `đôi` for `đổi`.
        typed = [tuple(token._replace(half=token.marked) for token in tokens) for tokens in typed]
    level = diacritics
    if diacritics is Diacritics.SMART and not _has_marks(typed) and not _is_written_so(typed, vocabulary):
        level = Diacritics.IGNORE
    expander = _expander(packaged() if abbreviations is None else tuple(abbreviations))
    reader = _Reader(level, vocabulary, expander, typed)
    clauses = [reader.clause(*pair, widened=widened) for pair in zip(query.clauses, typed, strict=True)]
    groups = reader.groups(query.clauses, typed)
    for start, end, forms in groups:
        clauses[start:end] = [clause._replace(together=clause.together + forms) for clause in clauses[start:end]]
    needles = tuple(reader.needles(clauses))
    found = tuple(_either(node for form in needle.forms for node in found_by(form)) for needle in needles)
    return Plan(
        _ranking(tuple(_scored(clauses, groups)), _neighbours(typed, vocabulary) + _name(typed, level), level),
        found[0] if len(found) == 1 else And(found),
        needles,
        tuple(_notes(clauses)),
        any(clause.can_widen for clause in clauses) and sum(map(len, typed)) <= MANY_WORDS,
    )


def _has_marks(typed: Sequence[Tokens]) -> bool:
    return any(token.marked for tokens in typed for token in tokens)


def _is_written_so(typed: Sequence[Tokens], vocabulary: Vocabulary) -> bool:
    """Whether articles write these unmarked words side by side as they were typed: `Lan Anh`, `an giang`, not `Ha Noi`.

    Then they are names or words without marks, and other accentuations are other words.
    """
    tokens = tuple(token for clause in typed for token in clause)
    if not 2 <= len(tokens) <= MANY_WORDS or not all(vocabulary.df("body", token.exact) for token in tokens):
        return False
    as_typed = vocabulary.count(_either(found_by(exactly(tokens))))
    share = NAME_SHARE if all(token.text[0].isupper() for token in tokens) else WRITTEN_SHARE
    return as_typed > 0 and as_typed > share * vocabulary.count(_either(found_by(folded(tokens))))


@lru_cache(maxsize=4)
def _expander(rows: tuple[Abbreviation, ...]) -> Expander:
    return Expander(rows)


def _says_nothing_by_capitals(typed: Sequence[Tokens]) -> bool:
    """Whether a whole query is capitals, with words among them: then `TU` may be a word as well."""
    tokens = [token for clause in typed for token in clause]
    return all(token.text.isupper() or token.text.isdigit() for token in tokens) and (
        sum(is_folded_syllable(token.folded) for token in tokens) > 1
    )


class _Reader:
    """What all clauses of one query are read by."""

    def __init__(self, level: Diacritics, vocabulary: Vocabulary, expander: Expander, typed: Sequence[Tokens]) -> None:
        self._level, self._vocabulary, self._expander = level, vocabulary, expander
        self._in_capitals = _says_nothing_by_capitals(typed)
        self._is_unmarked = not _has_marks(typed)

    def clause(self, clause: Word | Phrase, tokens: Tokens, widened: bool) -> _Clause:
        """The clause with all forms that are its own."""
        forms, more = list(self._as_typed(tokens)), []
        parts, widened_to = tokens, "mọi cách bỏ dấu"
        if isinstance(clause, Word):
            if self._level is not Diacritics.EXACT or all(token.exact.isdigit() for token in tokens):
                forms += other_forms(clause.text, tokens, self._vocabulary)
            parts = split_tokens(clause.text, tokens)
        others = self._expander.sequences(tokens, clause.text, self._in_capitals)
        if parts != tokens:
            others += self._expander.sequences(parts, clause.text, self._in_capitals)
        if others and len(tokens) == 1 and counts_in_capitals(tokens[0].text):
            # `TƯ` is not the word `tư`, unless nothing else is found.
            widened_to = "cả dạng chữ thường"
            more += [form._replace(weight=WIDE_WEIGHT) for form in forms]
            forms = [exactly((tokens[0]._replace(capital=True),))]
        elif self._level is Diacritics.SMART and (widened or len(tokens) == 1):
            wide = any_marks(tokens, self._vocabulary)
            more += [wide] if wide else []
        for sequence in others:
            forms += self._as_one_word(sequence)
            if widened and len(tokens) > 1 and (wide := any_marks(sequence, self._vocabulary)):
                more.append(wide)
        if widened:
            return _Clause(clause.text, tokens, tuple(forms + more), widened_to=widened_to if more else "")
        return _Clause(clause.text, tokens, tuple(forms), tuple(more), can_widen=self._can_widen(tokens, more))

    def _can_widen(self, tokens: Tokens, more: Sequence[Form]) -> bool:
        """Whether a wider reading may find more. That of a phrase is made only when it is needed."""
        if len(tokens) == 1 or self._level is not Diacritics.SMART:
            return bool(more)
        marked = [token.marked for token in tokens if not token.exact.isdigit()]
        return any(marked) and not all(marked)

    def groups(self, clauses: Sequence[Word | Phrase], typed: Sequence[Tokens]) -> list[_Group]:
        """Where words of the query, side by side, spell something that has an abbreviation."""
        groups: list[_Group] = []
        first = 0
        for is_word, run in groupby(clauses, lambda clause: isinstance(clause, Word)):
            last = first + len(list(run))
            ends = list(accumulate((len(tokens) for tokens in typed[first:last]), initial=0))  # in tokens
            tokens = tuple(token for words in typed[first:last] for token in words)
            for start, end, others in self._expander.groups(tokens) if is_word else ():
                if start in ends and end in ends and ends.index(end) - ends.index(start) > 1:
                    forms = tuple(form for other in others for form in self._as_one_word(other))
                    groups.append(_Group(first + ends.index(start), first + ends.index(end), forms))
            first = last
        return groups

    def needles(self, clauses: Sequence[_Clause]) -> Iterator[Needle]:
        """One for every clause, equal ones once."""
        unique: dict[tuple[Form, ...], _Clause] = {}
        for clause in clauses:
            unique.setdefault((*clause.forms, *clause.together), clause)
        for forms, clause in unique.items():
            yield Needle(clause.typed, forms, max(map(self._rarity, clause.tokens)))

    def _as_typed(self, tokens: Tokens) -> tuple[Form, ...]:
        if self._level is Diacritics.EXACT:
            return (exactly(tokens),)
        if self._level is Diacritics.IGNORE:
            return (folded(tokens),)
        if self._is_unmarked:
            return (exactly(tokens),)
        return smart(tokens, self._vocabulary)

    def _as_one_word(self, tokens: Tokens) -> list[Form]:
        """The forms of another way to write something. It scores as its rarest word."""
        rarities = list(map(self._rarity, tokens))
        factor = ABBREVIATION_WEIGHT * max(rarities) / sum(rarities)
        return [form._replace(weight=form.weight * factor) for form in self._as_typed(tokens)]

    def _rarity(self, token: Token) -> float:
        """BM25's idf of a token (Robertson and Zaragoza, 2009), at least .1."""
        most = self._vocabulary.articles()
        if token.capital:
            df = self._vocabulary.df("shingles", token.text)
        elif self._level is Diacritics.IGNORE:
            df = self._vocabulary.df("body_folded", token.folded)
        else:
            df = self._vocabulary.df("body", token.exact)
        return max(0.1, math.log(1 + (most - df + 0.5) / (df + 0.5)) if df <= most else 0.1)


def _notes(clauses: Sequence[_Clause]) -> Iterator[str]:
    """What was read otherwise than typed, a line each."""
    for clause in dict.fromkeys(clauses):
        others = [form for form in clause.forms if form.kind == "exact" and form.weight == WIDE_WEIGHT]
        for token, slot in zip(clause.tokens, others[0].slots if others else (), strict=False):
            more = [term for term in slot if term != token.exact]
            if token.half and more:
                yield f"“{token.text}” gõ thiếu dấu: tìm cả {', '.join(more[:5])}{', …' if len(more) > 5 else ''}"
    for reading in dict.fromkeys(clause.widened_to for clause in clauses if clause.widened_to):
        words = dict.fromkeys(f"“{clause.typed}”" for clause in clauses if clause.widened_to == reading)
        yield f"không bài nào có đủ các từ như đã gõ: {', '.join(words)} được hiểu là {reading}"


# --- ranking


def _ranking(words: tuple[Node, ...], neighbours: tuple[Node, ...], level: Diacritics) -> Node:
    """The words of the query, any of them, and what their neighbours add.

    A folded pair stands only where both folded words stand, so beside folded words it needs no guard, and engines run
    one flat Or faster. Beside exact words it would bring in articles with none of them (`Lân Ánh` for `Lan Ánh`),
    beside phrases articles with a part of one (`ban chi huy` for `"ban chi dao"`).
    """
    if not neighbours or (level is Diacritics.IGNORE and all(isinstance(word, Term) for word in words)):
        return Or(words + neighbours)
    return AndMaybe(Or(words), Or(neighbours))


def _scored(clauses: Sequence[_Clause], groups: Sequence[_Group]) -> Iterator[Node]:
    """The scored nodes of all clauses, for adding up; equal clauses once."""
    in_groups = {at for group in groups for at in range(group.start, group.end)}
    forms_of = [clause.forms + clause.more for clause in clauses]
    alone = dict.fromkeys(forms for at, forms in enumerate(forms_of) if at not in in_groups)
    for forms in alone:
        yield from best_of(forms)
    done = set(alone)
    for start, end, together in groups:
        words = [forms for forms in dict.fromkeys(forms_of[start:end]) if forms not in done]
        done.update(words)
        if words:
            yield DisMax((Or(tuple(node for forms in words for node in best_of(forms))), *best_of(together)))


def _either(nodes: Iterable[Node]) -> Node:
    children = tuple(dict.fromkeys(nodes))
    return children[0] if len(children) == 1 else Or(children)


def _name(typed: Sequence[Tokens], level: Diacritics) -> tuple[Node, ...]:
    """Of two or three words with capitals, as names have: the words side by side with their very marks.

    The pairs of `_neighbours` know no marks: `Lan Anh` would rank with every `lần anh`.
    """
    tokens = tuple(token for clause in typed for token in clause)
    if level is Diacritics.IGNORE or not 2 <= len(tokens) <= 3 or not all(t.text[0].isupper() for t in tokens):
        return ()
    return tuple(Boost(node, NAME_WEIGHT) for node in found_by(exactly(tokens)))


def _neighbours(typed: Sequence[Tokens], vocabulary: Vocabulary) -> tuple[Node, ...]:
    """The neighbouring pairs of the whole query, as far as the index has them."""
    folded_terms = [token.folded for tokens in typed for token in tokens]
    terms = [shingle(a, b) for a, b in pairwise(folded_terms)]
    weight = BY_NAME["shingles"].weight
    return tuple(
        Boost(Term("shingles", term), weight) for term in dict.fromkeys(terms) if vocabulary.df("shingles", term)
    )
