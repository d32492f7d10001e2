"""Abbreviations of a query -> what they stand for, and full forms -> their abbreviations.

Main type: `Expander`. Invariants: what is returned never holds the sequence that was typed; an abbreviation of one
letter is read only with a dot or a number after it and never made; one that spells a syllable is read only in
capitals; one with several readings is read as each of them, but is not made from a full form.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import product
from math import prod
from typing import NamedTuple

from searchvn.analysis.abbreviations import MAX_SHORT_WORDS, Abbreviation
from searchvn.analysis.folding import fold
from searchvn.analysis.terms import counts_in_capitals
from searchvn.analysis.tokens import INVISIBLE, split
from searchvn.query.forms import Tokens, read_tokens

MAX_SEQUENCES = 12  # other ways to write one phrase

_INVISIBLE = re.compile(f"[{INVISIBLE}]")


class _Match(NamedTuple):
    """The tokens start..end of a query are an abbreviation or a full form, and may stand as `others`."""

    start: int
    end: int
    others: tuple[Tokens, ...]


class Expander:
    """A table of abbreviations, ready to be asked. Rows are read when a query's words begin like them."""

    def __init__(self, rows: Sequence[Abbreviation]) -> None:
        self._rows = rows
        self._read: dict[str, Tokens] = {}

    @cached_property
    def _shorts(self) -> dict[str, list[tuple[str, int]]]:
        """Letters of an abbreviation, folded -> its spellings and their rows."""
        shorts: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for number, row in enumerate(self._rows):
            for short in row.shorts:
                shorts[_letters(short)].append((short, number))
        return shorts

    @cached_property
    def _rows_of(self) -> dict[str, set[int]]:
        """Abbreviation -> the rows that it stands for."""
        rows: defaultdict[str, set[int]] = defaultdict(set)
        for number, row in enumerate(self._rows):
            for short in row.shorts:
                rows[short].add(number)
        return rows

    @cached_property
    def _fulls(self) -> dict[tuple[str, ...], list[int]]:
        """First two words of a full form, folded -> rows."""
        fulls: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, row in enumerate(self._rows):
            fulls[tuple(_folded_words(row.full)[:2])].append(number)
        return fulls

    def _tokens(self, text: str) -> Tokens:
        """The tokens of a row's text, made when a query first asks for them."""
        if text not in self._read:
            self._read[text] = read_tokens(text)
        return self._read[text]

    def sequences(self, tokens: Tokens, text: str, in_capitals: bool) -> list[Tokens]:
        """Other ways to write `tokens`, which were typed as `text`, side by side: every match in it or not.

        `in_capitals`: the whole query is capitals, so capitals say nothing.
        """
        matches = list(self._matches(tokens, text, in_capitals))
        if not matches:
            return []
        choices: list[tuple[Tokens, ...]] = []
        at = 0
        for match in matches:
            choices.append((tokens[at : match.start],))
            choices.append((tokens[match.start : match.end], *match.others))
            at = match.end
        choices.append((tokens[at:],))
        found = [tuple(token for part in parts for token in part) for parts in _combined(choices)]
        return [sequence for sequence in dict.fromkeys(found) if sequence != tokens]

    def groups(self, tokens: Tokens) -> Iterator[_Match]:
        """Runs of two tokens and more that have an abbreviation, or are one."""
        return (match for match in self._matches(tokens, "", True) if match.end - match.start > 1)

    def _matches(self, tokens: Tokens, text: str, in_capitals: bool) -> Iterator[_Match]:
        """Matches from left to right that do not overlap, the longest first at every place."""
        at = 0
        while at < len(tokens):
            found = (self._full_at(tokens, at), self._short_at(tokens, at, text, in_capitals))
            match = max((one for one in found if one), key=lambda one: one.end, default=None)
            if match:
                yield match
            at = match.end if match else at + 1

    def _full_at(self, tokens: Tokens, at: int) -> _Match | None:
        best: _Match | None = None
        for number in self._fulls.get(tuple(token.folded for token in tokens[at : at + 2]), ()):
            full = self._tokens(self._rows[number].full)
            end = at + len(full)
            if len(full) > 1 and (best is None or end > best.end) and _same(tokens[at:end], full):
                others = self._abbreviated(number, full)
                best = _Match(at, end, others) if others else best
        return best

    def _short_at(self, tokens: Tokens, at: int, text: str, in_capitals: bool) -> _Match | None:
        for end in range(min(len(tokens), at + MAX_SHORT_WORDS), at, -1):
            typed = tokens[at:end]
            known = self._shorts.get("".join(token.folded for token in typed), ())
            rows = [
                (short, number)
                for short, number in known
                if _is_read(short, self._tokens(short), typed, text, tokens[end : end + 1], in_capitals)
            ]
            if rows:
                others = [sequence for _, number in rows[:MAX_SEQUENCES] for sequence in self._written(number)]
                return _Match(at, end, tuple(o for o in dict.fromkeys(others) if o != typed))
        return None

    def _written(self, number: int) -> list[Tokens]:
        """The full form of a row and its abbreviations."""
        full = self._tokens(self._rows[number].full)
        return [full, *self._abbreviated(number, full)]

    def _abbreviated(self, number: int, full: Tokens) -> tuple[Tokens, ...]:
        """The abbreviations of a row that stand for nothing else."""
        shorts = []
        for short in self._rows[number].shorts:
            tokens = self._tokens(short)
            if self._rows_of[short] == {number} and len(_letters(short)) > 1 and tokens != full:
                only_capital = len(tokens) == 1 and counts_in_capitals(tokens[0].text)
                shorts.append((tokens[0]._replace(capital=True),) if only_capital else tokens)
        return tuple(shorts)


def _combined(choices: Sequence[tuple[Tokens, ...]]) -> Iterator[tuple[Tokens, ...]]:
    """One choice at every place. Where that would be too many: all their first ones, all their second ones, ..."""
    if prod(map(len, choices)) <= MAX_SEQUENCES:
        yield from product(*choices)
        return
    for number in range(min(MAX_SEQUENCES, max(map(len, choices)))):
        yield tuple(choice[min(number, len(choice) - 1)] for choice in choices)


def _folded_words(text: str) -> list[str]:
    return list(map(fold, split(_INVISIBLE.sub("", text).lower())))


def _letters(short: str) -> str:
    return "".join(_folded_words(short))


def _same(typed: Tokens, wanted: Tokens) -> bool:
    """Whether `typed` spells `wanted`: words with marks as they are, words without as any."""
    return len(typed) == len(wanted) and all(
        one.exact == other.exact or (not one.marked and one.folded == other.folded)
        for one, other in zip(typed, wanted, strict=True)
    )


def _is_read(short: str, wanted: Tokens, typed: Tokens, text: str, after: Tokens, in_capitals: bool) -> bool:
    """Whether `typed` is the abbreviation `short` here; `after` is the token that follows, if any."""
    if len(_letters(short)) == 1:
        dotted = re.search(rf"(?<![^\W_]){re.escape(typed[0].text)}\.", text) is not None
        return len(typed) == 1 and _same(typed, wanted) and (dotted or any(token.text[0].isdigit() for token in after))
    if len(wanted) == 1 and counts_in_capitals(wanted[0].text):
        return typed[0].text == short and not in_capitals
    return _same(typed, wanted)
