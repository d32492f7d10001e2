"""How fast is searchvn here, side by side with everything else that could be used instead?

Usage: python bench/speed.py [CORPUS] [QUERIES] [--peers a,b] [--limit N] [--requests N] [--threads 2] [--out DIR]
CORPUS is a file or folder of articles (without one it is generated, see corpora.py), QUERIES a text file with a query a
line. Writes speed.json and speed.md into DIR (default: runs/<date>-<machine>/) and prints the table; what it is doing
goes to standard error.

Main names: `Bench`, `main`. Invariants: every peer reads the same prepared corpus, in a process of its own; indexes are
made one after the other, in rounds, and requests are asked in small batches in turn, so noise hits all alike; no
request is asked twice in one process; a peer that cannot run, or cannot do a class, is in the table with the reason.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path
from shutil import rmtree
from typing import Any

import machine
import startup
from corpora import natural
from peers import processes
from peers.base import Answer, Indexed, Request, size_of_text
from peers.table import PEERS, peer
from query_classes import CLASSES, requests, typed
from searchvn.articles.formats import read_file
from searchvn.errors import ArticleError
from searchvn.models import Article
from searchvn.reports import Extraction
from speed_table import markdown

GENERATED = 20_000  # articles of a corpus that is made here
FIRST_DAY, DAYS = date(2010, 1, 1), 15 * 365  # of the dates given to articles without one
SAMPLE = 5_000  # articles whose words make the requests, spread over the corpus
BATCH = 10  # requests that one peer answers before the next
ROUNDS = 3  # of indexing
WARM = 300  # requests of a class before those that are timed, and once of all classes: a JVM needs several hundred
WARM_SECONDS = 2.0  # of one peer, at most
COLD = 5  # fresh processes
MOST_AT_ONCE = 2  # processes that answer
MINUTES, PER_MINUTE = 4, 3_500  # how long all peers take on two cores: whatever the corpus; articles for each more
MODES = ("totals", "hits", "snippets")
SEED = 2026

Json = dict[str, Any]


def read_corpus(path: str | None, limit: int | None) -> Iterator[Article]:
    """The articles of a file or of all files of a folder that can be read; generated ones without a path."""
    if path is None:
        for record in natural(limit or GENERATED, SEED):
            yield Article(
                record["id"], record["title"], record["text"], published=record["published"], source=record["source"]
            )
        return
    files = sorted(file for file in Path(path).rglob("*") if file.is_file()) if Path(path).is_dir() else [Path(path)]
    yield from islice(_readable(files), limit)


def _readable(files: Sequence[Path]) -> Iterator[Article]:
    for file in files:
        with suppress(ArticleError):  # a picture, a program: searchvn leaves it out as well
            yield from (found.article for found in read_file(str(file), file.name) if isinstance(found, Extraction))


def prepare(articles: Iterator[Article], path: Path) -> list[Article]:
    """Writes what every peer reads, JSON Lines; gives the articles back. Those without a date get one, by the seed."""
    numbers, kept = random.Random(SEED), []
    with path.open("w", encoding="utf-8") as out:
        for number, article in enumerate(articles):
            day = FIRST_DAY + timedelta(days=numbers.randrange(DAYS))
            article = article._replace(record_id=f"a{number}", published=article.published or day.isoformat())
            out.write(json.dumps(_record(article), ensure_ascii=False) + "\n")
            kept.append(article)
    return kept


def _record(article: Article) -> Json:
    facts = {name: getattr(article, name) for name in ("published", "source", "author", "url")}
    known = {name: value for name, value in facts.items() if value}
    return {"id": article.record_id, "title": article.title, "text": article.body, **known}


class Bench:
    """One run: a prepared corpus, the peers that can run, and what was measured so far."""

    def __init__(self, articles: Sequence[Article], names: Sequence[str], count: int, work: Path) -> None:
        self._articles, self._count, self._work = articles, count, work
        self._parts: dict[str, dict[str, list[Request]]] = {}
        self.few: dict[str, int] = {}  # class -> the requests timed in each mode, where these are fewer than asked for
        self.peers: dict[str, Json] = {name: {"name": peer(name).name} for name in names}
        for name, facts in self.peers.items():
            if reason := peer(name).missing():
                facts["missing"] = reason

    def running(self, kind: str = "") -> list[str]:
        """The peers that can run; those that can do a class of requests."""
        able = (name for name, facts in self.peers.items() if "missing" not in facts)
        return [name for name in able if not kind or kind in peer(name).kinds]

    def corpus(self, name: str) -> Path:
        """What a peer reads: the prepared corpus, or the sample of it that slow peers get."""
        most = peer(name).most_articles
        if most is None or most >= len(self._articles):
            return self._work / "articles.jsonl"
        sample = self._work / "sample.jsonl"
        if not sample.exists():
            lines = (self._work / "articles.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
            sample.write_text("".join(lines[:: len(lines) // most][:most]), encoding="utf-8")
        return sample

    def index(self, threads: int, rounds: int = ROUNDS) -> None:
        """Indexes with every peer, in turn; slow ones once. Of the runs of a peer the one in the middle counts.

        A peer that fails is out, with the reason.
        """
        taken: dict[str, list[tuple[Indexed, float]]] = {}
        for number in range(1, rounds + 1):
            for name in self.running():
                if number > 1 and peer(name).most_articles is not None:
                    continue
                say(f"indexing, round {number} of {rounds}: {peer(name).name}")
                folder = self._work / name
                rmtree(folder, ignore_errors=True)
                folder.mkdir()
                try:
                    taken.setdefault(name, []).append(processes.index(name, self.corpus(name), folder, threads))
                except processes.WorkerError as error:
                    self.peers[name]["missing"] = str(error)
        for name in self.running():
            by_time = sorted(taken[name], key=lambda run: run[0].seconds)
            self.peers[name]["indexing"] = _indexing(*by_time[len(by_time) // 2])

    def server(self, name: str) -> processes.Server:
        """A process that answers with a peer's index."""
        return processes.Server(name, self.corpus(name), self._work / name)

    def draw(self, queries: Sequence[str]) -> None:
        """Draws the requests of every class, once, and cuts them up for all that is asked; `queries` are typed ones."""
        modes = {name: size for mode in MODES for name, size in ((f"warm {mode}", WARM), (mode, self._count))}
        at_once = {f"warm {place}": WARM for place in range(MOST_AT_ONCE)}
        for count in range(1, MOST_AT_ONCE + 1):
            at_once.update({f"{place} of {count}": self._count for place in range(count)})
        for kind in [*CLASSES, *(["typed"] if queries else [])]:
            sizes = {"first": WARM, **modes, **(at_once if kind == "short" else {})}
            wanted = sum(sizes.values())
            if kind == "typed":
                drawn = typed(queries, wanted, SEED)
            else:
                drawn = requests(self._articles[:: max(1, len(self._articles) // SAMPLE)], kind, wanted, SEED)
            self._parts[kind] = cut(drawn, sizes)
            if len(drawn) < wanted:
                self.few[kind] = min(len(self._parts[kind][mode]) for mode in MODES)

    def query(self) -> None:
        """Asks all peers for every class of requests, in every mode they have."""
        with ExitStack() as stack:
            servers = {name: stack.enter_context(self.server(name)) for name in self.running() if peer(name).kinds}
            say(f"queries: every class once, not timed, by {len(servers)} peers in turn")
            for kind, parts in self._parts.items():
                self._warm(kind, "totals", parts["first"], servers)
            for kind, parts in self._parts.items():
                say(f"queries: {kind}, {len(parts[MODES[0]])} in each of {len(MODES)} modes")
                for mode in MODES:
                    self._warm(kind, mode, parts[f"warm {mode}"], servers)
                    self._measure(kind, mode, parts[mode], servers)

    def _measure(self, kind: str, mode: str, timed: Sequence[Request], servers: dict[str, processes.Server]) -> None:
        names = [name for name in self.running(kind) if mode in peer(name).modes]
        answers: dict[str, list[Answer]] = {name: [] for name in names}
        for start in range(0, len(timed), BATCH):
            for name in names:
                if start < (peer(name).most_requests or len(timed)):
                    answers[name] += servers[name].ask(timed[start : start + BATCH], mode)
        for name in names:
            self.peers[name].setdefault("queries", {}).setdefault(kind, {})[mode] = _times(answers[name])
        if mode == "totals":
            self._compare(kind, answers)

    def _warm(self, kind: str, mode: str, asked: Sequence[Request], servers: dict[str, processes.Server]) -> None:
        """Has every peer answer what is not timed; slow ones not all of it."""
        for name in self.running(kind):
            ended = time.perf_counter() + WARM_SECONDS
            for start in range(0, len(asked) if mode in peer(name).modes else 0, BATCH):
                if start >= (peer(name).most_requests or len(asked)) or time.perf_counter() > ended:
                    break
                servers[name].ask(asked[start : start + BATCH], mode)

    def _compare(self, kind: str, answers: dict[str, list[Answer]]) -> None:
        """Notes for how many requests a peer with the same articles counts as many as searchvn."""
        ours = answers.get("searchvn", [])
        for name, theirs in answers.items():
            same_corpus = self.corpus(name) == self.corpus("searchvn")
            comparable = same_corpus and all(answer.total is not None for answer in theirs)
            if ours and name != "searchvn" and comparable and theirs:
                same = sum(one.total == other.total for one, other in zip(ours, theirs, strict=False))
                self.peers[name]["queries"][kind]["same_total"] = round(same / len(theirs), 3)

    def cold(self) -> None:
        """Fresh processes in turn: from start to the first answer, and the first answer alone."""
        first = self._parts["short"]["totals"][:1]
        if not first:
            return
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in self.running("short")}
        for _ in range(COLD):
            for name, taken in times.items():
                started = time.perf_counter()
                with self.server(name) as server:
                    answer = server.ask(first, "totals")[0]
                    taken.append(((time.perf_counter() - started) * 1000, answer.took))
        for name, taken in times.items():
            whole, alone = map(statistics.median, zip(*taken, strict=True))
            self.peers[name]["cold"] = {"process_ms": round(whole, 1), "first_query_ms": round(alone, 2)}

    def throughput(self) -> None:
        """Short requests a second, from one process to `MOST_AT_ONCE`, each with requests of its own."""
        parts = self._parts["short"]
        for name in self.running("short"):
            if peer(name).most_requests is not None or not all(parts.values()):
                continue
            with ExitStack() as stack:
                servers = [stack.enter_context(self.server(name)) for _ in range(MOST_AT_ONCE)]
                for place, server in enumerate(servers):
                    server.ask(parts[f"warm {place}"], "totals")
                found = {}
                for count in range(1, MOST_AT_ONCE + 1):
                    own = [parts[f"{place} of {count}"] for place in range(count)]
                    found[str(count)] = _at_once(servers[:count], own)
            self.peers[name]["queries_a_second"] = found


def cut(drawn: Sequence[Request], sizes: Mapping[str, int]) -> dict[str, list[Request]]:
    """Parts of these sizes that have no request in common; where there are too few, all are smaller alike."""
    wanted = sum(sizes.values())
    given = min(len(drawn), wanted)
    ends = [end * given // wanted for end in accumulate(sizes.values())]
    return {name: list(drawn[start:end]) for name, start, end in zip(sizes, [0, *ends], ends, strict=False)}


def _at_once(servers: Sequence[processes.Server], asked: Sequence[Sequence[Request]]) -> float:
    started = time.perf_counter()
    for server, own in zip(servers, asked, strict=True):
        server.send(own, "totals")
    answered = sum(len(server.receive()) for server in servers)
    return round(answered / (time.perf_counter() - started), 1)


def _indexing(took: Indexed, peak: float) -> Json:
    megabytes = took.text_bytes / 1e6
    return {
        "articles": took.articles,
        "text_mb": round(megabytes, 2),
        "seconds": round(took.seconds, 2),
        "mb_per_s": round(megabytes / took.seconds, 2) if took.seconds else None,
        "cpu_seconds": round(took.cpu_seconds, 2),
        "peak_memory_mb": round(peak),
        "index_to_text": round(took.index_bytes / took.text_bytes, 2),
        "note": took.note,
    }


def _times(answers: Sequence[Answer]) -> Json:
    """Percentiles in milliseconds; how many requests; the mean total, which says how much was found."""
    times = sorted(answer.took for answer in answers)
    if not times:
        return {"requests": 0}
    found = {f"p{p}": round(times[min(len(times) - 1, len(times) * p // 100)], 3) for p in (50, 95, 99)}
    totals = [answer.total for answer in answers if answer.total is not None]
    return {**found, "requests": len(times), "mean_total": round(statistics.mean(totals), 1) if totals else None}


def say(doing: str) -> None:
    """One line on standard error: a run takes minutes."""
    print(doing, file=sys.stderr, flush=True)


def run(options: argparse.Namespace, work: Path) -> Json:
    """Everything, in one run."""
    began = machine.load()
    say("reading the corpus" if options.corpus else "making a corpus")
    articles = prepare(read_corpus(options.corpus, options.limit), work / "articles.jsonl")
    size = sum(size_of_text(_record(article)) for article in articles)
    minutes = MINUTES + len(articles) // PER_MINUTE
    say(f"{len(articles):,} articles, {size / 1e6:.0f} MB: with all peers about {minutes} minutes")
    bench = Bench(articles, options.peers, options.requests, work)
    for facts in bench.peers.values():
        if "missing" in facts:
            say(f"left out: {facts['name']} ({facts['missing']})")
    bench.index(options.threads)
    queries = Path(options.queries).read_text(encoding="utf-8").splitlines() if options.queries else []
    bench.draw([query for query in queries if query.strip()])
    bench.query()
    say("fresh processes")
    bench.cold()
    say("queries a second")
    bench.throughput()
    found = {
        "machine": {**machine.facts(), "threads": options.threads, "load_before": began, "load_after": machine.load()},
        "corpus": {
            "name": Path(options.corpus).name if options.corpus else "generated",
            "articles": len(articles),
            "text_mb": round(size / 1e6, 2),
        },
        "few_requests": bench.few,
        "peers": bench.peers,
    }
    if options.startup and "searchvn" in bench.running():
        say("start of the command line")
        found["startup"] = startup.measure(str(work / "searchvn" / "index"), rounds=options.startup)
    return found


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("queries", nargs="?")
    parser.add_argument("--peers", type=_names, default=list(PEERS), help=f"of {', '.join(PEERS)}")
    parser.add_argument("--limit", type=int, help="articles")
    parser.add_argument("--requests", type=int, default=300, help="timed ones of each class")
    parser.add_argument("--threads", type=int, default=2, help="of the peers whose indexing can use them")
    parser.add_argument("--startup", type=int, default=40, help="rounds of the command line's start; 0 for none")
    parser.add_argument("--out", type=Path, default=machine.folder())
    return parser.parse_args(given)


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    if unknown := set(names) - PEERS.keys():
        raise argparse.ArgumentTypeError(f"no peer {', '.join(sorted(unknown))}")
    return names


def main(given: Sequence[str] | None = None) -> Json:
    """Runs, writes, prints."""
    options = arguments(given)
    with tempfile.TemporaryDirectory() as work:
        found = run(options, Path(work))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "speed.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table = markdown(found)
    (options.out / "speed.md").write_text(table, encoding="utf-8")
    print(table)
    return found


if __name__ == "__main__":
    main()
