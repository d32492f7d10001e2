"""Where a query cannot be read: the place is shown under the query, by columns of the terminal."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from searchvn.cli import boundary
from searchvn.errors import QuerySyntaxError
from searchvn.render.caret import COLUMNS, columns, pointed
from searchvn.render.safe import harmless

# Letters that take one column, two and none; rich, which measures by tables of its own, is the other opinion.
MARKS = "\u0300\u0301\u0323\u0309\u20d0"
LETTERS = [*'aZ đĐổớỰ0"(*~:', *"中華서울かＡ𠮷", *MARKS]
QUERIES = st.text(st.sampled_from(LETTERS), max_size=120).map(lambda text: "q" + text)
WILD = st.text(st.characters(), max_size=900) | st.text("\u0301\x1b\n\t\u202e\ud800ộ中", max_size=900)


def without_marks(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, MARKS)))


@given(QUERIES, st.data())
def test_the_caret_stands_under_the_place(query: str, data: Any) -> None:
    position = data.draw(st.integers(0, len(query)))
    shown, caret = pointed(query, position)
    spaces, found, after = caret.partition("^")
    assert (spaces.strip(), found, after) == ("", "^", "")
    if columns(query) <= COLUMNS:
        assert shown == query
        assert len(spaces) == cell_len(query[:position])
    shown, before = without_marks(shown), without_marks(query[:position])
    left = next(shown[:place] for place in range(len(shown) + 1) if cell_len(shown[:place]) == len(spaces))
    assert before.endswith(left.removeprefix("…")) and (left.startswith("…") or left == before)


@given(QUERIES)
def test_columns_are_those_of_the_terminal(query: str) -> None:
    assert columns(query) == cell_len(query)
    assert columns(unicodedata.normalize("NFD", query)) == columns(query)


@given(WILD, st.integers(-5, 1000))
def test_whatever_the_query_holds_its_lines_are_short_and_harmless(query: str, position: int) -> None:
    shown, caret = pointed(query, position)
    assert shown == harmless(shown) and len(shown.splitlines()) <= 1
    assert columns(shown) <= COLUMNS + 2 and len(caret) <= COLUMNS + 2
    assert len(shown) < 1000


def test_of_a_long_query_the_part_around_the_place_is_shown() -> None:
    words = [f"từ{number:03}" for number in range(500)]
    query = " ".join(words)
    for number in (0, 1, 250, 498, 499):
        shown, caret = pointed(query, query.index(words[number]))
        assert shown[len(caret) - 1 :].startswith(words[number])
        assert 55 <= len(shown) <= COLUMNS + 2
        assert shown.startswith("…") == (number > 10) and shown.endswith("…") == (number < 490)
    shown, caret = pointed(query, len(query))
    assert len(caret) == len(shown) + 1 and shown.endswith("từ499")


@pytest.mark.parametrize(
    ("query", "position", "lines"),
    [
        ("lúa (vụ mùa", 4, ["  lúa (vụ mùa", "      ^"]),
        ("tiêu đề:lúa", 0, ["  tiêu đề:lúa", "  ^"]),
        ("서울 *", 3, ["  서울 *", "       ^"]),
        ("a\x1b[31m\n\u202eb *", 9, ["  a [31m \ufffdb *", "           ^"]),
        ("", 0, []),
        (" ", 0, []),
    ],
)
def test_an_error_that_knows_its_query_shows_it(
    query: str, position: int, lines: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: list[str]) -> None:
        raise QuerySyntaxError("thiếu ngoặc đóng", position, "thêm )", query=query)

    monkeypatch.setattr(boundary, "build", lambda _: lambda *_, **__: failing([]))
    assert boundary._run(["query", query]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == ["searchvn: thiếu ngoặc đóng. Thêm )", *lines]
