"""The table of docs/vietnamese.md: every row is tried, in every engine and beside what people use instead.

`python tests/test_vietnamese.py` writes the four columns of verdicts into the page. The segmenter's column is tried
where pyvi is installed (it is not needed for anything else), and skipped, saying so, where it is not.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from unidecode import unidecode

from searchvn.analysis.terms import analyze
from searchvn.engines.table import open_engine
from searchvn.highlight import mark
from searchvn.models import Article
from searchvn.query.parser import parse_query
from searchvn.query.rewrite import rewrite

PAGE = Path(__file__).parents[1] / "docs" / "vietnamese.md"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| (tìm|không) \|(.*)\|$", re.MULTILINE)

Row = tuple[str, str, bool, list[str]]  # query, text, whether it should be found, verdicts


def rows() -> list[Row]:
    page = PAGE.read_text(encoding="utf-8")
    return [(query, text, should == "tìm", cells.split("|")) for query, text, should, cells in ROW.findall(page)]


ROWS = rows()
ids = [f"{query}: {text}" for query, text, *_ in ROWS]


def by_searchvn(query: str, text: str, should: bool, engine: str, folder: str) -> bool:
    """Whether this article is counted for the query, as typed or widened; see the page for the other article."""
    opened = open_engine(engine, folder, create=True)
    try:
        article = Article("a", "", text)
        opened.add(analyze(article))
        if not should:
            opened.add(analyze(Article("b", "", f"Bài khác có {query}.")))
        opened.commit()
        plan = rewrite(parse_query(query), opened)
        if not opened.count(plan.matching) and plan.can_widen:
            plan = rewrite(parse_query(query), opened, widened=True)
        found = "a" in [hit.article.id for hit in opened.search(plan.matching, 2)]
        assert found == (not mark(article, plan.needles).missing)
        return found
    finally:
        opened.close()


def by_fts5(query: str, text: str) -> bool:
    """SQLite's full-text search with its strongest folding; every word a phrase, all of them."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE articles USING fts5(body, tokenize='unicode61 remove_diacritics 2')")
    database.execute("INSERT INTO articles VALUES (?)", (text,))
    wanted = " ".join(f'"{phrase}"' for phrase in _phrases(query))
    return bool(database.execute("SELECT count(*) FROM articles WHERE articles MATCH ?", (wanted,)).fetchone()[0])


def by_asciifolding(query: str, text: str) -> bool:
    """Words as Unicode cuts them (UAX 29: full stops and commas between digits do not cut), folded letter by letter."""

    def words(piece: str) -> list[str]:
        tokens = re.findall(r"\d+(?:[.,]\d+)+|[^\W_]+", unicodedata.normalize("NFC", piece))
        return ["".join(map(unidecode, token)).lower() for token in tokens]

    return _has_phrases(words(text), [words(phrase) for phrase in _phrases(query)])


def by_segmenter(query: str, text: str) -> bool:
    """Words as pyvi cuts them, marks kept."""
    pyvi = pytest.importorskip("pyvi.ViTokenizer", reason="pyvi is not installed: the segmenter's column is not tried")

    def words(piece: str) -> list[str]:
        return [word for word in pyvi.tokenize(piece).lower().split() if any(map(str.isalnum, word))]

    return _has_phrases(words(text), [words(phrase) for phrase in _phrases(query)])


def _phrases(query: str) -> list[str]:
    return [quoted or word for quoted, word in re.findall(r'"([^"]+)"|(\S+)', query)]


def _has_phrases(words: list[str], phrases: list[list[str]]) -> bool:
    return all(any(words[at : at + len(phrase)] == phrase for at in range(len(words))) for phrase in phrases if phrase)


OTHERS: list[Callable[[str, str], bool]] = [by_fts5, by_asciifolding, by_segmenter]


def test_the_table_is_read_and_covers_its_subjects() -> None:
    assert len(ROWS) == PAGE.read_text(encoding="utf-8").count("\n| `") >= 40
    assert sum(should for _, _, should, _ in ROWS) < len(ROWS)
    assert all(len(cells) == 4 for *_, cells in ROWS)


@pytest.mark.parametrize("engine", ["tantivy", "whoosh", "memory"])
@pytest.mark.parametrize(("query", "text", "should", "cells"), ROWS, ids=ids)
def test_searchvn_does_what_the_page_says(
    query: str, text: str, should: bool, cells: list[str], engine: str, tmp_path: Path
) -> None:
    assert by_searchvn(query, text, should, engine, str(tmp_path)) == should
    assert cells[0].strip() == "✓"


@pytest.mark.parametrize("number", range(len(OTHERS)), ids=["fts5", "asciifolding", "segmenter"])
@pytest.mark.parametrize(("query", "text", "should", "cells"), ROWS, ids=ids)
def test_the_others_do_what_the_page_says(query: str, text: str, should: bool, cells: list[str], number: int) -> None:
    right = OTHERS[number](query, text) == should
    assert cells[number + 1].strip() == ("✓" if right else "✗")


def _write() -> None:
    import tempfile

    def verdicts(match: re.Match[str]) -> str:
        query, text, should = match[1], match[2], match[3] == "tìm"
        with tempfile.TemporaryDirectory() as folder:
            found = [by_searchvn(query, text, should, "memory", folder), *(other(query, text) for other in OTHERS)]
        cells = " | ".join("✓" if one == should else "✗" for one in found)
        return f"| `{query}` | {text} | {match[3]} | {cells} |"

    PAGE.write_text(ROW.sub(verdicts, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    _write()
