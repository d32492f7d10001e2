"""A text and what was found in it -> the passages worth showing.

Main name: `best_passages`. Invariants: a passage is a slice of the text that begins and ends between tokens, unless one
token is longer than a passage; passages share nothing and come best first; the work grows with the text as the number
of matches does, whatever the text.
"""

import re
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from searchvn.models import Snippet, Span

PASSAGE = 220  # code points, about three lines of 80 columns
_SLACK = 60  # how far a passage's border may move to fall between sentences

_SHOWN = 0.3  # what a needle weighs that an earlier passage shows
_AGAIN = 0.05  # what it weighs once more in one passage
_WORTH = 0.1  # of what the first passage weighs, a further one has as much

# The full stop of an initial, a list's number or a title (`Nguyễn Văn A.`, `2.`, `TP.`) ends no sentence.
_SENTENCE_END = re.compile(
    r"(?:(?<!\b\w)(?<!\b[TG][PpS])(?<!\b[BLK]S)(?<!\bPGS)(?<!\bTh[sS])\.|[!?…;]|(?<=\.)\.)+[”\"’)]*(?=\s)|\n+"
)
_CLAUSE_END = re.compile(r"[,:](?=\s)|\s[–—-](?=\s)|\s(?=\()")
_SPACE = re.compile(r"\s+")


class Match(NamedTuple):
    """Needle number `needle` stands at `start`..`end` of the text."""

    start: int
    end: int
    needle: int


class _Window(NamedTuple):
    """The matches `first`..`last`, both included, and how much they are worth together."""

    worth: int
    first: int
    last: int


_worth, _end = itemgetter(0), itemgetter(1)


def joined(matches: Sequence[Match], start: int = 0) -> tuple[Span, ...]:
    """The places of matches in order as spans counted from `start`; overlapping ones are one."""
    found: list[Span] = []
    for first, last, _ in matches:
        if found and first - start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last - start))
        else:
            found.append((first - start, last - start))
    return tuple(found)


def best_passages(text: str, matches: Sequence[Match], weights: Sequence[float], most: int) -> tuple[Snippet, ...]:
    """The passages with the heaviest needles closest together, at most `most`, best first.

    `matches` are in order, `weights` those of the needles. Once shown, a needle weighs less, so a further passage shows
    what the others lack, if there is such; one that is hardly worth anything is left out. A text without matches gives
    its beginning.
    """
    if not matches:
        return (_opening(text),) if text.strip() and most else ()
    taken: list[Span] = []  # in order of their place
    snippets: list[Snippet] = []
    shown: set[int] = set()
    left, least = matches, 0.0
    while left and len(snippets) < most:
        windows = _windows(left, [weight * (_SHOWN if n in shown else 1.0) for n, weight in enumerate(weights)])
        is_new = any(match.needle not in shown for match in left)
        for window in [max(windows, key=_worth)] if is_new else sorted(windows, key=_worth, reverse=True):
            ...
    return tuple(snippets)
