"""Article -> the terms of every field; text -> tokens with their terms.

Main names: `analyze` (indexing), `tokenize` (queries, highlighting). Invariants: the exact and folded streams of a
field have one term a token and so the same positions; the shingle stream of a line has one pair for every two
neighbours (in short codes, see `shingle`), joined identifiers, and what stands in capitals though it spells a syllable;
terms hold letters, digits and combining marks, so joining them with spaces
and splitting at white space gives them back; `tokenize` and `analyze` give the same terms for the same text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain
from sys import intern
from typing import NamedTuple
from unicodedata import normalize
from zlib import crc32

from searchvn.analysis.canonical import MAX_TERM, canonical
from searchvn.analysis.folding import fold
from searchvn.analysis.syllables import INITIALS, RIMES, is_folded_syllable
from searchvn.analysis.tokens import Tokens, spans, split
from searchvn.fields import MAX_KEYWORD
from searchvn.models import AnalyzedArticle, Article, Description

# Raise it whenever the terms of some text change, or what readers take for the text: indexes then ask to be rebuilt.
ANALYSIS_VERSION = 4

BREAK = "|"  # a term no query has: keeps phrases from crossing between unconnected lines

# Pairs of codes fall into 2^20 values. Beside the pairs themselves nDCG@10 was .8825 for .8833 (news events) and .7181
# for .7185 (legal questions), the engine did a third less work, and the index was smaller (ARCHITECTURE.md).
SHINGLE_BUCKETS = 1024
_DIGITS = "0123456789abcdefghijklmnopqrstuv"

_CACHE_SIZE = 200_000  # word forms; the first 4,000 of the news articles measured with hold 35,000
# Hyphens and dashes of all kinds, slashes, full stop, colon.
_JOINTS = "-/.:\u2010-\u2015\u2212\uff0d\u2044\u2215\uff0f"
_JOINT = re.compile(f"[{_JOINTS}](?<=[^\\W_].)(?=[^\\W_])")
# A slash may have spaces around it: `05-CT/ TW`. Never tried again inside a long run: linear.
_COMPOUND = re.compile(f"(?<![^\\W_])[^\\W_]++(?:(?: ?/ ?|[{_JOINTS}])[^\\W_]++)+")
_WIDE_SLASH = re.compile(r"[^\W_](?: /|/ )")
_DIGIT = re.compile(r"\d")

_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?")

_LINE_WORDS = 8
_MARKED_SHARE = 0.15
_SYLLABLE_SHARE = 0.7


class _Forms(dict[str, str]):
    """token -> term, computed once; forgets everything when full, so a hostile text cannot fill the memory."""

    def __init__(self, compute: Callable[[str], str]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, token: str) -> str:
        if len(token) > MAX_TERM:
            return self._compute(token)  # no word
        if len(self) >= _CACHE_SIZE:
            self.clear()
        term = self[token] = self._compute(token)
        return term


_EXACT = _Forms(lambda token: intern(canonical(token)))
_FOLDED = _Forms(lambda token: intern(fold(_EXACT[token])))
_TWICE = _Forms(lambda token: intern(_twice(token)))


class Line(NamedTuple):
    """The tokens of one line of text and its terms, joined by single spaces."""

    texts: Sequence[str]
    exact: str
    folded: str
    shingles: str


def read_line(line: str) -> Line:
    """The terms of one line. Shingles are pairs of neighbouring folded terms, never across lines.

    >>> read_line("Đổi mới – cách làm").folded
    'doi moi cach lam'
    """
    texts = split(line)
    return Line(
        texts,
        " ".join(map(_EXACT.__getitem__, texts)),
        " ".join(map(_FOLDED.__getitem__, texts)),
        _shingles(line, texts),
    )


def shingle(first: str, second: str) -> str:
    """The shingle of two neighbouring folded terms, as indexed: the codes of both.

    >>> shingle("doi", "moi") == read_line("Đổi mới").shingles
    True
    """
    return f"{_code(first)}_{_code(second)}"


def _code(folded: str) -> str:
    """Two characters for a folded term: its CRC-32 (ISO 3309) in one of 1,024 buckets."""
    bucket = crc32(folded.encode()) % SHINGLE_BUCKETS
    return _DIGITS[bucket // 32] + _DIGITS[bucket % 32]


def _twice(token: str) -> str:
    """A token's code twice, for `_shingles`; between them the token itself where it counts in capitals."""
    code = _code(_FOLDED[token])
    return f"{code} {token} {code}" if token in _capitals() else f"{code} {code}"


def _shingles(line: str, texts: Sequence[str]) -> str:
    """`"_".join(("a a", "b b", "c c"))` is `a a_b b_c c`: the shingles between two lone ends, without a loop."""
    if len(texts) < 2:
        return ""
    joined = "_".join(map(_TWICE.__getitem__, texts))
    shingles = joined[joined.index(" ") + 1 : joined.rindex(" ")]
    if line.isupper():
        return " ".join(term for term in shingles.split() if term not in _capitals())
    return shingles


def compound_places(text: str) -> Iterator[tuple[str, int, int]]:
    """Joined folded forms of tokens that dashes, `/` `.` `:` connect and that hold a digit, with their places.

    Of an identifier that ends in two words or more, these joined as well.

    >>> [joined for joined, _, _ in compound_places("Nghị quyết 15-NQ/TW, tăng 12.5, Bà Rịa-Vũng Tàu")]
    ['15nqtw', 'nqtw', '125']
    """
    for match in _COMPOUND.finditer(text):
        if _DIGIT.search(match.group()):
            parts = [_FOLDED[token] for token in split(match.group())]
            places = spans(match.group())
            for first in _beginnings(parts):
                yield "".join(parts[first:])[:MAX_TERM], match.start() + places[first][0], match.end()


def _beginnings(parts: Sequence[str]) -> tuple[int, ...]:
    """Where the joined forms of a compound begin: at its first part, and after its last number."""
    if len(parts) < 3 or _DIGIT.search(parts[-1]) or _DIGIT.search(parts[-2]):
        return (0,)
    numbers = [at for at, part in enumerate(parts) if _DIGIT.search(part)]
    return (0, numbers[-1] + 1) if numbers else (0,)


def compounds(text: str) -> list[str]:
    """The joined forms of `compound_places`, found faster."""
    if ("/ " in text or " /" in text) and _WIDE_SLASH.search(text):
        return [joined for joined, _, _ in compound_places(text)]
    found: list[str] = []
    done = 0
    for joint in _JOINT.finditer(text):
        if joint.start() < done:
            continue
        # The words around the joint: from one space to the next, which may be more than is needed.
        start = max(done, text.rfind(" ", done, joint.start()) + 1)
        end = text.find(" ", joint.end())
        done = end = end if end >= 0 else len(text)
        if not _DIGIT.search(text, start, end):
            continue
        for match in _COMPOUND.finditer(text, start, end):
            if _DIGIT.search(match.group()):
                parts = [_FOLDED[token] for token in split(match.group())]
                found += ["".join(parts[first:])[:MAX_TERM] for first in _beginnings(parts)]
    return found


@cache
def _capitals() -> frozenset[str]:
    """Syllables of two letters and more without tone mark, in capitals: as words they are common, as abbreviations
    (`TƯ`, `TU`, `CA`) rare, and terms do not know capitals."""
    open_rimes = [rime for rime in RIMES if not rime.endswith(("p", "t", "c", "ch"))]  # these need a tone mark
    syllables = (initial + rime for initial in INITIALS for rime in open_rimes)
    return frozenset(syllable.upper() for syllable in syllables if len(syllable) > 1)


def counts_in_capitals(token: str) -> bool:
    """Whether `token` is capitals that spell a syllable without tone mark: what `capitals` looks for.

    >>> [counts_in_capitals(token) for token in ("TƯ", "Tư", "UBND")]
    [True, False, False]
    """
    return token in _capitals()


def capitals(line: str) -> list[str]:
    """The tokens of a line that are capitals though they spell a syllable; none in a line that is all capitals.

    >>> capitals("Ban Bí thư TƯ Đảng")
    ['TƯ']
    """
    texts = split(line)
    if line.isupper() or len(texts) < 2:
        return []
    return [token for token in texts if token in _capitals()]


# The exact term of one token, and the folded term of one token or exact term, as `tokenize` gives them.
exact_term: Callable[[str], str] = _EXACT.__getitem__
folded_term: Callable[[str], str] = _FOLDED.__getitem__


def tokenize(text: str, *, exact: bool = True, folded: bool = True) -> Tokens:
    """The tokens of `text` (NFC) and their terms; `tokens.spans` says where they stand.

    A column that is not asked for is empty: a query on a terminal looks at ten articles whose words it sees for the
    first time, and making one kind of terms takes half the time of both.

    >>> tokenize("Đổi mới").exact, tokenize("Đổi mới").folded
    (['đổi', 'mới'], ['doi', 'moi'])
    """
    texts = split(text)
    return Tokens(
        texts,
        list(map(_EXACT.__getitem__, texts)) if exact else [],
        list(map(_FOLDED.__getitem__, texts)) if folded else [],
    )


def describe(text: str) -> Description:
    """How `text` (NFC) becomes terms, token by token."""
    tokens, places = tokenize(text), spans(text)
    lines = text.split("\n")
    return Description(
        tuple(
            (token, start, end, exact, folded)
            for token, (start, end), exact, folded in zip(
                tokens.texts, places, tokens.exact, tokens.folded, strict=True
            )
        ),
        tuple(chain.from_iterable(map(_shown_shingles, lines))) + tuple(compounds(text)),
        any(bare_lines(list(map(split, lines)))),
    )


def _shown_shingles(line: str) -> Iterator[str]:
    """The shingles of a line as people read them: `doi_moi`."""
    texts, shown = split(line), set(capitals(line))
    for number, token in enumerate(texts):
        if number:
            yield f"{_FOLDED[texts[number - 1]]}_{_FOLDED[token]}"
        if token in shown:
            yield token


def bare_lines(lines: Sequence[Sequence[str]]) -> list[bool]:
    """Which lines of an article (its title first; tokens) are unaccented Vietnamese: all, or some of 8 words and more.

    Unaccented means fewer than 15 marked words in 100, of which at least 70 fold to Vietnamese syllables.
    """
    unmarked = [sum(map(str.isascii, line)) for line in lines]
    words = sum(map(len, lines))
    if _is_bare(words, sum(unmarked), chain.from_iterable(lines)):
        return [True] * len(lines)
    return [
        len(line) >= _LINE_WORDS and _is_bare(len(line), count, line)
        for line, count in zip(lines, unmarked, strict=True)
    ]


def is_accented(words: int, marked: int) -> bool:
    """Whether so many marked words of so many are too many for unaccented text."""
    return not words or marked >= _MARKED_SHARE * words


def _is_bare(words: int, unmarked: int, texts: Iterable[str]) -> bool:
    """Whether `texts` are unaccented Vietnamese, given how many they are and how many of them are plain ASCII."""
    if is_accented(words, words - unmarked):
        return False
    return sum(is_folded_syllable(_FOLDED[token]) for token in texts) >= _SYLLABLE_SHARE * words


def analyze(article: Article) -> AnalyzedArticle:
    """The terms of every field of `article`, whose texts are NFC."""
    title = list(map(read_line, article.title.split("\n")))
    body = list(map(read_line, article.body.split("\n")))
    return AnalyzedArticle(
        article,
        {
            "id": article.id,
            "record_id": cap(article.record_id or ""),
            "file": article.file,
            "title": " ".join([line.exact for line in title]),
            "body": " ".join([line.exact for line in body]),
            "title_folded": " ".join([line.folded for line in title]),
            "body_folded": " ".join([line.folded for line in body]),
            "bare": _bare_stream(title + body, len(title)),
            "shingles": " ".join(
                [*(line.shingles for line in title + body), *compounds(article.title), *compounds(article.body)]
            ),
            **_facts(article),
        },
    )


def _facts(article: Article) -> dict[str, str]:
    """The fields that hold who wrote the article, where it comes from and when it was published."""
    author, source, path = map(_read_value, (article.author or "", article.source or "", article.file))
    published = _number_of(article.published or "")
    return {
        "author": author.exact,
        "author_folded": author.folded,
        "source": source.exact,
        "source_folded": source.folded,
        "path": path.exact,
        "path_folded": path.folded,
        "published": published,
        "year": published[:4],
        "month": published and f"{published[:4]}-{published[4:6]}",
        "source_name": source.whole,
        "author_name": author.whole,
    }


class _Value(NamedTuple):
    """A value that is more than text: its terms, and all of it in one line, cut to what a keyword can hold."""

    exact: str
    folded: str
    whole: str


def _read_value(text: str) -> _Value:
    """The value in an author, a source or a path. Neighbouring articles mostly have the same, so it is remembered."""
    return _short_value(text) if len(text) <= MAX_KEYWORD else _short_value.__wrapped__(text)


@lru_cache(1024)
def _short_value(text: str) -> _Value:
    text = normalize("NFC", text)  # a path may come from a disk that decomposes
    terms = tokenize(text)
    return _Value(" ".join(terms.exact), " ".join(terms.folded), cap(" ".join(text.split())))


def _number_of(published: str) -> str:
    """YYYYMMDDhhmmss of an ISO 8601 date, midnight where it has no time; the clock counts as it stands, in any zone.

    >>> _number_of("2021-12-01T07:05+07:00"), _number_of("2021-12-01"), _number_of("")
    ('20211201070500', '20211201000000', '')
    """
    found = _ISO_DATE.match(published)
    return "".join(found.groups("00")) if found else ""


def _bare_stream(lines: Sequence[Line], titles: int) -> str:
    """The folded terms of the unaccented lines, with a break where lines that do not follow each other meet."""
    stream: list[str] = []
    last = -1
    for number, (line, bare) in enumerate(zip(lines, bare_lines([line.texts for line in lines]), strict=True)):
        if bare:
            if stream and (number != last + 1 or number == titles):
                stream.append(BREAK)
            stream.append(line.folded)
            last = number
    return " ".join(stream)


def cap(value: str) -> str:
    """`value` cut to what an engine's keyword can hold, at a character; lone surrogates become question marks."""
    return value.encode("utf-8", "replace")[:MAX_KEYWORD].decode("utf-8", "ignore")
