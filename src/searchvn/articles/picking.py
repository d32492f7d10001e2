"""Which lines of a page are its article? What an extractor found of it is looked up among the lines that readers see.

Main names: `pick`, `whole_page`; main type: `Picked`. Invariants: a body is made of the page's own lines, each once and
in their order, so nothing that an extractor mends, repeats or drops within an article changes it; what is picked
depends on words and places only.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from searchvn.articles.layout import Layout, Region, Seen

_WORD = re.compile(r"\w+")
_RUN = 4  # words; runs of so many tell a line of the article from others
_SURE = 8  # words of a line that is not found by chance
_LEAST_FOUND = 0.7  # of a line's runs
_LEAST_ALONE = 0.6  # of the paragraphs on a page of teasers
_PROSE = 80  # code points; longer lines without links are paragraphs
_SHORT = 200  # code points; longer lines are no labels
_TEASERS = 3  # lines; fewer on a page are not said to be teasers
_FEW = 4  # lines above a title or below a body that may speak of the article
_MANY = 30  # lines between a title and a body

OTHERS = ("related", "comments")  # kinds of regions that speak of other articles, or for other people


class Picked(NamedTuple):
    """Numbers of lines: `body` is the article, `frame` stands around it and may say when and by whom it was written.

    `title` is the line above it that is its title, or 0. `kinds` says of each region (by index) what it is made for,
    None where the article stands in it.
    """

    body: frozenset[int]
    frame: frozenset[int]
    title: int
    kinds: tuple[str | None, ...]


def words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation: what two writings of one line have in common."""
    return _WORD.findall(text.casefold())


def same_words(text: str, other: str) -> bool:
    """True when two texts say the same, however they are punctuated."""
    return words(text) == words(other) != []


def is_linked(line: Seen) -> bool:
    """True for a line that is a link, or a row of links."""
    return 2 * line.linked >= len(line.text)


def pick(layout: Layout, found: str, title: str, summary: str) -> Picked | None:
    """The article's lines, given the text that an extractor found; None where that is in no line that can be its own.

    `title` and `summary` are what the page declares of itself, or empty.
    """
    sure, other = _standing_in(found, layout.lines)
    kinds = _kinds(layout.regions, sure)
    plain = [line for line in layout.lines if line.role != "code" and not is_linked(line) and not kind_of(line, kinds)]
    told = [line for line in plain if line in sure and line.role != "title" and not same_words(line.text, title)]
    seeds = sorted({line.text: line for line in reversed(told)}.values())  # the first of twins
    if not seeds:
        return None
    first, last = seeds[0].number, seeds[-1].number
    above = _title_number([line for line in layout.lines if line.number < first], title)
    numbers = {line.number for line in (*seeds, *other)}
    holders = {line.holder for line in seeds}
    body = set()
    for line in plain:
        if first <= line.number <= last:
            is_prose = len(line.text) >= _PROSE and not line.linked
            belongs = line.number in numbers or line.holder in holders or line.role in ("caption", "row") or is_prose
        elif line.number < first:
            is_said = bool(summary) and same_words(line.text, summary)
            is_under = bool(above) and (len(line.text) >= _PROSE or line.role == "caption")
            is_near = line.number in numbers or line.holder == seeds[0].holder
            belongs = line.number > above and (is_said or is_under or is_near)
        elif line.role == "box":
            belongs = False
        else:
            belongs = line.holder == seeds[-1].holder or (line.number in numbers and line.number <= last + 2 * _FEW)
        if belongs:
            body.add(line.number)
    return _around(layout, body, above, kinds)


def below(layout: Layout, picked: Picked, title: int) -> Picked:
    """What was picked, below the line with the number `title`, which is the article's title."""
    body = {number for number in picked.body if number > title}
    return _around(layout, body, title, picked.kinds) if body else picked


def _around(layout: Layout, body: set[int], above: int, kinds: Sequence[str | None]) -> Picked:
    """The body with its frame. Below comments nothing speaks of the article."""
    last = max(body)
    comments = (line.number for line in layout.lines if line.number > last and kind_of(line, kinds) == "comments")
    end = next(comments, layout.lines[-1].number + 1)
    no_others = (*OTHERS, "counter")
    near = [line for line in layout.lines if line.number < end and kind_of(line, kinds) not in no_others]
    return Picked(frozenset(body), _frame(near, body, above, layout.post), above, tuple(kinds))


def whole_page(layout: Layout) -> Picked:
    """All that stands on a page outside of links, menus and the like."""
    kinds = _kinds(layout.regions, layout.lines)
    plain = [line for line in layout.lines if line.role != "code" and not is_linked(line)]
    body = frozenset(line.number for line in plain if not kind_of(line, kinds))
    return Picked(body, frozenset(), 0, tuple(kinds))


def without_teasers(layout: Layout, picked: Picked) -> Picked | None:
    """What was picked, without teasers of other articles below it; None when it is nothing but teasers.

    Of a page of teasers each stands alone, under a headline that leads to its article. An article has its title above
    it, and no such headline between.
    """
    told = [line for line in layout.lines if line.number in picked.body]
    lines = [line for line in told if len(words(line.text)) >= _SURE]
    if len(lines) < _TEASERS:
        return picked
    first, last = lines[0], lines[-1]
    headlines = [line.number for line in layout.lines if line.number < last.number and _is_headline(line)]
    alone, announced = len({line.holder for line in lines}), sum(number > first.number for number in headlines)
    if min(alone, announced) < _LEAST_ALONE * len(lines):
        return picked
    if not picked.title or any(picked.title < number < first.number for number in headlines):
        return None
    own = frozenset(line.number for line in layout.lines if line.number in picked.body and line.holder == first.holder)
    return picked._replace(body=own)


def _is_headline(line: Seen) -> bool:
    return is_linked(line) and len(words(line.text)) >= _FEW


def left_out_as(line: Seen, picked: Picked) -> str:
    """What a line was taken for that is not in the body: one of `models.LEFT_OUT`."""
    if line.role == "code":
        return "code"
    if kind := kind_of(line, picked.kinds):
        return kind
    return "related" if is_linked(line) and line.number > min(picked.body, default=0) else "menu"


def _standing_in(found: str, lines: Sequence[Seen]) -> tuple[set[Seen], set[Seen]]:
    """The lines that stand in a text: those that are surely meant, and short ones, which may be there by chance."""
    paragraphs = [words(paragraph) for paragraph in found.split("\n")]
    flat = [word for paragraph in paragraphs for word in paragraph]
    runs = {hash(run) for run in zip(*(flat[start:] for start in range(_RUN)), strict=False)}
    short = {tuple(words(cell)) for paragraph in found.split("\n") for cell in paragraph.split(" | ")}
    sure, other = set(), set()
    for line in lines:
        own = words(line.text)
        if len(own) < _SURE:
            if tuple(own) in short:
                other.add(line)
            continue
        own_runs = [hash(run) for run in zip(*(own[start:] for start in range(_RUN)), strict=False)]
        if sum(run in runs for run in own_runs) >= _LEAST_FOUND * len(own_runs):
            sure.add(line)
    return sure, other


def _kinds(regions: Sequence[Region], article: Iterable[Seen]) -> list[str | None]:
    """What each region is made for; nothing when most of the article stands in it, whatever the page calls it."""
    inside: Counter[int] = Counter()
    for line in article:
        inside[line.region] += len(line.text)
    total = inside.total()
    for index in range(len(regions) - 1, -1, -1):
        inside[regions[index].around] += inside[index]
    kinds: list[str | None] = []
    for index, region in enumerate(regions):
        around = kinds[region.around] if region.around >= 0 else None
        kinds.append(around if not region.is_sure and 2 * inside[index] >= total else region.kind)
    return kinds


def kind_of(line: Seen, kinds: Sequence[str | None]) -> str | None:
    """What the region of a line is made for, None where it may hold the article."""
    return kinds[line.region] if line.region >= 0 else None


def _title_number(lines: Sequence[Seen], title: str) -> int:
    """The number of the last line above the article that is its title; 0 where there is none."""
    titles = [line.number for line in lines if line.role == "title" or (title and same_words(line.text, title))]
    return max(titles, default=0)


def _frame(lines: Sequence[Seen], body: set[int], above: int, post: int) -> frozenset[int]:
    """Short lines around a body: a few above its title, all between the two, a few below; those among `lines`.

    In a post of a forum, which begins with the line `post`, its head is above its title, however many lines it has.
    """
    first, last = min(body), max(body)
    top = [line for line in lines if line.number < (above or first)]
    before = [line for line in top if line.number >= post][-_MANY:] if 0 < post < first else top[-_FEW:]
    between = [line for line in lines if (above or first) < line.number < first][:_MANY]
    after = [line for line in lines if line.number > last][:_FEW]
    return frozenset(
        line.number
        for line in (*before, *between, *after)
        if line.role != "code" and len(line.text) <= _SHORT and not is_linked(line)
    )
