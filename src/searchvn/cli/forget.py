"""`searchvn forget`: takes a file or a folder out of the index. Main name: `forget`.

Invariant: the source files stay as they are.
"""

import os
import sys
from typing import Annotated

import typer

from searchvn.articles.identity import is_at_or_below
from searchvn.cli.options import ConfigOption, IndexOption, open_index
from searchvn.config import load_settings
from searchvn.render.safe import short_path


def forget(
    path: Annotated[str, typer.Argument(metavar="PATH", help="Tệp hoặc thư mục cần bỏ khỏi chỉ mục.")],
    index_dir: IndexOption = None,
    config: ConfigOption = None,
) -> int:
    """Bỏ các bài của một tệp hay thư mục khỏi chỉ mục; tệp gốc vẫn còn nguyên."""
    with open_index(index_dir, load_settings(config)) as index:
        removed = index.delete(path)
        print(f"đã bỏ {removed} bài")
        target = os.path.realpath(path)
        above = next((root for root in index.stats().roots if is_at_or_below(target, root)), None)
        if above and os.path.exists(target):
            root = short_path(above, os.getcwd())
            note = f"{root} vẫn được theo dõi; lần chạy searchvn index sau sẽ đọc lại {path}"
            print(f"searchvn: {note}. Để không đọc nữa: ghi tên vào .searchvnignore", file=sys.stderr)
    return 0
