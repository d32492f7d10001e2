"""Token -> exact term: one spelling for one Vietnamese syllable, marks kept.

Main name: `canonical`. Invariants: idempotent; never empty; two spellings meet only where they are the same word in
print (tone placement; i or y alone after h k l m s t v): Vy and vi, My and mi, Sy and si stay apart.
Sources: Quyết định 240/QĐ (Bộ Giáo dục, 1984) on i for y; Quyết định 1989/QĐ-BGDĐT (2018) on tone placement.
"""

from __future__ import annotations

import re
import unicodedata

from searchvn.analysis.syllables import INITIALS
from searchvn.analysis.tokens import INVISIBLE

MAX_TERM = 100  # code points; longer tokens are cut, so that no engine drops them silently

_TONE_MARKS = "\u0300\u0301\u0309\u0303\u0323"  # huyền, sắc, hỏi, ngã, nặng
_TONED = {unicodedata.normalize("NFC", v + t): (v, t) for v in "aăâeêioôơuưy" for t in _TONE_MARKS}
_VOWELS = frozenset("aăâeêioôơuưy") | frozenset(_TONED)
_QUALITY = "ăâêôơư"  # the vowel that carries the tone wherever it stands

_REMOVE_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_INVISIBLE = re.compile(f"[{INVISIBLE}]")

# hoà -> hòa, khoẻ -> khỏe, thuỷ -> thủy: the mark on the second vowel moves to the first.
_OPEN = {
    first + unicodedata.normalize("NFC", second + tone): unicodedata.normalize("NFC", first + tone) + second
    for first, second in ("oa", "oe", "uy")
    for tone in _TONE_MARKS
}
_TO_I = dict(zip("yỳýỷỹỵ", "iìíỉĩị", strict=True))
_QU_TAILS = frozenset(["", "t", "n", "nh", "ch", "p", "u"])


def canonical(token: str) -> str:
    """The exact term of a token (NFC): lower case, one tone placement, i for y where print uses either.

    >>> [canonical(word) for word in ("HOÀ", "uỷ", "qúy", "gía", "Kỷ", "Hoàng", "Vy")]
    ['hòa', 'ủy', 'quí', 'giá', 'kỉ', 'hoàng', 'vy']
    """
    term = token[:MAX_TERM].lower()[:MAX_TERM]  # İ becomes two code points
    if term.isascii():
        return _i_for_y(term)
    if _INVISIBLE.search(term):
        term = unicodedata.normalize("NFC", term.translate(_REMOVE_INVISIBLE)) or token
    term = term.replace("ð", "đ")  # eth: what old fonts and some keyboards give for đ
    return _i_for_y(_place_tone(term))


def _place_tone(term: str) -> str:
    """Moves the tone mark of an open oa, oe, uy to its first vowel, and off the u of qu and the i of gi."""
    if term[0] in "qg" and len(term) > 2 and term[1] in _TONED:
        base, tone = _TONED[term[1]]
        if term[0] + base in ("qu", "gi") and term[2] in _VOWELS:
            return term[0] + base + _with_tone(term[2:], tone)
    swapped = _OPEN.get(term[-2:])
    if swapped and term[:-2] != "q" and term[:-2] in INITIALS:
        return term[:-2] + swapped
    return term


def _with_tone(rime: str, tone: str) -> str:
    """`rime` with the tone on its marked vowel (the last one of ươ), else on its first; unchanged if it has a tone."""
    if any(letter in _TONED for letter in rime):
        return rime
    place = max((rime.rfind(letter) for letter in _QUALITY), default=-1)
    place = max(place, 0)
    return rime[:place] + unicodedata.normalize("NFC", rime[place] + tone) + rime[place + 1 :]


def _i_for_y(term: str) -> str:
    if len(term) == 2 and term[1] in _TO_I and term[0] in ("hklt" if term[1] == "y" else "hklmstv"):
        return term[0] + _TO_I[term[1]]
    if term.startswith("qu") and len(term) > 2 and term[2] in _TO_I and term[3:] in _QU_TAILS:
        return "qu" + _TO_I[term[2]] + term[3:]
    return term
