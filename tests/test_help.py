"""What `searchvn help` and --help say: Vietnamese pages, and the query language on one screen."""

from __future__ import annotations

import re
import shlex

import pytest

from searchvn.cli.app import COMMANDS
from searchvn.fields import QUERY_NAMES
from searchvn.query.parser import parse_query
from searchvn.query.syntax import Word
from support import run


def test_help_without_a_topic_is_the_page_of_all_commands() -> None:
    assert run("help") == run("--help") == run("-h")
    assert re.findall(r"^  (\w+) {2,}", run("help").out.partition("Lệnh:")[2], re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_is_its_page_and_vietnamese(command: str) -> None:
    page = run(command, "--help")
    assert (page.status, page.err) == (0, "") and page.out.startswith(f"Cách dùng: searchvn {command} ")
    for english in ("Usage:", "Options:", "Arguments:", "Show this", "default:", "required"):
        assert english not in page.out
    if command != "query":
        assert run("help", command) == page


def test_the_query_language_fits_on_one_screen() -> None:
    ran = run("help", "query")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert len(lines) <= 40 and max(map(len, lines)) <= 78
    for syntax in (
        '"',
        "~5",
        "+",
        "-",
        "AND",
        "OR",
        "NOT",
        "VÀ",
        "HOẶC",
        "KHÔNG",
        "(",
        "*",
        "?",
        "~2",
        "^2",
        "..",
        ">=",
    ):
        assert syntax in ran.out


def test_the_examples_of_the_query_language_mean_what_they_show() -> None:
    table, _, rest = run("help", "query").out.partition("\ntrường")
    examples = [cell for line in table.splitlines() if line[:2] == "  " != line[2:4] for cell in two_columns(line)]
    examples += re.findall(r"(?:date|title|author):(?:\"[^\"]+\"|[^\s\"'(]+)", rest)
    examples += [shlex.split(line)[-1] for line in rest.splitlines() if line.startswith("  searchvn query")]
    assert len(set(examples)) > 20
    for example in examples:
        query = parse_query(example)
        assert query.notes == ()
        assert " " in example or not isinstance(query.root, Word), f"{example} is a word like any other"


def two_columns(line: str) -> list[str]:
    """The examples on a line of the table: what stands before the explanation."""
    return re.split(" {2,}", line[:22].strip())


def test_every_field_of_the_query_language_is_named() -> None:
    text = run("help", "query").out
    named = set(re.findall(r"(?<=  )(\w+):(?= )", text))
    assert {QUERY_NAMES[name] for name in named} == set(QUERY_NAMES.values())
    assert len(named) == 2 * len(set(QUERY_NAMES.values()))


def test_an_unknown_topic_is_one_line_with_the_nearest() -> None:
    for topic, hint in [("idnex", "searchvn help index?"), ("Query", "searchvn help query?"), ("xyz", "query, show")]:
        ran = run("help", topic)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert f"“{topic}”" in ran.err and hint in ran.err
