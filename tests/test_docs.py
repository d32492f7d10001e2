"""The pages for users run: every console session and every Python example in them is executed and compared.

Sessions run in a copy of the sample corpus, on a pseudo-terminal of 80 columns without colours. To accept new output:
`python tests/test_docs.py` writes it into the pages.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

fcntl = pytest.importorskip("fcntl")
import pty  # noqa: E402 - like fcntl, only where there are terminals
import termios  # noqa: E402

TOP = Path(__file__).parents[1]
PAGES = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]
SESSION = re.compile(r"```console\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
# Times, speeds and sizes differ from run to run.
VARYING = re.compile(r"\d+(?:,\d+)? (?:ms|s|MB/s|MB)\b")


def run_in_terminal(command: str, folder: Path, columns: int = 80, terminal: str = "dumb") -> str:
    """What a person sees who types `command` in `folder`, in a terminal of the type that TERM names."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TERM": terminal,
        "COLUMNS": str(columns),
        "LC_ALL": "C.UTF-8",
    }
    environment.pop("SEARCHVN_INDEX", None)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        ["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    try:
        while block := os.read(ours, 65536):
            seen += block
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    process.wait()
    return seen.decode().replace("\r\n", "\n")


def sessions(text: str) -> list[list[tuple[str, str]]]:
    """The (command, output) pairs of every session of a page, without those of make."""
    found = []
    for match in SESSION.finditer(text):
        parts = re.split(r"^\$ ", match.group(1), flags=re.MULTILINE)[1:]
        steps = [(command, output) for command, _, output in (part.partition("\n") for part in parts)]
        if not any(command.startswith("make ") for command, _ in steps):
            found.append(steps)
    return found


def workplace(folder: Path) -> Path:
    """A folder with the sample corpus, indexed."""
    shutil.copytree(TOP / "corpus", folder / "corpus")
    return folder


def same(shown: str) -> str:
    """Output as it is compared."""
    return "\n".join(line.rstrip() for line in VARYING.sub("…", shown).splitlines())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_sessions_of_a_page_show_what_it_says(page: Path, tmp_path: Path) -> None:
    folder = workplace(tmp_path)
    for steps in sessions(page.read_text(encoding="utf-8")):
        for command, output in steps:
            assert same(run_in_terminal(command, folder)) == same(output), f"$ {command}"


def test_the_library_example_of_the_readme_runs(tmp_path: Path) -> None:
    (example,) = PYTHON.findall((TOP / "README.md").read_text(encoding="utf-8"))
    run = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [
        "1 Đổi mới cách dạy ['đổi', 'mới', 'phương', 'thức']",
        "1 Đổi mới cách dạy",
    ]
    assert len(example.strip().splitlines()) <= 10


def test_the_two_commands_come_first() -> None:
    text = (TOP / "README.md").read_text(encoding="utf-8")
    sessions_shown = "\n".join(match.group(1) for match in SESSION.finditer(text))
    commands = re.findall(r"^\$ (.*)", sessions_shown, re.MULTILINE)
    assert commands[:2] == ["make demo", "make test"]


def test_every_link_of_the_pages_leads_somewhere() -> None:
    for page in [*PAGES, TOP / "ARCHITECTURE.md", TOP / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def rewrite_pages() -> None:
    """Writes what the sessions show into the pages."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            place = workplace(Path(folder))
            for steps in sessions(text):
                old = "".join(f"$ {command}\n{output}" for command, output in steps)
                shown = [(command, same_lines(run_in_terminal(command, place))) for command, _ in steps]
                text = text.replace(old, "".join(f"$ {command}\n{output}" for command, output in shown))
        page.write_text(text, encoding="utf-8")


def same_lines(shown: str) -> str:
    """Output for a page: no blanks at the ends of lines."""
    return "".join(line.rstrip() + "\n" for line in shown.splitlines())


if __name__ == "__main__":
    rewrite_pages()
