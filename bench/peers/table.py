"""The table of peers, in the order in which they are shown; searchvn is the first.

Main names: `PEERS`, `peer`. Invariant: only the module of a peer that is asked for is imported, so a process that
answers starts as fast as its peer lets it.
"""

from functools import cache
from importlib import import_module

from peers.base import Peer

# What `--peers` takes -> module and name.
PEERS: dict[str, tuple[str, str]] = {
    "searchvn": ("ours", "OVER_TANTIVY"),
    "lucene": ("lucene_java", "LUCENE"),
    "lucene-own": ("lucene_java", "ITS_OWN"),
    "fts5": ("fts5", "FTS5"),
    "tantivy": ("bare_tantivy", "BARE_TANTIVY"),
    "bm25s": ("bm25s_memory", "BM25S"),
    "ripgrep": ("ripgrep", "RIPGREP"),
    "searchvn-whoosh": ("ours", "OVER_WHOOSH"),
    "whoosh": ("whoosh_docs", "WHOOSH"),
}


@cache
def peer(name: str) -> Peer:
    """The peer of that name. Raises `KeyError` for any other."""
    module, attribute = PEERS[name]
    found: Peer = getattr(import_module(f"peers.{module}"), attribute)
    return found
