"""The options that commands share, and how query text is told from options.

Main names: the `…Option` annotations, `open_index`, `abbreviation_table`, `protect_query_text`. Invariant: one option
has one name, one help text and one meaning in every command; one that was not given is None, and `Settings` say what
holds then.
"""

import re
import sys
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

import typer

from searchvn.analysis.abbreviations import Abbreviation, combined, packaged, read_abbreviations
from searchvn.cli.completion import offering
from searchvn.config import Settings
from searchvn.errors import IndexNotFoundError, NotAnIndexError, UsageError
from searchvn.index import Index


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


def _named(param: typer.CallbackParam, value: str | None) -> str | None:
    """Refuses an empty name, which `or` would take for an option that was not given."""
    if value == "":
        raise UsageError(f"{param.opts[0]} cần một tên, không phải chữ trống", f"ví dụ: {param.opts[0]} TÊN")
    return value


IndexOption = Annotated[
    str | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help="Thư mục chỉ mục (không có thì theo SEARCHVN_INDEX, searchvn.toml, rồi index).",
        show_default=False,
        callback=_named,
    ),
]
ConfigOption = Annotated[
    str | None,
    typer.Option(
        "--config", metavar="FILE", help="Đọc cài đặt ở tệp này thay cho searchvn.toml.", show_default=False,
        callback=_named,
    ),
]  # fmt: skip
JsonOption = Annotated[bool, typer.Option("--json", help="Kết quả là JSON.")]
JsonlOption = Annotated[bool, typer.Option("--jsonl", help="Như --format jsonl.")]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="|".join(Format) + r"|'{path}\t{title}'",
        help="Trên màn hình là rich, trong ống dẫn là plain; hoặc một mẫu có {khóa}.",
        show_default=False,
        autocompletion=offering(*Format),
    ),
]
LimitOption = Annotated[int | None, typer.Option("-n", "--limit", help="Số kết quả.", show_default=False)]
OffsetOption = Annotated[int, typer.Option(help="Bỏ qua ngần này kết quả đầu.")]
ColorOption = Annotated[Color | None, typer.Option("--color", help="Khi nào dùng màu.", show_default=False)]
AbbreviationsOption = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Bảng viết tắt của bạn, thêm vào bảng có sẵn.", show_default=False),
]
NoAbbreviationsOption = Annotated[
    bool, typer.Option("--no-abbreviations", help="Không hiểu UBND là Ủy ban nhân dân và ngược lại.")
]

_SHORT = r"-[l0c]*(?:n(?:[-+]?\d.*)?)?|-h"  # a pattern: `-n5`, but not `-ngô`
_WITH_VALUE = frozenset(
    "-n --limit --offset --sort --match --diacritics --since --until --facet --snippets --format --color --index "
    "--config --abbreviations".split()
)
_TEXT = "\0"  # no argument of a process can hold it


def open_index(folder: str | None, settings: Settings) -> Index:
    """The index that --index or else the settings name.

    Raises what `Index.open` raises, with the setting that named a folder where there is none.
    """
    try:
        return Index.open(folder or settings.index)
    except (IndexNotFoundError, NotAnIndexError) as error:
        raise (error if folder else settings.blamed(error, "index")) from None


def abbreviation_table(file: str | None, without: bool, settings: Settings) -> tuple[Abbreviation, ...] | None:
    """The table that --abbreviations, --no-abbreviations and the settings ask for; None is the packaged one.

    Raises `UsageError` for both options together and for a table that cannot be read, with the setting that named it.
    """
    if without:
        if file is not None:
            raise UsageError("--abbreviations và --no-abbreviations không đi cùng nhau", "bỏ một trong hai")
        return ()
    own = settings.abbreviations if file is None else file
    if own is None:
        return None
    try:
        return combined((*packaged(), *read_abbreviations(own)))
    except UsageError as error:
        raise (settings.blamed(error, "abbreviations") if file is None else error) from None


def protect_query_text(arguments: list[str]) -> list[str]:
    """Marks words like `-Vũng` among the arguments of `query` as text, which option parsing would take apart.

    Ids of articles from standard input, `-#7`, go behind a `--`.

    >>> protect_query_text(["query", "Bà", "Rịa", "-Vũng", "-n", "5", "-c"])
    ['query', 'Bà', 'Rịa', '\\x00-Vũng', '-n', '5', '-c']
    >>> protect_query_text(["show", "-#7", "--json"])
    ['show', '--json', '--', '-#7']
    """
    if arguments and arguments[0] in ("show", "similar", "forget") and "--" not in arguments:
        ids = [argument for argument in arguments if argument.startswith("-#")]
        return [argument for argument in arguments if argument not in ids] + (["--", *ids] if ids else [])
    if not arguments or arguments[0] != "query":
        return arguments
    protected = [arguments[0]]
    for before, argument in pairwise(arguments):
        if before == "--":
            return protected + arguments[len(protected) :]
        is_text = (
            len(argument) > 1 and argument[0] == "-" and argument[1] != "-" and not re.fullmatch(_SHORT, argument)
        ) and before not in _WITH_VALUE
        protected.append(_TEXT + argument if is_text else argument)
    return protected


def query_text(arguments: list[str]) -> str:
    """The arguments of `query` as one text; says on standard error which of them looked like options.

    What the query language makes of `-Vũng` and `-2018` it says itself.
    """
    for argument in arguments:
        if argument.startswith(_TEXT) and not (argument[2:3].isupper() or argument[2:3].isdigit()):
            print(
                f"searchvn: “{argument[1:]}” không phải tùy chọn nên được đọc là: bỏ các bài có “{argument[2:]}” "
                "(đặt -- trước truy vấn để nói rõ)",
                file=sys.stderr,
            )
    return " ".join(argument.removeprefix(_TEXT) for argument in arguments)
