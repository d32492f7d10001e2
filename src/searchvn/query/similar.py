"""An article -> the plan that finds articles like it. Main name: `similar_plan`.

Invariant: made of the stored article and of what the index says of its words, so every engine can run it; the article
itself is not found.

The words and the neighbouring pairs that tell the article from others, by tf x idf (Salton and Buckley,
"Term-weighting approaches in automatic text retrieval", 1988), each weighing as it is frequent in the article; as
Lucene's MoreLikeThis does.
"""

import math
from collections import Counter
from itertools import pairwise

from searchvn.analysis.lines import shingle
from searchvn.analysis.terms import tokenize
from searchvn.models import Article
from searchvn.query.ast import Boost, Node, Or, Term, Without
from searchvn.query.forms import Form, Needle, Vocabulary
from searchvn.query.rewrite import Plan
from searchvn.query.runs import rarity
from searchvn.query.slips import printed

MOST_WORDS, MOST_PAIRS = 25, 25
_LEAST = 2  # articles that have a word, this one among them
_TITLE = 3  # how often a word of the title counts


def similar_plan(article: Article, vocabulary: Vocabulary) -> Plan | None:
    """The plan for articles like this one; None if no other has any of its words."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text, times in ((article.title, _TITLE), *((line, 1) for line in article.body.split("\n"))):
        tokens = tokenize(text)
        words.update({term: times * count for term, count in Counter(tokens.exact).items()})
        pairs.update({pair: times * count for pair, count in Counter(pairwise(tokens.folded)).items()})
    best_words = _best(words, {word: vocabulary.df("body", word) for word in words}, vocabulary.articles(), MOST_WORDS)
    codes = {shingle(*pair): pair for pair in pairs}
    by_code = {code: pairs[pair] for code, pair in codes.items()}
    best_pairs = _best(by_code, {c: vocabulary.df("shingles", c) for c in codes}, vocabulary.articles(), MOST_PAIRS)
    nodes = [Boost(Or((Term("title", word), Term("body", word))), weight) for word, weight, _ in best_words]
    nodes += [Boost(Term("shingles", code), weight) for code, weight, _ in best_pairs]
    if not nodes:
        return None
    found: Node = Without(Or(tuple(nodes)), Term("id", article.id))
    needles = tuple(
        Needle(printed(word), (Form("exact", ((word,),)),), idf, optional=True) for word, _, idf in best_words
    )
    return Plan(found, found, needles, pairs=tuple((code, " ".join(codes[code])) for code, _, _ in best_pairs))


def _best(
    counts: Counter[str] | dict[str, int], dfs: dict[str, int], articles: int, most: int
) -> list[tuple[str, float, float]]:
    """The terms that tell most, each with its weight and idf."""
    found = [
        (term, 1 + math.log(count), rarity(dfs[term], articles))
        for term, count in counts.items()
        if dfs[term] >= _LEAST and len(term) > 1
    ]
    return sorted(found, key=lambda entry: (-entry[1] * entry[2], entry[0]))[:most]
