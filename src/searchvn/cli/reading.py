"""What `searchvn index` needs around a run: lists of files, a trial, and what is said at the end.

Main names: `dry_run`, `listed_files`, `stopped`. Invariant: what scripts read goes to standard output, all else to
standard error.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from searchvn.articles.formats import ENDINGS
from searchvn.articles.legacy import LEGACY, TITLES
from searchvn.articles.walk import walk
from searchvn.cli.boundary import say
from searchvn.errors import Interrupted, StoppedError, UsageError, grouped, saying
from searchvn.folder import Folder
from searchvn.previewing import preview
from searchvn.render.extraction import extraction_json, extraction_lines
from searchvn.render.safe import short_path
from searchvn.reports import IndexReport, Skipped
from searchvn.surveying import planned, resolve_roots, unseen
from searchvn.updating import Update

_BLOCK = 1 << 16
_LONGEST = 1 << 20  # bytes of a name in a list; no system has longer ones


def listed_files(name: str) -> Iterator[str]:
    """The file names in the file `name` (`-`: standard input), one a line; ended by NUL where there is one.

    Raises `UsageError` for a file that cannot be read.
    """
    try:
        stream = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: SIM115
    except OSError as error:
        raise UsageError(f"không đọc được danh sách {name}: {saying(error)}", "kiểm tra lại tên tệp") from error
    return _names(stream)


def _names(stream: BinaryIO) -> Iterator[str]:
    rest, end = b"", b""
    with stream:
        while block := stream.read(_BLOCK):
            rest += block
            end = end or (b"\0" if b"\0" in rest else b"\n" if len(rest) >= _LONGEST else b"")
            if end:
                *names, rest = rest.split(end)
                yield from _decoded(names, end)
    yield from _decoded(rest.split(end or b"\n"), end)


def _decoded(names: list[bytes], end: bytes) -> Iterator[str]:
    """Names as the system has them; lines of a list from Windows end in CR as well."""
    for name in names:
        if name := name if end == b"\0" else name.removesuffix(b"\r"):
            yield os.fsdecode(name)


def dry_run(index: str, asked: Update, as_json: bool, color: str) -> int:
    """Prints what would be taken from each file; nothing is written."""
    taken = 0
    skipped: list[Skipped] = []
    for found in preview(index, asked):
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        taken += 1
        print(extraction_json(found, os.getcwd()) if as_json else "\n".join(extraction_lines(found, os.getcwd())))
    from searchvn.render.terminal import console, print_problems  # rich: only when something is drawn

    kept = [one for one in skipped if one.kept]
    print_problems(console(color, stderr=True), kept, [one for one in skipped if not one.kept], os.getcwd())
    if not taken:
        raise nothing_to_read(skipped)
    return 0


def check_there_is_something(index: str, asked: Update) -> None:
    """Raises `UsageError` where no file could be read, and says so where nobody named a folder."""
    folder = Folder(index)
    if asked.listed is not None or (os.path.isdir(index) and folder.strangers()):  # of the latter, others complain
        return
    roots = resolve_roots(asked.paths, (), folder.base)
    closed: list[OSError] = []
    tours = planned(roots, {}, asked.rules)
    if not any(True for tour in tours for _ in walk(tour.root, folder.path, tour.rules, closed.append)):
        if closed:
            hint = "kiểm tra quyền đọc của thư mục, hoặc nêu thư mục khác"
            raise UsageError(f"{short_path(closed[0].filename, os.getcwd())}: {unseen(closed[0])}", hint)
        raise nothing_to_read(())
    if not asked.paths:
        say(f"chưa nêu thư mục nào nên đọc {roots[0]}")


def nothing_to_read(skipped: Sequence[Skipped]) -> UsageError:
    """The error for a run that read nothing."""
    hint = f"hãy nêu thư mục có tệp {' '.join(ENDINGS)}: searchvn index THƯ-MỤC"
    return UsageError("không đọc được bài nào", "lý do ở từng tệp bị bỏ qua" if skipped else hint)


def stopped(stop: Interrupted, rebuilt: bool) -> StoppedError:
    """How far a run was when Ctrl-C ended it, what is kept, and what will be read again."""
    kept = f"lần này {grouped(stop.articles) + ' bài' if stop.articles else 'chưa bài nào'} được ghi vào chỉ mục"
    if not stop.files_total:
        return StoppedError(
            f"đã dừng theo yêu cầu: {kept}", "đưa lại từ đầu: … | searchvn index -; bài đã ghi không lặp"
        )
    far = f"đã dừng theo yêu cầu: đã qua {grouped(stop.files)} trong {grouped(stop.files_total)} tệp"
    if rebuilt:
        return StoppedError(f"{far}; chỉ mục cũ còn nguyên", "chạy lại từ đầu: searchvn index --rebuild")
    again = f"; {short_path(stop.at_hand, os.getcwd())} được đọc lại từ đầu" if stop.at_hand else ""
    return StoppedError(f"{far}, {kept}", f"chạy lại searchvn index để đọc nốt{again}")


def converted(report: IndexReport) -> str:
    """One line about the articles that were in a legacy encoding, UTF-16 or UTF-32; empty when none was."""
    counts = Counter({TITLES[name]: report.encodings.get(name, 0) for name in LEGACY})
    for name, articles in report.encodings.items():
        if name.startswith(("utf-16", "utf-32")):  # -le or -be
            counts[name.upper()[:6]] += articles
    told = ", ".join(f"{grouped(articles)} bài {title}" for title, articles in counts.items() if articles)
    return f"{told} được đổi sang UTF-8" if told else ""
