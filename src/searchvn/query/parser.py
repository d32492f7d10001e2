"""Query text -> what was typed: words and "quoted phrases".

Main name: `parse_query`. Invariant: raises nothing but `QuerySyntaxError`; ordinary text survives, whatever punctuation
it holds; spans slice the NFC text of the query.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from searchvn.analysis.tokens import split
from searchvn.errors import QuerySyntaxError
from searchvn.query.ast import Phrase, Query, Word

MAX_WORDS = 1_000  # longer texts are articles, not queries
MAX_LENGTH = 20_000  # code points

_QUOTES = '"“”„‟«»〝〞〟＂'
_CLAUSE = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)([{_QUOTES}]|$)|[^\\s{_QUOTES}]+")
# A telephone number in groups (9 to 11 digits), and one of its groups.
_PHONE = re.compile(r"(?:\+84|\(?0[0-9]{1,4}\)?)(?:[ .-]?[0-9]{2,4}){2,4}[,.;:!?)]?")
_PHONE_GROUP = re.compile(r"[+(]{0,2}[0-9][0-9.-]{1,10}\)?[,.;:!?)]?")
_MOST_GROUPS = 5
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def parse_query(text: str) -> Query:
    """Reads a query. A missing closing quotation mark is taken to stand at the end, and noted.

    Raises `QuerySyntaxError` for a query without a letter or digit, or with more than 1,000 words or 20,000 characters.

    >>> [clause.text for clause in parse_query('Quảng Nam "đổi mới phương thức"').clauses]
    ['Quảng', 'Nam', 'đổi mới phương thức']
    """
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(
            f"truy vấn dài {_grouped(len(text))} ký tự, nhiều nhất là {_grouped(MAX_LENGTH)}",
            0,
            "rút gọn truy vấn, giữ những từ quan trọng",
        )
    text = unicodedata.normalize("NFC", text)
    clauses: list[Word | Phrase] = []
    notes: list[str] = []
    words = 0
    for match in _CLAUSE.finditer(text):
        quoted = match.group(1)
        tokens = len(split(match.group() if quoted is None else quoted))
        if not tokens:
            continue
        words += tokens
        if words > MAX_WORDS:
            raise QuerySyntaxError(
                f"truy vấn có hơn {_grouped(MAX_WORDS)} từ", 0, "rút gọn truy vấn, giữ những từ quan trọng"
            )
        if quoted is None:
            clauses.append(Word(match.group(), match.span()))
            continue
        clauses.append(Phrase(quoted, match.span(1)))
        if not match.group(2):
            notes.append(f"thiếu dấu nháy đóng: đọc đến hết truy vấn là cụm từ “{_shortened(quoted)}”")
    if not clauses:
        raise QuerySyntaxError(
            "truy vấn trống: không có chữ hay số nào", 0, 'gõ ít nhất một từ, ví dụ: searchvn query "đổi mới"'
        )
    return Query(text, tuple(_joined(text, clauses)), tuple(notes))


def _joined(text: str, clauses: Sequence[Word | Phrase]) -> Iterator[Word | Phrase]:
    """The clauses, with words in one that are one though spaces stand inside: `0905 123 456`, `05-CT/ TW`."""
    at = 0
    while at < len(clauses):
        end = at + 1
        while end < min(len(clauses), at + _MOST_GROUPS) and _goes_on(clauses[end - 1], clauses[end]):
            end += 1
        slash = clauses[at].text.endswith("/")
        longest = min(end, at + (2 if slash else _MOST_GROUPS))
        ends = (last for last in range(longest, at + 1, -1) if slash or _is_phone(text, clauses[at:last]))
        last = next(ends, at + 1)
        if last == at + 1:
            yield clauses[at]
        else:
            start, stop = clauses[at].span[0], clauses[last - 1].span[1]
            yield Word(text[start:stop], (start, stop))
        at = last


def _goes_on(one: Word | Phrase, other: Word | Phrase) -> bool:
    """Whether two words, one space apart, may be parts of one."""
    if isinstance(one, Phrase) or isinstance(other, Phrase) or other.span[0] != one.span[1] + 1:
        return False
    if one.text.endswith("/"):
        return any(map(str.isdigit, one.text[:20])) and other.text[:2].isalpha() and other.text[:2].isupper()
    return bool(_PHONE_GROUP.fullmatch(one.text) and _PHONE_GROUP.fullmatch(other.text))


def _is_phone(text: str, parts: Sequence[Word | Phrase]) -> bool:
    number = text[parts[0].span[0] : parts[-1].span[1]]
    digits = sum(map(str.isdigit, number)) - (1 if number.startswith("+") else 0)
    # `08 2020 2021` is a month and years: codes of two digits are no longer given out.
    years = len(parts[0].text) == 2 and any(_YEAR.fullmatch(part.text.strip(",.;:!?")) for part in parts[1:])
    return 9 <= digits <= 11 and not years and bool(_PHONE.fullmatch(number))


def _grouped(number: int) -> str:
    """10.000, as numbers are written in Vietnamese."""
    return f"{number:,}".replace(",", ".")


def _shortened(text: str, most: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
