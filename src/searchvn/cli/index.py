"""`searchvn index`: reads folders of articles into the index. Main name: `index`.

Invariant: progress and what was skipped go to standard error, the summary to standard output.
"""

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from searchvn.articles.encodings import AUTO, named_encoding
from searchvn.articles.legacy import LEGACY
from searchvn.articles.rules import Rules, checked_rules
from searchvn.cli.completion import offering
from searchvn.cli.options import ConfigOption, IndexOption, JsonOption
from searchvn.cli.reading import check_there_is_something, converted, dry_run, listed_files, nothing_to_read, stopped
from searchvn.config import load_settings
from searchvn.engines.table import ENGINES, check_engine
from searchvn.errors import Interrupted, UsageError
from searchvn.folder import Folder
from searchvn.index import Index
from searchvn.rebuilding import rebuild
from searchvn.render.machine import report_json
from searchvn.reports import IndexReport, OnProgress
from searchvn.updating import Update

Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH]...", help="Thư mục hoặc tệp bài viết; - đọc JSONL từ đầu vào chuẩn."),
]
Engine = Annotated[
    str | None,
    typer.Option(help=f"Máy tìm kiếm khi tạo mới: {', '.join(ENGINES)}.", autocompletion=offering(*ENGINES)),
]
Rebuild = Annotated[bool, typer.Option("--rebuild", help="Dựng lại từ đầu, thay khi đã xong.")]
Prune = Annotated[bool, typer.Option("--prune", help="Bỏ cả bài của thư mục đã mất hoặc mất quá nửa.")]
Include = Annotated[
    list[str] | None, typer.Option(metavar="GLOB", help="Chỉ đọc tệp hợp mẫu này (dùng nhiều lần được).")
]
Exclude = Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Không đọc tệp, thư mục hợp mẫu này.")]
Follow = Annotated[bool, typer.Option("--follow", "-L", help="Đi theo liên kết, kể cả ra ngoài PATH.")]
FilesFrom = Annotated[
    str | None, typer.Option(metavar="FILE", help="Đọc các tệp nêu trong FILE, mỗi dòng một tệp; -: đầu vào chuẩn.")
]
Encoding = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Bảng mã của PATH, đọc lại cả tệp không đổi; auto: tự nhận ra.",
        autocompletion=offering(AUTO, *LEGACY),
    ),
]
Jobs = Annotated[int, typer.Option(metavar="N", min=0, help="Số tiến trình đọc HTML, PDF, DOCX; 0: mỗi nhân một.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Chỉ cho xem sẽ lấy gì từ mỗi tệp; không ghi gì.")]


def index(
    paths: Paths = None,
    index_dir: IndexOption = None,
    engine: Engine = None,
    rebuild_all: Rebuild = False,
    prune: Prune = False,
    include: Include = None,
    exclude: Exclude = None,
    follow: Follow = False,
    files_from: FilesFrom = None,
    encoding: Encoding = AUTO,
    jobs: Jobs = 0,
    trial: DryRun = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> int:
    """Đọc bài viết vào chỉ mục; chỉ đọc lại những tệp đã đổi."""
    chosen = load_settings(config)
    check_engine(engine)
    encoding_name = named_encoding(encoding, paths or ([files_from] if files_from else []))
    rules = _rules(include or [], exclude or [], follow, paths or [])
    place = index_dir or chosen.index
    if not Folder(place).has_meta():
        engine = engine or chosen.engine  # a setting changes no index that there is
    stream = _is_stream(paths or [], files_from, rebuild_all or trial)
    listed = listed_files(files_from) if files_from else None
    asked = Update(paths or [], listed, rules, prune, encoding_name, jobs)
    if trial:
        return dry_run(place, asked, json, chosen.color)
    try:
        report = _with_progress(lambda tell: _update(asked, place, engine, rebuild_all, stream, tell), chosen.color)
    except Interrupted as stop:
        raise stopped(stop, rebuild_all) from None
    _show(report, json, chosen.color)
    if not (report.articles or report.removed):
        raise nothing_to_read(report.skipped)
    return 0


def _is_stream(paths: list[str], files_from: str | None, only_files: bool) -> bool:
    """True when articles come from standard input. Raises `UsageError` where something else was asked for as well."""
    if "-" not in paths:
        return False
    if len(paths) > 1 or files_from or only_files:
        raise UsageError("- (đọc từ đầu vào chuẩn) phải đứng một mình", "chạy riêng: … | searchvn index -")
    return True


def _rules(include: list[str], exclude: list[str], follow: bool, paths: list[str]) -> Rules | None:
    """The rules of the paths; None where none are given, so that those that are remembered stay."""
    if not (include or exclude or follow):
        return None
    if not paths:
        raise UsageError(
            "--include, --exclude, --follow cần nêu thư mục", "ví dụ: searchvn index bài --exclude 'nháp/'"
        )
    return checked_rules(include, exclude, follow=follow)


def _update(
    asked: Update, index_dir: str, engine: str | None, rebuild_all: bool, stream: bool, tell: OnProgress | None
) -> IndexReport:
    if rebuild_all:
        return rebuild(index_dir, asked, engine=engine, on_progress=tell)
    if not (stream or Folder(index_dir).has_meta()):
        check_there_is_something(index_dir, asked)  # a wrong path leaves no empty index behind
    with Index.create(index_dir, engine) as opened:
        if engine and engine != opened.engine_name:
            print(
                f"searchvn: chỉ mục này dùng {opened.engine_name}; muốn đổi sang {engine}: "
                f"searchvn index --rebuild --engine {engine}",
                file=sys.stderr,
            )
        if stream:
            return opened.add_records(sys.stdin.buffer, encoding=asked.encoding, on_progress=tell)
        return opened.update(**asked._asdict(), on_progress=tell)


def _with_progress(work: Callable[[OnProgress | None], IndexReport], color: str) -> IndexReport:
    """Runs with a progress line on a terminal, quietly elsewhere."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return work(None)
    from searchvn.render.progress import ProgressLine  # rich: only when something is drawn
    from searchvn.render.terminal import console

    with ProgressLine(console(color, stderr=True)) as line:
        return work(line.show)


def _show(report: IndexReport, as_json: bool, color: str) -> None:
    if as_json:
        print(report_json(report, os.getcwd()))
        return
    from searchvn.render.terminal import console, print_problems, report_line

    print_problems(console(color, stderr=True), report.warnings, report.skipped, os.getcwd())
    if line := converted(report):
        print(line, file=sys.stderr)
    print(report_line(report))
