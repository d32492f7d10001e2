"""What was taken from a source and what was left out, for people and for scripts. No rich.

Main names: `extraction_json`, `extraction_lines`, `left_out_lines`. Invariant: one extraction is one line of JSON;
nothing of an article reaches a terminal raw.
"""

from __future__ import annotations

from collections import Counter

from searchvn.errors import grouped
from searchvn.render.machine import article_record, dumps
from searchvn.render.safe import harmless, place, written_date
from searchvn.reports import LEFT_OUT, Extraction


def extraction_json(found: Extraction, working_directory: str) -> str:
    """An article as it would be stored, with what it was in, which stage gave each field, and what was left out."""
    return dumps(
        {
            **article_record(found.article, working_directory),
            "encoding": found.encoding,
            "evidence": dict(found.evidence),
            "left_out": [line._asdict() for line in found.left_out],
        }
    )


def extraction_lines(found: Extraction, working_directory: str) -> list[str]:
    """The same in a few lines."""
    article = found.article
    facts = {
        "tiêu đề": article.title,
        "ngày đăng": written_date(article.published),
        "tác giả": article.author,
        "nguồn": article.source,
        "địa chỉ": article.url,
    }
    lines = [
        f"  {name}: {harmless(value) if value else 'không rõ'}"
        for name, value in facts.items()
        if value or name != "địa chỉ"
    ]
    paragraphs = sum(1 for line in article.body.split("\n") if line.strip())
    lines.append(f"  thân bài: {grouped(paragraphs)} đoạn, {grouped(len(article.body))} ký tự")
    if found.left_out:
        counts = Counter(line.kind for line in found.left_out)
        kinds = ", ".join(f"{count} {LEFT_OUT[kind]}" for kind, count in counts.most_common())
        lines.append(f"  để ngoài: {len(found.left_out)} dòng ({kinds})")
    return [place(article, working_directory), *lines]


def left_out_lines(found: Extraction, working_directory: str) -> list[str]:
    """Every line that was left out, with its number in the source and what it was taken for."""
    widest = max((len(LEFT_OUT[line.kind]) for line in found.left_out), default=0)
    lines = [
        f"{line.number:>6}  {LEFT_OUT[line.kind]:<{widest}}  {harmless(line.text.strip())}" for line in found.left_out
    ]
    return [place(found.article, working_directory), *(lines or ["  không có gì bị để ngoài"])]
