"""Plain text and Markdown -> the article in it.

Main names: `read_text`, `read_markdown`. Invariant: title and body together hold every line of the text; a title that
cannot be told is empty, not guessed from the file's name.
"""

from __future__ import annotations

import re

from searchvn.articles.drafts import Draft, Stage, cascade, drafted

_HEAD_LINES = 6  # lines with text in which a title is looked for
_TITLE_LENGTH = 200  # code points; longer lines are paragraphs
_WORD = re.compile(r"[^\W\d_]+")
# Lines that stand above a title or instead of one: dates and times, posters, counters, sections.
_HEADER = re.compile(
    r"^\W*(?:print\b|in trang|(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)\W|ngày\b.*\d|\d{1,2}[/:-]\d{1,2}"
    r"|(?:người|ngày|lượt|cập nhật|đăng|tác giả|nguồn|chuyên mục|trang chủ|home|email)[^.!?]{0,30}:)",
    re.IGNORECASE,
)
_MARKDOWN_TITLE = re.compile(r"^\s{0,3}#{1,3}\s+(.+?)\s*#*\s*$")


def read_text(text: str) -> Draft:
    """The article of a plain text: its title is the first line that reads like one, above the first paragraph.

    >>> read_text("Ngày đăng: 01/02/2020\\nKhai mạc hội sách\\nSáng nay, ...").title
    'Khai mạc hội sách'
    """
    return cascade(drafted(text), TEXT)


def read_markdown(text: str) -> Draft:
    """The article of a Markdown text: its title is the first heading of level 1 to 3, else as in plain text."""
    return cascade(drafted(text), (Stage("heading", ("title",), _heading), *TEXT))


def _first_line(draft: Draft) -> Draft:
    with_text = [line for line in draft.lines if line.text.strip()][:_HEAD_LINES]
    for line in with_text:
        text = line.text.strip()
        if len(text) > _TITLE_LENGTH:
            break
        if _reads_like_a_title(text):
            return draft.without("title", [line])._replace(title=text)
    return draft


def _heading(draft: Draft) -> Draft:
    for line in draft.lines[:40]:
        if heading := _MARKDOWN_TITLE.match(line.text):
            return draft.without("title", [line])._replace(title=heading.group(1))
    return draft


def _reads_like_a_title(line: str) -> bool:
    if _HEADER.match(line) or len(_WORD.findall(line)) < 2:
        return False
    return not line.endswith((".", ":", ";", ","))


TEXT: tuple[Stage, ...] = (Stage("first line", ("title",), _first_line),)
SHARED: tuple[Stage, ...] = ()  # stages for text lines from any source
