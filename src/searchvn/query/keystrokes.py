"""Keys that no input method has turned into letters -> the words they stand for: `ddoori` is đổi, `d9o63i` too.

Main names: `from_telex`, `from_vni`. Invariants: what comes back differs from what went in by words of ASCII keys that
became legal syllables with marks; everything between and beside them stays as it is; nothing is ever raised.

Sources: Telex and VNI as TCVN 5712:1993 and the input methods have them: `aa ee oo aw ow uw w dd`, tones `s f r x j`;
`6` for â ê ô, `7` for ơ ư, `8` for ă, `9` for đ, tones `1` to `5`. As there, a mark may be typed anywhere after its
letter (`dduwowngf`, `dduwfowng`, `duongwdf`), and `uo` with one `w` or `7` is ươ.

Many English words and codes can be read so too (`was` ứa, `songs` sóng, `A4` ã). So a text is keystrokes only if a word
of it is plain (see `_is_plain`) and all its other words are keystrokes, syllables, numbers, or words of the index.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from searchvn.analysis.canonical import canonical
from searchvn.analysis.folding import fold, has_marks
from searchvn.analysis.syllables import is_folded_syllable, is_syllable
from searchvn.analysis.tokens import spans

MOST_KEYS = 14  # `nghieengs` has 9; nobody types more for one syllable

_VOWELS = frozenset("aăâeêioôơuưy")
_LETTERS = frozenset("abcdeghiklmnopqrstuvxy")
_SHAPED = "ăâêôơư"  # the vowel that carries the tone wherever it stands
_HORNED = ("uo", "uơ", "ưo")  # what one w or 7 more, or none, makes ươ

# English words that would be plain keystrokes: those of the 20,000 commonest (a spelling checker's list) that are.
_ENGLISH = frozenset(
    "beef beer bees boost boots bows cheer cows deer door downs gowns hoof hoops keeps loops lows meets moons owns "
    "pawns peer poor queens reef roof rooms roots rows seems sees teens towns trees troops veer vows".split()
)


class _Layout(NamedTuple):
    """What keys do: give the syllable a tone, shape a letter, or stand for a letter."""

    tones: dict[str, str]
    shapes: dict[str, dict[str, str]]
    alone: dict[str, str]


_TONES = "\u0301\u0300\u0309\u0303\u0323"  # sắc, huyền, hỏi, ngã, nặng
_TELEX = _Layout(
    dict(zip("sfrxj", _TONES, strict=True)),
    {"a": {"a": "â"}, "e": {"e": "ê"}, "o": {"o": "ô"}, "w": {"a": "ă", "o": "ơ", "u": "ư"}, "d": {"d": "đ"}},
    {"w": "ư"},
)
_VNI = _Layout(
    dict(zip("12345", _TONES, strict=True)),
    {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}, "9": {"d": "đ"}},
    {},
)


class _Typed(NamedTuple):
    """A word on its way: letters without tone, the tone; how many keys made marks, and whether one did so loosely.

    Loosely: apart from the letter it shapes, or after the tone was typed. Keyboards take that, people do it seldom, and
    English words have such places (`photos`, `here`).
    """

    letters: str
    tone: str = ""
    keys: int = 0
    loose: bool = False


Known = Callable[[str], int]  # how many articles of the index have an exact term


def from_telex(text: str, known: Known | None = None) -> str | None:
    """The text that was meant by raw Telex keys, or None if they are not plainly keys.

    >>> from_telex("ddoori mowis"), from_telex("DDaf Nawxng 2021"), from_telex("windows forms")
    ('đổi mới', 'Đà Nẵng 2021', None)
    """
    return _decoded(text, _TELEX, known)


def from_vni(text: str, known: Known | None = None) -> str | None:
    """The text that was meant by raw VNI keys, or None if they are not plainly keys.

    >>> from_vni("d9o6i3 mo7i1"), from_vni("giấy A4"), from_vni("covid19")
    ('đổi mới', None, None)
    """
    return _decoded(text, _VNI, known)


def _decoded(text: str, layout: _Layout, known: Known | None) -> str | None:
    parts: list[str] = []
    done = 0
    plain = False
    unknown = 0
    unaided = not has_marks(text.lower())  # with a mark somewhere, an input method was at work
    for start, end in spans(text):
        word = text[start:end]
        typed, meant = _meant(word, layout)
        has = known(canonical(word)) if known else 0
        if meant and known and known(canonical(meant)) <= 10 * has:
            meant = ""  # a word of its own that happens to spell keys
        if meant:
            plain = plain or _is_plain(word, typed, layout)
            unknown += known is not None and not has
            parts += [text[done:start], _in_case_of(word, meant)]
            done = end
        elif not (has or word.isdigit() or is_folded_syllable(fold(word.lower()))):
            return None
    enough = 1 if layout is _TELEX else 2  # thu2 may be a word and its number
    return "".join([*parts, text[done:]]) if plain or (unaided and unknown >= enough) else None


def _is_plain(word: str, typed: _Typed, layout: _Layout) -> bool:
    """Whether a word that can be read as keys was hardly meant otherwise.

    VNI: two digits, or one between letters (`A4`, `co2`, `bai2` have one at the end). Telex: two keys that are no
    letters, `dd` in front, or `uw`, if none was typed loosely and it is no English word.
    """
    if layout is _VNI:
        return typed.keys > 1 or word[-1:].isalpha()
    word = word.lower()
    telling = typed.keys > 1 or word.startswith("dd") or "uw" in word or "uow" in word
    return telling and not typed.loose and word not in _ENGLISH


def _meant(word: str, layout: _Layout) -> tuple[_Typed, str]:
    """The syllable with marks that the keys of `word` give, best reading first; or nothing."""
    if 1 < len(word) <= MOST_KEYS and word.isascii():
        for typed in _readings(word.lower(), layout):
            if typed.keys and (syllable := _syllable(typed.letters, typed.tone)):
                return typed, syllable
    return _Typed(word), ""


def _readings(word: str, layout: _Layout) -> list[_Typed]:
    """All ways to read the keys, those with most marks first."""
    found = {_Typed("")}
    for key in word:
        found = {after for before in found for after in _next(before, key, layout)}
    return sorted(found, key=lambda typed: (-typed.keys, typed))


def _next(typed: _Typed, key: str, layout: _Layout) -> Iterator[_Typed]:
    letters, tone, keys, loose = typed
    if key in _LETTERS:
        yield _Typed(letters + key, tone, keys, loose)
    if key in layout.alone:
        yield _Typed(letters + layout.alone[key], tone, keys + 1, True)
    if key in layout.tones and not tone and not _VOWELS.isdisjoint(letters):
        yield _Typed(letters, layout.tones[key], keys + 1, loose)
    shapes = layout.shapes.get(key, {})
    if letters and letters[-1] == shapes.get(key):  # the third o of `xooong` is there to keep two
        yield _Typed(letters[:-1] + key + key, tone, keys, loose)
    for at, letter in enumerate(letters):
        apart = loose or bool(tone) or at + 1 < len(letters)
        if letter in shapes:
            yield _Typed(letters[:at] + shapes[letter] + letters[at + 1 :], tone, keys + 1, apart)
        if "ư" in shapes.values() and letters[at : at + 2] in _HORNED:
            yield _Typed(letters[:at] + "ươ" + letters[at + 2 :], tone, keys + 1, loose)


def _syllable(letters: str, tone: str) -> str:
    """The letters as a syllable with its tone, or nothing if there is no such syllable with marks."""
    for horned in _HORNED[1:]:
        if horned in letters[:-2]:
            letters = letters.replace(horned, "ươ")
    toned = _toned(letters, tone)
    return toned if not toned.isascii() and is_syllable(canonical(toned)) else ""


def _toned(letters: str, tone: str) -> str:
    """With the tone on the shaped vowel, else the last before a consonant, the middle one of three, the first."""
    onset = 2 if letters.startswith("qu") or (letters.startswith("gi") and letters[2:3] in _VOWELS) else 0
    vowels = [at for at, letter in enumerate(letters) if letter in _VOWELS and at >= onset]
    shaped = [at for at in vowels if letters[at] in _SHAPED]
    if not tone or not vowels:
        return letters
    place = (shaped or vowels)[-1] if shaped or letters[-1] not in _VOWELS else vowels[len(vowels) // 3]
    return letters[:place] + unicodedata.normalize("NFC", letters[place] + tone) + letters[place + 1 :]


def _in_case_of(word: str, meant: str) -> str:
    if word.isupper():
        return meant.upper()
    return meant[0].upper() + meant[1:] if word[0].isupper() else meant
