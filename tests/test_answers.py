"""How answers are ordered, counted, explained and written: for people, for scripts, for many queries in one go."""

from __future__ import annotations

import csv
import io
import json
import re
import select
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchvn import Article, Hit, Index
from searchvn.errors import UsageError
from searchvn.models import Snippet
from searchvn.render.machine import hit_record
from searchvn.render.template import KEYS, fill, parse_template
from support import ENGINES, Ran, lay, quick_folder, run
from test_cli import SCRIPT, records, said, titles

FILES = {
    "tin.jsonl": "".join(
        json.dumps(record, ensure_ascii=False) + "\n"
        for record in (
            {
                "id": "mùa", "title": "Lúa vụ mùa", "text": "Lúa vụ mùa trúng đậm, thóc đầy sân.",
                "published": "2021-10-05", "author": "Hoài An", "source": "Báo Làng",
            },
            {
                "id": "chiêm", "title": "Lúa vụ chiêm", "text": "Lúa vụ chiêm gặp hạn nên chín muộn.",
                "published": "2022-05-20T07:30", "author": "Hoài An", "source": "Báo Xã",
            },
            {
                "id": "giá", "title": "Giá lúa", "text": "Giá lúa nhích lên.",
                "published": "2021-12-01", "source": "Báo Làng",
            },
            {"id": "kho", "title": "Kho lúa", "text": "Kho lúa mới xây xong."},
        )
    ),
    "chợ.txt": "Chợ phiên\n\nChợ phiên đông người mua lúa giống.\n",
    "đò.txt": "Bến đò\n\nĐò ngang chở khách qua sông.\n",
    "khác.jsonl": '{"id": "kho", "title": "Kho thóc", "text": "Kho thóc cũ.", "source": "Báo Làng"}\n',
}  # fmt: skip

HOSTILE = Article(
    "hiểm",
    title="Bẫy\tcột\x1b[31m\n\u202eđảo {path} \x00 \u2028",
    body="Bẫy thứ hai\r\ncó \x1b]0;tên\x07.",
    source='nguồn\thai\n"dòng"\u202e\x1b',
    author="Ông\x00Tab",
)


@pytest.fixture(scope="module", params=ENGINES)
def place(request: pytest.FixtureRequest) -> Iterator[Path]:
    with quick_folder() as folder:
        lay(folder / "bài", FILES)
        with Index.create(str(folder / "index"), request.param) as index:
            index.update([str(folder / "bài")])
            index.add([HOSTILE])
        yield folder


@pytest.fixture
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`place` as the working directory; tests that use it do not change it."""
    monkeypatch.chdir(place)
    return place


def ids(ran: Ran) -> list[object]:
    return [record["record_id"] for record in records(ran)]


def lines(*queries: str) -> bytes:
    return "".join(query + "\n" for query in queries).encode()


# --- order and dates


def test_hits_sorted_by_date_have_all_the_words_no_score_and_those_without_a_date_come_last(here: Path) -> None:
    newest = run("query", "lúa", "--sort", "newest", "--jsonl")
    assert ids(newest)[:3] == ["chiêm", "giá", "mùa"] and set(ids(newest)[3:]) == {"kho", None}
    assert ids(run("query", "lúa", "--sort", "oldest", "--jsonl"))[:3] == ["mùa", "giá", "chiêm"]
    assert {record["score"] for record in records(newest)} == {None}
    assert [record["rank"] for record in records(newest)] == [1, 2, 3, 4, 5]
    assert ids(run("query", "lúa chiêm", "--sort", "newest", "--jsonl")) == ["chiêm"]
    either = run("query", "lúa chiêm", "--sort", "newest", "--match", "any", "--jsonl")
    assert ids(either)[:3] == ["chiêm", "giá", "mùa"]
    assert {type(hit["score"]) for hit in records(run("query", "lúa", "--sort", "relevance", "--jsonl"))} == {float}


def test_the_order_counts_for_files_and_later_pages_too(here: Path) -> None:
    assert run("query", "thóc", "-l", "--sort", "newest").out == "bài/tin.jsonl\nbài/khác.jsonl\n"
    whole = records(run("query", "lúa", "--sort", "newest", "--jsonl"))
    assert records(run("query", "lúa", "--sort", "newest", "--jsonl", "-n", "2", "--offset", "1")) == whole[1:3]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--since", "2021-11"], {"giá", "chiêm"}),
        (["--since", "12/2021"], {"giá", "chiêm"}),
        (["--until", "2021"], {"mùa", "giá"}),
        (["--since", "5/10/2021", "--until", "2021-12-01"], {"mùa", "giá"}),
        (["--since", "2022-05-20", "--until", "2022-05-20"], {"chiêm"}),
    ],
)
def test_dates_limit_hits_counts_and_files(here: Path, options: list[str], found: set[str]) -> None:
    assert set(ids(run("query", "lúa", *options, "--jsonl"))) == found
    assert run("query", "lúa", *options, "-c").out == f"{len(found)}\n"
    assert run("query", "lúa", *options, "-l").out == "bài/tin.jsonl\n"
    assert json.loads(run("query", "lúa", *options, "--json").out)["total"] == len(found)


def test_a_wrong_date_is_said_once_however_many_queries_there_are(here: Path) -> None:
    for arguments in (["lúa"], ["-"]):
        ran = run("query", *arguments, "--since", "31/02/2021", stdin=lines("lúa", "thóc"))
        assert "31/02/2021" in said(ran)
    assert "--since" in said(run("query", "lúa", "--since", "2022", "--until", "2021"))
    assert "2021..2022" in said(run("query", "lúa", "--until", "2021..2022"))


# --- counts by value

BY_SOURCE = [["source", "Báo Làng", "2"], ["source", "Báo Xã", "1"], ["source", "", "2"]]
BY_YEAR = [["year", "2021", "2"], ["year", "2022", "1"], ["year", "", "2"]]


def test_counts_by_value_are_rows_in_every_format_and_add_up(here: Path) -> None:
    options = ("query", "lúa", "--facet", "source", "--facet", "year", "--facet", "source")
    rows = BY_YEAR + BY_SOURCE
    text = "".join("\t".join(row) + "\n" for row in rows)
    assert run(*options) == Ran(0, text, "")
    assert run(*options, "--format", "plain").out == run(*options, "--format", "tsv").out == text
    header, *others = csv.reader(io.StringIO(run(*options, "--format", "csv").out))
    assert (header, others) == (["facet", "value", "count"], rows)
    assert records(run(*options, "--jsonl")) == [
        {"facet": facet, "value": value or None, "count": int(count)} for facet, value, count in rows
    ]
    answer = json.loads(run(*options, "--json").out)
    assert list(answer)[-2:] == ["facets", "hits"] and list(answer["facets"]) == ["year", "source"]
    counted = [(name, each) for name, values in answer["facets"].items() for each in values]
    assert [[name, each["value"] or "", str(each["count"])] for name, each in counted] == rows
    assert answer["hits"] == records(run("query", "lúa", "--jsonl"))
    for facet in answer["facets"].values():
        assert sum(each["count"] for each in facet) == answer["total"]


def test_months_follow_each_other_and_authors_are_counted(here: Path) -> None:
    months = [line.split("\t")[1:] for line in run("query", "lúa", "--facet", "month").out.splitlines()]
    assert months == [["2021-10", "1"], ["2021-12", "1"], ["2022-05", "1"], ["", "2"]]
    assert run("query", "lúa", "--facet", "author").out == "author\tHoài An\t2\nauthor\t\t3\n"
    assert run("query", "lúa", "--since", "2022", "--facet", "year").out == "year\t2022\t1\n"


def test_counts_of_nothing_are_nothing(here: Path) -> None:
    assert run("query", "cải", "--facet", "year") == Ran(1, "", "")
    assert run("query", "lúa cải", "--facet", "year").status == 1  # some articles have one of the words
    assert json.loads(run("query", "cải", "--facet", "year", "--json").out)["facets"] == {"year": []}


def test_a_hostile_value_is_one_row(here: Path) -> None:
    plain = run("query", "bẫy", "--facet", "source").out
    assert plain.count("\n") == 1 and not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", plain)
    _, row = csv.reader(io.StringIO(run("query", "bẫy", "--facet", "source", "--format", "csv").out, newline=""))
    value = 'nguồn hai "dòng"\u202e\x1b'  # white space is one space where articles are counted by it
    assert row == ["source", value, "1"]
    (record,) = records(run("query", "bẫy", "--facet", "source", "--jsonl"))
    assert record["value"] == value


# --- explanations


def test_an_explanation_adds_up_to_the_score_and_names_words_and_fields(here: Path) -> None:
    hits = records(run("query", "vụ mùa", "--explain", "--jsonl"))
    assert hits == json.loads(run("query", "vụ mùa", "--explain", "--json").out)["hits"]
    for hit in hits:
        parts = hit["explanation"]
        assert isinstance(parts, list) and isinstance(hit["score"], float)
        assert sum(part["score"] for part in parts) == pytest.approx(hit["score"], abs=0.001)
    best = hits[0]["explanation"]
    assert isinstance(best, list)
    assert {(part["text"], part["field"]) for part in best} >= {("mùa", "title"), ("mùa", "body")}
    assert [part["score"] for part in best] == sorted((part["score"] for part in best), reverse=True)
    assert "explanation" not in records(run("query", "vụ mùa", "--jsonl"))[0]


def test_people_read_an_explanation_beneath_its_hit(here: Path) -> None:
    (hit,) = records(run("query", "trúng đậm", "--explain", "--jsonl", "-n", "1"))
    first, snippet, heading, *parts = run("query", "trúng đậm", "--explain", "-n", "1").out.splitlines()
    assert first == "bài/tin.jsonl#mùa: Lúa vụ mùa" and snippet == f"    {hit['snippet']}"
    assert heading == f"    điểm {hit['score']:.3f} là tổng của:".replace(".", ",")
    assert isinstance(hit["explanation"], list) and len(parts) == len(hit["explanation"])
    assert any(re.fullmatch(r" +\d+,\d{3}  đậm \(thân bài, × 1\)", part) for part in parts), parts
    assert any("cặp từ" in part for part in parts)


# --- templates


def test_a_template_makes_a_line_of_every_hit(here: Path) -> None:
    template = r"{rank}. {title}\t{record_id}|{published}|{source}|{missing}|{query}"
    ran = run("query", "lúa", "chiêm", "--format", template)
    hits = records(run("query", "lúa", "chiêm", "--jsonl"))
    expected = []
    for hit in hits:
        shown = {name: "" if value is None else value for name, value in hit.items()}
        missing = ", ".join(hit["missing"])  # type: ignore[arg-type]
        about = f"{shown['record_id']}|{shown['published']}|{shown['source']}|{missing}"
        expected.append(f"{hit['rank']}. {hit['title']}\t{about}|lúa chiêm")
    assert ran.out.splitlines() == expected
    assert run("query", "chiêm", "--format", r"{{{path}}}\\\n{score}").out.startswith("{bài/tin.jsonl}\\\n")
    assert run("query", "cải", "--format", "{path}") == Ran(1, "", "")


def test_a_record_of_a_template_may_end_with_nul(here: Path) -> None:
    hits = run("query", "lúa", "--format", "{id}").out.splitlines()
    assert len(hits) == 5
    assert run("query", "lúa", "--format", "{id}", "-0").out == "".join(f"{key}\0" for key in hits)
    assert run("query", "lúa", "--format", r"{id}\0").out == "".join(f"{key}\0\n" for key in hits)


def test_a_templates_values_hold_nothing_that_breaks_a_line(here: Path) -> None:
    ran = run("query", "bẫy", "--format", "".join(f"{{{key}}}" for key in KEYS))
    assert ran.status == 0 and ran.out.count("\n") == 1 and "{path}" in ran.out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", ran.out)


def test_a_template_knows_every_key_of_a_hit_that_is_no_list() -> None:
    record = hit_record(Hit(1, 1.0, Article("a"), (Snippet("x"), Snippet("y"))), "/")
    scalars = {key for key, value in record.items() if not isinstance(value, list | tuple)}
    assert set(KEYS) == scalars | {"query", "missing"}


@pytest.mark.parametrize(
    ("template", "part"),
    [
        ("{titel}", "Viết {title}"),
        ("{Path}", "Viết {path}"),
        ("{}", "Các khóa: query, rank"),
        ("{0}", "Các khóa: query, rank"),
        ("{title.__class__}", "chỉ nhận tên khóa, không nhận “{title.__class__}”"),
        ("{title[0]}", "chỉ nhận tên khóa, không nhận “{title[0]}”"),
        ("{title:>1000000000}", "chỉ nhận tên khóa, không nhận “{title:>1000000000}”"),
        ("{title!r}", "chỉ nhận tên khóa, không nhận “{title!r}”"),
        ("{path} {title", "thiếu } cho dấu { ở ký tự thứ 8"),
        ("{path}} x", "thừa dấu } ở ký tự thứ 7"),
        ("a}", "thừa dấu } ở ký tự thứ 2"),
        ("{a{b}}", "thiếu } cho dấu { ở ký tự thứ 1"),
        (r"{path}\x", "dấu \\ ở ký tự thứ 7"),
        ("{path}\\", "dấu \\ ở ký tự thứ 7"),
        ("{" + "x" * 100_000 + "}", "không có khóa “{xxx"),
        ("path", "--format không nhận “path”"),
        ("", "--format không nhận “”"),
        ("xml", "rich, plain, json, jsonl, tsv, csv"),
    ],
)
def test_a_template_with_a_mistake_is_one_line(here: Path, template: str, part: str) -> None:
    message = said(run("query", "lúa", "--format", template))
    assert part in message and len(message) < 300


PIECES = [
    "{path}",
    "{title}",
    "{query}",
    "{{",
    "}}",
    "{",
    "}",
    "\\t",
    "\\0",
    "\\\\",
    "\\",
    "t",
    "path",
    "ạ",
    "\n",
    "{x}",
    "!",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_template_is_read_or_refused_and_does_what_it_says(text: str) -> None:
    hit = Hit(1, 1.0, Article("a", "Tên", path="/a.txt"))
    try:
        template = parse_template(text)
    except UsageError:
        assert set(text) & set("{}\\")
        return
    means = {"\\t": "\t", "\\n": "\n", "\\0": "\0", "\\\\": "\\", "{{": "{", "}}": "}"}
    means |= {"{path}": "a.txt", "{title}": "Tên", "{query}": "q"}
    assert fill(template, hit, "/", "q") == re.sub(r"\\.|\{\{|\}\}|\{\w+\}", lambda part: means[part[0]], text)


# --- many queries


def test_many_answers_are_told_apart_in_every_format(here: Path) -> None:
    stdin = lines("trúng đậm", "cải", "khách")
    header, *rows = csv.reader(io.StringIO(run("query", "-", "--format", "csv", stdin=stdin).out))
    assert header[:2] == ["query", "rank"]
    assert [row[0] for row in rows] == ["trúng đậm", "khách"] and all(len(row) == len(header) for row in rows)
    tsv = [line.split("\t") for line in run("query", "-", "--format", "tsv", stdin=stdin).out.splitlines()]
    assert tsv == rows
    assert [[hit["query"], hit["id"]] for hit in records(run("query", "-", "--jsonl", stdin=stdin))] == [
        [row[0], row[3]] for row in rows
    ]
    assert run("query", "-", "--format", "{query}: {path}", stdin=stdin).out.splitlines() == [
        "trúng đậm: bài/tin.jsonl", "khách: bài/đò.txt",
    ]  # fmt: skip
    assert run("query", "-", "-l", stdin=stdin).out == "trúng đậm\tbài/tin.jsonl\nkhách\tbài/đò.txt\n"
    assert run("query", "-", "-0", stdin=stdin).out == "trúng đậm\tbài/tin.jsonl\0khách\tbài/đò.txt\0"
    assert run("query", "-", "-c", stdin=stdin).out == "1\ttrúng đậm\n0\tcải\n1\tkhách\n"
    plain = run("query", "-", stdin=stdin).out.splitlines()
    assert [line for line in plain if line.startswith("»")] == ["» trúng đậm", "» cải", "» khách"]
    counts = run("query", "-", "--facet", "year", "--format", "tsv", stdin=lines("trúng đậm", "khách")).out
    assert counts == "trúng đậm\tyear\t2021\t1\nkhách\tyear\t\t1\n"
    values = records(run("query", "-", "--facet", "year", "--jsonl", stdin=stdin))
    assert list(values[0]) == ["query", "facet", "value", "count"]


def test_one_query_has_no_column_for_it(here: Path) -> None:
    assert run("query", "khách", "--format", "csv").out.startswith("rank,score,")
    assert run("query", "khách", "--format", "tsv").out.startswith("1\t")


@pytest.mark.parametrize(
    "options", [["--jsonl"], ["-c"], ["-l"], ["--format", "{query}"], ["--format", "csv"]], ids=" ".join
)
def test_whoever_asks_line_by_line_gets_every_answer_before_the_next_question(here: Path, options: list[str]) -> None:
    command = [SCRIPT, "query", "-", *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    assert process.stdin and process.stdout
    if "csv" in options:
        ready, _, _ = select.select([process.stdout], [], [], 60)
        assert ready and process.stdout.readline().startswith(b"query,")
    for query in ("khách", "trúng đậm", "khách"):
        process.stdin.write(query.encode() + b"\n")
        ready, _, _ = select.select([process.stdout], [], [], 60)
        assert ready and process.stdout.readline()
    process.stdin.close()
    assert process.wait(timeout=60) == 0 and not process.stdout.read()
    process.stdout.close()


def test_a_bad_line_says_what_to_type_and_the_rest_goes_on(here: Path) -> None:
    ran = run("query", "-", "--json", stdin=lines("khách", "titel:lúa", "date:31/02/2021", "chiêm"))
    assert [json.loads(line)["query"] for line in ran.out.splitlines()] == ["khách", "chiêm"] and ran.status == 2
    field, date = ran.err.splitlines()
    assert field.startswith("searchvn: dòng 2: ") and "title" in field
    assert date.startswith("searchvn: dòng 3: ") and "31/02/2021" in date


def test_a_stream_looks_for_suggestions_only_where_json_has_them(here: Path) -> None:
    slip = lines("phien cho", "lua vu mua")
    answers = [json.loads(line) for line in run("query", "-", "--json", stdin=slip).out.splitlines()]
    assert [len(answer["suggestions"]) for answer in answers] == [0, 1]
    assert "lúa vụ mùa" in run("query", "lua vu mua", "--jsonl").err
    for option in ("--jsonl", "-c", "-l"):
        assert "lúa vụ mùa" not in run("query", "-", option, stdin=slip).err


def test_a_dash_stands_alone_or_within_a_query(here: Path) -> None:
    assert "đứng một mình" in said(run("query", "-", "lúa"))
    assert titles(run("query", "Giá", "-", "lúa", "--jsonl"))[0] == "Giá lúa"


# --- options that make no sense together


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["-c", "--json"], "-c, -l và -0 không đi cùng"),
        (["-l", "--format", "{path}"], "-c, -l và -0 không đi cùng"),
        (["-0", "--format", "tsv"], "-c, -l và -0 không đi cùng"),
        (["-l", "-0", "--format", "{path}"], "-c, -l và -0 không đi cùng"),
        (["-c", "-l"], "-c không đi cùng -l"),
        (["-c", "--facet", "year"], "--facet hay --explain"),
        (["-l", "--explain"], "--facet hay --explain"),
        (["-0", "--explain", "--format", "{path}"], "không có chỗ cho --explain"),
        (["--explain", "--format", "tsv"], "không có chỗ cho --explain"),
        (["--explain", "--format", "csv"], "không có chỗ cho --explain"),
        (["--explain", "--sort", "newest"], "không có điểm"),
        (["--explain", "--facet", "year"], "thêm --json để có cả hai"),
        (["--facet", "year", "--format", "{path}"], "--facet không theo mẫu được"),
        (["--facet", "day"], "--facet nhận year, month, source, author, không phải “day”"),
        (["--json", "--jsonl"], "không đi cùng nhau"),
        (["--json", "--format", "json"], "không đi cùng nhau"),
        (["--sort", "random"], "random"),
        (["--snippets", "-1"], "--snippets phải từ 0"),
        (["--snippets", "x"], "x"),
    ],
    ids=" ".join,
)
def test_options_that_contradict_each_other_are_one_line(here: Path, arguments: list[str], part: str) -> None:
    assert part in said(run("query", "lúa", *arguments))


def test_an_explanation_and_counts_go_together_in_json(here: Path) -> None:
    answer = json.loads(run("query", "lúa", "--explain", "--facet", "year", "--json").out)
    assert answer["hits"][0]["explanation"] and answer["facets"]["year"]


def test_snippets_are_as_many_as_asked_for(here: Path) -> None:
    far = "Lúa ở đầu. " + "Đoạn giữa kể chuyện đồng áng. " * 40 + "Thóc ở giữa. " + "Đoạn sau nói việc khác. " * 40
    with Index.create(str(here / "khác"), "tantivy") as index:
        index.add([Article("a", "", far + "Sân ở cuối.")])
    counts = {
        number: len(
            re.findall(
                r'"snippet": "[^"]',
                run("query", "lúa thóc sân", "--snippets", number, "--jsonl", "--index", "khác").out,
            )
        )
        for number in ("0", "1", "2", "3")
    }
    assert counts == {"0": 0, "1": 1, "2": 2, "3": 3}


def test_settings_say_what_was_not_asked_for(here: Path, tmp_path: Path) -> None:
    told = tmp_path / "cài đặt.toml"
    told.write_text('format = "{record_id}"\nsort = "newest"\nlimit = 2\nmatch = "any"\n', encoding="utf-8")
    assert run("query", "lúa", "--config", str(told)).out == "chiêm\ngiá\n"
    assert run("query", "lúa", "-n", "1", "--sort", "oldest", "--config", str(told)).out == "mùa\n"
    assert run("query", "lúa", "-c", "--config", str(told)).out == "5\n"
    assert len(run("query", "lúa", "-l", "--config", str(told)).out.splitlines()) == 2
    told.write_text('format = "{titel}"\n', encoding="utf-8")
    message = said(run("query", "lúa", "--config", str(told)))
    assert "titel" in message and f"{told}:1" in message


# --- terms and similar


def test_terms_are_the_words_that_begin_so_the_most_frequent_first(here: Path) -> None:
    assert run("terms", "lu") == Ran(0, "5\tlúa\n", "")
    counts = [int(line.split("\t")[0]) for line in run("terms", "c").out.splitlines()]
    assert len(counts) > 3 and counts == sorted(counts, reverse=True)
    assert run("terms", "c", "-n", "2").out.splitlines() == run("terms", "c").out.splitlines()[:2]
    assert run("terms", "chợ").out == "1\tchợ\n" and "1\tchợ" in run("terms", "cho").out.splitlines()
    assert run("terms", "qzx") == Ran(1, "", "")
    answer = json.loads(run("terms", "lu", "--json").out)
    assert answer["terms"] == [{"term": "lúa", "articles": 5}] and answer["prefix"] == "lu"
    assert json.loads(run("terms", "qzx", "--json").out)["terms"] == []


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["terms", "hai từ"], "không phải phần đầu của một từ"),
        (["terms", ""], "không phải phần đầu của một từ"),
        (["terms", "lu", "-n", "0"], "số kết quả phải từ 1"),
        (["terms"], "PREFIX"),
        (["similar", "không có"], "không có bài nào tên “không có”"),
        (["similar", "kho"], "bài/tin.jsonl#kho"),
        (["show", "kho"], "bài/khác.jsonl#kho"),
        (["similar", "bài/tin.jsonl"], "4 bài"),
        (["similar", "mùa", "-n", "0"], "số kết quả phải từ 1"),
        (["similar", "mùa", "--offset", "-1"], "--offset phải từ 0"),
        (["similar", "mùa", "--format", "{titel}"], "Viết {title}"),
        (["similar", "mùa", "--json", "--jsonl"], "không đi cùng nhau"),
        (["similar"], "ID|PATH"),
    ],
    ids=" ".join,
)
def test_terms_and_similar_say_in_one_line_what_they_cannot_do(here: Path, arguments: list[str], part: str) -> None:
    assert part in said(run(*arguments))


def test_similar_articles_come_without_the_article_itself_in_every_format(here: Path) -> None:
    hits = records(run("similar", "mùa", "--jsonl"))
    assert hits[0]["record_id"] == "chiêm" and "mùa" not in ids(run("similar", "mùa", "--jsonl"))
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    assert json.loads(run("similar", "bài/tin.jsonl#mùa", "--json").out)["hits"] == hits
    assert run("similar", "mùa", "--format", "{record_id}", "-n", "1").out == "chiêm\n"
    assert records(run("similar", "mùa", "--jsonl", "--offset", "1")) == hits[1:]
    header, *rows = csv.reader(io.StringIO(run("similar", "mùa", "--format", "csv").out))
    assert header[0] == "rank" and len(rows) == len(hits)
    assert run("similar", "mùa", "-n", "1").out.startswith("bài/tin.jsonl#chiêm: Lúa vụ chiêm\n")
    beyond = run("similar", "mùa", "--offset", "99")
    assert (beyond.status, beyond.out) == (1, "")
