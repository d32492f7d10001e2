"""Completion by the Tab key: what bash, zsh and fish are told, and that bash really completes."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from searchvn.articles.legacy import LEGACY
from searchvn.cli.app import COMMANDS
from searchvn.engines.table import ENGINES
from support import Ran, lay, run

SCRIPTS = str(Path(sys.executable).parent)
SHELLS = ("bash", "zsh", "fish")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory and home of the test's own, with the script in the path."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(shell: str, *words: str, action: str = "get-args") -> Ran:
    """What a shell is told that asks about the last of `words`, by the way its script asks."""
    line = " ".join(["searchvn", *words])
    questions = {
        "bash": {"COMP_WORDS": "\n".join(["searchvn", *words]), "COMP_CWORD": str(len(words))},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": action},
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("_SEARCHVN_COMPLETE", f"complete_{shell}")
        for name, value in questions[shell].items():
            patch.setenv(name, value)
        return run()


def offered(shell: str, *words: str) -> dict[str, str]:
    """What a shell may put in place of the last word, with the texts it shows beside (bash shows none)."""
    ran = asked(shell, *words)
    assert (ran.status, ran.err) == (0, "")
    if shell == "zsh":
        return dict(re.findall(r'"([^"]+)"(?::"((?:[^"]|"")*)")?', ran.out))
    lines = (line.partition("\t") for line in ran.out.splitlines() if line)
    return {value: text for value, _, text in lines}


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_are_completed(shell: str) -> None:
    assert list(offered(shell, "")) == list(COMMANDS)
    assert list(offered(shell, "que")) == ["query"]
    assert list(offered(shell, "s")) == ["show", "similar", "stats"]
    assert list(offered(shell, "help", "f")) == ["forget"]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_of_every_command_are_completed(shell: str, command: str) -> None:
    page = run(command, "--help").out
    options = set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", page, re.MULTILINE))
    found = offered(shell, command, "--")
    assert options == {name for name in found if name.startswith("--")} and "--help" in options
    if shell != "bash":
        assert all(re.search("[^\x00-\x7f]", text) for text in found.values()), "a text that is not Vietnamese"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("query", "--format"), ["rich", "plain", "json", "jsonl", "tsv", "csv"]),
        (("similar", "--format"), ["rich", "plain", "json", "jsonl", "tsv", "csv"]),
        (("query", "lúa", "gạo", "--sort"), ["relevance", "newest", "oldest"]),
        (("query", "--match"), ["any", "all"]),
        (("query", "--diacritics"), ["smart", "exact", "ignore"]),
        (("query", "--facet"), ["year", "month", "source", "author"]),
        (("query", "--color"), ["auto", "always", "never"]),
        (("show", "bài.txt", "--color"), ["auto", "always", "never"]),
        (("index", "bài", "--engine"), list(ENGINES)),
        (("index", "--encoding"), ["auto", *LEGACY]),
        (("--show-completion",), list(SHELLS)),
    ],
    ids=lambda value: "-".join(value),
)
def test_the_values_of_an_option_are_completed(shell: str, words: tuple[str, ...], values: list[str]) -> None:
    assert list(offered(shell, *words, "")) == values
    first = values[0][:2]
    assert list(offered(shell, *words, first)) == [value for value in values if value.startswith(first)]


@pytest.mark.parametrize(
    "words", [("index", "b"), ("index", "--index", ""), ("query", "--config", "b"), ("show", "b"), ("forget", "b")]
)
def test_where_a_file_is_meant_the_shell_is_left_to_complete_files(words: tuple[str, ...]) -> None:
    assert offered("bash", *words) == {}
    assert asked("zsh", *words).out.strip() == "_files"
    assert asked("fish", *words, action="is-args").status == 1
    assert asked("fish", "que", action="is-args").status == 0


def test_nothing_that_is_half_typed_makes_noise() -> None:
    for line in (["query", '"đổi m'], ["query", "-Vũng", "--fo"], ["không", "--"], ["query", "--limit", "x", "--so"]):
        for shell in SHELLS:
            ran = asked(shell, *line)
            assert "Traceback" not in ran.out and ran.err == "", (shell, line)
    assert list(offered("bash", "query", "-Vũng", "--fo")) == ["--format"]


# --- the scripts


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_asks_us(shell: str) -> None:
    ran = run("--show-completion", shell)
    assert (ran.status, ran.err) == (0, "")
    assert f"_SEARCHVN_COMPLETE=complete_{shell}" in ran.out


def test_without_a_name_the_login_shell_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert run("--show-completion") == run("--show-completion", "fish")
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert run("--show-completion").err.startswith(
        "searchvn: --show-completion không nhận “tcsh”; chọn một trong: bash"
    )
    monkeypatch.delenv("SHELL")
    ran = run("--install-completion")
    assert (ran.status, ran.out) == (2, "") and "--install-completion cần một giá trị" in ran.err


@pytest.mark.parametrize(
    ("shell", "place"),
    [
        ("bash", ".bash_completions/searchvn.sh"),
        ("zsh", ".zfunc/_searchvn"),
        ("fish", ".config/fish/completions/searchvn.fish"),
    ],
)
def test_installing_puts_the_script_where_the_shell_reads_it_once(here: Path, shell: str, place: str) -> None:
    for _ in range(2):
        ran = run("--install-completion", shell)
        assert (ran.status, ran.err) == (0, "") and str(here / place) in ran.out
    assert (here / place).read_text().strip() == run("--show-completion", shell).out.strip()
    if shell != "fish":  # which looks there by itself
        assert (here / f".{shell}rc").read_text().count("searchvn.sh" if shell == "bash" else ".zfunc") == 1


BASH = """
complete -p searchvn
ask() {
    COMP_WORDS=(searchvn "$@") COMP_CWORD=$# COMPREPLY=()
    _searchvn_completion searchvn
    echo "${COMPREPLY[*]}"
}
ask que
ask query --format js
ask query '"đổi mới"' --diac
ask query --color =
ask index b
"""


def test_bash_completes_with_the_installed_script(here: Path) -> None:
    run("--install-completion", "bash")
    done = subprocess.run(
        ["bash", "--norc", "-c", f". ~/.bashrc\n{BASH}"], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "complete -o default -F _searchvn_completion searchvn",
        "query",
        "json jsonl",
        "--diacritics",
        "auto always never",
        "",
    ]


def test_the_tab_key_completes_commands_and_files(here: Path) -> None:
    lay(here / "bai-viet", {"a.txt": "Một bài.\n"})
    (here / "rc").write_text(run("--show-completion", "bash").out + "PS1='> '\n")
    typed = {"searchvn anal\t": "searchvn analyze ", "searchvn index bai\t": "searchvn index bai-viet/"}
    child, screen = pty.fork()
    if child == 0:
        os.environ.update(TERM="dumb", INPUTRC="/dev/null")
        os.execvp("bash", ["bash", "--noprofile", "--rcfile", "rc", "-i"])
    try:
        seen_until(screen, "> ")
        for keys, line in typed.items():
            os.write(screen, keys.encode())
            assert line in seen_until(screen, line)
            os.write(screen, b"\x15")  # Ctrl-U: an empty line again
    finally:
        os.close(screen)
        os.waitpid(child, 0)


def seen_until(screen: int, wanted: str, seconds: float = 30) -> str:
    """What appears on a terminal until `wanted` does, or nothing more comes."""
    seen, until = "", time.monotonic() + seconds
    while wanted not in seen and time.monotonic() < until:
        if select.select([screen], [], [], 1)[0]:
            seen += os.read(screen, 1000).decode("utf-8", "replace")
    return seen
