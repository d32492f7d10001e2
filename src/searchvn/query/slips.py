"""A typed word -> the words that may have been meant, each with what the slip costs.

Main names: `near_spellings` (letters), `marked_forms` and `marks_cost` (marks). Invariants: costs are 0 for what was
typed and grow with the unlikelihood of the slip, in units of one wrong letter; nothing is asked of an index here.

Sources: one letter wrong, too many, too few, or two exchanged are four in five misspellings (Damerau, 1964); all words
so near are made and looked up, which is quicker than comparing a vocabulary (Norvig, "How to Write a Spelling
Corrector", 2007). The letters that sound alike are those that speakers of one region or another do not tell apart:
s/x, tr/ch, d/gi/r, l/n, final n/ng and c/t, hỏi/ngã; and those that spelling tells apart: c/k, g/gh, ng/ngh, i/y.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import has_marks, strip_marks
from searchvn.analysis.syllables import INITIALS, RIMES, is_folded_syllable, is_syllable

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TONES = "\u0301\u0300\u0309\u0303\u0323"  # sắc, huyền, hỏi, ngã, nặng
_HOOK_TILDE = {"\u0309", "\u0303"}

LETTER = 1.0  # one letter wrong, too many or too few
SLIP_OF_THE_HAND = 0.8  # two letters exchanged, one doubled
SOUND = 0.5  # letters that sound alike or follow a spelling rule
NO_MARKS = 0.25  # all marks of the word left out

_INITIALS_ALIKE = "s x, ch tr, d gi, d r, gi r, l n, c k, ng ngh, g gh, i y"
_FINALS_ALIKE = "n ng, t c, n nh, c ch, i y"


def _both_ways(pairs: str) -> tuple[tuple[str, str], ...]:
    split = [pair.split() for pair in pairs.split(", ")]
    return tuple((one, other) for a, b in split for one, other in ((a, b), (b, a)))


_INITIAL_PAIRS, _FINAL_PAIRS = _both_ways(_INITIALS_ALIKE), _both_ways(_FINALS_ALIKE)


def near_spellings(folded: str) -> dict[str, float]:
    """Every word one slip away from `folded` (ASCII letters), whether it exists or not, with the slip's cost.

    >>> near_spellings("xu")["su"], near_spellings("thcu")["thuc"], near_spellings("moii")["moi"]
    (0.5, 0.8, 0.8)
    """
    found = dict.fromkeys(_one_letter_away(folded), LETTER)
    for at in range(1, len(folded)):
        exchanged = folded[: at - 1] + folded[at] + folded[at - 1] + folded[at + 1 :]
        found[exchanged] = SLIP_OF_THE_HAND
        if folded[at] == folded[at - 1]:
            found[folded[:at] + folded[at + 1 :]] = SLIP_OF_THE_HAND
    for one, other in _INITIAL_PAIRS:
        if folded.startswith(one):
            found[other + folded[len(one) :]] = SOUND
    for one, other in _FINAL_PAIRS:
        if folded.endswith(one):
            found[folded[: -len(one)] + other] = SOUND
    found.pop(folded, None)
    return found


def _one_letter_away(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if len(word) > 2 and after:
            yield before + after[1:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


@lru_cache(maxsize=4096)
def marked_forms(folded: str) -> tuple[str, ...]:
    """The exact terms of all legal syllables that fold to `folded`; itself alone if there are none.

    >>> marked_forms("ngoeo")
    ('ngoeo', 'ngoèo', 'ngoéo', 'ngoẹo', 'ngoẻo', 'ngoẽo')
    """
    if not is_folded_syllable(folded):
        return (folded,)
    found = {folded: None}
    for cut in range(min(3, len(folded) - 1), -1, -1):
        initials = (folded[:cut], "đ") if folded[:cut] == "d" else (folded[:cut],)
        for initial in initials:
            if initial in INITIALS:
                found.update(dict.fromkeys(filter(is_syllable, (initial + r for r in _rimes().get(folded[cut:], ())))))
    return tuple(found)


@cache
def _rimes() -> dict[str, tuple[str, ...]]:
    """Folded rime -> the rimes with marks that fold to it, the tone on every vowel that could carry it."""
    found: dict[str, list[str]] = {}
    for rime in sorted(RIMES):
        toned = {
            rime[:at] + unicodedata.normalize("NFC", rime[at] + tone) + rime[at + 1 :]
            for at in range(len(rime))
            for tone in _TONES
        }
        found.setdefault(strip_marks(rime), []).extend([rime, *sorted(toned)])
    return {folded: tuple(rimes) for folded, rimes in found.items()}


def marks_cost(typed: str, meant: str) -> float:
    """What the marks of `typed` cost if `meant` was meant; both are exact terms.

    A mark left out is likelier than one changed, and that likelier than one that nobody meant.

    >>> marks_cost("moi", "mới"), marks_cost("mơi", "mới"), marks_cost("mời", "mới"), marks_cost("mới", "mơi")
    (0.25, 0.2, 0.3, 0.4)
    """
    if not has_marks(typed):
        return NO_MARKS if has_marks(meant) else 0.0
    (had, shapes), (has, other_shapes) = _marks(typed), _marks(meant)
    cost = 0.0
    if had != has:
        cost = 0.2 if not had else 0.4 if not has else 0.15 if {had, has} == _HOOK_TILDE else 0.3
    left = list(other_shapes)
    for shape in shapes:
        if shape in left:
            left.remove(shape)
    extra = len(shapes) - len(other_shapes) + len(left)
    changed = min(extra, len(left))
    return cost + 0.3 * changed + 0.4 * (extra - changed) + 0.2 * (len(left) - changed)


@lru_cache(maxsize=8192)
def _marks(term: str) -> tuple[str, tuple[str, ...]]:
    """The tone mark of a term, and its other marks with đ as one of them."""
    parts = unicodedata.normalize("NFD", term)
    tones = [part for part in parts if part in _TONES]
    others = tuple(part for part in parts if part == "đ" or (unicodedata.combining(part) and part not in _TONES))
    return "".join(tones[:1]), others


# Exact terms have i where print has either; these are printed with y as a rule.
_WITH_Y = dict(zip("kí kì kỉ kĩ kị lí li mĩ hi ti tỉ".split(), "ký kỳ kỷ kỹ kỵ lý ly mỹ hy ty tỷ".split(), strict=True))
_TO_Y = str.maketrans("iíìỉĩị", "yýỳỷỹỵ")


def printed(exact: str) -> str:
    """An exact term as people write it.

    >>> printed("kỉ"), printed("quí"), printed("quình"), printed("mì")
    ('kỷ', 'quý', 'quỳnh', 'mì')
    """
    if exact.startswith("qu") and canonical(with_y := "qu" + exact[2:].translate(_TO_Y)) == exact:
        return with_y
    return _WITH_Y.get(exact, exact)


def halves(exact: str) -> Iterator[tuple[str, str]]:
    """The ways to read a word as two syllables whose space was lost, as exact terms."""
    for cut in range(2, len(exact) - 1):
        first, second = canonical(exact[:cut]), canonical(exact[cut:])
        if all(is_syllable(part) or is_folded_syllable(part) for part in (first, second)):
            yield first, second


def is_misspellable(folded: str) -> bool:
    """Whether a folded term is a word of letters in which slips are looked for."""
    return 2 <= len(folded) <= MOST_LETTERS and folded.isascii() and folded.isalpha()


MOST_LETTERS = 20  # two syllables have at most 14; longer words are no Vietnamese
