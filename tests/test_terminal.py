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
from searchvn.models import Snippet
from searchvn.render.terminal import _on_one_line, console, print_article, print_results
from test_docs import run_in_terminal, same, workplace

GOLDEN = Path(__file__).parent / "golden"
VIEWS = {
    "query": 'searchvn query "đổi mới phương thức" lãnh đạo -n 4',
    "unaccented": "searchvn query hoa giai co so -n 2",
    "show": "searchvn show corpus/chinh-quyen/bot-hop-doi-moi-cach-lam-viec-xa.txt --query 'đổi mới'",
}
COLUMNS = (60, 80, 140)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = workplace(tmp_path_factory.mktemp("views"))
    run_in_terminal("searchvn index corpus", folder)
    yield folder


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("view", sorted(VIEWS))
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


def test_without_colour_there_is_no_colour(tmp_path: Path) -> None:
    screen = console("never", width=80)
    screen.file = io.StringIO()
    print_results(screen, SearchResults("q", 0, (), 0.001), "/")
    assert screen.file.getvalue() == "không tìm thấy bài nào · 1 ms\n"


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
    hit = Hit(1, 1.0, article, (Snippet(body[:200], span),), ((0, 1),) if title else (), ("\x1b[1m",))
    screen = Console(file=io.StringIO(), width=columns, height=40, markup=False, highlight=False, emoji=False)
    print_results(screen, SearchResults("q", 1, (hit,), 0.001), "/")
    print_article(screen, article, (), span, "/")
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
        for view in VIEWS:
            for columns in COLUMNS:
                seen = same(run_in_terminal(VIEWS[view], place, columns))
                (GOLDEN / f"{view}-{columns}.txt").write_text(seen + "\n", encoding="utf-8")


if __name__ == "__main__":
    accept_views()
