"""What people see: golden views at 60, 80 and 140 columns, colours that say nothing alone, and hostile articles.

To accept new views: `python tests/test_terminal.py`; then read them.
"""

from __future__ import annotations

import io
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from searchvn import Article, Hit, Index, SearchResults
from searchvn.models import Contribution, Facet, FacetCount, Snippet, WordCount
from searchvn.render.terminal import _on_one_line, console, print_article, print_facets, print_results, print_words
from test_docs import run_in_terminal, same, workplace

GOLDEN = Path(__file__).parent / "golden"
VIEWS = {
    "query": 'searchvn query "đổi mới phương thức" lãnh đạo -n 4',
    "unaccented": "searchvn query hoa giai co so -n 2",
    "show": "searchvn show corpus/chinh-quyen/bot-hop-doi-moi-cach-lam-viec-xa.txt --query 'đổi mới'",
    "facet": "searchvn query phường --facet year --facet source",
    "explain": "searchvn query 'đổi mới' --explain -n 2",
    "similar": "searchvn similar corpus/bao-chi/doi-moi-phuong-thuc-day-hoc.html -n 3",
    "terms": "searchvn terms doi -n 8",
    "help-query": "searchvn help query",
}
COLUMNS = (60, 80, 140)
SEEN = [(view, columns) for view in sorted(VIEWS) for columns in COLUMNS if view != "help-query" or columns == 80]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = workplace(tmp_path_factory.mktemp("views"))
    run_in_terminal("searchvn index corpus", folder)
    yield folder


@pytest.mark.parametrize(("view", "columns"), SEEN)
def test_views_are_as_they_were_read_and_accepted(place: Path, view: str, columns: int) -> None:
    seen = same(run_in_terminal(VIEWS[view], place, columns))
    assert seen == (GOLDEN / f"{view}-{columns}.txt").read_text(encoding="utf-8").rstrip("\n")
    assert all(cell_len(line) <= columns for line in seen.split("\n"))


def test_matches_are_bold_as_they_stand_and_nothing_else_is_red(tmp_path: Path) -> None:
    with Index.create(str(tmp_path / "index")) as index:
        index.add([Article("a", "Sổ tay", "Hợp tác xã ĐỔI MỚI cách chia nước, đội thủy nông không đổi.")])
        results = index.search("doi moi")
    screen = console("always", width=80)
    screen.file = io.StringIO()
    print_results(screen, results, "/")
    red = re.findall(r"\x1b\[1;31m(.*?)\x1b\[0m", screen.file.getvalue())
    assert red == ["ĐỔI", "MỚI", "đội", "đổi"]


class Terminal(io.StringIO):
    """What is written to it, as a terminal."""

    def isatty(self) -> bool:
        return True


def drawn(color: str, file: io.StringIO, article: Article, monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """A hit on this article as it is written to `file` under this environment."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm-256color", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", file)
    hit = Hit(1, 1.0, article, (Snippet("mùa lúa", ((0, 3),)),), ((0, 3),))
    print_results(console(color, width=80), SearchResults("q", 1, (hit,), 0.001), "/kho")
    return file.getvalue()


COLOURED, LINKED = "\x1b[1;31m", "\x1b]8;"
PLACED = Article("bài/mùa gặt.txt", "Mùa gặt", "mùa lúa", path="/kho/bài/mùa gặt.txt")


@pytest.mark.parametrize(
    ("color", "on_terminal", "environment", "coloured", "linked"),
    [
        ("auto", True, {}, True, True),
        ("auto", False, {}, False, False),
        ("auto", True, {"TERM": "dumb"}, False, False),
        ("auto", True, {"NO_COLOR": "1"}, False, False),
        ("auto", True, {"NO_COLOR": ""}, True, True),
        ("never", True, {}, False, False),
        ("never", False, {}, False, False),
        ("always", True, {}, True, True),
        ("always", False, {}, True, False),
        ("always", False, {"TERM": "dumb"}, True, False),
        ("always", True, {"TERM": "dumb", "NO_COLOR": "1"}, True, False),
    ],
)
def test_colours_and_links_are_where_the_terminal_has_them_and_the_user_wants_them(
    monkeypatch: pytest.MonkeyPatch,
    color: str, on_terminal: bool, environment: dict[str, str], coloured: bool, linked: bool,
) -> None:  # fmt: skip
    seen = drawn(color, Terminal() if on_terminal else io.StringIO(), PLACED, monkeypatch, **environment)
    assert ((COLOURED in seen), (LINKED in seen)) == (coloured, linked)
    assert re.search(r"\x1b\[[0-9;]*3\dm", seen) or not coloured
    assert "Mùa gặt" in re.sub(r"\x1b\[[0-9;]*m", "", seen)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/kho/bài/mùa gặt.txt", "file:///kho/b%C3%A0i/m%C3%B9a%20g%E1%BA%B7t.txt"),
        ("/a\x1b]0;x\x07\n%20?#;b", "file:///a%1B%5D0%3Bx%07%0A%2520%3F%23%3Bb"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_link_holds_the_whole_path_and_nothing_raw(
    monkeypatch: pytest.MonkeyPatch, path: str, target: str | None
) -> None:
    seen = drawn("auto", Terminal(), Article("a", "Tên", "mùa lúa", path=path), monkeypatch)
    assert re.findall(r"\x1b\]8;id=\d+;([^\x1b]*)\x1b\\", seen) == ([target] if target else [])
    rest = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", seen)
    assert not re.search("[\x00-\x09\x0b-\x1f]", rest)


def test_without_colour_bars_and_numbers_still_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    facet = Facet("source", (FacetCount("Báo Làng", 1200), FacetCount("Báo Xã", 3), FacetCount(None, 600)))
    screen = console("never", width=60)
    screen.file = io.StringIO()
    print_facets(screen, SearchResults("q", 1803, (), 0.001, facets=(facet,)))
    assert screen.file.getvalue().splitlines() == [
        "theo nguồn",
        "Báo Làng    1.200  " + "█" * 41,
        "Báo Xã          3  ▏",
        "(không rõ)    600",
        "",
        "1.803 bài có đủ các từ · 1 ms",
    ]


def test_the_most_frequent_values_are_shown_and_all_the_months() -> None:
    sources = Facet("source", tuple(FacetCount(f"Báo {number}", 90 - number) for number in range(50)))
    months = Facet("month", tuple(FacetCount(f"20{year}-12", 1) for year in range(10, 60)))
    screen = Console(file=io.StringIO(), width=80)
    print_facets(screen, SearchResults("q", 9, (), 0.001, facets=(sources, months)))
    assert isinstance(screen.file, io.StringIO)
    lines = screen.file.getvalue().splitlines()
    assert [line[:6].rstrip() for line in lines if line.startswith("Báo")] == [f"Báo {number}" for number in range(20)]
    assert "… và 30 giá trị nữa (xem đủ với --json)" in lines
    assert [line[:7] for line in lines if line.startswith("12/")] == [f"12/20{year}" for year in range(10, 60)]


def test_an_article_is_read_in_lines_that_are_not_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "Một câu rất dài về mùa gặt. " * 30 + "\n\nĐoạn sau.\nDòng kế."
    for file, longest in ((Terminal(), 100), (io.StringIO(), 300)):
        monkeypatch.setattr("sys.stdout", file)
        print_article(console("never", width=300), Article("a", "Tên", body), (), (), "/")
        lines = re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue()).splitlines()
        assert longest - 10 < max(map(len, lines)) <= longest
        assert lines[-3:] == ["", "Đoạn sau.", "Dòng kế."]


@given(st.text("ab \n\t", max_size=40), st.data())
def test_white_space_shrinks_and_marks_stay_on_their_words(text: str, data: st.DataObject) -> None:
    spans = [match.span() for match in re.finditer(r"\S+", text)]
    spans = [span for span in spans if data.draw(st.booleans())]
    line, moved = _on_one_line(text, spans)
    assert line == " ".join(text.split()) if text.strip() == text else line.split() == text.split()
    assert [line[start:end] for start, end in moved] == [text[start:end] for start, end in spans]


hostile = st.text(
    st.one_of(
        st.sampled_from("\x1b\x07\x00\x9b\u202e\u2066\u200f\t\r\n[]31m東京한국กำ\u0301é👍🏽ạ "),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=300,
)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(hostile, hostile, st.sampled_from([20, 60, 140]))
def test_no_article_reaches_the_terminal_raw_or_breaks_the_layout(title: str, body: str, columns: int) -> None:
    title, body = (unicodedata.normalize("NFC", text) for text in (title, body))
    article = Article("a\x1b[2J", title, body, path="/kho/\x1b]0;x\x07a.txt", author=title[:20], source=body[:20])
    span = ((0, min(3, len(body))),) if body else ()
    parts = (Contribution(title[:40], body[:9], 0.35, 12.3), Contribution(body[:40], "shingles", 1e-9, 1e9))
    hit = Hit(1, 1.0, article, (Snippet(body[:200], span),), ((0, 1),) if title else (), ("\x1b[1m",), parts)
    values = tuple(FacetCount(text or None, count) for text, count in ((title, 10**7), (body, 3), ("", 1)))
    facets = tuple(Facet(field, values) for field in ("year", "month", "source", "author"))
    screen = Console(file=io.StringIO(), width=columns, height=40, markup=False, highlight=False, emoji=False)
    print_results(screen, SearchResults("q", 1, (hit,), 0.001), "/")
    print_article(screen, article, (), span, "/")
    print_facets(screen, SearchResults("q", 1, (), 0.001, facets=facets))
    print_words(screen, (WordCount(title, 9_999), WordCount(body, 1)))
    assert isinstance(screen.file, io.StringIO)
    shown = screen.file.getvalue()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]", shown)
    assert all(cell_len(line) <= max(columns, 20 + 4) for line in shown.split("\n"))


def accept_views() -> None:
    """Writes the golden files."""
    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = workplace(Path(folder))
        run_in_terminal("searchvn index corpus", place)
        for view, columns in SEEN:
            seen = same(run_in_terminal(VIEWS[view], place, columns))
            (GOLDEN / f"{view}-{columns}.txt").write_text(seen + "\n", encoding="utf-8")


if __name__ == "__main__":
    accept_views()
