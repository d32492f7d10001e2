"""Labelled lines -> fields: `Ngày đăng: 01/12/2021 Lượt xem: 22`, `Tin, ảnh: Hoài An`, `Nguồn: Báo Làng`.

Main names: `labels`, `read_line`. Invariant: a line counts only if it is labels and what belongs to them, from its
first to its last character; so `Cập nhật: bão số 6 đổ bộ` stays a title, and a sentence with a colon a sentence.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.names import bare, credit, is_author
from searchvn.articles.published import is_datelike, read_published
from searchvn.articles.regions import filled, head, tail
from searchvn.articles.shapes import ends_sentence, folded, squeezed, trimmed

_LONGEST = 300  # code points of a line of labels
_NAME = 80  # code points ...
_WORDS = 15  # ... and words of a name
_PHOTOGRAPHER = 4  # words of a name, agency included
_FOOT_LINES = 60  # at the end, in which labels are looked for

_PICTURE = "(?:anh minh hoa|hinh anh|anh|video|clip)"
_PIECE = "(?:tin bai|tin|bai viet|bai|anh|video|clip|noi dung)"
_AND = "(?: ?[,&/+-] ?| va )"
_DATED = r"(?: ?:| (?=\d|luc \d|ngay \d|thu [2-7hbtns]|chu nhat))"  # what tells a date needs no colon
# What a label tells -> how it is written, folded. "byline" tells what must read
# like a name, "photo" and "nothing" what no field takes.
_LABELS: Mapping[str, str] = {
    "published": "(?:(?:ngay|thoi gian) (?:dang|viet|gui|tao|xuat ban|phat hanh|ban hanh)(?: tin| bai)?|dang tin luc"
    "|(?:duoc )?(?:dang|gui|viet) (?:ngay|luc|vao(?: luc| ngay)?)|xuat ban (?:luc|ngay)|post(?:ed)? on"
    rf"|published(?: on)?){_DATED}",
    "updated": rf"(?:(?:lan |ngay )?cap nhat(?: luc| ngay| lan cuoi| cuoi)?|(?:last )?updated(?: on)?){_DATED}",
    # An event has a time as well: only what a computer wrote dates the article.
    "when": r"(?:thoi gian|ngay|date) ?:(?= ?(?:\d\d:\d\d(?::\d\d)?[ ,|-]{1,3}\d\d?[/.-]\d\d?[/.-]\d{4}"
    r"|\d\d?[/.-]\d\d?[/.-]\d{4}[ ,|-]{1,3}\d\d:\d\d(?::\d\d)?)(?: |$))",
    "views": r"(?:(?:so )?(?:luot|lan|nguoi) (?:da )?(?:xem|doc)(?: bai(?: viet)?(?: nay)?)?|da (?:xem|doc)"
    r"|(?:xem|doc) ?:|views?|hits?)(?: ?:| ?(?=\d)|(?<=:) ?(?=\d))",
    "author": "(?:tac gia(?: bai viet)?|nguoi viet(?: bai)?|author) ?:",
    "poster": "(?:nguoi (?:dang|gui)(?: tin| bai)?|nguoi (?:nhap|cap nhat)|dang boi|posted by) ?:",
    # Without a colon: only at the beginning of a line, or after a date.
    "writer": r"(?:(?:duoc )?viet boi|bai viet (?:cua|boi)|written by) ?:?(?= \S)",
    "sender": r"(?:(?:duoc )?(?:dang|gui|post) boi|posted by) ?:?(?= \S)",
    "by": r"(?:boi|by) ?:?(?= \S)",
    "source": "(?:(?:theo )?nguon(?: tin| bai(?: viet)?)?|source) ?:",
    "title": "(?:tieu de|ten bai(?: viet)?) ?:",
    "number": "(?:so(?: |/| - )ky hieu|so hieu(?: van ban)?|ky hieu) ?:",
    "url": "(?:(?:link|xem|lien ket) (?:bai )?goc|url) ?:",
    "photo": f"{_PICTURE}(?:{_AND}{_PICTURE})? ?:",
    "byline": f"(?:{_PIECE}(?:{_AND}{_PIECE}){{0,3}}|(?:nguoi )?thuc hien|bien soan|ghi chep|phong vien) ?:",
    "nothing": "(?:chuyen muc|danh muc|the loai|tu khoa|tags?|binh luan|phan hoi|bien tap(?: vien)?|nguoi duyet"
    "|nguoi dich|(?:tep|file|tap tin|tai lieu)(?: van ban)? dinh kem|dinh kem|ngay in|posted in"
    r"|filed under|categories|gan the) ?:|danh gia(?: bai viet)? ?:(?= ?\(?[\d★☆]\S{0,9}$)",
}
_LABEL = re.compile(
    r"(?:^|(?<=[ |(\[,;•·–—*.-]))(?:" + "|".join(f"(?P<{field}>{names})" for field, names in _LABELS.items()) + ")"
)
_NOT_ON_TOP = {"source", "byline", "photo"}  # a first line `Nguồn: …` or `Tin: …` may be a title
_LOOSE = {"writer", "sender", "by"}  # labels that words of a story may be as well
_SIGNATURES = {"author", "source", "byline", "photo"}

_BUTTONS = re.compile(r"(?:\b(?:in trang|in bai(?: viet)?|print|email|chia se|a[+-]|quay lai)[ |,;•·–-]{0,3}){1,4}$")
_ON = re.compile(r"on\b ?", re.IGNORECASE)
_TELLING = re.compile(r"[:.\d]|b(?:ởi|oi|y|ỞI) ", re.IGNORECASE)  # what spares most lines the rest
_DAY = re.compile(
    r"[ ,|(–-]{1,4}(?:on\b|(?:vao )?(?:luc|ngay)\b|thu (?:hai|ba|tu|nam|sau|bay|[2-7])\b|chu nhat\b|(?=\d))"
)
_COUNT = re.compile(r"(\d{1,3}(?:[.,]\d{3}){1,4}|\d{1,12})(?: luot| lan| nguoi)?(?: xem| doc)?")
_STOPPED = re.compile(r"nguon(?: tin)?\. ?(?=\S)")  # `Nguồn. Báo Làng`
_SECTION = re.compile(r",? chuyên mục .*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S{1,500}")


class Told(NamedTuple):
    """What a labelled line tells: which labels stand in it, and the fields that they give."""

    labels: frozenset[str]
    fields: Mapping[str, object]


def labels(draft: Draft) -> Draft:
    """The draft without its labelled lines near the beginning and at the end, and with what they say.

    A date of publication counts for more than one of a change; otherwise what stands first counts.
    """
    found: dict[str, object] = {}
    event = any(folded(line.text[:_NAME]).lstrip(" -+*•").startswith("dia diem") for line in draft.lines[:_FOOT_LINES])
    taken: dict[str, list[Line]] = {"label": [], "byline": []}
    above, below = head(draft.lines), tail(draft.lines)[-_FOOT_LINES:]
    first = {line.number for line in above[:1] if not draft.title}
    last = {line.number for line in below}
    for line in {line.number: line for line in (*above, *below)}.values():
        told = read_line(line.text, at_end=line.number in last)
        if (
            told is None
            or (line.number in first and told.labels & _NOT_ON_TOP)
            or ("when" in told.labels and (event or line not in above))
        ):
            continue
        fields = {field: value for field, value in told.fields.items() if field != "title" or line in above}
        found = {**fields, **found}
        taken["byline" if told.labels <= _SIGNATURES else "label"].append(line)
    changed = found.pop("updated", None)
    for kind, lines in taken.items():
        draft = draft.without(kind, lines)
    return filled(draft, **{"published": changed, **found})


def read_line(line: str, *, at_end: bool = False) -> Told | None:
    """What a line of labels tells; None when it is, or may be, anything else.

    >>> sorted(read_line("Người đăng: Ban biên tập | Ngày đăng: 02/03/2021").fields.items())
    [('poster', 'Ban biên tập'), ('published', '2021-03-02')]
    """
    if len(line) > _LONGEST or not _TELLING.search(line):
        return None
    text = trimmed(squeezed(line))
    plain = folded(text)
    if at_end and (stop := _STOPPED.match(plain)):
        source = credit(text[stop.end() :]).source
        return Told(frozenset({"source"}), {"source": source}) if source else None
    places = list(_LABEL.finditer(plain))
    places = [place for place in places if place.lastgroup not in _LOOSE or _begins_a_part(plain, place.start())]
    fields = _before(text[: places[0].start()]) if places else None
    if fields is None or (not at_end and {place.lastgroup for place in places} == {"photo"}):
        return None
    ends = [place.start() for place in places[1:]] + [len(text)]
    for place, end in zip(places, ends, strict=True):
        label = place.lastgroup or ""
        value = trimmed(text[place.end() : end])
        if buttons := _BUTTONS.search(folded(value)):
            value = trimmed(value[: buttons.start()])
        told = _value(label, value)
        if told is None:
            return None
        fields = {**told, **fields}
    return Told(frozenset(place.lastgroup or "" for place in places), fields)


def _before(text: str) -> dict[str, object] | None:
    """What stands before the first label: nothing, a button, a date, a newspaper's name; None for anything else."""
    text = trimmed(text)
    if not text or _BUTTONS.fullmatch(folded(text)):
        return {}
    if published := read_published(text):
        return {"published": published}
    source = credit(_SECTION.sub("", text)).source
    return {"source": source} if source else None


def _value(label: str, value: str) -> dict[str, object] | None:
    """The fields that a label and its value give; None when this cannot be the label's value."""
    if label in ("published", "updated", "when"):
        published = read_published(value)
        if not published and not is_datelike(value):
            return None
        return {"updated" if label == "updated" else "published": published} if published else {}
    if label in _LOOSE:
        return _named(label, value)
    if label == "byline":
        named = credit(bare(value))
        told = {"author": named.author, "source": named.source}
        return {field: name for field, name in told.items() if name} or None
    if label == "views":
        count = _COUNT.fullmatch(folded(value))
        return {"views": int(re.sub("[.,]", "", count[1]))} if count else None
    if label in ("nothing", "photo"):
        return {} if label == "nothing" or len(value.split()) <= _PHOTOGRAPHER else None
    if label == "url":
        return {"url": value} if _ADDRESS.fullmatch(value) else None
    return _name(label, value)


def _begins_a_part(plain: str, start: int) -> bool:
    """True at the beginning of a line, behind a sign that parts it, and behind a date."""
    before = plain[:start].rstrip()
    return not before or before[-1] in "|,;•·–—-(" or before[-1].isdigit()


def _named(label: str, value: str) -> dict[str, object] | None:
    """The name behind `Viết bởi`, and the date that may stand behind it; None for what is no name."""
    day = next((day for day in _DAY.finditer(folded(value)) if _date(value[day.start() :])), None)
    name = bare(value[: day.start()] if day else value)
    if not name or len(name.split()) > _PHOTOGRAPHER + 1 or name[-1] in ".?!:" or re.search(r"[,;:?!]", name):
        return None
    known = is_author(name)
    if not known and (label == "writer" or (" " in name and not all(word[0].isupper() for word in name.split()))):
        return None
    field = "author" if label == "writer" or (label == "by" and known) else "poster"
    return {field: name} | ({"published": _date(value[day.start() :])} if day else {})


def _date(text: str) -> str | None:
    return read_published(_ON.sub("", trimmed(text)))


def _name(label: str, value: str) -> dict[str, object] | None:
    """The value of a label that any short text may follow."""
    value = value if label == "title" else bare(value)
    if not value:
        return {}
    if label == "title":
        return {"title": value} if " " in value else None
    sentence = ends_sentence(value) and not value.endswith(".")
    return None if sentence or len(value) > _NAME or len(value.split()) > _WORDS else {label: value}
