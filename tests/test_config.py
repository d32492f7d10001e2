"""Where settings come from and which one wins: option, environment, searchvn.toml, default."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchvn import Article, Index
from searchvn.cli.options import Color, Format
from searchvn.config import KEYS, Settings, load_settings
from searchvn.engines.table import ENGINES
from searchvn.errors import UsageError
from searchvn.query.rewrite import Diacritics
from support import Ran, lay, quick_folder, run

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
        with Index.create("index", "tantivy") as index:
            index.add(ARTICLES)
        for name, text in TABLES.items():
            (folder / name).write_text(text, encoding="utf-8")
        yield folder


def toml(folder: Path, text: str) -> None:
    (folder / "searchvn.toml").write_text(text, encoding="utf-8")


def settings(folder: Path, file: str | None = None, **environment: str) -> Settings:
    """The settings of `folder`, which is also the home of the user."""
    return load_settings(file, {"HOME": str(folder), **environment}, str(folder))


def refused(folder: Path, text: str = "", **environment: str) -> UsageError:
    toml(folder, text)
    with pytest.raises(UsageError) as caught:
        settings(folder, **environment)
    assert caught.value.hint and "\n" not in str(caught.value)
    return caught.value


# key -> two values that it takes, neither of them the default
VALUES: dict[str, tuple[str | int, str | int]] = {
    "index": ("/một", "/hai"),
    "engine": ENGINES,
    "limit": (1, 250),
    "snippets": (0, 5),
    "match": ("any", "all"),
    "diacritics": ("exact", "ignore"),
    "sort": ("newest", "oldest"),
    "format": ("jsonl", "{path}\t{title}"),
    "color": ("always", "never"),
    "abbreviations": ("/một.tsv", "/hai.tsv"),
}


# --- settings


def test_nothing_is_set_where_nothing_is_said(tmp_path: Path) -> None:
    assert settings(tmp_path) == Settings()
    toml(tmp_path, "# để sau\n")
    assert settings(tmp_path, **{f"SEARCHVN_{key.upper()}": "" for key in KEYS}, SEARCHVN_CONFIG="") == Settings()
    assert {Settings().origin(key) for key in KEYS} == {"mặc định"}


@pytest.mark.parametrize("key", KEYS)
def test_the_nearer_place_wins_key_by_key_and_is_named(tmp_path: Path, key: str) -> None:
    low, high = VALUES[key]
    variable = f"SEARCHVN_{key.upper()}"
    assert getattr(Settings(), key) not in (low, high)
    lay(tmp_path / ".config" / "searchvn", {"searchvn.toml": f"# của tôi\n{key} = {json.dumps(low)}\n"})
    users = settings(tmp_path)
    assert getattr(users, key) == low
    assert users.origin(key) == f"{tmp_path}/.config/searchvn/searchvn.toml:2"
    toml(tmp_path, "limit = 77\n" if key != "limit" else "snippets = 7\n")
    assert getattr(settings(tmp_path), key) == low, "another key of a nearer file takes nothing away"
    toml(tmp_path, f"\n{key} = {json.dumps(high)}")
    assert getattr(settings(tmp_path), key) == high
    assert settings(tmp_path).origin(key) == f"{tmp_path}/searchvn.toml:2"
    told = settings(tmp_path, **{variable: str(low)})
    assert (getattr(told, key), told.origin(key)) == (low, variable)
    assert [other for other in KEYS if told.origin(other) != "mặc định"] == [key]
    assert set(VALUES) == set(KEYS)


def test_the_users_own_file_is_where_xdg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lay(tmp_path / "xdg" / "searchvn", {"searchvn.toml": "limit = 3\n"})
    assert settings(tmp_path, XDG_CONFIG_HOME=str(tmp_path / "xdg")).limit == 3
    assert settings(tmp_path, XDG_CONFIG_HOME="xdg").limit == 10, "the standard ignores relative folders"


def test_a_named_file_is_read_instead_of_the_others_and_must_exist(tmp_path: Path) -> None:
    toml(tmp_path, "limit = 3\nsnippets = 1\n")
    lay(tmp_path / "riêng", {"một.toml": "limit = 4\n", "hai.toml": "limit = 5\n"})
    one, two = str(tmp_path / "riêng" / "một.toml"), str(tmp_path / "riêng" / "hai.toml")
    assert settings(tmp_path, one) == Settings(limit=4, origins={"limit": f"{one}:1"})
    assert settings(tmp_path, SEARCHVN_CONFIG=two).limit == 5
    assert settings(tmp_path, one, SEARCHVN_CONFIG=two).limit == 4
    assert settings(tmp_path, one, SEARCHVN_LIMIT="6").limit == 6
    with pytest.raises(UsageError, match=r"không có tệp cài đặt /không/có\.toml \(theo --config\)"):
        settings(tmp_path, "/không/có.toml")
    with pytest.raises(UsageError, match=r"/không/có\.toml \(theo SEARCHVN_CONFIG\)"):
        settings(tmp_path, SEARCHVN_CONFIG="/không/có.toml")


@pytest.mark.parametrize("key", ["index", "abbreviations"])
def test_paths_start_at_the_folder_of_the_file_that_names_them(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml(tmp_path, f'{key} = "kho/tôi"\n')
    assert getattr(settings(tmp_path), key) == f"{tmp_path}/kho/tôi"
    assert getattr(settings(tmp_path, **{f"SEARCHVN_{key.upper()}": "kho/tôi"}), key) == "kho/tôi"
    monkeypatch.chdir(tmp_path)
    assert getattr(load_settings(None, {}), key) == "kho/tôi"
    monkeypatch.setenv("HOME", "/nhà")
    toml(tmp_path, f'{key} = "~/kho"\n')
    assert getattr(settings(tmp_path), key) == "/nhà/kho"
    assert getattr(settings(tmp_path, **{f"SEARCHVN_{key.upper()}": "~/kho"}), key) == "/nhà/kho"


def test_an_unknown_key_is_refused_with_the_nearest_right_one(tmp_path: Path) -> None:
    error = refused(tmp_path, '# của tôi\nabreviation = "tôi.tsv"\n')
    assert f"{tmp_path}/searchvn.toml:2: " in str(error) and "“abreviation”" in str(error)
    assert error.hint == "có phải là abbreviations?"
    assert refused(tmp_path, "Limits = 1\n").hint == "có phải là limit?"
    assert "index, engine, limit" in refused(tmp_path, "xyz = 1\n").hint
    assert "searchvn.toml:2: không có cài đặt “bảng”" in str(refused(tmp_path, '\n["bảng"]\nlimit = 1\n'))
    assert "searchvn.toml:1: không có cài đặt “query”" in str(refused(tmp_path, "query.limit = 1\n"))


WRONG = {
    "index": ["1", '""', "[]", '"a\\u0000"'],
    "engine": ['"lucene"', '""', "1"],
    "limit": ["0", "-1", "1.5", '"10"', "true", "1_000_000_000"],
    "snippets": ["-1", '"hai"', "false"],
    "match": ['"both"', "true"],
    "diacritics": ['"none"'],
    "sort": ['"Newest"', "2021-12-01"],
    "format": ['"xml"', '""', "{}"],
    "color": ['"auto "', "true"],
    "abbreviations": ["1", "true", '""', '["tôi.tsv"]', "2021-12-01"],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key in WRONG for value in WRONG[key]])
def test_a_wrong_value_in_a_file_is_refused_with_an_example_that_is_right(tmp_path: Path, key: str, value: str) -> None:
    error = refused(tmp_path, f"# đây\n{key} = {value}\n")
    assert str(error).startswith(f"{tmp_path}/searchvn.toml:2: {key} phải là ")
    toml(tmp_path, error.hint.removeprefix("ví dụ: "))
    assert settings(tmp_path) != Settings()


@pytest.mark.parametrize(
    ("key", "value"),
    [("limit", "0"), ("limit", "-1"), ("limit", "mười"), ("limit", "٣"), ("limit", "9" * 5000), ("snippets", "1.5"),
     ("engine", "lucene"), ("match", "both"), ("sort", "date"), ("diacritics", "no"), ("color", "1"), ("format", "x")],
)  # fmt: skip
def test_a_wrong_value_of_a_variable_is_refused_with_an_example_that_is_right(
    tmp_path: Path, key: str, value: str
) -> None:
    error = refused(tmp_path, **{f"SEARCHVN_{key.upper()}": value})
    assert str(error).startswith(f"SEARCHVN_{key.upper()} phải là ") and f"“{value[:30]}" in str(error)
    assert len(str(error)) < 200
    name, _, example = error.hint.removeprefix("ví dụ: ").partition("=")
    assert settings(tmp_path, **{name: example}) != Settings()


def test_what_options_take_settings_take_too(tmp_path: Path) -> None:
    for key, choices in [("engine", ENGINES), ("format", Format), ("color", Color), ("diacritics", Diacritics)]:
        for choice in choices:
            assert getattr(settings(tmp_path, **{f"SEARCHVN_{key.upper()}": choice}), key) == choice
        message = str(refused(tmp_path, **{f"SEARCHVN_{key.upper()}": "khác"}))
        assert ", ".join(choices) in message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# một\n\nabbreviations = tôi.tsv\n", ":3:17: "),
        ('# một\nabbreviations = "tôi.tsv\n', ":2:25: "),
        ("# một\nabbreviations =", ":2: "),
        ("a = " + "9" * 10_000, ": "),
        ("a = " + "[" * 100_000, ": "),
        ('a = "\x00"', ":1:6: "),
        ("limit = 1\nlimit = 2\n", ":2:"),
    ],
)
def test_what_is_no_toml_is_refused_with_the_place(tmp_path: Path, text: str, place: str) -> None:
    error = refused(tmp_path, text)
    assert "không đúng cú pháp TOML" in str(error) and f"searchvn.toml{place}" in str(error)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "searchvn.toml").write_bytes(b'# \xe1\nabbreviations = "t\xf4i.tsv"\n')
    with pytest.raises(UsageError, match=r"searchvn\.toml:1: không phải UTF-8"):
        settings(tmp_path)
    (tmp_path / "searchvn.toml").unlink()
    (tmp_path / "searchvn.toml").mkdir()
    with pytest.raises(UsageError, match="là thư mục"):
        settings(tmp_path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "searchvn.toml").write_bytes("\ufefflimit = 3\r\nsnippets = 4\r\n".encode())
    found = settings(tmp_path)
    assert (found.limit, found.snippets) == (3, 4)
    assert (found.origin("limit")[-2:], found.origin("snippets")[-2:]) == (":1", ":2")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_does_more_than_be_refused_in_one_line(data: bytes) -> None:
    with quick_folder() as folder:
        (folder / "searchvn.toml").write_bytes(data)
        try:
            assert isinstance(settings(folder), Settings)
        except UsageError as error:
            assert error.hint and "\n" not in f"{error}{error.hint}"


# --- searchvn config


def test_config_prints_a_searchvn_toml_that_says_the_same(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml(here, 'index = "kho \\"lạ\\" \\\\ \\u001b\\u202e"\nlimit = 3\nformat = "{path}\\t{title}"\n')
    monkeypatch.setenv("SEARCHVN_SORT", "newest")
    ran = run("config")
    assert (ran.status, ran.err) == (0, "")
    assert re.search(r"^limit = 3 +# searchvn\.toml:2$", ran.out, re.MULTILINE)
    assert re.search(r'^sort = "newest" +# SEARCHVN_SORT$', ran.out, re.MULTILINE)
    assert re.search(r'^color = "auto" +# mặc định$', ran.out, re.MULTILINE)
    assert re.search(r"^# engine +# mặc định: .*tantivy", ran.out, re.MULTILINE)
    assert "\x1b" not in ran.out and "\u202e" not in ran.out
    before = load_settings()
    assert {line.removeprefix("# ").split()[0] for line in ran.out.splitlines()} == set(KEYS)
    monkeypatch.delenv("SEARCHVN_SORT")
    toml(here, ran.out)
    assert load_settings()._replace(origins={}) == before._replace(origins={})


def test_config_tells_scripts_every_value_and_its_origin(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml(here, "snippets = 0\n")
    monkeypatch.setenv("SEARCHVN_LIMIT", "25")
    told = json.loads(run("config", "--json").out)
    expected = Settings(limit=25, snippets=0)
    assert told["settings"] == {key: getattr(expected, key) for key in KEYS}
    assert told["origins"] == dict.fromkeys(KEYS) | {"limit": "SEARCHVN_LIMIT", "snippets": "searchvn.toml:1"}


def test_config_notes_a_variable_that_nothing_reads(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHVN_LIMITS", "25")
    monkeypatch.setenv("SEARCHVN_DEBUG", "1")
    ran = run("config", "--json")
    assert ran.status == 0 and json.loads(ran.out)["settings"]["limit"] == 10
    assert ran.err == "searchvn: không dùng biến môi trường SEARCHVN_LIMITS. Có phải là SEARCHVN_LIMIT?\n"
    assert run("stats").err == "", "other commands run as they always did"


# --- what commands make of them


def one_line(ran: Ran) -> str:
    """What a command that failed said."""
    assert ran.status == 2 and ran.out == "" and ran.err.startswith("searchvn: ") and ran.err.count("\n") == 1, ran
    return ran.err.removeprefix("searchvn: ").rstrip("\n")


def unlike(ran: Ran) -> Ran:
    """What a command did, without times."""
    return ran._replace(out=re.sub(r"\d+ ms", "… ms", ran.out))


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


def test_a_table_that_a_setting_names_is_blamed_on_the_setting(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml(here, "\nabbreviations = 'hỏng.tsv'\n")
    for command in (("query", "hội"), ("show", "đủ")):
        assert "hỏng.tsv:2: không có tab ngăn hai cột (theo searchvn.toml:2)" in one_line(run(*command))
        assert run(*command, "--no-abbreviations").status == 0
    monkeypatch.setenv("SEARCHVN_ABBREVIATIONS", "không.tsv")
    assert "không có bảng viết tắt không.tsv (theo SEARCHVN_ABBREVIATIONS)" in one_line(run("query", "hội"))


COMMANDS = [("query", "hội"), ("show", "đủ"), ("stats",), ("check",), ("forget", "gì đó"), ("terms", "hội"),
            ("similar", "đủ"), ("index",), ("analyze", "hội"), ("config",)]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_command_runs_on_settings_that_cannot_be_understood(here: Path, command: tuple[str, ...]) -> None:
    toml(here, "limt = 3\n")
    assert one_line(run(*command)) == "searchvn.toml:1: không có cài đặt “limt”. Có phải là limit?"
    assert one_line(run(*command, "--config", "thiếu.toml")).startswith("không có tệp cài đặt thiếu.toml")
    assert one_line(run(*command, "--config", "")) == "--config cần một tên, không phải chữ trống. Ví dụ: --config TÊN"
    lay(here / "riêng", {"đúng.toml": 'index = "../index"\n'})
    assert "limt" not in run(*command, "--config", "riêng/đúng.toml").err


@pytest.mark.parametrize("command", COMMANDS[:7], ids=lambda command: command[0])
def test_every_command_that_reads_an_index_finds_it_by_the_settings(
    here: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "index").rename(here / "kho")
    nothing = one_line(run(*command))
    assert nothing.startswith(f"chưa có chỉ mục ở {here}/index.") and "theo" not in nothing
    found = run(*command, "--index", "kho")
    found = found._replace(err=found.err.replace(" --index kho", ""))  # advice names the index that was given
    toml(here, 'index = "kho"\n')
    assert unlike(run(*command)) == unlike(found)
    assert unlike(run(*command, "--config", "searchvn.toml")) == unlike(found)
    monkeypatch.setenv("SEARCHVN_INDEX", "thiếu")
    assert one_line(run(*command)).startswith(f"chưa có chỉ mục ở {here}/thiếu (theo SEARCHVN_INDEX).")
    assert one_line(run(*command, "--index", "đâu")).startswith(f"chưa có chỉ mục ở {here}/đâu.")
    assert one_line(run(*command, "--index", "")).startswith("--index cần một tên")
    monkeypatch.setenv("SEARCHVN_INDEX", "kho")
    toml(here, 'index = "thiếu"\n')
    assert unlike(run(*command)) == unlike(found)


def test_indexing_goes_where_the_settings_say(here: Path) -> None:
    toml(here, 'index = "kho"\nengine = "whoosh"\n')
    lay(here / "bài", {"a.txt": "Một bài ngắn.\n"})
    assert run("index", "bài").status == 0
    assert json.loads(run("stats", "--json").out)["path"] == f"{here}/kho"


def test_a_setting_of_the_engine_counts_for_new_indexes_only(here: Path) -> None:
    def engine() -> object:
        return json.loads(run("stats", "--json").out)["engine"]

    lay(here / "bài", {"a.txt": "Một bài ngắn.\n"})
    toml(here, 'index = "kho"\nengine = "whoosh"\n')
    assert run("index", "bài", "--engine", "tantivy").status == 0 and engine() == "tantivy"
    ran = run("index")
    assert (ran.status, ran.err) == (0, "")
    assert run("index", "--rebuild").status == 0 and engine() == "tantivy"
    toml(here, 'index = "nữa"\nengine = "whoosh"\n')
    assert run("index", "bài").status == 0 and engine() == "whoosh"
    toml(here, 'index = "nữa"\nengine = "tantivy"\n')
    assert (run("index").err, engine()) == ("", "whoosh")


def test_colour_may_be_set(here: Path) -> None:
    for command in (("stats",), ("check",), ("analyze", "hội"), ("show", "đủ", "--query", "hội"), ("config",)):
        toml(here, 'color = "always"\n')
        assert "\x1b[" in run(*command).out
        toml(here, 'color = "never"\n')
        assert "\x1b[" not in run(*command).out
    toml(here, 'color = "always"\n')
    assert "\x1b[" not in run("show", "đủ", "--query", "hội", "--color", "never").out


def test_queries_follow_the_settings_until_an_option_says_otherwise(here: Path) -> None:
    toml(here, 'limit = 1\nformat = "jsonl"\n')
    assert len(run("query", "hội").out.splitlines()) == 1
    assert len(run("query", "hội", "-n", "2").out.splitlines()) == 2
    assert json.loads(run("query", "hội", "-n", "2", "--json").out)["total"] == 2
    toml(here, 'diacritics = "exact"\nmatch = "all"\n')
    assert run("query", "hop to", "-c").out == "0\n"
    assert run("query", "hop to", "-c", "--diacritics", "ignore").out == "1\n"
    (found,) = run("query", "hop to", "--diacritics", "ignore", "--format", "{id}").out.split()
    colours = ("--color", "always")
    assert run("show", found, "--query", "hop to", *colours) == run("show", found, *colours)
    toml(here, 'diacritics = "ignore"\n')
    assert run("show", found, "--query", "hop to", *colours) != run("show", found, *colours)
