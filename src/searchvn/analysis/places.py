"""Terms -> where they stand in a text, without making terms of all of it.

Main type: `Places`. Invariant: the places of a term are exactly those tokens of `tokens.spans` for which `tokenize`
gives the term, in order.

Nearly all characters that Vietnamese is printed with are among 255, so a text becomes bytes one for one, these become
folded letters and spaces, and a folded word is found among them as fast as bytes are: in a sixth of the time that
cutting the text into tokens takes. Other characters take part by a stand-in; the rare text with one that has none (Han,
loose marks, soft hyphens, fractions) is tokenized.
"""

import codecs
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from searchvn.analysis.canonical import MAX_TERM
from searchvn.analysis.codes import CODES, FOREIGN, folding, marked_words
from searchvn.analysis.lookup import exact_term, folded_term
from searchvn.analysis.terms import tokenize
from searchvn.analysis.tokens import spans, split
from searchvn.models import Span

_MANY = 60  # terms that are searched for one by one; to tokenize the text takes as long

_SPACE = ord(" ")
_NO_SPACE = re.compile(rb"[^ ]")
_TOKEN = re.compile(rb"[^ ]+")


@lru_cache(4096)
def _stand_in(character: str) -> str:
    """What a character outside the table is searched as; empty if only the tokenizer knows what becomes of it."""
    if split(f"a{character}b") == ["a", "b"]:
        return " "
    if not character.isalnum() or len(character.lower()) > 1 or split(f"a{character}b") != [f"a{character}b"]:
        return ""
    term = folded_term(character)
    if not term.isascii():
        return FOREIGN
    return term if len(term) == 1 else ""


def _stand_ins(error: UnicodeError) -> tuple[str, int]:
    """An error handler of codecs: gives the stand-ins of characters that have no byte."""
    assert isinstance(error, UnicodeEncodeError)
    odd = error.object[error.start : error.end]
    found = "".join(map(_stand_in, odd))
    if len(found) != len(odd):
        raise error
    return found, error.end


codecs.register_error("searchvn.stand-ins", _stand_ins)


@lru_cache(4096)
def _spellings(term: str) -> tuple[bytes, ...]:
    """How a folded term is spelled, letter by letter, with a space before it: `mi` and `my` are one term."""
    spellings = dict.fromkeys((term, term.replace("i", "y")))
    return tuple(f" {spelling}".encode() for spelling in spellings if folded_term(spelling) == term)


class Wanted(NamedTuple):
    """What a token must have: one of these folded terms, and one of these exact ones unless any will do."""

    folded: tuple[str, ...]
    exact: frozenset[str] | None = None


def any_exact(terms: Iterable[str]) -> Wanted:
    """A token with one of these exact terms."""
    exact = frozenset(terms)
    return Wanted(tuple(set(map(folded_term, exact))), exact)


def any_folded(terms: Iterable[str]) -> Wanted:
    """A token with one of these folded terms."""
    return Wanted(tuple(set(terms)))


class Places:
    """The tokens of one text (NFC), found by their terms. Nothing is looked for before it is asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[str, list[Span]] = {}
        self._asked = 0
        self._line = (0, -1)
        self._codes: bytes | None
        try:
            self._codes = codecs.charmap_encode(text, "searchvn.stand-ins", CODES)[0]
        except UnicodeEncodeError:
            self._codes = None
            self._letters = b""
        else:
            self._letters = b" %b " % self._codes.translate(folding())

    def tokens(self, wanted: Wanted) -> Sequence[Span]:
        """The tokens that are wanted."""
        terms, exact = wanted
        self._asked += len(terms)
        found = self._with(terms[0]) if len(terms) == 1 else sorted(span for term in terms for span in self._with(term))
        if exact is None:
            return found
        text = self.text
        return [span for span in found if exact_term(text[span[0] : span[1]]) in exact]

    def after(self, end: int) -> int:
        """Where the next token at or after `end` starts; -1 if there is none."""
        if self._codes is not None:
            token = _NO_SPACE.search(self._letters, end + 1)
            return token.start() - 1 if token else -1
        at = bisect_left(self._starts, end)
        return self._starts[at] if at < len(self._starts) else -1

    def number(self, start: int) -> int:
        """Which token of the text starts there, from 0."""
        return bisect_left(self._starts, start)

    def line(self, at: int) -> Span:
        """The line around `at`, without its line break. Asking for places in order takes linear time."""
        if not self._line[0] <= at <= self._line[1]:
            end = self.text.find("\n", at)
            self._line = self.text.rfind("\n", 0, at) + 1, end if end >= 0 else len(self.text)
        return self._line

    def may_join(self, joined: str) -> bool:
        """False if neighbouring tokens surely do not give this joined form (see `terms.compound_places`)."""
        if self._codes is None or not joined.isascii():
            return True
        return joined.replace("y", "i").encode() in self._letters.replace(b" ", b"").replace(b"y", b"i")

    def words(self, start: int, end: int) -> tuple[int, int]:
        """How many tokens a slice has, at most, and how many of them have letters that are not ASCII, at least."""
        if self._codes is None:
            return end - start, 0
        return self._letters.count(b" ", start + 1, end + 1) + 1, marked_words(self._codes[start:end])

    def _with(self, term: str) -> list[Span]:
        found = self._found.get(term)
        if found is None:
            is_spelled = self._codes is not None and term.isascii() and len(term) < MAX_TERM
            found = self._search(term) if is_spelled and self._asked <= _MANY else self._table.get(term, [])
            self._found[term] = found
        return found

    def _search(self, term: str) -> list[Span]:
        found: list[Span] = []
        letters, find = self._letters, self._letters.find
        words = _spellings(term)
        for word in words:
            at = find(word)
            size = len(word) - 1
            while at >= 0:  # a space before the text makes the places of spaces those of tokens
                end = at + size
                if letters[end + 1] == _SPACE:
                    found.append((at, end))
                at = find(word, end + 1)
        return found if len(words) == 1 else sorted(found)

    @cached_property
    def _table(self) -> dict[str, list[Span]]:
        table: dict[str, list[Span]] = {}
        for term, span in zip(tokenize(self.text, exact=False).folded, spans(self.text), strict=True):
            table.setdefault(term, []).append(span)
        return table

    @cached_property
    def _starts(self) -> Sequence[int]:
        if self._codes is not None:
            return [token.start() - 1 for token in _TOKEN.finditer(self._letters)]
        return [start for start, _ in spans(self.text)]
