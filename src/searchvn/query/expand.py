"""Abbreviations of a query -> what they stand for, and full forms -> their abbreviations.

Main type: `Expander`. Invariants: what is returned never holds the sequence that was typed; an abbreviation of one
letter is read only with a dot or a number after it and never made; one that spells a syllable is read only in
capitals; one with several readings is read as each of them, but is not made from a full form. Full forms inside of
longer matches count too: `Nghị quyết T.Ư` beside `NQ/TW`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import chain, islice, product
from math import prod
from typing import NamedTuple

from searchvn.analysis.abbreviations import MAX_SHORT_WORDS, Abbreviation
from searchvn.analysis.folding import fold
from searchvn.analysis.lines import counts_in_capitals
from searchvn.analysis.tokens import INVISIBLE, split
from searchvn.query.forms import Tokens, read_tokens

MAX_SEQUENCES = 12  # other ways to write one phrase

_DROPPED = dict.fromkeys(map(ord, INVISIBLE))


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
        self._shorts: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)  # by their letters, folded
        self._beginnings: set[str] = set()  # what these may begin with
        self._fulls: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)  # by their first two words, folded

    @cached_property
    def _rows_of(self) -> dict[str, set[int]]:
        """Abbreviation -> the rows that it stands for."""
        rows: defaultdict[str, set[int]] = defaultdict(set)
        for number, row in enumerate(self._rows):
            for short in row.shorts:
                rows[short].add(number)
        return rows

    @cached_property
    def _unread(self) -> dict[str, list[tuple[str, int, bool]]]:
        """First letter, folded -> what begins with it and was not asked for yet: text, row, is it a full form."""
        unread: defaultdict[str, list[tuple[str, int, bool]]] = defaultdict(list)
        for number, row in enumerate(self._rows):
            for text in (row.full, *row.shorts):
                unread[_first_letter(text)].append((text, number, text is row.full))
        return unread

    def _read_beginning_like(self, word: str) -> None:
        """Makes ready what begins with the letter of a folded word. A query has few; the whole table takes 3 ms."""
        for text, number, is_full in self._unread.pop(word[:1], ()):
            if is_full:
                self._fulls[tuple(_folded_words(text, 2))].append(number)
            else:
                letters = _letters(text)
                self._shorts[letters].append((text, number))
                self._beginnings.update(letters[:end] for end in range(1, len(letters) + 1))

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
        layers = [_choices(tokens, layer) for layer in islice(_layers(matches), MAX_SEQUENCES)]
        found: dict[Tokens, None] = {}
        # Each layer has its say first. Nested ones then fill the bound up where they are not far beyond it: the UB, T.Ư
        # and MTTQ of `Ủy ban Trung ương Mặt trận Tổ quốc` make 16 ways, `Ủy ban T.Ư MTTQ` is the fourth.
        small = [layer for layer in layers[1:] if prod(map(len, layer)) <= 2 * MAX_SEQUENCES]
        for parts in chain(*map(_combined, layers), *(product(*layer) for layer in small)):
            sequence = tuple(token for part in parts for token in part)
            if sequence != tokens:
                found[sequence] = None
            if len(found) == MAX_SEQUENCES:
                break
        return list(found)

    def groups(self, tokens: Tokens) -> list[_Match]:
        """Runs of two tokens and more that have an abbreviation, or are one; from left to right, outer ones first."""
        return [match for match in self._matches(tokens, "", True) if match.end - match.start > 1]

    def _matches(self, tokens: Tokens, text: str, in_capitals: bool) -> Iterator[_Match]:
        """All matches from left to right, the longest first at every place.

        Full forms may stand inside of others and overlap. An abbreviation inside of something longer is not read:
        the `TT` of `TT-Huế` is no other one.
        """
        reach = 0
        words = tuple(token.folded for token in tokens)
        for at, word in enumerate(words):
            self._read_beginning_like(word)
            if word not in self._beginnings and words[at : at + 2] not in self._fulls:
                continue  # most words
            found = self._fulls_at(tokens, at)
            reach = max((reach, *(match.end for match in found)))
            if short := self._short_at(tokens, at, reach, text, in_capitals):
                found.append(short)
                reach = short.end
            yield from sorted(found, key=_longest_first)

    def _fulls_at(self, tokens: Tokens, at: int) -> list[_Match]:
        """The full forms that begin at `at`. Words without marks may spell several as long as each other: one match."""
        found: dict[int, tuple[Tokens, ...]] = {}
        for number in self._fulls.get(tuple(token.folded for token in tokens[at : at + 2]), ()):
            full = self._tokens(self._rows[number].full)
            end = at + len(full)
            if len(full) > 1 and _same(tokens[at:end], full) and (others := self._abbreviated(number, full)):
                found[end] = found.get(end, ()) + others
        return [_Match(at, end, tuple(dict.fromkeys(others))) for end, others in found.items()]

    def _short_at(self, tokens: Tokens, at: int, reach: int, text: str, in_capitals: bool) -> _Match | None:
        """The longest abbreviation that begins at `at` and ends after `reach`."""
        for end in range(min(len(tokens), at + MAX_SHORT_WORDS), max(at, reach), -1):
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


def _longest_first(match: _Match) -> tuple[int, int]:
    return match.start, -match.end


def _layers(matches: Sequence[_Match]) -> Iterator[list[_Match]]:
    """Matches that do not overlap, the longest at every place; then those hidden by them; and so on, until all were in
    a layer. What hides nothing that is still to come is in every layer."""
    hidden = {match[:2] for match in matches}
    while hidden:
        to_come = {at for start, end in hidden for at in range(start, end)}
        layer: list[_Match] = []
        for match in matches:
            free = not layer or layer[-1].end <= match.start
            if free and (match[:2] in hidden or to_come.isdisjoint(range(match.start, match.end))):
                layer.append(match)
        yield layer
        hidden -= {match[:2] for match in layer}


def _choices(tokens: Tokens, layer: Sequence[_Match]) -> list[tuple[Tokens, ...]]:
    """What may stand at each place one after the other, as typed first."""
    choices: list[tuple[Tokens, ...]] = []
    at = 0
    for match in layer:
        choices.append((tokens[at : match.start],))
        choices.append((tokens[match.start : match.end], *match.others))
        at = match.end
    return [*choices, (tokens[at:],)]


def _combined(choices: Sequence[tuple[Tokens, ...]]) -> Iterator[tuple[Tokens, ...]]:
    """One choice at every place. Where that would be too many: all their first ones, all their second ones, ..."""
    if prod(map(len, choices)) <= MAX_SEQUENCES:
        yield from product(*choices)
        return
    for number in range(min(MAX_SEQUENCES, max(map(len, choices)))):
        yield tuple(choice[min(number, len(choice) - 1)] for choice in choices)


def _folded_words(text: str, most: int | None = None) -> list[str]:
    return list(map(fold, split(text.translate(_DROPPED).lower())[:most]))


def _first_letter(text: str) -> str:
    first = text[:1] if text[:1].isalnum() else next(filter(str.isalnum, text), "")
    return _folded_letter(first)


@cache
def _folded_letter(letter: str) -> str:
    return fold(letter.lower())[:1]


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
