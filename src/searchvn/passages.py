"""A text and what was found in it -> the passages worth showing.

Main name: `best_passages`. Invariants: a passage is a slice of the text that begins and ends between tokens, unless one
token is longer than a passage; passages share nothing, and the best comes first; the work for one passage is linear in
the matches, whatever the text.
"""

import re
from bisect import bisect, bisect_left
from collections.abc import Iterator, Sequence
from operator import itemgetter

from searchvn.analysis.tokens import spans
from searchvn.models import Snippet, Span

PASSAGE = 220  # code points, about three lines of 80 columns
_SLACK = 60  # how far a passage's border may move to fall between sentences

_NEW = 0.1  # of the heaviest needle's weight, to be worth a passage of its own
_AGAIN = 0.4  # of the best passage's worth, to show once more what was shown
_SAME = (
    40  # code points beside what is found that two passages have in common when they are one sentence, printed twice
)

# The full stop of an initial, of a list's number and of a title ends no sentence: `Nguyễn Văn A.`, `2.`, `TP.`
_SENTENCE_END = re.compile(
    r"[.!?…;\n](?:(?<=\n)|[^\w\s]*(?=\s)"
    r"(?<!\b\w\.)(?<!\. \d\d\.)(?<!\b(?:TP|Tp|TX|TT|TS|GS|BS|LS|KS|Mr|Ms|Dr|St)\.)(?<!\b(?:PGS|ThS|Ths|Mrs)\.))"
)
_PHRASE_END = re.compile(r"[,:-](?=\s)|–(?=\s)|—(?=\s)")  # compiles in a quarter of the time of one set
_SPACE = re.compile(r"\s+")

Match = tuple[int, int, int]  # a needle stands at start..end of the text: start, end, number of the needle
# A run of matches that fits into a passage: what it is worth (no unit, whole so that ties are ties), start, end.
_Window = tuple[int, int, int]
_worth = itemgetter(0)


def joined(matches: Sequence[Match], start: int = 0) -> tuple[Span, ...]:
    """The places of matches, which are in order, as spans counted from `start`; overlapping ones are one."""
    found: list[Span] = []
    for first, last, _ in matches:
        if found and first - start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last - start))
        else:
            found.append((first - start, last - start))
    return tuple(found)


def best_passages(text: str, matches: Sequence[Match], weights: Sequence[float], most: int) -> tuple[Snippet, ...]:
    """The passages in which the heaviest needles stand closest together, at most `most`, best first.

    `matches` are in order, `weights` those of the needles. After the best come those that show what the others lack,
    then those that show the same again; what is worth little is left out. A text without matches gives its beginning.
    """
    if not most:
        return ()
    if not matches:
        return (_opening(text),) if text.strip() else ()
    snippets: list[Snippet] = []
    for start, end in _best_slices(text, matches, weights, most):
        first, last = bisect_left(matches, (start, 0, 0)), bisect_left(matches, (end, 0, 0))
        inside = [match for match in matches[first:last] if match[1] <= end]
        snippets.append(Snippet(text[start:end], joined(inside, start), "body", start))
    return tuple(snippets)


def _best_slices(text: str, matches: Sequence[Match], weights: Sequence[float], most: int) -> Iterator[Span]:
    gains = [round(1000 * weight) for weight in weights]
    total = sum(gains)
    windows = _windows(matches, gains)
    best, first, last = max(windows, key=_worth)
    unseen = {needle for _, _, needle in matches}
    least = _NEW * max(gains[needle] for needle in unseen)
    unseen = {needle for needle in unseen if gains[needle] >= least}
    taken: list[Span] = []  # in the order of the text
    contexts: set[str] = set()
    pieces = [matches]  # what stands between them
    while True:
        start, end = _take(text, first, last, taken)
        contexts.update(_context(text, first, last))
        yield start, end
        if len(taken) == most:
            return
        pieces = [rest for piece in pieces for rest in _outside(piece, start, end) if rest]
        unseen.difference_update([needle for one, other, needle in matches if start <= one and other <= end])
        unseen.intersection_update([needle for piece in pieces for _, _, needle in piece])
        if not unseen:
            break
        # One that is not shown yet outweighs all that are; these decide where it stands in its best company.
        lifted = [gain + total if needle in unseen else gain for needle, gain in enumerate(gains)]
        _, first, last = max([window for piece in pieces for window in _windows(piece, lifted)], key=_worth)
    for worth, first, last in sorted(windows, key=_worth, reverse=True):
        if len(taken) == most or worth < _AGAIN * best:
            return
        context = _context(text, first, last)
        if _is_free(first, last, taken) and contexts.isdisjoint(context):
            contexts.update(context)
            yield _take(text, first, last, taken)


def _context(text: str, first: int, last: int) -> tuple[str, str]:
    """What is found with what stands before and after it: articles like to say the same sentence twice."""
    return text[max(0, first - _SAME) : last], text[first : last + _SAME]


def _is_free(first: int, last: int, taken: Sequence[Span]) -> bool:
    """Whether none of the slices, which are in order, touches `first`..`last`."""
    at = bisect(taken, (first, last))
    return (not at or taken[at - 1][1] <= first) and (at == len(taken) or last <= taken[at][0])


def _take(text: str, first: int, last: int, taken: list[Span]) -> Span:
    """A slice around `first`..`last` that touches none of the taken ones, and now is one of them."""
    at = bisect(taken, (first, last))
    span = _borders(text, first, last, taken[at - 1][1] if at else 0, taken[at][0] if at < len(taken) else len(text))
    taken.insert(at, span)
    return span


def _outside(matches: Sequence[Match], start: int, end: int) -> tuple[Sequence[Match], Sequence[Match]]:
    """The matches before and those after a slice."""
    if matches[-1][1] <= start:
        return matches, ()
    if matches[0][0] >= end:
        return (), matches
    return [match for match in matches if match[1] <= start], [match for match in matches if match[0] >= end]


def _windows(matches: Sequence[Match], gains: Sequence[int]) -> list[_Window]:
    """For every match the narrowest run that ends with it and has all needles which fit into a passage with it.

    `gains` weigh the needles. Every match enters the run and leaves it once.
    """
    found: list[_Window] = []
    counts = [0] * len(gains)
    value = furthest = first = 0
    start, _, gone = matches[0]
    for last, (_, end, needle) in enumerate(matches):
        if not counts[needle]:
            value += gains[needle]
        counts[needle] += 1
        if end > furthest:
            furthest = end
        while counts[gone] > 1 or (furthest - start > PASSAGE and first < last):
            counts[gone] -= 1
            if not counts[gone]:
                value -= gains[gone]
            first += 1
            start, _, gone = matches[first]
        width = furthest - start
        found.append((value * (4 * PASSAGE - width if width < PASSAGE else 3 * PASSAGE), start, furthest))
    return found


def _opening(text: str) -> Snippet:
    """The beginning of a text in which nothing is found."""
    start = len(text) - len(text.lstrip())
    end = _end_border(text, start, start + PASSAGE, len(text))
    if end == start:  # one token longer than a passage
        end = start + PASSAGE
    return Snippet(text[start:end], (), "body", start)


# --- borders


def _borders(text: str, first: int, last: int, floor: int, ceiling: int) -> Span:
    """A slice of about a passage's length around `first`..`last`, within `floor`..`ceiling`.

    It is made of whole sentences if it can be, else of whole phrases, else of whole words.
    """
    room = max(0, PASSAGE - (last - first))
    start = _start_border(text, max(floor, first - room // 2), first, floor)
    return start, _end_border(text, last, start + max(PASSAGE, last - start), ceiling)


def _start_border(text: str, earliest: int, first: int, floor: int) -> int:
    """Where the last sentence up to `earliest` begins, else the next one before `first`, else a phrase, else a word."""
    lowest = max(floor, earliest - _SLACK)
    for border in (_SENTENCE_END, _PHRASE_END, _SPACE):
        starts = [match.end() for match in border.finditer(text, lowest, first)]
        if lowest == floor:
            starts.insert(0, floor)
        if starts:
            return _skip_space(text, starts[max(0, bisect(starts, earliest) - 1)], first)
    return first


def _end_border(text: str, last: int, latest: int, ceiling: int) -> int:
    """Where the sentence ends that does so nearest to `latest`, else a phrase, else a word; not before `last`."""
    highest = min(latest + _SLACK, ceiling)
    if highest == ceiling:  # all of the rest fits
        return last + len(text[last:highest].rstrip())
    for border in (_SENTENCE_END, _PHRASE_END, _SPACE):
        ends = [last + len(text[last : end.end()].rstrip()) for end in border.finditer(text, last, highest)]
        before = bisect(ends, latest)
        if before and ends[before - 1] >= latest - 2 * _SLACK:
            return ends[before - 1]
        if before < len(ends):
            return ends[before]
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
