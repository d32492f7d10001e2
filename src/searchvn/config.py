"""Settings: what the environment and searchvn.toml say, for commands that were not told by an option.

Main type: `Settings`. Invariants: key by key, an option wins over the environment, that over searchvn.toml in the
working directory, that over the user's own, that over the default; only `cli` reads this, the library never does; what
cannot be understood is refused with `UsageError` that names the file or the variable, never half read.
"""

import os
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from searchvn.errors import SearchvnError, UsageError, saying

FILE = "searchvn.toml"  # in the working directory, and in the folder searchvn/ of the user's own settings
PREFIX = "SEARCHVN_"  # of environment variables: SEARCHVN_LIMIT
DEFAULT = "mặc định"

_OTHER_VARIABLES = ("SEARCHVN_CONFIG", "SEARCHVN_DEBUG")


class Settings(NamedTuple):
    """One value a key of searchvn.toml, and where the values come from that are not defaults."""

    index: str = "index"  # type: ignore[assignment]  # folder of the index; hides the method of tuples
    engine: str | None = None  # of a new index; None: whichever is installed
    limit: int = 10  # hits
    snippets: int = 2  # a hit
    match: str | None = None  # any or all words; None: as the query says
    diacritics: str = "smart"
    sort: str = "relevance"
    format: str | None = None  # a name or a template; None: rich on a terminal, plain in a pipe
    color: str = "auto"
    abbreviations: str | None = None  # path of the user's own table
    origins: Mapping[str, str] = {}  # key -> "SEARCHVN_LIMIT" or "searchvn.toml:3", where something was said

    def origin(self, key: str) -> str:
        """Where the value of `key` comes from, for people."""
        return self.origins.get(key, DEFAULT)

    def blamed(self, error: SearchvnError, key: str) -> SearchvnError:
        """`error`, which came of the value of `key`, with the name of the setting that said it."""
        if key not in self.origins:
            return error
        return type(error)(f"{error} (theo {self.origins[key]})", error.hint)


KEYS: tuple[str, ...] = Settings._fields[:-1]


class _Rule(NamedTuple):
    """Which values a key takes: whole numbers, one of some names, or any text."""

    wanted: str  # for people
    example: str | int
    choices: tuple[str, ...] = ()
    numbers: range = range(0)


def _number(lowest: int, example: int) -> _Rule:
    numbers = range(lowest, 1_000_000_000)
    return _Rule(f"số nguyên từ {lowest} đến {numbers[-1]}", example, numbers=numbers)


def _choice(*choices: str, more: str = "") -> _Rule:
    return _Rule(f"một trong: {', '.join(choices)}{more}", choices[1], choices)


_RULES: Mapping[str, _Rule] = {
    "index": _Rule("tên thư mục", "index"),
    "engine": _choice("tantivy", "whoosh"),
    "limit": _number(1, 20),
    "snippets": _number(0, 3),
    "match": _choice("any", "all"),
    "diacritics": _choice("smart", "exact", "ignore"),
    "sort": _choice("relevance", "newest", "oldest"),
    "format": _choice("rich", "plain", "json", "jsonl", "tsv", "csv", more=", hoặc một mẫu như {path}: {title}"),
    "color": _choice("auto", "always", "never"),
    "abbreviations": _Rule("tên tệp", "viet-tat.tsv"),
}
_PATHS = ("index", "abbreviations")


def load_settings(file: str | None = None, environment: Mapping[str, str] = os.environ, folder: str = "") -> Settings:
    """The settings of `folder` (default: the working directory) under `environment`. An empty variable says nothing.

    With `file` (--config), or else the variable SEARCHVN_CONFIG, that file is read instead of the two searchvn.toml.

    Raises `UsageError` for a named file that does not exist, for a file that cannot be read, is no TOML or has an
    unknown key, and for a value that its key does not take.
    """
    if named := file or environment.get("SEARCHVN_CONFIG"):
        path = os.path.expanduser(named)
        said = _from_file(path)
        if said is None:
            who = "--config" if file else "SEARCHVN_CONFIG"
            raise UsageError(f"không có tệp cài đặt {path} (theo {who})", "sửa tên tệp, hoặc tạo tệp ấy")
    else:
        said = (_from_file(_users_file(environment)) or {}) | (_from_file(os.path.join(folder, FILE)) or {})
    said |= _from_environment(environment)
    values = {key: value for key, (value, _) in said.items()}
    return Settings(**values, origins={key: origin for key, (_, origin) in said.items()})  # type: ignore[arg-type]


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[tuple[str, str]]:
    """Variables that begin as ours do and are none: (name, what to do about it)."""
    known = [*(PREFIX + key.upper() for key in KEYS), *_OTHER_VARIABLES]
    unknown = [name for name in sorted(environment) if name.startswith(PREFIX) and name not in known]
    return [(name, _nearest(name, known)) for name in unknown]


def _users_file(environment: Mapping[str, str]) -> str:
    """searchvn.toml in the user's own folder of settings (XDG), whether there is one or not."""
    home = environment.get("HOME") or os.path.expanduser("~")
    base = environment.get("XDG_CONFIG_HOME", "")
    return os.path.join(base if os.path.isabs(base) else os.path.join(home, ".config"), "searchvn", FILE)


_Said = dict[str, tuple[object, str]]  # key -> its value, and the place that says so


def _from_file(path: str) -> _Said | None:
    """What a file says, key by key, with the place; None where there is no file."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        hint = "sửa quyền của tệp, hoặc chỉ tệp khác với --config"
        raise UsageError(f"không đọc được {path}: {saying(error)}", hint) from None
    found: _Said = {}
    for key, value in _parsed(data, path).items():
        place = path + _line(data, key)
        if key not in KEYS:
            raise UsageError(f"{place}: không có cài đặt “{key}”", _nearest(key, KEYS))
        example = _RULES[key].example
        _check(
            key, value, f"{place}: {key}", f"{key} = " + (f'"{example}"' if isinstance(example, str) else f"{example}")
        )
        if key in _PATHS:  # from the folder of the file
            value = os.path.join(os.path.dirname(path), os.path.expanduser(str(value)))
        found[key] = (value, place)
    return found


def _parsed(data: bytes, path: str) -> dict[str, object]:
    import tomllib  # 4 ms that runs without the file do without

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: không phải UTF-8", "lưu lại tệp bằng bảng mã UTF-8") from None
    except (ValueError, RecursionError) as error:  # ValueError: TOML errors, and numbers of thousands of digits
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        last = data.rstrip().count(b"\n") + 1
        where = f":{place[1]}:{place[2]}" if place else f":{last}" if "end of document" in str(error) else ""
        raise UsageError(f"{path}{where}: không đúng cú pháp TOML", 'ví dụ: abbreviations = "viet-tat.tsv"') from None


def _line(data: bytes, key: str) -> str:
    """`:3` where the line can be seen that begins with `key` (or with `[key`), else nothing."""
    begins = rb"^(?:\xef\xbb\xbf)?[ \t\[]*([\"']?)" + re.escape(key.encode()) + rb"\1[ \t]*[=.\]]"
    found = re.search(begins, data, re.MULTILINE)
    line = data.count(b"\n", 0, found.end()) + 1 if found else 0
    return f":{line}" if line else ""


def _from_environment(environment: Mapping[str, str]) -> _Said:
    """What the variables say."""
    found: _Said = {}
    for key in KEYS:
        name = PREFIX + key.upper()
        if text := environment.get(name):
            digits = text.isascii() and text.isdigit() and len(text) < 20
            value = int(text) if digits and _RULES[key].numbers else text
            _check(key, value, name, f"{name}={_RULES[key].example}")
            found[key] = (os.path.expanduser(text) if key in _PATHS else value, name)
    return found


def _check(key: str, value: object, name: str, example: str) -> None:
    """Raises `UsageError` for a value that `key` does not take, with the `name` of who said it."""
    rule = _RULES[key]
    if rule.numbers:
        fits = type(value) is int and value in rule.numbers
    elif not isinstance(value, str):
        fits = False
    elif key in _PATHS:
        fits = value != "" and "\0" not in value
    else:
        fits = value in rule.choices or (key == "format" and "{" in value)
    if not fits:
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        shown = shown if len(shown) <= 40 else shown[:39] + "…"
        raise UsageError(f"{name} phải là {rule.wanted}, không phải “{shown}”", f"ví dụ: {example}")


def _nearest(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches  # only for this message

    folded = {other.casefold(): other for other in known}
    near = get_close_matches(name.casefold(), folded, 1, 0.5)
    return f"có phải là {folded[near[0]]}?" if near else f"các cài đặt: {', '.join(known)}"
