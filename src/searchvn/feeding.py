"""Articles -> their terms -> the engine, in order, on several cores.

Main type: `Feed`. Invariants: the engine gets the same changes in the same order whatever `jobs` is; no more than
`_MOST_UNDER_WAY` of text is under way, beside one batch; what an interrupt or a lost process leaves behind is analyzed
here.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, suppress

from searchvn.analysis.terms import analyze
from searchvn.analysis.worker import pack_articles, unpack_terms
from searchvn.engines.base import Engine
from searchvn.models import AnalyzedArticle, Article
from searchvn.processes import LostError, Pool

_COMMAND = ("-m", "searchvn.analysis.worker")
_SECONDS = 600.0  # for a batch; analysis takes a tenth of a second for each megabyte
_WORTH_IT = 4_000_000  # bytes of articles after which processes are started: before, they take longer than they save
_BATCH = 200_000  # bytes of articles that are sent at once
_MOST_SENT = 8_000_000  # a batch may end in one that is larger, whose terms would take four times as much in the answer
_MOST_UNDER_WAY = 4_000_000  # bytes of articles that processes have or had in hand: half a second of the engine's work
_BUSY = 2  # cores that this thread and the engine's keep busy; a process beside them made two cores 8% slower
_MOST = 2  # processes; they analyze more than an engine with one thread can take

Change = Callable[[Engine], None]


class _Batch:
    """Changes in their order: articles to add, each with its stored form, and others between them."""

    def __init__(self) -> None:
        self.changes: list[tuple[Article, bytes] | Change] = []
        self.size = 0
        self.answer: Future[bytes] | None = None

    @property
    def articles(self) -> list[Article]:
        return [change[0] for change in self.changes if isinstance(change, tuple)]


class Feed:
    """Feeds one engine. `writing` gives a context in which it is changed; `jobs` is how many cores there are."""

    def __init__(self, engine: Engine, writing: Callable[[], AbstractContextManager[None]], jobs: int = 1) -> None:
        self._engine, self._writing, self.jobs = engine, writing, jobs
        self._batches = deque([_Batch()])  # the last one is open
        self._seen = 0
        self._pool: Pool | None = None

    def add(self, article: Article, stored: bytes) -> None:
        """Adds an article; `stored` is what `engines.base.dump_article` makes of it."""
        if self._pool is None and not self._is_worth_it(len(stored)):
            analyzed = analyze(article)._replace(stored=stored)
            with self._writing():
                self._engine.add(analyzed)
            return
        batch = self._batches[-1]
        batch.changes.append((article, stored))
        batch.size += len(stored)
        if batch.size >= _BATCH:
            self._send()
            while len(self._batches) > 1 and sum(waiting.size for waiting in self._batches) > _MOST_UNDER_WAY:
                self._apply()

    def delete_file(self, file: str) -> None:
        """See `Engine.delete_file`."""
        self._change(lambda engine: engine.delete_file(file))

    def delete(self, ids: Sequence[str]) -> None:
        """See `Engine.delete`."""
        self._change(lambda engine: engine.delete(ids))

    def drain(self) -> None:
        """Waits until the engine has had all changes."""
        if self._batches[-1].changes:
            self._send()
        while len(self._batches) > 1:
            self._apply()

    def close(self) -> None:
        """Ends the processes; they are not started again."""
        self.jobs = 1
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _is_worth_it(self, size: int) -> bool:
        self._seen += size
        if self.jobs <= _BUSY or self._seen < _WORTH_IT:
            return False
        self._pool = Pool(min(self.jobs - _BUSY, _MOST), *_COMMAND)
        return True

    def _change(self, change: Change) -> None:
        if self._pool is not None:
            self._batches[-1].changes.append(change)
        else:
            with self._writing():
                change(self._engine)

    def _send(self) -> None:
        """Closes the open batch. An interrupt in between leaves it open and, with more articles, without its answer."""
        batch = self._batches[-1]
        if self._pool is not None and 0 < batch.size <= _MOST_SENT:
            with suppress(RuntimeError):  # no thread more: it is analyzed here
                batch.answer = self._pool.submit(pack_articles(batch.articles), _SECONDS)
        self._batches.append(_Batch())

    def _apply(self) -> None:
        """Gives the engine the changes of the first batch. It stays the first until the engine has all of them."""
        batch = self._batches[0]
        analyzed = list(_analyzed(batch))[::-1]  # before anything is written
        with self._writing():
            for change in batch.changes:
                if isinstance(change, tuple):
                    self._engine.add(analyzed.pop())
                else:
                    change(self._engine)
            self._batches.popleft()


def _analyzed(batch: _Batch) -> Iterable[AnalyzedArticle]:
    articles = batch.articles
    try:
        terms = unpack_terms(batch.answer.result()) if batch.answer else []
    except (LostError, ValueError, EOFError, TypeError):
        terms = []
    stored = (change[1] for change in batch.changes if isinstance(change, tuple))
    if len(terms) == len(articles):
        return map(AnalyzedArticle, articles, terms, stored)
    return (analyze(article)._replace(stored=its) for article, its in zip(articles, stored, strict=True))
