"""What searchvn must show on real articles, in every engine. Skipped where the shared folder is absent."""

from __future__ import annotations

import gzip
import importlib
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

from searchvn import Index
from searchvn.articles.formats import read_file
from searchvn.query.parser import parse_query
from searchvn.query.syntax import is_plain_text
from searchvn.reports import Extraction

SHARED = Path(__file__).parents[2] / "shared"
FIVE = SHARED / "articles"
NEWS = SHARED / "corpora" / "news-2017.jsonl.gz"

pytestmark = pytest.mark.skipif(not FIVE.is_dir(), reason=f"{SHARED} is not here: nothing in this file is tried")


@pytest.fixture(scope="module", params=["tantivy", "whoosh"])
def five(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.create(str(tmp_path_factory.mktemp("five") / "index"), request.param) as index:
        report = index.update([str(FIVE)])
        assert (report.articles, report.skipped) == (5, ())
        yield index


def bench(name: str) -> ModuleType:
    """A module of bench/."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


def _files(index: Index, query: str) -> list[str]:
    return [hit.article.path.rsplit("/", 1)[1][:3] for hit in index.search(query).hits]


@pytest.mark.parametrize("query", ["đổi mới phương thức", "doi moi phuong thuc"])
def test_all_five_articles_are_about_it(five: Index, query: str) -> None:
    results = five.search(query)
    assert results.total == 5
    assert [hit.missing for hit in results.hits] == [()] * 5


@pytest.mark.parametrize(
    ("query", "file"),
    [
        ("Ngũ Hành Sơn", "000"),
        ("Đông Hà", "001"),
        ("Sơn Trà", "002"),
        ("Tây Hồ", "003"),
        ("Ngô Quyền", "004"),
        ("ngu hanh son", "000"),
        ("dong ha", "001"),
        ("son tra", "002"),
        ("tay ho", "003"),
        ("ngo quyen", "004"),
    ],
)
def test_a_place_finds_its_own_article_first(five: Index, query: str, file: str) -> None:
    assert _files(five, query)[0] == file


def test_both_tone_placements_give_the_same_hits(five: Index) -> None:
    new, old = five.search("cấp ủy"), five.search("cấp uỷ")
    assert [(hit.id, hit.score) for hit in new.hits] == [(hit.id, hit.score) for hit in old.hits]
    assert new.total == old.total == 5


def test_a_phrase_counts_the_articles_that_hold_it(five: Index) -> None:
    phrase = "đổi mới phương thức lãnh đạo"
    by_eye = sum(
        phrase in " ".join(path.read_text(encoding="utf-8").lower().replace("\n", " ").split())
        for path in FIVE.glob("*.txt")
    )
    assert five.count(f'"{phrase}"').total == by_eye == 3


@pytest.mark.parametrize(
    "query", ['"Thống kê truy cập"', "escort", '"QR Code"', '"CÁC TIN KHÁC"', "tongketcongtacxaydungdang", "Fanpage"]
)
def test_what_stands_around_the_articles_is_not_found(five: Index, query: str) -> None:
    assert five.count(query).total == 0


def test_the_five_articles_have_the_dates_that_they_say(five: Index) -> None:
    dates = {hit.article.path.rsplit("/", 1)[1][:3]: hit.article.published for hit in five.search("đổi mới").hits}
    assert dates == {
        "000": "2021-12-01", "001": "2020-07-02T14:28:39", "002": "2022-04-01T09:35", "003": None,
        "004": "2019-07-30T08:00",
    }  # fmt: skip


def test_texts_in_utf_16_are_read_whole() -> None:
    files = sorted((SHARED / "corpora" / "utf16").iterdir())
    read = [found for path in files for found in read_file(str(path), path.name)]
    assert len(read) == len(files) == 39
    for found in read:
        assert isinstance(found, Extraction) and found.encoding == "utf-16-le"
        text = found.article.title + found.article.body
        assert len(text) > 300 and found.article.title and not {"\ufeff", "\ufffd"} & set(text)


def test_a_thousand_dates_are_taken_as_they_stand() -> None:
    path = SHARED / "corpora" / "news-2024-dated.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        dates = {record["id"]: record["date"] for record in map(json.loads, stream)}
    found = {
        one.article.record_id: one.article.published
        for one in read_file(str(path), "tin")
        if isinstance(one, Extraction)
    }
    assert found == dates and len(found) == 1000


def test_every_headline_is_words_and_phrases_and_hardly_one_is_worth_a_note() -> None:
    if not NEWS.is_file():
        pytest.skip(f"{NEWS} is not here")
    queries = [parse_query(headline) for headline in bench("headlines").read_headlines(str(NEWS))]
    assert len(queries) > 35_000
    assert [query.text for query in queries if not is_plain_text(query)] == []
    assert sum(bool(query.notes) for query in queries) <= len(queries) / 5_000


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_a_headline_finds_its_own_article(engine: str, tmp_path: Path) -> None:
    """Among 500 articles; bench/headlines.py asks for every headline among all articles."""
    if not NEWS.is_file():
        pytest.skip(f"{NEWS} is not here")
    sample = tmp_path / "news.jsonl"
    with gzip.open(NEWS, "rb") as lines:
        sample.write_bytes(b"".join(islice(lines, 0, 35_000, 70)))
    with Index.create(str(tmp_path / "index"), engine) as index:
        assert index.update([str(sample)]).articles == 500
        asked = bench("headlines").read_headlines(str(sample))
        found = [own for _, own in bench("headlines").find(index, asked)]
    assert len(found) == 500
    assert sum(found) >= 0.99 * len(found)
