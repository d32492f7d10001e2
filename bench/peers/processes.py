"""Starts a process for a peer, and measures its memory with that of its children.

Main names: `index`, `Server`. Invariants: a process does one peer's work and no other's; every process that is started
is ended and waited for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Any

from peers.base import Answer, Indexed, Request

_BENCH = Path(__file__).parents[1]
_EVERY = 0.25  # seconds between two looks at the memory of a process and its children: each stops it for a moment


class WorkerError(RuntimeError):
    """A peer's process failed; the message is the end of what it said."""


def _start(name: str, *arguments: object, **pipes: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "peers.worker", name, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(_BENCH)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=_BENCH, **pipes)


def index(name: str, corpus: Path, folder: Path, threads: int) -> tuple[Indexed, float]:
    """Has a peer index the corpus into `folder`; what it took, and the peak of its memory in MB.

    That is the proportional set size (smaps(5)) of the process and its children together, mapped files included, or
    the largest resident set of any of them, where that is more. Raises `WorkerError`.
    """
    with (folder / "errors.txt").open("w+") as errors:
        process = _start(name, "index", corpus.resolve(), folder.resolve(), threads, stderr=errors)
        done, peak = Event(), [0.0]
        watcher = Thread(target=_watch, args=(process.pid, done, peak))
        watcher.start()
        assert process.stdout
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watcher.join()
        errors.seek(0)
        if process.returncode:
            raise WorkerError(f"{name}: {errors.read()[-2000:]}")
    return Indexed(**json.loads(said)), max(peak[0], used.ru_maxrss / 1024)


def _watch(process: int, done: Event, peak: list[float]) -> None:
    while not done.wait(_EVERY):
        peak[0] = max(peak[0], sum(map(_memory, _family(process))))


def _family(process: int) -> list[int]:
    """A process and its descendants."""
    found = [process]
    for parent in found:
        try:
            tasks = list(Path(f"/proc/{parent}/task").iterdir())
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:  # it has ended, or there is no /proc
            continue
    return found


def _memory(process: int) -> float:
    """Proportional set size in MB; 0 where it cannot be told."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


class Server:
    """A process that has a peer's index open. Use it as a context manager."""

    def __init__(self, name: str, corpus: Path, folder: Path) -> None:
        self._name = name
        self._process = _start(
            name, "serve", corpus.resolve(), folder.resolve(), stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def send(self, asked: Sequence[Request], mode: str) -> None:
        """Gives it requests; `receive` waits for the answers."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"requests": asked, "mode": mode}) + "\n")
        self._process.stdin.flush()

    def receive(self) -> list[Answer]:
        """The answers to what was sent. Raises `WorkerError`."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise WorkerError(f"{self._name} ended while it was asked")
        return [Answer(*answer) for answer in json.loads(line)]

    def ask(self, asked: Sequence[Request], mode: str) -> list[Answer]:
        """Sends and receives."""
        self.send(asked, mode)
        return self.receive()
