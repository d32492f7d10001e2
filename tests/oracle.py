"""What queries mean, by brute force: small collections, random queries about them, and which articles meet a query.

Nothing of `searchvn.query` but the tree is used here, so it can tell when the rest is wrong.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from hypothesis import strategies as st

from searching import ALL_ENGINES, index_of
from searchvn import Article, Index
from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import fold
from searchvn.analysis.terms import tokenize
from searchvn.models import Diacritics
from searchvn.query.slips import marks_cost
from searchvn.query.syntax import (
    AllOf,
    AnyOf,
    Boosted,
    Clause,
    Dates,
    Fuzzy,
    Group,
    Not,
    Pattern,
    Phrase,
    Required,
    Scoped,
    Word,
)
from strategies import other_tone_place
from trees import clauses, leaves

YS, IS = "yỳýỷỹỵ", "iìíỉĩị"
PEOPLE = (None, "Lan Anh", "Trần Văn Đổi", "Ban Biên tập")
SOURCES = (None, "Báo Mới", "VTV", "Đài Hà Nội")
WHEN = (None, "2019-05-04", "2020-02-29", "2021-11-30T07:05", "2021-12-01", "2022-01-01")
# Legal syllables with marks, the same without, and words that are no syllables.
MARKED = "đổi mới đội mối lúa hòa hoàng kỷ luật lính lý quý quít phương phường thóc Hạ".split()
UNMARKED = "doi moi lua hoa hoang ky kim luat phuong thoc lan anh ban Vy my minh mai may".split()
OTHERS = "hoà kỉ Lắk Đắk UBND VTV 2021 15-NQ/TW café COVID-19 15".split()
TEXT_WORDS = (*MARKED, *MARKED, *UNMARKED, *OTHERS)


def collection(seed: int, size: int = 7) -> list[Article]:
    """A few articles of few words, so that queries find some of them and not others."""
    chance = random.Random(seed)

    def text(most: int) -> str:
        return " ".join(chance.choice(TEXT_WORDS) for _ in range(chance.randint(0, most)))

    def article(number: int) -> Article:
        place = f"{chance.choice(['báo/mới', 'lúa', 'doi/moi'])}/{number}.txt"
        return Article(
            place,
            text(3),
            "\n".join(text(6) for _ in range(chance.randint(1, 2))),
            file=place,
            published=chance.choice(WHEN),
            author=chance.choice(PEOPLE),
            source=chance.choice(SOURCES),
        )

    return [article(number) for number in range(size)]


@contextmanager
def in_every_engine(collections: Sequence[Sequence[Article]]) -> Iterator[list[dict[str, Index]]]:
    """Each collection as an index of every engine."""
    with ExitStack() as stack:
        yield [
            {engine: stack.enter_context(index_of(engine, articles)) for engine in ALL_ENGINES}
            for articles in collections
        ]


def trees(words: Sequence[str]) -> st.SearchStrategy[Clause]:
    """Trees of every kind over these words."""
    single = st.sampled_from(words)
    return clauses(leaves(single, st.tuples(single.filter(str.isalnum), single.filter(str.isalnum)).map(" ".join)))


# --- which articles meet a query


def meets(clause: Clause, article: Article, level: Diacritics, scope: str = "") -> bool:
    """Whether the article meets the clause; `level` is EXACT or IGNORE."""
    match clause:
        case Group(children) | AllOf(children):
            return all(meets(child, article, level, scope) for child in children)
        case AnyOf(children):
            return any(meets(child, article, level, scope) for child in children)
        case Not(child):
            return not meets(child, article, level, scope)
        case Required(child) | Boosted(child):
            return meets(child, article, level, scope)
        case Scoped(field, child):
            return meets(child, article, level, field)
        case Dates(_, _, first, last):
            return article.published is not None and first <= _number(article.published) <= last
        case Word() | Phrase() | Pattern() | Fuzzy():
            return any(_stands(clause, text, level) for text in _texts(article, scope))


def _number(published: str) -> int:
    digits = re.sub(r"\D", "", published)
    return int(digits.ljust(14, "0"))


def _texts(article: Article, scope: str) -> list[str]:
    texts = {
        "title": article.title,
        "body": article.body,
        "author": article.author or "",
        "source": article.source or "",
        "path": article.file,
    }
    return [texts[scope]] if scope else [article.title, article.body]


def _stands(leaf: Word | Phrase | Pattern | Fuzzy, text: str, level: Diacritics) -> bool:
    tokens = tokenize(text)
    terms = tokens.exact if level is Diacritics.EXACT else tokens.folded
    match leaf:
        case Pattern(typed):
            return any(_matches(typed.lower(), token.lower(), level) for token in tokens.texts)
        case Fuzzy(typed, _, edits):
            return any(_cost(canonical(typed), term, level) <= edits for term in tokens.exact)
        case Phrase(typed, _, int(between)):
            first, second = _terms(typed, level)
            places = [(at, term) for at, term in enumerate(terms) if term in (first, second)]
            return any(
                {one, other} == {first, second} and here != there and abs(here - there) <= between + 1
                for here, one in places
                for there, other in places
            )
    wanted = _terms(leaf.text, level)
    return any(terms[at : at + len(wanted)] == wanted for at in range(len(terms)))


def _terms(text: str, level: Diacritics) -> list[str]:
    tokens = tokenize(text)
    return tokens.exact if level is Diacritics.EXACT else tokens.folded


def _matches(pattern: str, token: str, level: Diacritics) -> bool:
    """Whether a token is spelled as the pattern says, in one of the ways to spell it."""
    head, *rest = re.split(r"(?=[*?])", pattern, maxsplit=1)
    patterns = {pattern, "".join([other_tone_place(head), *rest])}
    usual = canonical(token)
    if level is Diacritics.IGNORE:
        patterns = {"".join(part if part in "*?" else fold(part) for part in pattern)}
        usual = fold(usual)
    spellings = {usual} | {other for other in _exchanged(usual) if _term(other, level) == usual}
    if level is Diacritics.EXACT:
        spellings |= {other_tone_place(spelling) for spelling in spellings}
    return any(
        re.fullmatch("".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in one), spelling)
        for one in patterns
        for spelling in spellings
    )


def _term(token: str, level: Diacritics) -> str:
    return canonical(token) if level is Diacritics.EXACT else fold(canonical(token))


def _exchanged(word: str) -> Iterator[str]:
    """The word with i for y, and with y for i."""
    yield from (word.translate(dict(zip(map(ord, a), b, strict=True))) for a, b in ((IS, YS), (YS, IS)))


def _cost(typed: str, term: str, level: Diacritics) -> float:
    letters = distance(fold(typed), fold(term))
    return letters + (marks_cost(typed, term) if level is Diacritics.EXACT else 0.0)


def distance(one: str, other: str) -> int:
    """Damerau's distance, neighbours exchanged once."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, start=1):
        rows.append([i])
        for j, wanted in enumerate(other, start=1):
            ways = [rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (letter != wanted)]
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], wanted):
                ways.append(rows[i - 2][j - 2] + 1)
            rows[i].append(min(ways))
    return rows[-1][-1]
