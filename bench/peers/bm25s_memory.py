"""bm25s: BM25 by NumPy and SciPy in memory, with its own tokens.

Main type: `Bm25s`. Invariant: as its README uses it (`bm25s.tokenize`, no stop words, defaults otherwise); it ranks,
and knows no phrases, totals, prefixes or dates. Its index holds title and text as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from peers.base import TOP, Answer, Indexed, Peer, Request, folder_size, records, size_of_text, stopwatch, timed

try:
    import bm25s  # type: ignore[import-untyped,import-not-found,unused-ignore]
except ImportError:
    bm25s = None


class Bm25s:
    """One model, saved with its corpus."""

    name = "bm25s"
    kinds = frozenset(("short", "long", "typed"))
    modes: tuple[str, ...] = ("totals",)
    most_articles: int | None = None
    most_requests: int | None = None

    def missing(self) -> str:
        return "" if bm25s else "bm25s is not installed"

    def index(self, corpus: Path, folder: Path, threads: int) -> Indexed:
        with stopwatch() as watch:
            texts, size = [], 0
            for record in records(corpus):
                texts.append(f"{record['title']}\n{record['text']}")
                size += size_of_text(record)
            model = bm25s.BM25()
            model.index(bm25s.tokenize(texts, stopwords=None, show_progress=False), show_progress=False)
            model.save(str(folder), corpus=texts)
        note = "words of title and body as one; no positions, no totals"
        return Indexed(len(texts), size, watch.seconds, watch.cpu_seconds, folder_size(folder), note)

    def open(self, corpus: Path, folder: Path) -> Bm25sSession:
        return Bm25sSession(bm25s.BM25.load(str(folder), load_corpus=True))


class Bm25sSession:
    """A loaded model."""

    def __init__(self, model: bm25s.BM25) -> None:
        self._model = model

    def answer(self, asked: Sequence[Request], mode: str) -> list[Answer]:
        return timed(asked, mode, self._answer)

    def _answer(self, request: Request, mode: str) -> tuple[int | None, int]:
        tokens = bm25s.tokenize([" ".join(request.words)], stopwords=None, show_progress=False)
        most = min(TOP, len(self._model.corpus))
        found, _ = self._model.retrieve(tokens, k=most, show_progress=False)
        return None, sum(bool(article) for article in found[0])

    def close(self) -> None:
        pass


BM25S: Peer = Bm25s()
