"""Text -> tokens: maximal runs of letters and digits with the combining marks that follow them.

Main type: `Tokens`. Invariants: a span slices the text it came from and gives the token's text; tokens do not overlap
and come in order; Han and Kana characters are tokens of their own; text is expected in NFC.
"""

import re
from functools import cache
from typing import NamedTuple

from searchvn.models import Span

# Dropped by the canonical form; as part of the token they do not cut a word in two: soft hyphen, zero-width characters,
# and what makes an emoji of a digit (variation selectors, the enclosing keycap).
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\u20e3\ufeff"

_HAN_KANA = "\u3005-\u3007\u3041-\u3096\u30a1-\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Letters, digits and nothing that needs the slow pattern: most Vietnamese paragraphs.
_PLAIN = re.compile(r"[^\W_]+")
_WORDS = re.compile(r"\w+")  # the same where no underscore stands, in half the time

# The fastest way to tokens: where only these letters and marks stand, marks become spaces and spaces cut.
_PUNCTUATION = "\u00a1\u00a7\u00ab\u00b0\u00b7\u00bb\u2010-\u2027\u2030-\u205e"
_ODD = re.compile(f"[^\x00-\x7f\u00a0\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff{_PUNCTUATION}]")
_MARKS = re.compile(f"[\x00-\x08\x0e-\x1b!-/:-@\\[-`{{-\x7f{_PUNCTUATION}]+")


@cache
def _not_plain() -> re.Pattern[str]:
    """What needs the slow pattern; compiled when a text is no plain one, as few queries and titles are not."""
    return re.compile("[^\x00-\xac\xae-\u02ff\u1e00-\u1eff\u200e-\u205f\u2070-\u20cf\u20f1-\u2bff]")


@cache
def _full_pattern() -> re.Pattern[str]:
    from searchvn.analysis.marks import COMBINING_MARKS  # a table that most texts never need

    tail = COMBINING_MARKS + INVISIBLE
    return re.compile(f"[{_HAN_KANA}][{tail}]*|(?:(?![{_HAN_KANA}])[^\\W_][{tail}]*)+")


def _pattern(text: str) -> re.Pattern[str]:
    if _not_plain().search(text):
        return _full_pattern()
    return _PLAIN if "_" in text else _WORDS


def split(text: str) -> list[str]:
    """The tokens of `text` as they stand there, without their places: the fast path of indexing.

    >>> split("Nghị quyết 15-NQ/TW")
    ['Nghị', 'quyết', '15', 'NQ', 'TW']
    """
    if not _ODD.search(text):
        return _MARKS.sub(" ", text).split()
    return _pattern(text).findall(text)


def spans(text: str) -> list[Span]:
    """Where the tokens of `text` stand, in the same order as `split` gives them."""
    return list(map(re.Match.span, _pattern(text).finditer(text)))


class Tokens(NamedTuple):
    """The tokens of one text in columns of equal length: text, exact term, folded term (or none of a kind)."""

    texts: list[str]
    exact: list[str]
    folded: list[str]
