"""A flipped bit or a file cut short is found or harmless, is named in one line, and a rebuild mends it."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from ordeals import Damage, aside, damage_and_mend, damages, files_by_kind, put, worn
from searchvn import Index
from searchvn.articles.manifest import Manifest
from searchvn.engines.table import open_engine, salvage
from searchvn.errors import IndexDamagedError
from searchvn.query.ast import Everything
from support import ENGINES, contents, quick_folder, run

SCRIPT = str(Path(sys.executable).with_name("searchvn"))
ONE_OF_THESE = {
    "tantivy": {".json", ".term", ".idx", ".pos", ".fieldnorm", ".fast", ".store", ".del"},
    "whoosh": {".json", ".seg", ".toc"},
}

ENGLISH = r"(?i)\b(the|is|not|of|an|file|failed|error|data|corrupt\w*|malformed|mismatch|buffer)\b"  # library words


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with quick_folder() as folder:
        monkeypatch.chdir(folder)
        monkeypatch.setattr("tempfile.tempdir", str(folder))
        yield folder


@pytest.mark.parametrize("engine", ENGINES)
def test_damage_is_found_or_harmless_and_a_rebuild_mends_it(room: Path, engine: str) -> None:
    """One file of each kind; `make torture` takes them all."""
    known, chance = worn(room, engine), random.Random(3)
    kinds = files_by_kind(room / "gốc")
    assert kinds.keys() == {".lock", "meta.json", "manifest.sqlite"} | ONE_OF_THESE[engine]
    outcomes = {}
    for kind, files in kinds.items():
        cases = islice(damages(chance.choice(files), room / "gốc", 1, chance), 2)
        outcomes[kind] = [damage_and_mend(room, known, damage) for damage in cases]
    for kind in ONE_OF_THESE[engine]:
        assert outcomes[kind][1].startswith("found"), kind  # cut short
    assert {outcome.split(",")[0] for found in outcomes.values() for outcome in found} == {"found", "harmless"}


@pytest.mark.parametrize("engine", ENGINES)
def test_check_names_the_damaged_file_and_what_to_type(room: Path, engine: str) -> None:
    worn(room, engine)
    for files in files_by_kind(room / "gốc").values():
        path = files[0]
        if path.parent.name != "gen-1":
            continue
        shutil.rmtree("index", ignore_errors=True)
        shutil.copytree("gốc", "index")
        Damage(path.relative_to(room / "gốc").as_posix(), path.stat().st_size // 2, None).apply(Path("index"))
        ran = run("check")
        assert ran.status == 2 and "searchvn index --rebuild" in ran.out + ran.err
        assert path.name in ran.out or not ran.out, path.name  # nothing on standard output: it cannot be opened
    shutil.rmtree("index")
    shutil.copytree("gốc", "index")
    assert run("check").status == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_query_over_damaged_files_answers_or_is_one_line(room: Path, engine: str) -> None:
    worn(room, engine)
    for files in files_by_kind(room / "gốc").values():
        path = files[-1]
        for at, bit in ((9, 4), (path.stat().st_size // 3, None)):
            shutil.rmtree("index", ignore_errors=True)
            shutil.copytree("gốc", "index")
            Damage(path.relative_to(room / "gốc").as_posix(), at, bit).apply(Path("index"))
            for arguments in (("query", "chợ đê", "--facet", "year"), ("show", "của-ta"), ("stats",)):
                ran = aside(lambda arguments=arguments: run(*arguments))  # type: ignore[misc]
                assert ran.status in (0, 1, 2), ran
                assert ran.err.count("\n") == (ran.status == 2), ran.err
                assert ("--rebuild" in ran.err) == (ran.status == 2), ran.err
                assert not re.search(ENGLISH, ran.err), ran.err


def test_what_rust_writes_of_its_panics_is_seen_only_when_debugging(room: Path) -> None:
    """It goes to descriptor 2, past Python."""
    worn(room, "tantivy")
    columns = max((room / "gốc").glob("*/*.fast"), key=lambda path: path.stat().st_size)
    whole = columns.read_bytes()
    for at in range(len(whole)):
        put(columns, bytes([*whole[:at], whole[at] ^ 16, *whole[at + 1 :]]))
        if aside(lambda: _is_panic_at_opening(columns.parent)):
            break
    assert "panicked" in _searched(SEARCHVN_DEBUG="1").stderr
    told = _searched()
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("searchvn: ") and told.stderr.count("\n") == 1 and "--rebuild" in told.stderr


def _is_panic_at_opening(folder: Path) -> bool:
    try:
        open_engine("tantivy", str(folder))
    except IndexDamagedError as error:
        return type(error.__cause__).__name__ == "PanicException"
    return False


def _searched(**more: str) -> subprocess.CompletedProcess[str]:
    command = [SCRIPT, "query", "chợ đê", "--index", "gốc"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **more})


# --- what engines say of their files


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_names_each_of_its_files_that_is_damaged_or_gone(room: Path, engine: str) -> None:
    worn(room, engine)
    for files in files_by_kind(room / "gốc" / "gen-1").values():
        for path in files[:2]:
            whole = path.read_bytes()
            opened = open_engine(engine, str(room / "gốc" / "gen-1"))
            assert opened.verify() == []
            for data in (whole[:-3], whole + b"\0", bytes([whole[0] ^ 1]) + whole[1:], b""):
                put(path, data)
                assert any(path.name in line for line in opened.verify()), (path.name, data)
            path.unlink()
            assert bool(opened.verify()) == (path.name != "checksums.json")  # without it nothing can be said
            put(path, whole)
            opened.close()


def test_what_tantivys_lists_say_is_compared_with_its_files(room: Path) -> None:
    """These flips leave good JSON behind."""
    worn(room, "tantivy")
    engine = open_engine("tantivy", str(room / "gốc" / "gen-1"))
    for name, old, new in (
        ("meta.json", '"num_deleted_docs": 1', '"num_deleted_docs": 3'),
        ("meta.json", '"deletes": {', '"deletez": {'),
        ("meta.json", '"record": "position"', '"record": "posation"'),
        (".managed.json", ".store", ".stove"),
    ):
        path = room / "gốc" / "gen-1" / name
        whole = path.read_text()
        assert old in whole, old
        path.write_text(whole.replace(old, new, 1))
        if "position" in old:
            with pytest.raises(IndexDamagedError):
                open_engine("tantivy", str(path.parent))
        else:
            assert any(name in line for line in engine.verify()), new
        path.write_text(whole)
    engine.close()


def test_whooshs_list_fits_whatever_a_commit_that_was_cut_short_leaves(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list reaches the disk before the table of contents that it fits, and still fits the one before."""
    from searchvn.engines.whoosh_files import FileStorage

    held, *_ = worn(room, "whoosh")

    def dies(*_: object) -> None:
        raise OSError(28, "No space left on device")

    engine = open_engine("whoosh", str(room / "gốc" / "gen-1"))
    engine.delete(["của-ta"])
    with monkeypatch.context() as patched:
        patched.setattr(FileStorage, "rename_file", dies)
        with pytest.raises(OSError, match="No space"):
            engine.commit()
    engine.close()
    engine = open_engine("whoosh", str(room / "gốc" / "gen-1"))
    assert engine.verify() == []
    engine.delete(["của-ta"])
    engine.commit()
    assert engine.verify() == []
    engine.close()
    assert held.articles.keys() - contents("gốc").articles.keys() == {"của-ta"}
    assert {path.suffix for path in (room / "gốc" / "gen-1").iterdir()} == {".seg", ".toc", ".json", ""}


def test_a_whoosh_index_without_a_list_of_checksums_opens_and_gets_one(room: Path) -> None:
    held, *_ = worn(room, "whoosh")
    folder = room / "gốc" / "gen-1"
    (folder / "checksums.json").unlink()
    with Index.open("gốc") as index:
        assert index.check().whole
        segment = next(folder.glob("*.seg"))
        whole = segment.read_bytes()
        put(segment, whole[: len(whole) // 2])
        assert any(segment.name in line for line in index.check().damage)
        put(segment, whole)
        index.update([str(room / "bài")])
    assert contents("gốc") == held
    with Index.open("gốc") as index:
        index.delete(str(room / "bài/1/5.txt"))
        put(segment, bytes([whole[0] ^ 1]) + whole[1:])
        assert any(segment.name in line for line in index.check().damage)


# --- what is saved


@pytest.mark.parametrize("engine", ENGINES)
def test_articles_are_salvaged_from_all_but_the_files_that_hold_them(room: Path, engine: str) -> None:
    held, *_ = worn(room, engine)
    folder = room / "gốc" / "gen-1"
    assert {article.id: article for article in salvage(engine, str(folder))} == held.articles
    for files in files_by_kind(folder).values():
        for path in files[:1]:
            whole = path.read_bytes()
            put(path, whole[: len(whole) // 2])
            found = {article.id: article for article in salvage(engine, str(folder))}
            assert found.items() <= held.articles.items() or path.suffix == ".seg", path.name
            if path.suffix not in (".store", ".del", ".seg", ".toc"):
                assert found == held.articles, path.name
            elif path.suffix != ".toc":  # other segments are there
                assert found, path.name
            put(path, whole)


def test_an_article_with_damaged_bytes_is_damage_and_the_others_are_salvaged(room: Path) -> None:
    held, *_ = worn(room, "tantivy")
    folder = room / "gốc" / "gen-1"
    for path in folder.glob("*.store"):
        data = path.read_bytes()
        if b'"title"' in data:
            put(path, data.replace(b'"title"', b'"tatle"'))
            break
    engine = open_engine("tantivy", str(folder))
    with pytest.raises(IndexDamagedError):
        engine.search(Everything(), 1000)
    engine.close()
    found = {article.id for article in salvage("tantivy", str(folder))}
    assert found < held.articles.keys() and len(found) > len(held.articles) // 2


def test_an_article_whose_place_is_damaged_is_not_taken_for_another(room: Path) -> None:
    known = worn(room, "tantivy")
    found = [(path, path.read_bytes().find(b'"id":"')) for path in (room / "gốc" / "gen-1").glob("*.store")]
    damages = [Damage(f"gen-1/{path.name}", at + len('"id":"'), 0) for path, at in found if at >= 0]
    assert len(damages) > 1
    for damage in damages:
        assert damage_and_mend(room, known, damage).startswith("found")


def test_a_manifest_that_was_cut_short_is_damage(room: Path) -> None:
    worn(room, "tantivy")
    whole = (room / "gốc" / "manifest.sqlite").read_bytes()
    for size in range(0, len(whole), 1000):
        put(room / "gốc" / "manifest.sqlite", whole[:size])
        ran = run("check", "--index", "gốc")
        assert ran.status == 2 and "--rebuild" in ran.out + ran.err, (size, ran)
        assert not re.search(ENGLISH, ran.out + ran.err), (size, ran)
    put(room / "gốc" / "manifest.sqlite", whole)
    Manifest(str(room / "gốc" / "manifest.sqlite"), 1).close()
    assert run("check", "--index", "gốc").status == 0
