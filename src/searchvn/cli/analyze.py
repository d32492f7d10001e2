"""`searchvn analyze`: how text becomes terms. Main name: `analyze`. Invariant: needs no index."""

import sys
from typing import Annotated

import typer

from searchvn.analysis.terms import describe
from searchvn.articles.encodings import tidy
from searchvn.cli.options import ConfigOption, JsonOption
from searchvn.config import load_settings
from searchvn.render.machine import tokens_json


def analyze(
    text: Annotated[list[str], typer.Argument(metavar="TEXT...", help="Văn bản; - đọc từ đầu vào chuẩn.")],
    json: JsonOption = False,
    config: ConfigOption = None,
) -> int:
    """Cho xem văn bản được tách thành từ và đưa về dạng chuẩn, dạng không dấu, cặp từ như thế nào."""
    chosen = load_settings(config)
    read = sys.stdin.buffer.read().decode("utf-8", "replace") if text == ["-"] else " ".join(text)
    described = describe(tidy(read))
    if json:
        print(tokens_json(described))
        return 0
    from searchvn.render.terminal import console, print_tokens  # rich: only when something is drawn

    print_tokens(console(chosen.color), described)
    return 0
