"""What a peer is: the Protocol, what it answers, and how it is timed.

Main types: `Peer`, `Session`, `Request`. Invariants: every peer reads the same prepared corpus (JSON Lines with id,
title, text, published and perhaps source, author, url) and answers the same requests; a peer that cannot do a class of
requests leaves it out of its `kinds` and never answers something else in its place; what is timed begins and ends
inside the process that does the work.
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

TOP = 10  # hits of every request
SAMPLE = 2_000  # articles for peers that would take hours
FEW = 20  # requests of a class for peers that take a tenth of a second and more
ALL_KINDS = frozenset("short long phrase unaccented boolean prefix dates newest typed".split())


class Request(NamedTuple):
    """One thing to look for; every peer writes it in its own language.

    `words` are in lower case, with their marks unless the kind is unaccented. `operator` (AND, OR, NOT) stands between
    the two words of a boolean request. `first` and `last` bound the date (YYYYMMDD, both included) of a request with
    dates; a request of the kind "newest" wants the newest first.
    """

    kind: str
    words: tuple[str, ...]
    operator: str = ""
    first: int = 0
    last: int = 0


class Indexed(NamedTuple):
    """What indexing took. Processor seconds are of the process and its children; sizes are in bytes.

    `note` says what a reader of the figures must know.
    """

    articles: int
    text_bytes: int
    seconds: float
    cpu_seconds: float
    index_bytes: int
    note: str = ""


class Answer(NamedTuple):
    """The answer to one request. `total`: the articles that have all the words; None where it was not counted.

    `hits`: how many of the ten best were read. `took` is in milliseconds.
    """

    took: float
    total: int | None
    hits: int


class Session(Protocol):
    """An open index."""

    def answer(self, asked: Sequence[Request], mode: str) -> list[Answer]:
        """Answers requests of `Peer.kinds` one after the other, in one of `Peer.modes`."""
        ...

    def close(self) -> None:
        """Frees what is open."""
        ...


class Peer(Protocol):
    """One engine.

    `modes`: "totals" (ten stored articles and the total) and perhaps "hits" (no total) and "snippets" (both, and
    passages).
    `most_articles` and `most_requests` (of a class) are what a slow one is given; None: all.
    """

    name: str
    kinds: frozenset[str]
    modes: tuple[str, ...]
    most_articles: int | None
    most_requests: int | None

    def missing(self) -> str:
        """What it needs and cannot find; empty if it can run."""
        ...

    def index(self, corpus: Path, folder: Path, threads: int) -> Indexed:
        """Indexes the corpus into an empty folder, and commits."""
        ...

    def open(self, corpus: Path, folder: Path) -> Session:
        """Opens what `index` made."""
        ...


class Watch:
    """Seconds on the wall and of the processor (children that have ended included) between start and end."""

    seconds = 0.0
    cpu_seconds = 0.0


@contextmanager
def stopwatch() -> Iterator[Watch]:
    """Measures what is done inside."""
    watch = Watch()
    started, cpu = time.perf_counter(), processor_seconds()
    yield watch
    watch.seconds, watch.cpu_seconds = time.perf_counter() - started, processor_seconds() - cpu


def processor_seconds() -> float:
    """Processor seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(
    asked: Sequence[Request], mode: str, answer: Callable[[Request, str], tuple[int | None, int]]
) -> list[Answer]:
    """Answers each request with `answer`, which gives the total and the number of hits."""
    answers = []
    for request in asked:
        started = time.perf_counter()
        total, hits = answer(request, mode)
        answers.append(Answer((time.perf_counter() - started) * 1000, total, hits))
    return answers


def records(corpus: Path) -> Iterator[dict[str, Any]]:
    """The records of the prepared corpus."""
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def size_of_text(record: dict[str, Any]) -> int:
    """Bytes of a record's title and text in UTF-8."""
    return len(record["title"].encode()) + len(record["text"].encode())


def folder_size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(os.path.getsize(path) for path in folder.rglob("*") if path.is_file())


def day_number(published: str | None) -> int:
    """YYYYMMDD of an ISO 8601 date, 0 for none."""
    return int(published[:10].replace("-", "")) if published else 0
