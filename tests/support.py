"""What several test files share: folders of articles, commands over them, and what an index holds, to compare two."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from searchvn import Article
from searchvn.articles.manifest import Manifest
from searchvn.cli.boundary import _run
from searchvn.cli.options import protect_query_text
from searchvn.engines.base import Engine
from searchvn.engines.table import open_engine
from searchvn.fields import FIELDS, Kind
from searchvn.folder import Folder
from searchvn.query.ast import Term

ENGINES = ("tantivy", "whoosh")  # those that keep their articles on disk
LONG_AGO = 1_500_000_000  # seconds since 1970: a time of change that no rule about recent files touches

Files = Mapping[str, str | bytes]


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A temporary folder in memory where there is one: commits wait for the disk otherwise."""
    memory = "/dev/shm"
    made = tempfile.mkdtemp(prefix="searchvn-", dir=memory if os.access(memory, os.W_OK) else None)
    try:
        yield Path(os.path.realpath(made))
    finally:
        shutil.rmtree(made, ignore_errors=True)


def lay(folder: Path, files: Files) -> Path:
    """Makes `folder` hold exactly these files. The time of change of a file tells its content, long ago."""
    wanted = {folder / name for name in files}
    if folder.is_dir():
        for path in [path for path in folder.rglob("*") if path.is_file() and path not in wanted]:
            path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        data = content if isinstance(content, bytes) else content.encode()
        if path.exists() and path.read_bytes() == data:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        when = LONG_AGO + zlib.crc32(data) % 10_000_000
        os.utime(path, (when, when))
    return folder


class Contents(NamedTuple):
    """All that an index holds, deleted articles not counted."""

    articles: dict[str, Article]  # by id
    frequencies: dict[tuple[str, str], int]  # (field, term) -> articles that have it
    files: dict[str, int]  # file key -> its articles, by the manifest
    pending: list[str]


def contents(index: str | Path) -> Contents:
    """Everything in the index at this path, read through its engine and its manifest."""
    folder = Folder(str(index))
    meta = folder.meta()
    engine = open_engine(meta.engine, folder.generation_path(meta.generation))
    manifest = Manifest(folder.manifest_path, meta.generation)
    try:
        frequencies = _frequencies(engine)
        ids = [term for field, term in frequencies if field == "id"]
        doubled = [key for key in ids if frequencies["id", key] != 1]
        assert not doubled and len(ids) == engine.articles(), f"doubled or lost: {doubled}"
        articles = {article.id: article for article in engine.get(ids)}
        files = {entry.file: entry.articles for entry in manifest.entries()}
        return Contents(articles, frequencies, files, manifest.pending())
    finally:
        manifest.close()
        engine.close()


def _frequencies(engine: Engine) -> dict[tuple[str, str], int]:
    """Engines may list terms of deleted articles, and count those too: every term is asked for."""
    fields = [field.name for field in FIELDS if field.kind is not Kind.NUMBER]
    found = {(field, term) for field in fields for term, _ in engine.terms(field)}
    return {pair: count for pair in sorted(found) if (count := engine.count(Term(*pair)))}


class Ran(NamedTuple):
    """How a command ended: exit status, standard output, standard error."""

    status: int
    out: str
    err: str


def run(*arguments: str, stdin: bytes = b"") -> Ran:
    """Runs a command line in this process, as the console script does."""
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            status = _run(protect_query_text(list(arguments)))
    finally:
        sys.stdin = before
    return Ran(status, out.getvalue(), err.getvalue())
