"""Exact term -> folded term: no marks, no đ, other Latin letters in ASCII, other scripts as they are.

Main names: `fold`, and `includes_marks`, which compares two exact terms of one folded term. Invariants of `fold`:
idempotent; never empty; never loses a letter (đ becomes d, not nothing).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_MARKS = re.compile("[\u0300-\u036f]")  # Latin, Greek and Cyrillic marks; vowel signs of other scripts are letters
_TONE_MARKS = "\u0300\u0301\u0309\u0303\u0323"  # huyền, sắc, hỏi, ngã, nặng
_STROKE = "\u0335"  # what makes a d of a đ; NFD leaves đ whole
_Y_ALONE = re.compile(r"[hklmstv]y")
_QUY = re.compile(r"quy(?:|t|n|nh|ch|p|u)")


def strip_marks(term: str) -> str:
    """`term` without combining marks and with d for đ; every other letter stays.

    >>> strip_marks("đường")
    'duong'
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFD", term)).replace("đ", "d").replace("Đ", "D")
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)


def fold(term: str) -> str:
    """The folded term of an exact term. Afterwards y and i alone, and quy and qui, are one (unaccented `my` is Mỹ).

    >>> [fold(word) for word in ("đổi", "mĩ", "my", "quýt", "œuvre", "Ω", "東")]
    ['doi', 'mi', 'mi', 'quit', 'oeuvre', 'ω', '東']
    """
    plain = term if term.isascii() else strip_marks(term)
    if not plain.isascii():
        plain = "".join(c if c.isascii() else _to_ascii(c) for c in plain)
    plain = plain.lower() or term
    if _Y_ALONE.fullmatch(plain) or _QUY.fullmatch(plain):
        return plain.replace("y", "i")
    return plain


@cache
def _to_ascii(character: str) -> str:
    """ASCII letters and digits for a Latin letter or a number sign; the character itself for everything else."""
    name = unicodedata.name(character, "")
    if "LATIN" not in name and unicodedata.category(character) != "No":
        return character
    from unidecode import unidecode  # 12 ms that most runs never need

    ascii_text = "".join(c for c in unidecode(character) if c.isalnum())
    return ascii_text or character


def has_marks(term: str) -> bool:
    """True when a Vietnamese mark, or any other Latin diacritic, stands in `term`."""
    return not term.isascii() and strip_marks(term) != term


def includes_marks(form: str, typed: str) -> bool:
    """True when `form` has all the marks of `typed` (both exact terms), so that `typed` may be `form` half typed.

    The letters without their marks must be equal; each mark of `typed` other than a tone (đ too) must be on the same
    letter of `form`; the tone of `typed`, on whichever letter, must be the tone of `form`.

    >>> [includes_marks(form, "phưong") for form in ("phương", "phượng", "phong", "phưong")]
    [True, True, False, True]
    >>> [includes_marks(form, "phưóng") for form in ("phướng", "phường", "phương")]
    [True, False, False]
    """
    if form == typed:
        return True
    letters, qualities, tones = _anatomy(form)
    typed_letters, typed_qualities, typed_tones = _anatomy(typed)
    return (
        letters == typed_letters
        and all(map(set.issuperset, qualities, typed_qualities))
        and all(typed_tones.count(tone) <= tones.count(tone) for tone in typed_tones)
    )


def _anatomy(term: str) -> tuple[str, list[set[str]], str]:
    """The letters of `term` without marks, the marks other than tones on each of them, and the tone marks in order."""
    letters, tones = "", ""
    qualities: list[set[str]] = []
    for character in unicodedata.normalize("NFD", term).replace("đ", "d" + _STROKE):
        if character in _TONE_MARKS:
            tones += character
        elif letters and not character.isascii() and _MARKS.match(character):
            qualities[-1].add(character)
        else:
            letters += character
            qualities.append(set())
    return letters, qualities, tones
