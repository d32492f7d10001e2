"""The import rule of ARCHITECTURE.md, and what the standards say of every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import searchvn

SOURCE = Path(searchvn.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))

RECORDS = {"models", "reports", "errors", "fields"}
WRITING = {"indexing", "feeding", "rebuilding", "checking", "surveying", "updating", "previewing"}
# room -> rooms it may import (its own is always allowed)
ALLOWED = {
    "models": set(),
    "reports": {"models"},
    "errors": set(),
    "fields": set(),
    "processes": {"errors"},
    "analysis": RECORDS | {"processes"},
    "query": RECORDS | {"analysis"},
    "articles": RECORDS | {"analysis", "processes"},
    "engines": RECORDS | {"query.ast"},
    "highlight": RECORDS | {"analysis", "query", "passages"},
    "passages": RECORDS | {"analysis"},
    "folder": RECORDS | {"analysis"},
    "config": {"errors"},
    "surveying": RECORDS | {"articles"},
    "feeding": RECORDS | {"analysis", "engines", "processes"},
    "indexing": RECORDS | {"analysis", "articles", "engines", "feeding", "surveying", "query.ast"},
    "updating": RECORDS | {"articles", "engines", "indexing", "surveying"},
    "previewing": RECORDS | {"articles", "folder", "surveying", "updating"},
    "checking": RECORDS | {"articles", "engines", "folder", "surveying", "query.ast"},
    "rebuilding": RECORDS | {"articles", "engines", "folder", "indexing", "surveying", "updating", "query.ast"},
    "searching": RECORDS | {"query", "analysis", "engines", "highlight", "explaining"},
    "explaining": RECORDS | {"query", "engines"},
    "index": RECORDS | {"articles", "query", "analysis", "engines", "folder", "searching"} | WRITING,
    "render": {"models", "reports", "errors"},
    "cli": RECORDS
    | WRITING
    | {"index", "config", "folder", "render", "query", "highlight", "analysis", "engines.table", "articles"},
    "__init__": RECORDS | {"index", "query"},
}
# third-party library -> the files or room that may import it
HOMES = {
    "tantivy": {"engines/tantivy.py", "engines/tantivy_queries.py"},
    "whoosh": {"engines/whoosh.py", "engines/whoosh_files.py"},
    "trafilatura": {"articles/html.py"},
    "unidecode": {"analysis/folding.py"},
    "rich": {"render/terminal.py", "render/progress.py"},
    "typer": {"cli/"},
    "sqlite3": {"articles/manifest.py", "articles/called.py"},
    "pypdfium2": {"articles/pdf.py"},
    "docx": {"articles/docx.py"},
}

# engine -> the module that knows its files
FILES = {"tantivy.py": ("footers", "tantivy_queries"), "whoosh.py": ("whoosh_files",)}


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def _room(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def _imports(path: Path) -> list[str]:
    """Full names of everything a file imports, at any depth."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)}: imports are absolute"
            module = node.module or ""
            names += [f"{module}.{alias.name}" for alias in node.names] if module == "searchvn" else [module]
    return names


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_rooms_import_only_whom_they_may(path: Path) -> None:
    room = _room(path)
    for name in _imports(path):
        if not name.startswith("searchvn."):
            continue
        inner = name.removeprefix("searchvn.")
        target = inner.split(".")[0]
        allowed = ALLOWED[room]
        assert target == room or target in allowed or inner in allowed, f"{_name(path)} imports {name}"


def test_engines_know_neither_each_other_nor_the_table() -> None:
    for path in (SOURCE / "engines").glob("*.py"):
        if path.name in ("table.py", "__init__.py"):
            continue
        inner = [name for name in _imports(path) if name.startswith("searchvn.engines")]
        own = {f"searchvn.engines.{name}" for name in ("base", "checksums", *FILES.get(path.name, ()))}
        assert set(inner) <= own, path.name


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_libraries_stay_in_their_homes(path: Path) -> None:
    for name in _imports(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or any(_name(path).startswith(home) for home in homes), f"{_name(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_files_are_small_and_say_what_they_are_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    docstring = ast.get_docstring(tree)
    assert docstring, "no module docstring"
    assert "nvariant" in docstring, "the docstring names no invariant"
    assert text.count("\n") <= 420
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 45, f"{node.name} is too long"


def test_the_library_in_six_names() -> None:
    assert sorted(searchvn.__all__) == ["Article", "Hit", "Index", "SearchResults", "SearchvnError", "parse_query"]


def test_a_piped_query_imports_no_rich_no_sqlite_no_whoosh(tmp_path: Path) -> None:
    code = (
        "import sys, searchvn\n"
        f"with searchvn.Index.create({str(tmp_path / 'index')!r}) as index:\n"
        "    index.add([searchvn.Article('a', 'Đổi mới', 'Đổi mới cách làm')])\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    code = (
        f"import sys; sys.argv = ['searchvn', 'query', 'đổi mới', '--jsonl', '--index', {str(tmp_path / 'index')!r}]\n"
        "from searchvn.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    print(*sys.modules, file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(run.stderr.split())
    assert run.stdout.count("\n") == 1
    assert "tantivy" in loaded
    assert not loaded & {"rich", "sqlite3", "whoosh", "trafilatura", "unidecode", "csv", "gzip", "searchvn.reports"}
