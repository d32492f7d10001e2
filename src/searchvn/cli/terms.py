"""`searchvn terms`: the words of the index that begin as typed. Main name: `terms`. Invariant: reads only."""

import sys
from typing import Annotated

import typer

from searchvn.cli.options import ConfigOption, IndexOption, JsonOption, open_index
from searchvn.config import load_settings
from searchvn.render.machine import words_json
from searchvn.render.safe import harmless


def terms(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="Phần đầu của từ, có dấu hay không dấu.")],
    limit: Annotated[int, typer.Option("-n", "--limit", help="Số từ.")] = 20,
    json: JsonOption = False,
    index_dir: IndexOption = None,
    config: ConfigOption = None,
) -> int:
    """Liệt kê các từ trong chỉ mục bắt đầu như đã gõ, từ có trong nhiều bài đứng trước. Mã thoát 1 khi không có."""
    chosen = load_settings(config)
    with open_index(index_dir, chosen) as index:
        words = index.words(prefix, limit=limit)
    if json:
        print(words_json(prefix, words))
    elif sys.stdout.isatty():
        from searchvn.render.terminal import console, print_words  # rich: only when something is drawn

        print_words(console(chosen.color), words)
    else:
        for word in words:
            print(f"{word.articles}\t{harmless(word.term)}")
    return 0 if words else 1
