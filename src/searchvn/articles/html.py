"""An HTML page -> the article in it, through trafilatura.

Main names: `read_html`; `PAGE`, what decoding needs to know of pages. Invariant: nothing is loaded from outside; a
page without an article is an `ArticleError`.
"""

from __future__ import annotations

import re
from html import unescape

from searchvn.articles.drafts import Draft, drafted
from searchvn.articles.encodings import Form, tidy
from searchvn.errors import ArticleError

_NO_TITLE = {"null", "undefined", "untitled", "untitled document"}  # what programs write when they have none
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

_HEAD = 4096  # bytes in which a page says its encoding; the standard asks for 1,024
_CHARSET = re.compile(rb"<meta\s[^<>]{0,300}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}\d{0,2});")
_NO_WORDS = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def read_html(page: str) -> Draft:
    """The article of a page (decoded text). Raises `ArticleError` when none is found."""
    try:
        from trafilatura import bare_extraction  # 0.5 s that only pages need
    except ImportError as error:
        raise ArticleError("thiếu thư viện đọc HTML: pip install trafilatura lxml_html_clean") from error

    found = bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    body = "" if found is None or isinstance(found, dict) else tidy(found.text or "").strip()
    if found is None or isinstance(found, dict) or not body:
        raise ArticleError("không tìm thấy bài viết trong trang HTML")
    title = " ".join(tidy(found.title or "").split())
    if title.lower() in _NO_TITLE:
        title = ""
    return drafted(_without_title(body, title))._replace(
        title=title,
        published=found.date if found.date and _ISO_DATE.fullmatch(found.date) else None,
        author=_text(found.author),
        source=_text(found.sitename),
        url=_text(found.url),
    )


def _without_title(body: str, title: str) -> str:
    """The body without the heading that trafilatura leaves at its start."""
    first, _, rest = body.partition("\n")
    return rest.strip() if title and " ".join(first.split()) == title and rest.strip() else body


def _text(value: str | None) -> str | None:
    return tidy(value).strip() or None if value else None


# --- letters in a page


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
