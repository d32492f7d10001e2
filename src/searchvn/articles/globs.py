"""Lines of gitignore syntax -> patterns that judge paths.

Main types: `Glob`, `Globs`. Invariants: the last line that matches decides, as in git; a pattern that git would discard
in silence is a `UsageError` here; judging takes time in proportion to path times pattern, whatever either holds: what
follows a star is matched at its first place and never looked for again (an atomic group), which loses nothing because
it has a fixed length. That is why no library is used: pathspec 1.1 takes 20 s for `*a*a*a*a*a*b` and one name of 124
letters.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

from searchvn.errors import UsageError

_LONGEST = 1_000  # code points of a pattern
_ANY_FOLDERS = "(?:[^/]+/)*"


class Glob(NamedTuple):
    """One pattern. `by_name`: it is matched against the name alone, at any depth; else against the whole path."""

    takes: bool  # False for a line with !, which gives back
    folders_only: bool
    by_name: bool
    regex: re.Pattern[str]


Globs = tuple[Glob, ...]


def judge(globs: Globs, path: str, name: str, *, is_folder: bool) -> bool | None:
    """What the last matching pattern says of a path (NFC, relative to the patterns' folder), or None.

    >>> [judge(globs_of(["*.txt", "!/a.txt"]), path, "a.txt", is_folder=False) for path in ("b/a.txt", "a.txt")]
    [True, False]
    """
    for glob in reversed(globs):
        if (is_folder or not glob.folders_only) and glob.regex.fullmatch(name if glob.by_name else path):
            return glob.takes
    return None


def globs_of(lines: Iterable[str]) -> Globs:
    """The patterns of an ignore file. Raises `UsageError`, which names the pattern and its line."""
    found: list[Glob] = []
    for number, line in enumerate(lines, start=1):
        text = _without_trailing_spaces(line.removesuffix("\r"))
        if text and not text.startswith("#"):
            try:
                found.append(glob_of(text))
            except UsageError as error:
                raise UsageError(f"dòng {number}: {error}", error.hint) from error
    return tuple(found)


def glob_of(pattern: str) -> Glob:
    """One pattern, which is neither blank nor a comment. Raises `UsageError`, which names it."""
    text = unicodedata.normalize("NFC", pattern)
    gives_back = text.startswith("!")
    text = text[gives_back:]
    folders_only = text.endswith("/")
    text = text[: len(text) - folders_only]
    by_name = "/" not in text
    text = text.removeprefix("/")
    try:
        if not text or len(text) > _LONGEST:
            raise _BrokenError("không có tên nào" if not text else "quá dài")
        regex = _segment(text) if by_name else _path(text.split("/"))
    except _BrokenError as error:
        hint = "xem cách viết của .gitignore; dấu đặc biệt viết sau dấu \\"
        raise UsageError(f"mẫu “{pattern}” không dùng được: {error}", hint) from error
    return Glob(not gives_back, folders_only, by_name, re.compile(regex, re.DOTALL))


class _BrokenError(Exception):
    """Why a pattern cannot match anything."""


def _without_trailing_spaces(line: str) -> str:
    r"""Trailing spaces go, unless they are escaped (`\ `)."""
    text = line.rstrip(" ")
    backslashes = sum(1 for _ in takewhile("\\".__eq__, reversed(text)))
    return text + " " if backslashes % 2 and text != line else text


def _path(segments: list[str]) -> str:
    """A regular expression for a whole path. Two stars stand for any number of folders."""
    if "" in segments:
        raise _BrokenError("hai dấu / liền nhau")
    runs: list[list[str]] = [[]]  # what stands between the double stars
    for segment in segments:
        if len(segment) > 1 and not segment.strip("*"):
            runs += [[]]
        else:
            runs[-1].append(_segment(segment))
    first, *rest = ("/".join(run) for run in runs)
    if not rest:
        return first
    inner = [f"(?>{_ANY_FOLDERS}?{run}/)" for run in rest[:-1] if run]
    last = _ANY_FOLDERS + rest[-1] if rest[-1] else ".+"
    return (first + "/" if first else "") + "".join(inner) + last


def _segment(text: str) -> str:
    """A regular expression for one name. What stands between two stars is taken at its first place."""
    runs = [""]
    place = 0
    while place < len(text):
        if text[place] == "*":
            runs += [""]
            place += 1
            continue
        one, place = _one(text, place)
        runs[-1] += one
    first, *rest = runs
    if not rest:
        return first
    inner = "".join(f"(?>[^/]*?{run})" for run in rest[:-1] if run)
    return f"(?>{first}{inner}[^/]*{rest[-1]}(?![^/]))"


def _one(text: str, place: int) -> tuple[str, int]:
    """A regular expression for one character of a name, and where the pattern goes on."""
    if text[place] == "?":
        return "[^/]", place + 1
    if text[place] == "[":
        return _one_of(text, place + 1)
    if text[place] == "\\":
        place += 1
        if place == len(text):
            raise _BrokenError("sau dấu \\ không có gì")
    return re.escape(text[place]), place + 1


def _one_of(text: str, place: int) -> tuple[str, int]:
    """A regular expression for `[a-z]` or `[!a-z]`, whose bracket stands before `place`."""
    is_negated = text.startswith(("!", "^"), place)
    start = place = place + is_negated
    ranges = ""
    while place < len(text) and (text[place] != "]" or place == start):
        first, place = _literal(text, place)
        last = first
        if text.startswith("-", place) and not text.startswith("]", place + 1):
            last, place = _literal(text, place + 1)
        if first <= last:
            ranges += f"{re.escape(first)}-{re.escape(last)}"
    if place >= len(text):
        raise _BrokenError("dấu [ không có ] đóng lại")
    if "[:" in text[start:place] or not ranges:
        raise _BrokenError("không hiểu trong […] có những chữ nào")
    return f"(?!/)[{'^' * is_negated}{ranges}]", place + 1


def _literal(text: str, place: int) -> tuple[str, int]:
    """A character inside of brackets, and where the pattern goes on."""
    place += text.startswith("\\", place)
    if place >= len(text):
        raise _BrokenError("dấu [ không có ] đóng lại")
    return text[place], place + 1
