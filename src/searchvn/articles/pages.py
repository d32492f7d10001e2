"""What decoding needs to know of an HTML page: its letters without markup, and the encoding that it says it is in.

Main name: `PAGE`. Invariant: a page keeps its line breaks, whatever is taken out of it, so that places in it stay true.
"""

from __future__ import annotations

import re
from html import unescape

from searchvn.articles.encodings import Form

_HEAD = 4096  # bytes in which a page says its encoding; the standard asks for 1,024
_CHARSET = re.compile(rb"<meta\s[^<>]{0,300}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}\d{0,2});")
_NO_WORDS = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def _spelled(page: str) -> str:
    """The page with its letters as characters, `&aacute;` as well: editors wrote the surface of old fonts so."""
    return _ENTITY.sub(_letter, page) if "&" in page else page


def _letter(entity: re.Match[str]) -> str:
    """The character that is meant. Signs that markup needs stay as they are, and the no-break space: VISCII's Õ."""
    meant = unescape(entity[0])
    return meant if len(meant) == 1 and not meant.isascii() and meant != "\xa0" else entity[0]


def _words(page: str) -> str:
    """The page without markup and scripts, line for line."""
    parts = _NO_WORDS.split(page)  # text, "/" of an end tag or "", text, ...
    kept = [part if end else _lines(part) for end, part in zip(["/", *parts[1::2]], parts[::2], strict=True)]
    return _TAG.sub(lambda tag: _lines(tag[0]), "".join(kept))


def _lines(left_out: str) -> str:
    return " " + "\n" * left_out.count("\n")


def _declared(page: bytes) -> str:
    found = _CHARSET.search(page, 0, _HEAD)
    return found[1].decode() if found else ""


PAGE = Form(_spelled, _words, _declared)
