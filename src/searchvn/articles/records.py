"""JSON Lines -> articles: one record a line.

Main name: `read_records`. Invariants: a broken line is reported with its number and stops nothing; unknown fields stay
in the article's `extra`; two records never get one id; a legacy encoding is told of each record by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from math import isfinite
from typing import BinaryIO, cast

from searchvn.articles.encodings import WIDE_MARKS, not_utf8, tidy, two_encodings
from searchvn.articles.identity import is_iso_date, record_key
from searchvn.articles.legacy import LEGACY, WESTERN, convert, surface
from searchvn.articles.recognition import departure, mended, recognise
from searchvn.errors import ArticleError
from searchvn.models import Article, Extraction, Skipped

MAX_LINE = 64_000_000  # bytes of one record

_BODY_NAMES = ("text", "body")
_DATE_NAMES = ("published", "date")
_IN_ASCII = ("id", "url")  # whatever the encoding
_KNOWN = {"id", "title", "author", "source", "url", *_BODY_NAMES, *_DATE_NAMES}


def read_records(
    stream: BinaryIO,
    file: str,
    path: str,
    *,
    encoding: str | None = None,
) -> Iterator[Extraction | Skipped]:
    """The articles of a stream of JSON Lines in file `file` (its key), which stands at `path`.

    A record without an id is named by its line number. Of two records with one id the second is reported and named
    by its line number as well. `encoding`: see `formats.read_file`.
    """
    lines_of: dict[str, int] = {}  # record key -> line it stands in
    lines, form = _as_utf8(stream, encoding)
    for number, line in enumerate(_lines(lines), start=1):
        if line is None:
            yield Skipped(f"{path}:{number}", f"bản ghi dài quá {MAX_LINE // 1_000_000} MB")
            continue
        if not line.strip():
            continue
        try:
            article, legacy = _article(line, encoding)
        except ArticleError as error:
            yield Skipped(f"{path}:{number}", str(error))
            continue
        key = article.record_id or str(number)
        if key in lines_of:
            if article.record_id:
                first = f"{path}:{lines_of[key]}"
                yield Skipped(f"{path}:{number}", f"id “{key}” đã có ở {first}; bài này lấy tên theo số dòng", True)
            key = str(number)
            while key in lines_of:
                key += "+"
        lines_of[key] = number
        yield Extraction(article._replace(id=record_key(file, key), file=file, path=path), legacy or form)


def _as_utf8(stream: BinaryIO, encoding: str | None) -> tuple[BinaryIO, str]:
    """The stream as UTF-8, and the form of Unicode that it is in: as named, by its mark, or by its NULs."""
    head = stream.read(4)
    stream.seek(0)
    by_look = next((name for mark, name in WIDE_MARKS if head.startswith(mark)), None)
    by_nuls = _BY_NULS.get(tuple(min(byte, 1) for byte in head))
    form = encoding if encoding and encoding.startswith(("utf-16", "utf-32")) else by_look or by_nuls
    if form in ("utf-16", "utf-32") and not by_look:  # a name that leaves the order of bytes to the mark
        if by_nuls is None or not by_nuls.startswith(form):
            raise ArticleError(f"không phải {form.upper()}")
        form = by_nuls
    return (cast(BinaryIO, _Utf8Lines(stream, form)), form) if form else (stream, "utf-8")


# JSON begins with two ASCII characters: RFC 4627, section 3.
_BY_NULS: dict[tuple[int, ...], str] = {
    (1, 0, 1, 0): "utf-16-le",
    (0, 1, 0, 1): "utf-16-be",
    (1, 0, 0, 0): "utf-32-le",
    (0, 0, 0, 1): "utf-32-be",
}


class _Utf8Lines:
    """A stream of UTF-16 or UTF-32 as lines of UTF-8. Bytes that are not valid there become no valid JSON."""

    def __init__(self, stream: BinaryIO, form: str) -> None:
        self._text = TextIOWrapper(stream, form, errors="backslashreplace", newline="\n")

    def readline(self, limit: int) -> bytes:
        return self._text.readline(limit).encode("utf-8", "replace")


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines of the stream; None for one that is too long, which is read past without keeping it."""
    first = True
    while line := stream.readline(MAX_LINE):
        if len(line) >= MAX_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE)
            yield None
            continue
        yield line.removeprefix(b"\xef\xbb\xbf") if first else line
        first = False


def _article(line: bytes, encoding: str | None) -> tuple[Article, str | None]:
    """The article in a line, and the legacy encoding that it was in."""
    record, legacy = _mended(*_record(line), encoding)
    title, body = _text(record, "title"), _first(record, _BODY_NAMES)
    if not title and not body:
        raise ArticleError("bản ghi không có chữ nào trong title, text hay body")
    own_id = record.get("id")
    article = Article(
        id="",
        title=" ".join(title.split()),
        body=body,
        record_id=_encodable(str(own_id)) if isinstance(own_id, str | int) and str(own_id).strip() else None,
        published=_date(_first(record, _DATE_NAMES)),
        author=_text(record, "author") or None,
        source=_text(record, "source") or None,
        url=_text(record, "url") or None,
        extra={name: value for name, value in record.items() if name not in _KNOWN or _lost(name, value)},
    )
    return article, legacy


def _record(line: bytes) -> tuple[dict[str, object], int | None]:
    """The record in a line; where the line is not UTF-8, its surface and the offset of the first bad byte."""
    bad_byte = None
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        if two_encodings(line, error.start):
            raise ArticleError(f"không phải UTF-8 hợp lệ (byte thứ {error.start} của dòng)") from error
        text, bad_byte = surface(line), error.start
    try:
        record = (_JSON if bad_byte is None else _JSON_WITH_CONTROLS).decode(text.rstrip())
    except RecursionError as error:
        raise ArticleError("JSON lồng nhau quá sâu") from error
    except ValueError as error:
        place = f" (cột {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ArticleError(f"không phải JSON hợp lệ{place}") from error
    if not isinstance(record, dict):
        raise ArticleError("bản ghi không phải là một đối tượng JSON {…}")
    return record, bad_byte


def _mended(
    record: dict[str, object], bad_byte: int | None, encoding: str | None
) -> tuple[dict[str, object], str | None]:
    """The record in Unicode, and the legacy encoding (given, or recognised) that it was in."""
    legacy = encoding if encoding in (*LEGACY, WESTERN) else None
    if encoding is None:
        legacy = _recognised(record)
    if legacy is None:
        if bad_byte is not None:
            raise ArticleError(not_utf8(bad_byte, " của dòng"))
        return record, None
    change = mended if bad_byte is None else convert
    changed = {name: value if name in _IN_ASCII else _changed(value, change, legacy) for name, value in record.items()}
    return changed, legacy if bad_byte is not None or changed != record else None


def _recognised(record: dict[str, object]) -> str | None:
    """The legacy encoding of a record, by the first of its texts."""
    value = record.get("text") or record.get("body") or record.get("title")
    if isinstance(value, list):
        value = "\n".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str) or not (found := recognise(value)):
        return None
    return found if departure(convert(value, found)) is None else None


def _changed(value: object, change: Callable[[str, str], str], encoding: str) -> object:
    """A JSON value with all its texts changed."""
    if isinstance(value, str):
        return change(value, encoding)
    if isinstance(value, list):
        return [_changed(part, change, encoding) for part in value]
    if isinstance(value, dict):
        return {name: _changed(part, change, encoding) for name, part in value.items()}
    return value


def _first(record: dict[str, object], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := _text(record, name, "\n"))), "")


def _text(record: dict[str, object], name: str, separator: str = ", ") -> str:
    """The text of a field; a list of texts is joined, as authors and paragraphs often come."""
    value = record.get(name)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = separator.join(value)
    return tidy(value).strip() if isinstance(value, str) else ""


def _date(text: str) -> str | None:
    """ISO 8601 as it stands (`T` between date and time); None for anything else, which then stays in `extra`."""
    return text.replace(" ", "T", 1) if is_iso_date(text) else None


def _encodable(own_id: str) -> str:
    """An id without lone surrogates, which no engine can keep as a term."""
    return own_id.encode("utf-8", "replace").decode()


def _number(text: str) -> float | None:
    """A finite number; None for NaN, Infinity and 1e999, which JSON cannot hold when it is written again."""
    value = float(text)
    return value if isfinite(value) else None


def _decoder(*, strict: bool) -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=lambda name: None, parse_float=_number, strict=strict)


_JSON = _decoder(strict=True)  # made once: `json.loads` would make one for every record
_JSON_WITH_CONTROLS = _decoder(strict=False)  # some capital letters of VISCII are control characters


def _lost(name: str, value: object) -> bool:
    """True for a known field whose value no field of `Article` could take: it is kept as it is."""
    if value is None or value == "":
        return False
    if name in _DATE_NAMES:
        return not (isinstance(value, str) and _date(value.strip()))
    if name == "id":
        return not isinstance(value, str | int)
    return not isinstance(value, str) and not _text({name: value}, name)
