"""`searchvn query`: ranked results for people on a terminal and for scripts in a pipe. Main name: `query`.

Invariant: results and nothing else on standard output; notes and errors on standard error.
"""

import os
import sys
from collections.abc import Iterable
from typing import Annotated, NamedTuple

import typer

from searchvn.analysis.abbreviations import Abbreviation
from searchvn.cli.options import (
    AbbreviationsOption,
    Color,
    ColorOption,
    Format,
    IndexOption,
    NoAbbreviationsOption,
    abbreviation_table,
    query_text,
)
from searchvn.errors import SearchvnError, UsageError
from searchvn.index import Index
from searchvn.models import Hit, SearchResults
from searchvn.query.rewrite import Diacritics
from searchvn.render import machine
from searchvn.render.safe import encodable, harmless, short_path

FOUND, NOTHING, FAILED = 0, 1, 2

# What is said of suggestions, by their reason.
_SUGGESTED = {
    "spelling": "có phải bạn muốn tìm {}?",
    "keystrokes": "phím Telex hay VNI chưa thành chữ; có phải bạn muốn tìm {}?",
    "accents": "các bài đầu viết là {}",
}


class _Asked(NamedTuple):
    """What the options ask for."""

    limit: int | None
    offset: int
    match_all: bool
    diacritics: Diacritics
    format: Format
    files: bool
    separator: str
    only_count: bool
    color: Color
    many: bool  # queries come from standard input
    abbreviations: tuple[Abbreviation, ...] | None  # None: the packaged table


def query(
    words: Annotated[list[str], typer.Argument(metavar="QUERY...", help="Truy vấn; - đọc mỗi dòng một truy vấn.")],
    limit: Annotated[
        int | None, typer.Option("-n", "--limit", help="Số kết quả (mặc định 10).", show_default=False)
    ] = None,
    offset: Annotated[int, typer.Option(help="Bỏ qua ngần này kết quả đầu.")] = 0,
    match: Annotated[str, typer.Option(metavar="any|all", help="any: có từ nào cũng được; all: phải có đủ.")] = "any",
    diacritics: Annotated[Diacritics, typer.Option(help="Dấu: như đã gõ (smart), đúng từng dấu, hay bỏ qua.")] = (
        Diacritics.SMART
    ),
    output: Annotated[Format | None, typer.Option("--format", help="Mặc định: rich, trong ống dẫn là plain.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Như --format json.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Như --format jsonl.")] = False,
    files: Annotated[bool, typer.Option("-l", "--files", help="Chỉ in đường dẫn tệp có đủ các từ.")] = False,
    null: Annotated[bool, typer.Option("-0", "--null", help="Như -l, ngăn bằng ký tự NUL cho xargs -0.")] = False,
    count: Annotated[bool, typer.Option("-c", "--count", help="Chỉ in số bài có đủ các từ.")] = False,
    color: ColorOption = Color.AUTO,
    abbreviations: AbbreviationsOption = None,
    no_abbreviations: NoAbbreviationsOption = False,
    index_dir: IndexOption = "index",
) -> int:
    """Tìm bài viết; "cụm từ" đặt trong dấu nháy kép. Mã thoát: 0 có kết quả, 1 không có, 2 lỗi."""
    if match not in ("any", "all"):
        raise UsageError(f"--match nhận any hoặc all, không phải “{match}”", "ví dụ: --match all")
    if limit is not None and limit < 1:
        raise UsageError(f"số kết quả phải từ 1 trở lên, không phải {limit}", "ví dụ: -n 10")
    if offset < 0:
        raise UsageError(f"--offset phải từ 0 trở lên, không phải {offset}", "ví dụ: --offset 10")
    if (count or files or null) and (json or jsonl or output):
        raise UsageError(
            "-c, -l và -0 không đi cùng --json, --jsonl hay --format", "bỏ một trong hai; tổng số có sẵn trong --json"
        )
    terminal = Format.RICH if sys.stdout.isatty() or color is Color.ALWAYS else Format.PLAIN
    chosen = Format.JSON if json else Format.JSONL if jsonl else output or terminal
    asked = _Asked(
        limit, offset, match == "all", diacritics, chosen, files or null, "\0" if null else "\n", count, color,
        many=words == ["-"], abbreviations=abbreviation_table(abbreviations, no_abbreviations),
    )  # fmt: skip
    with Index.open(index_dir) as index:
        if index.is_building:
            _note("lần lập chỉ mục đầu tiên chưa xong, kết quả có thể thiếu; chạy tiếp: searchvn index")
        if asked.format is Format.CSV and not (asked.files or asked.only_count):
            print(machine.csv_header())
        if asked.many:
            return _answer_all(index, asked)
        return FOUND if _answer(index, query_text(words), asked) else NOTHING


def _answer_all(index: Index, asked: _Asked) -> int:
    """One query a line from standard input; a bad line is named and the rest goes on."""
    found = failed = False
    for number, line in enumerate(sys.stdin.buffer, start=1):
        text = line.decode("utf-8", "replace").strip()
        if not text:
            continue
        try:
            found |= _answer(index, text, asked, f"dòng {number}: ")
        except SearchvnError as error:
            failed = True
            _note(f"dòng {number}: {error}")
    return FAILED if failed else FOUND if found else NOTHING


def _answer(index: Index, text: str, asked: _Asked, place: str = "") -> bool:
    """Prints the answer to one query. True when something was found. `place` goes before every note."""
    if asked.only_count:
        results = index.count(text, diacritics=asked.diacritics, abbreviations=asked.abbreviations)
        _tell(results, place)
        print(f"{results.total}\t{harmless(text)}" if asked.many else results.total)
        return results.total > 0
    if asked.files:
        return _print_files(index, text, asked, place)
    results = index.search(
        text,
        limit=10 if asked.limit is None else asked.limit,
        offset=asked.offset,
        diacritics=asked.diacritics,
        match_all=asked.match_all,
        abbreviations=asked.abbreviations,
    )
    _tell(results, place)
    if asked.many and asked.format in (Format.RICH, Format.PLAIN):
        print(f"» {harmless(text)}")
    _print(results, text, asked)
    return bool(results.hits)


def _print_files(index: Index, text: str, asked: _Asked, place: str) -> bool:
    _tell(index.count(text, diacritics=asked.diacritics, abbreviations=asked.abbreviations), place)
    working_directory = os.getcwd()
    last = asked.offset + asked.limit if asked.limit is not None else None
    found = False
    paths = index.paths(text, diacritics=asked.diacritics, abbreviations=asked.abbreviations)
    for number, path in enumerate(paths):
        if last is not None and number >= last:
            break
        if number >= asked.offset:
            found = True
            shown = encodable(short_path(path, working_directory))
            sys.stdout.write((harmless(shown) if sys.stdout.isatty() else shown) + asked.separator)
    return found


def _print(results: SearchResults, text: str, asked: _Asked) -> None:
    working_directory = os.getcwd()
    if asked.format is Format.RICH:
        from searchvn.render.terminal import console, print_results  # rich: only when something is drawn

        print_results(console(asked.color), results, working_directory)
    elif asked.format is Format.JSON:
        print(machine.results_json(results, working_directory))
    else:
        for line in _lines(results.hits, text, asked, working_directory):
            print(line)


def _lines(hits: Iterable[Hit], text: str, asked: _Asked, working_directory: str) -> Iterable[str]:
    for hit in hits:
        match asked.format:
            case Format.JSONL:
                yield machine.hit_line(hit, working_directory, text if asked.many else None)
            case Format.TSV:
                yield machine.hit_tsv(hit, working_directory)
            case Format.CSV:
                yield machine.hit_csv(hit, working_directory)
            case _:
                yield machine.hit_plain(hit, working_directory)


def _tell(results: SearchResults, place: str) -> None:
    for note in results.notes:
        _note(place + note)
    if results.suggestions:
        others = " hay ".join(f"“{suggestion.query}”" for suggestion in results.suggestions)
        _note(place + _SUGGESTED[results.suggestions[0].reason].format(others))


def _note(text: str) -> None:
    print(f"searchvn: {harmless(text)}", file=sys.stderr)
