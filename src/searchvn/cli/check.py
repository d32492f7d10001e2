"""`searchvn check`: is the index whole and in step with its sources? Main name: `check`. Invariant: reads only."""

from searchvn.cli.options import IndexOption, JsonOption
from searchvn.index import Index
from searchvn.render.machine import check_json


def check(json: JsonOption = False, index_dir: IndexOption = "index") -> int:
    """Kiểm tra chỉ mục có nguyên vẹn và khớp với nguồn không; mã thoát 2 khi hỏng."""
    with Index.open(index_dir) as index:
        report = index.check()
    if json:
        print(check_json(report))
    else:
        from searchvn.render.terminal import console, print_check  # rich: only when something is drawn

        print_check(console(), report)
    return 0 if report.whole else 2
