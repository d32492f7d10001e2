"""How many queries a second does `searchvn query - --jsonl` answer on one core, and does its memory stay flat?

Usage: python bench/stream.py INDEX QUERIES. QUERIES is a text file with a query a line; the answers go nowhere. Prints
queries a second from start to exit, processor seconds, and the anonymous memory after every tenth of the queries
(Linux: the index itself is mapped, and its pages are the system's to keep).
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path


def anonymous_memory(process: int) -> float:
    """Megabytes that a process has for itself."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def main() -> None:
    """Runs the queries once."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("index")
    options.add_argument("queries")
    asked = options.parse_args()
    queries = [line for line in Path(asked.queries).read_bytes().splitlines(keepends=True) if line.strip()]
    searchvn = str(Path(sys.executable).with_name("searchvn"))
    command = [searchvn, "query", "-", "--jsonl", "--index", asked.index]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
    assert process.stdin
    memory = []
    for number, line in enumerate(queries, start=1):
        process.stdin.write(line)
        process.stdin.flush()
        if number % (len(queries) // 10 or 1) == 0:
            memory.append(anonymous_memory(process.pid))
    process.stdin.close()
    process.wait()
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{len(queries)} queries in {seconds:.1f} s: {len(queries) / seconds:.0f} a second")
    print(
        f"processor {used.ru_utime + used.ru_stime:.1f} s; anonymous memory MB: {', '.join(f'{m:.0f}' for m in memory)}"
    )


if __name__ == "__main__":
    main()
