"""How well is the article told from the page around it? Precision and recall of every field against hand-made truth.

Main names: `measure`, `Count`. Invariant: the truth (bench/truth/, see its README) was made by reading the documents;
nothing in it comes from an extractor, and a document that changed since is an error, not a wrong figure.

A field counts documents, captions are counted one by one, the body in words: the words of the source, line by line, are
aligned with those of the extracted body, so that joined and split lines count as what they are. Sets that are not
there (the shared ones) are skipped, which is said on stderr.

Usage: python bench/extraction.py [--errors] [--json] [--write-floors] [--shared DIR]; for who makes truth:
--lines PATH numbers the lines of a document, --digest TEXT makes the digest that stands for a text.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from hashlib import blake2b
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from searchvn.articles.formats import read_file
from searchvn.errors import ArticleError
from searchvn.models import Article
from searchvn.reports import Extraction

TOP = Path(__file__).parents[1]
SHARED = TOP.parent / "shared"
TRUTH = TOP / "bench" / "truth"
FLOORS = TOP / "bench" / "floors-extraction.json"
SETS = ("corpus", "articles", "html", "blind-first", "blind-second")
FIELDS = ("title", "published", "author", "source", "views", "poster")
ROWS = ("article", *FIELDS, "captions", "body")

_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 head header hr html img input label li main nav ol p pre section table tbody td textarea tfoot th"
    " thead title tr ul video".split()
)
_SILENT = frozenset("script style noscript template svg".split())
_WORD = re.compile(r"\w+")
_NO_SECONDS = re.compile(r"(?<=T\d\d:\d\d):00$")  # of a date: the same minute
_CREDIT = re.compile(r"[\s.(]*\b(?:Ảnh|Hình)\s*:.*$")


class Count(NamedTuple):
    """How many the documents have, how many were found, and how many of those are right."""

    has: int = 0
    found: int = 0
    right: int = 0

    def plus(self, other: Count) -> Count:
        return Count(self.has + other.has, self.found + other.found, self.right + other.right)

    @property
    def figures(self) -> dict[str, float]:
        """Precision, recall and F1, as far as there is anything to divide by."""
        parts = {"precision": self.found, "recall": self.has, "f1": (self.found + self.has) / 2}
        return {name: self.right / whole for name, whole in parts.items() if whole}


class Truth(NamedTuple):
    """What a person read in one document. `fields` holds the acceptable values of each field.

    `body` are the numbers of its lines that are the body, `either` of those that may be; all others are not.
    """

    path: Path
    lines: Sequence[str]
    article: bool
    fields: Mapping[str, Sequence[object]]
    captions: Sequence[str]
    more_captions: Sequence[str]
    body: frozenset[int]
    either: frozenset[int]


class Verdict(NamedTuple):
    """What was found in one document: a count for each row of the table, and a sentence for each deviation."""

    path: Path
    counts: Mapping[str, Count]
    errors: Sequence[str]


# --- documents and what was read in them


class _Lines(HTMLParser):
    """The text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def source_lines(path: Path) -> list[str]:
    """The lines of a document in NFC; of a page, its blocks that have text."""
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    if path.suffix != ".html":
        return text.split("\n")
    page = _Lines()
    page.feed(text)
    page.close()
    return [line for part in "".join(page.parts).split("\n") if (line := part.strip())]


def plain(text: str) -> str:
    """`text` in NFC with white space collapsed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(text: str) -> str:
    """What stands in the truth for a text that may not be copied (BLAKE2b, 8 bytes, hex)."""
    return blake2b(plain(text).encode(), digest_size=8).hexdigest()


def fingerprint(lines: Sequence[str]) -> str:
    """What tells that a document is still the one that was read, line for line."""
    return digest("\u00b6".join(lines))


def numbers(ranges: str) -> list[int]:
    """The numbers that are meant by `"4, 8-10"`."""
    ends = [part.partition("-") for part in ranges.replace(" ", "").split(",") if part]
    return [number for first, _, last in ends for number in range(int(first), int(last or first) + 1)]


def read_truth(name: str, folder: Path) -> Iterator[Truth]:
    """The truth of one set, whose documents are in `folder`. Raises ValueError for a document that changed."""
    for file, said in json.loads((TRUTH / f"{name}.json").read_text(encoding="utf-8")).items():
        path = folder / file
        lines = source_lines(path)
        if fingerprint(lines) != said["digest"]:
            raise ValueError(f"{path} is not as it was when its truth was made: read it again, then mend {name}.json")
        values = {field: said.get(field) for field in FIELDS}
        yield Truth(
            path,
            lines,
            said.get("article", True),
            {
                field: [_meant(one, lines) for one in (value if isinstance(value, list) else [value])]
                for field, value in values.items()
            },
            [str(_meant(one, lines)) for one in said.get("captions", ())],
            [str(_meant(one, lines)) for one in said.get("more_captions", ())],
            frozenset(numbers(said.get("body", ""))),
            frozenset(numbers(said.get("either", ""))),
        )


def _meant(value: object, lines: Sequence[str]) -> object:
    """`@4` means line 4, `@4-5` both lines in one; everything else is meant as it stands."""
    if isinstance(value, str) and value.startswith("@"):
        return plain(" ".join(lines[number - 1] for number in numbers(value[1:])))
    return value


# --- one document


def taken(path: Path) -> Article | None:
    """What searchvn takes from the document, None where it finds no article in it."""
    try:
        found = next(read_file(str(path), path.name), None)
    except ArticleError:
        return None
    return found.article if isinstance(found, Extraction) else None


def judge(truth: Truth, article: Article | None) -> Verdict:
    """Compares what was taken with what is there. Of a document without an article only that is judged."""
    right = (article is not None) == truth.article
    counts = {"article": Count(int(truth.article), int(article is not None), int(right and truth.article))}
    errors = [] if right else [f"article: {'not found' if truth.article else 'there is none'}"]
    if truth.article:
        article = article or Article("")
        for field in FIELDS:
            counts[field] = _judge_field(field, truth.fields[field], article, errors)
        counts["captions"] = _judge_captions(truth, article, errors)
        counts["body"] = _judge_body(truth, article.body, errors)
    return Verdict(truth.path, counts, errors)


def _judge_field(field: str, accepted: Sequence[object], article: Article, errors: list[str]) -> Count:
    got = getattr(article, field) if field in Article._fields else article.extra.get(field)
    if got in (None, ""):
        if None in accepted:
            return Count()
        errors.append(f"{field}: not found, should be {accepted[0]!r}")
        return Count(has=1)
    right = any(_same(got, one) for one in accepted if one is not None)
    if not right:
        wanted = "there is none" if None in accepted else f"should be {accepted[0]!r}"
        errors.append(f"{field}: {got!r}, {wanted}")
    return Count(int(right or None not in accepted), 1, int(right))


def _same(got: object, wanted: object) -> bool:
    if not isinstance(got, str) or not isinstance(wanted, str):
        return got == wanted
    if wanted.startswith("#"):
        return digest(got) == wanted[1:]
    return _NO_SECONDS.sub("", plain(got)) == wanted


def _judge_captions(truth: Truth, article: Article, errors: list[str]) -> Count:
    wanted = [_caption(text) for text in truth.captions]
    more = [_caption(text) for text in truth.more_captions]
    found = article.extra.get("captions") or []
    right = 0
    for text in found if isinstance(found, list) else [found]:
        got = _caption(str(text))
        place = next((place for place in (wanted, more) if got in place), None)
        if place is None:
            errors.append(f"captions: {text!r} is none, or there twice")
        else:
            place.remove(got)
            right += 1
    errors += [f"captions: not found, {text!r}" for text in wanted]
    return Count(len(wanted) + right, len(found) if isinstance(found, list) else 1, right)


def _caption(text: str) -> str:
    """A caption without who took the photo: both forms are right."""
    return _CREDIT.sub("", plain(text)).rstrip(" .")


def _judge_body(truth: Truth, body: str, errors: list[str]) -> Count:
    source = [(word, number) for number, line in enumerate(truth.lines, 1) for word in _WORD.findall(line)]
    words, lines = [word for word, _ in source], [number for _, number in source]
    got = _WORD.findall(unicodedata.normalize("NFC", body))
    aligned = SequenceMatcher(None, words, got, autojunk=False).get_matching_blocks()
    places = {block.b + step: block.a + step for block in aligned for step in range(block.size)}
    origins = [lines[places[at]] if at in places else 0 for at in range(len(got))]  # 0: in no line
    right = sum(line in truth.body for line in origins)
    wrong = [at for at, line in enumerate(origins) if line not in truth.body | truth.either]
    met = set(places.values())
    missed = [at for at, line in enumerate(lines) if line in truth.body and at not in met]
    errors += [f"body: line {line} misses {said}" for line, said in _runs(missed, words, lines)]
    errors += [f"body: {said} is no part of it ({_place(line)})" for line, said in _runs(wrong, got, origins)]
    return Count(right + len(missed), right + len(wrong), right)


def _runs(places: Sequence[int], words: Sequence[str], lines: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Each run of neighbouring places in one line: the line, and its words."""
    for (_, line), run in groupby(enumerate(places), lambda step: (step[1] - step[0], lines[step[1]])):
        met = [place for _, place in run]
        yield line, f"{len(met)} words: {' '.join(words[place] for place in met[:12])!r}"


def _place(line: int) -> str:
    return f"line {line}" if line else "in no line"


# --- all of them


def folders(shared: Path = SHARED) -> dict[str, Path]:
    """The folder of each set that is there."""
    blind = {f"blind-{which}": TOP / "bench" / "blind" / which for which in ("first", "second")}
    places = {"corpus": TOP / "corpus", "articles": shared / "articles", "html": shared / "html", **blind}
    return {name: places[name] for name in SETS if places[name].is_dir()}


def measure(name: str, folder: Path) -> list[Verdict]:
    """The verdicts on all documents of a set."""
    return [judge(truth, taken(truth.path)) for truth in read_truth(name, folder)]


def totals(verdicts: Sequence[Verdict]) -> dict[str, Count]:
    """The sum of the counts, for every row of the table."""
    sums = dict.fromkeys(ROWS, Count())
    for verdict in verdicts:
        for row, count in verdict.counts.items():
            sums[row] = sums[row].plus(count)
    return sums


def floors(sums: Mapping[str, Count]) -> dict[str, dict[str, float]]:
    """Precision and recall of every row that has them, rounded down to two digits."""
    return {
        row: {name: math.floor(share * 100 + 1e-9) / 100 for name, share in figures.items() if name != "f1"}
        for row, count in sums.items()
        if (figures := count.figures)
    }


def show(name: str, verdicts: Sequence[Verdict]) -> None:
    """Prints the table of one set."""
    articles = sum(verdict.counts["article"].has for verdict in verdicts)
    print(f"\n{name}: {len(verdicts)} documents, {articles} articles")
    print(f"{'':10} {'have it':>8} {'found':>8} {'right':>8}{'precision':>10}{'recall':>10}{'F1':>10}")
    for row, count in totals(verdicts).items():
        unit = "  words" if row == "body" else ""
        shares = (
            f"{count.figures[name]:.3f}" if name in count.figures else "-" for name in ("precision", "recall", "f1")
        )
        print(
            f"{row:10} {count.has:8} {count.found:8} {count.right:8}{''.join(f'{share:>10}' for share in shares)}{unit}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--errors", action="store_true", help="list every deviation")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    parser.add_argument("--write-floors", action="store_true", help="make what is reached the floor of the tests")
    parser.add_argument("--lines", type=Path, help="number the lines of a document")
    parser.add_argument("--digest", help="the digest of a text")
    options = parser.parse_args()
    if options.digest is not None:
        print("#" + digest(options.digest))
        return
    if options.lines:
        lines = source_lines(options.lines)
        print(fingerprint(lines), *(f"{number:4} {line}" for number, line in enumerate(lines, 1)), sep="\n")
        return
    there = folders(options.shared)
    for name in (name for name in SETS if name not in there):
        print(f"{name}: skipped, it is not in {options.shared}", file=sys.stderr)
    report({name: measure(name, folder) for name, folder in there.items()}, options)


def report(verdicts: Mapping[str, Sequence[Verdict]], options: argparse.Namespace) -> None:
    """Prints what was asked for, and writes the floors."""
    everything = [verdict for found in verdicts.values() for verdict in found]
    if options.json:
        sums = {name: totals(found) for name, found in {**verdicts, "all": everything}.items()}
        print(
            json.dumps(
                {name: {row: {**c._asdict(), **c.figures} for row, c in sum_.items()} for name, sum_ in sums.items()}
            )
        )
    else:
        for name, found in {**verdicts, "all": everything}.items():
            show(name, found)
    if options.errors:
        for verdict in everything:
            for error in verdict.errors:
                print(f"{verdict.path}: {error}")
    if options.write_floors:
        written = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
        written |= {name: floors(totals(found)) for name, found in verdicts.items()}
        FLOORS.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
