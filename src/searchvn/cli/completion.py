"""Completion by the Tab key in bash, zsh and fish, on top of Typer's. Main names: `show_script`, `install_script`.

Invariant: a shell that asks (its script sets the variable `COMPLETING`) gets an answer made of all commands, whichever
was typed; nothing here runs when a command does.
"""

import os
from collections.abc import Callable
from enum import StrEnum

import typer
from typer._completion_classes import completion_init
from typer._completion_shared import get_completion_script, install

COMPLETING = "_SEARCHVN_COMPLETE"
_OPTIONS = ("--install-completion", "--show-completion")


class Shell(StrEnum):
    """Which shells can complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def answer_shells() -> None:
    """Makes Typer ready to answer a shell."""
    completion_init()


def with_shell(arguments: list[str]) -> list[str]:
    """The login shell after an option that was typed without one.

    >>> with_shell(["--show-completion", "fish"])
    ['--show-completion', 'fish']
    """
    shell = os.path.basename(os.environ.get("SHELL", ""))
    return [*arguments, shell] if len(arguments) == 1 and arguments[0] in _OPTIONS and shell else arguments


def show_script(shell: Shell | None) -> None:
    """Prints what the shell has to run, and ends."""
    if shell:
        typer.echo(get_completion_script(prog_name="searchvn", complete_var=COMPLETING, shell=shell))
        raise typer.Exit


def install_script(shell: Shell | None) -> None:
    """Puts the script where the shell finds it, and ends."""
    if shell:
        _, path = install(shell, "searchvn", COMPLETING)
        typer.echo(f"đã cài phần tự điền cho {shell} vào {path}; mở lại cửa sổ dòng lệnh để dùng")
        raise typer.Exit


def offering(*values: str) -> Callable[[str], list[str]]:
    """For an option that takes one of some values without being an enumeration: its `autocompletion`."""

    def offered(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return offered
