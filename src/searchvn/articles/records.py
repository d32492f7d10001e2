"""JSON Lines -> articles: one record a line.

Main name: `read_records`. Invariants: a broken line is reported with its number and stops nothing; unknown fields stay
in the article's `extra`; two records never get one id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from typing import BinaryIO

from searchvn.articles.encodings import tidy
from searchvn.articles.identity import is_iso_date, record_key
from searchvn.errors import ArticleError
from searchvn.models import Article, Skipped

MAX_LINE = 64_000_000  # bytes of one record

_BODY_NAMES = ("text", "body")
_DATE_NAMES = ("published", "date")
_KNOWN = {"id", "title", "author", "source", "url", *_BODY_NAMES, *_DATE_NAMES}


def read_records(stream: BinaryIO, file: str, path: str) -> Iterator[Article | Skipped]:
    """The articles of a stream of JSON Lines (UTF-8) in file `file` (its key), which stands at `path`.

    A record without an id is named by its line number. Of two records with one id the second is reported and named
    by its line number as well.
    """
    lines_of: dict[str, int] = {}  # record key -> line it stands in
    for number, line in enumerate(_lines(stream), start=1):
        if line is None:
            yield Skipped(f"{path}:{number}", f"bản ghi dài quá {MAX_LINE // 1_000_000} MB")
            continue
        if not line.strip():
            continue
        try:
            article = _article(line)
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
        yield article._replace(id=record_key(file, key), file=file, path=path)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines of the stream; None for one that is too long, which is read past without keeping it."""
    first = True
    while line := stream.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE)
            yield None
            continue
        yield line.removeprefix(b"\xef\xbb\xbf") if first else line
        first = False


def _article(line: bytes) -> Article:
    try:
        record = json.loads(line.decode().rstrip(), parse_constant=lambda name: None, parse_float=_number)
    except UnicodeDecodeError as error:
        raise ArticleError(f"không phải UTF-8 hợp lệ (byte thứ {error.start} của dòng)") from error
    except RecursionError as error:
        raise ArticleError("JSON lồng nhau quá sâu") from error
    except ValueError as error:
        place = f" (cột {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ArticleError(f"không phải JSON hợp lệ{place}") from error
    if not isinstance(record, dict):
        raise ArticleError("bản ghi không phải là một đối tượng JSON {…}")
    title, body = _text(record, "title"), _first(record, _BODY_NAMES)
    if not title and not body:
        raise ArticleError("bản ghi không có chữ nào trong title, text hay body")
    own_id = record.get("id")
    return Article(
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


def _lost(name: str, value: object) -> bool:
    """True for a known field whose value no field of `Article` could take: it is kept as it is."""
    if value is None or value == "":
        return False
    if name in _DATE_NAMES:
        return not (isinstance(value, str) and _date(value.strip()))
    if name == "id":
        return not isinstance(value, str | int)
    return not isinstance(value, str) and not _text({name: value}, name)
