"""The cookbook of GUIDE.md beyond its sessions: what needs a keyboard is tried through the commands that it runs.

Main name: `place`. Invariant: scripts and commands are taken from the page, never copied here.
"""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from pathlib import Path

import pytest

from test_docs import SAVED, TOP, readers_place, run_in_terminal, sessions

GUIDE = TOP / "GUIDE.md"
SCRIPTS = {name: content for content, name in SAVED.findall(GUIDE.read_text(encoding="utf-8"))}
MARKED = "phê\x1b[0m"  # the end of what is marked


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's folder, with the index and the scripts of the page."""
    folder = readers_place(tmp_path_factory.mktemp("guide"), GUIDE)
    run_in_terminal("searchvn index corpus", folder)
    return folder


def shown(command: str, place: Path, **variables: str) -> str:
    """What a colour terminal shows for `command` with these variables set."""
    exported = "".join(f"export {name}={shlex.quote(value)}; " for name, value in variables.items())
    return run_in_terminal(exported + command, place, 80, "xterm-256color")


def for_line(template: str, line: str, query: str) -> str:
    """The command that fzf runs for a line of its list, as it fills in `{1}` and `{q}`."""
    return template.replace("{1}", shlex.quote(line.split("\t")[0])).replace("{q}", shlex.quote(query))


def preview(script: str) -> str:
    """What a script shows beside the list."""
    return re.search(r"--preview '([^']*)'", SCRIPTS[script])[1]  # type: ignore[index]


@pytest.mark.parametrize("query", ["cà phê", '"cà phê" giá', "-xăng cà phê"])
def test_what_the_picker_lists_can_be_read_beside_it(place: Path, query: str) -> None:
    listing = re.search(r"(searchvn query [^|]*)\|", SCRIPTS["chon.sh"])[1]  # type: ignore[index]
    lines = shown(listing, place, TIM=query).splitlines()
    line = next(line for line in lines if "bt-007" in line)
    article = shown(for_line(preview("chon.sh"), line, ""), place, TIM=query)
    assert line.endswith("\tGiá cà phê nhân vượt mốc mới, nông dân dè dặt bán ra")
    assert MARKED in article and "theo từng đợt" in article


def test_the_chosen_article_is_shown(place: Path) -> None:
    if not shutil.which("fzf"):
        pytest.skip("fzf is not installed here")
    chosen = shown("bash chon.sh cà phê", place, FZF_DEFAULT_OPTS="--filter='nhân vượt mốc'")
    assert "corpus/tap-hop/ban-tin-tong-hop.jsonl#bt-007" in chosen and "theo từng đợt" in chosen


@pytest.mark.parametrize("query", ["ca phe gi", '"cà phê', "-xăng cà phê", "it's cà phê"])
def test_every_key_lists_what_can_be_read(place: Path, query: str) -> None:
    reload = re.search(r"change:reload\((.*)\)'", SCRIPTS["tim.sh"])[1]  # type: ignore[index]
    line = shown(for_line(reload, "", query), place).splitlines()[0]
    assert line == "corpus/doi-song/tai-canh-ca-phe.txt\tTái canh cà phê: nhổ bỏ vườn già, kiên nhẫn ba năm"
    assert MARKED in shown(for_line(preview("tim.sh"), line, query), place)


@pytest.mark.parametrize("query", ["", "titel:x", "("])
def test_a_query_that_is_not_finished_yet_shows_nothing_and_fails_nothing(place: Path, query: str) -> None:
    reload = re.search(r"change:reload\((.*)\)'", SCRIPTS["tim.sh"])[1]  # type: ignore[index]
    assert shown(f"{for_line(reload, '', query)}; echo $?", place) == "0\n"


def test_the_table_for_spreadsheets_opens_as_one(place: Path) -> None:
    steps = next(steps for steps in sessions(GUIDE.read_text(encoding="utf-8")) if "gia.csv" in steps[0][0])
    shown(steps[0][0], place)
    assert (place / "gia.csv").read_bytes().startswith(b"\xef\xbb\xbfrank,")
    with (place / "gia.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["title"].startswith("Giá xăng giảm") and rows[0]["published"]
    assert str(len(rows)) == shown("searchvn query giá -c", place).strip()
