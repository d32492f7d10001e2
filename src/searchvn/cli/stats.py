"""`searchvn stats`: what is in the index. Main name: `stats`. Invariant: reads only."""

from searchvn.cli.options import ConfigOption, IndexOption, JsonOption, open_index
from searchvn.config import load_settings
from searchvn.render.machine import stats_json


def stats(json: JsonOption = False, index_dir: IndexOption = None, config: ConfigOption = None) -> int:
    """Cho biết trong chỉ mục có gì."""
    chosen = load_settings(config)
    with open_index(index_dir, chosen) as index:
        found = index.stats()
    if json:
        print(stats_json(found))
    else:
        from searchvn.render.terminal import console, print_stats  # rich: only when something is drawn

        print_stats(console(chosen.color), found)
    return 0
