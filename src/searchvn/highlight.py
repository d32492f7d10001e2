"""An article and the needles of a query -> what to mark: title spans, passages, missing words.

Main name: `mark`. Invariant: a needle is missing exactly when the plan's `matching` node would not count the article
for it; every span covers whole tokens as they stand in the article.
"""

from bisect import bisect, bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import NamedTuple
from unicodedata import normalize

from searchvn.analysis.places import Places
from searchvn.analysis.terms import bare_lines, capitals, compound_places, folded_term, is_accented
from searchvn.analysis.tokens import split
from searchvn.models import Article, Snippet, Span
from searchvn.passages import Match, best_passages, joined
from searchvn.query.forms import Form, Needle, Slots


class Marked(NamedTuple):
    """What to mark in an article, and the needles it lacks, as typed."""

    title_spans: tuple[Span, ...]
    snippets: tuple[Snippet, ...]
    missing: tuple[str, ...]


UNMARKED = Marked((), (), ())


def mark(article: Article, needles: Sequence[Needle], passages: int = 2) -> Marked:
    """Marks `needles` in the article and cuts at most `passages` passages out of its body."""
    reader = _Reader(article)
    in_title, in_body = reader.matches(needles)
    found = {needle for _, _, needle in chain(in_title, in_body)}
    missing = tuple(
        needle.typed
        for number, needle in enumerate(needles)
        if number not in found and not needle.optional and not _is_fact(needle, article)
    )
    weights = [needle.weight for needle in needles]
    return Marked(joined(in_title), best_passages(article.body, in_body, weights, passages), missing)


def all_spans(article: Article, needles: Sequence[Needle]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Where the needles stand in the title and in the whole body."""
    in_title, in_body = _Reader(article).matches(needles)
    return joined(in_title), joined(in_body)


def _is_fact(needle: Needle, article: Article) -> bool:
    """Whether the needle is found by who wrote the article, where it comes from or where it lies."""
    facts = {"author": article.author, "source": article.source, "path": article.file}
    return any(
        any(_standing(form, Places(normalize("NFC", facts[form.scope] or ""))))
        for form in needle.forms
        if form.scope in facts
    )


class _Reader:
    """An article that is looked through for needles: its title and its body as one text, in which `border` is the line
    break between them."""

    def __init__(self, article: Article) -> None:
        self._border = len(article.title)
        self._text = Places(f"{article.title}\n{article.body}")

    def matches(self, needles: Sequence[Needle]) -> tuple[list[Match], list[Match]]:
        """All places of all needles in the title and in the body, in order of their start."""
        border = self._border
        in_title: set[Match] = set()
        in_body: set[Match] = set()
        for number, needle in enumerate(needles):
            for form in needle.forms:
                if form.scope not in ("", "title", "body"):
                    continue
                spans = _standing(form, self._text, border)
                if form.kind == "bare":
                    spans = filter(self._is_bare, spans)
                for start, end in spans:
                    if start > border:
                        if form.scope != "title":
                            in_body.add((start - border - 1, end - border - 1, number))
                    elif end <= border and form.scope != "body":
                        in_title.add((start, end, number))
        return sorted(in_title), sorted(in_body)

    def _is_bare(self, span: Span) -> bool:
        """Whether the span stands in unaccented lines."""
        if self._is_accented and is_accented(*self._text.words(*self._text.line(span[0]))):
            return False  # so it is nearly always, and known without a look at the words
        at = bisect(self._bare_spans, span[0], key=itemgetter(0)) - 1
        return at >= 0 and span[1] <= self._bare_spans[at][1]

    @cached_property
    def _is_accented(self) -> bool:
        """Whether the article as a whole is surely accented."""
        return is_accented(*self._text.words(0, len(self._text.text)))

    @cached_property
    def _bare_spans(self) -> list[Span]:
        """The unaccented lines of title and body, as spans; lines that follow each other are one span."""
        lines = self._text.text.split("\n")
        return _line_spans(lines, bare_lines(list(map(split, lines))))


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


def _standing(form: Form, places: Places, border: int = -1) -> Iterable[Span]:
    """The places of one form in a text, in unaccented lines or not. Nothing is near what stands beyond `border`."""
    match form.kind:
        case "exact":
            return _in_order(form.slots, places, places.exact)
        case "folded" | "bare":
            return _in_order(form.slots, places, places.folded)
        case "near":
            return _near(*map(places.exact, form.slots), form.between, places, border)
        case "near_folded":
            return _near(*map(places.folded, form.slots), form.between, places, border)
        case "joined":
            return _joined(form.slots[0][0], places)
        case _:
            return _in_capitals(form.slots[0][0], places)


def _in_order(slots: Slots, places: Places, tokens: Callable[[Sequence[str]], Sequence[Span]]) -> Iterable[Span]:
    """Where a token of every slot follows one of the slot before."""
    if len(slots) == 1:
        return tokens(slots[0])
    found = list(map(tokens, slots))
    return _follow(found[0], [dict(spans) for spans in found[1:]], places) if all(found) else ()


def _follow(firsts: Sequence[Span], others: Sequence[dict[int, int]], places: Places) -> Iterator[Span]:
    """The spans from one of the first tokens to the last of the others, each given as start -> end."""
    for start, end in firsts:
        for ends in others:
            end = ends.get(places.after(end), -1)
            if end < 0:
                break
        else:
            yield start, end


def _near(
    first: Sequence[Span], second: Sequence[Span], between: int, places: Places, border: int
) -> Iterable[Span]:
    """The tokens of either slot that have one of the other slot, not themselves, with so many tokens between at most."""
    if not (first and second):
        return ()
    far = between + 2

    def number(span: Span) -> int:
        return places.number(span[0]) + (far if span[0] > border else 0)

    found: set[Span] = set()
    for here, there in ((first, second), (second, first)):
        numbers = list(map(number, there))
        for span in here:
            at = number(span)
            before, after = bisect_left(numbers, at) - 1, bisect(numbers, at)
            if (before >= 0 and at - numbers[before] <= between + 1) or (
                after < len(numbers) and numbers[after] - at <= between + 1
            ):
                found.add(span)
    return found


def _joined(term: str, places: Places) -> Iterator[Span]:
    """The identifiers with this joined form."""
    if places.may_join(term):
        for found, start, end in compound_places(places.text):
            if found == term:
                yield start, end


def _in_capitals(token: str, places: Places) -> Iterator[Span]:
    """The places of a token in capitals that count as such."""
    line, counted = (0, -1), False
    for start, end in places.folded((folded_term(token),)):
        if places.text[start:end] == token:
            if places.line(start) != line:
                line = places.line(start)
                counted = token in capitals(places.text[slice(*line)])
            if counted:
                yield start, end
