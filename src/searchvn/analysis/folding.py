"""Exact term -> folded term: no marks, no đ, other Latin letters in ASCII, other scripts as they are.

Main name: `fold`. Invariants: idempotent; never empty; never loses a letter (đ becomes d, not nothing).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_MARKS = re.compile("[\u0300-\u036f]")  # Latin, Greek and Cyrillic marks; vowel signs of other scripts are letters
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
