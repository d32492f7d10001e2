"""Where is the title of a text that has no markup?

Main names: `first_line`, `footer_title`, `last_line`, `continued`. Invariant: a title is a line of the text, or what
stands after a label there; it is never made up, and nothing says that there is one.
"""

import re

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.labels import read_line
from searchvn.articles.names import credit, is_person
from searchvn.articles.pictures import is_slug, reads_like_a_caption
from searchvn.articles.regions import filled, tail
from searchvn.articles.shapes import folded, is_paragraph, squeezed
from searchvn.articles.stamps import read_stamp

_HEAD_LINES = 6  # with text, in which a title is looked for
_LONGEST = 200  # code points; longer lines are paragraphs
_BROKEN = 20  # code points that the second line of a title may be longer than the first
_SENTENCE = 6  # words of the shortest line with a full stop that begins the text proper
_LINES = 4  # of a title, the first one counted
_NAMED_WORDS = 3  # of the shortest title that the foot of the page names
_AT_THE_END = 4  # words of the shortest title that stands below the article
_BODY = 20_000  # code points in which the words of such a title are looked for
_SHARE = 0.6  # of its words that must stand there

_UNENDING = (
    " và",
    " của",
    " tại",
    " ở",
    " về",
    " với",
    " trong",
    " các",
    " những",
    " là",
    ",",
)  # what no title ends with
_WORD = re.compile(r"[^\W\d_]+")
_NAMED = re.compile(r"ban dang (?:doc|xem) (?:bai viet|bai|tin) ?:? ?[\"“«]([^\"”»]{1,200})[\"”»]")
_LABELLED = re.compile(r"(?:(?:ma )?qr ?code|tieu de|trich yeu(?: noi dung)?|ten bai(?: viet)?) ?: ?(?=\S)")


def first_line(draft: Draft) -> Draft:
    """The first line that reads like a title, above the running text. A single word does if it stands alone on top."""
    with_text = [line for line in draft.lines if line.text.strip()][: _HEAD_LINES + 1]
    for place, line in enumerate(with_text[:_HEAD_LINES]):
        text = line.text.strip()
        if len(text) > _LONGEST or is_running(text):
            break
        below = with_text[place + 1] if place + 1 < len(with_text) else None
        alone = place == 0 and below is not None and (below.number > line.number + 1 or is_paragraph(below.text))
        if _reads_like_a_title(text, 1 if alone else 2):
            return _titled(draft, line, *continued(draft, line))
    return draft


def footer_title(draft: Draft) -> Draft:
    """The title that the foot of the page names, in a line that is left out: `QR CODE: <title>`."""
    for line in draft.left_out:
        text = squeezed(line.text[: 2 * _LONGEST])
        plain = folded(text)
        label, named = _LABELLED.match(plain), _NAMED.match(plain)
        title = text[named.start(1) : named.end(1)] if named else text[label.end() :] if label else ""
        if len(title) <= _LONGEST and _reads_like_a_title(title, _NAMED_WORDS):
            return filled(draft, title=title)
    return draft


def last_line(draft: Draft) -> Draft:
    """The last line, where it stands alone, reads like a title and consists of words of the article above it."""
    below = tail(draft.lines)
    body = [line for line in draft.lines if line.text.strip()]
    if len(below) != 1 or len(body) < 2 or below[0].number == body[-2].number + 1:
        return draft
    text = squeezed(below[0].text)
    if reads_like_a_caption(text) or text[0] in "-+*•–(" or not _reads_like_a_title(text, _AT_THE_END):
        return draft
    words = _WORD.findall(folded(text))
    known = set(_WORD.findall(folded("\n".join(line.text[:_BODY] for line in body[:-1])[:_BODY])))
    return _titled(draft, below[0]) if sum(word in known for word in words) >= _SHARE * len(words) else draft


def continued(draft: Draft, title: Line) -> list[Line]:
    """The further lines of a title that was broken: right below it, apart from the text, and clearly going on.

    They go on in small letters, or after a word that ends no title, or all in capitals as the first line is.
    """
    place = draft.lines.index(title)
    found: list[Line] = []
    before = title
    for line in draft.lines[place + 1 : place + _LINES]:
        text = line.text.strip()
        if line.number > before.number + 1 or not text or not _goes_on(before.text.strip(), text, title.text):
            break
        found.append(line)
        before = line
    after = draft.lines[place + 1 + len(found) : place + 2 + len(found)]
    apart = bool(after) and (not after[0].text.strip() or after[0].text.lstrip().startswith("(") or _is_mark(after[0]))
    return found if apart else []


def _goes_on(above: str, text: str, title: str) -> bool:
    """True for a line that belongs to the title whose last line so far is `above`."""
    if not _reads_like_a_title(text, 1) or len(text) > len(title) + _BROKEN:
        return False
    if text[0].islower():
        return True
    if above.lower().endswith(_UNENDING):
        return not any(credit(text)) and read_line(text) is None and read_stamp(text) is None
    capitals = above.isupper() and text.isupper() and len(_WORD.findall(text)) >= _NAMED_WORDS
    return capitals and not (any(credit(text)) if above == title.strip() else is_person(text))


def _is_mark(line: Line) -> bool:
    return read_stamp(line.text) is not None or read_line(line.text) is not None


def _titled(draft: Draft, *lines: Line) -> Draft:
    return draft.without("title", lines)._replace(title=squeezed(" ".join(line.text for line in lines)))


def is_running(text: str) -> bool:
    """True for a sentence with a full stop, long enough to begin the text proper."""
    return text.endswith(".") and not text.endswith("..") and len(_WORD.findall(text)) >= _SENTENCE


def _reads_like_a_title(text: str, words: int) -> bool:
    """True for a line of so many words or more that ends like no sentence and no introduction, and names no file."""
    if len(_WORD.findall(text)) < words or is_slug(text):
        return False
    return text.endswith("..") or not text.endswith((".", ":", ";", ","))
