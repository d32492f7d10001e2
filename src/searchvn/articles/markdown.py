"""What only Markdown has: front matter, headings, marks.

Main names: `front_matter`, `heading`, `without_marks`. Invariant: lists, tables and code stay as they are written; what
is no mark for certain stays too.
"""

import re

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.published import read_published
from searchvn.articles.regions import filled
from searchvn.articles.shapes import is_paragraph, squeezed

_FRONT_LINES = 60
_HEAD_LINES = 40

_KEY = re.compile(r"([A-Za-z_-]{1,40})\s{0,3}:(?:\s(.*))?")
_FIELDS = {
    "title": "title", "date": "published", "published": "published", "author": "author", "authors": "author",
    "source": "source", "url": "url", "link": "url",
}  # fmt: skip
_TITLE = re.compile(r"\s{0,3}#{1,3}\s{1,9}(\S.*)")
_UNDERLINE = re.compile(r"\s{0,3}(?:={3,}|-{3,})\s*")
_FENCE = ("```", "~~~")

_HEADING = re.compile(r"\s{0,3}#{1,6}\s{1,9}(?=\S)")
_QUOTE = re.compile(r"\s{0,3}(?:>\s?){1,3}")
_RULE = re.compile(r"\s{0,3}(?:[-*_] ?){3,80}\s*")
_PICTURE_OR_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}(?:\s\"[^\"\n]{0,200}\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,300})(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^*_\n]{1,300})(?<=[^\s*_])\1(?![\w*_])")


def front_matter(draft: Draft) -> Draft:
    """The draft without its front matter, with the fields that it gives; a draft without front matter as it is.

    Front matter is `---` in the first line, lines of `key: value`, and `---`.
    """
    first = draft.lines[: _FRONT_LINES + 2]
    end = next((place for place, line in enumerate(first) if place and line.text.strip() in ("---", "...")), None)
    if end is None or first[0].text.strip() != "---":
        return draft
    found: dict[str, object] = {}
    for line in first[1:end]:
        pair = _KEY.fullmatch(line.text.rstrip())
        if pair is None and line.text.strip() and not line.text.startswith((" ", "\t", "-", "#")):
            return draft
        if pair and (field := _FIELDS.get(pair[1].lower())):
            value = _value(pair[2] or "")
            found.setdefault(field, read_published(value) if field == "published" else value)
    return filled(draft.without("label", first[: end + 1]), **found)


def _value(text: str) -> str:
    """A value of front matter: without quotation marks, and the parts of a list with commas between them."""
    text = text.strip()
    parts = text[1:-1].split(",") if text.startswith("[") and text.endswith("]") else [text]
    return ", ".join(filter(None, (squeezed(part).strip("\"'") for part in parts)))


def heading(draft: Draft) -> Draft:
    """The first heading of level 1 to 3 as the title, or a line that is underlined."""
    lines = draft.lines[:_HEAD_LINES]
    for place, line in enumerate(lines):
        if found := _TITLE.fullmatch(line.text):
            return draft.without("title", [line])._replace(title=_plain(found[1].rstrip().rstrip("#")))
        above = lines[place - 1] if place else None
        if above and _reads_like_a_heading(above.text) and _UNDERLINE.fullmatch(line.text):
            return draft.without("title", [above, line])._replace(title=_plain(above.text))
    return draft


def _reads_like_a_heading(text: str) -> bool:
    return bool(text.strip()) and not is_paragraph(text) and not text.startswith(("    ", "\t", "|", "-", "*", ">"))


def without_marks(draft: Draft) -> Draft:
    """The draft without the marks of headings, quotations, rules, emphasis and links, outside of code."""
    lines: list[Line] = []
    code = False
    for line in draft.lines:
        if line.text.lstrip().startswith(_FENCE):
            code = not code
        elif not code and not line.text.startswith(("    ", "\t")):
            line = line._replace(text=_unmarked(line.text))
        lines.append(line)
    return draft._replace(lines=tuple(lines))


def _unmarked(text: str) -> str:
    if _RULE.fullmatch(text):
        return ""
    quoted = _QUOTE.match(text)
    text = text[quoted.end() :] if quoted else text
    if found := _HEADING.match(text):
        text = text[found.end() :].rstrip().rstrip("#").rstrip()
    return _plain(text)


def _plain(text: str) -> str:
    """A line without links, emphasis and escapes; inline code as it is."""
    if not any(sign in text for sign in "*_[\\"):
        return text.strip("\n")
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a lone sign is none of code
        return _unemphasised(text)
    return "`".join(part if place % 2 else _unemphasised(part) for place, part in enumerate(parts))


def _unemphasised(text: str) -> str:
    text = _PICTURE_OR_LINK.sub(r"\1", text)
    return _EMPHASIS.sub(r"\2", _STRONG.sub(_strong, text))


def _strong(found: re.Match[str]) -> str:
    name = found[1] == "__" and found[2].isascii() and found[2].isidentifier()  # __init__
    return found[0] if name else found[2]
