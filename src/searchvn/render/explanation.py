"""How a hit came by its score, in words: what `--explain` shows people.

Main type: `Row`. Invariant: one row for every contribution, in their order; texts of the index are harmless.
"""

from typing import NamedTuple

from searchvn.models import Hit
from searchvn.render.safe import decimal, harmless

_FIELDS = {
    "title": "tiêu đề",
    "body": "thân bài",
    "title_folded": "tiêu đề, không dấu",
    "body_folded": "thân bài, không dấu",
    "bare": "dòng viết không dấu",
    "shingles": "cặp từ",
    "author": "tác giả",
    "author_folded": "tác giả, không dấu",
    "source": "nguồn",
    "source_folded": "nguồn, không dấu",
    "path": "đường dẫn",
    "path_folded": "đường dẫn, không dấu",
    "published": "ngày đăng",
    "": "mọi bài",
}


class Row(NamedTuple):
    """A contribution as it is read: what it added, what stands in the index, in which field, times what."""

    score: str
    text: str
    field: str
    weight: str


def heading(hit: Hit) -> str:
    """The line above the rows; their scores add up to the number in it."""
    return f"điểm {decimal(hit.score or 0, 3)} là tổng của:"


def rows(hit: Hit) -> list[Row]:
    """One row for every contribution."""
    return [
        Row(
            decimal(part.score, 3),
            harmless(part.text),
            _FIELDS.get(part.field, harmless(part.field)),
            "× " + f"{part.weight:g}".replace(".", ","),
        )
        for part in hit.explanation
    ]
