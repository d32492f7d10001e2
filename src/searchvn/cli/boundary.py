"""The one error boundary: every way a command can end becomes one line and an exit status.

Main name: `main`. Invariant: no traceback and no Rust trace in front of a user; a closed pipe ends quietly.
"""

from __future__ import annotations

import errno
import os
import sys

import typer

from searchvn.cli.app import build
from searchvn.cli.options import protect_query_text
from searchvn.errors import QuerySyntaxError, SearchvnError
from searchvn.render.safe import harmless

INTERRUPTED = 130


def main() -> None:
    """Runs the command line and exits."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    status = _run(protect_query_text(sys.argv[1:]))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
    except OSError as error:
        say(f"không ghi được kết quả: {error.strerror}")
        status = 2
        _close_stdout()
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    try:
        status = build(arguments)(arguments, prog_name="searchvn", standalone_mode=False)
    except SearchvnError as error:
        say(_with_place(error), error.hint)
        return error.exit_status
    except typer.Exit as ended:
        return ended.exit_code
    except typer.TyperException as error:
        say(error.format_message(), "xem cách dùng: searchvn --help")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        say("đã dừng theo yêu cầu")
        return INTERRUPTED
    except BrokenPipeError:
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
    return status if isinstance(status, int) else 0


def say(message: str, hint: str = "") -> None:
    """One line on standard error."""
    line = f"searchvn: {message}" + (f". {hint[:1].upper()}{hint[1:]}" if hint else "")
    print(harmless(line), file=sys.stderr)


def _with_place(error: SearchvnError) -> str:
    place = f" (ký tự thứ {error.position + 1})" if isinstance(error, QuerySyntaxError) and error.position else ""
    return f"{error}{place}"


def _system_error(error: OSError) -> int:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    where = f" ({error.filename})" if error.filename else ""
    hint = "giải phóng dung lượng rồi chạy lại; chỉ mục cũ còn nguyên" if full else ""
    say(f"{'hết chỗ trên đĩa' if full else error.strerror or error}{where}", hint)
    return 2


def _unexpected(error: BaseException) -> int:
    if os.environ.get("SEARCHVN_DEBUG"):
        raise error
    say(f"lỗi bên trong: {type(error).__name__}: {error}", "chạy lại với SEARCHVN_DEBUG=1 để xem chi tiết và báo lỗi")
    return 2


def _close_stdout() -> None:
    """Points standard output nowhere, so that the interpreter's last flush has nothing to complain about."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
