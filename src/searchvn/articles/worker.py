"""A process that reads files for another one: `python -m searchvn.articles.worker`, started by `workers`.

Main names: `main`, `packed`. Invariants: it answers each request with one message and nothing else, whatever libraries
print; it takes no more memory than `MEMORY`, is at no file much longer than `SECONDS` even when nobody waits for the
answer any more, and ends when its input does.

Messages (see `processes`) are JSON in UTF-8. A request is `[path, file, encoding]`, an
answer `{"found": [...], "error": [message, hint] or null}`: what `formats.read_file` gave before it ended or failed.
"""

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import Any

from searchvn.articles.formats import read_file
from searchvn.errors import SearchvnError, saying
from searchvn.processes import LENGTH
from searchvn.reports import Extraction, Skipped

SECONDS = 60
MEMORY = 2 << 30  # bytes
OUT_OF_MEMORY = 77  # exit status

_GRACE = 10  # seconds after which whoever asked must be gone: else it would have ended this process


def packed(message: object) -> bytes:
    """A message as bytes. Halves of pairs may be in it, as paths have them for bytes that are not UTF-8."""
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")


def unpacked(content: bytes) -> Any:
    """What a message says. Raises `ValueError`."""
    return json.loads(content.decode("utf-8", "surrogatepass"))


def main() -> None:
    """Answers requests on standard input until it ends."""
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with suppress(OSError, ValueError):  # a system without this limit, or with a lower one
            resource.setrlimit(kind, (most, most))
    with suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what libraries print goes where their errors go
        while length := sys.stdin.buffer.read(LENGTH):
            signal.alarm(SECONDS + _GRACE)
            request = unpacked(sys.stdin.buffer.read(int.from_bytes(length, "big")))
            answer = packed(_answer(*request))
            answers.write(len(answer).to_bytes(LENGTH, "big") + answer)
            answers.flush()
            signal.alarm(0)


def _answer(path: str, file: str, encoding: str | None) -> dict[str, object]:
    found: list[object] = []
    error = None
    try:
        for one in read_file(path, file, encoding=encoding):
            found.append(_plain(one))
    except SearchvnError as problem:
        error = [str(problem), problem.hint]
    except OSError as problem:
        error = [f"không đọc được: {saying(problem)}", ""]
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # who knows what libraries make of the next file
    except Exception as problem:
        error = [f"thư viện đọc tệp gặp lỗi ({type(problem).__name__})", ""]
    return {"found": found, "error": error}


def _plain(found: Extraction | Skipped) -> dict[str, object]:
    """As JSON. The article's place is known to whoever asked."""
    if isinstance(found, Skipped):
        return {"skipped": found}
    article = found.article._asdict()
    for place in ("id", "file", "path"):
        del article[place]
    return {
        "article": {**article, "extra": dict(found.article.extra)},
        "encoding": found.encoding,
        "evidence": dict(found.evidence),
        "left_out": found.left_out,
    }


if __name__ == "__main__":
    main()
