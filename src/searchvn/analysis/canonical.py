"""Token -> exact term: one spelling for one Vietnamese syllable, marks kept.

Main name: `canonical`. Invariants: idempotent; never empty; two spellings meet only where they are the same word in
print (place of the tone mark; i or y alone after h k l m s t v; compatibility letters): Vy and vi, My and mi, Sy and si
stay apart, and no mark is added, exchanged or taken off (one that is typed twice counts once).
Sources: Quyết định 240/QĐ (Bộ Giáo dục, 1984) on i for y; Quyết định 1989/QĐ-BGDĐT (2018) on tone placement; Unicode
Standard Annex 15 on compatibility (NFKC).
"""

from __future__ import annotations

import re
import unicodedata

from searchvn.analysis.syllables import is_syllable
from searchvn.analysis.tokens import INVISIBLE, split

MAX_TERM = 100  # code points; longer tokens are cut, so that no engine drops them silently

_TONE_MARKS = "\u0300\u0301\u0309\u0303\u0323"  # huyền, sắc, hỏi, ngã, nặng
_COMPOSED = {(v, t): unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưy" for t in _TONE_MARKS}
_TONED = {letter: pair for pair, letter in _COMPOSED.items()}
_TONED.update((tone, ("", tone)) for tone in _TONE_MARKS)  # a mark that composes with nothing: after the g of hoang
_LONGEST = len("nghiêng") + 1  # a syllable, and a tone mark that is a character of its own

_INVISIBLE = frozenset(INVISIBLE)
_FRACTION_SLASH = "\u2044"
_MARKS = "\u0302\u0306\u031b" + _TONE_MARKS  # in the order in which NFC composes all of them
_LOOSE = frozenset(_MARKS)

_TO_I = dict(zip("yỳýỷỹỵ", "iìíỉĩị", strict=True))
_QU_TAILS = frozenset(["", "t", "n", "nh", "ch", "p", "u"])


def canonical(token: str) -> str:
    """The exact term of a token (NFC): lower case, one place for the tone mark, i for y where print uses either.

    >>> [canonical(word) for word in ("HOÀ", "uỷ", "qúy", "gía", "tóan", "Kỷ", "Hoàng", "Vy")]
    ['hòa', 'ủy', 'quí', 'giá', 'toán', 'kỉ', 'hoàng', 'vy']
    >>> [canonical(word) for word in ("Ｔｉｎ", "Ⅻ", "m²")]
    ['tin', 'xii', 'm2']
    """
    term = token[:MAX_TERM].lower()[:MAX_TERM]  # İ becomes two code points
    if term.isascii():
        return _i_for_y(term)
    if is_syllable(term):  # most marked words of an article end here
        return term
    term = _i_for_y(_usual_letters(term) or token)
    return term if term.isascii() or len(term) > _LONGEST else _move_tone(term)


def _usual_letters(term: str) -> str:
    """`term` without invisible characters, in the letters that print uses for it; NFC."""
    if not _INVISIBLE.isdisjoint(term):
        term = unicodedata.normalize("NFC", "".join([c for c in term if c not in _INVISIBLE]))
    if not unicodedata.is_normalized("NFKC", term):
        term = unicodedata.normalize("NFC", "".join(map(_compatible, term)).lower())[:MAX_TERM]
    term = term.replace("ð", "đ").replace("ɖ", "đ")  # eth and African d: what old fonts and some keyboards give for đ
    return term if _LOOSE.isdisjoint(term) else re.sub(f"[^\\W\\d_][{_MARKS}]+", _compose, term)


def _compatible(character: str) -> str:
    """The letters and digits that NFKC gives for a letter or digit (full-width, mathematical, ligature, circled ...).

    Others stay as they are: fractions (½ is not 12); Han and Kana, for each would be a token of its own; what begins
    with a mark (the Thai letter am).
    """
    found = unicodedata.normalize("NFKC", character)
    if _FRACTION_SLASH in found:
        return character
    found = "".join(c for c in found if c.isalnum() or unicodedata.category(c)[0] == "M")
    stays_in_its_token = found[:1].isalnum() and split("a" + found) == ["a" + found]
    return found if character.isalnum() and stays_in_its_token else character


def _compose(match: re.Match[str]) -> str:
    """A letter with marks that NFC leaves apart as one letter: the tone typed before ^ or breve, a mark typed twice."""
    parts = unicodedata.normalize("NFD", match.group())
    letter, marks = parts[0], parts[1:]
    composed = unicodedata.normalize("NFC", letter + "".join(mark for mark in _MARKS if mark in marks))
    return composed if letter in "aeiouy" and set(marks) <= set(_MARKS) and len(composed) == 1 else match.group()


def _move_tone(term: str) -> str:
    """`term` with its one tone mark on the one letter that makes a legal syllable of it, if there is such a letter.

    Nothing but the place of the mark changes, so a foreign word becomes a Vietnamese one only where it has all the
    letters and marks of one (Italian più).
    """
    toned = [letter for letter in term if letter in _TONED]
    if len(toned) != 1:
        return term
    letter, tone = _TONED[toned[0]]
    plain = unicodedata.normalize("NFC", term.replace(toned[0], letter))
    places = (
        _i_for_y(plain[:at] + _COMPOSED[letter, tone] + plain[at + 1 :])
        for at, letter in enumerate(plain)
        if (letter, tone) in _COMPOSED
    )
    legal = set(filter(is_syllable, places))
    return legal.pop() if len(legal) == 1 else term


def _i_for_y(term: str) -> str:
    if len(term) == 2 and term[1] in _TO_I and term[0] in ("hklt" if term[1] == "y" else "hklmstv"):
        return term[0] + _TO_I[term[1]]
    if term.startswith("qu") and len(term) > 2 and term[2] in _TO_I and term[3:] in _QU_TAILS:
        return "qu" + _TO_I[term[2]] + term[3:]
    return term
