"""What an index has to survive, for minutes: kills, years of updates, readers beside a writer, damage to every file.

    python bench/torture.py [--kills 200] [--rounds 500] [--seconds 20] [--flips 2] [--engine tantivy|whoosh] [--seed 1]

Main name: `main`. Invariant: ends with 0 and a line for each ordeal and engine, or with the first promise that was
broken. `make test` holds a short version of each (tests/test_durability.py, tests/test_damage.py).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from ordeals import (
    damage_and_mend,
    damages,
    files_by_kind,
    kill_again_and_again,
    read_while_written,
    update_again_and_again,
    worn,
)
from support import ENGINES, quick_folder


def killed(room: Path, engine: str, asked: argparse.Namespace) -> str:
    """kill -9 while indexing, updating and rebuilding."""
    runs = kill_again_and_again(room, engine, asked.kills, asked.seed)
    return f"{asked.kills} kills in {runs} runs; every time the index opened, and equalled a fresh one after the next"


def updated(room: Path, engine: str, asked: argparse.Namespace) -> str:
    """Many rounds of updates."""
    sizes = update_again_and_again(room, engine, asked.rounds, asked.seed)
    assert max(sizes) < 2, f"the folder grew to {max(sizes):.2f} x a fresh one"
    shown = ", ".join(f"{sizes[at]:.2f}" for at in range(0, len(sizes), max(1, len(sizes) // 10)))
    return f"{asked.rounds} rounds; the folder is at most {max(sizes):.2f} x a fresh one ({shown})"


def read(room: Path, engine: str, asked: argparse.Namespace) -> str:
    """Readers beside a writer."""
    reads, commits = read_while_written(room, engine, asked.seconds)
    return f"{reads} readers opened the index during {commits} commits; each saw one of its states"


def damaged(room: Path, engine: str, asked: argparse.Namespace) -> str:
    """Flips and cuts of every file."""
    known, chance = worn(room, engine), random.Random(asked.seed)
    outcomes: Counter[str] = Counter()
    for path in (path for files in files_by_kind(room / "gốc").values() for path in files):
        for damage in damages(path, room / "gốc", asked.flips, chance):
            outcomes[damage_and_mend(room, known, damage)] += 1
    return f"{outcomes.total()} flips and cuts, all mended: {', '.join(f'{n} {what}' for what, n in outcomes.items())}"


ORDEALS: tuple[Callable[[Path, str, argparse.Namespace], str], ...] = (killed, updated, read, damaged)


def main() -> None:
    """Puts every engine through every ordeal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--flips", type=int, default=2)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for engine in asked.engine or ENGINES:
        for ordeal in ORDEALS:
            started = time.perf_counter()
            with quick_folder() as room:
                told = ordeal(room, engine, asked)
            print(f"{engine} {ordeal.__name__} ({time.perf_counter() - started:.0f} s): {told}", flush=True)


if __name__ == "__main__":
    main()
