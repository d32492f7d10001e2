"""Which files are read: the order of a walk, rules, ignore files, links, and names as they stand on disk."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchvn.articles.globs import glob_of, globs_of, judge
from searchvn.articles.identity import on_disk
from searchvn.articles.rules import EVERYTHING, IGNORE_FILE, Rules, checked_rules
from searchvn.articles.walk import fingerprint, walk
from searchvn.errors import UsageError
from support import lay, quick_folder


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def found(
    root: Path, rules: Rules = EVERYTHING, closed: list[OSError] | None = None, roots: Sequence[Path] = ()
) -> list[str]:
    """What a walk gives, relative to its root."""
    told = closed.append if closed is not None else None
    files = walk(str(root), str(root / "index"), rules, told, [str(one) for one in roots])
    return [os.path.relpath(file.path, root) for file in files]


# --- the walk


def test_a_walk_gives_readable_files_in_a_fixed_order(tmp_path: Path) -> None:
    names = ["b/2.md", "b/1.html", "b/10.txt", "a.jsonl", "z.jsonl.gz", "a/x.htm", "HOA.TXT"]
    ignored = [".ẩn.txt", ".git/c.txt", ".venv/d.txt", "index/e.txt", "f.xls", "g", "h.gz", "b/.i/k.txt", "txt"]
    lay(tmp_path, dict.fromkeys([*names, *ignored], "x"))
    (tmp_path / "nối.txt").symlink_to(tmp_path / "a.jsonl")
    (tmp_path / "nối").symlink_to(tmp_path / "b")
    (tmp_path / "vòng").symlink_to(tmp_path)
    (tmp_path / "đứt.txt").symlink_to(tmp_path / "không có")
    (tmp_path / "thư mục.txt").mkdir()
    os.mkfifo(tmp_path / "ống.txt")
    assert found(tmp_path) == ["HOA.TXT", "a.jsonl", "z.jsonl.gz", "a/x.htm", "b/1.html", "b/10.txt", "b/2.md"]


def test_a_root_may_be_hidden_or_a_file_or_missing(tmp_path: Path) -> None:
    lay(tmp_path, {".kho/a.txt": "x", "b.txt": "x"})
    assert found(tmp_path / ".kho") == ["a.txt"]
    assert found(tmp_path / "b.txt", Rules(include=("*.md",), exclude=("b.txt",))) == ["."]
    missing: list[OSError] = []
    assert found(tmp_path / "không có", closed=missing) == []
    assert [error.filename for error in missing] == [str(tmp_path / "không có")]


def test_a_file_comes_with_what_tells_that_it_changed(tmp_path: Path) -> None:
    lay(tmp_path, {"a.txt": "x", "b.txt": "xyz"})
    assert [file.fingerprint for file in walk(str(tmp_path), "")] == [
        fingerprint(str(tmp_path / name)) for name in ("a.txt", "b.txt")
    ]


def test_folders_are_listed_when_their_turn_comes(tmp_path: Path) -> None:
    lay(tmp_path, {"a/1.txt": "x", "b/1.txt": "x"})
    walking = walk(str(tmp_path), "")
    assert next(walking).path.endswith("a/1.txt")
    (tmp_path / "b" / "2.txt").touch()
    assert [os.path.basename(file.path) for file in walking] == ["1.txt", "2.txt"]


def test_folders_may_be_deeper_than_calls(tmp_path: Path) -> None:
    deep = str(tmp_path)
    for _ in range(1500):
        deep += "/x"
        os.mkdir(deep)
    Path(deep, "a.txt").touch()
    assert len(found(tmp_path)) == 1
    os.unlink(f"{deep}/a.txt")
    while deep != str(tmp_path):  # `shutil.rmtree` calls itself for every folder
        os.rmdir(deep)
        deep = os.path.dirname(deep)


def test_a_part_of_a_root_is_walked_by_the_rules_of_the_root(tmp_path: Path) -> None:
    files = ["a.txt", "b/a.txt", "b/c/a.txt", "b/c/d/a.txt", "b/c/d/e.txt", "b/cd/a.txt", "f/a.txt"]
    lay(tmp_path, {**dict.fromkeys(files, "x"), f"b/{IGNORE_FILE}": "e.txt\n"})

    def part(path: str, roots: Sequence[str] = ()) -> list[str]:
        walked = walk(str(tmp_path), "", EVERYTHING, None, roots, str(tmp_path / path))
        return [os.path.relpath(file.path, tmp_path) for file in walked]

    assert part("b/c") == ["b/c/a.txt", "b/c/d/a.txt"]
    assert part("b/c/a.txt") == ["b/c/a.txt"] and part("b/c/d/e.txt") == []
    assert part("b/c", [str(tmp_path / "b" / "c" / "d")]) == ["b/c/a.txt"]


# --- --include and --exclude

TREE = ["a.txt", "nháp.txt", "tin/a.md", "tin/b.txt", "tin/cũ/c.txt", "nháp/d.txt", "tin/nháp/e.md"]


@pytest.mark.parametrize(
    ("include", "exclude", "wanted"),
    [
        (["*.md"], [], ["tin/a.md", "tin/nháp/e.md"]),
        (["/*.txt", "cũ"], [], ["a.txt", "nháp.txt", "tin/cũ/c.txt"]),
        (["tin/"], [], ["tin/a.md", "tin/b.txt", "tin/cũ/c.txt", "tin/nháp/e.md"]),
        (["tin/*.txt"], [], ["tin/b.txt"]),
        ([], ["nháp*"], ["a.txt", "tin/a.md", "tin/b.txt", "tin/cũ/c.txt"]),
        ([], ["nháp/"], ["a.txt", "nháp.txt", "tin/a.md", "tin/b.txt", "tin/cũ/c.txt"]),
        ([], ["/nháp", "**/cũ/**"], ["a.txt", "nháp.txt", "tin/a.md", "tin/b.txt", "tin/nháp/e.md"]),
        (["tin/"], ["tin/cũ", "*.md"], ["tin/b.txt"]),
        (["*.html"], [], []),
    ],
)
def test_patterns_choose_files(tmp_path: Path, include: list[str], exclude: list[str], wanted: list[str]) -> None:
    lay(tmp_path, dict.fromkeys(TREE, "x"))
    assert sorted(found(tmp_path, checked_rules(include, exclude))) == sorted(wanted)


def test_names_and_patterns_meet_in_one_form(tmp_path: Path) -> None:
    lay(tmp_path, {nfd("bài/thuế.txt"): "x", "bài khác/thuế.txt": "x", nfd(f"phố/{IGNORE_FILE}"): nfd("ngõ.txt\n")})
    lay(tmp_path / nfd("phố"), {IGNORE_FILE: nfd("ngõ.txt\n"), "ngõ.txt": "x", nfd("hẻm.txt"): "x"})
    files = set(found(tmp_path))
    assert files == {nfd("bài/thuế.txt"), "bài khác/thuế.txt", nfd("phố/hẻm.txt")}
    for form in (str, nfd):
        assert set(found(tmp_path, Rules(include=(form("bài/thuế.txt"),)))) == {nfd("bài/thuế.txt")}
        assert set(found(tmp_path, Rules(exclude=(form("thu?.txt"),)))) == {nfd("phố/hẻm.txt")}


@pytest.mark.parametrize("pattern", ["[a", "a/[b", "a\\", "/", "//a", "a//b", "[z-a]", "[[:alpha:]]", "x" * 2000])
def test_a_pattern_that_cannot_match_is_named(pattern: str) -> None:
    for rules in ({"include": ["*.txt", pattern]}, {"exclude": [pattern]}):
        with pytest.raises(UsageError) as raised:
            checked_rules(**rules)
        assert f"mẫu “{pattern}”" in str(raised.value) and raised.value.hint


@pytest.mark.parametrize("pattern", ["", " ", "!a.txt"])
def test_a_pattern_that_an_option_cannot_have_says_what_to_type(pattern: str) -> None:
    with pytest.raises(UsageError, match="--include") as raised:
        checked_rules(include=[pattern])
    assert raised.value.hint == ("viết: --exclude 'a.txt'" if pattern.strip() else raised.value.hint)
    with pytest.raises(UsageError, match="--exclude"):
        checked_rules(exclude=[pattern])


def test_rules_come_back_from_json_as_they_were() -> None:
    for rules in (Rules(), checked_rules(["bài/“a”.txt"], ["*.md", "\\!x"], follow=True)):
        assert Rules.of_json(rules.to_json()) == rules and "\n" not in rules.to_json()


@pytest.mark.parametrize("pattern", ["*" + "a*" * 60 + "b", "**/" + "a/**/" * 60 + "b", "**/" + "*a*a*b/" * 60 + "b"])
@pytest.mark.parametrize("path", ["a" * 255, "a/" * 2000 + "a", ("a" * 200 + "/") * 20 + "a"])
def test_no_pattern_and_no_name_make_a_walk_hang(pattern: str, path: str) -> None:
    """Regular expressions that try every way to share the letters out among the stars would take years."""
    assert judge((glob_of(pattern),), path, path.split("/")[-1], is_folder=False) is None


# --- .searchvnignore


def test_ignore_files_rule_their_folder_and_deeper_ones_rule_them(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            **dict.fromkeys(["a.txt", "b.txt", "#c.txt", "tin/a.txt", "tin/b.txt", "tin/sâu/a.txt", "kín/a.txt"], "x"),
            IGNORE_FILE: "# ghi chú\r\n\r\na.txt   \n\\#c.txt\n/kín/\n",
            f"tin/{IGNORE_FILE}": "!a.txt\n/b.txt\n",
            f"tin/sâu/{IGNORE_FILE}": "*.txt\n",
            f"kín/{IGNORE_FILE}": "!a.txt\n",
            ".gitignore": "b.txt\n",
        },
    )
    assert found(tmp_path) == ["b.txt", "tin/a.txt"]
    assert found(tmp_path, Rules(exclude=("tin/a.txt",))) == ["b.txt"]
    assert found(tmp_path, Rules(include=("a.txt",))) == ["tin/a.txt"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"nh\xe1p.txt\n", "UTF-8 hợp lệ (byte thứ 2"),
        (b"a.txt\n\nb[.txt\n", "dòng 3: mẫu “b[.txt”"),
        (b"x\n" * 600_000, "dài quá 1 MB"),
        (b"\0\1\2", "NUL"),
    ],
)
def test_a_folder_whose_ignore_file_cannot_be_read_is_not_read(tmp_path: Path, content: bytes, reason: str) -> None:
    """It may hold what was to be left out. What is indexed of it stays, as with any folder that cannot be listed."""
    lay(tmp_path, {"a.txt": "x", "tin/a.txt": "x", f"tin/{IGNORE_FILE}": content, "tin/sâu/a.txt": "x", "u/a.txt": "x"})
    closed: list[OSError] = []
    assert found(tmp_path, closed=closed) == ["a.txt", "u/a.txt"]
    (error,) = closed
    assert error.filename == str(tmp_path / "tin")
    assert f"không đọc được {IGNORE_FILE} trong đó: " in error.strerror and reason in error.strerror


def test_what_is_called_like_an_ignore_file_is_not_waited_for(tmp_path: Path) -> None:
    lay(tmp_path, {"a/a.txt": "x", f"a/{IGNORE_FILE}/b.txt": "x", "b/a.txt": "x"})
    os.mkfifo(tmp_path / "b" / IGNORE_FILE)
    assert found(tmp_path) == ["a/a.txt", "b/a.txt"]


def test_an_ignore_file_may_be_in_utf_16(tmp_path: Path) -> None:
    lay(tmp_path, {"a.txt": "x", "ổi.txt": "x", IGNORE_FILE: "ổi.txt\r\n".encode("utf-16")})
    assert found(tmp_path) == ["a.txt"]


PLACES = ["", "a", "a/b", "b", "b/ab", "b/ab/c]d", "x*y", "x*y/a"]
FILES = ["a.txt", "b.txt", "ab.txt", "b-c.txt", "!z.txt", "#h.txt", "a b.txt"]
PIECES = [
    "a", "b", "*", "**", "***", "?", "[ab]", "[!a]", "[^b-c]", "[a-c]", "[]a]", "[a\\]]", "[+--]", "\\*", "\\[", "\\ ",
    "-", " ", "!", "#", "ab", "]", "x",
]  # fmt: skip
SEGMENTS = st.one_of(
    st.sampled_from(["**", "*", "a", "b", "ab"]), st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
)
LINES = st.builds(
    lambda sign, start, segments, end: sign + start + "/".join(segments) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(SEGMENTS, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", "/**", " ", ".txt", "*"]),
)


def _can_be_used(line: str) -> bool:
    if re.search(r"[^/*]\*\*", line):
        return False  # git takes `a**/b` for `a` and `**/b`, against what its own page says of two stars in a name
    try:
        globs_of([line])
    except UsageError:
        return False
    return True


@pytest.fixture(scope="module")
def repository() -> Iterator[Path]:
    if shutil.which("git") is None:
        pytest.skip("git is not here: ignore files are not compared with it")
    with quick_folder() as folder:
        subprocess.run(["git", "init", "-q", str(folder)], check=True)
        lay(folder / "bài", {f"{place}/{name}": "x" for place in PLACES for name in FILES})
        yield folder / "bài"


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(PLACES), st.lists(LINES.filter(_can_be_used), min_size=1, max_size=4), min_size=1, max_size=3
    )
)
def test_ignore_files_mean_what_git_takes_them_for(repository: Path, ignored: dict[str, list[str]]) -> None:
    for place in PLACES:
        path = repository / place / IGNORE_FILE
        path.write_text("".join(f"{line}\n" for line in ignored.get(place, [])), encoding="utf-8")
    listing = ["git", "-C", str(repository), "ls-files", "-o", "-z", f"--exclude-per-directory={IGNORE_FILE}"]
    told = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split("\0")
    assert sorted(found(repository)) == sorted(name for name in told if name.endswith(".txt"))


# --- symbolic links

FOLLOW = Rules(follow=True)


def link(path: Path, target: Path | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def test_links_are_followed_when_asked_and_not_otherwise(tmp_path: Path) -> None:
    root = lay(tmp_path, {"kho/a.txt": "x", "ngoài/b.txt": "xyz", "ngoài/sâu/c.txt": "x", "lẻ.txt": "x"}) / "kho"
    link(root / "d.txt", "../lẻ.txt")
    link(root / "sang", "../ngoài")
    link(root / "ống.txt", "/dev/null")
    assert found(root) == ["a.txt"]
    assert found(root, FOLLOW) == ["a.txt", "d.txt", "sang/b.txt", "sang/sâu/c.txt"]
    assert found(root, FOLLOW._replace(exclude=("sang/sâu",))) == ["a.txt", "d.txt", "sang/b.txt"]
    (sizes,) = [file.fingerprint for file in walk(str(root), "", FOLLOW) if file.path.endswith("sang/b.txt")]
    assert sizes is not None and sizes.size == 3


def test_loops_of_links_end(tmp_path: Path) -> None:
    root = lay(tmp_path, {"kho/a.txt": "x", "kho/x/b.txt": "x", "m/c.txt": "x", "n/d.txt": "x"}) / "kho"
    link(root / "mình", ".")
    link(root / "x" / "lên", "..")
    link(root / "tự.txt", "tự.txt")
    link(root / "tự", "tự")
    link(root / "m", "../m")
    link(tmp_path / "m" / "n", "../n")
    link(tmp_path / "n" / "m", "../m")
    link(tmp_path / "n" / "về", "../kho")
    assert found(root, FOLLOW) == ["a.txt", "m/c.txt", "m/n/d.txt", "x/b.txt"]


def test_a_link_that_leads_above_the_root_reads_what_is_there_once(tmp_path: Path) -> None:
    lay(tmp_path, {"kho/a.txt": "x", "b.txt": "x", "khác/c.txt": "x"})
    link(tmp_path / "kho" / "lên", "..")
    assert found(tmp_path / "kho", FOLLOW) == ["a.txt", "lên/b.txt", "lên/khác/c.txt"]
    assert found(tmp_path / "kho", FOLLOW, roots=[tmp_path / "khác"]) == ["a.txt", "lên/b.txt"]


def test_what_is_found_at_its_own_place_is_not_read_through_a_link(tmp_path: Path) -> None:
    files = ["1/a.txt", "1/x/b.txt", "2/c.txt", "2/.kín/d.txt", "2/.kín/sâu/e.txt", "2/gốc"]
    lay(tmp_path, dict.fromkeys(files, "x"))
    targets = {"p.txt": "x/b.txt", "q": "x", "r.txt": "../2/c.txt", "s": "../2", "t.txt": "../2/gốc", "u": "../2/.kín"}
    for name, target in targets.items():
        link(tmp_path / "1" / name, target)
    roots = [tmp_path / "1", tmp_path / "2"]
    assert found(roots[0], FOLLOW, roots=roots) == ["a.txt", "t.txt", "u/d.txt", "u/sâu/e.txt", "x/b.txt"]
    assert "s/c.txt" in found(roots[0], FOLLOW)


def test_no_link_leads_into_the_index(tmp_path: Path) -> None:
    lay(tmp_path, {"a.txt": "x", "index/e.txt": "x"})
    link(tmp_path / "x" / "chỉ mục", "../index")
    assert found(tmp_path, FOLLOW) == ["a.txt"]
    assert [file.path for file in walk(str(tmp_path / "x"), str(tmp_path / "index"), FOLLOW)] == []


def test_a_file_that_is_not_there_any_more_is_still_named(tmp_path: Path) -> None:
    """Whoever reads it learns why it cannot be read; what is indexed of it is not taken for gone."""
    link(tmp_path / "đứt.txt", "không có")
    (file,) = walk(str(tmp_path), "", FOLLOW)
    assert file == (str(tmp_path / "đứt.txt"), None)


# --- names on disk


def test_a_typed_path_leads_to_names_in_another_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {nfd("bài/thuế.txt"): "x", "phố/ngõ.txt": "x", f"phố/{nfd('ngõ.txt')}": "y"})
    assert on_disk(str(tmp_path / "bài" / "thuế.txt")) == str(tmp_path / nfd("bài/thuế.txt"))
    assert on_disk(str(tmp_path / nfd("bài") / "thuế.txt")) == str(tmp_path / nfd("bài/thuế.txt"))
    for form in (str, nfd):
        assert on_disk(str(tmp_path / "phố" / form("ngõ.txt"))) == str(tmp_path / "phố" / form("ngõ.txt"))
    monkeypatch.chdir(tmp_path)
    assert on_disk("bài/thuế.txt") == nfd("bài/thuế.txt")
    assert on_disk("bài/mất.txt") == f"{nfd('bài')}/mất.txt"
    for missing in ("không có/a.txt", "/không có/a.txt", "phố/ngõ.txt/a"):
        assert on_disk(missing) == missing
