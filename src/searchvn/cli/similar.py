"""`searchvn similar`: articles like one that is in the index. Main name: `similar`.

Invariant: reads stored articles only; formats and exit status are those of `searchvn query`.
"""

from typing import Annotated

import typer

from searchvn.cli.answers import chosen_shape, note_building, print_answer, print_header, tell
from searchvn.cli.options import (
    ColorOption,
    ConfigOption,
    FormatOption,
    IndexOption,
    JsonlOption,
    JsonOption,
    LimitOption,
    OffsetOption,
    open_index,
)
from searchvn.config import load_settings


def similar(
    key: Annotated[str, typer.Argument(metavar="ID|PATH", help="id hoặc đường dẫn tệp, như trong kết quả tìm.")],
    limit: LimitOption = None,
    offset: OffsetOption = 0,
    output: FormatOption = None,
    json: JsonOption = False,
    jsonl: JsonlOption = False,
    color: ColorOption = None,
    index_dir: IndexOption = None,
    config: ConfigOption = None,
) -> int:
    """Tìm những bài giống một bài đã có. Mã thoát: 0 có kết quả, 1 không có, 2 lỗi."""
    chosen = load_settings(config)
    shape = chosen_shape(output, json, jsonl, color, chosen)._replace(counted=False)
    with open_index(index_dir, chosen) as index:
        note_building(index.is_building)
        results = index.similar(key, limit=chosen.limit if limit is None else limit, offset=offset)
    tell(results)
    print_header(shape)
    print_answer(results, shape, key)
    return 0 if results.hits else 1
