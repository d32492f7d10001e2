"""Draws the pictures of the README: what a terminal shows, as SVG. Run by `make pictures`.

Main names: `VIEWS`, `draw`. Invariant: a picture is the output of the command that it names, typed in a real terminal;
tests/test_pictures.py compares.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
TOP = HERE.parents[1]
sys.path.insert(0, str(TOP / "tests"))
from test_docs import run_in_terminal  # noqa: E402

COLUMNS = 88
VIEWS = {
    "query": "searchvn query '\"đổi mới phương thức\"' -n 3",
    "unaccented": "searchvn query hoa giai co so -n 2",
    "facet": "searchvn query xã --facet year",
    "explain": "searchvn query đổi mới -n 1 --explain",
    "mistake": "searchvn query 'lúa titel:nước'",
}

# Light paper and dark ink; black, red, green, yellow, blue, magenta, cyan, white, then the bright ones.
_DARK = [(44, 44, 46), (186, 32, 37), (30, 120, 60), (150, 100, 0), (30, 80, 170), (130, 50, 140), (0, 115, 125)]
_BRIGHT = [(90, 90, 95), (200, 40, 45), (40, 140, 70), (170, 115, 0), (40, 95, 190), (150, 65, 160), (0, 130, 140)]
_THEME = TerminalTheme((252, 252, 250), (44, 44, 46), [*_DARK, (90, 90, 95)], [*_BRIGHT, (44, 44, 46)])
# Rich's frame without the fonts that it would load from afar.
_FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def shown(command: str, folder: Path) -> str:
    """What a colour terminal shows for `command` in `folder`, which holds the sample corpus and its index."""
    return run_in_terminal(command, folder, COLUMNS, "xterm-256color")


def draw(name: str, folder: Path) -> str:
    """The picture of a view."""
    screen = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    screen.print(Text(f"$ {VIEWS[name]}", style="bold"))
    screen.print(Text.from_ansi(shown(VIEWS[name], folder)))
    return screen.export_svg(title="searchvn", theme=_THEME, code_format=_FRAME, unique_id=f"view-{name}")


def main() -> None:
    """Draws all views."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(TOP / "corpus", place / "corpus")
        run_in_terminal("searchvn index corpus", place)
        for name in VIEWS:
            (HERE / f"{name}.svg").write_text(draw(name, place), encoding="utf-8")


if __name__ == "__main__":
    main()
