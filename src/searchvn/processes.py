"""Another Python process that answers messages.

Main types: `Process`, and `Pool` of several. Invariants: a process that hangs, crashes or says too much costs its
answer and nothing else: the caller gets `LostError`; nothing that it says is run. A message is its length in four
bytes, big end first, and content.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor

from searchvn.errors import saying

LENGTH = 4  # bytes before each message
MAX_ANSWER = 256_000_000  # bytes

_BLOCK = 1 << 20


class LostError(Exception):
    """There will be no answer. `status` is that of the process if it ended by itself (negative: the signal's number).

    `reason` says why it could not be started.

    `kind` is "late", "long", "ended", "silent" (alive, but its pipe is closed) or "unstarted".
    """

    def __init__(self, kind: str, reason: str = "", status: int = 0) -> None:
        super().__init__(kind)
        self.kind, self.reason, self.status = kind, reason, status


class Process:
    """One process. It has a session of its own, so that Ctrl-C in the terminal is for this program alone."""

    def __init__(self, *command: str) -> None:
        # The same modules as here; `-P`: and no others, which stand in the folder at hand.
        path = os.pathsep.join(place or os.getcwd() for place in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        self.asked = 0

    def ask(self, message: bytes, seconds: float) -> bytes:
        """The answer to a message, within so many seconds. Raises `LostError`."""
        self.asked += 1
        deadline = time.monotonic() + seconds
        try:
            self._send(len(message).to_bytes(LENGTH, "big") + message)
            length = int.from_bytes(self._receive(LENGTH, deadline), "big")
            if length > MAX_ANSWER:
                raise LostError("long")
            return self._receive(length, deadline)
        except TimeoutError as error:
            raise LostError("late") from error
        except (EOFError, BrokenPipeError) as error:
            raise self._cause() from error

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
        rest = memoryview(message)
        while rest:  # a process that is not at a message takes it at once
            rest = rest[self._process.stdin.write(rest) or 0 :]

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

    def _cause(self) -> LostError:
        try:
            return LostError("ended", status=self._process.wait(1))
        except subprocess.TimeoutExpired:
            return LostError("silent")


class Pool:
    """At most `jobs` processes, started when they are needed; each has a thread here that waits for its answers."""

    def __init__(self, jobs: int, *command: str) -> None:
        self._command = command
        self._threads = ThreadPoolExecutor(jobs, "searchvn")
        self._idle: list[Process] = []
        self._all: list[Process] = []
        self._closed = False

    def submit(self, message: bytes, seconds: float) -> Future[bytes]:
        """The answer to a message, or the `LostError` that there is none."""
        return self._threads.submit(self._ask, message, seconds)

    def close(self) -> None:
        """Ends all processes, whatever they are at."""
        self._closed = True
        for process in list(self._all):
            process.stop()
        self._threads.shutdown(cancel_futures=True)
        for process in self._all:
            process.close()

    def _ask(self, message: bytes, seconds: float) -> bytes:
        try:
            process = self._idle.pop()
        except IndexError:
            process = self._new()
        try:
            answer = process.ask(message, seconds)
        except LostError as lost:
            self._all.remove(process)
            process.close()
            # What it was asked before may be to blame.
            if lost.kind in ("ended", "silent") and process.asked > 1 and not self._closed:
                return self._ask(message, seconds)
            raise
        self._idle.append(process)
        return answer

    def _new(self) -> Process:
        try:
            process = Process(*self._command)
        except OSError as error:
            raise LostError("unstarted", saying(error)) from error
        self._all.append(process)
        if self._closed:
            process.stop()
        return process


def signal_name(status: int) -> str:
    """The name of the signal that ended a process, of its status."""
    return signal.Signals(-status).name
