"""What scripts read: json, jsonl, tsv, csv and plain, as strings. No rich.

Main name: `hit_record`. Invariant: keys and columns keep their names and order (docs/schema says which); one hit of the
line formats is one line, whatever the article holds.
"""

from __future__ import annotations

import json
from typing import Any

from searchvn.models import Article, CheckReport, Description, Hit, IndexReport, IndexStats, SearchResults
from searchvn.render.safe import encodable, escaped, harmless, short_path

FORMAT_VERSION = 1  # of the machine formats; a change that breaks a reader raises it

COLUMNS = ("rank", "score", "id", "path", "title", "published", "author", "source", "snippet")


def hit_record(hit: Hit, working_directory: str) -> dict[str, Any]:
    """A hit as it stands in json and jsonl. Highlights are code-point offsets [start, end) into the snippet."""
    article, snippet = hit.article, hit.snippet
    record: dict[str, Any] = {
        "rank": hit.rank,
        "score": round(hit.score, 4),
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
    }
    if len(hit.snippets) > 1:
        record["snippets"] = [
            {"snippet": more.text, "highlights": more.spans, "snippet_field": more.field} for more in hit.snippets[1:]
        ]
    return record


def results_json(results: SearchResults, working_directory: str) -> str:
    """One object for the whole answer, on one line."""
    return dumps(
        {
            "format_version": FORMAT_VERSION,
            "query": results.query,
            "total": results.total,
            "took_ms": round(results.took * 1000, 3),
            "suggestions": [suggestion._asdict() for suggestion in results.suggestions],
            "hits": [hit_record(hit, working_directory) for hit in results.hits],
        }
    )


def hit_line(hit: Hit, working_directory: str, query: str | None = None) -> str:
    """One hit as one line of jsonl; with `query` when the queries came from standard input."""
    record = hit_record(hit, working_directory)
    return dumps(record if query is None else {"query": query, **record})


def hit_tsv(hit: Hit, working_directory: str) -> str:
    """One hit as tab-separated values; backslash, tab and line breaks inside them are escaped as in C."""
    return "\t".join(_tsv(value) for value in _row(hit, working_directory))


def csv_header() -> str:
    """The header line of csv."""
    return ",".join(COLUMNS)


def hit_csv(hit: Hit, working_directory: str) -> str:
    """One hit as comma-separated values (RFC 4180)."""
    return ",".join(_csv(value) for value in _row(hit, working_directory))


def hit_plain(hit: Hit, working_directory: str) -> str:
    """`path: title`, then the snippet on a line of its own."""
    path = short_path(hit.article.path or hit.article.id, working_directory)
    title, snippet = (" ".join(harmless(text).split()) for text in (hit.title, hit.snippet.text))
    return f"{harmless(path)}: {title}".rstrip() + (f"\n    {snippet}" if snippet else "")


def article_json(article: Article, working_directory: str) -> str:
    """A stored article, whole."""
    return dumps(
        {
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
    )


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


def dumps(value: object) -> str:
    """JSON on one line, in UTF-8 letters; control and bidi characters are escaped, lone surrogates replaced."""
    return escaped(encodable(json.dumps(value, ensure_ascii=False)))


def _row(hit: Hit, working_directory: str) -> list[str]:
    record = hit_record(hit, working_directory)
    return ["" if record[name] is None else str(record[name]) for name in COLUMNS]


# Backslash, tab and line breaks as in C; every other control character as \xNN.
_TSV = {code: f"\\x{code:02x}" for code in [*range(0x20), *range(0x7F, 0xA0)]}
_TSV |= {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}


def _csv(value: str) -> str:
    if any(character in value for character in ',"\r\n'):
        value = '"' + value.replace('"', '""') + '"'
    return encodable(value.replace("\0", "\ufffd"))


def _tsv(value: str) -> str:
    return encodable(value.translate(_TSV))
