"""Lucene 8.7, by a small Java program beside this file (lucene/*.java) that does its own reading and analysis.

Main type: `Lucene`. Invariants: the program gets the same prepared corpus and the words of requests as text, and all
that is timed is timed inside the JVM; only the lists of Vietnamese syllables are searchvn's.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

from peers.base import ALL_KINDS, Answer, Indexed, Peer, Request
from searchvn.analysis.folding import strip_marks
from searchvn.analysis.lines import counts_in_capitals
from searchvn.analysis.syllables import INITIALS, RIMES, is_folded_syllable, is_syllable

SOURCES = Path(__file__).parent / "lucene"
JARS = Path("/usr/share/java")  # where Debian's liblucene8-java puts them
JAR = "lucene-core-8.7.0.jar"
# Of the collectors and buffers tried no other made a difference above the machine's noise (12,000 articles).
JAVA = ["java", "-Xmx2g", "-XX:+UseParallelGC", "-XX:+UseTransparentHugePages"]

_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


class Lucene:
    """Debian's Lucene with searchvn's fields."""

    name = "Lucene 8.7"
    kinds = ALL_KINDS
    modes: tuple[str, ...] = ("totals", "hits")
    most_articles: int | None = None
    most_requests: int | None = None

    def missing(self) -> str:
        if not shutil.which("javac") or not shutil.which("java"):
            return "no Java compiler (default-jdk-headless)"
        return "" if (JARS / JAR).exists() else "no Lucene (liblucene8-java)"

    def index(self, corpus: Path, folder: Path, threads: int) -> Indexed:
        tables = _prepared(folder)
        command = [*_java(folder), "index", str(corpus), str(folder / "index"), str(tables), str(threads)]
        said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        found = json.loads(said)
        (folder / "contents.json").write_text(json.dumps(found["fields"]), encoding="utf-8")
        return Indexed(
            found["articles"],
            found["text_bytes"],
            found["seconds"],
            found["cpu_seconds"],
            found["index_bytes"],
            "a fresh JVM",
        )

    def open(self, corpus: Path, folder: Path) -> LuceneSession:
        return LuceneSession([*_java(folder), "serve", str(folder / "index"), str(folder / "tables")])


class LuceneSession:
    """A JVM that answers."""

    def __init__(self, command: list[str]) -> None:
        self._java = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self, asked: Sequence[Request], mode: str) -> list[Answer]:
        assert self._java.stdin and self._java.stdout
        lines = [str(len(asked)), *(_line(request, mode) for request in asked)]
        self._java.stdin.write("\n".join(lines) + "\n")
        self._java.stdin.flush()
        return [_read(self._java.stdout.readline()) for _ in asked]

    def close(self) -> None:
        assert self._java.stdin
        self._java.stdin.close()
        self._java.wait()


def _line(request: Request, mode: str) -> str:
    texts = {**{name: str(value) for name, value in request._asdict().items()}, "words": " ".join(request.words)}
    return json.dumps({**texts, "mode": mode}, ensure_ascii=False)


def _read(line: str) -> Answer:
    took, total, hits = line.split()
    return Answer(float(took), int(total) if int(total) >= 0 else None, int(hits))


def _java(folder: Path) -> list[str]:
    return [*JAVA, "-cp", f"{JARS / JAR}:{folder / 'classes'}", "Main"]


def _prepared(folder: Path) -> Path:
    """Compiles the program and writes its lists; gives the folder of the lists."""
    sources = sorted(map(str, SOURCES.glob("*.java")))
    compiler = ["javac", "-encoding", "UTF-8", "-cp", str(JARS / JAR), "-d", str(folder / "classes")]
    subprocess.run([*compiler, *sources], check=True)
    tables = folder / "tables"
    tables.mkdir()
    for name, words in _syllables().items():
        (tables / f"{name}.txt").write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")
    return tables


def _syllables() -> dict[str, set[str]]:
    """All syllables: as exact terms, as folded terms, and as tokens that count in capitals."""
    plain = {initial + rime for initial in INITIALS for rime in RIMES}
    places = [(word[:at], word[at:]) for word in plain for at in range(1, len(word) + 1)]
    toned = {normalize("NFC", before + tone + after) for before, after in places for tone in _TONES}
    return {
        "syllables": set(filter(is_syllable, toned)),
        "folded": set(filter(is_folded_syllable, map(strip_marks, plain | {"gi"}))),
        "capitals": set(filter(counts_in_capitals, map(str.upper, plain))),
    }


LUCENE: Peer = Lucene()
