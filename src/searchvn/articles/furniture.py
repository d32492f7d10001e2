"""The page around an article, out of the draft: menus, other news, comments, counters, copyright lines, spam.

Main name: `furniture`. Invariants: a line of running text is never left out; what is left out looks like furniture by
itself, or is a short line below a line that says what follows.
"""

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.looks import HEADING, LONGEST, announces_news, is_spam, look
from searchvn.articles.mastheads import is_user_data
from searchvn.articles.regions import head, tail
from searchvn.articles.shapes import ends_sentence, folded, is_paragraph

_SENTENCE = 40  # code points of a sentence that is no headline
_TOP_LINES = 40  # in which tools below the headline are looked for
_BLOCK = 10  # headlines of other news amid an article
_POINTER = re.compile(r">>|(?:moi )?(?:ban doc )?(?:xem|doc) them ?: ?\S")
_NO_TITLE = re.compile(r"print\b|in trang\b|trang chu\b|dang nhap\b|menu\b|home\b")
# How many readers answered, or gave stars.
_READERS = re.compile(
    r"(?:[★☆*]{3,5} ?)?(?:\d(?:[.,]\d)? ?/ ?(?:5|10))? ?\(?\d{1,6} (?:phieu|votes?|phan hoi|binh luan|comments?"
    r"|responses?|replies)\)?"
)
_SHOP = re.compile(r"\b(?:gio hang|vao gio|mua ngay|dat mua|dat hang)\b")
_DATED = re.compile(r"\(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:,? \d{1,2}:\d{2})?\)\s{0,9}$")


def furniture(draft: Draft) -> Draft:
    """The draft without the page around the article."""
    lines = draft.lines if draft.title else _below_the_first(draft.lines)
    found = {**_menus(draft), **_other_news(lines), **_foot(tail(lines))}
    for kind in dict.fromkeys(found.values()):
        draft = draft.without(kind, [line for line, its_kind in found.items() if its_kind == kind])
    return draft


def _below_the_first(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines without the first one with text, which may be the title, whatever it looks like."""
    first = next((place for place, line in enumerate(lines) if line.text.strip()), 0)
    return lines[first + 1 :]


def _menus(draft: Draft) -> dict[Line, str]:
    """Menus above the article. A first line is one only if the next line may be the title instead."""
    top = head(draft.lines)
    found = {line: "menu" for line in top if (looks := look(line.text)) and looks.kind == "menu" and looks.sure}
    if draft.title:
        found |= _tools(draft.lines)
    if top and top[0] in found and not draft.title:
        below = next((line for line in _below_the_first(draft.lines) if line.text.strip()), None)
        if (below is None or is_paragraph(below.text) or below.text.rstrip().endswith(".")) and not _NO_TITLE.match(
            folded(top[0].text.strip())
        ):
            del found[top[0]]
    return found


def _tools(lines: Sequence[Line]) -> dict[Line, str]:
    """Buttons, stars and what a forum says of its users, in the lines between the headline and the first paragraph."""
    found: dict[Line, str] = {}
    users: dict[Line, str] = {}
    top = list(takewhile(lambda line: not (is_paragraph(line.text) or ends_sentence(line.text)), lines[:_TOP_LINES]))
    top = [line for line in top if line.text.strip()]
    menus = [bool((looks := look(line.text)) and looks.kind == "menu") for line in top]
    for place, line in enumerate(top):
        plain = folded(line.text.strip()[:HEADING])
        company = any(menus[max(place - 1, 0) : place]) or any(menus[place + 1 : place + 2])
        if _READERS.fullmatch(plain) or (menus[place] and company):
            found[line] = "menu"
        elif is_user_data(plain):
            users[line] = "menu"
    return found | (users if len(users) > 1 else {})


def _other_news(lines: Sequence[Line]) -> dict[Line, str]:
    """Other news amid the article: lines that point to them, and headlines right below a line that announces them."""
    found: dict[Line, str] = {}
    left = 0
    for line in lines:
        text = line.text.strip()
        if not text or len(text) > LONGEST or is_paragraph(text):
            left = 0
        elif _POINTER.match(folded(text[:HEADING])):
            found[line] = "related"
        elif announces_news(text):
            found[line] = "related"
            left = _BLOCK
        elif left and not _is_sentence(text):
            found[line] = "related"
            left -= 1
        else:
            left = 0
    return found


def _foot(lines: Sequence[Line]) -> dict[Line, str]:
    """The foot of the page, among the lines below the last paragraph."""
    looks = [*(look(line.text) for line in lines), None]
    dated = [bool(_DATED.search(line.text)) for line in lines]
    several_dated = sum(dated) > 1
    found: dict[Line, str] = {}
    shop = any(_SHOP.search(folded(line.text[:HEADING])) for line in lines)
    section = ""  # what a line above says of those that follow
    for line, (its_look, below), has_date in zip(lines, pairwise(looks), dated, strict=True):
        if its_look and its_look.kind == "goods" and (shop or section):
            found[line] = section = "related"
        elif (
            its_look
            and its_look.kind != "goods"
            and (its_look.sure or section or (below and below.kind == its_look.kind))
        ):
            found[line] = its_look.kind
            section = its_look.kind if its_look.opens else section
        elif has_date and several_dated:
            found[line] = section = "related"
        elif section in ("comments", "copyright") or (section and not _is_sentence(line.text)):
            found[line] = section
        else:
            section = ""
        if its_look is None and is_spam(line.text, surely=not section):
            found[line] = "spam"
    return found


def _is_sentence(line: str) -> bool:
    """True for a sentence that is no headline of a list."""
    text = line.strip()
    return len(text) >= _SENTENCE and text.endswith(".") and text[0] not in "-+*•–"
