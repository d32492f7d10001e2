"""Joined identifiers: `15-NQ/TW` -> `15nqtw`, so that it is found however its parts are put together.

Main names: `compounds` (indexing), `compound_places` (highlighting). Invariant: both give the same forms for the same
text, in the same order.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from searchvn.analysis.canonical import MAX_TERM
from searchvn.analysis.codes import CHARACTERS, LETTERS, table
from searchvn.analysis.lookup import FOLDED
from searchvn.analysis.tokens import spans, split

# Hyphens and dashes of all kinds, slashes, full stop, colon.
_JOINTS = "-/.:\u2010-\u2015\u2212\uff0d\u2044\u2215\uff0f"
# A slash may have spaces around it: `05-CT/ TW`. Never tried again inside a long run: linear.
_COMPOUND = f"(?<![^\\W_])[^\\W_]++(?:(?: ?/ ?|[{_JOINTS}])[^\\W_]++)+"  # compiled for the first text with a joint
_DIGIT = re.compile(r"\d")
_JOINT = re.compile(rb"-[a0]")  # in `_parts`; a pattern that begins with one byte is looked for at the speed of memory


@cache
def _parts() -> bytes:
    """Codes -> a for letters, 0 for digits, - for joints, spaces."""
    joints = {character: "-" for character in CHARACTERS if re.match(f"[{_JOINTS}]", character)}
    letters = {letter: "0" if letter.isdigit() else "a" for letter in LETTERS}
    return table(letters | joints)


def compound_places(text: str) -> Iterator[tuple[str, int, int]]:
    """Joined folded forms of tokens that dashes, `/` `.` `:` connect and that hold a digit, with their places.

    Of an identifier that ends in two words or more, these joined as well.

    >>> [joined for joined, _, _ in compound_places("Nghị quyết 15-NQ/TW, tăng 12.5, Bà Rịa-Vũng Tàu")]
    ['15nqtw', 'nqtw', '125']
    """
    for match in re.finditer(_COMPOUND, text):
        if _DIGIT.search(match.group()):
            parts = [FOLDED[token] for token in split(match.group())]
            places = spans(match.group())
            for first in _beginnings(parts):
                yield _joined(parts[first:]), match.start() + places[first][0], match.end()


def compounds(text: str, codes: bytes | None = None) -> list[str]:
    """The joined forms of `compound_places`, found faster in a text whose codes are given (see `codes`)."""
    if codes is None:
        return [joined for joined, _, _ in compound_places(text)]
    if b"/" in codes:
        codes = codes.replace(b"/ ", b"//").replace(b" /", b"//")  # one stretch, which is looked at as it stands
    found: list[str] = []
    parts = codes.translate(_parts())
    done = 0
    for match in _JOINT.finditer(parts):
        joint = match.start()
        if joint < done:
            continue
        start = parts.rfind(b" ", done, joint) + 1
        done = parts.find(b" ", joint)
        done = done if done >= 0 else len(parts)
        if parts.find(b"0", start, done) >= 0:
            found += _remembered(text[start:done]) if done - start <= MAX_TERM else _joined_in(text[start:done])
    return found


def _joined_in(text: str) -> tuple[str, ...]:
    return tuple(joined for joined, _, _ in compound_places(text))


_remembered = lru_cache(20_000)(_joined_in)  # numbers and dates come again and again


def _joined(parts: Sequence[str]) -> str:
    return "".join(parts)[:MAX_TERM]


def _beginnings(parts: Sequence[str]) -> tuple[int, ...]:
    """Where the joined forms of a compound begin: at its first part, and after its last number."""
    if len(parts) < 3 or _DIGIT.search(parts[-1]) or _DIGIT.search(parts[-2]):
        return (0,)
    numbers = [at for at, part in enumerate(parts) if _DIGIT.search(part)]
    return (0, numbers[-1] + 1) if numbers else (0,)
