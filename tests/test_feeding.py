"""Articles on their way into the engine: whoever analyzes them, the engine gets the same changes in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from searchvn import Article, feeding
from searchvn.engines.base import dump_article
from searchvn.engines.memory import MemoryEngine
from searchvn.feeding import Feed
from searchvn.models import AnalyzedArticle
from searchvn.query.ast import Term

TEXT = "Sáng nay, xã Hoà Bình họp bàn Nghị quyết 15-NQ/TW; TƯ yêu cầu bao cao truoc ngay 30/4. "
ARTICLES = [
    Article(f"b{number}", f"Bản tin số {number}", (TEXT + f"Tin {number}.\n") * (1 + number % 4), file=f"f{number}")
    for number in range(60)
] + [Article("lone", "nửa cặp \ud800", "東京 đổi mới", file="lone", author="Hoà")]


class Noting(MemoryEngine):
    """Keeps what it is given, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[object] = []

    def add(self, article: AnalyzedArticle) -> None:
        self.given.append((article.article.id, dict(article.terms), article.stored))
        super().add(article)

    def delete_file(self, file: str) -> None:
        self.given.append(f"file {file}")
        super().delete_file(file)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "_WORTH_IT", 3_000)
    monkeypatch.setattr(feeding, "_BATCH", 2_000)
    monkeypatch.setattr(feeding, "_MOST_UNDER_WAY", 4_000)


def fed(jobs: int) -> Noting:
    """An engine that was fed the articles, with deletions between them."""
    engine = Noting()
    feed = Feed(engine, nullcontext, jobs)
    try:
        for number, article in enumerate(ARTICLES):
            feed.add(article, dump_article(article))
            if number % 7 == 6:
                feed.delete_file(ARTICLES[number - 3].file)
                feed.delete([ARTICLES[number - 5].id])
        feed.drain()
    finally:
        feed.close()
    engine.commit()
    return engine


@pytest.fixture(scope="module")
def alone() -> Iterator[Noting]:
    yield fed(1)


def test_processes_change_nothing_of_what_the_engine_gets(alone: Noting) -> None:
    assert alone.given[0] == (
        "b0",
        dict(feeding.analyze(ARTICLES[0]).terms),
        dump_article(ARTICLES[0]),
    )
    assert fed(4).given == alone.given
    assert alone.articles() == len(ARTICLES) - 2 * (len(ARTICLES) // 7)
    assert alone.count(Term("shingles", "15nqtw")) > 20


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit(1)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import sys; sys.stdout.buffer.write((3).to_bytes(4, 'big') + b'???'); sys.stdout.flush(); sys.stdin.read()",
        "import marshal, sys; told = marshal.dumps([]); "
        "sys.stdout.buffer.write(len(told).to_bytes(4, 'big') + told); sys.stdout.flush(); sys.stdin.read()",
    ],
)
def test_a_process_that_fails_costs_nothing_but_time(
    program: str, alone: Noting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "_COMMAND", ("-c", program))
    monkeypatch.setattr(feeding, "_SECONDS", 5.0)
    assert fed(3).given == alone.given


def test_a_process_that_cannot_be_started_costs_nothing_but_time(
    alone: Noting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", full)
    assert fed(3).given == alone.given


def test_where_processes_are_well_they_do_the_work(alone: Noting, monkeypatch: pytest.MonkeyPatch) -> None:
    here: list[str] = []
    analyze = feeding.analyze
    monkeypatch.setattr(feeding, "analyze", lambda article: (here.append(article.id), analyze(article))[1])
    assert fed(3).given == alone.given
    assert 0 < len(here) < 15  # those that came before processes were worth it


def test_two_jobs_need_no_process(monkeypatch: pytest.MonkeyPatch, alone: Noting) -> None:
    monkeypatch.setattr(feeding, "Pool", None)
    assert fed(2).given == alone.given


def test_an_interrupt_while_a_batch_is_waited_for_loses_no_article(
    alone: Noting, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, asked = Noting(), 0
    answered = feeding._analyzed

    def interrupted(batch: feeding._Batch) -> object:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise KeyboardInterrupt
        return answered(batch)

    monkeypatch.setattr(feeding, "_analyzed", interrupted)
    feed = Feed(engine, nullcontext, 3)
    added = 0
    with pytest.raises(KeyboardInterrupt):
        for article in ARTICLES:
            added += 1
            feed.add(article, dump_article(article))
    assert added < len(ARTICLES)
    feed.drain()
    feed.close()
    assert [given[0] for given in engine.given if isinstance(given, tuple)] == [a.id for a in ARTICLES[:added]]


def test_an_index_is_the_same_however_many_jobs_make_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from searchvn import Index

    monkeypatch.chdir(tmp_path)
    Path("bài").mkdir()
    for article in ARTICLES[:40]:
        Path("bài", f"{article.id}.txt").write_text(f"{article.title}\n\n{article.body}", encoding="utf-8")
    answers = []
    for jobs in (1, 4):
        with Index.create(f"index-{jobs}") as index:
            index.update(["bài"], jobs=jobs)
            results = index.search("nghị quyết 15-NQ/TW", limit=20)
            answers.append((results.total, [(hit.id, round(hit.score or 0, 4)) for hit in results.hits]))
    assert answers[0] == answers[1]
    assert answers[0][0] == 40
