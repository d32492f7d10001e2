"""What bench/speed.py measured -> Markdown.

Main name: `markdown`. Invariants: every peer has a row in every table, with figures or with the reason why not; ratios
are given only where both sides had the same articles (speeds of indexing, which hardly depend on their number, always).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

_OURS = "searchvn"
_NONE = "–"


def markdown(found: Json) -> str:
    """The whole report."""
    corpus, peers = found["corpus"], found["peers"]
    parts = [
        f"# Speed: {corpus['name']}, {corpus['articles']:,} articles, {corpus['text_mb']:.1f} MB of text",
        _machine(found["machine"]),
        _missing(peers),
        "## Indexing\n\n" + "\n".join(_indexing(peers)),
        "## Queries, warm, in the process\n\n" + _QUERIES + _few(found) + "\n\n" + "\n".join(_queries(peers, "totals")),
        "## The same totals?\n\n" + _SAME + "\n\n" + "\n".join(_same(peers)),
        "## searchvn and others with less and with more\n\n" + "\n".join(_modes(peers)),
        "## A fresh process; queries a second\n\n" + _FRESH + "\n\n" + "\n".join(_processes(peers)),
    ]
    if "startup" in found:
        parts.append("## The command line, from start to exit\n\n" + "\n".join(_startup(found["startup"])))
    return "\n\n".join(part for part in parts if part) + "\n"


_QUERIES = (
    "Ten stored articles and the total; bm25s counts nothing, ripgrep ranks nothing. p50 / p95 / p99 in milliseconds, "
    "and p50 as a multiple of searchvn's where both have the same articles."
)
_SAME = (
    "The share of requests for which a peer counts as many articles as searchvn. searchvn also counts abbreviations "
    "for their full forms, unaccented text, and words in their other spelling (`kĩ` for `kỹ`, `hòa` for `hoà`; so does "
    "the Lucene peer); FTS5 takes all marks off, but that of đ."
)
_FRESH = (
    "Every process is Python's, from its start. That of Lucene starts a JVM besides, so its first figure has a Python "
    "start that a Java program would not have; the second is timed in the JVM."
)


def _machine(facts: Json) -> str:
    return "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items())


def _few(found: Json) -> str:
    """Which classes have fewer requests than were asked for."""
    few = [f"{kind} {number}" for kind, number in found["few_requests"].items()]
    return f" The corpus has not as many requests as asked for; timed in each mode: {', '.join(few)}." if few else ""


def _missing(peers: Json) -> str:
    rows = [f"- {peer['name']}: not measured, {peer['missing']}" for peer in peers.values() if "missing" in peer]
    return "\n".join(rows)


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _head(cells: Sequence[str]) -> Iterator[str]:
    yield _row(cells)
    yield _row(["---"] * len(cells))


def _indexing(peers: Json) -> Iterator[str]:
    names = ("articles", "mb_per_s", "cpu_seconds", "peak_memory_mb", "index_to_text", "note")
    yield from _head(["peer", "articles", "MB/s", "searchvn is", "CPU s", "peak MB", "index/text", "note"])
    ours = peers.get(_OURS, {}).get("indexing", {}).get("mb_per_s")
    for peer in peers.values():
        if "indexing" not in peer:
            yield _row([peer["name"], *[_NONE] * 6, "not measured"])
            continue
        articles, speed, *rest = (peer["indexing"][name] for name in names)
        if not speed:
            yield _row([peer["name"], articles, *[_NONE] * 5, rest[-1]])
        else:
            yield _row([peer["name"], articles, speed, f"{ours / speed:.2f} x" if ours else _NONE, *rest])


def _kinds(peers: Json) -> list[str]:
    return list(dict.fromkeys(kind for peer in peers.values() for kind in peer.get("queries", {})))


def _queries(peers: Json, mode: str) -> Iterator[str]:
    kinds = _kinds(peers)
    yield from _head(["peer", "articles", *kinds])
    for peer in peers.values():
        if "missing" in peer or "queries" not in peer:
            yield _row([peer["name"], _NONE, *["not measured" if "missing" in peer else "not asked"] * len(kinds)])
        else:
            cells = (_cell(peer, peers.get(_OURS, {}), kind, mode) for kind in kinds)
            yield _row([peer["name"], peer["indexing"]["articles"], *cells])


def _cell(peer: Json, ours: Json, kind: str, mode: str) -> str:
    figures = peer["queries"].get(kind, {}).get(mode)
    if not figures or "p50" not in figures:
        return "cannot" if not figures else _NONE
    text = f"{figures['p50']:.2f} / {figures['p95']:.2f} / {figures['p99']:.2f}"
    base = ours.get("queries", {}).get(kind, {}).get(mode, {}).get("p50")
    if peer is not ours and base and peer["indexing"]["articles"] == ours["indexing"]["articles"]:
        text += f" ({figures['p50'] / base:.2f} x)"
    return text


def _same(peers: Json) -> Iterator[str]:
    kinds = _kinds(peers)
    yield from _head(["peer", *kinds])
    for peer in peers.values():
        shares = [figures.get("same_total") for figures in peer.get("queries", {}).values()]
        if any(share is not None for share in shares):
            found = (peer["queries"].get(kind, {}).get("same_total") for kind in kinds)
            yield _row([peer["name"], *(_NONE if share is None else f"{share:.0%}" for share in found)])


def _modes(peers: Json) -> Iterator[str]:
    kinds = _kinds(peers)
    yield from _head(["peer", "mode", *kinds])
    for mode in ("hits", "totals", "snippets"):
        for peer in peers.values():
            measured = peer.get("queries", {})
            if mode != "totals" and any(mode in figures for figures in measured.values()):
                yield _row([peer["name"], _MODES[mode], *(_cell(peer, peer, kind, mode) for kind in kinds)])


_MODES = {"hits": "no total", "totals": "total", "snippets": "total and snippets"}


def _processes(peers: Json) -> Iterator[str]:
    yield from _head(["peer", "start to first answer, ms", "that answer, ms", "1 process, queries/s", "2 processes"])
    for peer in peers.values():
        cold, rate = peer.get("cold", {}), peer.get("queries_a_second", {})
        cells = (cold.get("process_ms"), cold.get("first_query_ms"), rate.get("1"), rate.get("2"))
        yield _row([peer["name"], *(_NONE if cell is None else cell for cell in cells)])


def _startup(figures: Json) -> Iterator[str]:
    yield from _head(["", "ms", "searchvn as a multiple of the gauge"])
    yield _row(["bare Python", figures["python"], ""])
    for way in ("piped", "terminal"):
        yield _row([f"gauge, {way}", figures[f"gauge_{way}"], ""])
        yield _row([f"searchvn query, {way}", figures[f"searchvn_{way}"], f"{figures[f'ratio_{way}']:.2f} x"])
