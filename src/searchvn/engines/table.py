"""Engine name -> engine: the one place where engines are imported, and only the one that is asked for.

Main names: `open_engine`, `check_engine`, `default_engine`. Invariant: a missing library is an error that says what to
install, never a silent change of engine.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from searchvn.engines.base import Engine
from searchvn.errors import EngineMissingError, UsageError

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

    Raises `UsageError` for an unknown name, `EngineMissingError` when the library is not installed and
    `IndexDamagedError` when the files cannot be opened.
    """
    if name not in _ENGINES:
        raise UsageError(f"không có máy tìm kiếm tên “{name}”", f"chọn một trong: {', '.join(ENGINES)}")
    module, class_name, library, install = _ENGINES[name]
    if library and not find_spec(library):
        raise EngineMissingError(f"chỉ mục dùng {name} nhưng thư viện này chưa được cài", install)
    engine: Engine = getattr(import_module(module), class_name)(folder, create=create)
    return engine
