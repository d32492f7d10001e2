"""How does a vocabulary grow, and which words must come in so that a made corpus keeps up?

Main types: `Heaps`, a law of growth; `Growth`, which brings new words into a corpus that is being made. Invariant: the
words that `Growth` gives are new to the corpus or were given before, and are as many as the law lacks: the made
vocabulary is at the law, or above it where the corpus is richer by itself.

Source: Heaps, "Information Retrieval: computational and theoretical aspects" (1978): V = k * n^b different words in n.
The sources of new words are those that words standing once in 2017 news have (25,374 of 62,706 there): foreign names
.70, codes of letters and digits .13, numbers .05, slips of the keyboard and words run together .12. A word that came in
comes back: of five places four are copies of earlier ones, as in Simon's model (Biometrika 42, 1955), but of the last
2,000 only, as news has it. Without that limit the first of the new words stood 98,000 times in a million articles.
So a word gets .8 further places for each that it has, five in all on average, and .45 (e^-.8) of them stand once.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Sequence
from statistics import linear_regression
from typing import NamedTuple

from searchvn.analysis.lookup import exact_term

COPIES = 4  # places of words that came in before, to each new word
RECENT = 2_000  # places that are copied
TWICE = 0.15  # of new words stand twice in the article that brings them in
RARELY = 20  # syllables to each new word of an article, at least: a short beginning cannot obey a law of large numbers


class Heaps(NamedTuple):
    """`k` and `exponent` of V = k * n^exponent, both without a unit."""

    k: float
    exponent: float

    def vocabulary(self, tokens: int) -> float:
        """How many different words stand in so many."""
        return self.k * math.pow(tokens, self.exponent)


def fit(points: Sequence[tuple[float, float]]) -> Heaps:
    """The law through points, of words and different words for one, by least squares of their logarithms."""
    slope, intercept = linear_regression([math.log(n) for n, _ in points], [math.log(v) for _, v in points])
    return Heaps(math.exp(intercept), slope)


class Growth:
    """The words that an article must bring in. `heads` and `tails` are parts of foreign words; `known` never comes."""

    def __init__(
        self, law: Heaps, heads: Sequence[str], tails: Sequence[str], syllables: Sequence[str], known: frozenset[str]
    ) -> None:
        self._law, self._heads, self._tails, self._syllables = law, heads, tails, syllables
        self._known = known
        self._made: set[str] = set()
        self._places: deque[str] = deque(maxlen=RECENT)  # a word as often as it was given
        self._tokens = 0

    @property
    def tokens(self) -> int:
        """How many words the corpus has by now."""
        return self._tokens

    def words(self, tokens: int, others: int, dice: random.Random) -> list[str]:
        """What to put into an article of `tokens` words, given how many different `others` the corpus has with it."""
        self._tokens += tokens
        lacking = int(self._law.vocabulary(self._tokens) - others - len(self._made))
        given: list[str] = []
        for _ in range(min(lacking, tokens // RARELY)):
            word = self._new(dice)
            given += [word, word] if dice.random() < TWICE else [word]
            given += [dice.choice(self._places) for _ in range(COPIES if self._places else 0)]
            self._places.extend(given[-COPIES - 1 :])
        self._tokens += len(given)
        return given

    def _new(self, dice: random.Random) -> str:
        while True:
            word = self._candidate(dice)
            term = exact_term(word)
            if term not in self._known and term not in self._made:
                self._made.add(term)
                return word

    def _candidate(self, dice: random.Random) -> str:
        kind = dice.random()
        if kind < 0.70:
            return (dice.choice(self._heads) + dice.choice(self._tails)).capitalize()
        if kind < 0.83:
            letters = dice.choice(self._heads)[: dice.randint(1, 3)].upper()
            number = str(dice.randrange(10 ** dice.randint(1, 4)))
            return letters + number if dice.random() < 0.5 else number + letters.lower()
        if kind < 0.88:
            return str(dice.randrange(10 ** dice.randint(4, 9)))
        first, second = dice.choice(self._syllables), dice.choice(self._syllables)
        if kind < 0.94:
            return first + second
        at = dice.randrange(len(first))  # a letter missing, or typed twice
        return first[:at] + first[at + 1 :] + second[:1] if dice.random() < 0.5 else first[:at] + first[at] + first[at:]
