"""The one error boundary: every way a command can end becomes one line and an exit status.

Main name: `main`. Invariant: no traceback and no Rust trace in front of a user; a closed pipe ends quietly.
"""

from __future__ import annotations

import errno
import os
import re
import sys

import typer

from searchvn.cli.app import COMMANDS, build
from searchvn.cli.options import protect_query_text
from searchvn.errors import QuerySyntaxError, SearchvnError, saying
from searchvn.render.safe import harmless

INTERRUPTED = 130

# What Typer says in English -> the same in Vietnamese; tried in order.
_SAYINGS = (
    (r"No such command '(.*)'. Did you mean (.*)\?", r"không có lệnh “\1”; gần giống: \2"),
    (r"No such command '(.*)'", r"không có lệnh “\1”"),
    (r"No such option: (\S+)(?: \(Possible options: (.*)\))", r"không có tùy chọn \1; gần giống: \2"),
    (r"No such option: (\S+)", r"không có tùy chọn \1"),
    (r"Missing \w+ '\[?([A-Z|]*).*'", r"thiếu \1"),
    (r"Option '(.*)' requires an argument", r"tùy chọn \1 cần một giá trị"),
    (r"Option '(.*)' does not take a value", r"tùy chọn \1 không nhận giá trị"),
    (r"Got unexpected extra argument\S* \((.*)\)", r"thừa “\1”"),
    (r"Invalid value for (.*): '(.*)' is not one of (.*)", r"\1 không nhận “\2”; chọn một trong: \3"),
    (r"Invalid value for (.*): '(.*)' is not a valid int\w*", r"\1 phải là số nguyên, không phải “\2”"),
)


def main() -> None:
    """Runs the command line and exits."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller; the next file opened would take its number
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    status = _run(protect_query_text(sys.argv[1:]))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
    except OSError as error:
        say(f"không ghi được kết quả: {saying(error)}")
        status = 2
        _close_stdout()
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    arguments = arguments or ["--help"]
    try:
        status = build(arguments)(arguments, prog_name="searchvn", standalone_mode=False)
    except SearchvnError as error:
        say(_with_place(error), error.hint)
        return error.exit_status
    except typer.Exit as ended:
        return ended.exit_code
    except typer.TyperException as error:
        command = f" {arguments[0]}" if arguments[0] in COMMANDS else ""
        say(_in_vietnamese(error.format_message()), f"xem cách dùng: searchvn{command} --help")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted(arguments)
    except (BrokenPipeError, SystemExit):  # Typer turns the former into the latter
        _close_stdout()
        return 0
    except OSError as error:
        return _system_error(error)
    except MemoryError:
        say("hết bộ nhớ", "thử với ít bài hơn trong một tệp")
        return 2
    except Exception as error:
        return _unexpected(error)
    except BaseException as error:
        # What the Rust binding raises on a panic is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        return _unexpected(error)
    if status == INTERRUPTED:  # Typer's way of passing Ctrl-C on
        return _interrupted(arguments)
    return status if isinstance(status, int) else 0


def _interrupted(arguments: list[str]) -> int:
    hint = "những tệp đã đọc xong còn nguyên; chạy lại searchvn index để đọc tiếp" if arguments[0] == "index" else ""
    say("đã dừng theo yêu cầu", hint)
    return INTERRUPTED


def say(message: str, hint: str = "") -> None:
    """One line on standard error."""
    line = f"searchvn: {message}" + (f". {hint[:1].upper()}{hint[1:]}" if hint else "")
    print(harmless(line), file=sys.stderr)


def _in_vietnamese(message: str) -> str:
    """What was wrong with the arguments. A saying that is not in the table stays as it is."""
    message = message.removesuffix(".")
    for english, vietnamese in _SAYINGS:
        if found := re.fullmatch(english, message):
            return found.expand(vietnamese).replace("'", "")
    return message


def _with_place(error: SearchvnError) -> str:
    place = f" (ký tự thứ {error.position + 1})" if isinstance(error, QuerySyntaxError) and error.position else ""
    return f"{error}{place}"


def _system_error(error: OSError) -> int:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    where = f" ({error.filename})" if error.filename else ""
    hint = "giải phóng dung lượng rồi chạy lại; chỉ mục cũ còn nguyên" if full else ""
    say(f"{'hết chỗ trên đĩa' if full else saying(error)}{where}", hint)
    return 2


def _unexpected(error: BaseException) -> int:
    if os.environ.get("SEARCHVN_DEBUG"):
        raise error
    say(f"lỗi bên trong: {type(error).__name__}: {error}", "chạy lại với SEARCHVN_DEBUG=1 để xem chi tiết và báo lỗi")
    return 2


def _close_stdout() -> None:
    """Points standard output nowhere, so that the interpreter's last flush has nothing to complain about."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
