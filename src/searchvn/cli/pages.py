"""Help pages in Vietnamese: what Typer says of its own in English, translated. Main types: `Command`, `Group`.

Invariant: headings and notes only; the texts of commands and options are their own.
"""

from collections.abc import Sequence

from typer._click.core import Context
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption

_HEADINGS = {"Options": "Tùy chọn", "Commands": "Lệnh", "Arguments": "Tham số"}
_NOTES = (("[default: ", "[mặc định: "), ("[required]", "[bắt buộc]"))
_HELP = "In hướng dẫn này."


class _Formatter(HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "Cách dùng: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(name, _translated(text)) for name, text in rows], col_max, col_spacing)


def _translated(text: str) -> str:
    for english, vietnamese in _NOTES:
        text = text.replace(english, vietnamese)
    return text


class Command(TyperCommand):
    """A command whose help page is Vietnamese throughout."""

    def get_help(self, ctx: Context) -> str:
        ctx.formatter_class = _Formatter
        return super().get_help(ctx)

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        return _explained(super().get_help_option(ctx))


class Group(TyperGroup):
    """The same for the commands together."""

    def get_help(self, ctx: Context) -> str:
        ctx.formatter_class = _Formatter
        return super().get_help(ctx)

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        return _explained(super().get_help_option(ctx))


def _explained(option: TyperOption | None) -> TyperOption | None:
    if option:
        option.help = _HELP
    return option
