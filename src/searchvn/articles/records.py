"""JSON Lines -> articles: one record a line.

Main name: `read_records`. Invariants: a broken line is reported with its number and stops nothing; a legacy encoding is
told of each record by itself; a stream is read once from its beginning to its end, so it may be a pipe.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from io import BufferedIOBase, BufferedReader, RawIOBase, TextIOWrapper
from itertools import chain
from math import isfinite
from typing import BinaryIO, cast

from searchvn.articles.encodings import WIDE_MARKS, not_utf8, two_encodings
from searchvn.articles.legacy import LEGACY, WESTERN, convert, surface
from searchvn.articles.mapping import Record, article_of, field_of, named, texts_of
from searchvn.articles.recognition import departure, mended, recognise
from searchvn.errors import ArticleError
from searchvn.reports import Extraction, Skipped

MAX_RECORD = 16_000_000  # bytes of one record; as Python's objects they may take thirty times as much
MAX_DEPTH = 100  # of lists and objects in each other; Python gives up at some hundreds, here or where it is written

_IN_ASCII = ("record_id", "url")  # whatever the encoding
_BLOCK = 1 << 16


def read_records(
    stream: BinaryIO,
    file: str,
    path: str,
    *,
    encoding: str | None = None,
    by_content: bool = False,
) -> Iterator[Extraction | Skipped]:
    """The articles of a stream of JSON Lines in file `file` (its key), which stands at `path`; empty for stdin.

    A record without an id is named by its line number, or `by_content`. Of two records with one id the second is
    reported and named likewise. `encoding`: see `formats.read_file`. Raises `ArticleError` before giving any article.
    """
    whole, form = with_form(stream, encoding)
    yield from named(_records(whole, form, path or file, encoding), file, path, by_content=by_content)


def with_form(stream: BinaryIO, encoding: str | None) -> tuple[BufferedReader, str | None]:
    """The stream from its beginning, and which UTF-16 or UTF-32 it is in, if any: as named, marked, or by its NULs.

    The stream is not closed with the one that is returned. Raises `ArticleError` when it is not in the form named.
    """
    head = stream.read(4)
    by_look = next((name for mark, name in WIDE_MARKS if head.startswith(mark)), None)
    by_nuls = _BY_NULS.get(tuple(min(byte, 1) for byte in head))
    form = encoding if encoding and encoding.startswith(("utf-16", "utf-32")) else by_look or by_nuls
    if form in ("utf-16", "utf-32") and not by_look:  # a name that leaves the order of bytes to the mark
        if by_nuls is None or not by_nuls.startswith(form):
            raise ArticleError(f"không phải {form.upper()}")
        form = by_nuls
    return BufferedReader(_Rejoined(head, stream), _BLOCK), form


# Records begin with two ASCII characters: RFC 4627, section 3; the names of columns nearly always.
_BY_NULS: dict[tuple[int, ...], str] = {
    (1, 0, 1, 0): "utf-16-le",
    (0, 1, 0, 1): "utf-16-be",
    (1, 0, 0, 0): "utf-32-le",
    (0, 0, 0, 1): "utf-32-be",
}


class _Rejoined(RawIOBase):
    """A stream that has been begun, with what was read of it in front: pipes cannot go back."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, cast(BufferedIOBase, rest)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._head or self._rest.read1(len(buffer))
        self._head = b""
        buffer[: len(data)] = data
        return len(data)


def mended_record(
    record: Mapping[str, object], not_unicode: str, encoding: str | None
) -> tuple[Mapping[str, object], str | None]:
    """A record in Unicode, and the legacy encoding (given, or recognised) that it was in.

    `not_unicode` says why its bytes are not Unicode; the record holds surfaces then. Raises `ArticleError` with it when
    they are nothing known.
    """
    legacy = encoding if encoding in (*LEGACY, WESTERN) else None
    if encoding is None:
        legacy = _recognised(record)
    if legacy is None:
        if not_unicode:
            raise ArticleError(not_unicode)
        return record, None
    change = convert if not_unicode else mended
    changed = {
        name: value if (place := field_of(name)) and place.field in _IN_ASCII else _changed(value, change, legacy)
        for name, value in record.items()
    }
    return changed, legacy if not_unicode or changed != record else None


def _recognised(record: Mapping[str, object]) -> str | None:
    """The legacy encoding of a record, by the first of its texts."""
    text = next(texts_of(record), "")
    found = recognise(text)
    return found if found and departure(convert(text, found)) is None else None


def _changed(value: object, change: Callable[[str, str], str], encoding: str) -> object:
    """A JSON value with all its texts changed."""
    if isinstance(value, str):
        return change(value, encoding)
    if isinstance(value, list):
        return [_changed(part, change, encoding) for part in value]
    if isinstance(value, dict):
        return {name: _changed(part, change, encoding) for name, part in value.items()}
    return value


def _records(stream: BufferedReader, form: str | None, path: str, encoding: str | None) -> Iterator[Record | Skipped]:
    utf8: BufferedReader = BufferedReader(_InUtf8(stream, form), _BLOCK) if form else stream
    for number, line in _lines(utf8):
        if line is None:
            yield Skipped(f"{path}:{number}", f"bản ghi dài quá {MAX_RECORD // 1_000_000} MB")
            continue
        try:
            record, legacy = mended_record(*_record(line), encoding)
            article, odd_date = article_of(record)
            yield Record(number, article, legacy or form or "utf-8", odd_date)
        except ArticleError as error:
            yield Skipped(f"{path}:{number}", str(error))


class _InUtf8(RawIOBase):
    """A stream of UTF-16 or UTF-32 in UTF-8. Bytes that are not valid there become no valid JSON."""

    def __init__(self, stream: BufferedReader, form: str) -> None:
        self._text = TextIOWrapper(stream, form, errors="backslashreplace", newline="\n")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._text.read(len(buffer) // 4).encode("utf-8", "replace")
        buffer[: len(data)] = data
        return len(data)


def _lines(stream: BufferedReader) -> Iterator[tuple[int, bytes | None]]:
    """Lines that are not empty, with their numbers; None for one that is too long, which is read past, not kept."""
    number = 0
    while line := stream.readline(MAX_RECORD):
        number += 1
        if len(line) >= MAX_RECORD and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_RECORD)
            yield number, None
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line
        else:  # a packed file of a few kilobytes may hold millions of them: those at hand are counted at once
            ahead = stream.peek()
            empty = ahead.rfind(b"\n", 0, len(ahead) - len(ahead.lstrip())) + 1
            number += stream.read(empty).count(b"\n")


def _record(line: bytes) -> tuple[dict[str, object], str]:
    """The record in a line; where the line is not UTF-8, its surface and the reason."""
    not_unicode = ""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        if two_encodings(line, error.start):
            raise ArticleError(f"không phải UTF-8 hợp lệ (byte thứ {error.start} của dòng)") from error
        text, not_unicode = surface(line), not_utf8(error.start, " của dòng")
    try:
        record = (_JSON_WITH_CONTROLS if not_unicode else _JSON).decode(text.rstrip())
    except RecursionError as error:
        raise ArticleError(_TOO_DEEP) from error
    except ValueError as error:
        place = f" (cột {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ArticleError(f"không phải JSON hợp lệ{place}") from error
    if not isinstance(record, dict):
        raise ArticleError("bản ghi không phải là một đối tượng JSON {…}")
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deep(record):
        raise ArticleError(_TOO_DEEP)
    return record, not_unicode


_TOO_DEEP = f"JSON lồng nhau quá {MAX_DEPTH} tầng"


def _is_deep(record: dict[str, object]) -> bool:
    level: list[dict[str, object] | list[object]] = [record]
    for _ in range(MAX_DEPTH):
        inner = chain.from_iterable(part.values() if isinstance(part, dict) else part for part in level)
        level = [part for part in inner if isinstance(part, dict | list)]
    return bool(level)


def _number(text: str) -> float | None:
    """A finite number; None for NaN, Infinity and 1e999, which JSON cannot hold when it is written again."""
    value = float(text)
    return value if isfinite(value) else None


def _decoder(*, strict: bool) -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=lambda name: None, parse_float=_number, strict=strict)


_JSON = _decoder(strict=True)  # made once: `json.loads` would make one for every record
_JSON_WITH_CONTROLS = _decoder(strict=False)  # some capital letters of VISCII are control characters
