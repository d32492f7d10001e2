"""How often is the encoding of a text recognised, and how often is another text taken for legacy Vietnamese?

Hits: every article of 200 characters or more is written in each encoding, as bytes, and as what comes of misreading
them (as windows-1252 or latin-1) and saving that as UTF-8; then read again. A hit has the right name and the very text.
False alarms: the same articles, pages and files as they are, and files that are no legacy Vietnamese at all.

Usage: python bench/legacy.py SHARED [--every N] [--foreign PATH...]. Foreign files are read as they are, catalogues
of translations (.mo) as text in UTF-8 and in six encodings of Europe. Python's own library is always among them.
"""

from __future__ import annotations

import argparse
import gettext
import gzip
import json
import os
import sys
import sysconfig
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from encoders import written
from searchvn.articles.encodings import PLAIN, Form, decode
from searchvn.articles.legacy import LEGACY, surface
from searchvn.articles.pages import PAGE
from searchvn.errors import ArticleError

LEAST = 200  # characters of an article
EUROPE = ("cp1252", "iso8859-2", "iso8859-15", "cp1250", "cp1254", "cp1257")
LARGEST = 5_000_000  # bytes of a foreign file


def articles(shared: Path) -> Iterator[str]:
    """Title and text of every article of the corpora and the five files, in NFC."""
    for path in sorted((shared / "corpora").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                record = json.loads(line)
                yield _tidy(f"{record.get('title') or ''}\n\n{record.get('text') or record.get('body') or ''}")
    for path in sorted((shared / "corpora" / "utf16").glob("*.txt")):
        yield _tidy(path.read_text(encoding="utf-16"))
    for path in sorted((shared / "articles").glob("*.txt")):
        yield _tidy(path.read_text(encoding="utf-8"))


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def ways(text: str) -> Iterator[tuple[str, str, bytes, str]]:
    """(what it is, the encoding, the bytes, the text to come back) for every way to write `text`."""
    for name in LEGACY:
        data, expected = written(text, name)
        yield name, name, data, expected
        yield f"{name} in UTF-8", name, surface(data).encode(), expected
        yield f"{name} in UTF-8 (latin-1)", name, data.decode("latin-1").encode(), expected
    for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield name, name, text.encode(name), text
        yield f"{name} with mark", name, ("\ufeff" + text).encode(name), text


def measure_hits(texts: list[str]) -> None:
    hits, tried, seconds, missed = Counter[str](), Counter[str](), Counter[str](), []
    for text in texts:
        for way, name, data, expected in ways(text):
            started = time.perf_counter()
            found, got = named(data)
            seconds[way] += time.perf_counter() - started
            tried[way] += 1
            if found == name and (got.lower() if name == "tcvn3" else got) == expected:
                hits[way] += 1
            elif found == name or found in LEGACY:  # a wrong guess, or a wrong text
                missed.append(f"{way}: {found}: {text[:60]!r}")
    for way, count in tried.items():
        print(f"{way:30} {hits[way]:6} of {count:6}  {hits[way] / count:8.3%}  {seconds[way] / count * 1000:5.1f} ms")
    print(f"wrong: {len(missed)}", *missed[:20], sep="\n  ")


def named(data: bytes, form: Form = PLAIN) -> tuple[str, str]:
    """The encoding found and the text; the reason and nothing where it is refused."""
    try:
        decoded = decode(data, None, form)
    except ArticleError as error:
        return f"({error})", ""
    return decoded.encoding, decoded.text


def measure_alarms(kinds: Iterator[tuple[str, str, bytes]]) -> list[str]:
    """Reads what is no legacy Vietnamese text; prints and returns what was taken for it."""
    read, alarms = Counter[str](), []
    for kind, place, data in kinds:
        read[kind] += 1
        found, text = named(data, PAGE if place.endswith((".html", ".htm", ".xhtml")) else PLAIN)
        if found in LEGACY:
            alarms.append(f"{place}: {found}: {text[:80]!r}")
    for kind, count in read.items():
        print(f"{kind:30} {count:7}")
    print(f"false alarms: {len(alarms)}", *alarms[:20], sep="\n  ")
    return alarms


def untouched(shared: Path, texts: list[str]) -> Iterator[tuple[str, str, bytes]]:
    for number, text in enumerate(texts):
        yield "articles in UTF-8", str(number), text.encode()
    for folder in ("articles", "corpora/utf16", "html"):
        for path in sorted((shared / folder).iterdir()):
            yield f"files of {folder}", str(path), path.read_bytes()


def foreign(roots: list[str]) -> Iterator[tuple[str, str, bytes]]:
    """Every file below the roots that is not all ASCII."""
    for root in roots:
        for folder, names, files in os.walk(root):
            names[:] = [name for name in names if not os.path.islink(os.path.join(folder, name))]
            for name in files:
                path = os.path.join(folder, name)
                if not os.path.isfile(path) or os.path.islink(path) or os.path.getsize(path) > LARGEST:
                    continue
                data = Path(path).read_bytes()
                if name.endswith(".gz"):
                    try:
                        data = gzip.decompress(data)
                    except (OSError, EOFError):
                        continue
                if name.endswith(".mo"):
                    yield from _catalogue(path)
                elif not data.isascii():
                    yield "foreign files", path, data


def _catalogue(path: str) -> Iterator[tuple[str, str, bytes]]:
    try:
        with open(path, "rb") as stream:
            translations = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
    except (OSError, ValueError, LookupError):
        return
    text = "\n".join(value for value in translations.values() if isinstance(value, str))
    yield "translations in UTF-8", path, text.encode("utf-8", "replace")
    if "/vi/" not in path:
        for name in EUROPE:
            yield f"translations in {name}", path, text.encode(name, "ignore")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every Nth article")
    parser.add_argument("--foreign", nargs="*", default=[])
    options = parser.parse_args()
    texts = [text for text in articles(options.shared) if len(text) >= LEAST]
    print(f"{len(texts)} articles of {LEAST} characters or more, every {options.every} of them taken")
    measure_hits(texts[:: options.every])
    measure_alarms(untouched(options.shared, texts))
    measure_alarms(foreign([sysconfig.get_paths()["stdlib"], *options.foreign]))


if __name__ == "__main__":
    sys.exit(main())
