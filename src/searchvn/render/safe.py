"""Text of articles made harmless for terminals, and paths made short.

Main name: `harmless`. Invariant: the result has no control character, no bidi override and no line break; its length in
code points is that of the input, so spans stay true.
"""

from __future__ import annotations

import os
import re

from searchvn.models import Article

# C0 and C1 controls, line and paragraph separators: shown as a space.
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029]
# Marks, embeddings, overrides and isolates of the bidi algorithm (UAX #9): shown as a replacement character.
_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]

_SHOWN = {**dict.fromkeys(_CONTROLS, " "), **dict.fromkeys(_BIDI, "\ufffd")}
_ESCAPED = {code: f"\\u{code:04x}" for code in [*range(0x7F, 0xA0), 0x2028, 0x2029, *_BIDI]}
# Hardly a text has any of them, and looking is ten times as fast as translating.
_HARMFUL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]")


def harmless(text: str) -> str:
    """`text` for a terminal or a line-based format, one character for one.

    >>> harmless("a\\x1b[31mb\\nc\\u202ed")
    'a [31mb c�d'
    """
    return encodable(text.translate(_SHOWN) if _HARMFUL.search(text) else text)


def escaped(json: str) -> str:
    """A JSON text in which C1 controls, line separators and bidi characters are escaped too."""
    return json.translate(_ESCAPED) if _HARMFUL.search(json) else json


def encodable(text: str) -> str:
    """`text` with a question mark for each lone surrogate, which UTF-8 output cannot hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def decimal(number: float, places: int = 1) -> str:
    """A number with so many decimals as it is written in Vietnamese.

    >>> decimal(1234.56)
    '1.234,6'
    """
    return f"{number:,.{places}f}".translate({ord(","): ".", ord("."): ","})


def short_path(path: str, working_directory: str) -> str:
    """`path` relative to the working directory when it stands below it.

    >>> short_path("/kho/bai/a.txt", "/kho"), short_path("/khác/a.txt", "/kho")
    ('bai/a.txt', '/khác/a.txt')
    """
    prefix = working_directory.rstrip(os.sep) + os.sep
    return path[len(prefix) :] if path.startswith(prefix) else path


def place(article: Article, working_directory: str) -> str:
    """The path of the article's file, with `#record` where the file holds several: what `show` takes. Harmless.

    >>> place(Article("bài/a.jsonl#7", file="bài/a.jsonl", path="/kho/bài/a.jsonl"), "/kho")
    'bài/a.jsonl#7'
    """
    if not article.path:
        return harmless(article.id)
    record = article.id.removeprefix(article.file)
    return harmless(short_path(article.path, working_directory) + (record if record.startswith("#") else ""))


def written_date(published: str | None) -> str | None:
    """A date of ISO 8601 as people write it here.

    >>> written_date("2021-12-01T09:35")
    '01/12/2021 09:35'
    """
    if not published:
        return None
    year, month, day = published[:10].split("-")
    return f"{day}/{month}/{year} {published[11:16]}".strip()
