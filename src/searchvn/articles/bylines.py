"""Names that stand alone, without a label, above or below an article; and whose page it stands on.

Main names: `byline`, `copyright_holder`. Invariant: whoever signs an official document or a letter is no author, and
the last of a list of names is none.
"""

import re

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.names import Credit, bare, credit, is_person, is_publication
from searchvn.articles.regions import filled, head
from searchvn.articles.shapes import ends_sentence, folded, is_paragraph, squeezed, trimmed

_LONGEST = 160  # code points of a line with a name and a post
_NAME = 40  # code points of a name alone
_FIRST_LINES = 2  # below the title ...
_LAST_LINES = 3  # ... and at the end that may be names
_TITLED = 6  # words of a publication's name that is known by its brackets
_POSTS = 60  # code points of a line that names a post
_SIGNED_LINES = 15  # with text, at the end, in which a document is signed

_TEAMS_ON_TOP = re.compile(
    r"(?:to truyen thong|ban bien tap|(?:nhom )?phong vien|cong tac vien|dai truyen thanh|pv|ctv)\b"
)
_SIGNED = re.compile(
    r"(?:tm|kt|tl|tuq|q)\. ?[a-z]|noi nhan\b|\(?da ky\b|kinh gui\b|nguoi (?:viet|lam) don\b|dai dien\b"
)
_POST = re.compile(
    r"(?:quyen |pho )?(?:chu tich|bi thu|(?:tong )?giam doc|truong ban|truong phong|hieu truong"
    r"|chanh van phong|bo truong|thu truong|thu tuong|(?:chi )?cuc truong|vien truong)"
    r"(?: (?:thuong truc|quoc hoi|nuoc|xa|phuong|huyen))?"
)
_ITEM = ("-", "+", "•")  # of a list
_TAG = re.compile(r"\s{0,9}\(([^()\n]{2,40})\)\s{0,2}[-–—]")
_ABBREVIATION = re.compile(r"(?!HĐND|UBND)[A-ZĐ]{2,5}O|BNEWS")  # of newspapers' sites: O is for online
_CITED = re.compile(r"ghi ro nguon(?: tin)?:? ?[\"“«]([^\"”»]{2,80})[\"”»]")
_ORIGIN = re.compile(r"\((?:rut tu|trich(?: tu)?|sao luc|suu tam(?: tu)?|dan theo|theo|nguon)\b[^()]{2,100}\)\.?")
_BRACKETED = re.compile(r"\(([^()]{2,40})\)")
_HOLDER = re.compile(
    r"(?:copyright|©|\(c\)|ban quyen)"
    r"(?:[ ,:]{0,3}(?:©|\(c\)|copyright|(?:19|20)\d{2}(?: ?[-–] ?\d{4})?|by|of|thuoc(?: ve)?|cua)){0,5}"
    r"[ ,:]{1,3}([^.;|©\n]{2,80})"
)


def byline(draft: Draft) -> Draft:
    """The draft without the lines that name its author or source, and with these names."""
    found: dict[Line, Credit] = {**_on_top(draft), **_at_end(draft)}
    for named in found.values():
        draft = filled(draft, author=named.author, source=named.source)
    return draft.without("byline", found)


def _on_top(draft: Draft) -> dict[Line, Credit]:
    """A name between the title and the text: `* HOÀI AN, Trưởng thôn`, `Tổ truyền thông xã`."""
    for line in head(draft.lines)[:_FIRST_LINES]:
        if len(line.text) > _LONGEST:
            continue
        text = squeezed(line.text)
        name = bare(text.partition(",")[0])
        if text.startswith(("*", "•")) and is_person(name):
            return {line: Credit(name)}
        named = credit(text)
        author = named.author or ""
        if (
            (is_person(author) and _is_alone(line, draft))
            or _TEAMS_ON_TOP.match(folded(author))
            or is_publication(trimmed(text))
        ):
            return {line: named}
    return {}


def _is_alone(name: Line, draft: Draft) -> bool:
    """False where more names are lines of their own: those are headings, or a list."""
    lines = [line for line in draft.lines if line.text.strip()][:-_LAST_LINES]
    return not any(line != name and len(line.text) <= _NAME and is_person(line.text.strip()) for line in lines)


def _at_end(draft: Draft) -> dict[Line, Credit]:
    """Names in the last lines of the text, each below the end of a sentence or apart from what stands above it."""
    lines = [line for line in draft.lines if line.text.strip()]
    last = lines[-_SIGNED_LINES:]
    found: dict[Line, Credit] = {}
    known: set[str] = set()
    while len(lines) > 1 and len(found) < _LAST_LINES:
        line, above = lines.pop(), lines[-1]
        named = _origin(line.text, above.text) or credit(line.text)
        if named == Credit() and _ORIGIN.fullmatch(folded(squeezed(line.text[:_LONGEST]))) and not found:
            found[line] = named
            continue
        new = _fields(named)
        if not new or new & known or line.text.lstrip().startswith(_ITEM):
            break
        apart = line.number > above.number + 1 or is_paragraph(above.text) or ends_sentence(above.text)
        if not apart and not _fields(credit(above.text)) - new:
            break
        found[line] = named
        known |= new
    signed = draft.has("number") or (found and any(_is_signature(line.text.strip()) for line in last))
    return {} if signed else found


def _origin(text: str, above: str) -> Credit | None:
    """The source in brackets below the author's name: `Hoài An` and `(Sông Mơ)`."""
    note = _BRACKETED.fullmatch(squeezed(text[:_LONGEST]))
    if not note or not credit(above).author or any(credit(text)):
        return None
    words = note[1].split()
    return Credit(source=note[1]) if all(word[0].isupper() for word in words) and len(words) <= _TITLED else None


def _is_signature(text: str) -> bool:
    """True for what stands above the name of somebody who signs: `TM. ỦY BAN`, `CHỦ TỊCH`, `Kính gửi: …`."""
    plain = folded(text[:_POSTS])
    return bool(_SIGNED.match(plain) or (text.isupper() and _POST.fullmatch(plain)))


def _fields(named: Credit) -> set[str]:
    return {field for field, name in named._asdict().items() if name}


def tag(draft: Draft) -> Draft:
    """The draft with the publication in brackets before its first sentence as its source: `(QTO) - Sáng nay, …`."""
    first = next((line.text for line in draft.lines if is_paragraph(line.text)), "")
    found = _TAG.match(first)
    name = bare(found[1]) if found else ""
    return filled(draft, source=name) if is_publication(name) or _ABBREVIATION.fullmatch(name) else draft


def copyright_holder(draft: Draft) -> Draft:
    """The draft with the publication that a copyright line names as its source."""
    for line in draft.left_out:
        if line.kind != "copyright":
            continue
        text = squeezed(line.text[:_LONGEST])
        holder = _HOLDER.match(folded(text).lstrip())
        holder = holder or _CITED.search(folded(text))
        name = bare(text[holder.start(1) : holder.end(1)]) if holder else ""
        if is_publication(name):
            return filled(draft, source=name)
    return draft
