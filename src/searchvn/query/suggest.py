"""A query that found little -> the queries that were probably meant.

Main name: `suggest`. Invariants: what is suggested finds articles when typed, more than the query did; nothing is asked
of more than a dozen words, however long the query; `Index.search` asks only for queries that find next to nothing.

Raw keys of an input method are told by their look (`keystrokes`). Otherwise a slip is looked for, a word at a time:
among the words that the index lacks, or else among all, for a slip may give a word that exists. What may have been
meant is weighed as in a noisy channel (Kernighan, Church and Gale, "A Spelling Correction Program Based on a Noisy
Channel Model", 1990): how often it stands beside its neighbours, how frequent it is, what the slip costs (`slips`).
"""

import math
from collections.abc import Callable, Container, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from searchvn.analysis.folding import fold, has_marks
from searchvn.analysis.lines import shingle
from searchvn.analysis.syllables import is_folded_syllable, is_syllable
from searchvn.analysis.terms import tokenize
from searchvn.analysis.tokens import spans
from searchvn.fields import EXACT, FOLDED
from searchvn.models import Hit, Span, Suggestion
from searchvn.query.accents import accented, capitalized
from searchvn.query.ast import Or, TermPhrase
from searchvn.query.forms import Vocabulary
from searchvn.query.keystrokes import from_telex, from_vni
from searchvn.query.slips import (
    LETTER,
    SLIP_OF_THE_HAND,
    SOUND,
    halves,
    is_misspellable,
    marked_forms,
    marks_cost,
    near_spellings,
    printed,
)

LEAST = 3  # articles that a suggestion for a word that exists finds, and in which its neighbours speak for it
TIMES = 10  # as many as have the typed word beside its neighbours
TIMES_FOUND = 5  # as many as the query finds

_MOST_LETTERS, _MOST_LENGTH = 1000, 100  # letters and words of a query that is looked at
_MOST_WORDS = 12  # of them in which slips are looked for
_MOST_SHOWN = 3
_MOST_CHANGED = 3  # words of one suggestion
_SPELLINGS = 12  # of a word, whose marked forms are looked up
_SHORT = 4  # an unknown word without marks and with fewer letters is probably an abbreviation
_FOREIGN_LETTERS = 8  # of an unknown word that was meant for a foreign one with another letter,
_FOREIGN_SLIP = 5  # or with letters exchanged or doubled
_WEIGHED = 8  # readings of a word whose neighbours are counted
_MOST_CHECKS = 24  # pairs of neighbours that are counted,
_MOST_POSTINGS = 100_000  # and postings read for it: about 30 ms with tantivy

_COST = 3.0  # of one wrong letter, as a difference of natural logarithms
_RARITY = 0.3  # the power of a word's frequency that is taken off what its neighbours say
_ALONE = 1e-4  # what the articles with a word count, beside those with its neighbours
_EXISTING = 0.6  # what a wrong letter costs more in a word that the index has
_JOINED_LETTERS = 6  # of two words without marks whose space was lost
_SPACE = 0.3  # the cost of a lost space
_CLOSE = 1.5  # further suggestions weigh at most so much less than the first
# How much oftener than by chance a word must stand beside its neighbour, by what it costs (see `_tie`). Of 600 slips,
# 393 are put right, and 28 of 2,000 queries get a suggestion; with .05 .2 .4: 345 and 19; with 0 .1 .3: 428 and 42.
_TIES = ((0.5, 0.02), (0.8, 0.1), (math.inf, 0.4))


class Searcher(NamedTuple):
    """How to try a query: how many articles have all its words; its best hits."""

    total: Callable[[str], int]
    hits: Callable[[str], Sequence[Hit]]


class _Word(NamedTuple):
    """A token of the query, where it stands, and its terms. `term` is the one that it is looked for by."""

    text: str
    span: Span
    exact: str
    folded: str
    term: str


class _Change(NamedTuple):
    """Word number `at` read otherwise; as two terms where a space was lost. At most `most` articles speak for it."""

    at: int
    terms: tuple[str, ...]
    cost: float
    most: int

    @property
    def promise(self) -> float:
        """The most that its weight can be, but for a constant."""
        return math.log(self.most) - _COST * self.cost


def suggest(text: str, total: int, little: int, vocabulary: Vocabulary, searcher: Searcher) -> tuple[Suggestion, ...]:
    """What was probably meant by a query (NFC) of whose words `total` articles have all; best first, often nothing.

    `little` is a number of articles that is next to nothing in this index.
    """
    evidence = _Evidence(vocabulary, little, has_marks(text.lower()))
    if len(text) > _MOST_LETTERS or len(evidence.read(text)) > _MOST_LENGTH:
        return ()
    for decode in (from_telex, from_vni):
        meant = decode(text, evidence.exact)
        if meant and searcher.total(meant) > total:
            return (Suggestion(meant, "keystrokes"),)
    found = dict.fromkeys(_corrections(text, total, evidence, searcher))
    return tuple(Suggestion(meant, "spelling") for meant in found)


def _corrections(text: str, total: int, evidence: "_Evidence", searcher: Searcher) -> Iterator[str]:
    """The query with its likeliest slips undone."""
    changes, lacking = evidence.likely(evidence.read(text))
    least = max(1 if lacking else LEAST, TIMES_FOUND * total)
    for weight, change in changes[:_MOST_SHOWN]:
        if weight < changes[0][0] - _CLOSE or change.at != changes[0][1].at:
            continue
        meant, found, terms = _changed_further(text, change, evidence, searcher)
        if found >= least:
            hits = searcher.hits(meant)
            if evidence.marked:
                shown = accented(meant, hits)
                # Words that were rightly typed without marks stay; their reading may have been widened.
                yield capitalized(shown if shown and searcher.total(shown) > found / 2 else meant, hits, terms)
            elif (shown := accented(meant, hits) or meant) == meant or searcher.total(shown) >= least:
                yield shown


def _changed_further(
    text: str, change: _Change, evidence: "_Evidence", searcher: Searcher
) -> tuple[str, int, set[str]]:
    """The query with a change and those that it still needs; how many articles it finds; its new terms."""
    terms = set(change.terms)
    meant = _changed(text, evidence.read(text), change)
    found = searcher.total(meant)
    for _ in range(1, _MOST_CHANGED):
        changes, lacking = evidence.likely(evidence.read(meant), terms) if found <= evidence.little else ([], False)
        if not changes or (not found and not lacking):
            break
        more = _changed(meant, evidence.read(meant), changes[0][1])
        total = searcher.total(more)
        if found and total < max(LEAST, TIMES_FOUND * found):
            break
        meant, found = more, total
        terms.update(changes[0][1].terms)
    return meant, found, terms


def _changed(text: str, words: Sequence[_Word], change: _Change) -> str:
    word = words[change.at]
    meant = " ".join(map(printed, change.terms))
    if word.text.isupper() and len(word.text) > 1:
        meant = meant.upper()
    elif word.text[0].isupper():
        meant = meant[0].upper() + meant[1:]
    return text[: word.span[0]] + meant + text[word.span[1] :]


class _Evidence:
    """What the index says of words and of their neighbours. In a query without marks words are folded terms."""

    def __init__(self, vocabulary: Vocabulary, little: int, marked: bool) -> None:
        self._vocabulary, self.little, self.marked = vocabulary, little, marked
        self._fields = EXACT if marked else FOLDED
        self._known: dict[tuple[tuple[str, str], str], int] = {}
        self._together: dict[tuple[str, str], int] = {}
        self._checks = self._postings = 0

    def exact(self, term: str) -> int:
        """How many articles have an exact term."""
        return self._articles(EXACT, term)

    def folded(self, term: str) -> int:
        """How many articles have a folded term."""
        return self._articles(FOLDED, term)

    def articles(self, term: str) -> int:
        """How many articles have a term of this query's kind."""
        return self._articles(self._fields, term)

    def _articles(self, fields: tuple[str, str], term: str) -> int:
        known = self._known.get((fields, term))
        if known is None:
            known = self._known[fields, term] = max(self._vocabulary.df(field, term) for field in fields)
        return known

    def pair(self, first: str, second: str) -> int:
        """At most so many articles have a folded term right before another; fewer where shingles share a code."""
        together = self._vocabulary.df("shingles", shingle(first, second))
        return min(together, self.folded(first), self.folded(second)) if together else 0

    def together(self, first: str, second: str) -> int:
        """How many articles have a term right before another."""
        known = self._together.get((first, second))
        if known is None:
            postings = min(self.articles(first), self.articles(second))
            phrase = Or(tuple(TermPhrase(field, (first, second)) for field in self._fields))
            known = self._together[first, second] = self._vocabulary.count(phrase) if postings else 0
            self._checks += postings > 0
            self._postings += postings
        return known

    @property
    def spent(self) -> bool:
        """Whether no more pairs should be counted."""
        return self._checks >= _MOST_CHECKS or self._postings >= _MOST_POSTINGS

    def read(self, text: str) -> list[_Word]:
        """The words of a query."""
        tokens = tokenize(text)
        return [
            _Word(word, span, exact, folded, exact if self.marked else folded)
            for word, span, exact, folded in zip(tokens.texts, spans(text), tokens.exact, tokens.folded, strict=True)
        ]

    def likely(self, words: Sequence[_Word], fixed: Container[str] = ()) -> tuple[list[tuple[float, _Change]], bool]:
        """The likeliest changes of one word with their weights, best first; whether the index lacks the word.

        Words whose terms are in `fixed` stay.
        """
        looked = [
            at for at, word in enumerate(words[:_MOST_WORDS]) if is_misspellable(word.folded) and word.term not in fixed
        ]
        lacking = [at for at in looked if self._lacks(words[at])]
        options = [option for at in lacking or looked for option in self._options(words, at, bool(lacking))]
        options.sort(key=lambda option: (-option.promise, option))
        found: list[tuple[float, _Change]] = []
        for option in options:
            if self.spent or (found and option.promise < found[0][0] - _CLOSE):
                break
            weight = self._weight(words, option, bool(lacking))
            if weight is not None:
                found.append((weight, option))
                found.sort(key=lambda pair: (-pair[0], pair[1]))
        return found, bool(lacking)

    def _lacks(self, word: _Word) -> bool:
        """Whether no article has the word as it is read, or next to none and it is no syllable.

        An unmarked word may stand for one with marks.
        """
        if has_marks(word.exact):
            return self.articles(word.term) <= (0 if is_syllable(word.exact) else self.little)
        return self.folded(word.folded) <= (0 if is_folded_syllable(word.folded) else self.little)

    def _options(self, words: Sequence[_Word], at: int, lacking: bool) -> list[_Change]:
        """What word number `at` may have been meant for, the most promising."""
        word = words[at]
        before = self._before(words, at)
        if before > self.little:
            return []
        least = max(1 if lacking else LEAST, TIMES * before)
        spellings = {word.folded: 0.0}
        for spelling, cost in near_spellings(word.folded).items():
            if lacking or is_folded_syllable(spelling):
                spellings[spelling] = cost + (0.0 if lacking or cost <= SOUND else _EXISTING)
        likely: list[tuple[float, str, float, int]] = []
        for spelling, cost in spellings.items():
            if self.folded(spelling) and (most := self._most(words, at, spelling, lacking)) >= least:
                likely.append((_COST * cost - math.log(most), spelling, cost, most))
        found = [
            _Change(at, (term,), cost + self._marks_cost(word, term), min(most, articles))
            for _, spelling, cost, most in sorted(likely)[:_SPELLINGS]
            for term in (marked_forms(spelling) if self.marked else (spelling,))
            if term != word.term and (articles := self.articles(term)) >= least
        ]
        found += self._splits(word, at)
        return sorted(found, key=lambda option: (-option.promise, option))[:_WEIGHED]

    def _most(self, words: Sequence[_Word], at: int, folded: str, lacking: bool) -> int:
        """The most articles that can speak for a folded term as word number `at`."""
        if len(words) == 1:
            return self.folded(folded)
        most = sum(self.pair(*pair) for pair in _with_neighbours([word.folded for word in words], at, (folded,)))
        return max(1, most) if lacking else most

    def _before(self, words: Sequence[_Word], at: int) -> int:
        """How many articles speak for word number `at` as it was typed."""
        term = words[at].term
        if len(words) == 1:
            return self.articles(term)
        return sum(self.together(*pair) for pair in _with_neighbours([word.term for word in words], at, (term,)))

    def _marks_cost(self, word: _Word, term: str) -> float:
        return marks_cost(word.exact, term) if self.marked else 0.0

    def _splits(self, word: _Word, at: int) -> Iterator[_Change]:
        """The word as two syllables that stand side by side somewhere; two syllables in one are no syllable."""
        if is_folded_syllable(word.folded) or self.articles(word.term) > self.little:
            return
        if not has_marks(word.exact) and len(word.text) < _JOINED_LETTERS:
            return
        for terms in halves(word.term):
            most = self.pair(*map(fold, terms)) if all(map(self.articles, terms)) else 0
            if most:
                yield _Change(at, terms, _SPACE, most)

    def _weight(self, words: Sequence[_Word], change: _Change, lacking: bool) -> float | None:
        """How likely a change is, as a logarithm; None if too little speaks for it."""
        typed = words[change.at]
        before = self._before(words, change.at)
        pairs = list(_with_neighbours([word.term for word in words], change.at, change.terms))
        articles = min(map(self.articles, change.terms))
        beside = sum(self.together(*pair) for pair in pairs) if pairs else articles
        may_be_right = not lacking or self._may_be_foreign(typed, change)
        if may_be_right and (beside < max(LEAST, TIMES * before) or not self._is_tied(pairs, typed, change, lacking)):
            return None
        if not may_be_right and not _looks_wrong(typed, change, beside, alone=not pairs):
            return None
        evidence = math.log(beside + _ALONE * articles) - math.log(1 + before)
        return evidence - _RARITY * math.log(articles) - _COST * change.cost

    def _may_be_foreign(self, typed: _Word, change: _Change) -> bool:
        """Whether a word that the index lacks may be right all the same: it has no marks, and is no obvious slip for
        another foreign word."""
        if has_marks(typed.exact):
            return False
        length = len(typed.text)
        obvious = length >= _FOREIGN_LETTERS or (length >= _FOREIGN_SLIP and change.cost <= SLIP_OF_THE_HAND)
        return not obvious or any(map(is_folded_syllable, map(fold, change.terms)))

    def _is_tied(self, pairs: Sequence[tuple[str, str]], typed: _Word, change: _Change, lacking: bool) -> bool:
        """Whether a changed word stands beside a neighbour oftener than by chance, enough for what the change costs."""
        if not pairs:
            return change.cost <= (LETTER if lacking and len(typed.text) >= _FOREIGN_SLIP else SOUND)
        tie = max(map(self._tie, pairs))
        if lacking and len(typed.text) < _SHORT:
            return tie >= 1 and is_folded_syllable(fold(change.terms[0]))
        if lacking and change.cost <= SLIP_OF_THE_HAND:
            return True
        return tie >= next(least for most, least in _TIES if change.cost <= most)

    def _tie(self, pair: tuple[str, str]) -> float:
        """In how many articles two terms stand side by side, where 1 is how many would have both by chance."""
        chance = self.articles(pair[0]) * self.articles(pair[1]) / max(1, self._vocabulary.articles())
        return self.together(*pair) / chance if chance else 0.0


def _looks_wrong(typed: _Word, change: _Change, beside: int, alone: bool) -> bool:
    """Whether a word with marks that the index lacks is a slip: a small collection lacks many a right syllable."""
    if not is_syllable(typed.exact):
        return change.cost <= LETTER or (beside > 0 and not alone)
    if change.cost > SOUND:
        return beside >= LEAST and not alone
    return beside >= (LEAST if alone else 1)


def _with_neighbours(terms: Sequence[str], at: int, instead: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The pairs that `instead` makes with the terms beside it, and within itself, in place of term number `at`."""
    row = [*terms[max(0, at - 1) : at], *instead, *terms[at + 1 : at + 2]]
    return pairwise(row)
