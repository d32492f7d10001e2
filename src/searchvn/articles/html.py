"""An HTML page -> the article in it, through trafilatura.

Main name: `read_html`. Invariant: nothing is loaded from outside; a page without an article is an `ArticleError`.
"""

from __future__ import annotations

import re

from searchvn.articles.encodings import tidy
from searchvn.errors import ArticleError
from searchvn.models import Article

_NO_TITLE = {"null", "undefined", "untitled", "untitled document"}  # what programs write when they have none
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_html(page: str) -> Article:
    """The article of a page (decoded text), without id. Raises `ArticleError` when none is found."""
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
    return Article(
        id="",
        title=title,
        body=_without_title(body, title),
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
