"""Where in a draft stages look, and how they fill it.

Main names: `head`, `tail`, `filled`. Invariants: a line of running text is in neither region; a field that is known is
not changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from searchvn.articles.drafts import Draft, Line
from searchvn.articles.shapes import is_imprint, is_paragraph

_HEAD_LINES = 12  # with text
_TAIL_LINES = 300  # with text


def head(lines: Sequence[Line]) -> list[Line]:
    """The lines with text above the second paragraph: where titles, dates and names stand. A lead stands among them."""
    found: list[Line] = []
    paragraphs = 0
    for line in lines:
        if is_paragraph(line.text):
            paragraphs += 1
        elif line.text.strip():
            found.append(line)
        if paragraphs == 2 or len(found) == _HEAD_LINES:
            break
    return found


def tail(lines: Sequence[Line]) -> list[Line]:
    """The lines with text below the last paragraph: names, and the foot of the page."""
    found: list[Line] = []
    for line in reversed(lines):
        if len(found) == _TAIL_LINES or (is_paragraph(line.text) and not is_imprint(line.text)):
            break
        if line.text.strip():
            found.append(line)
    return found[::-1]


def filled(draft: Draft, **found: object) -> Draft:
    """The draft with what was found of its fields, and as facts what is no field, where nothing is known yet."""
    new = {name: value for name, value in found.items() if value and not draft.has(name)}
    fields = {name: value for name, value in new.items() if name in Draft._fields}
    facts = {name: value for name, value in new.items() if name not in fields}
    return draft._replace(**fields, facts={**draft.facts, **facts})  # type: ignore[arg-type]
