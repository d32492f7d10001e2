"""One token -> its terms, computed once.

Main names: `Forms`, `exact_term`, `folded_term`. Invariants: a table gives what computing would give; it forgets
everything when it is full, so that a hostile text cannot fill the memory.
"""

from collections.abc import Callable
from sys import intern

from searchvn.analysis.canonical import MAX_TERM, canonical
from searchvn.analysis.folding import fold

CACHE_SIZE = 200_000  # word forms; the first 4,000 of the news articles measured with hold 35,000


class Forms(dict[str, str]):
    """Token -> term."""

    def __init__(self, compute: Callable[[str], str]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, token: str) -> str:
        if len(token) > MAX_TERM:
            return self._compute(token)  # no word
        if len(self) >= CACHE_SIZE:
            self.clear()
        term = self[token] = self._compute(token)
        return term


EXACT = Forms(lambda token: intern(canonical(token)))
FOLDED = Forms(lambda token: intern(fold(EXACT[token])))
# The exact term of one token, and the folded term of one token or exact term, as `tokenize` gives them.
exact_term: Callable[[str], str] = EXACT.__getitem__
folded_term: Callable[[str], str] = FOLDED.__getitem__
