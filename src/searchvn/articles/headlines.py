"""Which line of a page is the headline over its article? What its <title> says decides among several.

Main name: `headline`. Invariants: a headline is a line of the page above the article's running text; the name of the
site, a section, a date or a byline is none; where nothing tells, there is none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from searchvn.articles.declared import is_site
from searchvn.articles.labels import read_line
from searchvn.articles.layout import LETTERHEAD, Layout, Seen
from searchvn.articles.picking import OTHERS, Picked, is_linked, kind_of, same_words, words
from searchvn.articles.stamps import read_stamp

_WINDOW = 40  # lines above the running text
_TITLE = 1_000  # code points of a <title> that are looked at
_LONGEST = 300  # code points of a headline
_LETTERHEAD_LINES = 8  # of an official document, down to the motto of the state
_RUNNING = 200  # code points; longer lines are running text, however they end
_PARAGRAPH = 80  # code points; a question of so many is running text
_SENTENCE = 6  # words
_ALONE = 4  # words of a headline that only its looks tell
_CUT = 5  # words of a <title> that is cut short
_SECTION = 5  # words of the name of a section at most

_NUMBERED = re.compile(r"(?:[IVXLC]{1,5}|\d{1,3}|[a-zđ])[.)/] ")
_PARTS = re.compile(r"\s*[|>»›«:]+\s*|\s+[-–—/·•]+\s+")  # of a <title>; a headline may have some as well
_BETWEEN = re.compile(r"\s*[|>»›/]\s*|\s+[-–—]\s+")


class _Candidate(NamedTuple):
    """A line that may be the headline. `level`: 3 where its markup says so, 2 where it stands and looks like one,
    1 where it looks like one but stands elsewhere, else 0.
    """

    line: Seen
    agrees: bool
    level: int


def site_names(layout: Layout) -> list[str]:
    """What the page calls its site: the headings and the first links that lead to the site's first page."""
    marked = [mark.text for mark in layout.marks if mark.kind == "home"][:3]
    headings = [line.text for line in layout.lines if line.role == "site"][:3]
    return [name for name in (*headings, *marked) if len(words(name)) > 1 and not same_words(name, "trang chủ")]


def sections(layout: Layout) -> list[str]:
    """The short texts of the page's links, among which are the names of its sections."""
    parts = (part for line in layout.lines if is_linked(line) for part in _BETWEEN.split(line.text[:_LONGEST]))
    return [part for part in parts if 1 <= len(words(part)) <= _SECTION]


def headline(
    layout: Layout, picked: Picked, page: str, site: Iterable[str], links: Iterable[str], *, by_looks: bool
) -> Seen | None:
    """The line over the article that is its headline, None where no line says so.

    `page` is the page's <title>, `site` are names of its site, `links` those of its sections. A line that only looks
    like a headline, large or bold, counts only `by_looks`.
    """
    names, known = tuple(site), {tuple(words(link)) for link in links}
    candidates = list(_candidates(layout, picked, page, names, known))
    agreed = [one for one in candidates if one.agrees]
    if agreed:
        nearest = max(agreed, key=lambda one: (one.level > 0, one.line.number))
        same = (one for one in agreed if one.level >= nearest.level and same_words(one.line.text, nearest.line.text))
        return next(same).line  # what stands between a headline and its repetition is the article's
    said = [one for one in candidates if one.level == 3]
    if said:
        return said[-1].line
    looks = [one.line for one in candidates if one.level == 2 and len(words(one.line.text)) >= _ALONE]
    return looks[0] if by_looks and looks else None


def _candidates(
    layout: Layout, picked: Picked, page: str, site: tuple[str, ...], links: Container[tuple[str, ...]]
) -> Iterator[_Candidate]:
    """The lines above the running text that may be its headline."""
    start = next((line for line in layout.lines if line.number in picked.body and is_running(line)), None)
    if start is None:
        return
    marked = _marked(layout)
    above = [line for line in layout.lines if line.number < start.number][-_WINDOW:]
    letterhead = max((place for place, line in enumerate(above) if LETTERHEAD.search(line.text)), default=-1)
    for place, line in enumerate(above):
        level = 3 if line.role == "title" or line.number in marked else _looks(line, start, picked)
        kind = kind_of(line, picked.kinds)
        agrees = _agrees(line.text, page)
        if level < 3 and letterhead - _LETTERHEAD_LINES <= place <= letterhead:
            continue
        is_told = level == 3 or (level > 0 and agrees)
        if kind in (*OTHERS, "copyright", "counter") or ((kind or is_linked(line)) and not is_told):
            continue
        if len(line.text) <= _LONGEST and not _is_other(line, site, links):
            yield _Candidate(line, agrees, level)


def _marked(layout: Layout) -> set[int]:
    """The numbers of the lines that are what an element says to be the headline."""
    marks = {mark.number: mark.text for mark in layout.marks if mark.kind == "headline"}
    lines = iter(layout.lines)
    found = set()
    for number, text in marks.items():  # in the order of the page, as its lines are
        line = next((line for line in lines if line.number >= number), None)
        if line and same_words(text, line.text):
            found.add(line.number)
    return found


def _looks(line: Seen, start: Seen, picked: Picked) -> int:
    """The level of a line that no markup calls a headline."""
    is_large = line.role in ("heading", "box") or 2 * line.strong > len(line.text)
    is_over = line.holder == start.holder or line.number in picked.frame or line.number in picked.body
    if not is_large or line.text.endswith((":", ".", ";", ",")) or _NUMBERED.match(line.text):
        return 0
    return 2 if is_over else 1


def is_running(line: Seen) -> bool:
    """True for a sentence or a paragraph: a line of the text proper, not of what stands above it."""
    text = line.text
    if line.role in ("title", "heading", "caption") or len(text) >= _RUNNING:
        return len(text) >= _RUNNING
    is_sentence = text.endswith(".") and not text.endswith("..") and len(words(text)) >= _SENTENCE
    return is_sentence or (len(text) >= _PARAGRAPH and text.endswith(("!", "?", "…", ":", "”", '"')))


def _is_other(line: Seen, site: tuple[str, ...], links: Container[tuple[str, ...]]) -> bool:
    """True for what stands over articles as well: names of the site and its sections, dates, labels, data."""
    if line.role in ("site", "row", "code", "caption") or tuple(words(line.text)) in links:
        return True
    return is_site(line.text, site) or bool(read_line(line.text) or read_stamp(line.text))


def _agrees(text: str, page: str) -> bool:
    """True for a line that is a part of the <title>, or some that follow each other, or goes on where that is cut."""
    own, parts = words(text), [words(part) for part in _PARTS.split(page[:_TITLE])]
    if not own:
        return False
    for start in range(len(parts)):
        said: list[str] = []
        for part in parts[start:]:
            said += part
            if said == own:
                return True
            if len(said) >= len(own):
                break
    whole = [word for part in parts for word in part]
    return _CUT <= len(whole) < len(own) and own[: len(whole)] == whole
