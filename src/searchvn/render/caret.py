"""The place of a mistake in a query, drawn under it. Main name: `pointed`.

Invariant: two lines that hold nothing harmful, whatever the query holds, and no more than about sixty columns of it.
"""

from __future__ import annotations

from unicodedata import category, east_asian_width

from searchvn.render.safe import harmless

COLUMNS = 60  # of a query that are shown
_NEAR = 400  # characters: marks take no columns, so columns alone are no bound


def columns(text: str) -> int:
    """How many columns of a terminal `text` takes: two for wide characters, none for marks on others.

    >>> columns("đổi"), columns("đổi"), columns("서울")
    (3, 3, 4)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def pointed(query: str, position: int) -> tuple[str, str]:
    """The query, or what stands around `position` (a code-point offset) in a long one, and a caret for below it.

    >>> print("\\n".join(pointed("lúa (vụ mùa", 4)))
    lúa (vụ mùa
        ^
    """
    position = max(0, min(position, len(query)))
    before, after = query[max(0, position - _NEAR) : position], query[position : position + _NEAR]
    before, after = harmless(before), harmless(after)
    ahead = _fitting(after, COLUMNS // 2)
    behind = _fitting(before[::-1], COLUMNS - columns(ahead))[::-1]
    ahead = _fitting(after, COLUMNS - columns(behind))
    left = "…" if position > len(behind) else ""
    right = "…" if len(query) - position > len(ahead) else ""
    return left + behind + ahead + right, " " * columns(left + behind) + "^"


def _fitting(text: str, most: int) -> str:
    """The beginning of `text` that takes no more than so many columns."""
    taken = 0
    for place, character in enumerate(text):
        taken += _width(character)
        if taken > most:
            return text[:place]
    return text


def _width(character: str) -> int:
    # Format characters are invisible but for the soft hyphen; vowels and finals complete a Hangul syllable.
    if (category(character) in ("Mn", "Me", "Cf") and character != "\xad") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
