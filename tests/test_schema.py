"""What scripts read keeps its written form: every machine format against docs/schema, keys in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from searchvn import Article, Index
from searchvn.cli import answers
from support import ENGINES, Ran, lay, quick_folder, run

SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent.parent / "docs" / "schema").glob("*.schema.json"))
}
REGISTRY: Registry[object] = Registry().with_resources(
    [(schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()]
)
BETWEEN = "Đoạn giữa này kể chuyện đồng áng, không dính gì đến việc đang tìm. " * 12

FILES = {
    "lúa.jsonl": "".join(
        json.dumps(record, ensure_ascii=False) + "\n"
        for record in (
            {
                "id": 7, "title": "Lúa vụ mùa", "text": f"Lúa trúng đậm. {BETWEEN} Kho thóc đầy ắp.",
                "published": "2021-10-05T07:30", "author": "Hoài An", "source": "Báo Làng",
                "url": "https://vi-du.example/lua", "thẻ": {"a": [None, 1.5]},
            },
            {"text": "Giá lúa nhích lên từng ngày."},
            {"title": "Kho thóc và máy xát lúa"},
            "không phải bản ghi",
            {"id": 7, "title": "Lúa giống", "date": "2021-10-06", "text": "Lúa giống về tới kho."},
        )
    ),
    "không tên.txt": "Lúa phơi kín sân đình.\n",
    "khong dau.txt": "Lua chin ngoai dong\n\nBa con ra dong gat lua tu sang som, ai cung vui vi duoc mua.\n",
    "hỏng.txt": b"\xff",
}  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def place(request: pytest.FixtureRequest) -> Iterator[Path]:
    with quick_folder() as folder:
        lay(folder / "bài", FILES)
        with Index.create(str(folder / "index"), request.param) as index:
            index.update([str(folder / "bài")])
            index.add([Article("máy\u202e", "Bài\tcủa\nmáy \x1b", "Lúa do máy gặt.", extra={"sâu": [{"x": 1}]})])
        yield folder


@pytest.fixture
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(place)
    return place


def check(name: str, value: object) -> None:
    """`value` keeps the schema, and its keys stand in the order of the schema's properties, at every level."""
    Draft202012Validator(SCHEMAS[name], registry=REGISTRY).validate(value)
    _check_order(SCHEMAS[name], value)


def _check_order(schema: dict[str, object], value: object) -> None:
    if "$ref" in schema:
        schema = SCHEMAS[str(schema["$ref"]).removesuffix(".schema.json")]
    properties, items = schema.get("properties"), schema.get("items")
    if isinstance(value, dict) and isinstance(properties, dict):
        assert schema["additionalProperties"] is False
        assert list(value) == [name for name in properties if name in value]
        for name, inner in value.items():
            _check_order(properties[name], inner)
    if isinstance(value, list) and isinstance(items, dict):
        for inner in value:
            _check_order(items, inner)


def lines(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def only(ran: Ran) -> dict[str, object]:
    (line,) = lines(ran)
    return line


def test_every_schema_is_one_and_describes_each_of_its_properties() -> None:
    assert list(SCHEMAS) == [
        "analyze", "article", "check", "config", "extraction", "facet", "hit", "index", "results", "stats", "terms",
    ]  # fmt: skip
    for name, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"{name}.schema.json" and schema["title"] and schema["description"]
        for key, described in schema["properties"].items():
            assert described.get("description") or "$ref" in described, (name, key)


QUERIES = [
    "lúa", "lua", "lúa thóc đình cải", '"kho thóc"', "trúng ắp", "gặt", "Lúa giống 7", "title:lúa", "lúa -giống",
    "lú* OR thoc~", "date:2021 lúa", "-thóc",
]  # fmt: skip
OPTIONS = [
    (), ("--explain",), ("--sort", "newest"), ("--sort", "oldest", "--match", "any", "--offset", "1"),
    ("--snippets", "0"), ("--snippets", "5", "--explain"), ("--until", "2021", "-n", "1"),
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
@pytest.mark.parametrize("query", QUERIES)
def test_hits_and_results_keep_their_schema(here: Path, query: str, options: tuple[str, ...]) -> None:
    hits = lines(run("query", "--jsonl", *options, "--", query))
    assert hits or options
    for hit in hits:
        check("hit", hit)
        assert "query" not in hit
        for text, spans in ((hit["snippet"], hit["highlights"]), (hit["title"] or "", hit["title_highlights"])):
            assert isinstance(text, str) and isinstance(spans, list)
            assert all(0 <= start < end <= len(text) for start, end in spans) and spans == sorted(spans)
        assert ("explanation" in hit) == ("--explain" in options) and (hit["score"] is None) == ("--sort" in options)
    results = only(run("query", "--json", *options, "--", query))
    check("results", results)
    assert results["hits"] == hits


@pytest.mark.parametrize("query", QUERIES)
def test_counts_by_value_keep_their_schema(here: Path, query: str) -> None:
    facets = ("--facet", "author", "--facet", "month", "--facet", "year", "--facet", "source")
    results = only(run("query", "--json", *facets, "--", query))
    check("results", results)
    assert list(results["facets"]) == ["year", "month", "source", "author"]  # type: ignore[call-overload]
    values = lines(run("query", "--jsonl", *facets, "--", query))
    assert bool(values) == bool(results["total"])
    for value in values:
        check("facet", value)
    many = lines(run("query", "-", "--jsonl", *facets, stdin=query.encode()))
    for value in many:
        check("facet", value)
    assert many == [{"query": query, **value} for value in values]


def test_titles_are_marked_where_they_have_a_word(here: Path) -> None:
    hits = lines(run("query", "giong", "--jsonl"))
    assert [[str(hit["title"])[start:end] for start, end in hit["title_highlights"]] for hit in hits] == [  # type: ignore[attr-defined]
        ["giống"]
    ]


def test_notes_say_what_was_read_otherwise(here: Path) -> None:
    ran = run("query", '"kho thóc', "--json")
    check("results", only(ran))
    assert [f"searchvn: {note}" for note in only(ran)["notes"]] == ran.err.splitlines()  # type: ignore[attr-defined]
    assert ran.err.count("\n") == 1


def test_similar_articles_and_terms_keep_their_schema(here: Path) -> None:
    hits = lines(run("similar", "bài/lúa.jsonl#3", "--jsonl"))
    assert hits
    for hit in hits:
        check("hit", hit)
    results = only(run("similar", "bài/lúa.jsonl#3", "--json"))
    check("results", results)
    assert results["hits"] == hits
    for prefix in ("l", "lú", "qzx"):
        check("terms", only(run("terms", prefix, "--json")))
    assert only(run("terms", "l", "--json"))["terms"] and not only(run("terms", "qzx", "--json"))["terms"]


def test_hits_come_with_and_without_what_may_be_null_and_with_a_second_snippet(here: Path) -> None:
    hits = [hit for query in QUERIES for hit in lines(run("query", query, "--jsonl"))]
    for name in ("record_id", "title", "published", "author", "source"):
        assert {hit[name] is None for hit in hits} == {True, False}, name
    assert {"snippets" in hit for hit in hits} == {True, False}
    assert {bool(hit["missing"]) for hit in hits} == {True, False}
    assert "" in {hit["snippet"] for hit in hits} and "" in {hit["path"] for hit in hits}
    (far,) = [hit for hit in lines(run("query", "trúng ắp", "--jsonl")) if "snippets" in hit]
    article = only(run("show", str(far["id"]), "--json"))
    parts = [far["snippet"], *(more["snippet"] for more in far["snippets"])]  # type: ignore[attr-defined]
    assert all(part in str(article["body"]) for part in parts)


def test_hits_of_queries_from_standard_input_begin_with_their_query(here: Path) -> None:
    ran = run("query", "-", "--jsonl", stdin="lúa\n?!\n  kho thóc \n".encode())
    assert ran.status == 2
    for hit in lines(ran):
        check("hit", hit)
    assert list(dict.fromkeys(hit["query"] for hit in lines(ran))) == ["lúa", "kho thóc"]
    answers = lines(run("query", "-", "--json", stdin="lúa\ncải\n".encode()))
    for answer in answers:
        check("results", answer)
    assert [answer["query"] for answer in answers] == ["lúa", "cải"]


def test_every_reason_for_a_suggestion_that_is_told_is_in_the_schema() -> None:
    reason = SCHEMAS["results"]["properties"]["suggestions"]["items"]["properties"]["reason"]
    assert set(reason["enum"]) == set(answers._SUGGESTED)
    assert all(f"{name}: " in reason["description"] for name in answers._SUGGESTED)


def test_nothing_found_is_a_result_too(here: Path) -> None:
    results = only(run("query", "cải", "--json"))
    check("results", results)
    assert (results["total"], results["hits"]) == (0, [])


def test_articles_keep_their_schema(here: Path) -> None:
    keys = ("bài/lúa.jsonl", "bài/không tên.txt", "máy\u202e")
    articles = [line for key in keys for line in lines(run("show", key, "--json"))]
    assert len(articles) == 6
    for article in articles:
        check("article", article)
    assert articles[-1]["title"] == "Bài\tcủa\nmáy \x1b" and articles[-1]["extra"] == {"sâu": [{"x": 1}]}


def test_what_readers_take_keeps_its_schema(here: Path) -> None:
    for ran in (run("index", "bài", "--dry-run", "--json"), run("show", "bài/không tên.txt", "--raw", "--json")):
        taken = [json.loads(line) for line in ran.out.splitlines()]
        assert taken
        for one in taken:
            check("extraction", one)


def test_reports_keep_their_schema(here: Path) -> None:
    for name in ("stats", "check"):
        check(name, only(run(name, "--json")))
    report = only(run("index", "--json"))
    check("index", report)
    assert [skipped["path"] for skipped in report["skipped"]] == ["bài/hỏng.txt"]  # type: ignore[attr-defined]
    rebuilt = only(run("index", "--rebuild", "--json"))
    check("index", rebuilt)
    assert len(rebuilt["skipped"]) == 2 and len(rebuilt["warnings"]) == 1  # type: ignore[arg-type]
    check("stats", only(run("stats", "--json")))


def test_damage_keeps_its_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    with quick_folder() as room:
        monkeypatch.chdir(room)
        lay(room / "bài", FILES)
        run("index", "bài")
        engine = Index.open()._engine
        engine.delete_file("bài/lúa.jsonl")
        engine.commit()
        engine.close()
        ran = run("check", "--json")
        check("check", only(ran))
        assert ran.status == 2 and not only(ran)["whole"] and only(ran)["damage"]


@pytest.mark.parametrize("text", ["Đổi mới 15-NQ/TW", "", "?!", "Ba con trong xom hop ban ve doi moi", "서울 ½ рус"])
def test_analyses_keep_their_schema(text: str) -> None:
    described = only(run("analyze", text, "--json"))
    check("analyze", described)
    assert [text[token["start"] : token["end"]] for token in described["tokens"]] == [  # type: ignore[attr-defined]
        token["text"]
        for token in described["tokens"]  # type: ignore[attr-defined]
    ]


def test_settings_keep_their_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    with quick_folder() as room:
        monkeypatch.chdir(room)
        check("config", only(run("config", "--json")))
        said = {"engine": "whoosh", "match": "all", "format": "{path}", "abbreviations": "tôi.tsv"}
        (room / "searchvn.toml").write_text("".join(f'{key} = "{value}"\n' for key, value in said.items()))
        monkeypatch.setenv("SEARCHVN_LIMIT", "7")
        told = only(run("config", "--json"))
        check("config", told)
        assert None not in told["settings"].values()  # type: ignore[attr-defined]
