"""Unicode -> legacy encodings, for measuring and testing only: the inverse of the tables in `articles.legacy`.

Main name: `written`. Invariant: what the encoding has no byte for becomes a question mark, in the bytes and in the text
that is expected back.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from searchvn.articles.legacy import LEGACY, convert, surface

VIETNAMESE = unicodedata.normalize(
    "NFC",
    "".join(
        case(letter + tone)
        for letter in ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "đ"]
        for tone in (["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"] if letter != "đ" else [""])
        for case in (str, str.upper)
    ),
)
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def written(text: str, name: str) -> tuple[bytes, str]:
    """`text` (NFC) in a legacy encoding, and what it must become again."""
    letters = _letters(name)
    known = "".join(character if character in letters else "?" for character in text)
    data = b"".join(letters[character] for character in known)
    return data, known.lower() if name == "tcvn3" else known  # TCVN3 has no capital letters with tones


@cache
def _letters(name: str) -> dict[str, bytes]:
    """Character -> its bytes."""
    assert name in LEGACY
    found = {chr(code): bytes([code]) for code in (9, 10, 13, *range(0x20, 0x7F))}
    for letter in VIETNAMESE:
        if letter.isascii():
            continue
        for data in _candidates(letter, name):
            if convert(surface(data), name) == letter:
                found.setdefault(letter, data)
    for code in range(0x80, 0xC0):  # quotation marks, dashes, signs: where the encoding leaves windows-1252 as it is
        sign = surface(bytes([code]))
        if sign.isprintable() and convert(sign, name) == sign and not sign.isalpha():
            found.setdefault(sign, bytes([code]))
    if name == "tcvn3":
        found |= {letter: found[letter.lower()] for letter in VIETNAMESE if letter not in found}
    return found


def _candidates(letter: str, name: str) -> list[bytes]:
    """Bytes that may be the letter, the usual ones first."""
    single = [bytes([code]) for code in (*range(0x20), *range(0x80, 0x100)) if name != "tcvn3" or code not in _UNUSED]
    if name == "windows-1258":
        tone = next((mark for mark in unicodedata.normalize("NFD", letter) if mark in _TONES), "")
        base = unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter).replace(tone, "")) if tone else letter
        return [letter.encode("cp1258", "replace"), (base + tone).encode("cp1258", "replace")]
    if name == "vni":
        bases = [base.encode("latin-1") for base in ("aeouyôö" if letter.islower() else "AEOUYÔÖ")]
        marks = range(0xE0, 0x100) if letter.islower() else range(0xC0, 0xE0)
        return [*(base + bytes([mark]) for base in bases for mark in marks), *single]
    return single


_UNUSED = bytes.fromhex("c0c1c2c3c4c5cdd9dadbe0f0ff")  # of TCVN3: they stay what windows-1252 makes of them
