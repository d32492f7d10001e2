"""How answers get onto standard output, in every format; shared by the commands that search. Main type: `Shape`.

Invariant: results and nothing else on standard output; notes and suggestions on standard error.
"""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from searchvn.cli.options import Color, Format
from searchvn.config import Settings
from searchvn.errors import UsageError
from searchvn.models import SearchResults
from searchvn.render import machine
from searchvn.render.safe import harmless

if TYPE_CHECKING:
    from searchvn.render.template import Template

# What is said of suggestions, by their reason.
_SUGGESTED = {
    "spelling": "có phải bạn muốn tìm {}?",
    "keystrokes": "phím Telex hay VNI chưa thành chữ; có phải bạn muốn tìm {}?",
    "accents": "các bài đầu viết là {}",
    "marks": "nhiều bài hơn hẳn viết là {}",
}


class Shape(NamedTuple):
    """How answers are written. `template` is None unless one was given, `folder` the working directory."""

    format: Format
    template: "Template | None"
    color: str
    folder: str
    facets: bool = False  # values and their counts instead of hits; json has both
    many: bool = False  # answers must be told apart: their queries come from standard input
    counted: bool = True  # totals say something
    end: str = "\n"  # of a line


def chosen_shape(output: str | None, json: bool, jsonl: bool, color: str | None, settings: Settings) -> Shape:
    """What --format, --json, --jsonl, --color and the settings ask for; a template counts as plain.

    Raises `UsageError` for more than one format, for one that does not exist and for a template with a mistake.
    """
    if json + jsonl + (output is not None) > 1:
        raise UsageError("--json, --jsonl và --format không đi cùng nhau", "chọn một trong ba")
    color = color or settings.color
    default = Format.RICH if sys.stdout.isatty() or color == Color.ALWAYS else Format.PLAIN
    shape = Shape(Format.JSON if json else Format.JSONL if jsonl else default, None, color, os.getcwd())
    if json or jsonl:
        return shape
    if output is not None:
        return _with_format(shape, output)
    try:
        return _with_format(shape, settings.format) if settings.format else shape
    except UsageError as error:
        raise settings.blamed(error, "format") from None


def _with_format(shape: Shape, output: str) -> Shape:
    if output in tuple(Format):
        return shape._replace(format=Format(output))
    if "{" not in output and "}" not in output:
        names = ", ".join(Format)
        hint = rf"chọn một trong: {names}, hoặc một mẫu như '{{path}}\t{{title}}'"
        raise UsageError(f"--format không nhận “{output}”", hint)
    from searchvn.render.template import parse_template  # only where there is one

    return shape._replace(format=Format.PLAIN, template=parse_template(output))


def print_header(shape: Shape) -> None:
    """The line of csv that names the columns."""
    if shape.format is Format.CSV:
        columns = machine.FACET_COLUMNS if shape.facets else machine.COLUMNS
        print(machine.csv_line(("query", *columns) if shape.many else columns))


def print_answer(results: SearchResults, shape: Shape, text: str = "") -> None:
    """The answer to the query `text`, as it was typed."""
    if shape.many and shape.format in (Format.RICH, Format.PLAIN) and not shape.template:
        print(f"» {harmless(text)}")
    if shape.format is Format.JSON:
        print(machine.results_json(results, shape.folder))
    elif shape.format is not Format.RICH:
        sys.stdout.writelines(line + shape.end for line in _lines(results, shape, text))
    else:
        from searchvn.render.terminal import console, print_facets, print_results  # rich: only when something is drawn

        screen = console(shape.color)
        if shape.facets:
            print_facets(screen, results)
        else:
            print_results(screen, results, shape.folder, counted=shape.counted)


def _lines(results: SearchResults, shape: Shape, text: str) -> Iterable[str]:
    query = text if shape.many else None
    if shape.template:
        from searchvn.render.template import fill

        return (fill(shape.template, hit, shape.folder, text) for hit in results.hits)
    if shape.format is Format.JSONL:
        if shape.facets:
            return machine.facet_lines(results.facets, query)
        return (machine.hit_line(hit, shape.folder, query) for hit in results.hits)
    if shape.format is Format.PLAIN:
        if shape.facets:
            return map(machine.plain_line, machine.facet_rows(results.facets))
        return (machine.hit_plain(hit, shape.folder) for hit in results.hits)
    facets, hits = machine.facet_rows(results.facets), (machine.hit_row(hit, shape.folder) for hit in results.hits)
    rows = facets if shape.facets else hits
    line = machine.csv_line if shape.format is Format.CSV else machine.tsv_line
    return (line(row if query is None else (query, *row)) for row in rows)


def tell(results: SearchResults, place: str = "") -> None:
    """Notes and suggestions on standard error, each behind `place`."""
    for line in results.notes:
        note(place + line)
    if results.suggestions:
        others = " hay ".join(f"“{suggestion.query}”" for suggestion in results.suggestions)
        note(place + _SUGGESTED[results.suggestions[0].reason].format(others))


def note(text: str) -> None:
    """One line on standard error."""
    print(f"searchvn: {harmless(text)}", file=sys.stderr)


def note_building(building: bool) -> None:
    """Says that the index is not complete yet."""
    if building:
        note("lần lập chỉ mục đầu tiên chưa xong, kết quả có thể thiếu; chạy tiếp: searchvn index")
