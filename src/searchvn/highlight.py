"""An article and the needles of a query -> what to mark: title spans, passages, missing words.

Main name: `mark`. Invariant: a needle is missing exactly when the plan's `matching` node would not count the article
for it; every span covers whole tokens as they stand in the article.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from searchvn.analysis.terms import bare_lines, capitals, compound_places, tokenize
from searchvn.analysis.tokens import spans, split
from searchvn.models import Article, Snippet, Span
from searchvn.query.forms import Needle, Slots

PASSAGE = 220  # code points, about three lines of 80 columns
_SLACK = 60  # how far a passage's border may move to fall between sentences

_SENTENCE_END = re.compile(r"[.!?…;]+[”\"’)]*(?=\s)|\n+")
_CLAUSE_END = re.compile(r"[,:–—-](?=\s)")
_SPACE = re.compile(r"\s+")

_STREAMS = ("exact", "folded", "bare")  # kinds of form that are matched on a column of terms


class Marked(NamedTuple):
    """What to mark in an article, and the needles it lacks, as typed."""

    title_spans: tuple[Span, ...]
    snippets: tuple[Snippet, ...]
    missing: tuple[str, ...]


UNMARKED = Marked((), (), ())


class _Match(NamedTuple):
    """Needle number `needle` stands at `start`..`end` of the text."""

    start: int
    end: int
    needle: int


def mark(article: Article, needles: Sequence[Needle], passages: int = 2) -> Marked:
    """Marks `needles` in the article and cuts at most `passages` passages out of its body."""
    in_title, in_body = _both_matches(article, needles)
    found = {match.needle for match in in_title} | {match.needle for match in in_body}
    missing = tuple(needle.typed for number, needle in enumerate(needles) if number not in found)
    return Marked(_spans(in_title), tuple(_passages(article.body, in_body, needles, passages)), missing)


def all_spans(article: Article, needles: Sequence[Needle]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where the needles stand in the title and in the whole body."""
    in_title, in_body = _both_matches(article, needles)
    return _spans(in_title), _spans(in_body)


def _both_matches(article: Article, needles: Sequence[Needle]) -> tuple[list[_Match], list[_Match]]:
    """The places of the needles in title and body."""
    bare: tuple[Sequence[Span], Sequence[Span]] = ([], [])
    if any(form.kind == "bare" for needle in needles for form in needle.forms):
        bare = _bare_spans(article)
    return _matches(article.title, needles, bare[0]), _matches(article.body, needles, bare[1])


def _bare_spans(article: Article) -> tuple[list[Span], list[Span]]:
    """The unaccented lines of title and body, as spans; lines that follow each other are one span."""
    title, body = article.title.split("\n"), article.body.split("\n")
    flags = bare_lines([split(line) for line in title + body])
    return _line_spans(title, flags[: len(title)]), _line_spans(body, flags[len(title) :])


def _line_spans(lines: Sequence[str], flags: Sequence[bool]) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for line, flag in zip(lines, flags, strict=True):
        end = start + len(line)
        if flag and spans and spans[-1][1] == start - 1:
            spans[-1] = (spans[-1][0], end)
        elif flag:
            spans.append((start, end))
        start = end + 1
    return spans


def _matches(text: str, needles: Sequence[Needle], bare: Sequence[Span]) -> list[_Match]:
    """All places of all needles, in order of their start."""
    kinds = {form.kind for needle in needles for form in needle.forms}
    tokens = tokenize(text, exact="exact" in kinds, folded=not kinds.isdisjoint(("folded", "bare")))
    found = {
        (at, at + len(form.slots) - 1, number, form.kind == "bare")
        for number, needle in enumerate(needles)
        for form in needle.forms
        if form.kind in _STREAMS
        for at in _starts(form.slots, tokens.exact if form.kind == "exact" else tokens.folded)
    }
    others = set(_other_matches(text, needles)) if not kinds.issubset(_STREAMS) else set()
    if not found and not others:
        return []
    places = spans(text) if found else []
    for at, last, number, is_bare in found:
        if not is_bare or _is_inside(bare, places[at][0], places[last][1]):
            others.add(_Match(places[at][0], places[last][1], number))
    return sorted(others)


def _starts(slots: Slots, terms: list[str]) -> Iterator[int]:
    """Where in a column of terms one of every slot follows one of the slot before."""
    for term in slots[0]:
        at = -1
        for _ in range(terms.count(term)):
            at = terms.index(term, at + 1)
            if len(slots) == 1 or _follow(slots, terms[at : at + len(slots)]):
                yield at


def _follow(slots: Slots, terms: list[str]) -> bool:
    return len(terms) == len(slots) and all(term in slot for term, slot in zip(terms, slots, strict=True))


def _is_inside(lines: Sequence[Span], start: int, end: int) -> bool:
    line = bisect(lines, start, key=itemgetter(0)) - 1
    return line >= 0 and end <= lines[line][1]


def _other_matches(text: str, needles: Sequence[Needle]) -> Iterator[_Match]:
    """The places of joined identifiers, and of syllables in capitals."""
    wanted: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, needle in enumerate(needles):
        for form in needle.forms:
            if form.kind not in _STREAMS:
                wanted[form.kind, form.slots[0][0]].append(number)
    for joined, start, end in compound_places(text):
        for number in wanted.get(("joined", joined), ()):
            yield _Match(start, end, number)
    at = 0
    in_capitals = any(kind == "capital" and token in text for kind, token in wanted)
    for line in text.split("\n") if in_capitals else ():
        texts = split(line)
        shown = {token for token in capitals(line) if ("capital", token) in wanted}
        for token, (start, end) in zip(texts, spans(line), strict=True) if shown else ():
            for number in wanted["capital", token] if token in shown else ():
                yield _Match(at + start, at + end, number)
        at += len(line) + 1


def _spans(matches: Sequence[_Match], start: int = 0) -> tuple[Span, ...]:
    """The places as spans counted from `start`, overlapping ones joined."""
    spans: list[Span] = []
    for match in matches:
        if spans and match.start - start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], match.end - start))
        else:
            spans.append((match.start - start, match.end - start))
    return tuple(spans)


def _passages(text: str, matches: Sequence[_Match], needles: Sequence[Needle], most: int) -> list[Snippet]:
    """The best windows of the text, then the next best that do not touch them and show a needle not shown yet."""
    if not matches:
        return [_opening(text)] if text.strip() and most else []
    snippets: list[Snippet] = []
    shown: set[int] = set()
    left = list(matches)
    while left and len(snippets) < most:
        first, last = _best_window(left, needles, shown)
        window = left[first : last + 1]
        if snippets and not {match.needle for match in window} - shown:
            break
        start, end = _apart(_borders(text, window[0].start, window[-1].end), window[0].start, snippets)
        inside = [match for match in matches if start <= match.start and match.end <= end]
        snippets.append(Snippet(text[start:end], _spans(inside, start), "body", start))
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


def _best_window(matches: Sequence[_Match], needles: Sequence[Needle], shown: set[int]) -> tuple[int, int]:
    """The run of matches within a passage's length whose needles weigh most; each needle counts once, near ones more.

    Runs without a needle that is not shown yet do not count. A sliding window: every match enters and leaves once, so
    the work is linear in the matches.
    """
    best, best_value = (0, 0), -1.0
    counts: dict[int, int] = {}
    value, first, unseen = 0.0, 0, 0
    for last, match in enumerate(matches):
        counts[match.needle] = counts.get(match.needle, 0) + 1
        value += _gain(needles, match, counts[match.needle], shown)
        unseen += counts[match.needle] == 1 and match.needle not in shown
        while matches[last].end - matches[first].start > PASSAGE and first < last:
            gone = matches[first]
            value -= _gain(needles, gone, counts[gone.needle], shown)
            counts[gone.needle] -= 1
            unseen -= counts[gone.needle] == 0 and gone.needle not in shown
            first += 1
        width = matches[last].end - matches[first].start
        score = value * (1.2 - 0.4 * min(1.0, width / PASSAGE))
        if unseen and score > best_value + 1e-9:
            best, best_value = (first, last), score
    return best


def _gain(needles: Sequence[Needle], match: _Match, count: int, shown: set[int]) -> float:
    if count > 1:
        return 0.05 * needles[match.needle].weight / count
    return needles[match.needle].weight * (0.3 if match.needle in shown else 1.0)


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
