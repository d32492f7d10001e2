"""How long does `searchvn query … --jsonl` take from start to exit, as a multiple of a bare Typer app?

The gauge is a one-command Typer app of the installed version that prints its argument; both run in turn, so noise hits
both alike. Usage: python bench/startup.py INDEX [QUERY] [--rounds N]. Prints medians in milliseconds and the ratio.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GAUGE = """import typer

app = typer.Typer()


@app.command()
def main(text: str) -> None:
    print(text)


app()
"""

# As installed by pip, with compiled modules: some build environments forbid writing them.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def timed(command: list[str]) -> float:
    """Milliseconds from start to exit, output to a pipe."""
    started = time.perf_counter()
    subprocess.run(command, capture_output=True, check=False, env=ENVIRONMENT)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index")
    parser.add_argument("query", nargs="?", default="đổi mới phương thức")
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    script = Path(sys.executable).with_name("searchvn")
    with tempfile.TemporaryDirectory() as folder:
        gauge = Path(folder, "gauge.py")
        gauge.write_text(GAUGE, encoding="utf-8")
        commands = {
            "python": [sys.executable, "-c", "pass"],
            "gauge": [sys.executable, str(gauge), "x"],
            "searchvn": [str(script), "query", options.query, "--jsonl", "--index", options.index],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(options.rounds + 2):
            for name, command in commands.items():
                took = timed(command)
                if number > 1:  # the first two rounds fill caches
                    times[name].append(took)
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"{name:10} {median:7.1f} ms")
    print(f"ratio      {medians['searchvn'] / medians['gauge']:7.2f} x gauge")


if __name__ == "__main__":
    main()
