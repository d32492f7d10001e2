"""What is known of an article while it is taken out of its source: the one object that travels through the cascade.

Main type: `Draft`. Invariants: drafts are frozen, a stage returns a new one; every line of the source is at any time
either in `lines` or in `left_out`; a field that a stage has filled is not changed by a later one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from searchvn.models import Article
from searchvn.reports import Extraction, LeftOut


class Line(NamedTuple):
    """A line of the decoded text; `number` counts from 1."""

    number: int
    text: str


class Draft(NamedTuple):
    """An article in the making. `lines` are what may still be its body, empty ones included, in their order.

    `published` is ISO 8601. `facts` are what no field of `Article` takes (views, captions, poster, number of a
    document): JSON values by name, which become its `extra`. `evidence` says which stage gave each field.
    """

    lines: tuple[Line, ...] = ()
    title: str = ""
    published: str | None = None
    author: str | None = None
    source: str | None = None
    url: str | None = None
    facts: Mapping[str, object] = MappingProxyType({})
    left_out: tuple[LeftOut, ...] = ()
    evidence: Mapping[str, str] = MappingProxyType({})
    encoding: str = "utf-8"  # what the reader of a document found its letters in

    def has(self, field: str) -> bool:
        """True when a field or a fact of this name is known."""
        return bool(self.facts.get(field) or getattr(self, field, None))

    def without(self, kind: str, lines: Iterable[Line]) -> "Draft":
        """The draft with these of its lines left out as `kind`."""
        gone = {line.number: line for line in lines}
        left_out = (*self.left_out, *(LeftOut(kind, *line) for line in gone.values()))
        return self._replace(lines=tuple(line for line in self.lines if line.number not in gone), left_out=left_out)


class Stage(NamedTuple):
    """One step of a cascade. It engages only while one of the fields that it `gives` is missing; none: always."""

    name: str
    gives: tuple[str, ...]
    run: Callable[[Draft], Draft]


def drafted(text: str) -> Draft:
    """The draft of a decoded text: all of its lines, and nothing known."""
    return Draft(tuple(Line(number, line) for number, line in enumerate(text.split("\n"), start=1)))


def cascade(draft: Draft, stages: Sequence[Stage]) -> Draft:
    """The draft after the stages, in their order, each of which sees what those before it found."""
    for stage in stages:
        missing = [field for field in stage.gives if not draft.has(field)]
        if stage.gives and not missing:
            continue
        draft = stage.run(draft)
        found = {field: stage.name for field in missing if draft.has(field)}
        draft = draft._replace(evidence={**draft.evidence, **found})
    return draft


def extraction(draft: Draft, encoding: str = "utf-8") -> Extraction:
    """The article of a finished draft, without its place."""
    article = Article(
        id="",
        title=" ".join(draft.title.split()),
        body="\n".join(line.text for line in draft.lines).strip("\n"),
        published=draft.published,
        author=draft.author,
        source=draft.source,
        url=draft.url,
        extra=dict(draft.facts),
    )
    left_out = tuple(sorted(draft.left_out, key=lambda line: line.number))
    return Extraction(article, encoding, draft.evidence, left_out)
