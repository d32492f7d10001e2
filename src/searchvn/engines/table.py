"""Engine name -> engine: the one place where engines are imported, and only the one that is asked for.

Main names: `open_engine`, `salvage`, `check_engine`, `default_engine`. Invariant: a missing library is an error that
says what to install, never a silent change of engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from searchvn.engines.base import MEND, Engine
from searchvn.errors import EngineMissingError, IndexDamagedError, UsageError
from searchvn.models import Article

# name -> (module, class, library, what to install)
_ENGINES = {
    "tantivy": ("searchvn.engines.tantivy", "TantivyEngine", "tantivy", "pip install tantivy"),
    "whoosh": ("searchvn.engines.whoosh", "WhooshEngine", "whoosh", "pip install whoosh-reloaded"),
    "memory": ("searchvn.engines.memory", "MemoryEngine", "", ""),
}
ENGINES: tuple[str, ...] = ("tantivy", "whoosh")  # those that keep their articles on disk


def default_engine() -> str:
    """tantivy where its library can be imported, else whoosh."""
    return "tantivy" if find_spec("tantivy") else "whoosh"


def check_engine(name: str | None) -> None:
    """Raises `UsageError` for a name that is not one of `ENGINES`; none is fine."""
    if name is not None and name not in ENGINES:
        raise UsageError(f"không có máy tìm kiếm tên “{name}”", f"chọn một trong: {', '.join(ENGINES)}")


def open_engine(name: str, folder: str, *, create: bool = False) -> Engine:
    """Opens the engine's files in `folder`, or makes new ones there.

    Raises `IndexDamagedError` for an unknown name (it stands in the index) or when the files cannot be opened, and
    `EngineMissingError` when the library is not installed.
    """
    engine: Engine = getattr(_module(name), _ENGINES[name][1])(folder, create=create)
    return engine


def salvage(name: str, folder: str) -> Iterator[Article]:
    """The articles that the engine's files in `folder` hold, as far as they can be read, whatever else is damaged.

    An article that was deleted is not among them; one whose own bytes are damaged may be left out. Raises as
    `open_engine` does.
    """
    articles: Iterator[Article] = _module(name).salvage(folder)
    return articles


def _module(name: str) -> Any:
    if name not in _ENGINES:
        raise IndexDamagedError(f"không có máy tìm kiếm tên “{name}”", MEND)
    module, _, library, install = _ENGINES[name]
    if library and not find_spec(library):
        raise EngineMissingError(f"chỉ mục dùng {name} nhưng thư viện này chưa được cài", install)
    return import_module(module)
