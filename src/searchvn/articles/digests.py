"""The digests of a file's records, by which a run knows which of them changed since the last.

Main type: `RecordDigests`. Invariant: `read_digests` gives what was met; a million records that are new take some 20 MB
while they are read.
"""

import json
import zlib
from typing import Literal

_AT_ONCE = 1_000


class RecordDigests:
    """The records of a file as they are met, beside those that are known: article id -> digest.

    `new` and `changed` are how many of those that were met are; `gone` holds the known ones that were not met yet.
    """

    def __init__(self, known: dict[str, str]) -> None:
        self.new = self.changed = 0
        self.gone = known
        self._packer = zlib.compressobj(1)
        self._parts: list[bytes] = []
        self._met: list[tuple[str, str]] = []  # those that are not packed yet

    def meet(self, article_id: str, digest: str) -> Literal["new", "changed", "same"]:
        """Notes a record, which is met once."""
        self._met.append((article_id, digest))
        if len(self._met) >= _AT_ONCE:
            self._pack()
        before = self.gone.pop(article_id, None)
        if before == digest:
            return "same"
        self.new += before is None
        self.changed += before is not None
        return "new" if before is None else "changed"

    def packed(self) -> bytes:
        """What `read_digests` reads: a list of pairs in JSON (zlib, RFC 1950). No record can be met afterwards."""
        self._pack()
        return b"".join([*self._parts, self._packer.compress(b"]"), self._packer.flush()])

    def _pack(self) -> None:
        pairs = json.dumps(self._met, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass")
        between = b"," if self._parts and pairs else b""
        self._parts.append(self._packer.compress((between if self._parts else b"[") + pairs))
        self._met.clear()


def read_digests(data: bytes) -> dict[str, str]:
    """Article id -> digest. Empty if `data` is damaged: then the whole file is read."""
    try:
        return dict(json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass")))
    except (ValueError, TypeError, RecursionError, zlib.error):
        return {}
