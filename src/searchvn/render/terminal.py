"""Views for people: results, an article, reports. Through rich.

Main names: `print_results`, `print_article`. Invariants: only the sixteen terminal colours and bold, so light and dark
terminals both read well; matches are bold too, so they show without colour; text is wrapped by display width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from searchvn.models import (
    Article,
    CheckReport,
    Description,
    Hit,
    IndexReport,
    IndexStats,
    SearchResults,
    Skipped,
    Snippet,
    Span,
)
from searchvn.render.safe import decimal, grouped, harmless, short_path

MATCH = "bold red"
TITLE = "bold"
PATH = "magenta"
QUIET = "dim"

_MOST_LISTED = 20
_ENDED = re.compile(r"(?:[.!?…;]+[”\"’)]*|\n)\s*\Z")  # a sentence or a line ends here


def console(color: str = "auto", *, stderr: bool = False, width: int | None = None) -> Console:
    """A console for standard output (or error). `color` is auto, always or never; `width` in columns."""
    size = get_terminal_size()
    return Console(
        width=width or size.columns,
        height=size.lines,  # with only one of the two rich takes 80 x 25 for a dumb terminal
        stderr=stderr,
        highlight=False,
        markup=False,
        emoji=False,
        force_terminal=True if color == "always" else None,
        no_color=True if color == "never" else None,
    )


def print_results(screen: Console, results: SearchResults, working_directory: str) -> None:
    """The hits of one query and a last line with totals and time."""
    indent = len(str(results.hits[-1].rank)) + 2 if results.hits else 0
    for hit in results.hits:
        _print_hit(screen, hit, working_directory, indent)
    screen.print(Text(_last_line(results), style=QUIET))


def _print_hit(screen: Console, hit: Hit, working_directory: str, indent: int) -> None:
    title = _marked(hit.title, hit.title_spans, TITLE) if hit.title else Text("(không có tiêu đề)", style=QUIET)
    _print_indented(screen, title, indent, Text(f"{hit.rank} ".rjust(indent), style=TITLE))
    for line in _about(hit.article, working_directory, screen.width - indent):
        _print_indented(screen, line, indent)
    for number, snippet in enumerate(hit.snippets):
        _print_indented(screen, _passage(snippet, hit.article, number == 0), indent)
    if hit.missing:
        words = ", ".join(map(harmless, hit.missing))
        _print_indented(screen, Text(f"thiếu: {words}", style="italic dim"), indent)
    screen.print()


def _about(article: Article, working_directory: str, width: int) -> list[Text]:
    """Date, source, author and path: on one line where they fit, else the path on its own."""
    facts = [harmless(fact) for fact in (_date(article.published), article.source, article.author) if fact]
    path = Text(_place(article, working_directory), style=PATH)
    if not facts:
        return [path]
    about = Text(" · ".join(facts), style=QUIET)
    if about.cell_len + 3 + path.cell_len > width:
        return [about, path]
    return [Text.assemble(about, (" · ", QUIET), path)]


def _place(article: Article, working_directory: str) -> str:
    """The path of the article's file, with `#record` where the file holds several: what `show` takes."""
    if not article.path:
        return harmless(article.id)
    record = article.id.removeprefix(article.file)
    return harmless(short_path(article.path, working_directory) + (record if record.startswith("#") else ""))


def _print_indented(screen: Console, text: Text, indent: int, first: Text | None = None) -> None:
    """Prints `text` wrapped by display width behind a margin, whose first line may hold something."""
    for line in text.wrap(screen, max(20, screen.width - indent)):
        line.rstrip()
        screen.print(Text.assemble(first or " " * indent, line), soft_wrap=True)
        first = None


def _passage(snippet: Snippet, article: Article, first: bool) -> Text:
    """A passage with its matches marked, and dots where it begins or ends within a sentence or follows another."""
    text = _marked(*_on_one_line(snippet.text, snippet.spans))
    before, after = article.body[: snippet.start], article.body[snippet.start + len(snippet.text) :]
    if not first or (before.strip() and not _ENDED.search(before)):
        text = Text.assemble(("… ", QUIET), text)
    if after.strip() and not _ENDED.search(snippet.text) and not after.startswith("\n"):
        text.append("…", style=QUIET)
    return text


def _on_one_line(text: str, spans: Iterable[Span]) -> tuple[str, list[Span]]:
    """The text with every run of white space as one space, and the spans where they are then."""
    gaps = [match.span() for match in re.finditer(r"\s\s+", text)]

    def moved(place: int) -> int:
        return place - sum(min(place, end) - start - 1 for start, end in gaps if start < place)

    return re.sub(r"\s+", " ", text), [(moved(start), moved(end)) for start, end in spans]


def _marked(text: str, spans: Iterable[Span], style: str = "") -> Text:
    shown = Text(harmless(text), style=style)
    for start, end in spans:
        shown.stylize(MATCH, start, end)
    return shown


def _date(published: str | None) -> str | None:
    """2021-12-01T09:35 as people write it here: 01/12/2021 09:35."""
    if not published:
        return None
    year, month, day = published[:10].split("-")
    return f"{day}/{month}/{year} {published[11:16]}".strip()


def _last_line(results: SearchResults) -> str:
    took = f"{results.took * 1000:.0f} ms"
    if not results.hits:
        if results.offset and results.total:
            return f"{grouped(results.total)} bài có đủ các từ, không còn gì sau vị trí {results.offset} · {took}"
        return f"không tìm thấy bài nào · {took}"
    first, last = results.hits[0].rank, results.hits[-1].rank
    found = f"{grouped(results.total)} bài có đủ các từ" if results.total else "không bài nào có đủ các từ"
    shown = f"{first}–{last}" if last > first else f"{first}"
    return f"{found} · đang xem {shown} · {took}"


def print_article(
    screen: Console, article: Article, title_spans: Sequence[Span], spans: Sequence[Span], working_directory: str
) -> None:
    """A whole article for reading, with the query's words marked."""
    if article.title:
        screen.print(_marked(article.title, title_spans, TITLE))
    facts = [fact for fact in (_date(article.published), article.source, article.author, article.url) if fact]
    if facts:
        screen.print(Text(harmless(" · ".join(facts)), style=QUIET))
    screen.print(Text(_place(article, working_directory), style=PATH))
    screen.print()
    start = 0
    for line in article.body.split("\n"):
        end = start + len(line)
        inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
        screen.print(_marked(line, inside))
        start += len(line) + 1


def print_problems(screen: Console, report: IndexReport, working_directory: str) -> None:
    """What an indexing run skipped or wondered about, and why."""
    for heading, entries in (("chú ý", report.warnings), ("bỏ qua", report.skipped)):
        for entry in entries[:_MOST_LISTED]:
            line = Text.assemble((f"{heading}: ", "yellow"), *_skipped(entry, working_directory))
            screen.print(line, soft_wrap=True)
        if len(entries) > _MOST_LISTED:
            more = len(entries) - _MOST_LISTED
            screen.print(Text(f"{heading}: … và {more} mục nữa (xem đủ với --json)", style="yellow"))


def _skipped(entry: Skipped, working_directory: str) -> tuple[tuple[str, str], str]:
    return (harmless(short_path(entry.path, working_directory)), PATH), f": {harmless(entry.reason)}"


def report_line(report: IndexReport) -> str:
    """One line with what an indexing run did."""
    speed = f", {decimal(report.text_bytes / 1e6 / report.seconds)} MB/s" if report.text_bytes > 1e6 else ""
    counts = {"thêm": report.added, "sửa": report.updated, "bỏ": report.removed, "giữ nguyên": report.unchanged}
    counts |= {"bỏ qua": len(report.skipped)} if report.skipped else {}
    changes = ", ".join(f"{name} {grouped(count)}" for name, count in counts.items())
    articles, files = grouped(report.articles), grouped(report.files)
    return f"{articles} bài từ {files} tệp ({changes}) · {decimal(report.seconds)} s{speed}"


def print_stats(screen: Console, stats: IndexStats) -> None:
    """What is in an index, as a small table."""
    _print_facts(
        screen,
        [
            ("chỉ mục", stats.path),
            ("số bài", grouped(stats.articles)),
            ("số tệp", grouped(stats.files)),
            ("máy tìm kiếm", stats.engine),
            ("dung lượng", f"{decimal(stats.size_bytes / 1e6)} MB"),
            ("định dạng", f"{stats.format_version}, thế hệ {stats.generation}"),
            ("nguồn", "\n".join(stats.roots) or "(chưa có)"),
        ],
    )


def print_check(screen: Console, report: CheckReport) -> None:
    """Whether an index is whole, and what to type if not."""
    for damage in report.damage[:_MOST_LISTED]:
        screen.print(Text(f"hỏng: {harmless(damage)}", style="red"))
    _print_facts(
        screen,
        [
            ("số bài", grouped(report.articles)),
            ("số tệp", grouped(report.files)),
            ("tệp đã đổi", grouped(report.changed)),
            ("tệp mới", grouped(report.new)),
            ("tệp bỏ qua", grouped(report.skipped)),
            ("tệp đã mất", grouped(report.vanished)),
            ("đọc dở", grouped(report.pending)),
        ],
    )
    if report.damage:
        screen.print(Text("chỉ mục bị hỏng; dựng lại: searchvn index --rebuild", style="bold red"))
    elif report.changed or report.new or report.vanished or report.pending:
        screen.print(Text("chỉ mục nguyên vẹn, chưa theo kịp nguồn; cập nhật: searchvn index"))
    else:
        screen.print(Text("chỉ mục nguyên vẹn và khớp với nguồn", style="green"))


def print_tokens(screen: Console, described: Description) -> None:
    """How a text becomes terms: token, exact term, folded term; then the shingles."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("từ", "dạng chuẩn", "dạng không dấu"):
        table.add_column(name, header_style=QUIET, overflow="fold")
    for text, _, _, exact, folded in described.tokens:
        table.add_row(*(Text(harmless(cell)) for cell in (text, exact, folded)))
    screen.print(table)
    shingles = harmless(" ".join(described.shingles)) or "(không có)"
    screen.print(Text.assemble(("cặp từ: ", QUIET), shingles))
    if described.bare:
        screen.print(Text("đây là tiếng Việt không dấu: từ có dấu trong truy vấn cũng tìm thấy", style=QUIET))


def _print_facts(screen: Console, facts: Sequence[tuple[str, str]]) -> None:
    """Names in a column, values beside them; a value of several lines stays in its column."""
    indent = max(cell_len(name) for name, _ in facts) + 2
    for name, value in facts:
        for number, line in enumerate(value.split("\n")):
            head = set_cell_size("" if number else name, indent)
            _print_indented(screen, Text(harmless(line)), indent, Text(head, style=QUIET))
