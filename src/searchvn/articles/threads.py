"""What readers write below an article, out of the draft: comments of blogs, replies of forums.

Main name: `replies`. Invariants: replies begin below running text, at a line that no article has, or at the heading of
comments below which each is answered with the same button; of the lines below only the imprint is left.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.looks import look
from searchvn.articles.published import read_published
from searchvn.articles.shapes import folded, is_imprint, is_paragraph, squeezed

_LONGEST = 160  # code points of a line that replies are told by
_ENTRY = 600  # code points of what WordPress says about the entry
_BUTTONS = 1  # of readers' answers, at least, below the heading of comments

_COUNTED = re.compile(
    r"\d{1,5} (?:thoughts?|comments?|responses?|replies|phan hoi|binh luan|suy nghi|y kien|tra loi)"
    r" (?:on|to|cho|ve|trong|cua|o|tren|-|–)(?: bai(?: viet)?)? ?[\"“”‘'«](.{3,200})[\"”’'»]?"
)
_POST = re.compile(r"(.{8,60}?)[ |,]{1,5}#(\d{1,5})$")
_SAYS = re.compile(r".{2,60} (?:noi|says|viet|da noi|said)(?: rang)? ?:$")
_ANSWER = re.compile(r"(?:(?:tra loi|reply)(?: (?:binh luan|comment))?|thich(?: \W? ?tra loi)?|like(?: \W? ?reply)?)")
_ENTRY_FOOT = re.compile(
    r"(?:bai (?:nay|viet nay) (?:da )?(?:duoc )?dang (?:trong|tai|o|boi|vao)\b.{0,500}"
    r"(?:duong dan tinh|danh dau|permalink|gan the)"
    r"|(?:this entry was posted|bookmark the permalink|entry filed under)\b"
    r"|(?:last edited by|(?:chinh )?sua lan cuoi boi|(?:lan )?sua cuoi boi|thay doi noi dung boi)\b.{0,90}\d"
    r"|(?:reply with quote|tra loi (?:kem|voi) trich dan|trich dan bai viet|quick reply|multi-quote)$"
    r"|(?:co )?\d{1,5} (?:thanh vien|nguoi|users?|members?) (?:da )?(?:noi loi )?(?:cam on|thich|say thank).{0,90}"
    r"\b(?:bai viet|bai|post)(?: huu ich)?(?: nay| tren| cua .{1,40})?$)"
)


def replies(draft: Draft) -> Draft:
    """The draft without what follows its first running text as replies, and without what is said about the entry."""
    first = next((place for place, line in enumerate(draft.lines) if is_paragraph(line.text)), None)
    if first is None:
        return draft
    lines = [line for line in draft.lines[first + 1 :] if line.text.strip()]
    above = {_plain(line) for line in draft.lines[:first]} | {folded(squeezed(draft.title))}
    start = next((place for place, line in enumerate(lines) if _begins_replies(lines, place, line, above)), len(lines))
    found = [line for line in lines[start:] if not is_imprint(line.text)]
    told = [line for line in lines[:start] if len(line.text) <= _ENTRY and _ENTRY_FOOT.match(_plain(line))]
    return draft.without("comments", found).without("menu", told)


def _begins_replies(lines: Sequence[Line], place: int, line: Line, above: set[str]) -> bool:
    """True for `3 bình luận về “<a line above>”`, the second post of a thread, and the first of answered comments."""
    if len(line.text) > _LONGEST:
        return False
    plain = _plain(line)
    if counted := _COUNTED.fullmatch(plain):
        return counted[1].strip("\"”’'» .") in above
    if (post := _POST.fullmatch(plain)) and int(post[2]) > 1:
        return bool(read_published(post[1]))
    if _is_said(line, lines[place + 1 : place + 2]):
        return any(_ANSWER.fullmatch(_plain(below)) for below in lines[place + 2 :])
    return _opens_comments(line) and _are_answered(lines[place + 1 :])


def _opens_comments(line: Line) -> bool:
    looks = look(line.text)
    return bool(looks and looks.kind == "comments")


def _are_answered(lines: Sequence[Line]) -> bool:
    """True for lines that are comments: buttons to answer them stand between."""
    buttons = [place for place, line in enumerate(lines) if _ANSWER.fullmatch(_plain(line))]
    said = any(_is_said(line, [below]) for line, below in pairwise(lines))
    return len(buttons) > (0 if said else _BUTTONS)


def _is_said(line: Line, below: Sequence[Line]) -> bool:
    """True for `Hoài An nói:` right above a date."""
    return bool(_SAYS.fullmatch(_plain(line)) and below and read_published(_plain(below[0])))


def _plain(line: Line) -> str:
    return folded(squeezed(line.text[: _ENTRY + 1])).strip(" .|[]()")
