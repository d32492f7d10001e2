"""`searchvn help`: how a command is used, and what a query may say. Main name: `help`.

Invariant: the page of a command is what its --help prints; only `query` has one of its own, the query language.
"""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from searchvn.cli.app import COMMANDS, build
from searchvn.cli.completion import offering
from searchvn.errors import UsageError


def help(
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="[LỆNH]", help="Một lệnh; query: ngôn ngữ truy vấn.", autocompletion=offering(*COMMANDS)
        ),
    ] = None,
) -> int:
    """Hướng dẫn; help query tóm tắt ngôn ngữ truy vấn trong một trang."""
    if topic == "query":
        print(Path(__file__).with_name("query-language.txt").read_text(encoding="utf-8"), end="")
        return 0
    if topic and topic not in COMMANDS:
        near = get_close_matches(topic.lower(), COMMANDS, 1, 0.5)
        hint = f"có phải là searchvn help {near[0]}?" if near else f"các lệnh: {', '.join(COMMANDS)}"
        raise UsageError(f"không có hướng dẫn cho “{topic}”", hint)
    arguments = [topic, "--help"] if topic else ["--help"]
    build(arguments)(arguments, prog_name="searchvn", standalone_mode=False)
    return 0
