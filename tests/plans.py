"""Plans of queries for tests: indexes that say what a test wants, and short names for nodes and forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from searchvn.analysis.terms import analyze
from searchvn.engines.memory import MemoryEngine
from searchvn.models import Article, Diacritics
from searchvn.query.ast import (
    And,
    AndMaybe,
    Boost,
    DisMax,
    Filtered,
    MultiPhrase,
    Near,
    Node,
    Or,
    Term,
    TermPhrase,
    Without,
)
from searchvn.query.forms import Form, Vocabulary
from searchvn.query.parser import parse_query
from searchvn.query.rewrite import Plan, rewrite


class FakeVocabulary:
    """An index of `many` articles in which the listed terms stand in so many of them; it has no phrase."""

    def __init__(self, dfs: Mapping[tuple[str, str], int] | None = None, articles: int = 100) -> None:
        self._dfs = dfs or {}
        self._articles = articles

    def df(self, field: str, term: str) -> int:
        return self._dfs.get((field, term), 0)

    def articles(self) -> int:
        return self._articles

    def terms(self, field: str, prefix: str = "") -> Iterable[tuple[str, int]]:
        return [(term, df) for (where, term), df in self._dfs.items() if where == field and term.startswith(prefix)]

    def count(self, query: Node) -> int:
        return 0


class EveryWord(FakeVocabulary):
    """An index in which every word and every pair of words stand in one article."""

    def df(self, field: str, term: str) -> int:
        return int(field != "shingles" or "_" in term)


NOTHING = FakeVocabulary()


def plan(
    text: str, vocabulary: Vocabulary = NOTHING, level: Diacritics = Diacritics.SMART, widened: bool = False
) -> Plan:
    return rewrite(parse_query(text), vocabulary, level, (), widened)


def collection(*texts: str, frame: str = "{}") -> MemoryEngine:
    """An engine with an article for each text, which is its id, and in the frame its body."""
    engine = MemoryEngine()
    for text in texts:
        engine.add(analyze(Article(text, "", frame.format(text))))
    engine.commit()
    return engine


def found(query: str, engine: MemoryEngine, level: Diacritics = Diacritics.SMART, widened: bool = False) -> set[str]:
    """The articles that are counted for a query."""
    return {hit.article.id for hit in engine.search(plan(query, engine, level, widened).matching, 1_000)}


# --- nodes and forms, written shortly


def exact_(term: str) -> Or:
    return Or((Term("title", term), Term("body", term)))


def folded_(term: str) -> Or:
    return Or((Term("title_folded", term), Term("body_folded", term)))


def exact_phrase(*terms: str) -> Or:
    return Or((TermPhrase("title", terms), TermPhrase("body", terms)))


def folded_phrase(*terms: str) -> Or:
    return Or((TermPhrase("title_folded", terms), TermPhrase("body_folded", terms)))


def multi_phrase(*slots: tuple[str, ...]) -> Or:
    return Or((MultiPhrase("title", slots), MultiPhrase("body", slots)))


def any_of(*nodes: Node) -> Or:
    """One flat Or."""
    return Or(tuple(child for node in nodes for child in (node.children if isinstance(node, Or) else (node,))))


def form(kind: str, *terms: str, weight: float = 1.0) -> Form:
    """One term in each slot."""
    return Form(kind, tuple((term,) for term in terms), weight)


def forms(asked: Plan) -> list[tuple[Form, ...]]:
    return [needle.forms for needle in asked.needles]


def leaves(node: Node) -> list[tuple[str, tuple[str, ...]]]:
    """The fields and terms that a node reads."""
    match node:
        case Term(field, text):
            return [(field, (text,))]
        case TermPhrase(field, terms):
            return [(field, terms)]
        case MultiPhrase(field, slots):
            return [(field, tuple(term for slot in slots for term in slot))]
        case Near(field, first, second):
            return [(field, first + second)]
        case Boost(child, _):
            return leaves(child)
        case Filtered(one, other) | AndMaybe(one, other) | Without(one, other):
            return leaves(one) + leaves(other)
        case Or(children) | And(children) | DisMax(children):
            return [leaf for child in children for leaf in leaves(child)]
    return []
