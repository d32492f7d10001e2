"""Extraction is held to the precision and recall it has reached, and the measure itself to what it is to notice."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from searchvn.models import Article

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
import extraction
from extraction import Count, Truth

LINES = ["Trang chủ", "Mở hội sách", "Sáng nay, hội sách khai mạc.", "Đông vui", "Hẹn gặp lại năm sau!", "Tin khác"]
PAGE = Truth(
    path=Path("hội.txt"),
    lines=LINES,
    article=True,
    fields={field: ["Mở hội sách"] if field == "title" else [None] for field in extraction.FIELDS},
    captions=["Đông vui"],
    more_captions=["Cổng hội"],
    body=frozenset({3, 5}),
    either=frozenset({4}),
)
READ = Article("", "Mở hội sách", "\n".join(LINES[2:5]), extra={"captions": ["Đông vui. Ảnh: Lan"]})


@pytest.mark.parametrize("name", extraction.SETS)
def test_no_figure_is_below_its_floor(name: str) -> None:
    folder = extraction.folders().get(name)
    if folder is None:
        pytest.skip(f"the set {name} is not in {extraction.SHARED}")
    verdicts = extraction.measure(name, folder)
    reached = {row: count.figures for row, count in extraction.totals(verdicts).items()}
    floors = json.loads(extraction.FLOORS.read_text(encoding="utf-8"))[name]
    fallen = [
        f"{row}: {kind} {reached[row].get(kind, 0.0):.3f}, must be {floor}"
        for row, kinds in floors.items()
        for kind, floor in kinds.items()
        if reached[row].get(kind, 0.0) < floor
    ]
    rows = tuple(f"{line.partition(':')[0]}: " for line in fallen)
    errors = [f"{verdict.path}: {error}" for verdict in verdicts for error in verdict.errors if error.startswith(rows)]
    assert not fallen, "\n".join([*fallen, *(errors if fallen else ())])


def test_every_article_of_the_corpus_is_measured() -> None:
    corpus = extraction.TOP / "corpus"
    articles = [path for ending in ("txt", "md", "html") for path in corpus.rglob(f"*.{ending}")]
    truths = list(extraction.read_truth("corpus", corpus))
    assert {truth.path for truth in truths} == set(articles)
    for truth in truths:
        assert not truth.body & truth.either, truth.path
        assert max(truth.body | truth.either) <= len(truth.lines), truth.path


def test_a_document_that_changed_is_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "TRUTH", tmp_path)
    (tmp_path / "bài.txt").write_text("Mở hội sách\n\nSáng nay.", encoding="utf-8")
    said = {"digest": extraction.fingerprint(["Mở hội sách", "Sáng nay."]), "title": "@1", "body": "2"}
    (tmp_path / "bài.json").write_text(json.dumps({"bài.txt": said}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"bài\.txt"):
        list(extraction.read_truth("bài", tmp_path))


def test_what_is_right_counts_as_right() -> None:
    verdict = extraction.judge(PAGE, READ)
    assert verdict.errors == []
    assert verdict.counts["title"] == verdict.counts["captions"] == Count(1, 1, 1)
    assert verdict.counts["body"] == Count(11, 11, 11)  # the caption's words count neither way
    assert verdict.counts["author"] == Count()


@pytest.mark.parametrize(
    ("change", "row", "count", "error"),
    [
        ({"title": ""}, "title", Count(1, 0, 0), "title: not found"),
        ({"title": "Tin khác"}, "title", Count(1, 1, 0), "title: 'Tin khác'"),
        ({"author": "Lan"}, "author", Count(0, 1, 0), "author: 'Lan', there is none"),
        ({"extra": {}}, "captions", Count(1, 0, 0), "captions: not found"),
        ({"extra": {"captions": ["Đông vui", "Cổng hội"]}}, "captions", Count(2, 2, 2), ""),
        ({"extra": {"captions": ["Đông vui", "Đông vui"]}}, "captions", Count(1, 2, 1), "captions: 'Đông vui'"),
        ({"body": "\n".join(LINES[2:])}, "body", Count(11, 13, 11), "body: 2 words: 'Tin khác'"),
        ({"body": LINES[2]}, "body", Count(11, 6, 6), "body: line 5 misses 5 words"),
        ({"body": f"{LINES[2]} {LINES[4]}"}, "body", Count(11, 11, 11), ""),
    ],
)
def test_what_is_wrong_is_counted_and_named(change: dict[str, object], row: str, count: Count, error: str) -> None:
    verdict = extraction.judge(PAGE, READ._replace(**change))  # type: ignore[arg-type]
    assert verdict.counts[row] == count
    assert [said for said in verdict.errors if not error or not said.startswith(error)] == []
    assert bool(verdict.errors) == bool(error)


def test_a_page_without_an_article_is_judged_by_that_alone() -> None:
    empty = PAGE._replace(article=False)
    assert extraction.judge(empty, None).counts == {"article": Count()}
    assert extraction.judge(empty, READ).counts == {"article": Count(0, 1, 0)}


def test_floors_are_rounded_down() -> None:
    assert extraction.floors({"title": Count(3, 3, 2), "views": Count(), "poster": Count(2, 0, 0)}) == {
        "title": {"precision": 0.66, "recall": 0.66},
        "poster": {"recall": 0.0},
    }
