"""Which of the files below a root are wanted: --include, --exclude, --follow, and .searchvnignore on the way.

Main types: `Rules` (what was asked, kept with the root), `Sieve` (what that means in one folder). Invariants: paths are
judged in NFC and relative to the root, or to the folder of the ignore file; --exclude is stronger than --include and
than any ignore file; a folder that is left out is not entered, so nothing in it can be given back.
"""

import json
import os
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from searchvn.articles.encodings import decode
from searchvn.articles.globs import Glob, Globs, glob_of, globs_of, judge
from searchvn.errors import ArticleError, UsageError, saying

IGNORE_FILE = ".searchvnignore"

_MOST_BYTES = 1_000_000  # of an ignore file


class Rules(NamedTuple):
    """What of a root is read. `include` and `exclude` are patterns as gitignore has them; see `checked_rules`."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    follow: bool = False  # symbolic links

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(self._asdict(), ensure_ascii=False)

    @classmethod
    def of_json(cls, text: str) -> "Rules":
        """The rules that `to_json` wrote."""
        read = json.loads(text)
        return cls(tuple(read["include"]), tuple(read["exclude"]), read["follow"])


EVERYTHING = Rules()


def checked_rules(include: Iterable[str] = (), exclude: Iterable[str] = (), *, follow: bool = False) -> Rules:
    """Rules of patterns that can be used. Raises `UsageError`, which names the first that cannot."""
    made = Rules(tuple(include), tuple(exclude), follow)
    sieve(made)
    return made


class Sieve(NamedTuple):
    """What is wanted of one folder. `place` is its path below the root: empty, or ending in a slash."""

    include: Globs
    exclude: Globs
    is_wanted: bool  # what lies in the folder needs no pattern of `include`
    place: str = ""
    ignores: tuple[tuple[int, Globs], ...] = ()  # per ignore file, the deepest first: length of its place

    def takes(self, name: str) -> bool:
        """True for a file of this folder that is wanted."""
        if self.is_wanted and not self.exclude and not self.ignores:
            return True
        name = unicodedata.normalize("NFC", name)
        is_wanted = self.is_wanted or judge(self.include, self.place + name, name, is_folder=False)
        return bool(is_wanted) and not self._leaves_out(name, is_folder=False)

    def below(self, name: str) -> "Sieve | None":
        """The sieve of a folder in this folder; None when it is not to be entered."""
        name = unicodedata.normalize("NFC", name)
        if self._leaves_out(name, is_folder=True):
            return None
        place = self.place + name
        is_wanted = self.is_wanted or bool(judge(self.include, place, name, is_folder=True))
        return self._replace(place=place + "/", is_wanted=is_wanted)

    def with_ignore_file(self, folder: str) -> "Sieve":
        """The sieve with what the ignore file in `folder`, a path on disk, says of it.

        Raises `OSError`, about the folder, for one that cannot be read: what is to be left out is not known then.
        """
        path = os.path.join(folder, IGNORE_FILE)
        if not os.path.isfile(path):  # a folder, or a pipe that would be waited for
            return self
        try:
            globs = _ignored(path)
        except (ArticleError, UsageError, OSError) as error:
            reason = saying(error) if isinstance(error, OSError) else str(error)
            raise OSError(0, f"không đọc được {IGNORE_FILE} trong đó: {reason}", folder) from error
        return self._replace(ignores=((len(self.place), globs), *self.ignores))

    def _leaves_out(self, name: str, *, is_folder: bool) -> bool:
        path = self.place + name
        if judge(self.exclude, path, name, is_folder=is_folder):
            return True
        for start, globs in self.ignores:
            said = judge(globs, path[start:], name, is_folder=is_folder)
            if said is not None:
                return said
        return False


def sieve(asked: Rules) -> Sieve:
    """What `asked` means at the root itself. Raises `UsageError`: see `checked_rules`."""
    include = tuple(_typed(pattern, "--include") for pattern in asked.include)
    return Sieve(include, tuple(_typed(pattern, "--exclude") for pattern in asked.exclude), not include)


def _typed(pattern: str, option: str) -> Glob:
    if not pattern.strip():
        raise UsageError(f"mẫu của {option} trống", f"thí dụ: {option} '*.txt', {option} 'nháp/'")
    if pattern.startswith("!"):
        other = "--exclude" if option == "--include" else "--include"
        raise UsageError(f"mẫu “{pattern}” của {option} có dấu ! ở đầu", f"viết: {other} '{pattern[1:]}'")
    return glob_of(pattern)


def _ignored(path: str) -> Globs:
    with open(path, "rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ArticleError(f"tệp dài quá {_MOST_BYTES // 1_000_000} MB")
    return globs_of(decode(data).text.split("\n"))
