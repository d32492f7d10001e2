"""`searchvn show`: one article for reading. Main name: `show`.

Invariant: prints stored articles; the source file is opened for --raw only.
"""

import os
import sys
from typing import Annotated

import typer

from searchvn.cli.options import (
    AbbreviationsOption,
    Color,
    ColorOption,
    ConfigOption,
    IndexOption,
    JsonOption,
    NoAbbreviationsOption,
    abbreviation_table,
    open_index,
)
from searchvn.config import load_settings
from searchvn.errors import UsageError
from searchvn.highlight import all_spans
from searchvn.previewing import read_again
from searchvn.render.extraction import extraction_json, left_out_lines
from searchvn.render.machine import article_json

_PIPE_WIDTH = 1_000_000  # columns


def show(
    key: Annotated[str, typer.Argument(metavar="ID|PATH", help="id hoặc đường dẫn tệp, như trong kết quả tìm.")],
    query: Annotated[str | None, typer.Option("--query", "-q", help="Đánh dấu các từ của truy vấn này.")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Đọc lại tệp nguồn, cho xem những gì bị để ngoài bài.")] = False,
    json: JsonOption = False,
    color: ColorOption = None,
    abbreviations: AbbreviationsOption = None,
    no_abbreviations: NoAbbreviationsOption = False,
    index_dir: IndexOption = None,
    config: ConfigOption = None,
) -> int:
    """Hiện trọn một bài viết; một tệp nhiều bài thì hiện lần lượt."""
    chosen = load_settings(config)
    table = abbreviation_table(abbreviations, no_abbreviations, chosen)
    with open_index(index_dir, chosen) as index:
        articles = index.get(key)
        if not articles:
            raise UsageError(f"không có bài nào tên “{key}”", "lấy id hoặc đường dẫn từ: searchvn query … --jsonl")
        if raw:
            for found in read_again(articles):
                print(extraction_json(found, os.getcwd()) if json else "\n".join(left_out_lines(found, os.getcwd())))
            return 0
        needles = index.needles(query, diacritics=chosen.diacritics, abbreviations=table) if query else ()
        if json:
            for article in articles:
                print(article_json(article, os.getcwd()))
            return 0
        from searchvn.render.terminal import console, print_article  # rich: only when something is drawn

        color = color or Color(chosen.color)
        # In a pipe nothing is wrapped; with colours another program draws, as wide as it says (fzf's preview).
        drawn = sys.stdout.isatty() or (color is Color.ALWAYS and os.environ.get("COLUMNS"))
        screen = console(color, width=None if drawn else _PIPE_WIDTH)
        for number, article in enumerate(articles):
            if number:
                screen.rule() if sys.stdout.isatty() else print()
            title_spans, body_spans = all_spans(article, needles)
            print_article(screen, article, title_spans, body_spans, os.getcwd())
    return 0
