"""The beginning of a word -> the words of the index. Main name: `words`.

Invariant: counts are numbers of articles that have the word in title or body; a beginning without marks stands for any.
"""

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
        found = _with_any_marks(typed, vocabulary)
    likely = sorted(found, key=lambda term: (-found[term], term))[: _RECOUNTED * limit]
    counted = [WordCount(printed(term), _articles(term, vocabulary)) for term in likely]
    there = [word for word in counted if word.articles]  # those of deleted articles are still terms
    return tuple(sorted(there, key=lambda word: (-word.articles, word.term))[:limit])


def _with_any_marks(typed: str, vocabulary: Vocabulary) -> dict[str, int]:
    """The terms that begin with these letters and any marks, and in how many articles each is at most."""
    folded = matching_terms(typed + "*", vocabulary, marked=False)
    found: dict[str, int] = {}
    for field in EXACT:
        for term, df in vocabulary.terms(field):
            if df > found.get(term, 0) and fold(term) in folded:
                found[term] = df
    return found


def _articles(term: str, vocabulary: Vocabulary) -> int:
    return vocabulary.count(Or(tuple(Term(field, term) for field in EXACT)))
