"""`searchvn forget`: takes a file or a folder out of the index. Main name: `forget`.

Invariant: the source files stay as they are.
"""

import os
import sys
from typing import Annotated

import typer

from searchvn.articles.identity import is_at_or_below
from searchvn.cli.options import IndexOption
from searchvn.index import Index


def forget(
    path: Annotated[str, typer.Argument(metavar="PATH", help="Tệp hoặc thư mục cần bỏ khỏi chỉ mục.")],
    index_dir: IndexOption = "index",
) -> int:
    """Bỏ các bài của một tệp hay thư mục khỏi chỉ mục; tệp gốc vẫn còn nguyên."""
    with Index.open(index_dir) as index:
        removed = index.delete(path)
        print(f"đã bỏ {removed} bài")
        target = os.path.realpath(path)
        above = next((root for root in index.stats().roots if is_at_or_below(target, root)), None)
        if above and os.path.exists(target):
            note = f"{above} vẫn được theo dõi; lần chạy searchvn index sau sẽ đọc lại {path}"
            print(f"searchvn: {note}", file=sys.stderr)
    return 0
