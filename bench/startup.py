"""How long does `searchvn query` take from start to exit, as a multiple of a bare Typer app?

The gauge is a one-command Typer app of the installed version that prints its argument. All commands run in turn, so
noise hits them alike: piped (`--jsonl`, output to a pipe) and on a terminal (a pseudo-terminal of 100 columns, with
colours and rich), the gauge likewise. Usage: python bench/startup.py INDEX [QUERY] [--rounds N]. Prints medians in
milliseconds and the ratios. Main name: `measure`. Invariant: a command is timed until its output has ended.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

GAUGE = """import typer

app = typer.Typer()


@app.command()
def main(text: str) -> None:
    print(text)


app()
"""

QUERY = "đổi mới phương thức"
# As installed by pip, with compiled modules: some build environments forbid writing them.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("PYTHONDONTWRITEBYTECODE", "NO_COLOR")}
ENVIRONMENT["TERM"] = "xterm-256color"


def piped(command: list[str]) -> float:
    """Milliseconds from start to exit, output to a pipe."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, env=ENVIRONMENT)
    took = (time.perf_counter() - started) * 1000
    _checked(done.returncode, command)
    return took


def on_terminal(command: list[str]) -> float:
    """Milliseconds from start to exit on a pseudo-terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=ENVIRONMENT)
    os.close(theirs)
    with suppress(OSError):  # how Linux says that the other side is closed
        while os.read(ours, 1 << 16):
            pass
    process.wait()
    took = (time.perf_counter() - started) * 1000
    os.close(ours)
    _checked(process.returncode, command)
    return took


def _checked(status: int, command: list[str]) -> None:
    """Raises `RuntimeError` for a command that failed: its time would say nothing. 1 is a query that found nothing."""
    if status not in (0, 1):
        raise RuntimeError(f"exit status {status}: {' '.join(command)}")


def measure(index: str, query: str = QUERY, rounds: int = 40) -> dict[str, float]:
    """Median milliseconds of each command, and the ratios of searchvn to the gauge."""
    searchvn = [str(Path(sys.executable).with_name("searchvn")), "query", query, "--index", index]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "gauge.py")
        script.write_text(GAUGE, encoding="utf-8")
        gauge = [sys.executable, str(script), "x"]
        commands: dict[str, tuple[Callable[[list[str]], float], list[str]]] = {
            "python": (piped, [sys.executable, "-c", "pass"]),
            "gauge_piped": (piped, gauge),
            "searchvn_piped": (piped, [*searchvn, "--jsonl"]),
            "gauge_terminal": (on_terminal, gauge),
            "searchvn_terminal": (on_terminal, searchvn),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 2):
            for name, (timed, command) in commands.items():
                took = timed(command)
                if number > 1:  # the first two rounds fill caches
                    times[name].append(took)
    found = {name: statistics.median(values) for name, values in times.items()}
    for way in ("piped", "terminal"):
        found[f"ratio_{way}"] = found[f"searchvn_{way}"] / found[f"gauge_{way}"]
    return {name: round(value, 2) for name, value in found.items()}


def main() -> None:
    """Measures once and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index")
    parser.add_argument("query", nargs="?", default=QUERY)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    for name, value in measure(options.index, options.query, options.rounds).items():
        print(f"{name:18} {value:7.2f}{'' if name.startswith('ratio') else ' ms'}")


if __name__ == "__main__":
    main()
