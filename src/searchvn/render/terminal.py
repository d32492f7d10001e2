"""Views for people: results, an article, reports. Through rich.

Main names: `print_results`, `print_article`. Invariants: only the sixteen terminal colours and bold, so light and dark
terminals both read well; matches are bold too, so they show without colour; text is wrapped by display width.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from shutil import get_terminal_size
from typing import Any
from urllib.parse import quote

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from searchvn.errors import grouped
from searchvn.models import Article, Description, Facet, FacetCount, Hit, SearchResults, Snippet, Span, WordCount
from searchvn.render import explanation
from searchvn.render.machine import dumps
from searchvn.render.safe import decimal, harmless, place, short_path, written_date
from searchvn.reports import CheckReport, IndexReport, IndexStats, Skipped

MATCH = "bold red"
TITLE = "bold"
PATH = "magenta"
QUIET = "dim"
BAR = "cyan"

_MOST_LISTED = 20
_READING = 100  # columns; longer lines are hard to read
_BAR = 16  # columns that a bar gets at least
_EIGHTHS = " ▏▎▍▌▋▊▉"
_BY = {"year": "theo năm", "month": "theo tháng", "source": "theo nguồn", "author": "theo tác giả"}
_ENDED = re.compile(r"(?:[.!?…;]+[”\"’)]*|\n)\s*\Z")  # a sentence or a line ends here


def console(color: str = "auto", *, stderr: bool = False, width: int | None = None) -> Console:
    """A console for standard output (or error). `color` is auto, always or never; `width` in columns.

    Always wins over NO_COLOR and TERM=dumb, as options win over the environment.
    """
    size = get_terminal_size()
    return Console(
        width=width or size.columns,
        height=size.lines,  # with only one of the two rich takes 80 x 25 for a dumb terminal
        stderr=stderr,
        highlight=False,
        markup=False,
        emoji=False,
        force_terminal=True if color == "always" else None,
        color_system="standard" if color == "always" else "auto",
        no_color={"always": False, "never": True}.get(color),
    )


def print_results(screen: Console, results: SearchResults, working_directory: str, *, counted: bool = True) -> None:
    """The hits of one query and a last line with totals and time; no total where nothing was `counted`."""
    indent = len(str(results.hits[-1].rank)) + 2 if results.hits else 0
    for hit in results.hits:
        _print_hit(screen, hit, working_directory, indent)
    screen.print(Text(_last_line(results, counted), style=QUIET))


def _print_hit(screen: Console, hit: Hit, working_directory: str, indent: int) -> None:
    title = _marked(hit.title, hit.title_spans, TITLE) if hit.title else Text("(không có tiêu đề)", style=QUIET)
    _print_indented(screen, title, indent, Text(f"{hit.rank} ".rjust(indent), style=TITLE))
    for line in _about(screen, hit.article, working_directory, indent):
        _print_indented(screen, line, indent)
    width = min(screen.width, _READING)
    for number, snippet in enumerate(hit.snippets):
        _print_indented(screen, _passage(snippet, hit.article, number == 0), indent, width=width)
    if hit.missing:
        words = ", ".join(map(harmless, hit.missing))
        _print_indented(screen, Text(f"thiếu: {words}", style="italic dim"), indent)
    if hit.explanation:
        _print_explanation(screen, hit, indent)
    screen.print()


def _print_explanation(screen: Console, hit: Hit, indent: int) -> None:
    _print_indented(screen, Text(explanation.heading(hit), style=QUIET), indent)
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    for justify in ("right", "left", "left", "left"):
        table.add_column(justify=justify, overflow="fold")
    for row in explanation.rows(hit):
        table.add_row(row.score, Text(row.text, style=TITLE), Text(row.field), Text(row.weight, style=QUIET))
    screen.print(Padding(table, (0, 0, 0, indent), expand=False))


def _about(screen: Console, article: Article, working_directory: str, indent: int) -> list[Text]:
    """Date, source, author and path: on one line where they fit, else the path on its own."""
    facts = [harmless(fact) for fact in (written_date(article.published), article.source, article.author) if fact]
    path = _place(screen, article, working_directory)
    if not facts:
        return [path]
    about = Text(" · ".join(facts), style=QUIET)
    if indent + about.cell_len + 3 + path.cell_len > screen.width:
        return [about, path]
    return [Text.assemble(about, (" · ", QUIET), path)]


def _place(screen: Console, article: Article, working_directory: str) -> Text:
    """Where the article stands; a link to its file on a terminal that is neither dumb nor told to have no colours."""
    style = Style.parse(PATH)
    has_links = screen.file.isatty() and not screen.is_dumb_terminal and not screen.no_color
    if has_links and article.path.startswith("/"):
        style = style.update_link("file://" + quote(article.path, errors="replace"))
    return Text(place(article, working_directory), style=style)


def _print_indented(
    screen: Console, text: Text, indent: int, first: Text | None = None, width: int | None = None
) -> None:
    """Prints `text` wrapped by display width (the screen's) behind a margin, whose first line may hold something."""
    width = screen.width if width is None else width
    for line in text.wrap(screen, max(10, width - indent)):
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


def _last_line(results: SearchResults, counted: bool) -> str:
    took = f"{results.took * 1000:.0f} ms"
    found = f"{grouped(results.total)} bài có đủ các từ" if results.total else "không bài nào có đủ các từ"
    if results.hits:
        first, last = results.hits[0].rank, results.hits[-1].rank
        shown = f"đang xem {first}–{last}" if last > first else f"đang xem {first}"
        return f"{found} · {shown} · {took}" if counted else f"{shown} · {took}"
    if results.offset and (results.total or not counted):
        beyond = f"không còn gì sau vị trí {results.offset} · {took}"
        return f"{found}, {beyond}" if counted else beyond
    return f"không tìm thấy bài nào · {took}"


def print_facets(screen: Console, results: SearchResults) -> None:
    """The articles found, counted by a field: a bar for every value, then how many they are."""
    for facet in results.facets:
        screen.print(Text(_BY.get(facet.field, facet.field), style=TITLE))
        _print_bars(screen, facet)
        screen.print()
    found = f"{grouped(results.total)} bài có đủ các từ" if results.total else "không tìm thấy bài nào"
    screen.print(Text(f"{found} · {results.took * 1000:.0f} ms", style=QUIET))


def _print_bars(screen: Console, facet: Facet) -> None:
    in_time = facet.field in ("year", "month")
    named = [count for count in facet.counts if count.value is not None]
    shown = named if in_time else named[:_MOST_LISTED]
    rows = [(_value(facet.field, count), count.articles) for count in shown]
    rows += [("(không rõ)", count.articles) for count in facet.counts if count.value is None]
    if not rows:
        return
    counts = len(grouped(max(articles for _, articles in rows)))
    names = min(max(cell_len(name) for name, _ in rows), max(8, screen.width - counts - 4 - _BAR))
    room = max(0, min(screen.width, _READING) - names - counts - 4)
    most = max((count.articles for count in shown), default=0)  # articles without a value say nothing of the others
    for number, (name, articles) in enumerate(rows):
        value = Text(name)
        value.truncate(names, overflow="ellipsis", pad=True)
        eighths = max(1, articles * room * 8 // most) if number < len(shown) else 0
        bar = ("  " + "█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip() if room else ""
        screen.print(Text.assemble(value, f"  {grouped(articles):>{counts}}", (bar, BAR)), soft_wrap=True)
    if len(named) > len(shown):
        more = f"… và {grouped(len(named) - len(shown))} giá trị nữa (xem đủ với --json)"
        screen.print(Text(more, style=QUIET))


def _value(field: str, count: FacetCount) -> str:
    """A value as people write it here: 2021-12 is 12/2021."""
    value = harmless(count.value or "")
    return "/".join(reversed(value.split("-"))) if field == "month" else value


def print_words(screen: Console, words: Sequence[WordCount]) -> None:
    """Words of the index behind the numbers of their articles."""
    indent = max((len(grouped(word.articles)) for word in words), default=0) + 2
    for word in words:
        head = Text(f"{grouped(word.articles)}  ".rjust(indent), style=QUIET)
        _print_indented(screen, Text(harmless(word.term)), indent, head)
    if not words:
        screen.print(Text("không có từ nào bắt đầu như vậy", style=QUIET))


def print_article(
    screen: Console, article: Article, title_spans: Sequence[Span], spans: Sequence[Span], working_directory: str
) -> None:
    """A whole article for reading, with the query's words marked; on a terminal in lines that are not too long."""
    width = min(screen.width, _READING) if screen.file.isatty() else screen.width
    if article.title:
        _print_indented(screen, _marked(article.title, title_spans, TITLE), 0, width=width)
    facts = [fact for fact in (written_date(article.published), article.source, article.author, article.url) if fact]
    if facts:
        _print_indented(screen, Text(harmless(" · ".join(facts)), style=QUIET), 0, width=width)
    _print_indented(screen, _place(screen, article, working_directory), 0, width=width)
    screen.print()
    start = 0
    for line in article.body.split("\n"):
        end = start + len(line)
        inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
        _print_indented(screen, _marked(line, inside), 0, width=width)
        start += len(line) + 1


def print_problems(
    screen: Console, warnings: Sequence[Skipped], skipped: Sequence[Skipped], working_directory: str
) -> None:
    """What an indexing run skipped or wondered about, and why."""
    for heading, entries in (("chú ý", warnings), ("bỏ qua", skipped)):
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


def _root(root: str, rules: Mapping[str, Any]) -> str:
    """A root, and which of its files are read."""
    said = [f"chỉ {pattern}" for pattern in rules.get("include", ())]
    said += [f"trừ {pattern}" for pattern in rules.get("exclude", ())]
    said += ["cả liên kết"] if rules.get("follow") else []
    return f"{root} ({', '.join(said)})" if said else root


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
            ("nguồn", "\n".join(_root(root, stats.rules.get(root, {})) for root in stats.roots) or "(chưa có)"),
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


def print_config(
    screen: Console, values: Mapping[str, object], origins: Mapping[str, str], unsaid: Mapping[str, str]
) -> None:
    """Every setting as a line of searchvn.toml, and where it comes from; `unsaid` tells what None stands for."""
    lines = {key: f"# {key}" if value is None else f"{key} = {dumps(value)}" for key, value in values.items()}
    indent = max(width for width in map(cell_len, lines.values()) if width <= 40) + 2
    for key, line in lines.items():
        origin = origins[key] if values[key] is not None else f"{origins[key]}: {unsaid[key]}"
        screen.print(
            Text.assemble(line, " " * max(2, indent - cell_len(line)), (f"# {harmless(origin)}", QUIET)),
            soft_wrap=True,
        )


def _print_facts(screen: Console, facts: Sequence[tuple[str, str]]) -> None:
    """Names in a column, values beside them; a value of several lines stays in its column."""
    indent = max(cell_len(name) for name, _ in facts) + 2
    for name, value in facts:
        for number, line in enumerate(value.split("\n")):
            head = set_cell_size("" if number else name, indent)
            _print_indented(screen, Text(harmless(line)), indent, Text(head, style=QUIET))
