"""Lines that are nothing but a date, perhaps with a place, names and views beside it -> fields.

Main name: `stamps`. Invariant: dates that head the entries of a diary or a timeline date no article: of several lines
with different days only those with a weekday or a time of day count.
"""

import re
from collections.abc import Iterable, Mapping

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.names import credit
from searchvn.articles.published import looks_dated, read_published
from searchvn.articles.regions import filled, head, tail
from searchvn.articles.shapes import folded, squeezed, trimmed

_LONGEST = 120  # code points
_FOOT_LINES = 10  # with text, at the end
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_PRINT = re.compile(
    r"(?:print|in trang|in bai(?: viet)?|in tin)\b[ |:–-]{0,3}|[ |:–-]{0,3}\b(?:print|in trang|in bai viet)$"
)
# What WordPress writes behind date and author.
_REPLIES = re.compile(
    r"[ |,•·–-]{1,3}(?:de lai (?:binh luan|phan hoi|tra loi)|leave a (?:comment|reply)|(?:khong co|chua co|no|\d{1,5})"
    r" (?:binh luan|phan hoi|comments?|replies))$"
)
_POST = re.compile(r"[ |,]{1,5}#1$|^#1[ |,]{1,5}")  # of a thread
_PARTS = re.compile(r" ?[|•·] ?| [–—-] ")
_VIEWS = re.compile(r"(\d{1,3}(?:[.,]\d{3}){1,4}|\d{1,12}) (?:luot|lan|nguoi) (?:xem|doc)")
_PLACE = re.compile(r"[^\W\d_][^\d,:;.!?|]{1,40}, (?=\d|ngày |ngay )")  # `Bãi Dài, 24/7/2022`
_WEEKDAY = re.compile("thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat")
_WEEKDAY_OR_TIME = re.compile(r"\b(?:thu|chu nhat|cn)\b|\d ?(?:[:h]|gio)")


def stamps(draft: Draft) -> Draft:
    """The draft without the lines that are a stamp, near the beginning and at the end, and with what they say."""
    read = {line: read_stamp(line.text) for line in (*head(draft.lines), *tail(draft.lines)[-_FOOT_LINES:])}
    told = {line: fields for line, fields in read.items() if fields is not None}
    if told and _is_timeline(draft.lines):
        told = {line: fields for line, fields in told.items() if _WEEKDAY_OR_TIME.search(folded(line.text))}
    found: dict[str, object] = {}
    for fields in told.values():
        found = {**fields, **found}
    return filled(draft.without("label", told), **found)


def read_stamp(line: str) -> Mapping[str, object] | None:
    """What a line of a date, and of nothing that is not known beside it, tells; None for any other line.

    A date that is none, a 31st of February, tells nothing, but its line is a stamp.

    >>> sorted(read_stamp("Hoài An | 30/11/2021 | 14:05").items())
    [('author', 'Hoài An'), ('published', '2021-11-30T14:05')]
    """
    if len(line) > _LONGEST or not _DIGIT.search(line) or not (_YEAR.search(line) or _VIEWS.search(folded(line))):
        return None
    text = squeezed(line)
    button = _PRINT.search(folded(text))
    if button:
        text = f"{text[: button.start()]} {text[button.end() :]}"
    replies = _REPLIES.search(folded(text))
    text = trimmed(_POST.sub("", text[: replies.start()] if replies else text))
    if replies and (told := _unparted(text)):
        return told
    if published := read_published(text):
        return {"published": published}
    if looks_dated(text):
        return {}
    if (place := _PLACE.match(text)) and (published := read_published(text[place.end() :])):
        return {"published": published}
    return _parts([trimmed(part) for part in _PARTS.split(text)])


def _unparted(text: str) -> Mapping[str, object] | None:
    """A date with the author's name right behind it."""
    words = text.split(" ")
    for place in range(len(words) - 1, 0, -1):
        if published := read_published(" ".join(words[:place])):
            author = credit(" ".join(words[place:])).author
            return {"published": published, "author": author} if author else None
    return None


def _parts(parts: list[str]) -> Mapping[str, object] | None:
    """What the parts of a line tell, if there is a date or a count among them and all of them are known."""
    found: dict[str, object] = {}
    dates: list[str] = []
    for part in filter(None, parts):
        plain = folded(part)
        if views := _VIEWS.fullmatch(plain):
            found["views"] = int(re.sub("[.,]", "", views[1]))
        elif any(map(str.isdigit, part)) or _WEEKDAY.fullmatch(plain):
            dates.append(part)
        else:
            named = credit(part)
            if named == (None, None):
                return None
            found = {**{field: name for field, name in named._asdict().items() if name}, **found}
    published = read_published(" ".join(dates))
    if bool(dates) != bool(published) or not (dates or "views" in found):
        return None
    return {**found, "published": published} if published else found


def _is_timeline(lines: Iterable[Line]) -> bool:
    """True when several days stand in lines of their own."""
    days = set()
    for line in lines:
        if len(line.text) <= _LONGEST and _YEAR.search(line.text) and not _WEEKDAY_OR_TIME.search(folded(line.text)):
            days.add(read_published(trimmed(line.text)))
    return len(days - {None}) > 1
