"""Query text -> what was typed: words and "quoted phrases".

Main name: `parse_query`. Invariant: raises nothing but `QuerySyntaxError`; ordinary text survives, whatever punctuation
it holds; spans slice the NFC text of the query.
"""

from __future__ import annotations

import re
import unicodedata

from searchvn.analysis.tokens import split
from searchvn.errors import QuerySyntaxError
from searchvn.query.ast import Phrase, Query, Word

MAX_WORDS = 1_000  # longer texts are articles, not queries

_QUOTES = '"“”„‟«»'
_CLAUSE = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)([{_QUOTES}]|$)|[^\\s{_QUOTES}]+")


def parse_query(text: str) -> Query:
    """Reads a query. A missing closing quotation mark is taken to stand at the end, and noted.

    Raises `QuerySyntaxError` for a query without a letter or digit, or with more than 1,000 words.

    >>> [clause.text for clause in parse_query('Quảng Nam "đổi mới phương thức"').clauses]
    ['Quảng', 'Nam', 'đổi mới phương thức']
    """
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
    if words > MAX_WORDS:
        raise QuerySyntaxError(
            f"truy vấn có {_grouped(words)} từ, nhiều nhất là {_grouped(MAX_WORDS)}",
            0,
            "rút gọn truy vấn, giữ những từ quan trọng",
        )
    return Query(text, tuple(clauses), tuple(notes))


def _grouped(number: int) -> str:
    """10.000, as numbers are written in Vietnamese."""
    return f"{number:,}".replace(",", ".")


def _shortened(text: str, most: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
