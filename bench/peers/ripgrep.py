"""ripgrep: the scan that needs no index.

Main type: `Ripgrep`. Invariant: it counts the lines of a text, an article a line, that have all the words, by a pipe of
scans as somebody types it; it neither ranks nor takes marks off nor reads dates.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from peers.base import FEW, Answer, Indexed, Peer, Request, records, size_of_text, timed

_TEXT = "articles.txt"
_RG = ["rg", "--ignore-case", "--word-regexp"]


class Ripgrep:
    """No index; what a user would do instead."""

    name = "ripgrep"
    kinds = frozenset(("short", "phrase", "boolean", "prefix"))
    modes: tuple[str, ...] = ("totals",)
    most_articles: int | None = None
    most_requests: int | None = FEW

    def missing(self) -> str:
        return "" if shutil.which("rg") else "rg is not installed"

    def index(self, corpus: Path, folder: Path, threads: int) -> Indexed:
        count = size = 0
        with (folder / _TEXT).open("w", encoding="utf-8") as out:
            for record in records(corpus):
                count += 1
                size += size_of_text(record)
                out.write(" ".join(f"{record['title']} {record['text']}".split()) + "\n")
        return Indexed(count, size, 0.0, 0.0, 0, "nothing to index; no ranking, totals only")

    def open(self, corpus: Path, folder: Path) -> RipgrepSession:
        return RipgrepSession(folder / _TEXT)


class RipgrepSession:
    """The text."""

    def __init__(self, text: Path) -> None:
        self._text = str(text)

    def answer(self, asked: Sequence[Request], mode: str) -> list[Answer]:
        return timed(asked, mode, self._answer)

    def _answer(self, request: Request, mode: str) -> tuple[int | None, int]:
        scans = [[*_RG, *pattern] for pattern in patterns(request)]
        scans[0].append(self._text)
        scans[-1].append("--count")
        running: list[subprocess.Popen[bytes]] = []
        for scan in scans:
            source = running[-1].stdout if running else subprocess.DEVNULL
            running.append(subprocess.Popen(scan, stdin=source, stdout=subprocess.PIPE))
        said = running[-1].communicate()[0]
        for process in running[:-1]:
            assert process.stdout
            process.stdout.close()
            process.wait()
        return int(said or 0), 0

    def close(self) -> None:
        pass


def patterns(request: Request) -> list[list[str]]:
    """The patterns of the scans, one piped into the next."""
    words = request.words
    match request.kind, request.operator:
        case "phrase", _:
            return [["--regexp", r"[^\w]+".join(map(re.escape, words))]]
        case "prefix", _:
            return [["--regexp", rf"{re.escape(words[0])}\w*"]]
        case "boolean", "OR":
            return [[part for word in words for part in ("--regexp", word)]]
        case "boolean", "NOT":
            return [["--regexp", words[0]], ["--invert-match", "--regexp", words[1]]]
    return [["--regexp", word] for word in words]


RIPGREP: Peer = Ripgrep()
