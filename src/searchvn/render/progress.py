"""The progress line of indexing: articles, megabytes of text a second, time left. Through rich.

Main type: `ProgressLine`. Invariant: draws on standard error, at most ten times a second, and leaves nothing behind.
"""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from searchvn.errors import grouped
from searchvn.render.safe import decimal
from searchvn.reports import Progress


class ProgressLine:
    """A context manager; `show` takes what an indexing run tells."""

    def __init__(self, console: Console) -> None:
        self._bar = RichProgress(
            TextColumn("{task.fields[articles]} bài"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[speed]} MB/s, còn"),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
            refresh_per_second=10,
        )
        self._task = self._bar.add_task("", total=None, articles="0", speed="0,0")

    def __enter__(self) -> ProgressLine:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Draws the line anew."""
        self._bar.update(
            self._task,
            completed=progress.bytes,
            total=progress.bytes_total or None,
            articles=grouped(progress.articles),
            speed=decimal(progress.text_bytes / 1e6 / max(progress.seconds, 1e-6)),
        )
