"""The decoded text of an HTML page -> its tree.

Main name: `parsed`. Invariant: nothing is loaded from outside, and a page past a limit is an `ArticleError` that says
which, before any time goes into it.
"""

from __future__ import annotations

import re
from typing import Any

from searchvn.errors import ArticleError, grouped

MAX_PAGE = 10_000_000  # code points
MAX_TAGS = 500_000  # `<` in a page; its elements are no more
MAX_ATTRIBUTES = 5_000  # of one element; the parser compares each with all

# Characters that stand in no XML, written or as numbers: with one of them trafilatura finds nothing.
_CONTROL = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0{0,9}(?:[0-8]|1[124-9]|2\d|3[01])(?!\d)|[xX]0{0,9}(?:[0-8bBcCeEfF]|1[0-9a-fA-F])(?![0-9a-fA-F]));?"
)
_LONG_TAG = re.compile(r"<[A-Za-z](?:[^<>]{20000})[^<>]*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
NO_LIBRARY = "thiếu thư viện đọc HTML: pip install trafilatura lxml_html_clean"
NO_ARTICLE = "không tìm thấy bài viết trong trang HTML"


def parsed(text: str) -> Any:
    """The tree of a page (lxml). Raises `ArticleError` for one that is too large to be read in reasonable time."""
    if len(text) > MAX_PAGE:
        raise ArticleError(f"trang HTML {grouped(len(text))} ký tự, quá dài (nhiều nhất {grouped(MAX_PAGE)})")
    if (tags := text.count("<")) > MAX_TAGS:
        raise ArticleError(f"trang HTML có {grouped(tags)} thẻ, quá nhiều (nhiều nhất {grouped(MAX_TAGS)})")
    for tag in _LONG_TAG.finditer(text):
        if (count := len(_QUOTED.sub("", tag[0]).split())) > MAX_ATTRIBUTES:
            most = grouped(MAX_ATTRIBUTES)
            raise ArticleError(f"một thẻ của trang HTML có {grouped(count)} thuộc tính, quá nhiều (nhiều nhất {most})")
    if not text.strip():
        raise ArticleError(NO_ARTICLE)
    try:
        from lxml import etree, html  # 30 ms that only pages need
    except ImportError as error:
        raise ArticleError(NO_LIBRARY) from error
    # With `huge_tree` the parser goes 2,048 elements deep; without, it ends at 256 and says nothing.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = html.document_fromstring(_CONTROL.sub(" ", text).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ArticleError(NO_ARTICLE) from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise ArticleError("thẻ của trang HTML lồng nhau quá sâu (nhiều nhất 2.048 tầng)")
    return root
