"""One search: a query and what is asked of it -> `SearchResults`. Main type: `Search`.

Invariant: reads the engine and nothing else; totals, hits, marks and counts by value are those of one plan, so they
tell one story.
"""

import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from searchvn.analysis.abbreviations import Abbreviation
from searchvn.analysis.folding import has_marks
from searchvn.engines.base import Engine
from searchvn.errors import UsageError, grouped
from searchvn.fields import FACETS
from searchvn.highlight import UNMARKED, Marker
from searchvn.models import Diacritics, Facet, FacetCount, Hit, ScoredArticle, SearchResults, Sort, Suggestion
from searchvn.query.ast import AndMaybe, Filtered, Node, Or
from searchvn.query.forms import found_by
from searchvn.query.parser import parse_query
from searchvn.query.rewrite import Plan, rewrite
from searchvn.query.runs import either
from searchvn.query.syntax import Query, is_plain_text

# A query that finds more than so many of all articles gets no suggestion for what was typed; one of more than a few
# words, which few articles have all, gets one only if it finds one at most (perhaps the one with the same slip).
LITTLE = 0.001
FEW_WORDS = 3
# One that finds no more than so many of all gets one with marks, if so many times as many have these words with marks.
SOME = 0.02
MARKED_TIMES = 5
_MOST_TOLD = 6  # words of a query that finds nothing whose articles are counted


Choice = TypeVar("Choice", Sort, Diacritics)


def chosen(kind: type[Choice], value: str) -> Choice:
    """The member that a program named. Raises `UsageError` where there is none of that name."""
    try:
        return kind(value)
    except ValueError:
        raise UsageError(f"không nhận “{value}”", f"chọn một trong: {', '.join(kind)}") from None


class Asked(NamedTuple):
    """What is asked of a query's hits; see `Index.search`."""

    limit: int = 10
    offset: int = 0
    sort: Sort = Sort.RELEVANCE
    match_all: bool = False
    passages: int = 2
    facets: tuple[str, ...] = ()
    explain: bool = False
    suggest: bool = True
    total: bool = True

    def checked(self) -> "Asked":
        """Itself. Raises `UsageError` for values that make no sense."""
        if self.limit < 1:
            raise UsageError(f"số kết quả phải từ 1 trở lên, không phải {self.limit}", "ví dụ: -n 10")
        if self.offset < 0:
            raise UsageError(f"--offset phải từ 0 trở lên, không phải {self.offset}", "ví dụ: --offset 10")
        if self.passages < 0:
            raise UsageError(f"số đoạn trích phải từ 0 trở lên, không phải {self.passages}", "ví dụ: --snippets 2")
        for name in self.facets:
            if name not in FACETS:
                raise UsageError(f"không đếm được theo “{name}”", f"chọn một trong: {', '.join(FACETS)}")
        return self


class Read(NamedTuple):
    """A query that was read: its tree, its plan, and how many articles meet it, where they were counted."""

    query: Query
    plan: Plan
    total: int | None

    @property
    def notes(self) -> tuple[str, ...]:
        """What was read otherwise than written."""
        return self.query.notes + self.plan.notes


class Search:
    """Searches one engine, with marks and abbreviations read as told."""

    def __init__(
        self, engine: Engine, diacritics: Diacritics | str, abbreviations: Sequence[Abbreviation] | None
    ) -> None:
        self._engine, self._level, self._abbreviations = engine, chosen(Diacritics, diacritics), abbreviations

    def read(self, query: str | Query, counted: bool = True) -> Read:
        """The plan of a query; widened if no article meets it as typed, and one does then.

        Also if none has even a part of it, and one does then: a condition may be all that was typed without marks.
        Where the total is not needed for that, it is counted only if asked for.
        """
        asked = parse_query(query) if isinstance(query, str) else query
        plan = rewrite(asked, self._engine, self._level, self._abbreviations)
        if not counted and not plan.can_widen:
            return Read(asked, plan, None)
        total = self._engine.count(plan.matching)
        if not total and plan.can_widen:
            wider = rewrite(asked, self._engine, self._level, self._abbreviations, widened=True)
            total = self._engine.count(wider.matching)
            if total or (not self._engine.count(plan.ranking) and self._engine.count(wider.ranking)):
                plan = wider
        return Read(asked, plan, total)

    def results(self, query: str | Query, asked: Asked) -> SearchResults:
        """The answer to a query."""
        started = time.perf_counter()
        asked.checked()
        read = self.read(query, asked.total or asked.suggest or bool(asked.facets))
        hits = self.hits(read.plan, asked)
        suggestions = self._suggestions(read, read.total or 0, hits) if asked.suggest and asked.passages else ()
        facets = tuple(self._facet(read, name) for name in dict.fromkeys(asked.facets))
        notes = read.notes if hits or read.total or not asked.suggest else read.notes + self._of_each(read)
        took = time.perf_counter() - started
        return SearchResults(read.query.text, read.total, hits, took, asked.offset, notes, suggestions, facets)

    def _of_each(self, read: Read) -> tuple[str, ...]:
        """How many articles have each word of a query that none has all of."""
        needles = read.plan.needles[:_MOST_TOLD]
        counts = [self._engine.count(either(node for form in n.forms for node in found_by(form))) for n in needles]
        if len(needles) < 2 or not any(counts):
            return ()
        each = ", ".join(f"“{needle.typed}” {grouped(n)} bài" for needle, n in zip(needles, counts, strict=True))
        return (f"không bài nào hợp cả truy vấn; từng từ: {each}",)

    def count(self, query: str | Query, suggest: bool = True) -> SearchResults:
        """How many articles meet a query."""
        started = time.perf_counter()
        read = self.read(query)
        total = read.total or 0
        suggestions = (self._suggestions(read, 0, ()) if not total else self._accented(read, total)) if suggest else ()
        return SearchResults(read.query.text, read.total, (), time.perf_counter() - started, 0, read.notes, suggestions)

    def paths(self, query: str | Query, sort: Sort) -> Iterator[str]:
        """The absolute paths of the files with articles that meet a query, each once."""
        read = self.read(query)
        node = read.plan.matching if sort is not Sort.RELEVANCE else Filtered(read.plan.ranking, read.plan.matching)
        seen: set[str] = set()
        offset, page = 0, 50
        while offset < (read.total or 0):
            for scored in self._engine.search(node, page, offset, sort):
                if scored.article.path and scored.article.path not in seen:
                    seen.add(scored.article.path)
                    yield scored.article.path
            offset, page = offset + page, min(10 * page, 5_000)  # every page is searched from the start

    def hits(self, plan: Plan, asked: Asked) -> tuple[Hit, ...]:
        """The hits of a plan."""
        hits = []
        marker = Marker(plan.needles)
        found = self._found(_ordered(plan, asked), asked, marker)
        for rank, scored in enumerate(found, start=asked.offset + 1):
            marked = marker.mark(scored.article, asked.passages) if asked.passages else UNMARKED
            score = scored.score if asked.sort is Sort.RELEVANCE else None
            hit = Hit(rank, score, scored.article, marked.snippets, marked.title_spans, marked.missing)
            hits.append(hit)
        if asked.explain and asked.sort is Sort.RELEVANCE:
            from searchvn.explaining import explain  # needed by few queries

            hits = [hit._replace(explanation=explain(plan, hit.id, self._engine)) for hit in hits]
        return tuple(hits)

    def _found(self, node: Node, asked: Asked, marker: Marker) -> list[ScoredArticle]:
        """The articles that are hits.

        Engines are fastest without the guard that keeps articles out which have neighbours of the query and none of its
        words. Hardly any gets far, so it is left away, and taken only where one did. Around phrases it keeps out many.
        Only the first hits are searched for so: whether others stand before them can be seen of no later page.
        """
        match node:
            case AndMaybe(Or(words), Or(neighbours)) if (
                marker.seeks_words and asked.sort is Sort.RELEVANCE and not asked.offset
            ):
                found = self._engine.search(Or(words + neighbours), asked.limit)
                if all(marker.finds_any(scored.article) for scored in found):
                    return found
        return self._engine.search(node, asked.limit, asked.offset, asked.sort)

    def _facet(self, read: Read, name: str) -> Facet:
        """The articles that meet a query, counted by a field."""
        found = self._engine.facet(read.plan.matching, FACETS[name])
        in_time = name in ("year", "month")
        counts = [
            FacetCount(value, articles)
            for value, articles in sorted(found.items(), key=lambda pair: pair[0] if in_time else (-pair[1], pair[0]))
        ]
        if rest := (read.total or 0) - sum(found.values()):
            counts.append(FacetCount(None, rest))
        return Facet(name, tuple(counts))

    def _suggestions(self, read: Read, total: int, hits: Sequence[Hit]) -> tuple[Suggestion, ...]:
        """What was probably meant by a query that found next to nothing, or how its hits write what has no marks."""
        if not is_plain_text(read.query):
            return ()  # signs were meant, and suggestions are made of words
        found: tuple[Suggestion, ...] = ()
        text, little = read.query.text, max(2, int(self._engine.articles() * LITTLE))
        if total <= (little if len(text.split()) <= FEW_WORDS else 1):
            from searchvn.query.suggest import Searcher, suggest  # needed by such queries only

            searcher = Searcher(
                lambda other: self.read(other).total or 0, lambda other: self.hits(self.read(other).plan, Asked())
            )
            found = suggest(text, total, little, self._engine, searcher)
        if not found and hits and (read.plan.notes or not has_marks(text.lower())):
            from searchvn.query.accents import accented  # needed by such queries only

            with_marks = accented(text, hits)
            found = (Suggestion(with_marks, "accents"),) if with_marks else ()
        return found or self._accented(read, total)

    def _accented(self, read: Read, total: int) -> tuple[Suggestion, ...]:
        """A query of which some words have lost their marks, with them, if many times as many articles have it so."""
        text = read.query.text
        if not (
            total and read.plan.can_widen and total <= SOME * self._engine.articles() and is_plain_text(read.query)
        ):
            return ()
        from searchvn.query.accents import accented, is_written_so, lacks_marks  # needed by such queries only

        if not lacks_marks(text, self._engine):
            return ()
        wider = rewrite(read.query, self._engine, self._level, self._abbreviations, widened=True)
        if self._engine.count(wider.matching) < MARKED_TIMES * total:
            return ()
        with_marks = accented(text, self.hits(wider, Asked()))
        if (
            with_marks
            and (self.read(with_marks).total or 0) >= MARKED_TIMES * total
            and is_written_so(text, with_marks, self._engine)
        ):
            return (Suggestion(with_marks, "marks"),)
        return ()


def _ordered(plan: Plan, asked: Asked) -> Node:
    """The node whose articles are hits: with any of the words, or with all."""
    if not asked.match_all:
        return plan.ranking
    return Filtered(plan.ranking, plan.matching) if asked.sort is Sort.RELEVANCE else plan.matching
