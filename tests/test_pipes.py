"""What happens to outputs that are closed, full, interrupted or cannot hold Vietnamese, with the installed script."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from support import Ran, lay, quick_folder, run

SCRIPT = str(Path(sys.executable).with_name("searchvn"))
FULL = "searchvn: hết chỗ trên đĩa. Giải phóng dung lượng rồi chạy lại\n"
STOPPED = "searchvn: đã dừng theo yêu cầu\n"
TITLE = "Làng mở hội, 𠮷 và é"


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder with an index over 400 articles, more than a pipe holds."""
    with quick_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        record = json.dumps({"title": TITLE, "text": "Dân làng mở hội bên bến sông. " * 20}, ensure_ascii=False)
        lay(folder / "bài", {"làng.jsonl": f"{record}\n" * 400})
        assert run("index", "bài").status == 0
        yield folder


@pytest.fixture
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(place)
    return place


def shell(line: str, **environment: str) -> Ran:
    """Runs a line of bash in which $0 is the script."""
    done = subprocess.run(
        ["bash", "-c", line, SCRIPT], capture_output=True, timeout=60, check=False, env={**os.environ, **environment}
    )
    return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode())


LONG = [
    '"$0" query làng -n 400 --jsonl',
    '"$0" query làng -n 400 --json',
    '"$0" query làng -n 400 --format rich',
    'yes làng | head -300 | "$0" query - --format tsv',
    '"$0" show bài/làng.jsonl',
]
SHORT = ['"$0" query làng -c', '"$0" stats', '"$0" config', '"$0" config --json', '"$0" --help', '"$0" help query']


@pytest.mark.parametrize("command", LONG + SHORT)
def test_a_full_disk_is_said_in_one_line(here: Path, command: str) -> None:
    ran = shell(f"set -o pipefail; {command} > /dev/full")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err in (FULL, "searchvn: không ghi được kết quả: đĩa hết chỗ\n")


@pytest.mark.parametrize("command", LONG)
def test_a_reader_that_has_enough_ends_the_command_quietly(here: Path, command: str) -> None:
    ran = shell(f'{command} | head -c 20 | wc -c; echo "${{PIPESTATUS[0]}}"')
    count, status = ran.out.split()
    assert (count, ran.err) == ("20", "")
    assert status == ("141" if command.startswith("yes") else "0")


def test_queries_without_end_stop_when_the_reader_has_enough(here: Path) -> None:
    ran = shell('yes làng | "$0" query - --jsonl | head -1; echo "${PIPESTATUS[1]}"')
    first, status = ran.out.splitlines()
    assert json.loads(first)["query"] == "làng" and (status, ran.err) == ("0", "")


@pytest.mark.parametrize("command", LONG + SHORT)
def test_a_closed_output_is_no_error(here: Path, command: str) -> None:
    assert shell(f"{command} >&-") == Ran(0, "", "")


@pytest.mark.parametrize("where", ["/dev/full", "&-"])
def test_the_exit_status_holds_when_errors_cannot_be_said(here: Path, where: str) -> None:
    for command, status in [("query ''", 2), ("query làng -c", 0), ("--xếp", 2), ("stats --index thiếu", 2)]:
        assert shell(f'"$0" {command} 2>{where}').status == status, command


def interrupted(process: subprocess.Popen[bytes], output: IO[bytes]) -> Ran:
    """Ctrl-C, and how the process ended."""
    process.send_signal(signal.SIGINT)
    rest = output.read()
    assert process.stderr
    return Ran(process.wait(60), rest.decode(), process.stderr.read().decode())


def test_ctrl_c_between_queries_is_one_line_and_130_and_no_answer_is_cut(here: Path) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([SCRIPT, "query", "-", "-c"], **pipes) as process:  # type: ignore[call-overload]
        process.stdin.write("làng\n".encode() * 3_000)
        process.stdin.flush()
        first = process.stdout.read(1)  # it works, and waits for more queries when it has answered these
        ran = interrupted(process, process.stdout)
    assert (ran.status, ran.err) == (130, STOPPED)
    assert set((first.decode() + ran.out).splitlines()) == {"400\tlàng"}


def test_ctrl_c_while_output_is_not_read_is_one_line_and_130(here: Path) -> None:
    with subprocess.Popen(
        [SCRIPT, "query", "làng", "-n", "400", "--jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.read(1)  # 400 hits fill the pipe: it waits for a reader
        ran = interrupted(process, process.stdout)
    assert (ran.status, ran.err) == (130, STOPPED)


ENCODINGS = ["ascii", "latin-1", "cp1258", "iso8859-15"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_loses_nothing_where_the_output_cannot_hold_vietnamese(here: Path, encoding: str, format: str) -> None:
    command = f'"$0" query làng -n 3 --format {format}'
    told = shell(command, PYTHONIOENCODING=encoding)
    assert told.status == 0 and told.out.isascii() and told.err == ""
    good = run("query", "làng", "-n", "3", "--format", format).out
    for ours, theirs in zip(told.out.splitlines(), good.splitlines(), strict=True):
        read, expected = json.loads(ours), json.loads(theirs)
        if format == "json":
            del read["took_ms"], expected["took_ms"]
        assert read == expected
        hits = read["hits"] if format == "json" else [read]
        assert {hit["title"] for hit in hits} == {TITLE}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_other_formats_are_escaped_and_errors_are_said(here: Path, encoding: str) -> None:
    for format in ("plain", "rich", "tsv", "csv"):
        ran = shell(f'"$0" query làng -n 1 --format {format}', PYTHONIOENCODING=encoding)
        assert ran.status == 0 and ran.out.isascii() and r"L\u00e0ng m\u1edf h\u1ed9i" in ran.out
    process = subprocess.run(
        [SCRIPT, "stats", "--index", "thiếu"], capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert process.returncode == 2 and process.stderr.startswith(b"searchvn: ch")
    assert process.stderr.count(b"\n") == 1


def test_the_c_locale_prints_utf_8(here: Path) -> None:
    """Python turns UTF-8 on there (PEP 540); nobody means ASCII by it."""
    for locale in ({"LC_ALL": "C", "LANG": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}):
        assert shell('"$0" query làng -n 2 --jsonl', **locale) == run("query", "làng", "-n", "2", "--jsonl")
