"""The pictures of the pages show what the commands show today."""

from __future__ import annotations

import re
import sys
from html import unescape
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP / "docs" / "pictures"))
from draw import HERE, VIEWS, draw  # noqa: E402

from test_docs import run_in_terminal, same, workplace  # noqa: E402


def shown_in(picture: str) -> list[str]:
    """The lines of text of a picture, top to bottom."""
    lines: dict[float, str] = {}
    for at, text in re.findall(r'<text class="[\w-]*-r\d+"[^>]* y="([\d.]+)"[^>]*>(.*?)</text>', picture):
        lines[float(at)] = lines.get(float(at), "") + unescape(text).replace("\xa0", " ")
    return [line.rstrip() for _, line in sorted(lines.items())]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = workplace(tmp_path_factory.mktemp("pictures"))
    run_in_terminal("searchvn index corpus", folder)
    return folder


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_picture_is_of_todays_output(name: str, place: Path) -> None:
    kept = (HERE / f"{name}.svg").read_text(encoding="utf-8")
    lines = shown_in(kept)
    assert lines[0] == f"$ {VIEWS[name]}" and len(lines) > 3
    assert same("\n".join(lines)) == same("\n".join(shown_in(draw(name, place)))), "run: make pictures"


def test_every_picture_is_drawn_and_loads_nothing() -> None:
    assert {path.stem for path in HERE.glob("*.svg")} == set(VIEWS)
    for path in HERE.glob("*.svg"):
        addresses = re.findall(r"""(?:href|src|url)\W+(https?:[^"')]+)""", path.read_text(encoding="utf-8"))
        assert not addresses, f"{path.name} loads {addresses}"
