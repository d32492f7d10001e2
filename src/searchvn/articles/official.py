"""Official documents, in the form of Nghị định 30/2020/NĐ-CP and of the Party's -> title, number, day, issuer.

Main name: `official`. Invariants: only a text that has the name of the state, or of the Party, among its first lines is
one, every other text stays as it is; the day is that of the place line, never one that the text cites.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.published import read_published
from searchvn.articles.regions import filled
from searchvn.articles.shapes import folded, squeezed, trimmed

_HEAD_LINES = 25  # with text
_TOP_LINES = 8  # of them in which the state is named
_LONGEST = 400  # code points of a line of the head
_SUBJECT_LINES = 6  # of what a document is about

_COLUMNS = re.compile(r"\t+|\s{3,}|\s*\|\s*")
_OPEN = re.compile(r"(số ?:?|ngày|tháng|năm)\s{2,40}(?=/|tháng|năm|\d)", re.IGNORECASE)  # a gap to be filled by hand
_NAMED = re.compile(r"vi[eệ]t\s+nam", re.IGNORECASE)  # spares other texts the rest
_STATE = re.compile(r"cong ?hoa xa hoi chu nghia viet nam|dang cong san viet nam")
_MOTTO = re.compile(r"doc lap ?[-–—] ?tu do ?[-–—] ?hanh phuc")
_RULE = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"so ?[:.]? ?(?=[\d/…._-])")
_PLACE = re.compile(r"[^\W\d_][^\d:;,]{1,40}, ?(?=ngay\b.{0,12}thang\b.{0,8}nam\b)")
_ABOUT = re.compile(r"v/v\b|ve viec\b")
_PREAMBLE = re.compile(r"can cu\b|kinh gui\b|thuc hien\b|xet\b|theo\b|de nghi\b|dieu 1\b|chuong i\b|i\. |1\. ")
_AUTHORITY = re.compile(
    r"(?:uy ban|hoi dong|bo truong|chu tich|thu tuong|chinh phu|quoc hoi|ban chap hanh|ban thuong vu|giam doc|bi thu)\b"
)
# What goes on with the name in the line above: `ỦY BAN NHÂN DÂN` + `TỈNH …`, but not `HUYỆN ỦY …`
_REGION = re.compile(
    r"(?:tinh|thanh pho|tp\.?|quan|huyen|thi xa|thi tran|phuong|xa|dac khu|khu vuc|dang bo|trung uong)\b(?! uy\b)"
)
_KINDS = tuple(
    folded(
        "nghị quyết|quyết định|chỉ thị|quy chế|quy định|thông cáo|thông báo|hướng dẫn|chương trình|kế hoạch|phương án|"
        "đề án|dự án|báo cáo|tờ trình|công điện|công văn|thông tư|nghị định|luật|pháp lệnh|kết luận|giấy mời|thông tri|"
        "lệnh|biên bản|điều lệ"
    ).split("|")
)


class _Cell(NamedTuple):
    """A line of the head, or the part of it that stands in one of two columns."""

    line: Line
    text: str
    plain: str


def official(draft: Draft) -> Draft:
    """The draft of an official document without its head, and with what the head says; any other draft as it is."""
    if not any(_NAMED.search(line.text[:_LONGEST]) for line in draft.lines[: 2 * _HEAD_LINES]):
        return draft
    cells = _cells(draft.lines)
    state = next((place for place, cell in enumerate(cells[:_TOP_LINES]) if _STATE.fullmatch(cell.plain)), None)
    if state is None:
        return draft
    kind = next((place for place, cell in enumerate(cells) if place > state and _is_kind(cell)), len(cells))
    head = _above_the_text(cells[:kind])
    marks = [cell for cell in head if _is_mark(cell)]
    number, day = _number(marks), _day(marks)
    title = _subject(cells[kind:]) if kind < len(cells) else _about(head)
    bodies = [cell for cell in head if cell.text.isupper() and cell not in (*marks, *title)] if title else []
    issuer = _issuer(bodies)
    left_out = {
        "label": [cell.line for cell in (*marks, *filter(_is_rule, cells))],
        "byline": [cell.line for cell in bodies],
        "title": [] if draft.title else [cell.line for cell in title],
    }
    for its_kind, lines in left_out.items():
        draft = draft.without(its_kind, [line for line in lines if line in draft.lines])
    found = {
        "title": squeezed(" ".join(cell.text for cell in title)),
        "source": squeezed(" ".join(cell.text for cell in issuer)),
    }
    return filled(draft, number=number, published=day, **found)


def _cells(lines: Sequence[Line]) -> list[_Cell]:
    """The first lines with text, cut where they stand in columns, down to the first long one."""
    found: list[_Cell] = []
    with_text = 0
    for line in lines:
        if len(line.text) > _LONGEST or with_text == _HEAD_LINES:
            break
        parts = [squeezed(part) for part in _COLUMNS.split(_OPEN.sub(r"\1 ", line.text.strip())) if part.strip()]
        found += [_Cell(line, part, folded(part).strip(" *.:")) for part in parts]
        with_text += bool(parts)
    return found


def _is_kind(cell: _Cell) -> bool:
    """True for `NGHỊ QUYẾT`, and for a line in capitals that begins so."""
    return cell.plain in _KINDS or (cell.text.isupper() and cell.plain.startswith(tuple(f"{kind} " for kind in _KINDS)))


def _above_the_text(cells: Sequence[_Cell]) -> list[_Cell]:
    text = next((place for place, cell in enumerate(cells) if _PREAMBLE.match(cell.plain)), len(cells))
    return list(cells[:text])


def _is_mark(cell: _Cell) -> bool:
    """True for the name of the state, the motto, a rule, the number, and the line of place and day."""
    if _is_rule(cell) or _STATE.fullmatch(cell.plain) or _MOTTO.fullmatch(cell.plain):
        return True
    return bool(_NUMBER.match(cell.plain) or _PLACE.match(cell.plain))


def _is_rule(cell: _Cell) -> bool:
    return bool(_RULE.fullmatch(cell.text))


def _number(marks: Sequence[_Cell]) -> str | None:
    """`12/NQ-HĐND`; None where it was left open."""
    for cell in marks:
        if label := _NUMBER.match(folded(cell.text)):
            written = re.sub(r" ?([/–-]) ?", r"\1", cell.text[label.end() :]).split(" ")[0].strip(".,;")
            return written if re.match(r"\d+\S*[^\W\d_]", written) else None
    return None


def _day(marks: Sequence[_Cell]) -> str | None:
    for cell in marks:
        if place := _PLACE.match(folded(cell.text)):
            return read_published(trimmed(cell.text[place.end() :]))
    return None


def _issuer(bodies: Sequence[_Cell]) -> list[_Cell]:
    """The last of the bodies, with the lines that its name begins in; above it may stand the one that it is part of."""
    first = len(bodies) - 1
    while first > 0 and _REGION.match(bodies[first].plain):
        first -= 1
    return list(bodies[max(first, 0) :])


def _about(head: Sequence[_Cell]) -> list[_Cell]:
    """What an official letter is about: it has no name of its kind, but a line `V/v …`."""
    first = next((place for place, cell in enumerate(head) if _ABOUT.match(cell.plain)), len(head))
    found = list(head[first : first + 1])
    for cell in head[first + 1 : first + _SUBJECT_LINES]:
        if cell.line.number != found[-1].line.number + 1 or _is_mark(cell) or not cell.text[0].islower():
            break
        found.append(cell)
    return found


def _subject(cells: Sequence[_Cell]) -> list[_Cell]:
    """The name of a document's kind, and the lines right below it that say what it is about."""
    found = list(cells[:1])
    for cell in cells[1 : 1 + _SUBJECT_LINES]:
        gap = cell.line.number - found[-1].line.number
        ends = (
            _is_mark(cell)
            or cell.text != squeezed(cell.line.text)
            or _PREAMBLE.match(cell.plain)
            or cell.text.endswith((";", ":"))
        )
        if ends or gap > 2 or (gap == 2 and len(found) > 1) or (cell.text.isupper() and _AUTHORITY.match(cell.plain)):
            break
        found.append(cell)
    return found
