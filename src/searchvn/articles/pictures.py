"""What the pictures of an article leave in its text: captions, file names, the title once more, doubled lines.

Main names: `repeats`, `captions`. Invariant: captions stay in the body; only what repeats a line of the article, or is
the name of a file, leaves it.
"""

import re
from collections.abc import Sequence

from searchvn.analysis.syllables import is_folded_syllable
from searchvn.articles.drafts import Draft, Line
from searchvn.articles.regions import filled
from searchvn.articles.shapes import folded, is_paragraph, squeezed

_LONGEST = 300  # code points of a caption
_OPENS = 20  # of them in which it says that it is one
_DOUBLED = 2  # spaces in the shortest line that stands twice by mistake
_REFRAIN = 3  # spaces in the shortest title that no line of an article repeats on purpose
_ITEMS = "-+*•|#>"  # what items of lists and rows of tables begin with
_ADDRESSED = re.compile(
    r"(?:kinh (?:gui|thua)|than gui|v/v|ve viec|noi nhan|trich yeu|so|cc)\b"
)  # no caption begins so
_UNPUNCTUATED = 10  # words of the shortest line without a full stop that is no heading
_SLUG = (10, 100)  # code points of a name without an ending
_PARTS = 3  # words in such a name

_FILE = re.compile(r"[^\n/]{1,90}\.(?:jpe?g|png|gif|webp|bmp|tiff?)", re.IGNORECASE)
_CAMERA = re.compile(
    r"(?:img|dsc[fn]?|image|anh|hinh|pic|photo|screenshot|z)[-_]?\d{2,20}(?:[-_]\w{1,20})?", re.IGNORECASE
)
_NAME = re.compile(r"[a-z0-9]{1,40}(?:[-_][a-z0-9]{1,40}){0,20}")
_OPENING = re.compile(r"(?:quang canh|toan canh|anh minh hoa|(?:anh|hinh) \d{1,2} ?[:.])\b")
_CREDITED = re.compile(
    r"(?:^|[ (.,;–-])(?:nguon )?ảnh ?(?:minh họa|tư liệu)? ?: ?[^.:;]{2,60}[.)]{0,2}$"
    r"|[.(] ?ảnh (?:chụp màn hình|cắt từ|minh họa|tư liệu|do)[^.:;]{0,40}[.)]{0,2}$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:phat bieu|bao cao|trao doi|tham luan|thao luan|trinh bay|chu tri|chup anh|trao (?:qua|tang|bang|giay|hoa|co)"
    r"|tang (?:qua|hoa)|chuc mung|kiem tra|tham quan|bieu quyet)\b"
)
_PLACE = re.compile(r"\b(?:tai|ben le|trong|truoc|cung|cho) [^.:;]{3,80}\.?$")


def repeats(draft: Draft) -> Draft:
    """The draft without names of picture files, lines that stand twice in a row, and repetitions of its title.

    Rows of tables, items of lists and single words may well be equal; a short title may be the refrain of a song.
    """
    title = squeezed(draft.title).casefold()
    title = title if title.count(" ") >= _REFRAIN else ""
    slugs: list[Line] = []
    doubled: list[Line] = []
    before = ""
    for line in draft.lines:
        text = squeezed(line.text).casefold()
        if text and (text == title or (text == before and text.count(" ") >= _DOUBLED and _is_prose(text))):
            doubled.append(line)
        elif is_slug(line.text.strip()):
            slugs.append(line)
        before = text or before
    return draft.without("repeat", doubled).without("slug", slugs)


def _is_prose(text: str) -> bool:
    return text[0] not in _ITEMS and not text[0].isdigit()


def captions(draft: Draft) -> Draft:
    """The draft with the fact `captions`: lines below the name of a picture, doubled ones, and what reads like one."""
    left_out = {line.number: line for line in draft.left_out if line.kind in ("slug", "repeat")}
    pictures = {number for number, line in left_out.items() if line.kind == "slug" or _is(line.text, draft.title)}
    doubled = {squeezed(line.text) for number, line in left_out.items() if number not in pictures}
    found: list[str] = []
    lines = [line for line in draft.lines if line.text.strip()]
    for place, line in enumerate(lines):
        text = squeezed(line.text) if len(line.text) <= _LONGEST else ""
        if not text or text[0] in _ITEMS:
            continue
        below_picture = bool(pictures & {line.number - 1, line.number - 2})
        alone = _stands_alone(lines[max(place - 1, 0) : place + 2])
        seen = below_picture or text in doubled or (alone and _is_unpunctuated(text))
        if seen or reads_like_a_caption(text, alone=alone):
            found.append(text)
    return filled(draft, captions=found)


def _stands_alone(lines: Sequence[Line]) -> bool:
    """True for the second of three lines, if empty lines are between them."""
    return len(lines) == 3 and lines[0].number + 1 < lines[1].number < lines[2].number - 1


def reads_like_a_caption(text: str, *, alone: bool = True) -> bool:
    """True for a line that names a photographer or says what is seen; an event only where the line stands `alone`.

    >>> [reads_like_a_caption(text) for text in ("Sen nở. Ảnh: Hoài An", "Quang cảnh hội sách", "Sen nở rộ ở đầm cũ")]
    [True, True, False]
    """
    if len(text) > _LONGEST or text.endswith(":"):
        return False
    if _CREDITED.search(text):
        return True
    if is_paragraph(text) or ". " in text:
        return False
    if _OPENING.match(folded(text[:_OPENS])):
        return True
    plain = folded(text) if alone else ""
    event = _EVENT.search(plain)
    return bool(event and _PLACE.search(plain, event.end()))


def _is_unpunctuated(text: str) -> bool:
    """True for a line that is too long for a heading, and has no full stop."""
    if len(text.split()) < _UNPUNCTUATED or not text[0].isupper() or text.isupper() or _ADDRESSED.match(folded(text)):
        return False
    return text.rstrip('”"’»)')[-1:].isalnum()


def is_slug(text: str) -> bool:
    """True for the name of a picture's file, with or without an ending: `le-hoi-lang.jpg`, `IMG_0012`, `lehoilangsen`.

    >>> [is_slug(text) for text in ("le-hoi-lang", "lehoilangsen", "international", "COVID-19")]
    [True, True, False, False]
    """
    if _FILE.fullmatch(text) or _CAMERA.fullmatch(text):
        return True
    if not _SLUG[0] <= len(text) <= _SLUG[1] or not _NAME.fullmatch(text):
        return False
    parts = re.split("[-_]", text)
    return len(parts) >= _PARTS or (len(parts) == 1 and _syllables(text) >= _PARTS)


def _syllables(text: str) -> int:
    """Syllables in letters without spaces, as few as possible; 0 where something else stands among them."""
    fewest: dict[int, int] = {0: 0}  # place -> syllables before it
    for end in range(1, len(text) + 1):
        counts = [
            fewest[start] for start in range(max(0, end - 7), end) if start in fewest and _is_one(text[start:end])
        ]
        if counts:
            fewest[end] = 1 + min(counts)
    return fewest.get(len(text), 0)


def _is_one(text: str) -> bool:
    return len(text) > 1 and is_folded_syllable(text)


def _is(text: str, title: str) -> bool:
    return squeezed(text).casefold() == squeezed(title).casefold()
