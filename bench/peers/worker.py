"""One peer in a process of its own: it indexes and says what that took, or it answers batches of requests on stdin.

Usage: python -m peers.worker PEER index CORPUS FOLDER THREADS
       python -m peers.worker PEER serve CORPUS FOLDER
Main names: `index`, `serve`. Invariant: one line of JSON comes out for every task, and nothing else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from peers.base import Peer, Request
from peers.table import peer


def index(engine: Peer, corpus: Path, folder: Path, threads: int) -> None:
    """Indexes once."""
    print(json.dumps(engine.index(corpus, folder, threads)._asdict()))


def serve(engine: Peer, corpus: Path, folder: Path) -> None:
    """Answers a line of requests after the other, until stdin ends."""
    session = engine.open(corpus, folder)
    for line in sys.stdin:
        task = json.loads(line)
        asked = [Request(kind, tuple(words), *rest) for kind, words, *rest in task["requests"]]
        print(json.dumps(session.answer(asked, task["mode"])), flush=True)
    session.close()


def main() -> None:
    """The command line."""
    name, task, corpus, folder, *rest = sys.argv[1:]
    if task == "index":
        index(peer(name), Path(corpus), Path(folder), int(rest[0]))
    else:
        serve(peer(name), Path(corpus), Path(folder))


if __name__ == "__main__":
    main()
