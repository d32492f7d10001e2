"""A query that lacks marks and its best hits -> the same query with the marks and capitals that they have.

Main names: `accented`, and `lacks_marks`, which tells by the index whether some words have probably lost theirs.
Invariants of `accented`: only marks and capitals change, and only to what is marked in a hit, beside a neighbour of the
query; where a hit has all words of the query, one has all that is shown; no index is asked; the work is linear in what
the hits have marked.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise

from searchvn.analysis.folding import has_marks
from searchvn.analysis.syllables import is_folded_syllable, is_syllable
from searchvn.analysis.terms import tokenize
from searchvn.analysis.tokens import spans, split
from searchvn.models import Hit
from searchvn.query.ast import TermPhrase
from searchvn.query.forms import Vocabulary

MOST_HITS = 10
COMPLETE = 2  # votes of a hit with all words of the query; others have one
TIMES = 10  # as many articles have a word with marks as without, if it has probably lost its own
SIDE_BY_SIDE = 3  # articles with two words in a row, at least
BESIDE = 4  # what two forms side by side count, where one alone counts one

_SENTENCE_ENDS = '.!?…:"“”'  # after them a capital says nothing

_Seen = tuple[int, str, bool, str, int]  # number of the hit, word, whether it is beside the one before, text, place


def accented(text: str, hits: Sequence[Hit]) -> str | None:
    """`text` with the marks of the hits, or None if that changes no mark. Syllables with marks stay as they are."""
    asked = tokenize(text)
    free = [not has_marks(word) or not is_syllable(word) for word in asked.exact]
    if not any(is_free and is_folded_syllable(word) for word, is_free in zip(asked.folded, free, strict=True)):
        return None
    hits = hits[:MOST_HITS]
    votes = _Votes(asked.folded, hits)
    forms = votes.best()
    if not votes.stand_together(forms):
        return None
    parts: list[str] = []
    done = 0
    for place, (start, end) in enumerate(spans(text)):
        if free[place] and forms[place]:
            parts += [text[done:start], votes.with_capitals(place, forms[place], text[start:end])]
            done = end
    found = "".join([*parts, text[done:]])
    return found if found.lower() != text.lower() else None


def lacks_marks(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a word without marks stands in many times as many articles with some, as `cach` and `nghi` do."""
    asked = tokenize(text)
    return any(
        exact.isascii()
        and is_folded_syllable(folded)
        and TIMES * vocabulary.df("body", exact) <= vocabulary.df("body_folded", folded)
        for exact, folded in zip(asked.exact, asked.folded, strict=True)
    )


def is_written_so(text: str, meant: str, vocabulary: Vocabulary) -> bool:
    """Whether the words of `meant` stand side by side in some articles, and where `text` has them otherwise in many
    times as many as its own: `tai nạn` beside `tai nan`."""
    pairs = zip(*(pairwise(tokenize(query).exact) for query in (text, meant)), strict=True)
    counts = [(vocabulary.count(TermPhrase("body", one)) if one != other else 0, other) for one, other in pairs]
    return all(vocabulary.count(TermPhrase("body", other)) >= max(SIDE_BY_SIDE, TIMES * n) for n, other in counts)


def capitalized(text: str, hits: Sequence[Hit], terms: Container[str]) -> str:
    """`text` with those of its words whose exact terms are in `terms` in the capitals of the hits."""
    asked = tokenize(text)
    votes = _Votes(asked.folded, hits[:MOST_HITS])
    parts: list[str] = []
    done = 0
    for place, ((start, end), term) in enumerate(zip(spans(text), asked.exact, strict=True)):
        word = text[start:end]
        if term in terms and word.islower():
            parts += [text[done:start], votes.with_capitals(place, word, word)]
            done = end
    return "".join([*parts, text[done:]])


class _Votes:
    """What stands in the hits for every word of a query, and for every two in a row. A hit votes once for a form."""

    def __init__(self, asked: Sequence[str], hits: Sequence[Hit]) -> None:
        self._size = len(asked)
        self._forms: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._pairs: Counter[tuple[int, str, str]] = Counter()  # place, the form before, its own form
        self._shapes: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        self._in_hit: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
        self._whole = {number for number, hit in enumerate(hits) if not hit.missing}
        seen = [word for number, hit in enumerate(hits) for word in _marked(number, hit)]
        terms = tokenize("\n".join([word for _, word, *_ in seen]), exact=False).folded
        if len(terms) != len(seen):  # phrases and codes among them: apart, which takes three times as long
            seen = [word for place in seen for word in _apart(place)]
            terms = [tokenize(word, exact=False).folded[0] for _, word, *_ in seen]
        self._count(asked, seen, terms)

    def _count(self, asked: Sequence[str], seen: Sequence[_Seen], terms: Sequence[str]) -> None:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, term in enumerate(asked):
            places[term].append(place)
        pairs: set[tuple[int, int, str, str]] = set()
        before: dict[int, str] = {}
        for (number, word, joined, text, start), term in zip(seen, terms, strict=True):
            form = word.lower()
            now: dict[int, str] = {}
            for place in places.get(term, ()):
                now[place] = form
                self._in_hit[number].add((place, form))
                if joined and place - 1 in before:
                    pairs.add((number, place, before[place - 1], form))
                if word == form or not _opens_sentence(text, start):
                    self._shapes[place, form][word] += BESIDE if joined else 1
            before = now
        for number, found in self._in_hit.items():
            for place, form in found:
                self._forms[place][form] += COMPLETE if number in self._whole else 1
        for number, place, first, form in pairs:
            self._pairs[place, first, form] += BESIDE * (COMPLETE if number in self._whole else 1)

    def best(self) -> tuple[str, ...]:
        """The row of forms with most votes; nothing for a word without any. If hits are whole, one of them has it."""
        row, _ = self._best_of(self._forms)
        chosen = {(place, form) for place, form in enumerate(row) if form}
        if not self._whole or any(chosen <= self._in_hit[number] for number in self._whole):
            return row
        rows = []
        for number in sorted(self._whole):
            only: dict[int, Counter[str]] = {place: Counter() for place in range(self._size)}
            for place, form in self._in_hit[number]:
                only[place][form] = self._forms[place][form]
            rows.append(self._best_of(only))
        return max(rows, key=lambda row: row[1])[0]

    def _best_of(self, forms: dict[int, Counter[str]]) -> tuple[tuple[str, ...], int]:
        """The row with most votes, those of neighbours included (Viterbi, 1967), and their number."""
        rows: dict[str, tuple[tuple[str, ...], int]] = {"": ((), 0)}
        for place in range(self._size):
            options = sorted(forms[place].items()) or [("", 0)]
            rows = {
                form: max(
                    (
                        ((*row, form), votes + count + self._pairs[place, last, form])
                        for last, (row, votes) in rows.items()
                    ),
                    key=lambda option: option[1],
                )
                for form, count in options
            }
        return max(rows.values(), key=lambda option: option[1])

    def stand_together(self, row: Sequence[str]) -> bool:
        """Whether every form of a row stands beside one of its neighbours in a hit."""
        beside = [self._pairs[place, row[place - 1], row[place]] > 0 for place in range(1, len(row))]
        around = zip([False, *beside], [*beside, False], strict=True)
        return len(row) == 1 or all(before or after for form, (before, after) in zip(row, around, strict=True) if form)

    def with_capitals(self, place: int, form: str, typed: str) -> str:
        """`form` as most of its places have it; the beginnings of sentences and words all in capitals say nothing."""
        shapes = self._shapes[place, form]
        told = [(count, shape) for shape, count in shapes.items() if len(form) == 1 or not shape.isupper()]
        return max(told)[1] if told else typed if typed.lower() == form else form


def _marked(number: int, hit: Hit) -> Iterator[_Seen]:
    """The marked words of a hit, in order."""
    for text, places in ((hit.title, hit.title_spans), *((part.text, part.spans) for part in hit.snippets)):
        last = -1
        for start, end in places:
            yield number, text[start:end], 0 <= last < start and text[last:start].isspace(), text, start
            last = end


def _apart(seen: _Seen) -> Iterator[_Seen]:
    """The words of a marked place that holds several."""
    number, words, joined, text, start = seen
    for word in split(words):
        yield number, word, joined, text, start
        joined = True


def _opens_sentence(text: str, start: int) -> bool:
    while start and text[start - 1].isspace():
        start -= 1
    return not start or text[start - 1] in _SENTENCE_ENDS
