"""What people ask for, in classes, made from the words of a corpus or of a file of queries.

Main names: `CLASSES`, `requests`. Invariants: the same corpus and seed give the same requests;
all words of a request stand in one article (side by side in a phrase), so every request but NOT finds something.
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


def _side_by_side(article: Article, numbers: random.Random, length: int) -> tuple[str, ...]:
    """So many syllables of one line, in order."""
    lines = [words for line in article.body.split("\n") if len(words := split(line)) >= length]
    for _ in range(20 if lines else 0):
        words = numbers.choice(lines)
        start = numbers.randrange(len(words) - length + 1)
        found = tuple(map(exact_term, words[start : start + length]))
        if all(map(is_syllable, found)) and any(map(has_marks, found)):
            return found
    return ()


def _short(article: Article, numbers: random.Random) -> Request:
    return Request("short", _side_by_side(article, numbers, numbers.choice((2, 3))))


def _long(article: Article, numbers: random.Random) -> Request:
    words = tuple(map(exact_term, split(article.title)))[:MOST_LONG]
    return Request("long", words if len(words) > 3 and any(map(has_marks, words)) else ())


def _phrase(article: Article, numbers: random.Random) -> Request:
    return Request("phrase", _side_by_side(article, numbers, numbers.choice((2, 3))))


def _unaccented(article: Article, numbers: random.Random) -> Request:
    words = _side_by_side(article, numbers, numbers.choice((2, 3)))
    return Request("unaccented", tuple(map(strip_marks, words)))


def _boolean(article: Article, numbers: random.Random) -> Request:
    first, second = _short_words(article, numbers)
    return Request("boolean", (first, second) if first != second else (), numbers.choice(("AND", "OR", "NOT")))


def _short_words(article: Article, numbers: random.Random) -> tuple[str, str]:
    """Two marked syllables of an article, from anywhere in it."""
    words = [word for word in map(exact_term, split(article.body)) if has_marks(word) and is_syllable(word)]
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
    """`count` different requests of one class; fewer where the corpus is too small to hold so many."""
    numbers = random.Random(f"{kind} {seed}")
    found: dict[Request, None] = {}
    for _ in range(20 * count):
        request = CLASSES[kind](numbers.choice(articles), numbers)
        if request.words and all(request.words):
            found[request] = None
        if len(found) == count:
            break
    return list(found)


def typed(lines: Sequence[str], count: int, seed: int) -> list[Request]:
    """Queries that people typed, as requests for any of their words: a class of its own, "typed"."""
    chosen = random.Random(seed).sample(lines, min(count, len(lines)))
    found = (Request("typed", tuple(map(exact_term, split(line)))) for line in chosen)
    return [request for request in found if request.words]
