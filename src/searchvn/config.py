"""Settings: what the environment and the file searchvn.toml say, for commands that were not told by an option.

Main type: `Settings`. Invariants: an option wins over the environment, the environment over searchvn.toml, that over
the default; only `cli` reads this, the library never does; a file that cannot be understood is refused with
`UsageError`, never half read.
"""

import os
import re
from collections.abc import Mapping
from typing import NamedTuple

from searchvn.errors import UsageError, saying

FILE = "searchvn.toml"  # in the working directory
PREFIX = "SEARCHVN_"  # of environment variables: SEARCHVN_ABBREVIATIONS


class Settings(NamedTuple):
    """One value a key of searchvn.toml; None where nothing is said."""

    abbreviations: str | None = None  # path of the user's own table


def load_settings(environment: Mapping[str, str] = os.environ, folder: str = "") -> Settings:
    """The settings of `folder` (default: the working directory) under `environment`. An empty variable says nothing.

    Raises `UsageError` for a searchvn.toml that cannot be read, is no TOML, or has an unknown key or a wrong value.
    """
    settings = _from_file(os.path.join(folder, FILE))
    said = {key: value for key in Settings._fields if (value := environment.get(PREFIX + key.upper()))}
    return settings._replace(**said)


def _from_file(path: str) -> Settings:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise UsageError(f"không đọc được {path}: {saying(error)}", "sửa quyền của tệp hoặc bỏ nó đi") from None
    values = _parsed(data, path)
    for key in values:
        if key not in Settings._fields:
            raise UsageError(f"{path}: không có cài đặt “{key}”", _nearest(key))
    table = values.get("abbreviations")
    if table is None:
        return Settings()
    if not isinstance(table, str) or not table:
        raise UsageError(f"{path}: abbreviations phải là tên tệp", 'ví dụ: abbreviations = "viet-tat.tsv"')
    return Settings(os.path.join(os.path.dirname(path), table))


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


def _nearest(key: str) -> str:
    from difflib import get_close_matches  # only for this message

    near = get_close_matches(key.lower(), Settings._fields, 1, 0.5)
    return f"có phải là {near[0]}?" if near else f"các cài đặt: {', '.join(Settings._fields)}"
