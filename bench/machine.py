"""What a figure was measured on, and where results are kept.

Main names: `facts`, `folder`. Invariant: nothing here names a person, a host or a path.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RUNS = Path(__file__).parent / "runs"
LIBRARIES = ("searchvn", "tantivy", "whoosh-reloaded", "bm25s", "numpy", "typer", "rich")


def processor() -> str:
    """The model of the processor, as the system tells it."""
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_gb() -> float:
    """The machine's memory."""
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)


def load() -> float:
    """How many tasks wanted a processor in the last minute: those of others slow everything down."""
    return round(os.getloadavg()[0], 2)


def folder() -> Path:
    """runs/<date>-<machine>/, the machine by the last word of its processor's name and its cores."""
    words = re.findall(r"[a-z0-9]+", processor().lower())
    short = next((word for word in ("epyc", "xeon", "ryzen", "core", "apple", "graviton") if word in words), words[-1])
    return RUNS / f"{date.today().isoformat()}-{short}-{cores()}-cores"


def facts() -> dict[str, str | int | float]:
    """Processor, cores, memory, and the versions of everything that was measured."""
    found: dict[str, str | int | float] = {
        "processor": processor(),
        "cores": cores(),
        "memory_gb": memory_gb(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": sys.version.split()[0],
        "sqlite": sqlite3.sqlite_version,
    }
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    for name, command in (("java", ["java", "-version"]), ("ripgrep", ["rg", "--version"])):
        if shutil.which(command[0]):
            said = subprocess.run(command, capture_output=True, text=True, check=False)
            found[name] = (said.stdout or said.stderr).splitlines()[0]
    return found
