"""Lines that were broken at a fixed width -> whole paragraphs.

Main name: `unwrapped`. Invariant: lines are joined only in a text in which nearly every line is as full as it can be,
and only where the next word would not have fitted; no word is lost.
"""

import re
from itertools import pairwise

from searchvn.articles.drafts import Draft, Line

_WIDTH = range(50, 101)  # code points
_FULL_LINES = 4  # at least ...
_SHARE = 0.75  # ... and of all lines with another below them
_CAPITALS = 0.5  # of the lines below full ones, at most, that begin with a capital: verses and sentences do
_APART = re.compile(r"\s|[-+*•–>|#=]|\d{1,3}[.)]\s|```")  # what begins a line that stands by itself


def unwrapped(draft: Draft) -> Draft:
    """The draft with the lines of a paragraph as one; a draft that surely is not broken at a width stays as it is."""
    lines = draft.lines
    width = max((len(line.text.rstrip()) for line in lines), default=0)
    if width not in _WIDTH:
        return draft
    pairs = [(line, below) for line, below in pairwise(lines) if line.text.strip() and below.text.strip()]
    full = {line.number for line, below in pairs if _is_full(line, below, width)}
    capitals = sum(below.text[0].isupper() for line, below in pairs if line.number in full)
    if len(full) < max(_FULL_LINES, _SHARE * len(pairs)) or capitals > _CAPITALS * len(full):
        return draft
    top, below = pairs[0]
    if not any(line.text.strip() for line in lines[: lines.index(top)]) and not below.text.strip()[0].islower():
        full.discard(top.number)  # a title, with the text right below it
    joined: list[Line] = []
    parts: list[str] = []
    for line in lines:
        if not parts:
            joined.append(line)
        parts.append(line.text)
        if line.number not in full:
            joined[-1] = joined[-1]._replace(text=" ".join(part.rstrip() for part in parts))
            parts = []
    return draft._replace(lines=tuple(joined))


def _is_full(line: Line, below: Line, width: int) -> bool:
    """True when the first word of the line below would not have fitted at the end of the line."""
    word = below.text.split(maxsplit=1)[0]
    return len(line.text.rstrip()) + 1 + len(word) > width and not _APART.match(below.text)
