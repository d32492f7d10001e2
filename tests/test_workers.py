"""Files read by other processes: the same articles in the same order, whatever a file does to its reader."""

from __future__ import annotations

import gc
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from pdfs import column, pdf
from searchvn.articles import workers
from searchvn.articles.formats import read_file
from searchvn.articles.walk import Fingerprint
from searchvn.articles.worker import packed
from searchvn.articles.workers import AHEAD, AHEAD_BYTES, Source, read_all
from searchvn.errors import ArticleError
from searchvn.processes import LENGTH
from searchvn.reports import Extraction, Skipped
from support import lay

TEXT = "Sáng nay, tại nhà văn hóa thôn, bà con đã họp bàn việc nạo vét kênh mương trước mùa mưa. " * 5
PAGE = (
    f"<html><head><title>Họp thôn</title></head><body><article><h1>Họp thôn</h1><p>{TEXT}</p></article></body></html>"
)

# A reader to which some files do what hostile ones might do to a library.
HOSTILE = """
import os, signal, sys, time
from searchvn.articles import worker
read, read_before = worker.read_file, []

def read_file(path, file, **how):
    name = os.path.basename(path)
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("swell"):
        bytearray(3 << 30)
    if name.startswith("hang"):
        time.sleep(1_000)
    if name.startswith("odd"):
        raise KeyError("x")
    if name.startswith("loud"):
        os.system("echo tiếng ồn")
        print("tiếng ồn", flush=True)
    if name.startswith("old") and read_before:
        os._exit(3)
    if name.startswith("leave"):
        with open(path + ".pid", "w") as pid:
            pid.write(str(os.getpid()))
    read_before.append(name)
    return read(path, file, **how)

worker.read_file = read_file
if "impatient" in sys.argv:
    worker.SECONDS, worker._GRACE = 1, 0
worker.main()
"""


def sources(folder: Path, *names: str) -> list[Source]:
    for name in names:
        if not (folder / name).exists():
            lay(folder, {**{path.name: path.read_bytes() for path in folder.glob("*")}, name: PAGE})
    return [Source(str(folder / name), name, None, Fingerprint(len(PAGE), 0, 0, 0), "") for name in names]


def outcomes(found: Iterator[tuple[Source, Iterator[Extraction | Skipped]] | Skipped]) -> list[object]:
    """What came of each source: its articles, or the reason against it."""
    told: list[object] = []
    for one in found:
        try:
            told.append(one if isinstance(one, Skipped) else list(one[1]))
        except ArticleError as error:
            told.append(str(error))
    return told


def names(told: list[object]) -> list[str]:
    """The keys of the files that were read, and the reasons for the others."""
    return [one if isinstance(one, str) else one[0].article.file for one in told]  # type: ignore[index]


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_COMMAND", ("-c", HOSTILE))


def document(text: str) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_heading("Họp thôn", 0)
    made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


# --- the same as in this process


@pytest.fixture
def mixed(tmp_path: Path) -> list[Source]:
    files: dict[str, str | bytes] = {
        "a.html": PAGE,
        "b.txt": f"Họp thôn\n{TEXT}",
        "c.pdf": pdf([[*column("Họp thôn", size=20), *column(TEXT[:80], top=700)]]),
        "d.docx": document(TEXT),
        "e.jsonl": '{"id": "1", "text": "một"}\nsai\n{"id": "2", "text": "hai"}\n',
        "f.pdf": b"%PDF-1.7 \xc3",
        "g.htm": PAGE.replace("Họp thôn", "Họp xã"),
        "h.html": b"\xff\xfe\x00",
    }
    lay(tmp_path, files)
    return sources(tmp_path, *files)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_what_comes_out_is_what_this_process_would_read_in_the_same_order(mixed: list[Source], jobs: int) -> None:
    left_alone = Skipped("/x", "không xem được")
    expected = [
        *outcomes((source, read_file(source.path, source.file)) for source in mixed),
        left_alone,
        *outcomes((source, read_file(source.path, source.file)) for source in mixed[:2]),
    ]
    assert outcomes(read_all([*mixed, left_alone, *mixed[:2]], jobs)) == expected
    assert [type(one).__name__ for one in expected[:8]] == [*["list"] * 5, "str", "list", "str"]


def test_a_file_that_is_gone_is_told_as_such(tmp_path: Path) -> None:
    source = Source(str(tmp_path / "x.html"), "x.html", None, Fingerprint(1, 0, 0, 0), "")
    assert outcomes(read_all([source], 1)) == ["không đọc được: tệp không còn ở đó"]


def test_a_named_encoding_reaches_the_reader(tmp_path: Path) -> None:
    lay(tmp_path, {"a.html": PAGE.replace("Họp", "Häp").replace(TEXT, "Céng hßa x· héi " * 20).encode("cp1252")})
    (source,) = sources(tmp_path, "a.html")
    ((found,),) = outcomes(read_all([source._replace(encoding="tcvn3")], 1))  # type: ignore[misc, attr-defined]
    assert (found.article.body.split(" ")[:3], found.encoding) == (["Cộng", "hòa", "xã"], "tcvn3")


def test_a_name_that_is_not_utf8_is_found(tmp_path: Path) -> None:
    name = os.fsdecode(b"b\xe0i.html")
    (tmp_path / name).write_text(PAGE)
    assert names(outcomes(read_all(sources(tmp_path, name), 1))) == [name]


def test_how_far_a_file_of_records_is_read_is_told(mixed: list[Source]) -> None:
    places: list[int] = []
    outcomes(read_all(mixed, 2, places.append))
    assert places and max(places) == os.path.getsize(mixed[4].path)


# --- how far ahead


def test_no_process_is_started_without_a_slow_file(mixed: list[Source], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_COMMAND", ("-c", "raise SystemExit(1)"))
    assert names(outcomes(read_all([mixed[1]], 2))) == ["b.txt"]
    assert outcomes(read_all([mixed[0]], 2)) == ["trình đọc tệp dừng đột ngột (mã 1)"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_files_are_taken_ahead_within_a_window(mixed: list[Source], jobs: int) -> None:
    taken: list[Source] = []

    def coming(size: int) -> Iterator[Source]:
        for _ in range(50):
            taken.append(mixed[0]._replace(before=Fingerprint(size, 0, 0, 0)))
            yield taken[-1]

    for size, most in ((1, AHEAD * jobs), (AHEAD_BYTES, 1)):
        taken.clear()
        for read, _ in enumerate(read_all(coming(size), jobs), start=1):
            assert len(taken) < read + most + 1
        assert len(taken) == 50


# --- files that do harm


def test_a_file_that_crashes_its_reader_costs_that_file_alone(tmp_path: Path, hostile: None) -> None:
    told = outcomes(read_all(sources(tmp_path, "a.html", "crash.html", "b.html"), 1))
    assert names(told) == ["a.html", "thư viện đọc tệp bị sập (SIGSEGV)", "b.html"]


def test_a_file_that_needs_too_much_memory_costs_that_file_alone(tmp_path: Path, hostile: None) -> None:
    told = outcomes(read_all(sources(tmp_path, "a.html", "swell.html", "b.html"), 1))
    assert names(told) == ["a.html", "cần hơn 2 GB bộ nhớ để đọc", "b.html"]


def test_a_file_that_takes_too_long_costs_that_file_alone(
    tmp_path: Path, hostile: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "SECONDS", 3)
    told = outcomes(read_all(sources(tmp_path, "hang.html", "b.html"), 1))
    assert names(told) == ["đọc quá 3 giây mà chưa xong, bỏ dở", "b.html"]


def test_a_file_that_this_process_has_no_memory_for_costs_that_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: str, *arguments: object, **options: object) -> Iterator[Extraction | Skipped]:
        if path.endswith("lớn.jsonl"):
            raise MemoryError
        return read_file(path, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(workers, "read_file", read)
    lay(tmp_path, dict.fromkeys(("lớn.jsonl", "b.jsonl"), '{"text": "một"}'))
    told = outcomes(read_all(sources(tmp_path, "lớn.jsonl", "b.jsonl"), 1))
    assert names(told) == ["hết bộ nhớ khi đọc tệp", "b.jsonl"]


def test_an_error_inside_a_library_costs_that_file_alone(tmp_path: Path, hostile: None) -> None:
    told = outcomes(read_all(sources(tmp_path, "a.html", "odd.html", "b.html"), 1))
    assert names(told) == ["a.html", "thư viện đọc tệp gặp lỗi (KeyError)", "b.html"]


def test_what_libraries_print_is_lost(tmp_path: Path, hostile: None, capfd: pytest.CaptureFixture[str]) -> None:
    assert names(outcomes(read_all(sources(tmp_path, "loud.html", "b.html"), 1))) == ["loud.html", "b.html"]
    assert capfd.readouterr() == ("", "")


def test_a_file_is_not_blamed_for_what_its_reader_read_before(tmp_path: Path, hostile: None) -> None:
    wanted = ["a.html", "old-1.html", "old-2.html", "old-3.html"]
    assert names(outcomes(read_all(sources(tmp_path, *wanted), 1))) == wanted


@pytest.mark.parametrize("answer", ["{}", "[1]", "null", "{'found': 1}", '{"found": [{}], "error": null}', "\\xff"])
def test_an_answer_that_makes_no_sense_is_no_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    code = f"import sys; o = sys.stdout.buffer; a = {answer!r}.encode('latin-1'); "
    code += "o.write(len(a).to_bytes(4, 'big') + a); o.flush(); sys.stdin.read()"
    monkeypatch.setattr(workers, "_COMMAND", ("-c", code))
    assert outcomes(read_all(sources(tmp_path, "a.html"), 1)) == ["trình đọc tệp trả lời sai"]


def test_modules_in_the_folder_at_hand_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = sources(tmp_path, "a.html")
    for module in ("trafilatura", "json", "searchvn"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit(1)")
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place])
    monkeypatch.chdir(tmp_path)
    assert names(outcomes(read_all(files, 1))) == ["a.html"]


# --- how processes end


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # gone meanwhile, or a system without /proc
        return not Path("/proc/self").exists()


def ends(pid: int) -> bool:
    """True when the process ends within ten seconds."""
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def pid_of_the_reader(folder: Path) -> int:
    return int((folder / "leave.html.pid").read_text())


@pytest.mark.parametrize("dropped", [False, True])
def test_processes_end_when_nobody_wants_more(tmp_path: Path, hostile: None, dropped: bool) -> None:
    found = read_all(sources(tmp_path, "leave.html", "hang.html", "b.html"), 1)
    first = next(found)
    assert not isinstance(first, Skipped) and list(first[1])
    pid = pid_of_the_reader(tmp_path)
    assert is_alive(pid)
    before = time.monotonic()
    if dropped:
        del found
        gc.collect()
    else:
        found.close()  # type: ignore[attr-defined]
    assert not is_alive(pid)
    assert time.monotonic() < before + workers.SECONDS  # it was at the second file, and would be at it for long


PROGRAM = f"""
import signal, sys
from searchvn.articles import workers
from searchvn.articles.walk import Fingerprint
workers._COMMAND = ("-c", {HOSTILE!r})
signal.signal(signal.SIGINT, lambda number, frame: None)
files = [workers.Source(path, path, None, Fingerprint(1, 0, 0, 0), "") for path in sys.argv[1:]]
for source, articles in workers.read_all(files, 1):
    print(*(article.article.title for article in articles), flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that reads three files, one for each line of its input, and has read the first."""
    paths = [source.path for source in sources(tmp_path, "leave.html", "b.html", "c.html")]
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *paths],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as started:
        assert started.stdout and started.stdout.readline() == "Họp thôn\n"
        yield started
        started.kill()


def test_a_killed_program_leaves_no_process(tmp_path: Path, program: subprocess.Popen[str]) -> None:
    pid = pid_of_the_reader(tmp_path)
    assert is_alive(pid)
    program.kill()
    assert ends(pid)


def test_ctrl_c_is_not_for_readers(tmp_path: Path, program: subprocess.Popen[str]) -> None:
    assert program.stdin and program.stdout
    os.killpg(program.pid, signal.SIGINT)
    program.stdin.write("\n")
    program.stdin.flush()
    assert program.stdout.readline() == "Họp thôn\n"
    assert is_alive(pid_of_the_reader(tmp_path))
    assert program.communicate("\n\n", timeout=30) == ("Họp thôn\n", "")


def test_a_reader_that_nobody_waits_for_ends_in_the_middle_of_a_file(tmp_path: Path) -> None:
    (source,) = sources(tmp_path, "hang.html")
    command = [sys.executable, "-c", HOSTILE, "impatient"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdin
        asked = packed([source.path, source.file, None])
        reader.stdin.write(len(asked).to_bytes(LENGTH, "big") + asked)
        reader.stdin.flush()
        assert reader.wait(30) == -signal.SIGALRM
