"""Words and phrases side by side -> one part of a plan: smart diacritics, abbreviations, numbers, neighbours.

Main type: `Part`. Invariant: a part's `matching` node finds exactly the articles in which every one of its needles is
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
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from searchvn.analysis.lines import counts_in_capitals, shingle
from searchvn.analysis.syllables import is_folded_syllable, is_syllable
from searchvn.fields import BY_NAME
from searchvn.models import Diacritics
from searchvn.query.ast import And, Boost, DisMax, Node, Or, Term
from searchvn.query.expand import Expander
from searchvn.query.forms import (
    WIDE_WEIGHT,
    Form,
    Needle,
    ScopedVocabulary,
    Token,
    Tokens,
    Vocabulary,
    any_marks,
    best_of,
    exactly,
    folded,
    found_by,
    identifier,
    read_tokens,
    smart,
)
from searchvn.query.syntax import Phrase, Word

NAME_WEIGHT = 2.0  # words with capitals side by side, beside each of them apart
ABBREVIATION_WEIGHT = 0.8  # an abbreviation for its full form, or the full form for it
WITH_PAIRS = 1.25  # what words score with the pairs that they are, as a multiple of what they score apart

# Of the articles that have the unmarked words of a query side by side with any marks, as many must have them as typed.
# In the news of 2017, in percent: an giang 98, gia lai 66, Lan Anh 23, Hai Nam 8, quang nam 3, Ha Noi 0.
WRITTEN_SHARE = 0.5
NAME_SHARE = 0.125  # where all begin with a capital

MANY_WORDS = 50  # longer queries are passages: their words are not looked up one by one in the index's vocabulary


class Reading(NamedTuple):
    """What all clauses of one query are read by.

    `unmarked`: no word of it has a mark. `half`: words beside a half-typed one may have lost marks too. `long`: it is
    a passage. `widened`: unmarked words beside marked ones may have any marks.
    """

    level: Diacritics
    vocabulary: Vocabulary
    expander: Expander
    unmarked: bool = False
    half: bool = False
    long: bool = False
    in_capitals: bool = False
    widened: bool = False


class Part(NamedTuple):
    """The plan of a part of a query.

    The scores of `ranking` add up, for articles with any of the words; those of `neighbours` only add to them. It is
    empty for a condition. `matching` finds the articles with all words. `flat`: the neighbours need no guard (see
    `rewrite`). `pairs` say what the codes of neighbours stand for.
    """

    ranking: tuple[Node, ...]
    matching: Node
    neighbours: tuple[Node, ...] = ()
    flat: bool = False
    needles: tuple[Needle, ...] = ()
    notes: tuple[str, ...] = ()
    can_widen: bool = False
    pairs: tuple[tuple[str, str], ...] = ()


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
    """The clauses start..end spell something that has an abbreviation. Groups may overlap and stand in others."""

    start: int
    end: int
    forms: tuple[Form, ...]


def read_run(clauses: Sequence[Word | Phrase], reading: Reading, scope: str = "") -> Part:
    """The plan of words and phrases that stand side by side, in the field `scope`."""
    typed = [_read(clause, reading) for clause in clauses]
    level, vocabulary = reading.level, reading.vocabulary
    if level is Diacritics.SMART and reading.unmarked and not _is_written_so(typed, vocabulary, scope):
        level = Diacritics.IGNORE
    reader = _Reader(level, reading, scope)
    read = [reader.clause(*pair) for pair in zip(clauses, typed, strict=True)]
    groups = reader.groups(clauses, typed)
    for start, end, forms in groups:
        read[start:end] = [clause._replace(together=clause.together + forms) for clause in read[start:end]]
    needles = tuple(reader.needles(read))
    found = tuple(either(node for form in needle.forms for node in found_by(form)) for needle in needles)
    words = tuple(_scored([clause.forms + clause.more for clause in read], groups, range(len(read)), set()))
    pairs = () if scope else tuple(_pairs(typed, vocabulary))
    neighbours = tuple(Boost(Term("shingles", code), BY_NAME["shingles"].weight) for code, _ in pairs)
    return Part(
        words,
        found[0] if len(found) == 1 else And(found),
        neighbours + _name(typed, level, scope),
        level is Diacritics.IGNORE and all(isinstance(word, Term) for word in words),
        needles,
        tuple(_notes(read)),
        any(clause.can_widen for clause in read) and not reading.long,
        pairs,
    )


def _read(clause: Word | Phrase, reading: Reading) -> Tokens:
    tokens = read_tokens(clause.text)
    if reading.long:
        return tuple(token._replace(half=False) for token in tokens)
    return tuple(token._replace(half=token.marked) for token in tokens) if reading.half else tokens


def _is_written_so(typed: Sequence[Tokens], vocabulary: Vocabulary, scope: str) -> bool:
    """Whether articles write these unmarked words side by side as they were typed: `Lan Anh`, `an giang`, not `Ha Noi`.

    Then they are names or words without marks, and other accentuations are other words.
    """
    tokens = tuple(token for clause in typed for token in clause)
    known = ScopedVocabulary(vocabulary, scope) if scope else vocabulary
    if not 2 <= len(tokens) <= MANY_WORDS or not all(known.df("body", token.exact) for token in tokens):
        return False
    as_typed = vocabulary.count(either(found_by(exactly(tokens)._replace(scope=scope))))
    share = NAME_SHARE if all(token.text[0].isupper() for token in tokens) else WRITTEN_SHARE
    return as_typed > 0 and as_typed > share * vocabulary.count(either(found_by(folded(tokens)._replace(scope=scope))))


def says_nothing_by_capitals(typed: Sequence[Tokens]) -> bool:
    """Whether a whole query is capitals, with words among them: then `TU` may be a word as well."""
    tokens = [token for clause in typed for token in clause]
    return all(token.text.isupper() or token.text.isdigit() for token in tokens) and (
        sum(is_folded_syllable(token.folded) for token in tokens) > 1
    )


class _Reader:
    """Makes the clauses of one run."""

    def __init__(self, level: Diacritics, reading: Reading, scope: str) -> None:
        self._level, self._reading, self._scope = level, reading, scope
        vocabulary = reading.vocabulary
        self._vocabulary = ScopedVocabulary(vocabulary, scope) if scope else vocabulary
        self._expander = reading.expander

    def clause(self, clause: Word | Phrase, tokens: Tokens) -> _Clause:
        """The clause with all forms that are its own."""
        read = self._in_any_field(clause, tokens)
        if not self._scope:
            return read
        forms, more = map(self._in_scope, (read.forms, read.more))
        return read._replace(forms=forms or self._in_scope([exactly(tokens)]), more=more)

    def _in_scope(self, forms: Iterable[Form]) -> tuple[Form, ...]:
        """The forms that a single field can tell: joined identifiers, capitals and unaccented lines are kept of title
        and body together."""
        return tuple(form._replace(scope=self._scope) for form in forms if form.kind in ("exact", "folded"))

    def _in_any_field(self, clause: Word | Phrase, tokens: Tokens) -> _Clause:
        forms, more = list(self._as_typed(tokens)), []
        parts, widened_to, widened = tokens, "mọi cách bỏ dấu", self._reading.widened
        if isinstance(clause, Word):
            strict = self._level is Diacritics.EXACT and not all(token.exact.isdigit() for token in tokens)
            if any(map(str.isdigit, clause.text)):
                from searchvn.query.numbers import other_forms, split_tokens  # needed by few queries

                forms += () if strict else other_forms(clause.text, tokens, self._vocabulary)
                parts = split_tokens(clause.text, tokens)
            elif not strict:
                forms += identifier(tokens, self._vocabulary)
        others = self._expander.sequences(tokens, clause.text, self._reading.in_capitals)
        if parts != tokens:
            others += self._expander.sequences(parts, clause.text, self._reading.in_capitals)
        if others and len(tokens) == 1 and counts_in_capitals(tokens[0].text):
            # `TƯ` is not the word `tư`, unless nothing else is found.
            widened_to = "cả dạng chữ thường"
            more += [form._replace(weight=WIDE_WEIGHT) for form in forms]
            forms = [exactly((tokens[0]._replace(capital=True),))]
        elif self._level is Diacritics.SMART and (widened or len(tokens) == 1):
            wide = any_marks(tokens, self._vocabulary)
            more += [wide] if wide else []
        for sequence in others:
            forms += self._as_one_word(sequence, tokens)
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
        """Where words of the query, side by side, spell something that has an abbreviation; outer groups first."""
        groups: list[_Group] = []
        first = 0
        for is_word, run in groupby(clauses, lambda clause: isinstance(clause, Word)):
            last = first + len(list(run))
            ends = list(accumulate((len(tokens) for tokens in typed[first:last]), initial=0))  # in tokens
            tokens = tuple(token for words in typed[first:last] for token in words)
            for start, end, others in self._expander.groups(tokens) if is_word else ():
                if start in ends and end in ends and ends.index(end) - ends.index(start) > 1:
                    forms = tuple(form for other in others for form in self._as_one_word(other, tokens[start:end]))
                    forms = self._in_scope(forms) if self._scope else forms
                    if forms:
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
        if self._reading.unmarked:
            return (exactly(tokens),)
        return smart(tokens, self._vocabulary)

    def _as_one_word(self, tokens: Tokens, typed: Tokens) -> list[Form]:
        """The forms of another way to write what was typed.

        It scores as its rarest word, and not above what was typed: `LS` is rarer than `luật sư`, and means it less.
        """
        rarities = list(map(self._rarity, tokens))
        most = WITH_PAIRS * sum(map(self._rarity, typed))
        factor = ABBREVIATION_WEIGHT * min(max(rarities), most) / sum(rarities)
        return [form._replace(weight=form.weight * factor) for form in self._as_typed(tokens)]

    def _rarity(self, token: Token) -> float:
        """How rare the token is, as it is read."""
        most = self._vocabulary.articles()
        if token.capital:
            df = self._vocabulary.df("shingles", token.text)
        elif self._level is Diacritics.IGNORE:
            df = self._vocabulary.df("body_folded", token.folded)
        else:
            df = self._vocabulary.df("body", token.exact)
        return rarity(df, most)


def rarity(df: int, articles: int) -> float:
    """BM25's idf (Robertson and Zaragoza, 2009), at least .1."""
    return max(0.1, math.log(1 + (articles - df + 0.5) / (df + 0.5)) if df <= articles else 0.1)


def _notes(clauses: Sequence[_Clause]) -> Iterator[str]:
    """What was read otherwise than typed, a line each."""
    for clause in dict.fromkeys(clauses):
        others = [form for form in clause.forms if form.kind == "exact" and form.weight == WIDE_WEIGHT]
        for token, slot in zip(clause.tokens, others[0].slots if others else (), strict=False):
            more = [term for term in slot if term != token.exact]
            if token.half and more:
                lacks = "có thể thiếu dấu" if is_syllable(token.exact) else "gõ thiếu dấu"
                yield f"“{token.text}” {lacks}: tìm cả {', '.join(more[:5])}{', …' if len(more) > 5 else ''}"
    for reading in dict.fromkeys(clause.widened_to for clause in clauses if clause.widened_to):
        words = dict.fromkeys(f"“{clause.typed}”" for clause in clauses if clause.widened_to == reading)
        yield f"không bài nào có đủ các từ như đã gõ: {', '.join(words)} được hiểu là {reading}"


# --- ranking


def _scored(
    forms_of: Sequence[tuple[Form, ...]], groups: Sequence[_Group], places: range, done: set[tuple[Form, ...]]
) -> Iterator[Node]:
    """The scored nodes of the clauses at `places`, whose forms are `forms_of`, for adding up; what is `done` is not
    scored again. A group inside of another is one of its words."""
    in_groups = {at for group in groups for at in range(group.start, group.end)}
    alone = dict.fromkeys(forms_of[at] for at in places if at not in in_groups)
    for forms in alone:
        if forms not in done:
            yield from best_of(forms)
    done.update(alone)
    while groups:
        group, *others = groups
        inner = [other for other in others if other.end <= group.end]
        groups = [other for other in others if other.end > group.end]
        words = tuple(_scored(forms_of, inner, range(group.start, group.end), done))
        if words:
            yield DisMax((Or(words), *best_of(group.forms)))
        elif group.forms not in done:
            yield from best_of(group.forms)
        done.add(group.forms)


def either(nodes: Iterable[Node]) -> Node:
    """Articles that any of the nodes finds."""
    children = tuple(dict.fromkeys(nodes))
    return children[0] if len(children) == 1 else Or(children)


def _name(typed: Sequence[Tokens], level: Diacritics, scope: str) -> tuple[Node, ...]:
    """Of two or three words with capitals, as names have: the words side by side with their very marks.

    Pairs know no marks: `Lan Anh` would rank with every `lần anh`.
    """
    tokens = tuple(token for clause in typed for token in clause)
    if level is Diacritics.IGNORE or not 2 <= len(tokens) <= 3 or not all(t.text[0].isupper() for t in tokens):
        return ()
    return tuple(Boost(node, NAME_WEIGHT) for node in found_by(exactly(tokens)._replace(scope=scope)))


def _pairs(typed: Sequence[Tokens], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The neighbouring pairs of the run as far as the index has them: their codes, and what they are."""
    terms = [token.folded for tokens in typed for token in tokens]
    pairs = {shingle(first, second): f"{first} {second}" for first, second in pairwise(terms)}
    return ((code, pair) for code, pair in pairs.items() if vocabulary.df("shingles", code))
