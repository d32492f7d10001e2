"""The one error boundary: every way a command can end becomes one line and an exit status.

Main name: `main`. Invariant: no traceback and no Rust trace in front of a user (a mistake in a query has two more
lines, which show the place); a closed pipe ends quietly; an output that cannot hold Vietnamese loses nothing.
"""

from __future__ import annotations

import codecs
import errno
import gc
import io
import os
import re
import sys
from contextlib import suppress

import typer

from searchvn.cli.app import COMMANDS, build
from searchvn.cli.completion import COMPLETING, with_shell
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
    (r"Invalid value for (.*): '(.*)' is not a valid int.*", r"\1 phải là số nguyên, không phải “\2”"),
    (r"Invalid value for (.*): (\S+) is not in the range x>=(\d+)", r"\1 phải từ \3 trở lên, không phải \2"),
)


def main() -> None:
    """Runs the command line and exits."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller; the next file opened would take its number
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115
    if not os.environ.get("SEARCHVN_DEBUG"):
        _keep_standard_error_for_us()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if not sys.stdout.encoding.lower().startswith("utf") and hasattr(sys.stdout, "reconfigure"):
        codecs.register_error("searchvn", _as_escapes)
        sys.stdout.reconfigure(encoding="ascii", errors="searchvn")  # a latin-1 é in json is no UTF-8 either
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


def _keep_standard_error_for_us() -> None:
    """Moves `sys.stderr` to a descriptor of its own and points number 2 nowhere.

    A panic in Rust, and what C libraries have to say, goes to number 2 past Python.
    """
    own = io.FileIO(os.dup(sys.stderr.fileno()), "w")  # no buffer: nothing is left to fail when Python ends
    sys.stderr = io.TextIOWrapper(own, sys.stderr.encoding, line_buffering=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _run(arguments: list[str]) -> int:
    arguments = with_shell(arguments) or ["--help"]
    try:
        program = build(arguments)
        if not gc.isenabled():  # see `searchvn.cli`
            gc.freeze()
            gc.enable()
        status = program(arguments, prog_name="searchvn", standalone_mode=False)
    except SearchvnError as error:
        _say_error(error, arguments)
        return error.exit_status
    except typer.Exit as ended:
        return ended.exit_code
    except typer.TyperException as error:
        command = f" {arguments[0]}" if arguments[0] in COMMANDS else ""
        say(_in_vietnamese(error.format_message()), f"xem cách dùng: searchvn{command} --help")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted(arguments)
    except SystemExit as ended:
        if COMPLETING in os.environ:  # fish reads the status
            return 1 if ended.code else 0
        _close_stdout()  # Typer's way of passing a closed pipe on
        return 0
    except BrokenPipeError:
        _close_stdout()
        return 0
    except OSError as error:
        return _system_error(error, arguments)
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
    hint = "những tệp đã đọc xong còn nguyên; chạy lại searchvn index để đọc nốt" if arguments[0] == "index" else ""
    say("đã dừng theo yêu cầu", hint)
    return INTERRUPTED


def say(message: str, hint: str = "") -> None:
    """One line on standard error."""
    line = f"searchvn: {message}" + (f". {hint[:1].upper()}{hint[1:]}" if hint else "")
    with suppress(OSError):  # nobody is left to be told; the exit status still says it
        print(harmless(line), file=sys.stderr)


def _in_vietnamese(message: str) -> str:
    """What was wrong with the arguments. A saying that is not in the table stays as it is."""
    message = message.removesuffix(".")
    for english, vietnamese in _SAYINGS:
        if found := re.fullmatch(english, message):
            return found.expand(vietnamese).replace("'", "")
    return message


def _say_error(error: SearchvnError, arguments: list[str]) -> None:
    """One line, and the query with a caret under the place where it cannot be read."""
    say(str(error), _with_index(error.hint, arguments))
    if isinstance(error, QuerySyntaxError) and error.query.strip():
        from searchvn.render.caret import pointed  # only for this

        with suppress(OSError):
            for line in pointed(error.query, error.position):
                print(f"  {line}", file=sys.stderr)


def _with_index(hint: str, arguments: list[str]) -> str:
    """The hint, with the --index that was given in the command that it says to type."""
    if "--index" not in arguments[:-1] or "--index" in hint:
        return hint
    from shlex import quote  # only for this

    place = quote(arguments[arguments.index("--index") + 1])
    return re.sub(r"(searchvn (?:index|query|stats|check|forget)\b)", lambda said: f"{said[1]} --index {place}", hint)


def _system_error(error: OSError, arguments: list[str]) -> int:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    where = f" ({error.filename})" if error.filename else ""
    whole = "; chỉ mục cũ còn nguyên" if arguments[0] in ("index", "forget") else ""
    hint = f"giải phóng dung lượng rồi chạy lại{whole}" if full else ""
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


def _as_escapes(error: UnicodeError) -> tuple[str, int]:
    """Letters that standard output cannot hold, as \\uXXXX: what json means by it, so scripts lose nothing.

    >>> codecs.register_error("searchvn", _as_escapes)
    >>> "đổi 𠮷".encode("ascii", "searchvn")
    b'\\\\u0111\\\\u1ed5i \\\\ud842\\\\udfb7'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True)), error.end
