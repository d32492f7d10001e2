"""An HTML page -> the article in it: what the page declares, what trafilatura finds, what the page shows.

Main name: `read_html`. Invariants: the body is made of lines of the page as its readers see them (see `layout`);
nothing is loaded from outside; a page without an article, or past a limit, is an `ArticleError` with the reason.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Container
from functools import partial
from typing import Any, NamedTuple

from searchvn.articles.declared import Declared, Said, declarations, freed, person, written
from searchvn.articles.drafts import Draft, Line, Stage, cascade
from searchvn.articles.encodings import tidy
from searchvn.articles.headlines import headline, is_running, sections, site_names
from searchvn.articles.labels import read_line
from searchvn.articles.layout import Layout, Seen, lay_out
from searchvn.articles.names import credit
from searchvn.articles.picking import (
    OTHERS,
    Picked,
    below,
    is_linked,
    kind_of,
    left_out_as,
    pick,
    same_words,
    whole_page,
    without_teasers,
    words,
)
from searchvn.articles.plain import TEXT
from searchvn.articles.regions import filled
from searchvn.articles.shapes import folded
from searchvn.articles.stamps import read_stamp
from searchvn.articles.trees import NO_ARTICLE, NO_LIBRARY, parsed
from searchvn.errors import ArticleError
from searchvn.reports import LeftOut

MAX_LEFT_OUT = 2_000  # lines that are kept of what is left out
_LEFT_OUT_LENGTH = 1_000  # code points kept of each of them
# What trafilatura is asked about; for more it takes longer than it is worth (20 seconds for 160,000 lines).
_MAX_WORK = 1_000_000  # elements times depth
_MAX_LINES = 20_000
_MAX_TEXT = 2_000_000  # code points

_VIEWS = re.compile(
    r"(?:so )?(?:luot|lan)(?: da)? (?:xem|doc)(?: (?:bai|tin)(?: viet)?)?(?: nay)? ?: ?"
    r"(\d{1,3}(?:[.,]\d{3}){1,4}|\d{1,9})(?![.,]?\d)"
)
_ENOUGH = 400  # code points of paragraphs side by side that are an article
_A_SHARE = 0.5  # of the page's paragraphs
_PARAGRAPH = 60  # code points
_SENTENCE = 4  # words
_NEAR = 2  # lines into a body in which its title may be repeated
_FEW = 4  # lines above a headline that are no part of its article
_MENU = 2  # links between the day of today and an article
_FACTS = 200  # rows that are looked at
_FACT = 120  # code points of a row that tells one
_NAME = 8  # words of a byline
_LOGIN = 500  # code points on a page that asks for a password


class _Page(NamedTuple):
    """A page and what is known of it before its article is looked for."""

    root: Any
    layout: Layout
    declared: Declared
    links: tuple[str, ...]  # texts of short links, among them the names of the site's sections

    def lines(self, numbers: Container[int]) -> list[Seen]:
        return [line for line in self.layout.lines if line.number in numbers]


def read_html(text: str) -> Draft:
    """The article of a page (decoded text). Raises `ArticleError` when there is none, or a limit is passed.

    Lines are numbered as a reader of the page sees them. Stages: 1. what the page declares; 2. to 4. its body (see
    `_EXTRACTORS`) and the headline over it; 5. what elements around the body say to be; 6. the stages that all texts
    share, among them what looks like a headline, and the <title> as last resort.
    """
    root = parsed(text)
    layout = lay_out(root)
    links = tuple(sections(layout))
    page = _Page(root, layout, declarations(root, _heading(layout, links), site_names(layout), links), links)
    fields = ("title", "published", "author", "source", "url")
    said = [Stage(one.name, fields, partial(_say, said=one)) for one in page.declared.said]
    draft = cascade(Draft(), said)
    name, picked = _picked(page, draft.title or page.declared.heading or page.declared.head)
    if not draft.title:
        draft, picked = _headed(draft, page, picked)
    draft = cascade(
        _with_lines(draft, page, picked)._replace(evidence={**draft.evidence, "body": name}),
        (
            Stage("marked", ("published", "author"), partial(_marked, page=page, picked=picked)),
            Stage("captions", ("captions",), partial(_captions, page=page, picked=picked)),
            *_FORM,
            Stage("table of facts", ("published", "number", "views"), partial(_facts, page=page, picked=picked)),
            *_LABELS,
            Stage("looks", ("title",), partial(_looking, page=page, picked=picked)),
            Stage("head", ("title",), partial(_head, page=page)),
            *_OTHERS,
            Stage("views", ("views",), partial(_views, page=page, picked=picked)),
            Stage("body", (), partial(_finished, page=page, picked=picked)),
        ),
    )
    if not (draft.lines or draft.title):  # labels and names, and nothing that they belong to
        raise ArticleError(NO_ARTICLE)
    return draft


# The shared stages but "line breaks", which a page's lines do not have. A document's form tells more than a <title>,
# and what looks like a headline is looked for when labels and the like are gone.
_FORM = tuple(stage for stage in TEXT if stage.name in ("attributes", "official form"))
_LABELS = tuple(stage for stage in TEXT if stage.name in ("labels", "stamp", "furniture"))
_OTHERS = tuple(stage for stage in TEXT if stage not in (*_FORM, *_LABELS) and stage.name != "line breaks")


# --- stage 1: what the page declares


def _say(draft: Draft, said: Said) -> Draft:
    return draft._replace(
        title=draft.title or said.title,
        published=draft.published or said.published,
        author=draft.author or said.author,
        source=draft.source or said.source,
        url=draft.url or said.url,
    )


def _heading(layout: Layout, links: tuple[str, ...]) -> str:
    """The page's one heading of level 1; empty where there is none, more than one, or only that of a section."""
    texts = {line.text for line in layout.lines if line.role == "title"}
    text = texts.pop() if len(texts) == 1 else ""
    return "" if any(same_words(text, link) for link in links) else text


def _headed(draft: Draft, page: _Page, picked: Picked) -> tuple[Draft, Picked]:
    """The draft with the headline over the article, and what was picked below that."""
    found = headline(page.layout, picked, page.declared.page, page.declared.site, page.links, by_looks=False)
    title = found.text if found else page.declared.heading
    if not title:
        return draft, picked
    draft = draft._replace(title=title, evidence={**draft.evidence, "title": "heading"})
    return draft, below(page.layout, picked, found.number) if found else picked


def _looking(draft: Draft, page: _Page, picked: Picked) -> Draft:
    """The draft with the line over the running text that looks like a headline, and without the lines above it."""
    found = headline(page.layout, picked, page.declared.page, page.declared.site, page.links, by_looks=True)
    if found is None or not any(line.number == found.number for line in draft.lines):
        return draft
    running = {line.number for line in page.layout.lines if is_running(line)}
    above = [line for line in draft.lines if line.number < found.number and line.number not in running]
    if len(above) > _FEW:  # verses, a list: a part of the article
        return draft
    title = [line for line in draft.lines if line.number == found.number]
    return draft.without("menu", above).without("title", title)._replace(title=found.text)


def _head(draft: Draft, page: _Page) -> Draft:
    """The draft with the page's <title>, and without the lines that say the same."""
    title = page.declared.head
    return draft.without("title", [line for line in draft.lines if same_words(line.text, title)])._replace(title=title)


# --- stages 2 to 4: the body


def _precise(page: _Page, title: str) -> Picked | None:
    """2. What trafilatura is sure of, where that is enough for an article."""
    picked = _extracted(page, title, favor_precision=True, fast=True)
    return picked if picked and _is_enough(page, picked) else None


def _generous(page: _Page, title: str) -> Picked | None:
    """3. What trafilatura takes for the article when in doubt it takes more, where that is enough."""
    picked = _extracted(page, title, favor_recall=True)
    return picked if picked and _is_enough(page, picked) else None


def _as_it_stands(page: _Page, title: str) -> Picked | None:
    """4. All that the page shows, except for links, menus and the like."""
    picked = whole_page(page.layout)
    body = page.lines(picked.body)
    length = sum(len(line.text) for line in page.layout.lines)
    if not page.declared.is_article:
        is_listing = without_teasers(page.layout, picked) is None
        if is_listing or 2 * sum(line.linked for line in page.layout.lines) > length:
            raise ArticleError(f"{NO_ARTICLE}: chỉ có danh sách tin, liên kết")
        if length < _LOGIN and page.root.find(".//input[@type='password']") is not None:
            raise ArticleError(f"{NO_ARTICLE}: đây là trang đăng nhập")
    has_sentence = any(len(words(line.text)) >= _SENTENCE and not same_words(line.text, title) for line in body)
    return picked if has_sentence else None


_EXTRACTORS: tuple[tuple[str, Callable[[_Page, str], Picked | None]], ...] = (
    ("trafilatura, precise", _precise),
    ("trafilatura, recall", _generous),
    ("whole page", _as_it_stands),
)


def _picked(page: _Page, title: str) -> tuple[str, Picked]:
    """The body, from the first of the extractors that finds one, and which that is."""
    for name, extract in _EXTRACTORS:
        if picked := extract(page, title):
            return name, picked
    raise ArticleError(NO_ARTICLE)


def _extracted(page: _Page, title: str, **options: Any) -> Picked | None:
    lines = page.layout.lines
    if page.layout.work > _MAX_WORK or len(lines) > _MAX_LINES or sum(len(line.text) for line in lines) > _MAX_TEXT:
        return None
    try:
        from trafilatura import bare_extraction  # 0.5 s that only pages need
    except ImportError as error:
        raise ArticleError(NO_LIBRARY) from error
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns on stderr of what it finds nothing in
    try:
        found = bare_extraction(page.root, include_comments=False, include_tables=True, **options)
    except Exception:  # whatever a page makes a library do, the next stage can do without
        return None
    if found is None or isinstance(found, dict) or not found.text:
        return None
    picked = pick(page.layout, tidy(found.text), title, page.declared.summary)
    return picked if picked is None or page.declared.is_article else without_teasers(page.layout, picked)


def _is_enough(page: _Page, picked: Picked) -> bool:
    """True when what was picked can be an article, not one teaser of many."""
    by_holder: Counter[int] = Counter()
    for line in page.lines(picked.body):
        if len(line.text) >= _PARAGRAPH and not is_linked(line):
            by_holder[line.holder] += len(line.text)
    if not by_holder:
        return False
    if page.declared.is_article or max(by_holder.values()) >= _ENOUGH:
        return True
    if any(len(words(line.text)) > _SENTENCE for line in page.lines((picked.title,))):
        return True
    paragraphs = [line for line in page.layout.lines if len(line.text) >= _PARAGRAPH and not is_linked(line)]
    of_page = sum(len(line.text) for line in paragraphs if line.role != "code" and not kind_of(line, picked.kinds))
    return by_holder.total() >= _A_SHARE * of_page


# --- from lines of the page to a draft, and back


def _with_lines(draft: Draft, page: _Page, picked: Picked) -> Draft:
    """The draft with the lines of the body, and those beside it that tell something; all others are left out."""
    start = min(picked.body)
    frame = _telling(page, picked)
    lines: list[Line] = []
    left_out: list[LeftOut] = []
    for line in page.layout.lines:
        is_title = line.number == picked.title or line.number <= start + _NEAR
        if is_title and draft.title and _says(draft.title, line.text):
            left_out.append(LeftOut("title", line.number, line.text))
        elif line.number in picked.body or line.number in frame or (is_title and _is_other_title(line, page, picked)):
            lines.append(Line(line.number, line.text))
        elif len(left_out) < MAX_LEFT_OUT:
            left_out.append(LeftOut(left_out_as(line, picked), line.number, line.text[:_LEFT_OUT_LENGTH]))
    return draft._replace(lines=tuple(lines), left_out=tuple(left_out))


def _is_other_title(line: Seen, page: _Page, picked: Picked) -> bool:
    """True for the heading above the article where the page declares another title: nothing of either is lost."""
    is_name = is_linked(line) or not freed(line.text, page.declared.site) or len(words(line.text)) < _SENTENCE
    return line.number == picked.title and not is_name and not kind_of(line, picked.kinds)


def _telling(page: _Page, picked: Picked) -> set[int]:
    """The lines of the frame that say when, by whom or where the article was published, and nothing else.

    A day that stands above the title may be that of today: it counts only where none stands below, and no links, as
    those of a menu, stand between.
    """
    linked = [line.number for line in page.layout.lines if is_linked(line)]
    above: dict[int, bool] = {}  # number -> whether it tells the day
    below: dict[int, bool] = {}
    for line in page.lines(picked.frame):
        labelled, stamp = read_line(line.text, at_end=True), read_stamp(line.text)
        is_name = line.role != "box" and any(credit(line.text))
        if labelled or stamp or is_name:
            dated = "published" in (labelled.fields if labelled else stamp or {})
            is_above = line.number < picked.title
            is_apart = sum(line.number < number < picked.title for number in linked) >= _MENU
            if not (is_above and dated and is_apart and not 0 < page.layout.post <= line.number):
                (above if is_above else below)[line.number] = dated
    return set(below) | {number for number, dated in above.items() if not (dated and any(below.values()))}


def _says(title: str, line: str) -> bool:
    """True for a line that says nothing but the title, or the beginning of it."""
    own = words(line)
    return len(own) > 0 and words(title)[: len(own)] == own and 2 * len(line) > len(title)


def _marked(draft: Draft, page: _Page, picked: Picked) -> Draft:
    """5. The first byline and the first time that elements in or beside the body say to be."""
    near = picked.body | picked.frame
    for mark in page.layout.marks:
        line = next((line for line in page.layout.lines if line.number >= mark.number), None)
        if line is None or not min(near) <= line.number <= max(near) + _NEAR or kind_of(line, picked.kinds) in OTHERS:
            continue
        if mark.kind == "time":
            draft = draft._replace(published=draft.published or written(mark.text))
        elif not draft.author and _is_name(mark.text):
            draft = draft._replace(author=person(mark.text, page.declared.site))
    return draft


def _is_name(text: str) -> bool:
    """True for what reads like the names of people: few words, all in capitals or with a capital."""
    own = text.split()
    return 1 <= len(own) <= _NAME and all(word[0].isupper() for word in own) and not any(map(str.isdigit, text))


def _captions(draft: Draft, page: _Page, picked: Picked) -> Draft:
    captions = [line.text for line in page.lines(picked.body) if line.role == "caption"]
    return draft._replace(facts={**draft.facts, "captions": captions}) if captions else draft


def _facts(draft: Draft, page: _Page, picked: Picked) -> Draft:
    """The draft with what a table beside the body tells: `Ngày ban hành | 05/03/2024`."""
    for line in [line for line in page.layout.lines if line.role == "row"][:_FACTS]:
        is_fact = len(line.text) <= _FACT and line.number not in picked.body
        if is_fact and kind_of(line, picked.kinds) not in OTHERS:
            label, cut, value = line.text.partition(" | ")
            told = read_line(f"{label.rstrip(' :')}: {value}") if cut and " | " not in value else None
            if told and not told.labels - {"published", "number", "views"}:
                draft = filled(draft, **told.fields)
    return draft


def _views(draft: Draft, page: _Page, picked: Picked) -> Draft:
    """How often the article was read, where one line of the page begins with it, wherever it stands."""
    lines = (line for line in page.layout.lines if kind_of(line, picked.kinds) not in OTHERS)
    told = {line.number: found for line in lines if (found := _VIEWS.match(folded(line.text[:_PARAGRAPH])))}
    counts = {found[1] for found in told.values()}
    if len(counts) != 1:
        return draft
    own = [line for line in draft.lines if line.number in told and told[line.number].end() == len(line.text)]
    draft = draft.without("counter", own)
    return draft._replace(facts={**draft.facts, "views": int(re.sub("[.,]", "", counts.pop()))})


def _finished(draft: Draft, page: _Page, picked: Picked) -> Draft:
    """The draft without what is left of its frame, and without its author's name as a line; items get their dash."""
    if draft.author:
        draft = draft.without("byline", [line for line in draft.lines if same_words(line.text, draft.author)])
    for line in page.lines(picked.frame):
        draft = draft.without(left_out_as(line, picked), [one for one in draft.lines if one.number == line.number])
    near = range(min(picked.body | picked.frame), max(picked.body))
    is_byline = {line for line in draft.left_out if line.number in near and same_words(line.text, draft.author or "")}
    left_out = (line._replace(kind="byline") if line in is_byline else line for line in draft.left_out)
    items = {line.number for line in page.layout.lines if line.role == "item"}
    lines = (
        line._replace(text=f"- {line.text}") if line.number in items and line.text[0].isalnum() else line
        for line in draft.lines
    )
    return draft._replace(lines=tuple(lines), left_out=tuple(left_out))
