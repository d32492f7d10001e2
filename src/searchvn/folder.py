"""The index folder: meta.json, generations and the write lock.

Main type: `Folder`. Invariants: meta.json is replaced atomically and names the one generation that readers open; only
files that searchvn made are deleted; one process writes at a time.

    index/
      meta.json         format version, engine, fingerprint of fields and analysis, state, generation
      gen-N/            the engine's files
      manifest.sqlite   what is known about the source files
      .lock             locked while a process writes; holds its number and when it started
"""

import errno
import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from searchvn.analysis.terms import ANALYSIS_VERSION
from searchvn.errors import (
    IndexDamagedError,
    IndexFolderError,
    IndexLockedError,
    IndexNotFoundError,
    IndexVersionError,
    NotAnIndexError,
    saying,
)
from searchvn.fields import FIELDS

FORMAT_VERSION = 1

_META = "meta.json"
_MANIFEST = "manifest.sqlite"
_LOCK = ".lock"
_OURS = r"meta\.json(\.new)?|manifest\.sqlite(-journal|-wal|-shm)?|\.lock|gen-\d+|\.gitkeep"  # a pattern


def analysis_fingerprint() -> str:
    """Tells two ways of making terms apart: changes with the fields and with the analysis version."""
    return f"{ANALYSIS_VERSION}: " + " ".join(f"{field.name}={field.kind.value}" for field in FIELDS)


class Meta(NamedTuple):
    """What meta.json says. `state` is `building` until the first run has ended, then `ready`.

    `roots` is a copy of those in the manifest (root -> its rules as JSON), which a rebuild needs where that is damaged.
    """

    format_version: int
    engine: str
    analysis: str
    state: str
    generation: int
    roots: Mapping[str, str] = MappingProxyType({})


class Folder:
    """The layout of one index folder."""

    def __init__(self, path: str) -> None:
        self.path = os.path.realpath(path)
        self.base = os.path.dirname(self.path)
        self.manifest_path = os.path.join(self.path, _MANIFEST)

    def generation_path(self, generation: int) -> str:
        """Where the engine's files of a generation are."""
        return os.path.join(self.path, f"gen-{generation}")

    def has_meta(self) -> bool:
        """True when there is an index here, whole or not."""
        return os.path.exists(os.path.join(self.path, _META))

    def meta(self) -> Meta:
        """What meta.json says.

        Raises `IndexNotFoundError`, `NotAnIndexError`, `IndexDamagedError`, or `IndexVersionError` for another format.
        """
        try:
            data = Path(self.path, _META).read_bytes()
        except FileNotFoundError as error:
            raise self._missing() from error
        except NotADirectoryError as error:
            raise NotAnIndexError(f"{self.path} không phải là thư mục", "chọn thư mục khác với --index") from error
        except OSError as error:
            raise IndexDamagedError(f"không đọc được {self.path}/{_META}: {saying(error)}") from error
        try:
            values = json.loads(data)
            version = values["format_version"]
            meta = Meta(**values) if version == FORMAT_VERSION else None
        except (ValueError, TypeError, KeyError) as error:
            raise IndexDamagedError(
                f"{self.path}/{_META} không đọc được", f"dựng lại: searchvn index --rebuild --index {self.path}"
            ) from error
        if meta is None:
            raise IndexVersionError(
                f"chỉ mục {self.path} có định dạng số {version}, bản searchvn này đọc định dạng số {FORMAT_VERSION}",
                f"dựng lại: searchvn index --rebuild --index {self.path}",
            )
        return meta

    def checked_meta(self) -> Meta:
        """`meta`, and an `IndexVersionError` when the terms of this index were made in another way."""
        meta = self.meta()
        if meta.analysis != analysis_fingerprint():
            raise IndexVersionError(
                f"chỉ mục {self.path} do một phiên bản phân tích văn bản khác tạo ra",
                f"dựng lại: searchvn index --rebuild --index {self.path}",
            )
        return meta

    def write_meta(self, meta: Meta) -> None:
        """Replaces meta.json in one step: readers see the old one or the new one."""
        new = os.path.join(self.path, _META + ".new")
        with open(new, "w", encoding="utf-8") as stream:
            json.dump({**meta._asdict(), "roots": dict(meta.roots)}, stream, indent=1, ensure_ascii=False)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(new, os.path.join(self.path, _META))
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)  # the new name is on the disk before anything that the old one needs goes
        finally:
            os.close(descriptor)

    def mark_ready(self, meta: Meta, roots: Mapping[str, str]) -> Meta:
        """Writes that a run has ended, and the roots that it left."""
        ready = meta._replace(state="ready", roots=dict(roots))
        self.write_meta(ready)
        return ready

    def prepare(self) -> None:
        """Makes the folder. Raises `NotAnIndexError` when it holds what searchvn did not make."""
        try:
            os.makedirs(self.path, exist_ok=True)
            strangers = self.strangers()
        except FileExistsError as error:
            raise NotAnIndexError(f"{self.path} không phải là thư mục", "chọn thư mục khác với --index") from error
        except OSError as error:
            reason = "hệ thống không nhận thư mục mới ở đó" if error.errno == errno.ENOENT else saying(error)
            raise IndexFolderError(
                f"không tạo được thư mục chỉ mục {self.path}: {reason}", "chọn thư mục khác với --index"
            ) from error
        if strangers and not self.has_meta():
            raise NotAnIndexError(
                f"{self.path} không phải là chỉ mục của searchvn (có “{strangers[0]}”)",
                "chọn thư mục trống hoặc thư mục khác với --index",
            )

    def strangers(self) -> list[str]:
        """What the folder holds that searchvn did not make. Raises `OSError` where there is no folder."""
        return sorted(name for name in os.listdir(self.path) if not re.fullmatch(_OURS, name))

    def generations(self) -> list[int]:
        """The numbers of the generations that have a folder."""
        return [int(name[4:]) for name in os.listdir(self.path) if re.fullmatch(r"gen-\d+", name)]

    def drop_generations_except(self, kept: int) -> None:
        """Deletes the engine files of all generations but one."""
        for generation in self.generations():
            if generation != kept:
                shutil.rmtree(self.generation_path(generation), ignore_errors=True)

    def size(self) -> int:
        """Bytes of all files in the folder."""
        return sum(
            os.lstat(os.path.join(folder, name)).st_size for folder, _, files in os.walk(self.path) for name in files
        )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the write lock. Raises `IndexLockedError`, naming the holder, when another process has it."""
        try:
            descriptor = os.open(os.path.join(self.path, _LOCK), os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise IndexFolderError(
                f"không ghi được vào thư mục chỉ mục {self.path}: {saying(error)}", "kiểm tra quyền ghi của thư mục"
            ) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                holder = os.read(descriptor, 200).decode("utf-8", "replace").strip() or "một tiến trình khác"
                raise IndexLockedError(
                    f"chỉ mục {self.path} đang được ghi bởi {holder}", "đợi tiến trình đó xong rồi chạy lại"
                ) from error
            os.truncate(descriptor, 0)
            os.pwrite(
                descriptor, f"tiến trình {os.getpid()}, từ {time.strftime('%H:%M:%S ngày %d/%m/%Y')}\n".encode(), 0
            )
            yield
        finally:
            os.close(descriptor)  # gives the lock back, as the end of the process does

    def is_being_written(self) -> bool:
        """True while another process holds the write lock."""
        try:
            descriptor = os.open(os.path.join(self.path, _LOCK), os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _missing(self) -> IndexFolderError:
        if os.path.isdir(self.path) and any(not re.fullmatch(_OURS, name) for name in os.listdir(self.path)):
            return NotAnIndexError(
                f"{self.path} không phải là chỉ mục của searchvn", "chọn thư mục khác với --index, hoặc SEARCHVN_INDEX"
            )
        return IndexNotFoundError(
            f"chưa có chỉ mục ở {self.path}",
            "tạo chỉ mục: searchvn index THƯ-MỤC-BÀI-VIẾT (hoặc chỉ nơi khác với --index)",
        )
