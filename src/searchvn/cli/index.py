"""`searchvn index`: reads folders of articles into the index. Main name: `index`.

Invariant: progress and what was skipped go to standard error, the summary to standard output.
"""

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from searchvn.articles.encodings import AUTO, named_encoding
from searchvn.articles.legacy import LEGACY, TITLES
from searchvn.cli.completion import offering
from searchvn.cli.options import ConfigOption, IndexOption, JsonOption
from searchvn.config import load_settings
from searchvn.engines.table import ENGINES, check_engine
from searchvn.errors import UsageError, grouped
from searchvn.folder import Folder
from searchvn.index import Index
from searchvn.indexing import resolve_roots
from searchvn.models import IndexReport, OnProgress
from searchvn.rebuilding import rebuild
from searchvn.render.machine import report_json


def index(
    paths: Annotated[list[str] | None, typer.Argument(metavar="[PATH]...", help="Thư mục hoặc tệp bài viết.")] = None,
    index_dir: IndexOption = None,
    engine: Annotated[
        str | None,
        typer.Option(help=f"Máy tìm kiếm khi tạo mới: {', '.join(ENGINES)}.", autocompletion=offering(*ENGINES)),
    ] = None,
    rebuild_all: Annotated[bool, typer.Option("--rebuild", help="Dựng lại từ đầu, thay khi đã xong.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Bỏ cả bài của thư mục đã mất hoặc mất quá nửa.")] = False,
    encoding: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Bảng mã của PATH, đọc lại cả tệp không đổi; auto: tự nhận ra.",
            autocompletion=offering(AUTO, *LEGACY),
        ),
    ] = AUTO,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> int:
    """Đọc bài viết (.txt .md .html .jsonl .jsonl.gz) vào chỉ mục; chỉ đọc lại những tệp đã đổi."""
    chosen = load_settings(config)
    check_engine(engine)
    named_encoding(encoding, paths or [])  # a wrong name leaves no empty index behind
    place = index_dir or chosen.index
    if not Folder(place).has_meta():
        engine = engine or chosen.engine  # a setting changes no index that there is
    report = _with_progress(
        lambda tell: _update(paths or [], place, engine, rebuild_all, prune, encoding, tell), chosen.color
    )
    _show(report, json, chosen.color)
    if not (report.articles or report.removed):
        hint = "chỉ thư mục có tệp .txt .md .html .jsonl hoặc .jsonl.gz: searchvn index THƯ-MỤC"
        raise UsageError("không đọc được bài nào", "lý do ở từng tệp bị bỏ qua" if report.skipped else hint)
    return 0


def _update(
    paths: list[str],
    index_dir: str,
    engine: str | None,
    rebuild_all: bool,
    prune: bool,
    encoding: str,
    tell: OnProgress | None,
) -> IndexReport:
    folder = Folder(index_dir)
    if not os.path.exists(folder.manifest_path):
        resolve_roots(paths, [], folder.base)  # a wrong path leaves no empty index behind
    if rebuild_all:
        return rebuild(index_dir, paths, engine=engine, prune=prune, encoding=encoding, on_progress=tell)
    with Index.create(index_dir, engine) as opened:
        if engine and engine != opened.engine_name:
            print(
                f"searchvn: chỉ mục này dùng {opened.engine_name}; muốn đổi sang {engine}: "
                f"searchvn index --rebuild --engine {engine}",
                file=sys.stderr,
            )
        return opened.update(paths, prune=prune, encoding=encoding, on_progress=tell)


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

    print_problems(console(color, stderr=True), report, os.getcwd())
    if line := _converted(report):
        print(line, file=sys.stderr)
    print(report_line(report))


def _converted(report: IndexReport) -> str:
    """One line about the articles that were in a legacy encoding; empty when none was."""
    counts = [f"{grouped(report.encodings[name])} bài {TITLES[name]}" for name in LEGACY if name in report.encodings]
    return f"{', '.join(counts)} được đổi sang Unicode" if counts else ""
