"""Sources -> their articles, in order; what is slow to read is read by other processes, ahead of its turn.

Main names: `read_all`, `Source`. Invariants: what comes out does not depend on `jobs`; a file that hangs, crashes or
swells its reader costs that file alone; no more than a window of files is taken ahead; nothing that a reader says is
run, only parsed.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing
from typing import Any, NamedTuple

from searchvn.articles.formats import is_slow, read_file
from searchvn.articles.walk import Fingerprint
from searchvn.articles.worker import MEMORY, OUT_OF_MEMORY, SECONDS, packed, unpacked
from searchvn.errors import ArticleError
from searchvn.models import Article
from searchvn.processes import MAX_ANSWER, LostError, Pool, signal_name
from searchvn.reports import Extraction, LeftOut, Skipped

AHEAD = 4  # files for each job that are taken ahead
AHEAD_BYTES = 64_000_000  # of files that wait for their turn, read or not

_COMMAND = ("-m", "searchvn.articles.worker")


class Source(NamedTuple):
    """A file to be read: its path, its key, what it is said to be in. The others are carried along."""

    path: str
    file: str
    encoding: str | None
    before: Fingerprint
    digest: str


Read = tuple[Source, Iterator[Extraction | Skipped]]


def read_all(
    sources: Iterable[Source | Skipped], jobs: int, at: Callable[[int], None] = lambda position: None
) -> Generator[Read | Skipped, None, None]:
    """Each source with its articles, in the order of `sources`; what is `Skipped` already stays in its place.

    The articles of a file are read while they are asked for, or have been read by one of `jobs` processes; if it cannot
    be read, asking for the first one raises `ArticleError` (or `OSError`). `at`: see `formats.read_file`. Processes are
    started for the first slow file, and end when this iterator ends or is closed.
    """
    coming = iter(sources)
    waiting: deque[tuple[Source | Skipped, Future[bytes] | None]] = deque()
    held = 0  # bytes of the files that readers have or had in hand
    with closing(Pool(jobs, *_COMMAND)) as readers:
        more = True
        while True:
            while more and len(waiting) < AHEAD * jobs and held < AHEAD_BYTES:
                source = next(coming, None)
                if source is None:
                    more = False
                elif isinstance(source, Skipped) or not is_slow(source.path):
                    waiting.append((source, None))
                else:
                    waiting.append(
                        (source, readers.submit(packed([source.path, source.file, source.encoding]), SECONDS))
                    )
                    held += source.before.size
            if not waiting:
                return
            source, answer = waiting.popleft()
            if isinstance(source, Skipped):
                yield source
            elif answer is None:
                yield source, _read_here(source, at)
            else:
                yield source, _articles(source, answer)
                held -= source.before.size


def _read_here(source: Source, at: Callable[[int], None]) -> Iterator[Extraction | Skipped]:
    try:
        yield from read_file(source.path, source.file, at, encoding=source.encoding)
    except MemoryError as error:
        raise ArticleError("hết bộ nhớ khi đọc tệp") from error


def _articles(source: Source, answer: Future[bytes]) -> Iterator[Extraction | Skipped]:
    try:
        told = unpacked(answer.result())
        found = [_found(source, one) for one in told["found"]]
        error = told["error"] and ArticleError(*told["error"])
    except LostError as lost:
        raise ArticleError(_reason(lost)) from lost
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ArticleError("trình đọc tệp trả lời sai") from problem
    yield from found
    if error:
        raise error


def _found(source: Source, told: Any) -> Extraction | Skipped:
    if "skipped" in told:
        return Skipped(*told["skipped"])
    article = Article(id=source.file, file=source.file, path=source.path, **told["article"])
    left_out = tuple(LeftOut(*line) for line in told["left_out"])
    return Extraction(article, told["encoding"], told["evidence"], left_out)


def _reason(lost: LostError) -> str:
    """Why a reader gave no answer."""
    match lost.kind:
        case "late":
            return f"đọc quá {SECONDS} giây mà chưa xong, bỏ dở"
        case "long":
            return f"chữ trong tệp quá nhiều (hơn {MAX_ANSWER // 1_000_000} MB)"
        case "silent":
            return "trình đọc tệp không trả lời nữa"
        case "unstarted":
            return f"không khởi động được trình đọc tệp: {lost.reason}"
    if lost.status == OUT_OF_MEMORY:
        return f"cần hơn {MEMORY >> 30} GB bộ nhớ để đọc"
    if lost.status < 0:
        return f"thư viện đọc tệp bị sập ({signal_name(lost.status)})"
    return f"trình đọc tệp dừng đột ngột (mã {lost.status})"
