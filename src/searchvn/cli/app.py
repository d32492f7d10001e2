"""The Typer application: which commands there are. Main name: `build`.

Invariant: holds no logic of its own; only the command that was typed is imported: with all of them, and with what only
writing needs, a query took 232 instead of 200 ms where a bare Typer app took 100.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Annotated

import typer

from searchvn.cli.completion import COMPLETING, Shell, answer_shells, install_script, show_script
from searchvn.cli.pages import Command, Group

COMMANDS: dict[str, str] = {
    "index": "Đọc bài viết vào chỉ mục, cập nhật tệp đã đổi.",
    "query": "Tìm bài viết.",
    "show": "Hiện trọn một bài viết.",
    "similar": "Tìm những bài giống một bài.",
    "terms": "Liệt kê các từ bắt đầu như đã gõ.",
    "forget": "Bỏ một tệp hay thư mục khỏi chỉ mục.",
    "stats": "Cho biết trong chỉ mục có gì.",
    "check": "Kiểm tra chỉ mục.",
    "analyze": "Cho xem văn bản thành từ ra sao.",
    "config": "Liệt kê mọi cài đặt và nơi đặt.",
    "help": "Hướng dẫn; help query: cách viết truy vấn.",
}


def build(arguments: list[str]) -> typer.Typer:
    """The application with the command that `arguments` begin with, or with all of them (for --help)."""
    app = typer.Typer(
        name="searchvn",
        cls=Group,
        help="Tìm đúng bài viết tiếng Việt trong các thư mục của bạn.",
        no_args_is_help=True,
        add_completion=False,  # its options say nothing of shells; ours do
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_options)
    for name in arguments[:1] if arguments and arguments[0] in COMMANDS else list(COMMANDS):
        app.command(name, cls=Command, short_help=COMMANDS[name])(getattr(import_module(f"searchvn.cli.{name}"), name))
    if COMPLETING in os.environ:
        answer_shells()
    return app


def _options(
    version: Annotated[bool, typer.Option("--version", help="In số phiên bản.", is_eager=True)] = False,
    install_completion: Annotated[
        Shell | None,
        typer.Option(help="Cài phần tự điền bằng phím Tab (bỏ trống: trình bao đang dùng).", callback=install_script),
    ] = None,
    show_completion: Annotated[
        Shell | None, typer.Option(help="In phần tự điền ấy ra thay vì cài.", callback=show_script)
    ] = None,
) -> None:
    if version:
        from importlib.metadata import version as installed  # 10 ms that only --version needs

        typer.echo(f"searchvn {installed('searchvn')}")
        raise typer.Exit
