"""Lines that were broken at a fixed width -> whole paragraphs.

Main name: `unwrapped`. Invariant: lines are joined only in a text in which nearly every line is as full as it can be,
and only where the next word would not have fitted; no word is lost.
"""

import re
from itertools import pairwise

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.shapes import ends_sentence

_WIDTH = range(50, 101)  # code points
_FULL_LINES = 4  # at least ...
_SHARE = 0.75  # ... and of all lines with another below them
_SENTENCES = 0.5  # of the full lines, at most, that end like one: lines of verse and of lists do
_APART = re.compile(r"\s|[-+*•–>|#=]|\d{1,3}[.)]\s|```")  # what begins a line that stands by itself


def unwrapped(draft: Draft) -> Draft:
    """The draft with the lines of a paragraph as one; a draft that surely is not broken at a width stays as it is."""
    lines = draft.lines
    width = max((len(line.text.rstrip()) for line in lines), default=0)
    if width not in _WIDTH:
        return draft
    pairs = [(line, below) for line, below in pairwise(lines) if line.text.strip() and below.text.strip()]
    full = {line.number: line for line, below in pairs if _is_full(line, below, width)}
    sentences = sum(ends_sentence(line.text) for line in full.values())
    if len(full) < max(_FULL_LINES, _SHARE * len(pairs)) or sentences > _SENTENCES * len(full):
        return draft
    top, below = pairs[0]
    if not any(line.text.strip() for line in lines[: lines.index(top)]) and not below.text.strip()[0].islower():
        full.pop(top.number, None)  # a title, with the text right below it
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
