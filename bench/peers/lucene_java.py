"""Lucene 8.7, by a small Java program beside this file (lucene/*.java) that does its own reading and analysis.

Main types: `Lucene`, and `LuceneOwn`, the same fields by Lucene's own analyzers. Invariants: the programs get the same
prepared corpus and the words of requests as text, and all that is timed is timed inside the JVM; only the lists of
Vietnamese syllables are searchvn's.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

from peers.base import ALL_KINDS, Answer, Indexed, Peer, Request, Session
from searchvn.analysis.folding import strip_marks
from searchvn.analysis.lines import counts_in_capitals
from searchvn.analysis.syllables import INITIALS, RIMES, is_folded_syllable, is_syllable

SOURCES = Path(__file__).parent / "lucene"
JARS = Path("/usr/share/java")  # where Debian's liblucene8-java puts them
JAR = "lucene-core-8.7.0.jar"
ANALYZERS = "lucene-analyzers-common-8.7.0.jar"
# Of the collectors and buffers tried no other made a difference above the machine's noise (12,000 articles).
JAVA = ["java", "-Xmx2g", "-XX:+UseParallelGC", "-XX:+UseTransparentHugePages"]

_NOTE = "Debian's Lucene of 2020, a fresh JVM with a heap of 2 GB (ParallelGC)"
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
        _compile(folder, SOURCES, JAR)
        tables = _write_tables(folder)
        command = [*_java(folder, JAR), "Main", "index", corpus, folder / "index", tables, threads]
        return _indexed(command, folder, _NOTE)

    def open(self, corpus: Path, folder: Path) -> LuceneSession:
        return LuceneSession([*_java(folder, JAR), "Main", "serve", str(folder / "index"), str(folder / "tables")])


class LuceneOwn:
    """The same fields as its documentation makes them: StandardTokenizer, LowerCase-, ASCIIFolding- and ShingleFilter.

    Indexing only: it shows what Lucene's building blocks cost beside the analysis written for `Lucene`.
    """

    name = "Lucene 8.7, its own analyzers"
    kinds: frozenset[str] = frozenset()
    modes: tuple[str, ...] = ()
    most_articles: int | None = None
    most_requests: int | None = None

    def missing(self) -> str:
        return LUCENE.missing() or ("" if (JARS / ANALYZERS).exists() else f"no {ANALYZERS}")

    def index(self, corpus: Path, folder: Path, threads: int) -> Indexed:
        _compile(folder, SOURCES / "own", JAR, ANALYZERS)
        command = [*_java(folder, JAR, ANALYZERS), "Own", corpus, folder / "index", threads]
        return _indexed(command, folder, f"{_NOTE}; no bare text, no codes")

    def open(self, corpus: Path, folder: Path) -> Session:
        raise NotImplementedError("it answers no kind of request")


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


def _java(folder: Path, *jars: str) -> list[str]:
    return [*JAVA, "-cp", _class_path(folder, *jars)]


def _class_path(folder: Path, *jars: str) -> str:
    return ":".join(map(str, [*(JARS / jar for jar in jars), folder / "classes"]))


def _compile(folder: Path, sources: Path, *jars: str) -> None:
    """Compiles the programs in `sources` and what they need of the others into `folder`."""
    (folder / "classes").mkdir()
    compiler = ["javac", "-encoding", "UTF-8", "-cp", _class_path(folder, *jars), "-sourcepath", str(SOURCES)]
    programs = sorted(map(str, sources.glob("*.java")))
    subprocess.run([*compiler, "-d", str(folder / "classes"), *programs], check=True)


def _indexed(command: Sequence[object], folder: Path, note: str) -> Indexed:
    """Runs a program that indexes; what its fields hold is left in `folder`."""
    found = json.loads(subprocess.run(list(map(str, command)), capture_output=True, check=True, text=True).stdout)
    (folder / "contents.json").write_text(json.dumps(found["fields"]), encoding="utf-8")
    figures = {name: found[name] for name in ("articles", "text_bytes", "seconds", "cpu_seconds", "index_bytes")}
    return Indexed(**figures, note=note)


def _write_tables(folder: Path) -> Path:
    """The lists of syllables, a file each; gives their folder."""
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
ITS_OWN: Peer = LuceneOwn()
