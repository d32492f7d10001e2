"""Where settings come from and which one wins: option, environment, searchvn.toml, default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchvn import Article, Index
from searchvn.config import Settings, load_settings
from searchvn.errors import UsageError
from support import quick_folder, run

ARTICLES = [
    Article("đủ", "Hội chợ quê", "Hợp tác xã dịch vụ nông nghiệp bày hàng ở hội chợ quê."),
    Article("tắt", "Hội chợ phố", "HTXDVNN bày hàng ở hội chợ phố."),
    Article("quen", "Họp tổ dân phố", "UBND phường gửi giấy mời."),
]
TABLES = {
    "một.tsv": "XX\thợp tác xã dịch vụ nông nghiệp\n",
    "hai.tsv": "YY\thợp tác xã dịch vụ nông nghiệp\n",
    "ba.tsv": "HTXDVNN\thợp tác xã dịch vụ nông nghiệp\n",
    "hỏng.tsv": "# của tôi\nHTXDVNN hợp tác xã\n",
}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory with an index and some tables."""
    with quick_folder() as folder:
        monkeypatch.chdir(folder)
        monkeypatch.delenv("SEARCHVN_ABBREVIATIONS", raising=False)
        with Index.create("index", "tantivy") as index:
            index.add(ARTICLES)
        for name, text in TABLES.items():
            (folder / name).write_text(text, encoding="utf-8")
        yield folder


def toml(folder: Path, text: str) -> None:
    (folder / "searchvn.toml").write_text(text, encoding="utf-8")


def refused(folder: Path, text: str) -> UsageError:
    toml(folder, text)
    with pytest.raises(UsageError) as caught:
        load_settings({}, str(folder))
    assert caught.value.hint and "\n" not in str(caught.value)
    return caught.value


# --- settings


def test_nothing_is_set_where_nothing_is_said(tmp_path: Path) -> None:
    assert load_settings({}, str(tmp_path)) == Settings()
    toml(tmp_path, "# để sau\n")
    assert load_settings({"SEARCHVN_ABBREVIATIONS": "", "SEARCHVN_INDEX": "x"}, str(tmp_path)) == Settings()


def test_a_table_is_named_from_the_folder_of_the_file_and_the_environment_wins(tmp_path: Path) -> None:
    toml(tmp_path, 'abbreviations = "bảng/tôi.tsv"\n')
    assert load_settings({}, str(tmp_path)).abbreviations == f"{tmp_path}/bảng/tôi.tsv"
    assert load_settings({"SEARCHVN_ABBREVIATIONS": "khác.tsv"}, str(tmp_path)).abbreviations == "khác.tsv"
    toml(tmp_path, 'abbreviations = "/bảng/tôi.tsv"\n')
    assert load_settings({}, str(tmp_path)).abbreviations == "/bảng/tôi.tsv"


def test_an_unknown_key_is_refused_with_the_nearest_right_one(tmp_path: Path) -> None:
    error = refused(tmp_path, 'abreviation = "tôi.tsv"\n')
    assert "“abreviation”" in str(error) and "abbreviations" in error.hint
    assert "các cài đặt: abbreviations" in refused(tmp_path, "xyz = 1\n").hint
    assert "“bảng”" in str(refused(tmp_path, '["bảng"]\nabbreviations = "tôi.tsv"\n'))


@pytest.mark.parametrize("value", ["1", "true", '""', '["tôi.tsv"]', "2021-12-01"])
def test_a_table_that_is_no_name_is_refused(tmp_path: Path, value: str) -> None:
    assert "phải là tên tệp" in str(refused(tmp_path, f"abbreviations = {value}\n"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# một\n\nabbreviations = tôi.tsv\n", ":3:17: "),
        ('# một\nabbreviations = "tôi.tsv\n', ":2:25: "),
        ("# một\nabbreviations =", ":2: "),
        ("a = " + "9" * 10_000, ": "),
        ("a = " + "[" * 100_000, ": "),
        ('a = "\x00"', ":1:6: "),
    ],
)
def test_what_is_no_toml_is_refused_with_the_place(tmp_path: Path, text: str, place: str) -> None:
    error = refused(tmp_path, text)
    assert "không đúng cú pháp TOML" in str(error) and f"searchvn.toml{place}" in str(error)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "searchvn.toml").write_bytes(b'# \xe1\nabbreviations = "t\xf4i.tsv"\n')
    with pytest.raises(UsageError, match=r"searchvn\.toml:1: không phải UTF-8"):
        load_settings({}, str(tmp_path))
    (tmp_path / "searchvn.toml").unlink()
    (tmp_path / "searchvn.toml").mkdir()
    with pytest.raises(UsageError, match="là thư mục"):
        load_settings({}, str(tmp_path))


# --- what commands make of them


def found(*options: str) -> str:
    """How many articles the full form finds, with its abbreviation if that is known."""
    ran = run("query", "hợp tác xã dịch vụ nông nghiệp", "-c", *options)
    assert ran.err == ""
    return ran.out.strip()


def test_an_option_wins_over_the_environment_and_that_over_the_file(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found() == "1"
    assert found("--abbreviations", "ba.tsv") == "2"
    toml(here, 'abbreviations = "ba.tsv"\n')
    assert found() == "2"
    monkeypatch.setenv("SEARCHVN_ABBREVIATIONS", "hai.tsv")
    assert found() == "1"
    assert found("--abbreviations", "ba.tsv") == "2"
    monkeypatch.setenv("SEARCHVN_ABBREVIATIONS", "ba.tsv")
    toml(here, 'abbreviations = "hai.tsv"\n')
    assert found() == "2"
    assert found("--abbreviations", "một.tsv") == "1"
    assert found("--no-abbreviations") == "1"


def test_a_users_table_is_added_to_the_packaged_one(here: Path) -> None:
    for query, alone, both in [("HTXDVNN", "1", "2"), ("Ủy ban nhân dân", "1", "1")]:
        assert run("query", query, "-c").out.strip() == alone
        assert run("query", query, "-c", "--abbreviations", "ba.tsv").out.strip() == both
    assert run("query", "Ủy ban nhân dân", "-c", "--no-abbreviations").out == "0\n"


def test_every_way_to_ask_uses_the_table(here: Path) -> None:
    options = ("--abbreviations", "ba.tsv")
    assert run("query", "HTXDVNN", "--jsonl", "--match", "all", *options).out.count("\n") == 2
    assert run("query", "HTXDVNN", "--jsonl", "--match", "all").out.count("\n") == 1
    assert run("query", "-", "-c", *options, stdin=b"HTXDVNN\n").out == "2\tHTXDVNN\n"
    marked = r"\x1b\[[\d;]+mHợp"
    show = ("show", "đủ", "--query", "HTXDVNN", "--color", "always")
    assert re.search(marked, run(*show, *options).out)
    assert not re.search(marked, run(*show, "--no-abbreviations").out)


def test_a_bad_table_and_both_options_are_said_in_one_line(here: Path) -> None:
    for command in (("query", "hội"), ("show", "đủ")):
        for options, what in [
            (("--abbreviations", "hỏng.tsv"), "hỏng.tsv:2: không có tab"),
            (("--abbreviations", "không.tsv"), "không có bảng viết tắt không.tsv"),
            (("--abbreviations", "ba.tsv", "--no-abbreviations"), "không đi cùng nhau"),
        ]:
            ran = run(*command, *options)
            assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
            assert what in ran.err
    toml(here, "abreviations = 'ba.tsv'\n")
    ran = run("query", "hội")
    assert ran.status == 2 and ran.err.count("\n") == 1 and "abbreviations" in ran.err
    assert run("query", "hội", "-c", "--no-abbreviations").status == 0
