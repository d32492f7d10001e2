"""Text of articles made harmless for terminals, and paths made short.

Main name: `harmless`. Invariant: the result has no control character, no bidi override and no line break; its length in
code points is that of the input, so spans stay true.
"""

from __future__ import annotations

import os
import re

# C0 and C1 controls, line and paragraph separators: shown as a space.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Marks, embeddings, overrides and isolates of the bidi algorithm (UAX #9), lone surrogates: shown as a replacement.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def harmless(text: str) -> str:
    """`text` for a terminal or a line-based format, one character for one.

    >>> harmless("a\\x1b[31mb\\nc\\u202ed")
    'a [31mb c�d'
    """
    return _BIDI.sub("\ufffd", _CONTROL.sub(" ", text))


def encodable(text: str) -> str:
    """`text` without lone surrogates, which UTF-8 output cannot hold."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def short_path(path: str, working_directory: str) -> str:
    """`path` relative to the working directory when it stands below it.

    >>> short_path("/kho/bai/a.txt", "/kho"), short_path("/khác/a.txt", "/kho")
    ('bai/a.txt', '/khác/a.txt')
    """
    prefix = working_directory.rstrip(os.sep) + os.sep
    return path[len(prefix) :] if path.startswith(prefix) else path
