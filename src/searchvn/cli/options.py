"""The options that commands share, and how query text is told from options.

Main names: the `…Option` annotations, `abbreviation_table`, `protect_query_text`. Invariant: one option has one name,
one help text and one meaning in every command.
"""

import re
import sys
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

import typer

from searchvn.analysis.abbreviations import Abbreviation, combined, packaged, read_abbreviations
from searchvn.config import load_settings
from searchvn.errors import UsageError


class Color(StrEnum):
    """When to use colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Format(StrEnum):
    """How results are written."""

    RICH = "rich"
    PLAIN = "plain"
    JSON = "json"
    JSONL = "jsonl"
    TSV = "tsv"
    CSV = "csv"


IndexOption = Annotated[
    str, typer.Option("--index", envvar="SEARCHVN_INDEX", metavar="DIR", help="Thư mục chỉ mục.", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Kết quả là JSON.")]
ColorOption = Annotated[Color, typer.Option("--color", help="Khi nào dùng màu.")]
AbbreviationsOption = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Bảng viết tắt của bạn, thêm vào bảng có sẵn.", show_default=False),
]
NoAbbreviationsOption = Annotated[
    bool, typer.Option("--no-abbreviations", help="Không hiểu UBND là Ủy ban nhân dân và ngược lại.")
]

_SHORT = re.compile(r"-[l0c]*(?:n.*)?|-h")
_WITH_VALUE = frozenset("-n --limit --offset --match --diacritics --format --color --index --abbreviations".split())
_TEXT = "\0"  # no argument of a process can hold it


def abbreviation_table(file: str | None, without: bool) -> tuple[Abbreviation, ...] | None:
    """The table that --abbreviations, --no-abbreviations and the settings ask for; None is the packaged one.

    Raises `UsageError` for both options together and for a table or a searchvn.toml that cannot be read.
    """
    if without:
        if file is not None:
            raise UsageError("--abbreviations và --no-abbreviations không đi cùng nhau", "bỏ một trong hai")
        return ()
    own = load_settings().abbreviations if file is None else file
    return None if own is None else combined((*packaged(), *read_abbreviations(own)))


def protect_query_text(arguments: list[str]) -> list[str]:
    """Marks words like `-Vũng` among the arguments of `query` as text, which option parsing would take apart.

    >>> protect_query_text(["query", "Bà", "Rịa", "-Vũng", "-n", "5", "-c"])
    ['query', 'Bà', 'Rịa', '\\x00-Vũng', '-n', '5', '-c']
    """
    if not arguments or arguments[0] != "query":
        return arguments
    protected = [arguments[0]]
    for before, argument in pairwise(arguments):
        if before == "--":
            return protected + arguments[len(protected) :]
        is_text = (
            len(argument) > 1 and argument[0] == "-" and argument[1] != "-" and not _SHORT.fullmatch(argument)
        ) and before not in _WITH_VALUE
        protected.append(_TEXT + argument if is_text else argument)
    return protected


def query_text(arguments: list[str]) -> str:
    """The arguments of `query` as one text; says on standard error which of them looked like options."""
    for argument in arguments:
        if argument.startswith(_TEXT):
            print(
                f"searchvn: “{argument[1:]}” được đọc là chữ của truy vấn (đặt -- trước truy vấn để nói rõ)",
                file=sys.stderr,
            )
    return " ".join(argument.removeprefix(_TEXT) for argument in arguments)
