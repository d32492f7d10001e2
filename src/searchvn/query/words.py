"""The beginning of a word -> the words of the index. Main name: `words`.

Invariant: counts are numbers of articles that have the word in title or body; a beginning without marks stands for any.
"""

from collections.abc import Iterator

from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import fold, has_marks
from searchvn.analysis.tokens import split
from searchvn.errors import UsageError
from searchvn.fields import EXACT
from searchvn.models import WordCount
from searchvn.query.ast import Or, Term
from searchvn.query.forms import Vocabulary
from searchvn.query.patterns import matching_terms
from searchvn.query.slips import printed

_RECOUNTED = 3  # times as many as are shown: title and body are counted apart at first


def words(prefix: str, vocabulary: Vocabulary, limit: int) -> tuple[WordCount, ...]:
    """The `limit` most frequent words that begin with `prefix` (NFC), as people write them.

    Raises `UsageError` for a prefix that is not one word.
    """
    tokens = split(prefix.rstrip("*"))
    if len(tokens) != 1:
        raise UsageError(f"“{prefix}” không phải phần đầu của một từ", "ví dụ: searchvn terms đổi")
    typed = tokens[0].lower()
    if has_marks(typed):
        found = matching_terms(typed + "*", vocabulary, marked=True)
    else:
        found = dict(_unmarked(fold(canonical(typed)), vocabulary))
    likely = sorted(found, key=lambda term: (-found[term], term))[: _RECOUNTED * limit]
    counted = [WordCount(printed(term), _articles(term, vocabulary)) for term in likely]
    return tuple(sorted(counted, key=lambda word: (-word.articles, word.term))[:limit])


def _unmarked(folded: str, vocabulary: Vocabulary) -> Iterator[tuple[str, int]]:
    """The terms whose folded forms begin with `folded`, each with the articles that have it in one field."""
    found: dict[str, int] = {}
    for field in EXACT:
        for term, df in vocabulary.terms(field):
            if df > found.get(term, 0):
                found[term] = df
    return ((term, df) for term, df in found.items() if fold(term).startswith(folded))


def _articles(term: str, vocabulary: Vocabulary) -> int:
    return vocabulary.count(Or(tuple(Term(field, term) for field in EXACT)))
