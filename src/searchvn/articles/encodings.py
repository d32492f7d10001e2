"""Bytes -> text in NFC with line feeds only, and the name of the encoding that they were in.

Main names: `decode`, `named_encoding`. Invariants: text that is Unicode already stays as it is; bytes that are neither
Unicode nor surely one legacy encoding are an `ArticleError`, never a guess.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from searchvn.articles.legacy import FONTS, LEGACY, convert, surface
from searchvn.articles.recognition import UNICODE_LETTERS, departure, recognise
from searchvn.errors import ArticleError, UsageError, grouped

# Putting marks in a row in canonical order takes Python's NFC the square of their number: half an hour for a megabyte.
# Here they are sorted before; the result is the same (UAX 15, canonical ordering; U+034F stops it).
_MANY_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]{100,}")
_LONG = 5_000  # code points; shorter texts take a fifth of a second at most

# Each encoding that can be named, and what else people and pages call it.
ENCODINGS: dict[str, tuple[str, ...]] = {
    "utf-8": ("utf8", "utf-8-sig"),
    "utf-16": ("utf16", "unicode", "ucs-2"),
    "utf-16-le": ("utf-16le", "utf16le"),
    "utf-16-be": ("utf-16be", "utf16be"),
    "utf-32": ("utf32", "ucs-4"),
    "utf-32-le": ("utf-32le", "utf32le"),
    "utf-32-be": ("utf-32be", "utf32be"),
    "tcvn3": ("abc", "tcvn", "tcvn-3", "tcvn5712", "tcvn-5712", "tcvn5712-1", "x-viet-tcvn", "x-viet-tcvn5712"),
    "vni": ("vni-windows", "vni-win", "vni-times", "x-viet-vni"),
    "viscii": ("x-viscii", "csviscii", "viscii1.1-1"),
    "windows-1258": ("cp1258", "cp-1258", "1258", "x-cp1258"),
    "windows-1252": ("cp1252", "cp-1252", "1252", "ansi", "latin1", "latin-1", "iso-8859-1", "iso8859-1", "us-ascii"),
}
AUTO = "auto"
_NAMES = {alias: name for name, aliases in ENCODINGS.items() for alias in (name, *aliases)}
_UNICODE = tuple(name for name in ENCODINGS if name.startswith("utf-"))

# UTF-32 first: its little-endian mark begins like UTF-16's.
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE_MARKS = MARKS[1:]

# What stands in no text: control characters (a form feed may), halves of pairs, private and other non-characters.
_NO_TEXT = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\uf8ff\ufff0-\uffff]")
_LATIN = re.compile("[\t-\r -\u024f\u0300-\u036f\u1e00-\u20cf]")
_LEAST_WIDE = 20  # code points of UTF-16 or UTF-32 without a mark
_LEAST_LATIN = 0.9  # of the first ...
_SAMPLE = 50_000  # ... code points, or bytes

# The letters of `UNICODE_LETTERS` in UTF-8.
_UTF8_LETTER = re.compile(
    rb"\xe1(?:\xba[\xa0-\xbf]|\xbb[\x80-\xb9])|\xc4[\x82\x83\x90\x91\xa8\xa9]|\xc5[\xa8\xa9]|\xc6[\xa0\xa1\xaf\xb0]"
)
_ESCAPED = re.compile("[\udc80-\udcff]")  # bytes that are not UTF-8, as surrogateescape shows them
_LEAST_ESCAPED = 8  # fewer are damage, not an encoding
_BEGINNING = 2_000  # code points of a file in two encodings that tell the first one
_SPLIT_IT = "tách tệp làm hai, hoặc chuyển cả tệp sang UTF-8"


class Decoded(NamedTuple):
    """A text and the encoding (a key of `ENCODINGS`) that it was in: the legacy one when it was in two layers."""

    text: str
    encoding: str


class Form(NamedTuple):
    """What a kind of file needs: to spell its letters out, to leave only its words, to read what it says it is in."""

    spelled: Callable[[str], str]
    words: Callable[[str], str]
    declared: Callable[[bytes], str]


PLAIN = Form(str, str, lambda data: "")


def encoding_name(name: str | None) -> str | None:
    """The one name of an encoding; None for `auto` and None. Raises `UsageError` for one that is not known.

    >>> encoding_name("ABC"), encoding_name("CP1258"), encoding_name("auto")
    ('tcvn3', 'windows-1258', None)
    """
    wanted = (name or AUTO).strip().lower().replace("_", "-")
    if wanted == AUTO:
        return None
    if wanted not in _NAMES:
        near = get_close_matches(wanted, [AUTO, *ENCODINGS], 1) or get_close_matches(wanted, _NAMES, 1)
        known = f"có {', '.join((AUTO, *ENCODINGS))}"
        raise UsageError(
            f"không có bảng mã “{name}”", f"gần giống: {_NAMES.get(near[0], AUTO)}; {known}" if near else known
        )
    return _NAMES[wanted]


def named_encoding(name: str | None, paths: Sequence[str]) -> str | None:
    """What files below `paths` are said to be in, as `encoding_name` gives it.

    Raises `UsageError` for a name without paths as well: hardly all that was ever indexed is meant.
    """
    encoding = encoding_name(name)
    if encoding and not paths:
        hint = f"nêu rõ: searchvn index THƯ-MỤC --encoding {encoding}"
        raise UsageError(f"chưa nói thư mục hoặc tệp nào dùng bảng mã {encoding}", hint)
    return encoding


def declared_name(name: str) -> str | None:
    """The encoding that a page means by `name`; None for one that is not known, or tells nothing (x-user-defined)."""
    return _NAMES.get(name.strip().lower().replace("_", "-"))


def decode(data: bytes, encoding: str | None = None, form: Form = PLAIN) -> Decoded:
    """The text of `data` as NFC, without a byte order mark, line ends as `\\n`, and what it was in.

    `encoding` (a key of `ENCODINGS`) says so instead of the bytes; where it is a legacy one, text that is Unicode
    Vietnamese already stays as it is. Raises `ArticleError`: with the offset of the first bad byte, with the line where
    a second encoding begins, or when the data look binary (a NUL character).

    >>> decode(b"\\xef\\xbb\\xbfho\\xc3\\xa0\\r\\n")
    Decoded(text='hoà\\n', encoding='utf-8')
    """
    if encoding in _UNICODE:
        text = _strictly(data, encoding, "xem lại --encoding")
        if "\0" in text:
            raise ArticleError(f"có ký tự NUL: không phải {encoding.upper()}, hoặc là tệp nhị phân")
        return Decoded(tidy(text), encoding)
    try:
        text, found = _as_unicode(data)
    except _NotUtf8Error as error:
        return _from_legacy(data, encoding, form, error)
    return _mended(tidy(text), found, encoding, form)


def tidy(text: str) -> str:
    """NFC, line ends as `\\n`; nothing else changes.

    >>> tidy("ho" + "a\\u0300" + "\\r")
    'hoà\\n'
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > _LONG:
        data = text.encode("utf-8", "surrogatepass")  # counting bytes is faster than looking for letters
        if data.count(b"\xcc") + data.count(b"\xcd") > _LONG:
            text = _MANY_MARKS.sub(lambda marks: "".join(sorted(marks.group(), key=unicodedata.combining)), text)
    return unicodedata.normalize("NFC", text)


def mended_text(text: str) -> Decoded:
    """A text that a library took out of a document, as `decode` gives it: the surface of an old font is recognised.

    >>> mended_text("Ho" + "a\\u0300")
    Decoded(text='Hoà', encoding='utf-8')
    """
    return _mended(tidy(text), "utf-8", None, PLAIN)


def not_utf8(start: int, where: str = "") -> str:
    """The reason for bytes that are nothing known, of which the one at `start` is not UTF-8."""
    return (
        f"không phải UTF-8 hợp lệ (byte thứ {grouped(start)}{where}), cũng không rõ là bảng mã nào; "
        "nếu biết, nêu tên bằng --encoding, hoặc chuyển sang UTF-8"
    )


def two_encodings(data: bytes, bad: int) -> str | None:
    """The reason not to read bytes that are in UTF-8 here and in something else there; None for all others.

    `bad` is the offset of the first byte that is not UTF-8. Bytes of a legacy encoding do not make a letter that only
    Unicode has by chance: in 36,000 articles none did.
    """
    letter = _UTF8_LETTER.search(data)
    if letter is None:
        return None
    line = grouped(data.count(b"\n", 0, max(bad, letter.start())) + 1)
    if letter.start() > bad:
        return f"tệp có hai bảng mã: từ dòng {line} là UTF-8, trước đó thì không; {_SPLIT_IT}"
    rest = data[bad : bad + _SAMPLE].decode("utf-8", "surrogateescape")
    if len(_ESCAPED.findall(rest)) < _LEAST_ESCAPED:
        return f"không phải UTF-8 hợp lệ (byte thứ {grouped(bad)}, dòng {line}); sửa chỗ ấy rồi chạy lại"
    return f"tệp có hai bảng mã: từ dòng {line} không còn là UTF-8; {_SPLIT_IT}"


class _NotUtf8Error(Exception):
    """Bytes without a mark and without NUL that are not UTF-8; `start` is the offset of the first bad one."""

    def __init__(self, start: int) -> None:
        super().__init__()
        self.start = start


def _as_unicode(data: bytes) -> tuple[str, str]:
    """The text of bytes that are Unicode, by their mark, by their NULs or because they are UTF-8, and which form."""
    if marked := next((name for mark, name in MARKS if data.startswith(mark)), None):
        text = _strictly(data, marked, "chuyển tệp sang UTF-8 rồi chạy lại")
        if "\0" in text:
            raise ArticleError("có ký tự NUL: đây là tệp nhị phân, không phải văn bản")
        return text, marked
    if b"\0" in data:
        for _, name in WIDE_MARKS:
            try:
                text = data.decode(name)
            except UnicodeDecodeError:
                continue
            if _reads_as_text(text):
                return text, name
        raise ArticleError("có ký tự NUL: đây là tệp nhị phân, không phải văn bản")
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError as error:
        raise _NotUtf8Error(error.start) from error


def _strictly(data: bytes, name: str, hint: str) -> str:
    marks = [(mark, is_in) for mark, is_in in MARKS if is_in.startswith(name) and data.startswith(mark)]
    mark, name = marks[0] if marks else (b"", name)
    try:
        return data[len(mark) :].decode(name)
    except UnicodeDecodeError as error:
        place = grouped(len(mark) + error.start)
        raise ArticleError(f"không phải {name.upper()} hợp lệ (byte thứ {place}); {hint}") from error


def _reads_as_text(text: str) -> bool:
    if len(text) < _LEAST_WIDE or _NO_TEXT.search(text):
        return False
    sample = text[:_SAMPLE]
    return len(_LATIN.findall(sample)) >= _LEAST_LATIN * len(sample)


def _from_legacy(data: bytes, encoding: str | None, form: Form, error: _NotUtf8Error) -> Decoded:
    """Bytes that are not Unicode, in the encoding that is given, recognised, or declared by the page itself."""
    if reason := two_encodings(data, error.start):
        raise ArticleError(reason) from error
    text = surface(data)
    spelled = form.spelled(text)
    if encoding is None:
        words = form.words(spelled)
        encoding = recognise(words)
        if begins_in := encoding or recognise(words[:_BEGINNING]):
            converted = convert(words, begins_in)
            if (place := departure(converted)) is not None:
                turn = f"đầu tệp là {begins_in.upper()}, từ khoảng dòng {_line(converted, place)} thì không"
                raise ArticleError(f"tệp có hai bảng mã: {turn}; {_SPLIT_IT}") from error
    if encoding is None:
        declared = form.declared(data)
        encoding = declared_name(declared)
        if encoding is None or encoding in _UNICODE:
            where = f", trang khai là {declared}" if declared else ""
            raise ArticleError(not_utf8(error.start, where)) from error
    # `&igrave;` is a byte of a font where the font makes the encoding, and the letter ì in a real one.
    return Decoded(tidy(convert(spelled if encoding in FONTS else text, encoding)), encoding)


def _mended(text: str, found: str, encoding: str | None, form: Form) -> Decoded:
    """Unicode text, which may be the surface of a legacy encoding: what came of misreading and saving it again."""
    if (text.isascii() and form is PLAIN) or UNICODE_LETTERS.search(text):
        return Decoded(text, found)
    spelled = form.spelled(text)
    if spelled.isascii() or UNICODE_LETTERS.search(spelled):
        return Decoded(text, found)
    if encoding is not None:
        return Decoded(tidy(convert(spelled, encoding)), encoding) if encoding in LEGACY else Decoded(text, found)
    legacy = recognise(form.words(spelled))
    if legacy is None:
        return Decoded(text, found)
    converted = convert(spelled, legacy)
    if departure(form.words(converted)) is not None:  # in two encodings: no reading of the whole is right
        return Decoded(text, found)
    return Decoded(tidy(converted), legacy)


def _line(text: str, place: int) -> str:
    return grouped(text.count("\n", 0, place) + 1)
