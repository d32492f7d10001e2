"""Vietnamese text in encodings older than Unicode -> Unicode: the tables.

Main names: `surface`, `convert`. Invariants: a table is applied to the *surface* of a text, what its bytes look like
when they are read as windows-1252, so raw bytes, and text that was misread and then saved as UTF-8, take the same way;
what a table does not hold stays as it stands.

Sources, each compared with the conversion tables of UniKey (data.cpp, 2002):
    TCVN3         TCVN 5712:1993, table VN3, as ABC's .VnTime fonts have it; glibc's charmap TCVN5712-1
    VNI           VNI-Windows (VNI Software, VNI-Times): a letter, then a byte for its mark; UniKey's VNI-WIN
    VISCII        RFC 1456; glibc's charmap VISCII
    windows-1258  Microsoft's code page as Python's cp1258 has it; tones are combining characters
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from functools import cache

# Name -> what people call it.
TITLES: dict[str, str] = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI", "viscii": "VISCII", "windows-1258": "Windows-1258"}
LEGACY: tuple[str, ...] = tuple(TITLES)
FONTS = ("tcvn3", "vni")  # encodings that only fonts knew of; to all programs their bytes were windows-1252
WESTERN = "windows-1252"  # can be named, is never recognised

# Rows of sixteen bytes, "_" where a table says nothing.
_TCVN3 = """
    _ĂÂÊÔƠƯĐăâêôơưđ_ _____àảãáạ_ằẳẵắ_ ______ặầẩẫấậè_ẻẽ
    éẹềểễếệìỉ___ĩíịò _ỏõóọồổỗốộờởỡớợù _ủũúụừửữứựỳỷỹýỵ_
"""
_VISCII = """
    ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ Õắằặấầẩậẽẹếềểễệố ồổỗỠƠộờởịỰỨỪỬơớƯ
    ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ ĐứÒÓÔạỷừửÙÚỹỵÝỡư àáâãảăữẫèéêẻìíĩỉ đựòóôõỏọụùúũủýợỮ
"""
_VISCII_CONTROLS = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}

# VNI: letter -> what its marks make of it; đ, the letters with i, ơ, ư and ỵ have a byte of their own.
_VNI_TONES = "ùøûõï"  # sắc, huyền, hỏi, ngã, nặng
_VNI = {
    "a" + _VNI_TONES + "âáàåãäêéèúüë": "áàảãạâấầẩẫậăắằẳẵặ",
    "e" + _VNI_TONES + "âáàåãä": "éèẻẽẹêếềểễệ",
    "o" + _VNI_TONES + "âáàåãä": "óòỏõọôốồổỗộ",
    "u" + _VNI_TONES: "úùủũụ",
    "y" + _VNI_TONES[:4]: "ýỳỷỹ",
    "ô" + _VNI_TONES: "ớờởỡợ",
    "ö" + _VNI_TONES: "ứừửữự",
}
_VNI_ALONE = dict(zip("ñíìæóòôöî", "đíìỉĩịơưỵ", strict=True))

# What PDF readers make of two letters and NFKC of a third, as in “n−íc” for “nước”; only beside a letter.
_FROM_PDF = {"−": "\xad", "∙": "·", "μ": "µ"}
_PDF = re.compile(r"(?<=[^\W\d_])[−∙]|[−∙](?=[^\W\d_])|μ")

# A line in capitals was set in a font of capitals (.VnTimeH): plain letters are capitals there, marked ones are not.
_IN_CAPITALS = re.compile(r"(?<![^\n>])(?=[^a-z\n<>]*[A-Z][^a-z\n<>]*[A-Z])[^a-z\n<>]++(?![^\n<])")


def surface(data: bytes) -> str:
    """Bytes as windows-1252 shows them; the five bytes that it lacks as control characters."""
    return codecs.charmap_decode(data, "strict", _SURFACE)[0]


def convert(text: str, name: str) -> str:
    """The Unicode text (NFC) whose surface in the legacy encoding `name` is `text`.

    >>> convert("Céng hoµ x· héi", "tcvn3"), convert("Coäng hoøa xaõ hoäi", "vni")
    ('Cộng hoà xã hội', 'Cộng hòa xã hội')
    """
    if name != "viscii" and _CONTROLS.search(text):
        text = text.translate(_QUOTES)
    return unicodedata.normalize("NFC", _converter(name)(text))


@cache
def _converter(name: str) -> Callable[[str], str]:
    if name == WESTERN:
        return str
    if name == "vni":
        return _from_vni
    if name == "tcvn3":
        table = _on_surface(dict(enumerate("".join(_TCVN3.split()), start=0xA0)))
        return lambda text: _in_capitals(_from_pdf(text).translate(table))
    if name == "viscii":
        table = _on_surface(dict(enumerate("".join(_VISCII.split()), start=0x80)) | _VISCII_CONTROLS)
    else:
        table = _on_surface({byte: bytes([byte]).decode("cp1258", "replace") for byte in range(0x80, 0x100)})
    return lambda text: text.translate(table)


def _on_surface(letters: dict[int, str]) -> dict[int, str]:
    """Byte -> letter as a table for `str.translate` that takes both what latin-1 and windows-1252 make of a byte."""
    known = {byte: letter for byte, letter in letters.items() if letter not in ("_", "\ufffd")}
    return known | {ord(shown): known[byte] for shown, byte in _BYTES.items() if byte in known}


def _from_vni(text: str) -> str:
    pattern, letters = _vni()
    return pattern.sub(lambda found: letters[found[0]], text)


@cache
def _vni() -> tuple[re.Pattern[str], dict[str, str]]:
    """Letters with a mark, and letters of one byte. The mark of a capital may be small: a first letter made capital."""
    letters = dict(_VNI_ALONE)
    for row, marked in _VNI.items():
        letters |= {row[0] + mark: to for mark, to in zip(row[1:], marked, strict=True)}
    capitals = {found.upper(): to.upper() for found, to in letters.items()}
    mixed = {found[0].upper() + found[1:]: to.upper() for found, to in letters.items()}
    letters |= capitals | mixed
    return re.compile("|".join(sorted(letters, key=len, reverse=True))), letters


def _from_pdf(text: str) -> str:
    if not any(sign in text for sign in _FROM_PDF):
        return text
    return _PDF.sub(lambda found: _FROM_PDF[found[0]], text)


def _in_capitals(text: str) -> str:
    return _IN_CAPITALS.sub(lambda found: found[0].upper(), text)


_SURFACE = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x100))
_BYTES: dict[str, int] = {chr(byte): byte for byte in range(0x80, 0x100)}
_BYTES |= {_SURFACE[byte]: byte for byte in range(0x80, 0xA0)}

# Quotation marks and dashes of windows-1252 that were misread as latin-1. In VISCII these bytes are letters.
_CONTROLS = re.compile("[\x80-\x9f]")
_QUOTES = {byte: _SURFACE[byte] for byte in range(0x80, 0xA0)}
