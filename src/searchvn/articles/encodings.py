"""Bytes -> text: UTF-8, or what a byte order mark says, in NFC with line feeds only.

Main name: `decode`. Invariant: never guesses: bytes that are not valid in the encoding are an `ArticleError`.
"""

from __future__ import annotations

import codecs
import unicodedata

from searchvn.errors import ArticleError

# UTF-32 first: its little-endian mark begins like UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes) -> str:
    """The text of `data` as NFC, without a byte order mark, line ends as `\\n`.

    Raises `ArticleError` with the offset of the first bad byte, or when the data look binary (a NUL character).

    >>> decode(b"\\xef\\xbb\\xbfho\\xc3\\xa0\\r\\n")
    'hoà\\n'
    """
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        place = f"{len(mark) + error.start:,}".replace(",", ".")
        raise ArticleError(
            f"không phải {encoding.upper()} hợp lệ (byte thứ {place}); chuyển tệp sang UTF-8 rồi chạy lại"
        ) from error
    if "\0" in text:
        raise ArticleError("có ký tự NUL: đây là tệp nhị phân, không phải văn bản")
    return tidy(text)


def tidy(text: str) -> str:
    """NFC, line ends as `\\n`; nothing else changes.

    >>> tidy("ho" + "a\\u0300" + "\\r")
    'hoà\\n'
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)
