"""What people ask for, in classes, made from the words of a corpus or of a file of queries.

Main names: `CLASSES`, `requests`. Invariants: the same corpus and seed give the same requests;
all words of a request stand in one article (side by side in a phrase), in the spelling that it has there (`kỹ`, `hoà`),
so every request but NOT finds something, whether or not a peer knows that words are spelled in two ways.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from peers.base import Request
from searchvn.analysis.folding import has_marks, strip_marks
from searchvn.analysis.lookup import exact_term
from searchvn.analysis.syllables import is_syllable
from searchvn.analysis.tokens import split
from searchvn.models import Article

MOST_LONG = 25  # words of a headline
MOST_MISSED = 1_000  # draws in a row that give nothing new: then there is hardly more


def _side_by_side(article: Article, numbers: random.Random, length: int) -> tuple[str, ...]:
    """So many syllables of one line, in order."""
    lines = [words for line in article.body.split("\n") if len(words := split(line)) >= length]
    for _ in range(20 if lines else 0):
        words = numbers.choice(lines)
        start = numbers.randrange(len(words) - length + 1)
        found = tuple(map(str.lower, words[start : start + length]))
        if all(map(_is_syllable, found)) and any(map(has_marks, found)):
            return found
    return ()


def _is_syllable(word: str) -> bool:
    return is_syllable(exact_term(word))


def _short(article: Article, numbers: random.Random) -> Request:
    return Request("short", _side_by_side(article, numbers, numbers.choice((2, 3))))


def _long(article: Article, numbers: random.Random) -> Request:
    words = tuple(map(str.lower, split(article.title)))[:MOST_LONG]
    return Request("long", words if len(words) > 3 and any(map(has_marks, words)) else ())


def _phrase(article: Article, numbers: random.Random) -> Request:
    return Request("phrase", _side_by_side(article, numbers, numbers.choice((2, 3))))


def _unaccented(article: Article, numbers: random.Random) -> Request:
    words = _side_by_side(article, numbers, numbers.choice((2, 3)))
    return Request("unaccented", tuple(map(strip_marks, words)))


def _boolean(article: Article, numbers: random.Random) -> Request:
    first, second = _short_words(article, numbers)
    words = (first, second) if exact_term(first) != exact_term(second) else ()
    return Request("boolean", words, numbers.choice(("AND", "OR", "NOT")))


def _short_words(article: Article, numbers: random.Random) -> tuple[str, str]:
    """Two marked syllables of an article, from anywhere in it."""
    words = [word for word in map(str.lower, split(article.body)) if has_marks(word) and _is_syllable(word)]
    return (numbers.choice(words), numbers.choice(words)) if words else ("", "")


def _prefix(article: Article, numbers: random.Random) -> Request:
    word, _ = _short_words(article, numbers)
    return Request("prefix", (word[: numbers.choice((2, 3))],) if len(word) > 3 else ())


def _dates(article: Article, numbers: random.Random) -> Request:
    words = _side_by_side(article, numbers, 2)
    year = int((article.published or "0")[:4])
    # The year of the article, or half of it: dates of days mean little beside words.
    half = numbers.choice(((101, 1231), (101, 630), (701, 1231)))
    return Request("dates", words if year else (), first=year * 10000 + half[0], last=year * 10000 + half[1])


def _newest(article: Article, numbers: random.Random) -> Request:
    return Request("newest", _side_by_side(article, numbers, 2))


CLASSES: dict[str, Callable[[Article, random.Random], Request]] = {
    "short": _short,
    "long": _long,
    "phrase": _phrase,
    "unaccented": _unaccented,
    "boolean": _boolean,
    "prefix": _prefix,
    "dates": _dates,
    "newest": _newest,
}


def requests(articles: Sequence[Article], kind: str, count: int, seed: int) -> list[Request]:
    """`count` different requests of one class, in no order; fewer where the corpus is too small to hold so many."""
    numbers = random.Random(f"{kind} {seed}")
    found: dict[Request, None] = {}
    missed = 0
    while len(found) < count and missed < MOST_MISSED:
        request = CLASSES[kind](numbers.choice(articles), numbers)
        if request.words and all(request.words) and request not in found:
            found[request], missed = None, 0
        else:
            missed += 1
    made = list(found)
    numbers.shuffle(made)  # frequent words are met first, and any part of the requests must be like any other
    return made


def typed(lines: Sequence[str], count: int, seed: int) -> list[Request]:
    """Different queries that people typed, as requests for any of their words: a class of its own, "typed"."""
    found = dict.fromkeys(Request("typed", tuple(map(str.lower, split(line)))) for line in lines)
    made = [request for request in found if request.words]
    random.Random(seed).shuffle(made)
    return made[:count]
