"""A process that analyzes articles for another one: `python -m searchvn.analysis.worker`, started by `feeding`.

Main names: `main`, `pack_articles`, `unpack_terms`. Invariant: its answers are what `terms.analyze` gives, in the order
asked. Messages (see `processes`) are in the form of `marshal`: both ends are this program, run by one Python; articles
are only data in it.
"""

import gc
import marshal
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress

from searchvn.analysis.terms import analyze
from searchvn.models import Article
from searchvn.processes import LENGTH

_FACTS = tuple(name for name in Article._fields if name not in ("extra", "path", "url"))  # what terms are made of


def pack_articles(articles: Iterable[Article]) -> bytes:
    """The message that asks for the terms of these articles."""
    return marshal.dumps([tuple(getattr(article, name) for name in _FACTS) for article in articles])


def unpack_terms(answer: bytes) -> list[Mapping[str, str]]:
    """The terms of each article that was asked for."""
    terms: list[Mapping[str, str]] = marshal.loads(answer)
    return terms


def main() -> None:
    """Answers on standard output what is asked on standard input, until it ends."""
    gc.disable()  # nothing here refers to itself
    with suppress(BrokenPipeError):
        while length := sys.stdin.buffer.read(LENGTH):
            asked = marshal.loads(sys.stdin.buffer.read(int.from_bytes(length, "big")))
            articles = (Article(**dict(zip(_FACTS, facts, strict=True))) for facts in asked)
            answer = marshal.dumps([analyze(article).terms for article in articles])
            sys.stdout.buffer.write(len(answer).to_bytes(LENGTH, "big"))
            sys.stdout.buffer.write(answer)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
