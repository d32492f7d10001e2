"""CSV and TSV with a header -> articles: one record a row.

Main name: `read_table`. Invariants: a row that cannot be read is reported with the line it begins in and stops nothing;
a row with more cells than columns is never guessed at; a legacy encoding is told of each row by itself, as of records,
and of the header by the names that are known then.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import TextIOWrapper
from typing import BinaryIO

from searchvn.articles.encodings import not_utf8, tidy, two_encodings
from searchvn.articles.legacy import LEGACY, WESTERN, convert, surface
from searchvn.articles.mapping import NAMES, Record, article_of, field_of, named
from searchvn.articles.records import mended_record, with_form
from searchvn.errors import ArticleError, grouped
from searchvn.reports import Extraction, Skipped

MAX_ROW = 16_000_000  # code points; as cells they may take twenty times as much

TAB = "\t"
_DELIMITERS = (",", ";", TAB)  # Excel writes semicolons where a comma is in numbers, as in Vietnam
_EMPTY = ("\n", "\r\n", "\r")
_BYTE = re.compile("[\udc80-\udcff]")  # one that is not UTF-8, as surrogateescape shows it
_HEADER = 100_000  # code points of the first line that tell the delimiter
_MOST_COLUMNS = 1_000
_SHOWN_COLUMNS, _SHOWN_NAME = 12, 30  # of a header in a message, and code points of each


def read_table(
    stream: BinaryIO,
    file: str,
    path: str,
    *,
    encoding: str | None = None,
    delimiter: str = "",
) -> Iterator[Extraction | Skipped]:
    """The articles of a table in file `file` (its key), which stands at `path`.

    Its first row names the columns, see `mapping.NAMES`. Without a `delimiter` it tells comma, semicolon or tab, too.
    A row without an id is named by the line it begins in. `encoding`: see `formats.read_file`. Raises `ArticleError`
    for a table without a column for title or body, before giving any article.
    """
    csv.field_size_limit(1 << 30)  # `_Lines` holds rows to less
    whole, form = with_form(stream, encoding)
    errors = "replace" if form else "surrogateescape"
    lines = _Lines(TextIOWrapper(whole, form or "utf-8", errors=errors, newline=""))
    rows = _rows(lines, delimiter or _delimiter(lines.first[:_HEADER]))
    columns = _columns(rows, encoding)
    yield from named(_records(rows, columns, form, path or file, encoding), file, path)


def _records(
    rows: Iterator[Row], columns: Sequence[str], form: str | None, path: str, encoding: str | None
) -> Iterator[Record | Skipped]:
    for line, cells in rows:
        place = f"{path}:{line}"
        try:
            if isinstance(cells, str):
                raise ArticleError(cells)
            if not any(map(str.strip, cells)):
                continue
            record, not_unicode = _record(columns, cells, form)
            mended, legacy = mended_record(record, not_unicode, encoding)
            article, odd_date = article_of(mended)
        except ArticleError as error:
            yield Skipped(place, str(error))
            continue
        if len(cells) < len(columns):
            reason = f"dòng có {len(cells)} ô, thiếu so với {len(columns)} cột: các cột sau để trống"
            yield Skipped(place, reason, kept=True)
        yield Record(line, article, legacy or form or "utf-8", odd_date)


# --- lines and rows

Row = tuple[int, "list[str] | str"]  # the line it begins in; its cells, or why it cannot be read


class _TooLongError(Exception):
    """A row that is longer than any article. Its line has been read past."""


class _Lines:
    """Lines for csv, which takes as many as a row has. `number` counts them, `last` is the last one."""

    def __init__(self, stream: TextIOWrapper) -> None:
        self._stream = stream
        self._size = self.number = 0
        self.last = ""
        self.first = self._held = self._read().removeprefix("\ufeff")

    def begin(self) -> int:
        """The line in which the next row begins. Empty ones are read past here: there may be millions of them."""
        self._size = 0
        line = self._held or self._read()
        while line in _EMPTY:
            self.number += 1
            line = self._read()
        self._held = line
        return self.number + 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line, self._held = self._held or self._read(), ""
        if not line:
            raise StopIteration
        self.last = line
        self.number += 1
        self._size += len(line)
        if self._size > MAX_ROW:
            while line and not line.endswith(("\n", "\r")):
                line = self._read()
            raise _TooLongError
        return line

    def _read(self) -> str:
        return self._stream.readline(MAX_ROW + 1)


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    # Strict: a quotation mark out of place is an error, and not a cell with the rest of the table in it.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.begin()
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except _TooLongError:
            too_long = f"bản ghi dài quá {MAX_ROW // 1_000_000} MB"
            if lines.number > line:  # in the middle of a cell, or of what should have been other rows
                yield line, f"{too_long}, có lẽ một dấu ngoặc kép không được đóng; phần sau của bảng không đọc được"
                return
            yield line, too_long
        except csv.Error:
            if delimiter == TAB and lines.number == line:  # most programs write no quotes around cells there
                yield line, lines.last.rstrip("\r\n").split(TAB)
            else:
                until = f", bỏ đến hết dòng {lines.number}" if lines.number > line else ""
                yield line, f"dấu ngoặc kép không khớp nhau{until}"


# --- columns


def _delimiter(header: str) -> str:
    """What stands between the columns: what gives the most names that are known, then the most columns."""

    def found(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([header], delimiter=delimiter), [])
        return _known(names), len(names)

    return max(_DELIMITERS, key=found)


def _columns(rows: Iterator[Row], encoding: str | None) -> list[str]:
    """The names of the columns, all different. Raises `ArticleError` where none is a title or a body."""
    cells = next((cells for _, cells in rows if cells), None)
    if cells is None:
        raise ArticleError("bảng trống: không có dòng tên cột")
    if isinstance(cells, str):
        raise ArticleError(f"dòng tên cột: {cells}")
    if len(cells) > _MOST_COLUMNS:
        raise ArticleError(f"bảng có {grouped(len(cells))} cột, nhiều nhất {grouped(_MOST_COLUMNS)}")
    columns: list[str] = []
    for number, name in enumerate(_in_unicode(cells, encoding), start=1):
        name = " ".join(tidy(name).split()) or f"cột {number}"
        while name in columns:
            name += f" ({number})"
        columns.append(name)
    if not any((place := field_of(name)) and place.field in ("title", "body") for name in columns):
        shown = ", ".join(f"“{name[:_SHOWN_NAME]}”" for name in columns[:_SHOWN_COLUMNS])
        wanted = ", ".join((*NAMES["title"][:2], *NAMES["body"][:4]))
        more = ", …" if len(columns) > _SHOWN_COLUMNS else ""
        raise ArticleError(f"bảng không có cột tiêu đề hay nội dung: có {shown}{more}; cần một trong {wanted}")
    return columns


def _in_unicode(names: Sequence[str], encoding: str | None) -> Sequence[str]:
    """Names of columns in the encoding in which most of them are known: they are too few words to be recognised."""
    texts = [_surface(name) for name in names] if _BYTE.search("".join(names)) else names
    legacy = LEGACY if encoding is None else tuple(name for name in (*LEGACY, WESTERN) if name == encoding)
    return max([texts, *([convert(name, one) for name in texts] for one in legacy)], key=_known)


def _known(names: Sequence[str]) -> int:
    return sum(field_of(name) is not None for name in names)


# --- cells


def _record(columns: Sequence[str], cells: Sequence[str], form: str | None) -> tuple[Mapping[str, object], str]:
    """What stands in a row by column, empty cells left out; where it is not Unicode, surfaces and the reason."""
    if any(map(str.strip, cells[len(columns) :])):
        hint = "có lẽ thiếu dấu ngoặc kép quanh một ô"
        raise ArticleError(f"dòng có {len(cells)} ô, bảng chỉ có {len(columns)} cột: {hint}")
    record = {name: cell for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    if any("\0" in cell for cell in cells):
        raise ArticleError("có ký tự NUL: đây là tệp nhị phân, không phải bảng chữ")
    if form and any("\ufffd" in cell for cell in cells):
        raise ArticleError(f"không phải {form.upper()} hợp lệ")
    if not_unicode := _not_unicode(record):
        return {name: _surface(cell).strip() for name, cell in record.items()}, not_unicode
    return {name: tidy(cell).strip() for name, cell in record.items()}, ""


def _not_unicode(record: Mapping[str, str]) -> str:
    """Why cells are not UTF-8, or nothing. Raises `ArticleError` where others surely are."""
    for name, cell in record.items():
        try:
            cell.encode()
        except UnicodeEncodeError as error:
            start = len(cell[: error.start].encode())
            place = f" của ô “{name}”"
            if two_encodings(_bytes("\n".join(record.values())), 0):
                raise ArticleError(f"không phải UTF-8 hợp lệ (byte thứ {start}{place})") from error
            return not_utf8(start, place)
    return ""


def _bytes(cell: str) -> bytes:
    return cell.encode("utf-8", "surrogateescape")


def _surface(cell: str) -> str:
    return surface(_bytes(cell))
