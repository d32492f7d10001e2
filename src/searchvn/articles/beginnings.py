"""Where does the article begin in a text that was copied with the page above it?

Main names: `attributes`, `beginning`. Invariants: only lines above the headline are left out, none of them is running
text, and what remains below is the larger part; without something above it that surely is none, the first line stays.
"""

import re
from collections.abc import Sequence

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.labels import read_line
from searchvn.articles.mastheads import sign
from searchvn.articles.pictures import is_slug, reads_like_a_caption
from searchvn.articles.regions import filled
from searchvn.articles.shapes import folded, is_paragraph, squeezed
from searchvn.articles.stamps import read_stamp
from searchvn.articles.titles import continued, is_running

_TOP_LINES = 60  # with text, above the first paragraph
_HEADLINE = 4  # words of a headline that is told by its place ...
_SHORT = 2  # ... and of one below which a date or a name stands
_ENTRY = 5  # words of an entry of a menu, or of a site's name
_ENTRIES = 3  # lines of a menu
_LONG = 7  # words of a line that may well be a headline wherever it stands
_LEAD = 10  # words of a lead without a full stop
_LONGEST = 200  # code points

_ATTRIBUTES = 3  # of a document, in lines of their own
_ATTRIBUTE = re.compile(
    r"(?:so(?: |/| - )ky hieu|so hieu|ky hieu|(?:loai|hinh thuc|ten) van ban|(?:co quan|don vi|noi) ban hanh|linh vuc"
    r"|nguoi ky|chuc (?:vu|danh)(?: nguoi ky)?|ngay (?:ban hanh|hieu luc|co hieu luc|het hieu luc|ky|dang)"
    r"|tinh trang(?: hieu luc)?|trich yeu(?: noi dung)?|pham vi"
    r"|(?:tep|file|tap tin|tai lieu)(?: van ban)? dinh kem) ?: ?"
)
# Papers whose kind begins their headline, below the name of who puts them out.
_PAPER = re.compile(
    r"(?:thu (?:ngo|moi|keu goi|cam on|chuc)|giay moi|thong (?:bao|cao|tin|diep)|ke hoach|bao cao|loi keu goi|tuyen bo"
    r"|dien van|bai phat bieu|noi quy|quy (?:che|dinh)|huong dan|bien ban|don\b|tin buon|cao pho|danh sach"
    r"|chuong trinh)"
)
_QUOTED = re.compile(r"[\"“«]([^\"”»\n]{8,200})[\"”»]")


def attributes(draft: Draft) -> Draft:
    """The draft without the attributes of a document that portals show on top of it: `Số ký hiệu: …`, `Người ký: …`."""
    block: list[Line] = []
    for line in draft.lines:
        if block and not line.text.strip():
            break
        if line.text.strip():
            if is_paragraph(line.text) and not _ATTRIBUTE.match(folded(line.text[:_LONGEST])):
                return draft
            block.append(line)
        if len(block) > _TOP_LINES:
            return draft
    told = [line for line in block if _ATTRIBUTE.match(folded(line.text[:_LONGEST]))]
    if len(told) < _ATTRIBUTES or 2 * len(told) < len(block) or not _is_larger(draft.lines, block):
        return draft
    found: dict[str, object] = {}
    for line in told:
        read = read_line(line.text)
        found = {**(read.fields if read else {}), **found}
    found = {field: found.get(field) for field in ("number", "published")}
    return filled(draft.without("label", block), **found)


def beginning(draft: Draft) -> Draft:
    """The draft with the headline as its title, if lines stand above it that are none, and without these."""
    top = _top(draft.lines)
    if len(top) < 2:
        return draft
    signs = [sign(line.text) for line in top]
    if not any(known not in ("", "mark") for known in signs) and not _is_menu(top[:_ENTRIES]):
        return draft
    place = _below_navigation(draft, top, signs) or _below_sections(top, signs)
    if not place or not _is_larger(draft.lines, top[:place]):
        return draft
    gone = [line for line, known in zip(top[:place], signs, strict=False) if known != "mark"]
    gone += _other_days(top, place)
    title = [top[place], *continued(draft, top[place])]
    draft = draft.without("menu", gone).without("title", title)
    return draft._replace(title=squeezed(" ".join(line.text for line in title)))


def _top(lines: Sequence[Line]) -> list[Line]:
    """The lines with text above the first paragraph; none where there is no paragraph, or not near."""
    found: list[Line] = []
    for line in lines:
        text = line.text.strip()
        if len(text) > _LONGEST or is_paragraph(text) or (is_running(text) and not _is_mark(text)):
            return found
        if text:
            found.append(line)
        if len(found) > _TOP_LINES:
            break
    return []


def _is_mark(text: str) -> bool:
    return read_stamp(text) is not None or read_line(text) is not None


def _below_navigation(draft: Draft, top: Sequence[Line], signs: Sequence[str]) -> int | None:
    """The place of the headline below the last line that leads elsewhere."""
    navigation = [place for place, known in enumerate(signs) if known == "navigation"]
    last = next((place for place in reversed(navigation) if _candidates(top, signs, place + 1)), None)
    if last is None:
        return None
    below = _candidates(top, signs, last + 1)
    upper = [place for place in _candidates(top, signs, 0) if place < last]
    named = _named(draft, top)
    chosen = next((place for place in below if squeezed(top[place].text) in named), None)
    chosen = chosen or next((place for place in below if _ends_at_a_mark(top, signs, place)), None)
    if chosen is None and any(_may_be_the_headline(top, signs, place) for place in upper):
        return None
    return chosen or next((place for place in below if _leads(signs, top, place)), below[0])


def _may_be_the_headline(top: Sequence[Line], signs: Sequence[str], place: int) -> bool:
    """True for a line above a path or a menu that reads like a headline: long, apart, or right above a date."""
    apart = top[place + 1].number > top[place].number + 1
    return apart or len(top[place].text.split()) >= _LONG or _ends_at_a_mark(top, signs, place)


def _below_sections(top: Sequence[Line], signs: Sequence[str]) -> int | None:
    """The place of the headline below names of sections and owners, or below a menu of one entry a line."""
    place, known = 0, ""
    while place < len(top) - 1:
        if signs[place] in ("section", "owner"):
            known = known or signs[place]
        elif signs[place] not in ("tool", "mark", "user") and not _names_a_site(top, signs, place):
            break
        place += 1
    if not known:
        entries = next((at for at, line in enumerate(top) if not _is_entry(line) or signs[at] == "mark"), 0)
        fits = entries >= _ENTRIES and _is_menu(top[: entries + 1]) and _ends_at_a_mark(top, signs, entries)
        return entries if fits and entries in _candidates(top, signs, 0) else None
    headline = top[place].text.strip()
    dated = _ends_at_a_mark(top, signs, place)
    if signs[place] or not _reads_like_a_headline(headline, _SHORT if dated else _HEADLINE):
        return None
    above = top[place - 1]
    if above.text.isupper() and headline.isupper() and known == "owner":
        return place if _PAPER.match(folded(headline)) else None
    return place if dated or (known == "section" and _leads(signs, top, place)) else None


def _names_a_site(top: Sequence[Line], signs: Sequence[str], place: int) -> bool:
    """True for a short first line right above the name of a section."""
    below = place + 1
    return (
        place == 0
        and below + 1 < len(top)
        and signs[below] == "section"
        and top[below].number == top[0].number + 1
        and len(top[0].text.split()) <= _ENTRY
        and _ends_at_a_mark(top, signs, below + 1)
    )


def _candidates(top: Sequence[Line], signs: Sequence[str], start: int) -> list[int]:
    return [
        place
        for place in range(start, len(top))
        if not signs[place] and _reads_like_a_headline(top[place].text.strip(), _HEADLINE)
    ]


def _reads_like_a_headline(text: str, words: int) -> bool:
    if len(text.split()) < words or not (text[0] in "\"“‘'«[" or text[0].isdigit() or _is_capitalised(text)):
        return False
    is_name = is_slug(text) or reads_like_a_caption(text, alone=False)
    return not is_name and (text.endswith("..") or not text.endswith((".", ":", ";", ",")))


def _is_capitalised(text: str) -> bool:
    """True for `Sen nở`, and for `iPhone`."""
    first = text.split(maxsplit=1)[0]
    return first != first.lower()


def _ends_at_a_mark(top: Sequence[Line], signs: Sequence[str], place: int) -> bool:
    """True for a headline right above a date, a name or a label, over one line or several."""
    below = _after(top, place)
    return below < len(top) and signs[below] == "mark"


def _leads(signs: Sequence[str], top: Sequence[Line], place: int) -> bool:
    """True for a headline right above the text; tools may stand between, and one longer line as a lead."""
    first = _after(top, place)
    between = [line.text for line, known in zip(top[first:], signs[first:], strict=True) if not known]
    if any(known in ("navigation", "section", "owner") for known in signs[first:]):
        return False
    return not between or (len(between) == 1 and len(between[0].split()) >= max(_LEAD, len(top[place].text.split())))


def _after(top: Sequence[Line], place: int) -> int:
    """The place below a headline that goes on in small letters."""
    place += 1
    while place < len(top) and top[place].text.strip()[0].islower() and top[place].number == top[place - 1].number + 1:
        place += 1
    return place


def _is_entry(line: Line) -> bool:
    text = line.text.strip()
    return len(text.split()) < _ENTRY and text[-1].isalnum() and not text[0].isdigit()


def _is_menu(lines: Sequence[Line]) -> bool:
    """True for lines right below each other, all but the last of which are short."""
    together = all(line.number == lines[0].number + step for step, line in enumerate(lines))
    return len(lines) >= _ENTRIES and together and all(map(_is_entry, lines[:-1]))


def _named(draft: Draft, top: Sequence[Line]) -> set[str]:
    """What lines below the top put in quotation marks, as comments and footers do with the headline."""
    after = top[-1].number
    short = (line.text for line in draft.lines if line.number > after and len(line.text) <= 2 * _LONGEST)
    return {squeezed(found) for text in short for found in _QUOTED.findall(text)}


def _other_days(top: Sequence[Line], place: int) -> list[Line]:
    """The days above a headline that are not its own: all where one stands below it, else all but the nearest."""
    dated = [line for line in top if "published" in _told(line.text)]
    above = [line for line in dated if line.number < top[place].number]
    return above if len(above) < len(dated) else above[:-1]


def _told(text: str) -> Sequence[str]:
    read = read_line(text)
    fields = read.fields if read else read_stamp(text) or {}
    return list(fields)


def _is_larger(lines: Sequence[Line], above: Sequence[Line]) -> bool:
    """True when the text without the lines above its headline is more than these."""
    taken = sum(len(line.text) for line in above)
    return 2 * taken < sum(len(line.text) for line in lines)
