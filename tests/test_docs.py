"""The pages for users run: every console session and every Python example in them is executed and compared.

Sessions run in a copy of the sample corpus, on a pseudo-terminal of 80 columns without colours; the files that a page
tells its readers to save are there. To accept new output: `python tests/test_docs.py` writes it into the pages, or into
those that are named: `python tests/test_docs.py GUIDE.md`.
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
PAGES = [TOP / "README.md", TOP / "GUIDE.md", *sorted((TOP / "docs").glob("*.md"))]
SESSION = re.compile(r"```console\n(.*?)```", re.DOTALL)
STEP = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)  # a command may go on behind a backslash
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
# A file for the reader to save: its first line gives the name, `# chon.sh: …`.
SAVED = re.compile(r"```(?:bash|python)\n(# ([\w.-]+): .*?)```", re.DOTALL)
# What a session may type and a machine may lack.
PROGRAMS = ("fzf", "jq", "rg")
# Times, speeds and sizes differ from run to run.
VARYING = re.compile(r"\d+(?:,\d+)? (?:ms|s|MB/s|MB)\b")


def run_in_terminal(command: str, folder: Path, columns: int = 80, terminal: str = "dumb") -> str:
    """What a person sees who types `command` in `folder`, in a terminal of the type that TERM names."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SEARCHVN_")},
        "XDG_CONFIG_HOME": str(folder / ".config"),  # settings of whoever runs the tests say nothing
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TERM": terminal,
        "COLUMNS": str(columns),
        "LC_ALL": "C.UTF-8",
    }
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


Session = list[tuple[str, str]]


def sessions(text: str) -> list[Session]:
    """The (command, output) pairs of every session of a page, without those of make."""
    found = [STEP.findall(match.group(1)) for match in SESSION.finditer(text)]
    return [steps for steps in found if not any(command.startswith("make ") for command, _ in steps)]


def programs(steps: Session) -> list[str]:
    """Which of PROGRAMS a session types."""
    typed = {word for command, _ in steps for word in re.findall(r"[\w-]+", command)}
    return [name for name in PROGRAMS if name in typed]


def workplace(folder: Path) -> Path:
    """A folder with the sample corpus."""
    shutil.copytree(TOP / "corpus", folder / "corpus")
    return folder


def readers_place(folder: Path, page: Path) -> Path:
    """A folder with the sample corpus and the files that `page` tells its readers to save."""
    for content, name in SAVED.findall(page.read_text(encoding="utf-8")):
        (folder / name).write_text(content, encoding="utf-8")
    return workplace(folder)


def seen_by_reader(command: str, folder: Path) -> str:
    """What `command` shows in `folder`, which stands in the reader's own folder."""
    return run_in_terminal(command, folder).replace(str(folder.resolve()), "/home/ban/tin-tuc")


def assert_shown(steps: Session, folder: Path) -> None:
    """What the commands print in `folder` is what stands below them."""
    for command, output in steps:
        assert same(seen_by_reader(command, folder)) == same(output), f"$ {command}"


def same(shown: str) -> str:
    """Output as it is compared."""
    return "\n".join(line.rstrip() for line in VARYING.sub("…", shown).splitlines())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_sessions_of_a_page_show_what_it_says(page: Path, tmp_path: Path) -> None:
    folder = readers_place(tmp_path, page)
    for steps in sessions(page.read_text(encoding="utf-8")):
        if not programs(steps):  # the others are the next test's
            assert_shown(steps, folder)


WITH_PROGRAMS = [
    pytest.param(page, steps, id=f"{page.name}-{number}-{'-'.join(programs(steps))}")
    for page in PAGES
    for number, steps in enumerate(sessions(page.read_text(encoding="utf-8")), start=1)
    if programs(steps)
]


@pytest.mark.parametrize(("page", "steps"), WITH_PROGRAMS)
def test_a_session_with_another_program_shows_what_it_says(page: Path, steps: Session, tmp_path: Path) -> None:
    for name in programs(steps):
        if not shutil.which(name):
            pytest.skip(f"{name} is not installed here")
    folder = readers_place(tmp_path, page)
    run_in_terminal("searchvn index corpus", folder)
    assert_shown(steps, folder)


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
        for target in re.findall(r"\]\((?!https?:|\{)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_link_within_a_page_leads_to_a_heading() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.*)", text, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors, page.name


def rewrite(page: Path) -> None:
    """Writes what the sessions show into the page."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        place = readers_place(Path(folder), page)
        for steps in sessions(text):
            if not all(map(shutil.which, programs(steps))):
                print(f"{page.name}: not run for want of a program: {steps[0][0]}", file=sys.stderr)
                continue
            old = "".join(f"$ {command}\n{output}" for command, output in steps)
            shown = [(command, same_lines(seen_by_reader(command, place))) for command, _ in steps]
            text = text.replace(old, "".join(f"$ {command}\n{output}" for command, output in shown))
    page.write_text(text, encoding="utf-8")


def same_lines(shown: str) -> str:
    """Output for a page: no blanks at the ends of lines."""
    return "".join(line.rstrip() + "\n" for line in shown.splitlines())


if __name__ == "__main__":
    for page in PAGES:
        if not sys.argv[1:] or page.name in sys.argv[1:]:
            rewrite(page)
