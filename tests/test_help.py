"""What `searchvn help` and --help say: Vietnamese pages, and the query language on one screen."""

from __future__ import annotations

import re

import pytest

from searchvn.cli.app import COMMANDS
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


def test_an_unknown_topic_is_one_line_with_the_nearest() -> None:
    for topic, hint in [("idnex", "searchvn help index?"), ("Query", "searchvn help query?"), ("xyz", "query, show")]:
        ran = run("help", topic)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert f"“{topic}”" in ran.err and hint in ran.err
