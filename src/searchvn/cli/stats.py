"""`searchvn stats`: what is in the index. Main name: `stats`. Invariant: reads only."""

from searchvn.cli.options import IndexOption, JsonOption
from searchvn.index import Index
from searchvn.render.machine import stats_json


def stats(json: JsonOption = False, index_dir: IndexOption = "index") -> int:
    """Cho biết trong chỉ mục có gì."""
    with Index.open(index_dir) as index:
        found = index.stats()
    if json:
        print(stats_json(found))
    else:
        from searchvn.render.terminal import console, print_stats  # rich: only when something is drawn

        print_stats(console(), found)
    return 0
