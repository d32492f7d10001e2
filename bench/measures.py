"""Rankings and grades -> nDCG@10, MRR@10, Recall@10 and Recall@100 of every query, their means, and differences.

Main type: `Figures`. Invariant: `by_library` and `by_definition` give the same figures, to the last few bits; a test
compares them. The library is ir-measures (MacAvaney et al., 2022), whose nDCG and recall are trec_eval's. The
definitions stand here too because it brings numpy and scipy, 160 MB that the floors of the tests can do without.

nDCG as in Järvelin and Kekäläinen (2002) with gain = grade and a log2 discount; MRR: the reciprocal rank of the first
relevant article; recall: the share of the relevant articles (grade 1 and more) above the rank.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

try:
    import ir_measures
except ImportError:  # the definitions do, and `relevance` says so
    HAS_LIBRARY = False
else:
    HAS_LIBRARY = True

DEPTH = 100  # ranks that are looked at

Rankings = Mapping[str, Sequence[str]]  # query id -> article ids, best first
Grades = Mapping[str, Mapping[str, int]]


class Figures(NamedTuple):
    """What one query, or the mean of many, reaches; each between 0 and 1."""

    ndcg_10: float
    mrr_10: float
    recall_10: float
    recall_100: float


NAMES = ("nDCG@10", "MRR@10", "Recall@10", "Recall@100")  # of the figures, in their order


def figures(rankings: Rankings, grades: Grades) -> dict[str, Figures]:
    """The figures of every query of `grades`, by the library where it is installed."""
    return by_library(rankings, grades) if HAS_LIBRARY else by_definition(rankings, grades)


def by_library(rankings: Rankings, grades: Grades) -> dict[str, Figures]:
    """The figures as ir-measures computes them. Scores are ranks, so that ties stay in the ranker's order."""
    measures = [ir_measures.nDCG @ 10, ir_measures.RR @ 10, ir_measures.R @ 10, ir_measures.R @ 100]
    run = {
        query: {article: float(DEPTH - rank) for rank, article in enumerate(rankings.get(query, ()))}
        for query in grades
    }
    found: dict[str, dict[object, float]] = {query: {} for query in grades}
    judged = {query: dict(of_query) for query, of_query in grades.items()}
    for metric in ir_measures.iter_calc(measures, judged, run):
        found[metric.query_id][metric.measure] = metric.value
    return {query: Figures(*(values[measure] for measure in measures)) for query, values in found.items()}


def by_definition(rankings: Rankings, grades: Grades) -> dict[str, Figures]:
    """The figures by their definitions."""
    return {query: _of_query(rankings.get(query, ()), of_query) for query, of_query in grades.items()}


def _of_query(ranked: Sequence[str], grades: Mapping[str, int]) -> Figures:
    gains = [max(0, grades.get(article, 0)) for article in ranked]
    relevant = sum(grade > 0 for grade in grades.values())
    ideal = _dcg(sorted((max(0, grade) for grade in grades.values()), reverse=True))
    first = next((rank for rank, gain in enumerate(gains[:10], start=1) if gain), 0)
    recalls = (sum(gain > 0 for gain in gains[:depth]) / relevant if relevant else 0.0 for depth in (10, 100))
    return Figures(_dcg(gains) / ideal if ideal else 0.0, 1 / first if first else 0.0, *recalls)


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains[:10]))


def mean(of_queries: Mapping[str, Figures]) -> Figures:
    """The mean over the queries."""
    return Figures(*(sum(column) / len(of_queries) for column in zip(*of_queries.values(), strict=True)))


def p_value(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """How probable a difference of means as large as this is by chance: Student's paired t-test, two-sided.

    With the normal distribution for t's, which is as good from about a hundred queries on; for rankings the test
    agrees with randomization (Smucker, Allan and Carterette, 2007). 1 where nothing differs.
    """
    differences = [one - other for one, other in zip(ours, theirs, strict=True)]
    count = len(differences)
    average = sum(differences) / count
    variance = sum((difference - average) ** 2 for difference in differences) / max(1, count - 1)
    if not variance:
        return 1.0 if not average else 0.0
    return math.erfc(abs(average) / math.sqrt(2 * variance / count))
