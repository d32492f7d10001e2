"""Which legacy encoding is a text in, if any? Judged by how many of its marked words are Vietnamese syllables then.

Main names: `recognise`, `mended`. Invariants: a wrong guess is worse than none, so nothing is said unless many words
are legal, nearly all marked ones are, and no other table comes near; a text with a letter that only Unicode has for
Vietnamese is never judged.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from searchvn.analysis.canonical import canonical
from searchvn.analysis.syllables import is_syllable
from searchvn.articles.legacy import LEGACY, convert

# Letters that no surface of a legacy encoding has: in Vietnamese text one stands in every other word.
UNICODE_LETTERS = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")

_PIECES, _PIECE = 16, 500  # of the text that are judged, and code points in each: about 1,500 words
_LEAST_HIGH = 0.03  # of the sample is not ASCII
# Of 1,500 articles that were decoded rightly the worst has a share of .93, the best rival .74 as many legal words; of
# 18,000 texts in other languages, and programs, none with six legal words or more has a share above .62.
_LEAST_KINDS = 8  # different legal words
_LEAST_SHARE = 0.9  # of the marked words, and of the different ones, are legal
_MOST_OF_A_RIVAL = 0.8  # legal words by another table, as a share of the best one's
_STRETCH = 40  # marked words that follow each other; of one encoding, nearly all are legal ...
_LEAST_OF_A_STRETCH = 0.6  # ... and of another one few are

_LONGEST = len("nghiêng")
_HIGH = re.compile("[\x80-\x9f\xa1-\xff]")
# Words as a table leaves them: letters, tone marks that found no letter, and signs that are punctuation in no table.
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f\x80-\x9f¡-ª¬-¶¸-º¼-¿×÷])+")


def recognise(text: str) -> str | None:
    """The legacy encoding whose surface (see `articles.legacy`) `text` is, or None."""
    if text.isascii() or UNICODE_LETTERS.search(text):
        return None
    sample = _sample(text)
    if len(_HIGH.findall(sample)) < _LEAST_HIGH * len(sample):
        return None
    readings = {name: convert(sample, name) for name in LEGACY}
    counts = {reading: _legal_words(reading) for reading in {sample, *readings.values()}}
    best = max(counts, key=lambda reading: counts[reading][0])
    legal, share, kinds = counts.pop(best)
    rival = max((count for count, _, _ in counts.values()), default=0)
    if best == sample or kinds < _LEAST_KINDS or share < _LEAST_SHARE or rival > _MOST_OF_A_RIVAL * legal:
        return None
    return next(name for name, reading in readings.items() if reading == best)


def mended(text: str, name: str) -> str:
    """`text` converted from the legacy encoding `name`, unless it is Unicode Vietnamese or reads no better then."""
    if text.isascii() or UNICODE_LETTERS.search(text):
        return text
    sample = _sample(text)
    return convert(text, name) if _legal_words(convert(sample, name))[0] > _legal_words(sample)[0] else text


def departure(text: str) -> int | None:
    """Where converted text stops being Vietnamese: the place of the first stretch of words few of which are legal."""
    seen = legal = start = 0
    for found in _WORD.finditer(text):
        word = found[0]
        if word.isascii() or len(word) == 1:
            continue
        if not seen:
            start = found.start()
        seen += 1
        legal += _is_legal(word)
        if seen == _STRETCH:
            if legal < _LEAST_OF_A_STRETCH * _STRETCH:
                return start
            seen = legal = 0
    return None


def _sample(text: str) -> str:
    """Pieces of the text that begin with a word that is not ASCII: the rest tells nothing."""
    pieces: list[str] = []
    place = 0
    while len(pieces) < _PIECES and (found := _HIGH.search(text, place)):
        start = max(text.rfind(" ", place, found.start()), text.rfind("\n", place, found.start()), place - 1) + 1
        start = max(start, found.start() - _PIECE)
        end = text.find(" ", start + _PIECE, start + 2 * _PIECE)
        place = end if end > 0 else min(start + 2 * _PIECE, len(text))
        pieces.append(text[start:place])
    return "\n".join(pieces)


def _legal_words(text: str) -> tuple[int, float, int]:
    """Of the marked words of two letters or more: how many are legal, their share, and how many different ones.

    The share is of the words or of the different ones, whichever is less.
    """
    words = Counter(word for word in _WORD.findall(text) if not word.isascii() and len(word) > 1)
    legal = [word for word in words if _is_legal(word)]
    count = sum(words[word] for word in legal)
    return count, min(count / max(1, words.total()), len(legal) / max(1, len(words))), len(legal)


@lru_cache(20_000)
def _is_legal(word: str) -> bool:
    return len(word) <= _LONGEST and is_syllable(canonical(word))
