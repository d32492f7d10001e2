"""A plan and a hit -> what gave the hit its score. Main name: `explain`.

Invariant: the contributions add up to the score that the engine gave, for they are asked of the engine itself, a term
at a time; nothing here knows how an engine scores.
"""

from collections.abc import Iterable
from typing import assert_never

from searchvn.engines.base import Engine
from searchvn.models import Contribution
from searchvn.query.ast import (
    And,
    AndMaybe,
    Boost,
    DisMax,
    Everything,
    Filtered,
    MultiPhrase,
    Near,
    Node,
    Or,
    Range,
    Term,
    TermPhrase,
    Without,
)
from searchvn.query.rewrite import Plan


def explain(plan: Plan, key: str, engine: Engine) -> tuple[Contribution, ...]:
    """What every term, phrase and pair added to the score of the article with the id `key`, the most first."""
    found = _Explainer(Term("id", key), engine, dict(plan.pairs)).parts(plan.ranking, 1.0)
    return tuple(sorted(found, key=lambda part: (-part.score, part)))


class _Explainer:
    """Asks one engine about one article."""

    def __init__(self, article: Term, engine: Engine, pairs: dict[str, str]) -> None:
        self._article, self._engine, self._pairs = article, engine, pairs

    def parts(self, node: Node, weight: float) -> list[Contribution]:
        """What the leaves below `node` add."""
        match node:
            case Boost(child, factor):
                return self.parts(child, weight * factor)
            case Filtered(child, condition):
                return self.parts(child, weight) if self._finds(condition) else []
            case Without(child, excluded):
                return [] if self._finds(excluded) else self.parts(child, weight)
            case AndMaybe(required, optional):
                return self._all((required, optional), weight) if self._finds(required) else []
            case And(children):
                return self._all(children, weight) if self._finds(node) else []
            case Or(children):
                return self._all(children, weight)
            case DisMax(children):
                return max((self.parts(child, weight) for child in children), key=_sum)
            case Term() | TermPhrase() | MultiPhrase() | Near() | Range() | Everything():
                return self._leaf(node, weight)
        assert_never(node)

    def _finds(self, node: Node) -> bool:
        """Whether the article is one of those that `node` finds."""
        return self._engine.count(Filtered(node, self._article)) > 0

    def _all(self, nodes: Iterable[Node], weight: float) -> list[Contribution]:
        return [part for node in nodes for part in self.parts(node, weight)]

    def _leaf(self, leaf: Node, weight: float) -> list[Contribution]:
        found = self._engine.search(Filtered(leaf, self._article), 1)
        if not found or not weight:
            return []
        text, field = self._shown(leaf)
        return [Contribution(text, field, weight, weight * found[0].score)]

    def _shown(self, leaf: Node) -> tuple[str, str]:
        match leaf:
            case Term("shingles", text):
                return self._pairs.get(text, text), "shingles"
            case Term(field, text):
                return text, field
            case TermPhrase(field, terms):
                return " ".join(terms), field
            case MultiPhrase(field, slots):
                return " ".join("|".join(slot) for slot in slots), field
            case Near(field, first, second, between):
                return f"{'|'.join(first)} {'|'.join(second)} ~{between}", field
            case Range(field, first, last):
                return f"{first}..{last}", field
        return "*", ""


def _sum(parts: list[Contribution]) -> float:
    return sum(part.score for part in parts)
