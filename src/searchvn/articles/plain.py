"""Plain text and Markdown -> title and body.

Main names: `read_text`, `read_markdown`. Invariant: title and body together hold every line of the text; a title that
cannot be told is empty, not guessed from the file's name.
"""

from __future__ import annotations

import re

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


def read_text(text: str) -> tuple[str, str]:
    """(title, body): the title is the first line that reads like one, looked for above the first paragraph.

    >>> read_text("Ngày đăng: 01/02/2020\\nKhai mạc hội sách\\nSáng nay, ...")
    ('Khai mạc hội sách', 'Ngày đăng: 01/02/2020\\nSáng nay, ...')
    """
    lines = text.split("\n")
    with_text = [number for number, line in enumerate(lines) if line.strip()][:_HEAD_LINES]
    for number in with_text:
        line = lines[number].strip()
        if len(line) > _TITLE_LENGTH:
            break
        if _reads_like_a_title(line):
            return line, "\n".join(lines[:number] + lines[number + 1 :]).strip("\n")
    return "", text.strip("\n")


def read_markdown(text: str) -> tuple[str, str]:
    """(title, body): the title is the first heading of level 1 to 3, else as in plain text."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:40]):
        if heading := _MARKDOWN_TITLE.match(line):
            return heading.group(1), "\n".join(lines[:number] + lines[number + 1 :]).strip("\n")
    return read_text(text)


def _reads_like_a_title(line: str) -> bool:
    if _HEADER.match(line) or len(_WORD.findall(line)) < 2:
        return False
    return not line.endswith((".", ":", ";", ","))
