"""A text and what is found in it -> the passages worth showing.

Main name: `passages_of`. Invariants: a passage is a slice of the text that begins and ends between tokens, where one is
not longer than a passage; passages share nothing; the best comes first; the work is linear in text and matches.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from searchvn.analysis.tokens import spans
from searchvn.models import Snippet, Span

PASSAGE = 220  # code points, about three lines of 80 columns
_SLACK = 60  # how far a passage's border may move to fall between sentences

_SENTENCE_END = re.compile(r"[.!?…;]+[”\"’)]*(?=\s)|\n+")
_CLAUSE_END = re.compile(r"[,:–—-](?=\s)")
_SPACE = re.compile(r"\s+")


class Match(NamedTuple):
    """Needle number `needle` stands at `start`..`end` of the text."""

    start: int
    end: int
    needle: int


def joined(matches: Sequence[Match], start: int = 0) -> tuple[Span, ...]:
    """The places as spans counted from `start`, overlapping ones joined."""
    spans: list[Span] = []
    for match in matches:
        if spans and match.start - start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], match.end - start))
        else:
            spans.append((match.start - start, match.end - start))
    return tuple(spans)


def passages_of(text: str, matches: Sequence[Match], weights: Sequence[float], most: int) -> list[Snippet]:
    """The best windows of the text, then the next best that do not touch them and show a needle not shown yet."""
    if not matches:
        return [_opening(text)] if text.strip() and most else []
    snippets: list[Snippet] = []
    shown: set[int] = set()
    left = list(matches)
    while left and len(snippets) < most:
        first, last = _best_window(left, weights, shown)
        window = left[first : last + 1]
        if snippets and not {match.needle for match in window} - shown:
            break
        start, end = _apart(_borders(text, window[0].start, window[-1].end), window[0].start, snippets)
        inside = [match for match in matches if start <= match.start and match.end <= end]
        snippets.append(Snippet(text[start:end], joined(inside, start), "body", start))
        shown |= {match.needle for match in inside}
        left = [match for match in left if match.end <= start or match.start >= end]
    return snippets


def _apart(span: Span, first: int, others: Sequence[Snippet]) -> Span:
    """The span without what other passages already show; `first` is where its first match starts."""
    start, end = span
    for other in others:
        other_end = other.start + len(other.text)
        if other_end <= first:
            start = max(start, other_end)
        else:
            end = min(end, other.start)
    return start, end


def _best_window(matches: Sequence[Match], weights: Sequence[float], shown: set[int]) -> tuple[int, int]:
    """The run of matches within a passage's length whose needles weigh most; each needle counts once, near ones more.

    Runs without a needle that is not shown yet do not count. A sliding window: every match enters and leaves once, so
    the work is linear in the matches.
    """
    best, best_value = (0, 0), -1.0
    counts: dict[int, int] = {}
    value, first, unseen = 0.0, 0, 0
    for last, match in enumerate(matches):
        counts[match.needle] = counts.get(match.needle, 0) + 1
        value += _gain(weights, match, counts[match.needle], shown)
        unseen += counts[match.needle] == 1 and match.needle not in shown
        while matches[last].end - matches[first].start > PASSAGE and first < last:
            gone = matches[first]
            value -= _gain(weights, gone, counts[gone.needle], shown)
            counts[gone.needle] -= 1
            unseen -= counts[gone.needle] == 0 and gone.needle not in shown
            first += 1
        width = matches[last].end - matches[first].start
        score = value * (1.2 - 0.4 * min(1.0, width / PASSAGE))
        if unseen and score > best_value + 1e-9:
            best, best_value = (first, last), score
    return best


def _gain(weights: Sequence[float], match: Match, count: int, shown: set[int]) -> float:
    if count > 1:
        return 0.05 * weights[match.needle] / count
    return weights[match.needle] * (0.3 if match.needle in shown else 1.0)


def _opening(text: str) -> Snippet:
    """The beginning of a body in which nothing is marked."""
    start = len(text) - len(text.lstrip())
    end = _borders(text, start, start)[1]
    if end == start:  # one token longer than a passage
        end = start + PASSAGE
    return Snippet(text[start:end], (), "body", start)


def _borders(text: str, first: int, last: int) -> Span:
    """A slice of about a passage's length around `first`..`last`, from and to the ends of sentences where near."""
    room = max(0, PASSAGE - (last - first))
    earliest = max(0, first - room // 2)
    start = _start_border(text, earliest, first)
    end = _end_border(text, last, min(len(text), start + max(PASSAGE, last - start)))
    return start, end


def _start_border(text: str, earliest: int, first: int) -> int:
    """After the nearest sentence end before `first`, else after a comma, else after a space."""
    floor = max(0, earliest - _SLACK)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, floor, first)]
    if floor == 0:
        ends.insert(0, 0)
    if ends:
        # The last sentence start that still leaves the window full; a later one if there is none.
        good = [end for end in ends if end <= earliest] or ends[:1]
        return _skip_space(text, good[-1], first)
    commas = [match.end() for match in _CLAUSE_END.finditer(text, earliest, first)]
    spaces = [match.end() for match in _SPACE.finditer(text, earliest, first)]
    return _skip_space(text, (commas or spaces or [first])[0], first)


def _end_border(text: str, last: int, latest: int) -> int:
    """At the last sentence end before `latest` (or a little after), else after a space."""
    ceiling = min(len(text), latest + _SLACK)
    if ceiling == len(text):  # what is left fits
        return max(last, len(text.rstrip()))
    ends = [m.end() if m.group()[0] != "\n" else m.start() for m in _SENTENCE_END.finditer(text, last, ceiling)]
    long_enough = [end for end in ends if end >= latest - 2 * _SLACK]
    if long_enough:
        return long_enough[0]
    if ends and ends[-1] - last > _SLACK:
        return ends[-1]
    spaces = [match.start() for match in _SPACE.finditer(text, last, ceiling)]
    near = [space for space in spaces if space < latest]
    if spaces:
        return near[-1] if near else spaces[0]
    return _between_tokens(text, last, latest)  # no space at all: a long address, or a script without spaces


def _between_tokens(text: str, last: int, latest: int) -> int:
    """`latest`, or where the token that stands there begins; `last` is the end of a token."""
    for start, end in spans(text[last : latest + 1])[-1:]:
        if end > latest - last:
            return last + start
    return latest


def _skip_space(text: str, start: int, first: int) -> int:
    while start < first and text[start].isspace():
        start += 1
    return start
