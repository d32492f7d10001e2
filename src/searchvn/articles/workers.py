"""Sources -> their articles, in order; what is slow to read is read by other processes, ahead of its turn.

Main names: `read_all`, `Source`. Invariants: what comes out does not depend on `jobs`; a file that hangs, crashes or
swells its reader costs that file alone; no more than a window of files is taken ahead; nothing that a reader says is
run, only parsed.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple

from searchvn.articles.formats import is_slow, read_file
from searchvn.articles.walk import Fingerprint
from searchvn.articles.worker import LENGTH, MEMORY, OUT_OF_MEMORY, SECONDS, framed, unframed
from searchvn.errors import ArticleError
from searchvn.models import Article, Extraction, LeftOut, Skipped

AHEAD = 4  # files for each job that are taken ahead
AHEAD_BYTES = 64_000_000  # of files that wait for their turn, read or not
MAX_ANSWER = 256_000_000  # bytes

_COMMAND = ("-m", "searchvn.articles.worker")
_BLOCK = 1 << 20


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
    with _readers(jobs) as readers:
        more = True
        while True:
            while more and len(waiting) < AHEAD * jobs and held < AHEAD_BYTES:
                source = next(coming, None)
                if source is None:
                    more = False
                elif isinstance(source, Skipped) or not is_slow(source.path):
                    waiting.append((source, None))
                else:
                    waiting.append((source, readers.submit(source)))
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
        told = unframed(answer.result())
        found = [_found(source, one) for one in told["found"]]
        error = told["error"] and ArticleError(*told["error"])
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


# --- processes


@contextmanager
def _readers(jobs: int) -> Iterator["_Readers"]:
    readers = _Readers(jobs)
    try:
        yield readers
    finally:
        readers.close()


class _Readers:
    """At most `jobs` processes, started when they are needed; each has a thread here that waits for its answers."""

    def __init__(self, jobs: int) -> None:
        self._threads = ThreadPoolExecutor(jobs, "searchvn-reader")
        self._idle: list[_Reader] = []
        self._all: list[_Reader] = []
        self._closed = False

    def submit(self, source: Source) -> Future[bytes]:
        """The answer about a source, or the `ArticleError` that there is none."""
        return self._threads.submit(self._read, source)

    def close(self) -> None:
        """Ends all processes, whatever they are at."""
        self._closed = True
        for reader in list(self._all):
            reader.stop()
        self._threads.shutdown(cancel_futures=True)
        for reader in self._all:
            reader.close()

    def _read(self, source: Source) -> bytes:
        try:
            reader = self._idle.pop()
        except IndexError:
            reader = self._new()
        try:
            answer = reader.ask([source.path, source.file, source.encoding])
        except _LostError as lost:
            self._all.remove(reader)
            reader.close()
            if lost.in_doubt and reader.asked > 1:  # what it read before may be to blame
                return self._read(source)
            raise ArticleError(str(lost)) from lost
        self._idle.append(reader)
        return answer

    def _new(self) -> "_Reader":
        reader = _Reader()
        self._all.append(reader)
        if self._closed:
            reader.stop()
        return reader


class _LostError(Exception):
    """A reader that will not answer, and why. `in_doubt`: a new one might."""

    def __init__(self, reason: str, *, in_doubt: bool = False) -> None:
        super().__init__(reason)
        self.in_doubt = in_doubt


class _Reader:
    """One process. It has a session of its own, so that Ctrl-C in the terminal is for this program alone."""

    def __init__(self) -> None:
        # The same modules as here; `-P`: and no others, which stand in the folder at hand.
        path = os.pathsep.join(place or os.getcwd() for place in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", *_COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        self.asked = 0

    def ask(self, request: object) -> bytes:
        """The answer to a request. Raises `_LostError`."""
        self.asked += 1
        deadline = time.monotonic() + SECONDS
        try:
            self._send(framed(request))
            length = int.from_bytes(self._receive(LENGTH, deadline), "big")
            if length > MAX_ANSWER:
                raise _LostError(f"chữ trong tệp quá nhiều (hơn {MAX_ANSWER // 1_000_000} MB)")
            return self._receive(length, deadline)
        except TimeoutError as error:
            raise _LostError(f"đọc quá {SECONDS} giây mà chưa xong, bỏ dở") from error
        except (EOFError, BrokenPipeError) as error:
            raise _LostError(self._cause(), in_doubt=True) from error

    def stop(self) -> None:
        """Ends the process, from any thread."""
        self._process.kill()

    def close(self) -> None:
        """Ends the process and lets go of all that it had."""
        self.stop()
        with self._process:
            pass

    def _send(self, message: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(message)  # a reader that is not at a file takes it at once

    def _receive(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        ready = select.poll()
        ready.register(pipe, select.POLLIN)
        received = bytearray()
        while len(received) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not ready.poll(left * 1000):
                raise TimeoutError
            if not (block := os.read(pipe, min(size - len(received), _BLOCK))):
                raise EOFError
            received += block
        return bytes(received)

    def _cause(self) -> str:
        """Why the process ended."""
        try:
            status = self._process.wait(1)
        except subprocess.TimeoutExpired:
            return "trình đọc tệp không trả lời nữa"
        if status == OUT_OF_MEMORY:
            return f"cần hơn {MEMORY >> 30} GB bộ nhớ để đọc"
        if status < 0:
            return f"thư viện đọc tệp bị sập ({signal.Signals(-status).name})"
        return f"trình đọc tệp dừng đột ngột (mã {status})"
