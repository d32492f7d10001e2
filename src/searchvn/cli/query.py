"""`searchvn query`: ranked results for people on a terminal and for scripts in a pipe. Main name: `query`.

Invariant: results and nothing else on standard output; notes and errors on standard error. Queries from standard input
are answered one by one, each before the next is read, so memory does not grow and a coprocess need not wait.
"""

import sys
from typing import Annotated, NamedTuple

import typer

from searchvn.analysis.abbreviations import Abbreviation
from searchvn.cli.answers import Shape, chosen_shape, note, note_building, print_answer, print_header, tell
from searchvn.cli.completion import offering
from searchvn.cli.options import (
    AbbreviationsOption,
    ColorOption,
    ConfigOption,
    Format,
    FormatOption,
    IndexOption,
    JsonlOption,
    JsonOption,
    LimitOption,
    NoAbbreviationsOption,
    OffsetOption,
    abbreviation_table,
    open_index,
    query_text,
)
from searchvn.config import load_settings
from searchvn.errors import SearchvnError, UsageError
from searchvn.fields import FACETS
from searchvn.index import Index
from searchvn.models import Diacritics, SearchResults, Sort
from searchvn.query.parser import parse_query
from searchvn.query.syntax import Query
from searchvn.render.safe import encodable, harmless, short_path

FOUND, NOTHING, FAILED = 0, 1, 2

_Words = Annotated[
    list[str], typer.Argument(metavar="QUERY...", help="Truy vấn; chỉ một dấu - thì đọc mỗi dòng một truy vấn.")
]
_SortOption = Annotated[
    Sort | None,
    typer.Option(help="Xếp theo độ phù hợp, mới nhất hay cũ nhất (khi đó phải có đủ các từ).", show_default=False),
]
_MatchOption = Annotated[
    str | None,
    typer.Option(
        metavar="any|all", help="any: có từ nào cũng được; all: phải có đủ.", show_default=False,
        autocompletion=offering("any", "all"),
    ),
]  # fmt: skip
_DiacriticsOption = Annotated[
    Diacritics | None,
    typer.Option(help="Dấu: như đã gõ (smart), đúng từng dấu, hay bỏ qua.", show_default=False),
]
_SinceOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="Đăng từ ngày này: 2021, 11/2021, 30/11/2021.", show_default=False)
]
_UntilOption = Annotated[str | None, typer.Option(metavar="DATE", help="Đăng đến hết ngày này.", show_default=False)]
_FacetOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="|".join(FACETS), help="Đếm bài theo năm, tháng, nguồn, tác giả.", show_default=False,
        autocompletion=offering(*FACETS),
    ),
]  # fmt: skip
_SnippetsOption = Annotated[int | None, typer.Option(metavar="N", help="Số đoạn trích mỗi bài.", show_default=False)]


class _Asked(NamedTuple):
    """What the options ask for."""

    shape: Shape
    limit: int | None  # None: not given
    page: int  # hits where no limit is given
    offset: int
    sort: Sort
    match_all: bool | None
    diacritics: Diacritics
    dates: tuple[str | None, str | None]  # --since and --until
    facets: tuple[str, ...]
    explain: bool
    passages: int
    files: bool
    only_count: bool
    abbreviations: tuple[Abbreviation, ...] | None  # None: the packaged table

    @property
    def suggest(self) -> bool:
        """Of many queries few get a suggestion, all take longer for it, and hardly anyone reads it there."""
        return not self.shape.many or sys.stdout.isatty()


def query(
    words: _Words,
    limit: LimitOption = None,
    offset: OffsetOption = 0,
    sort: _SortOption = None,
    match: _MatchOption = None,
    diacritics: _DiacriticsOption = None,
    since: _SinceOption = None,
    until: _UntilOption = None,
    facet: _FacetOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Cho biết điểm của từng bài từ đâu mà có.")] = False,
    snippets: _SnippetsOption = None,
    output: FormatOption = None,
    json: JsonOption = False,
    jsonl: JsonlOption = False,
    files: Annotated[bool, typer.Option("-l", "--files", help="Chỉ in đường dẫn tệp có đủ các từ.")] = False,
    null: Annotated[bool, typer.Option("-0", "--null", help="Như -l, hoặc theo mẫu, phân cách bằng NUL.")] = False,
    count: Annotated[bool, typer.Option("-c", "--count", help="Chỉ in số bài có đủ các từ.")] = False,
    color: ColorOption = None,
    abbreviations: AbbreviationsOption = None,
    no_abbreviations: NoAbbreviationsOption = False,
    index_dir: IndexOption = None,
    config: ConfigOption = None,
) -> int:
    """Tìm bài viết; "cụm từ" đặt trong dấu nháy kép. Mã thoát: 0 có kết quả, 1 không có, 2 lỗi."""
    chosen = load_settings(config)
    _check_values(limit, offset, match, facet or [], snippets)
    table = abbreviation_table(abbreviations, no_abbreviations, chosen)
    shape = chosen_shape(output, json, jsonl, color, chosen)
    templated = shape.template is not None and output is not None
    counted = tuple(name for name in FACETS if name in (facet or ()))
    asked = _Asked(
        shape._replace(facets=bool(counted), many=words == ["-"], end="\0" if null else "\n"),
        limit, chosen.limit, offset, sort or Sort(chosen.sort), _match_all(match or chosen.match),
        diacritics or Diacritics(chosen.diacritics), (since, until), counted, explain,
        chosen.snippets if snippets is None else snippets, files or (null and not templated), count, table,
    )  # fmt: skip
    _refuse_contradictions(asked, words, bool(json or jsonl or output))
    with open_index(index_dir, chosen) as index:
        note_building(index.is_building)
        if asked.shape.many:
            return _answer_all(index, asked)
        return FOUND if _answer(index, query_text(words), asked) else NOTHING


def _match_all(match: str | None) -> bool | None:
    return None if match is None else match == "all"


def _check_values(limit: int | None, offset: int, match: str | None, facets: list[str], snippets: int | None) -> None:
    """Raises `UsageError` for an option's value that cannot be used."""
    unknown = next((facet for facet in facets if facet not in FACETS), None)
    for wrong, message, hint in (
        (limit is not None and limit < 1, f"số kết quả phải từ 1 trở lên, không phải {limit}", "ví dụ: -n 10"),
        (offset < 0, f"--offset phải từ 0 trở lên, không phải {offset}", "ví dụ: --offset 10"),
        (match not in (None, "any", "all"), f"--match nhận any hoặc all, không phải “{match}”", "ví dụ: --match all"),
        (snippets is not None and snippets < 0, f"--snippets phải từ 0 trở lên, không phải {snippets}", "0: không có"),
        (unknown is not None, f"--facet nhận {', '.join(FACETS)}, không phải “{unknown}”", "ví dụ: --facet year"),
    ):
        if wrong:
            raise UsageError(message, hint)


def _refuse_contradictions(asked: _Asked, words: list[str], formatted: bool) -> None:
    """Raises `UsageError` for options that make no sense together."""
    shape, bare = asked.shape, asked.files or asked.only_count
    wide = shape.template or shape.format in (Format.TSV, Format.CSV)
    for wrong, message, hint in (
        (
            words[0] == "-" and len(words) > 1,
            "“-” đọc các truy vấn từ đầu vào chuẩn nên phải đứng một mình",
            f"gõ searchvn query -, hoặc đặt cả truy vấn trong dấu nháy: '{' '.join(words)}'",
        ),
        (asked.files and asked.only_count, "-c không đi cùng -l hay -0", "bỏ một trong hai"),
        (
            bare and formatted,
            "-c, -l và -0 không đi cùng --json, --jsonl hay --format",
            "bỏ một trong hai; tổng số có sẵn trong --json, và -0 đi được với một mẫu: --format '{path}'",
        ),
        (
            bare and (asked.facets or asked.explain),
            "-c, -l và -0 không đi cùng --facet hay --explain",
            "bỏ một trong hai",
        ),
        (asked.facets and shape.template, "--facet không theo mẫu được", "thêm --format tsv hoặc --json"),
        (
            asked.explain and asked.facets and shape.format is not Format.JSON,
            "--facet thay cho các bài, nên không có gì để --explain giải thích",
            "bỏ một trong hai, hoặc thêm --json để có cả hai",
        ),
        (asked.explain and wide, "tsv, csv và mẫu không có chỗ cho --explain", "thêm --format plain hoặc --json"),
        (
            asked.explain and asked.sort is not Sort.RELEVANCE,
            "--explain giải thích điểm, mà xếp theo ngày thì không có điểm",
            "bỏ --explain, hoặc thêm --sort relevance",
        ),
    ):
        if wrong:
            raise UsageError(message, hint)


def _answer_all(index: Index, asked: _Asked) -> int:
    """One query a line from standard input; a bad line is named and the rest goes on."""
    _read("x", asked)  # a wrong date is said once, not for every line
    if not (asked.files or asked.only_count):
        print_header(asked.shape)
    sys.stdout.flush()
    found = failed = False
    for number, line in enumerate(sys.stdin.buffer, start=1):
        text = line.decode("utf-8", "replace").strip()
        if not text:
            continue
        try:
            found |= _answer(index, text, asked, f"dòng {number}: ")
        except SearchvnError as error:
            failed = True
            note(f"dòng {number}: {error}" + (f" ({error.hint})" if error.hint else ""))
        sys.stdout.flush()  # whoever asks line by line waits for this
    return FAILED if failed else FOUND if found else NOTHING


def _read(text: str, asked: _Asked) -> Query:
    query = parse_query(text)
    since, until = asked.dates
    if since is None and until is None:
        return query
    from searchvn.query.dates import between  # only where dates are given

    return between(query, since, until)


def _answer(index: Index, text: str, asked: _Asked, place: str = "") -> bool:
    """Prints the answer to one query. True when something was found. `place` goes before every note."""
    shape, query = asked.shape, _read(text, asked)
    if asked.only_count:
        results = _count(index, query, asked)
        tell(results, place)
        print(f"{results.total}\t{harmless(text)}" if shape.many else results.total)
        return bool(results.total)
    if asked.files:
        return _print_files(index, query, text, asked, place)
    values_only = shape.facets and shape.format is not Format.JSON
    results = index.search(
        query,
        limit=1 if values_only else asked.limit or asked.page,
        offset=0 if values_only else asked.offset,
        sort=asked.sort,
        diacritics=asked.diacritics,
        match_all=asked.match_all,
        passages=0 if values_only else max(1, asked.passages),  # what is missing is said without snippets too
        facets=asked.facets,
        explain=asked.explain,
        suggest=asked.suggest or shape.format is Format.JSON,
        total=values_only or shape.format in (Format.JSON, Format.RICH),
        abbreviations=asked.abbreviations,
    )
    if not asked.passages:
        results = results._replace(hits=tuple(hit._replace(snippets=()) for hit in results.hits))
    tell(results, place)
    if not shape.many:
        print_header(shape)
    print_answer(results, shape, text)
    return bool(results.total if values_only else results.hits)


def _count(index: Index, query: Query, asked: _Asked) -> SearchResults:
    return index.count(query, diacritics=asked.diacritics, suggest=asked.suggest, abbreviations=asked.abbreviations)


def _print_files(index: Index, query: Query, text: str, asked: _Asked, place: str) -> bool:
    tell(_count(index, query, asked), place)
    last = asked.offset + asked.limit if asked.limit is not None else None
    before = f"{harmless(text)}\t" if asked.shape.many else ""
    found = False
    paths = index.paths(query, sort=asked.sort, diacritics=asked.diacritics, abbreviations=asked.abbreviations)
    for number, path in enumerate(paths):
        if last is not None and number >= last:
            break
        if number >= asked.offset:
            found = True
            shown = encodable(short_path(path, asked.shape.folder))
            shown = harmless(shown) if sys.stdout.isatty() else shown
            sys.stdout.write(before + shown + asked.shape.end)
    return found
