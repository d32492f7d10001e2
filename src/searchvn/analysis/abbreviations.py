"""The packaged table of abbreviations, and the reader of users' own.

Main type: `Abbreviation`. Invariants: a row is one concept, so no two rows of a table have the same full form; whatever
a user's table holds, it is read or refused with `UsageError` naming the line; rows are in NFC.

A table is UTF-8, one row a line, columns apart by tabs: abbreviations (several apart by `|`), full form, domain, where
it was seen; the last two may be missing. Empty lines, lines that begin with `#` and a header are skipped, and so is a
pair that the table already has.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from unicodedata import is_normalized, normalize

from searchvn.analysis.terms import tokenize
from searchvn.errors import UsageError, saying

HEADER = ("short", "full", "domain", "seen")
MAX_BYTES = 5_000_000  # of a user's table
MAX_WORDS = 12  # of a full form
MAX_SHORT_WORDS = 5  # of an abbreviation: the longest that is looked for in a query
_CONTROL = "[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"  # and halves of surrogate pairs


class Abbreviation(NamedTuple):
    """One concept: its abbreviations as written, its full form, its domain, in how many articles it was seen."""

    shorts: tuple[str, ...]
    full: str
    domain: str = ""
    seen: str = ""


@cache
def packaged() -> tuple[Abbreviation, ...]:
    """The rows of the packaged table, in its order."""
    # Every query waits for this, so rows are cut and not checked: a test puts the file through `parse_abbreviations`.
    with open(f"{__file__.rpartition('.')[0]}.tsv", "rb") as file:
        rows = file.read().decode().partition("\tseen\n")[2].splitlines()
    cells = [row.split("\t") for row in rows]
    return tuple([Abbreviation(tuple(shorts.split(" | ")), full, domain, seen) for shorts, full, domain, seen in cells])


def read_abbreviations(path: str) -> tuple[Abbreviation, ...]:
    """The rows of a user's table. Raises `UsageError` for a file that cannot be read and for the first bad line."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, ValueError):  # ValueError: a path with a NUL
        raise UsageError(f"không có bảng viết tắt {path}", "kiểm tra lại đường dẫn") from None
    except OSError as error:
        raise UsageError(f"không đọc được bảng viết tắt {path}: {saying(error)}", "kiểm tra lại đường dẫn") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"bảng viết tắt {path} lớn hơn {MAX_BYTES // 1_000_000} MB", "chỉ để lại những dòng cần dùng")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: không phải UTF-8", "lưu lại tệp bằng bảng mã UTF-8") from None
    return parse_abbreviations(text, path)


def parse_abbreviations(text: str, name: str) -> tuple[Abbreviation, ...]:
    """The rows of a table's text, rows with the same full form made one. `name` is what errors call the table.

    Raises `UsageError` for the first bad line.

    >>> parse_abbreviations("HTX | H.T.X\\thợp tác xã", "của tôi")
    (Abbreviation(shorts=('HTX', 'H.T.X'), full='hợp tác xã', domain='', seen=''),)
    """
    rows: list[Abbreviation] = []
    for number, line in enumerate(_lines(text), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        header = not rows and tuple(cell.casefold() for cell in cells) == HEADER[: len(cells)]
        if not line.strip() or line.lstrip().startswith("#") or header:
            continue
        if fault := _fault(line, cells):
            what, hint = fault
            raise UsageError(f"{name}:{number}: {what}", hint)
        shorts, full, *more = cells
        rows.append(Abbreviation(tuple(short.strip() for short in shorts.split("|")), full, *more))
    return combined(rows)


def combined(rows: Iterable[Abbreviation]) -> tuple[Abbreviation, ...]:
    """`rows` with those of the same full form made one, in the place of the first; an abbreviation once in a row.

    >>> combined([Abbreviation(("UBND",), "Ủy ban nhân dân"), Abbreviation(("UB",), "Uỷ ban Nhân dân")])
    (Abbreviation(shorts=('UBND', 'UB'), full='Ủy ban nhân dân', domain='', seen=''),)
    """
    found: dict[tuple[str, ...], tuple[Abbreviation, dict[tuple[str, ...], str]]] = {}
    for row in rows:
        _, shorts = found.setdefault(_words(row.full), (row, {}))
        for short in row.shorts:
            shorts.setdefault(_words(short), short)
    return tuple([row._replace(shorts=tuple(shorts.values())) for row, shorts in found.values()])


def _lines(text: str) -> list[str]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return (text if is_normalized("NFC", text) else normalize("NFC", text)).split("\n")


def _words(text: str) -> tuple[str, ...]:
    """How `text` is compared: its exact terms."""
    return tuple(tokenize(text, folded=False).exact)


def _fault(line: str, cells: list[str]) -> tuple[str, str] | None:
    """What is wrong with a line that is not a comment, and what to type instead; None for a good one."""
    example = "gõ: chữ viết tắt, phím Tab, dạng đầy đủ"
    if bad := re.search(_CONTROL, line):
        return f"có ký tự điều khiển (U+{ord(bad.group()):04X})", "xóa ký tự ấy"
    if len(cells) < 2:
        return "không có tab ngăn hai cột", example
    if len(cells) > len(HEADER):
        return f"có {len(cells)} cột, nhiều nhất là {len(HEADER)}", "mỗi dòng: viết tắt, đầy đủ, lĩnh vực, nơi gặp"
    shorts, full = [short.strip() for short in cells[0].split("|")], cells[1]
    if not all(shorts):
        return "thiếu chữ viết tắt", example
    for short in shorts:
        if not any(map(str.isalpha, short)):
            return f"“{_shown(short)}” không có chữ cái nào", "chữ viết tắt phải có ít nhất một chữ cái"
        if len(_words(short)) > MAX_SHORT_WORDS:
            return f"“{_shown(short)}” dài hơn {MAX_SHORT_WORDS} từ", "cột đầu là chữ viết tắt, cột sau là dạng đầy đủ"
    return _fault_of_full(full, shorts, example)


def _fault_of_full(full: str, shorts: list[str], example: str) -> tuple[str, str] | None:
    if not full:
        return "thiếu dạng đầy đủ", example
    if "|" in full:
        return "dạng đầy đủ có dấu |", "mỗi dạng đầy đủ viết một dòng riêng"
    if sum(map(str.isalpha, full)) < 2:
        return f"dạng đầy đủ “{_shown(full)}” không phải là từ", "dạng đầy đủ phải có từ hai chữ cái trở lên"
    if len(_words(full)) > MAX_WORDS:
        return f"dạng đầy đủ dài hơn {MAX_WORDS} từ", "viết ngắn lại"
    if _words(full) in map(_words, shorts):
        return f"“{_shown(full)}” vừa là viết tắt vừa là đầy đủ", "cột sau phải là dạng đầy đủ"
    return None


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
