"""`đổi*`, `ph?ong`, `nguyễn~1`, `"cán bộ"~5` -> parts of a plan. Main name: `read_single`.

Invariant: the work is bounded by the index's vocabulary, and a word stands for at most `MAX_EXPANDED` terms, the most
frequent ones; where there are more, that is said. Words are compared as they may be typed: `hoà*` and `hòa*` both find
hòa and hoàng, `kỷ*` finds kỉ.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import fold, has_marks, strip_marks
from searchvn.errors import grouped
from searchvn.fields import EXACT, FOLDED
from searchvn.models import Diacritics
from searchvn.query.forms import (
    WIDE_WEIGHT,
    Form,
    Needle,
    ScopedVocabulary,
    Vocabulary,
    best_of,
    fitting,
    found_by,
    near,
    read_tokens,
)
from searchvn.query.runs import Part, Reading, either, rarity
from searchvn.query.slips import marks_cost
from searchvn.query.syntax import Fuzzy, Pattern, Phrase

MAX_EXPANDED = 200

_PARTS = re.compile(r"(?:[^\W_]|[*?])+")  # the tokens of a pattern
_SIGN = re.compile(r"[*?]")
# The place of the tone mark that canonical terms do not have: òa is also written oà.
_PLACES = "òa oà óa oá ỏa oả õa oã ọa oạ òe oè óe oé ỏe oẻ õe oẽ ọe oẹ ùy uỳ úy uý ủy uỷ ũy uỹ ụy uỵ".split()
_OTHER_PLACE = dict(zip(_PLACES[::2], _PLACES[1::2], strict=True))
_BACK = {other: place for place, other in _OTHER_PLACE.items()}
_Y = "yỳýỷỹỵ"
_TO_Y = str.maketrans("iìíỉĩị", _Y)
# The first letter that a term may have otherwise than it is spelled, so that `hoà` is the term `hòa`, and `kỷ` is `kỉ`.
_UNCERTAIN = {
    True: re.compile(f"[oòóỏõọ](?=[aàáảãạeèéẻẽẹ]?$)|[uùúủũụ](?=[{_Y}]?$)|(?<=^.)[{_Y}]$|(?<=^qu)[{_Y}]"),
    False: re.compile("(?<=^.)y$|(?<=^qu)y"),
}
_ALIKE = ("oòóỏõọ", "uùúủũụ", _Y + "iìíỉĩị")
_COSTS = ((0.0, 1.0), (0.5, 0.7), (1.0, 0.5), (2.0, 0.3))  # what a term may cost -> its weight


def read_single(clause: Pattern | Fuzzy | Phrase, reading: Reading, scope: str = "") -> Part:
    """The plan of a word with wildcards, of a fuzzy one, or of two words near each other, in the field `scope`."""
    vocabulary = ScopedVocabulary(reading.vocabulary, scope) if scope else reading.vocabulary
    folded_only = reading.level is Diacritics.IGNORE or (reading.level is Diacritics.SMART and reading.unmarked)
    forms, note = _stands_for(clause, reading, vocabulary, marked=not folded_only)
    more: tuple[Form, ...] = ()
    if reading.level is Diacritics.SMART and not folded_only and not has_marks(clause.text.lower()):
        # Unmarked beside marked words: any marks, lower.
        others = _stands_for(clause, reading, vocabulary, marked=False)[0]
        more = tuple(form._replace(weight=form.weight * WIDE_WEIGHT) for form in others if form not in forms)
    scored = tuple(form._replace(scope=scope) for form in (*forms, *more))
    counted = scored if reading.widened else scored[: len(forms)]
    terms = {term for form in counted for slot in form.slots for term in slot}
    most = max(vocabulary.df("body" if not folded_only else "body_folded", term) for term in terms)
    needle = Needle(clause.text, counted, rarity(most, vocabulary.articles()))
    matching = either(node for form in counted for node in found_by(form))
    return Part(best_of(scored), matching, (), False, (needle,), (note,) if note else (), bool(more))


def _stands_for(
    clause: Pattern | Fuzzy | Phrase, reading: Reading, vocabulary: Vocabulary, marked: bool
) -> tuple[tuple[Form, ...], str]:
    """The forms of a clause, compared with marks or without, and a note."""
    match clause:
        case Pattern(text):
            return pattern_forms(text, vocabulary, marked)
        case Fuzzy(text, _, edits):
            return fuzzy_forms(text, edits, vocabulary, marked)
        case Phrase(text, _, between):
            tokens, most = read_tokens(text), between or 0
            if reading.level is Diacritics.EXACT:
                return (Form("near", tuple((token.exact,) for token in tokens), between=most),), ""
            if not marked:
                return (Form("near_folded", tuple((token.folded,) for token in tokens), between=most),), ""
            return (near(tokens, most, vocabulary),), ""


def pattern_forms(text: str, vocabulary: Vocabulary, marked: bool) -> tuple[tuple[Form, ...], str]:
    """The forms of a word with `*` or `?`, and a note where it stands for more terms than are looked for.

    `marked`: terms are compared with their marks; otherwise without.
    """
    slots: list[tuple[str, ...]] = []
    note = ""
    parts = _PARTS.findall(text)
    for part in parts:
        if not _SIGN.search(part):
            slots.append((canonical(part) if marked else fold(canonical(part)),))
            continue
        found = matching_terms(part, vocabulary, marked)
        best: Sequence[str] = sorted(found, key=lambda term: (-found[term], term))[:MAX_EXPANDED]
        best = best if len(parts) == 1 else fitting(best)
        if len(found) > len(best):
            note = f"“{text}” khớp với {grouped(len(found))} từ: chỉ tìm {len(best)} từ có trong nhiều bài nhất"
        elif not found:
            note = f"không từ nào trong chỉ mục khớp với “{text}”"
        slots.append(tuple(best) or (part,))  # no term holds a star
    return (Form("exact" if marked else "folded", tuple(slots)),), note


def fuzzy_forms(text: str, edits: int, vocabulary: Vocabulary, marked: bool) -> tuple[tuple[Form, ...], str]:
    """The forms of a word and of those at most `edits` letters from it; a mark counts less than a letter.

    Damerau's distance over folded terms (insertions, deletions, substitutions, neighbours exchanged), and what the
    marks cost (`slips.marks_cost`).
    """
    typed = canonical(text)
    found: dict[str, tuple[float, int]] = {}
    for term, letters, df in _near(fold(typed), edits, vocabulary, EXACT if marked else FOLDED):
        cost = letters + (marks_cost(typed, term) if marked else 0.0)
        if cost <= edits:
            found[term] = (cost, max(df, found.get(term, (cost, 0))[1]))
    best = sorted(found, key=lambda term: (found[term][0], -found[term][1], term))
    note = ""
    if len(best) > MAX_EXPANDED:
        note = f"“{text}~{edits}” gần với {grouped(len(best))} từ: chỉ tìm {MAX_EXPANDED} từ gần nhất"
    kind, least = "exact" if marked else "folded", -1.0
    forms = []
    for most, weight in _COSTS:
        terms = tuple(term for term in best[:MAX_EXPANDED] if least < found[term][0] <= most)
        forms += [Form(kind, (terms,), weight)] if terms else []
        least = most
    return tuple(forms) or (Form(kind, ((typed if marked else fold(typed),),)),), note


def matching_terms(part: str, vocabulary: Vocabulary, marked: bool) -> dict[str, int]:
    """The terms that match one token of a pattern, and in how many articles each is at most."""
    heads, matches = _read_pattern(part.lower(), marked)
    found: dict[str, int] = {}
    for field in EXACT if marked else FOLDED:
        for term, df in chain.from_iterable(vocabulary.terms(field, head) for head in heads):
            if df > found.get(term, 0) and (matches(term) or any(map(matches, _other_spellings(term, marked)))):
                found[term] = df
    return found


def _read_pattern(part: str, marked: bool) -> tuple[Sequence[str], Callable[[str], object]]:
    """What terms that match may begin with, and whether a spelling matches."""
    if not marked:  # letter by letter: the folded term of `my` is `mi`, but `my*` is not `minh`
        part = "".join(letter if letter in "*?" else fold(letter) for letter in part)
    first = part[: _SIGN.search(part).start()]  # type: ignore[union-attr]
    starts = _starts(first) if marked else (first,)
    rest = part[len(first) :]
    heads = sorted({head for start in starts for head in _heads(start, marked)})
    shortest = [head for head in heads if not any(head != other and head.startswith(other) for other in heads)]
    if rest == "*":
        return shortest, lambda spelling: spelling.startswith(starts)
    return shortest, re.compile("|".join(re.escape(start) + _expression(rest) for start in starts)).fullmatch


def _heads(start: str, marked: bool) -> Sequence[str]:
    """What a term begins with that has a spelling which begins with `start`."""
    uncertain = _UNCERTAIN[marked].search(start)
    if not uncertain:
        return (start,)
    alike = next(letters for letters in _ALIKE if uncertain.group() in letters)
    return tuple(start[: uncertain.start()] + letter for letter in alike)


def _starts(first: str) -> Sequence[str]:
    """The ways to place the tone mark in the beginning of a word."""
    usual = canonical(first) if first else ""
    return tuple(dict.fromkeys((first, *_other_places(first), *([usual] if _same_letters(usual, first) else []))))


def _same_letters(one: str, other: str) -> bool:
    return strip_marks(one) == strip_marks(other)


def _expression(pattern: str) -> str:
    """Each piece between stars stands where it can first, so no text takes long (as `fnmatch` does it)."""
    head, *pieces = ("".join("." if c == "?" else re.escape(c) for c in piece) for piece in pattern.split("*"))
    if not pieces:
        return head
    return head + "".join(f"(?>.*?{piece})" for piece in pieces[:-1] if piece) + f".*{pieces[-1]}"


def _other_places(word: str) -> Iterator[str]:
    for pairs in (_OTHER_PLACE, _BACK):
        if word[-2:] in pairs:
            yield word[:-2] + pairs[word[-2:]]


def _other_spellings(term: str, marked: bool) -> Iterator[str]:
    """The ways in which a term may be typed, beside its own."""
    if marked:
        yield from _other_places(term)
    if len(term) == 2 or term.startswith("qu"):
        other = term.translate(_TO_Y)  # terms have i where print has either
        if other != term and (canonical(other) if marked else fold(other)) == term:
            yield other


def _near(folded: str, edits: int, vocabulary: Vocabulary, fields: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """The terms of `fields` whose folded form is at most `edits` letters away: how many, and how many articles."""
    distances: dict[str, int] = {}
    letters = set(folded)
    for field in fields:
        for term, df in vocabulary.terms(field):
            other = fold(term)
            # A letter exchanged for another makes a difference of two letters, and no other slip makes more.
            if abs(len(other) - len(folded)) <= edits and len(letters.symmetric_difference(other)) <= 2 * edits:
                if other not in distances:
                    distances[other] = _distance(folded, other, edits)
                if distances[other] <= edits:
                    yield term, distances[other], df


def _distance(one: str, other: str, most: int) -> int:
    """Damerau's distance, restricted to neighbours exchanged once (optimal string alignment); above `most` any number
    above it."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    a, b = one[start : len(one) - end], other[start : len(other) - end]
    if not a or not b:
        return len(a) + len(b)
    before, row = list[int](), list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:  # every row follows from the two before it
            return most + 1
    return row[-1]
