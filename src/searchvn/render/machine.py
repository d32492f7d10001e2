"""What scripts read: json, jsonl, tsv, csv and plain, as strings. No rich.

Main name: `hit_record`. Invariant: keys and columns keep their names and order (docs/schema says which); one hit of the
line formats is one line, whatever the article holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from searchvn.models import Article, Description, Facet, Hit, SearchResults, WordCount
from searchvn.render.safe import encodable, escaped, harmless, place, short_path

if TYPE_CHECKING:  # a query prints none of them
    from searchvn.reports import CheckReport, IndexReport, IndexStats

FORMAT_VERSION = 1  # of the machine formats; a change that breaks a reader raises it

COLUMNS = ("rank", "score", "id", "path", "title", "published", "author", "source", "snippet")
FACET_COLUMNS = ("facet", "value", "count")

_encode = json.JSONEncoder(ensure_ascii=False).encode


def hit_record(hit: Hit, working_directory: str) -> dict[str, Any]:
    """A hit as it stands in json and jsonl. Highlights are code-point offsets [start, end) into snippet and title."""
    article, snippet = hit.article, hit.snippet
    record: dict[str, Any] = {
        "rank": hit.rank,
        "score": None if hit.score is None else round(hit.score, 4),
        "id": article.id,
        "record_id": article.record_id,
        "path": short_path(article.path, working_directory),
        "title": article.title or None,
        "published": article.published,
        "author": article.author,
        "source": article.source,
        "snippet": snippet.text,
        "highlights": snippet.spans,
        "snippet_field": snippet.field,
        "missing": hit.missing,
        "title_highlights": hit.title_spans,
    }
    if len(hit.snippets) > 1:
        record["snippets"] = [
            {"snippet": more.text, "highlights": more.spans, "snippet_field": more.field} for more in hit.snippets[1:]
        ]
    if hit.explanation:
        record["explanation"] = [
            {"text": part.text, "field": part.field, "weight": round(part.weight, 4), "score": round(part.score, 4)}
            for part in hit.explanation
        ]
    return record


def results_json(results: SearchResults, working_directory: str) -> str:
    """One object for the whole answer, on one line; `facets` only where they were asked for."""
    answer: dict[str, object] = {
        "format_version": FORMAT_VERSION,
        "query": results.query,
        "total": results.total,
        "took_ms": round(results.took * 1000, 3),
        "suggestions": [suggestion._asdict() for suggestion in results.suggestions],
        "notes": results.notes,
    }
    if results.facets:
        answer["facets"] = {
            facet.field: [{"value": count.value, "count": count.articles} for count in facet.counts]
            for facet in results.facets
        }
    answer["hits"] = [hit_record(hit, working_directory) for hit in results.hits]
    return dumps(answer)


def hit_line(hit: Hit, working_directory: str, query: str | None = None) -> str:
    """One hit as one line of jsonl; with `query` when the queries came from standard input."""
    record = hit_record(hit, working_directory)
    return dumps(record if query is None else {"query": query, **record})


def facet_lines(facets: Iterable[Facet], query: str | None = None) -> Iterator[str]:
    """One line of jsonl for every value; with `query` when the queries came from standard input."""
    for facet in facets:
        for count in facet.counts:
            record = {"facet": facet.field, "value": count.value, "count": count.articles}
            yield dumps(record if query is None else {"query": query, **record})


def hit_row(hit: Hit, working_directory: str) -> list[str]:
    """The cells of a hit under `COLUMNS`."""
    record = hit_record(hit, working_directory)
    return ["" if record[name] is None else str(record[name]) for name in COLUMNS]


def facet_rows(facets: Iterable[Facet]) -> Iterator[list[str]]:
    """The cells of every value under `FACET_COLUMNS`; articles without a value have an empty one."""
    for facet in facets:
        for count in facet.counts:
            yield [facet.field, count.value or "", str(count.articles)]


def tsv_line(cells: Iterable[str]) -> str:
    """Tab-separated values; backslash, tab and line breaks inside them are escaped as in C."""
    return "\t".join(map(_tsv, cells))


def csv_line(cells: Iterable[str]) -> str:
    """Comma-separated values (RFC 4180)."""
    return ",".join(map(_csv, cells))


def plain_line(cells: Iterable[str]) -> str:
    """Tab-separated values with nothing in them that moves a cursor."""
    return "\t".join(map(harmless, cells))


def hit_plain(hit: Hit, working_directory: str) -> str:
    """`path: title`, then on lines of their own the snippet, what is missing, and how the score came about."""
    title, snippet = (" ".join(harmless(text).split()) for text in (hit.title, hit.snippet.text))
    lines = [f"{place(hit.article, working_directory)}: {title}".rstrip()]
    if snippet:
        lines.append(f"    {snippet}")
    if hit.missing:
        lines.append(f"    thiếu: {', '.join(map(harmless, hit.missing))}")
    if hit.explanation:
        from searchvn.render import explanation  # only for --explain

        lines.append(f"    {explanation.heading(hit)}")
        lines += [f"    {row.score:>9}  {row.text} ({row.field}, {row.weight})" for row in explanation.rows(hit)]
    return "\n".join(lines)


def words_json(prefix: str, words: Sequence[WordCount]) -> str:
    """Words of the index that begin with `prefix`."""
    terms = [{"term": word.term, "articles": word.articles} for word in words]
    return dumps({"format_version": FORMAT_VERSION, "prefix": prefix, "terms": terms})


def article_json(article: Article, working_directory: str) -> str:
    """A stored article, whole."""
    return dumps(article_record(article, working_directory))


def article_record(article: Article, working_directory: str) -> dict[str, Any]:
    """An article as it stands in JSON."""
    return {
        "format_version": FORMAT_VERSION,
        "id": article.id,
        "record_id": article.record_id,
        "path": short_path(article.path, working_directory),
        "title": article.title or None,
        "published": article.published,
        "author": article.author,
        "source": article.source,
        "url": article.url,
        "body": article.body,
        "extra": dict(article.extra),
    }


def report_json(report: IndexReport, working_directory: str) -> str:
    """What an indexing run did."""
    return dumps(
        {
            "format_version": FORMAT_VERSION,
            "added": report.added,
            "updated": report.updated,
            "removed": report.removed,
            "unchanged": report.unchanged,
            "articles": report.articles,
            "files": report.files,
            "skipped": [{"path": short_path(s.path, working_directory), "reason": s.reason} for s in report.skipped],
            "warnings": [{"path": short_path(w.path, working_directory), "reason": w.reason} for w in report.warnings],
            "encodings": dict(report.encodings),
            "recognised": [
                {"path": short_path(r.path, working_directory), "encoding": r.encoding, "articles": r.articles}
                for r in report.recognised
            ],
            "seconds": round(report.seconds, 3),
        }
    )


def stats_json(stats: IndexStats) -> str:
    """What is in an index."""
    return dumps(
        {
            "articles": stats.articles,
            "files": stats.files,
            "engine": stats.engine,
            "size_bytes": stats.size_bytes,
            "format_version": stats.format_version,
            "generation": stats.generation,
            "roots": stats.roots,
            "rules": dict(stats.rules),
            "path": stats.path,
        }
    )


def check_json(report: CheckReport) -> str:
    """Whether an index is whole."""
    return dumps(
        {
            "format_version": FORMAT_VERSION,
            "whole": report.whole,
            "damage": report.damage,
            "articles": report.articles,
            "files": report.files,
            "changed": report.changed,
            "new": report.new,
            "skipped": report.skipped,
            "vanished": report.vanished,
            "pending": report.pending,
        }
    )


def tokens_json(described: Description) -> str:
    """How a text becomes terms. Spans are code-point offsets into the NFC text."""
    names = ("text", "start", "end", "exact", "folded")
    return dumps(
        {
            "format_version": FORMAT_VERSION,
            "tokens": [dict(zip(names, token, strict=True)) for token in described.tokens],
            "shingles": described.shingles,
            "bare": described.bare,
        }
    )


def config_json(values: Mapping[str, object], origins: Mapping[str, str]) -> str:
    """Every setting, and where those come from that are not defaults."""
    places = {key: origins.get(key) for key in values}
    return dumps({"format_version": FORMAT_VERSION, "settings": dict(values), "origins": places})


def dumps(value: object) -> str:
    """JSON on one line, in UTF-8 letters; control and bidi characters are escaped, lone surrogates replaced."""
    return escaped(encodable(_encode(value)))


# Backslash, tab and line breaks as in C; every other control character as \xNN.
_TSV = {code: f"\\x{code:02x}" for code in [*range(0x20), *range(0x7F, 0xA0)]}
_TSV |= {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
_TO_ESCAPE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


def _csv(value: str) -> str:
    if any(character in value for character in ',"\r\n'):
        value = '"' + value.replace('"', '""') + '"'
    return encodable(value.replace("\0", "\ufffd"))


def _tsv(value: str) -> str:
    return encodable(value.translate(_TSV) if _TO_ESCAPE.search(value) else value)
