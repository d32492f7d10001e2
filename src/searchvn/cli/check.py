"""`searchvn check`: is the index whole and in step with its sources? Main name: `check`. Invariant: reads only."""

from searchvn.cli.options import ConfigOption, IndexOption, JsonOption, open_index
from searchvn.config import load_settings
from searchvn.render.machine import check_json


def check(json: JsonOption = False, index_dir: IndexOption = None, config: ConfigOption = None) -> int:
    """Kiểm tra chỉ mục có nguyên vẹn và khớp với nguồn không; mã thoát 2 khi hỏng."""
    chosen = load_settings(config)
    with open_index(index_dir, chosen) as index:
        report = index.check()
    if json:
        print(check_json(report))
    else:
        from searchvn.render.terminal import console, print_check  # rich: only when something is drawn

        print_check(console(chosen.color), report)
    return 0 if report.whole else 2
