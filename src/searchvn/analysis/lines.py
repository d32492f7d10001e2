"""One line of text -> its terms in columns.

Main type: `Line`, made by `read_line`. Invariants: exact and folded have one term a token; shingles have one pair for
every two neighbours (in short codes, see `shingle`) and what stands in capitals though it spells a syllable; lines with
and without codes (see `codes`) are read by the same tables, only faster.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple
from zlib import crc32

from searchvn.analysis.canonical import MAX_TERM
from searchvn.analysis.codes import FOREIGN, codes_of, folding, lowering, marked_words, spacing, text_of
from searchvn.analysis.compounds import compounds
from searchvn.analysis.lookup import CACHE_SIZE, EXACT, FOLDED, Forms
from searchvn.analysis.syllables import INITIALS, RIMES, is_folded_syllable
from searchvn.analysis.tokens import split

# Pairs of codes fall into 2^24 values: hardly worse than the pairs themselves, and cheaper (ARCHITECTURE.md).
SHINGLE_BUCKETS = 4096
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-+"

_LINE_WORDS = 8
_MARKED_SHARE = 0.15
_SYLLABLE_SHARE = 0.7


_ODD = "\0"  # around the number of an odd word (see `_Words`); no token has it, nor a code
_MOST_ODD = 50  # different ones in a line that are exchanged in it: each takes one look at all of it


class _Odd(NamedTuple):
    """A word in lower case between spaces, and its terms, which are as long."""

    found: bytes
    exact: bytes
    folded: bytes


class Line(NamedTuple):
    """How many tokens a line has, whether it was seen that they are accented text (see `is_accented`), and its terms
    between spaces."""

    words: int
    accented: bool
    exact: str
    folded: str
    shingles: str
    compounds: Sequence[str] = ()


def read_line(line: str) -> Line:
    """The terms of one line. Shingles are pairs of neighbouring folded terms, never across lines.

    >>> read_line("Đổi mới – cách làm").folded.split()
    ['doi', 'moi', 'cach', 'lam']
    """
    codes = codes_of(line)
    read = _read_codes(line, codes) if codes is not None and _FOREIGN not in codes else None
    return read or _read_tokens(line)


def _read_tokens(line: str) -> Line:
    tokens = split(line)
    return Line(
        len(tokens),
        False,
        " ".join(map(EXACT.__getitem__, tokens)),
        " ".join(map(FOLDED.__getitem__, tokens)),
        _shingles(line, "_".join(map(_TWICE.__getitem__, tokens))),
        compounds(line),
    )


def _read_codes(line: str, codes: bytes) -> Line | None:
    """The same, of whole lines of codes; only words that become others than their letters say are changed one by one.

    None if the words met are more or longer than can be remembered, or too many are odd.
    """
    words = codes.translate(spacing()).split()
    odd, forgotten = _WORDS.odd, _WORDS.forgotten
    twice = "_".join(map(_WORDS.__getitem__, words))
    if _WORDS.forgotten != forgotten or _WORDS.odd is not odd:
        return None
    exact = b" %b " % codes.translate(lowering())
    folded = exact.translate(folding())
    if _ODD in twice:
        pieces = twice.split(_ODD)
        twice = "".join(pieces[::2])
        numbers = set(pieces[1::2])
        if len(numbers) > _MOST_ODD:
            return None
        exact, folded = _exchanged(exact, folded, [odd[number] for number in numbers])
    return Line(
        len(words),
        is_accented(len(words), marked_words(codes[: len(codes) // 3])),  # counting in all takes three times as long
        text_of(exact).strip(),
        folded.decode("ascii").strip(),
        _shingles(line, twice),
        compounds(line, codes),
    )


def _exchanged(exact: bytes, folded: bytes, words: Iterable[_Odd]) -> tuple[bytes, bytes]:
    """Two streams of a line, each between spaces, with other words in all places of some."""
    changed, changed_folded = bytearray(exact), bytearray(folded)
    for found, its_exact, its_folded in words:
        at = exact.find(found) + 1
        while at:
            changed[at : at + len(its_exact)] = its_exact
            changed_folded[at : at + len(its_folded)] = its_folded
            at = exact.find(found, at) + 1
    return bytes(changed), bytes(changed_folded)


def shingle(first: str, second: str) -> str:
    """The shingle of two neighbouring folded terms, as indexed: the codes of both.

    >>> shingle("doi", "moi") == read_line("Đổi mới").shingles
    True
    """
    return f"{_code(first)}_{_code(second)}"


def _code(folded: str) -> str:
    """Two characters for a folded term: its CRC-32 (ISO 3309) in one of 4,096 buckets."""
    bucket = crc32(folded.encode()) % SHINGLE_BUCKETS
    return _DIGITS[bucket // 64] + _DIGITS[bucket % 64]


def _twice(token: str) -> str:
    """A token's code twice, for `_shingles`; between them the token itself where it counts in capitals."""
    code = _code(FOLDED[token])
    return f"{code} {token} {code}" if token in _capitals() else f"{code} {code}"


_TWICE = Forms(_twice)


class _Words(dict[bytes, str]):
    """The codes of a word -> its `_twice`.

    Words whose exact term is not their letters in lower case, or whose folded term is not these without marks, are
    `odd`: their number stands before their `_twice`, between marks. `forgotten` counts how often something could not be
    remembered.
    """

    def __init__(self) -> None:
        super().__init__()
        self.odd: dict[str, _Odd] = {}
        self.forgotten = 0

    def __missing__(self, word: bytes) -> str:
        token = text_of(word)
        exact, lower = codes_of(EXACT[token]), word.translate(lowering())
        folded, plain = FOLDED[token].encode(), lower.translate(folding())
        if exact is None or len(word) > MAX_TERM or not len(lower) == len(exact) == len(folded):
            self.forgotten += 1
            return _twice(token)
        if len(self) >= CACHE_SIZE:
            self.forgotten += 1
            self.odd = {}
            self.clear()
        twice = _twice(token)
        if exact != lower or folded != plain:
            number = str(len(self.odd))
            self.odd[number] = _Odd(b" %b " % lower, exact, folded)
            twice = f"{_ODD}{number}{_ODD}{twice}"
        self[word] = twice
        return twice


_WORDS = _Words()
_FOREIGN = codes_of(FOREIGN) or b""


def _shingles(line: str, twice: str) -> str:
    """`"_".join(("a a", "b b", "c c"))` is `a a_b b_c c`: the shingles between two lone ends, without a loop."""
    if "_" not in twice:
        return ""
    shingles = twice[twice.index(" ") + 1 : twice.rindex(" ")]
    if line.isupper():
        return " ".join(term for term in shingles.split() if term not in _capitals())
    return shingles


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


def bare_lines(lines: Sequence[Line]) -> list[bool]:
    """Which lines of an article (its title first) are unaccented Vietnamese: all, or some of 8 words and more.

    Unaccented means fewer than 15 marked words in 100, of which at least 70 fold to Vietnamese syllables.
    """
    if all(line.accented for line in lines):
        return [False] * len(lines)
    marked = list(map(_marked, lines))
    if _is_bare(sum(line.words for line in lines), sum(marked), lines):
        return [True] * len(lines)
    return [
        line.words >= _LINE_WORDS and _is_bare(line.words, its, (line,))
        for line, its in zip(lines, marked, strict=True)
    ]


def _marked(line: Line) -> int:
    """How many terms of a line have letters that are not ASCII."""
    codes = codes_of(line.exact)
    return line.words - sum(map(str.isascii, line.exact.split())) if codes is None else marked_words(codes)


def is_accented(words: int, marked: int) -> bool:
    """Whether so many marked words of so many are too many for unaccented text."""
    return not words or marked >= _MARKED_SHARE * words


def _is_bare(words: int, marked: int, lines: Sequence[Line]) -> bool:
    """Whether `lines`, of so many words and marked ones in all, are unaccented Vietnamese."""
    if is_accented(words, marked):
        return False
    return sum(is_folded_syllable(term) for line in lines for term in line.folded.split()) >= _SYLLABLE_SHARE * words
