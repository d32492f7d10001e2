"""An article and the needles of a query -> what to mark: title spans, passages, missing words.

Main name: `mark`. Invariant: a needle is missing exactly when the plan's `matching` node would not count the article
for it; every span covers whole tokens as they stand in the article.
"""

from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import NamedTuple
from unicodedata import normalize

from searchvn.analysis.compounds import compound_places
from searchvn.analysis.lines import bare_lines, capitals, is_accented, read_line
from searchvn.analysis.lookup import folded_term
from searchvn.analysis.places import Places, Wanted, any_exact, any_folded
from searchvn.models import Article, Snippet, Span
from searchvn.passages import Match, best_passages, joined
from searchvn.query.forms import Form, Needle


class Marked(NamedTuple):
    """What to mark in an article, and the needles it lacks, as typed."""

    title_spans: tuple[Span, ...]
    snippets: tuple[Snippet, ...]
    missing: tuple[str, ...]


UNMARKED = Marked((), (), ())


def mark(article: Article, needles: Sequence[Needle], passages: int = 2) -> Marked:
    """Marks `needles` in one article; see `Marker.mark`."""
    return Marker(needles).mark(article, passages)


def all_spans(article: Article, needles: Sequence[Needle]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where the needles stand in the title and in the whole body."""
    in_title, in_body = Marker(needles).matches(article)
    return joined(in_title), joined(in_body)


class _Sought(NamedTuple):
    """A form of needle `number`, ready to be looked for. `is_word`: any token in title or body that has its terms."""

    number: int
    form: Form
    slots: tuple[Wanted, ...]
    is_word: bool


def _sought(number: int, form: Form) -> _Sought:
    wanted = any_exact if form.kind in ("exact", "near") else any_folded
    is_word = form.kind in ("exact", "folded") and len(form.slots) == 1 and not form.scope
    return _Sought(number, form, tuple(map(wanted, form.slots)), is_word)


class Marker:
    """The needles of a query, to be marked in any number of articles."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._needles = needles
        self._weights = [needle.weight for needle in needles]
        sought = [_sought(number, form) for number, needle in enumerate(needles) for form in needle.forms]
        self._in_text = [one for one in sought if one.form.scope in ("", "title", "body")]
        self._in_facts = [one for one in sought if one.form.scope not in ("", "title", "body")]
        self._overlap = len(sought) > len(needles)  # two forms of a needle may stand in the same place

    def mark(self, article: Article, passages: int = 2) -> Marked:
        """Marks the needles in the article and cuts at most `passages` passages out of its body."""
        in_title, in_body = self.matches(article)
        found = {number for _, _, number in chain(in_title, in_body)}
        found.update(one.number for one in self._in_facts if _is_fact(one, article))
        missing = tuple(
            needle.typed for number, needle in enumerate(self._needles) if number not in found and not needle.optional
        )
        return Marked(joined(in_title), best_passages(article.body, in_body, self._weights, passages), missing)

    @property
    def seeks_words(self) -> bool:
        """Whether every form is a single word, in title or body."""
        return not self._in_facts and all(one.is_word or one.form.kind == "bare" for one in self._in_text)

    def finds_any(self, article: Article) -> bool:
        """Whether any of the needles stands in title or body."""
        # Nearly every article that is asked about has a word of the query as it is typed, between spaces.
        return any(word in article.body for word in self._apart) or any(self.matches(article))

    @cached_property
    def _apart(self) -> list[str]:
        """Single terms between spaces: what stands so in a body is a token with that term."""
        return [f" {term} " for one in self._in_text if one.is_word for term in one.form.slots[0]]

    def matches(self, article: Article) -> tuple[list[Match], list[Match]]:
        """All places of all needles in the title and in the body, in order of their start."""
        reader = _Reader(article)
        places = reader.places
        found: list[Match] = []
        for number, form, slots, is_word in self._in_text:
            spans = places.tokens(slots[0]) if is_word else reader.spans(form, slots)
            found += [(start, end, number) for start, end in spans]
        found = sorted(set(found)) if self._overlap else sorted(found)
        body = reader.border + 1
        first = bisect_left(found, (body, 0, 0))
        return found[:first], [(start - body, end - body, number) for start, end, number in found[first:]]


def _is_fact(one: _Sought, article: Article) -> bool:
    """Whether a form is found by who wrote the article, where it comes from or where it lies."""
    facts = {"author": article.author, "source": article.source, "path": article.file}
    return any(_standing(one.form, one.slots, Places(normalize("NFC", facts[one.form.scope] or ""))))


class _Reader:
    """Finds forms in title and body of an article, which are one text with a line break at `border` between them."""

    def __init__(self, article: Article) -> None:
        self.border = len(article.title)
        self.places = Places(f"{article.title}\n{article.body}")

    def spans(self, form: Form, slots: Sequence[Wanted]) -> Iterable[Span]:
        """Where the form stands in title or body, whichever it may stand in."""
        spans = _standing(form, slots, self.places, self.border)
        if form.kind == "bare":
            spans = self._in_bare_lines(spans)
        if form.scope:
            spans = [span for span in spans if (span[0] < self.border) == (form.scope == "title")]
        return spans

    def _in_bare_lines(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Those of the spans, which are in order, that stand in unaccented lines."""
        line, may_be_bare = (0, -1), False
        for span in spans:
            if self.places.line(span[0]) != line:
                line = self.places.line(span[0])
                # Hardly any line is, and most are known without a look at their words.
                may_be_bare = not (self._is_accented and is_accented(*self.places.words(*line)))
            if may_be_bare:
                at = bisect(self._bare_spans, span[0], key=itemgetter(0)) - 1
                if at >= 0 and span[1] <= self._bare_spans[at][1]:
                    yield span

    @cached_property
    def _is_accented(self) -> bool:
        """Whether the article as a whole is surely accented."""
        return is_accented(*self.places.words(0, len(self.places.text)))

    @cached_property
    def _bare_spans(self) -> list[Span]:
        """The unaccented lines of title and body, as spans; lines that follow each other are one span."""
        lines = self.places.text.split("\n")
        return _line_spans(lines, bare_lines(list(map(read_line, lines))))


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


# --- where a form stands


def _standing(form: Form, slots: Sequence[Wanted], places: Places, border: int = -1) -> Iterable[Span]:
    """The places of one form in a text, whatever its scope and its lines. Nothing reaches across `border`."""
    match form.kind:
        case "exact" | "folded" | "bare":
            tokens = list(map(places.tokens, slots))
            return tokens[0] if len(tokens) == 1 else _in_order(places, border, tokens)
        case "near" | "near_folded":
            return _near(places, border, form.between, *map(places.tokens, slots))
        case "joined":
            return _joined(places, form.slots[0][0])
        case _:
            return _in_capitals(places, form.slots[0][0])


def _in_order(places: Places, border: int, tokens: Sequence[Sequence[Span]]) -> Iterator[Span]:
    """Where a token of every slot follows one of the slot before."""
    later = [dict(spans) for spans in tokens[1:]]
    for start, end in tokens[0] if all(later) else ():
        last = end
        for ends in later:
            last = ends.get(places.after(last), -1)
            if last < 0:
                break
        if last >= 0 and not end <= border < last:
            yield start, last


def _near(places: Places, border: int, between: int, first: Sequence[Span], second: Sequence[Span]) -> Iterator[Span]:
    """The tokens of either slot that have one of the other, not themselves, with at most so many tokens between."""

    def number(span: Span) -> int:
        return places.number(span[0]) + (between + 1 if span[0] > border else 0)

    for here, there in ((first, second), (second, first)) if first and second else ():
        numbers = list(map(number, there))
        for span in here:
            at = number(span)
            around = numbers[max(0, bisect_left(numbers, at) - 1) : bisect(numbers, at) + 1]
            if any(0 < abs(other - at) <= between + 1 for other in around):
                yield span


def _joined(places: Places, term: str) -> Iterator[Span]:
    """The identifiers with this joined form."""
    if places.may_join(term):
        for found, start, end in compound_places(places.text):
            if found == term:
                yield start, end


def _in_capitals(places: Places, token: str) -> Iterator[Span]:
    """The places of a token in capitals that count as such."""
    line, counts = (0, -1), False
    for start, end in places.tokens(any_folded((folded_term(token),))):
        if places.text[start:end] == token:
            if places.line(start) != line:
                line = places.line(start)
                counts = token in capitals(places.text[slice(*line)])
            if counts:
                yield start, end
