"""What a person sees while much is labelled, and how they stop it."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, BinaryIO

from wiredesk.documents import LabelledDocument
from wiredesk.sources import Source

#: Seconds before a bar appears, and between its changes.
_PATIENCE, _PAUSE = 1.0, 0.1


class Progress:
    """A bar on stderr with rate and time left, if that is a terminal and it takes longer than a moment.

    Parameters
    ----------
    sources : iterable of Source
        All that will be read.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._before: dict[Source, int] = {}
        self._total = 0
        for source in sources:
            self._before[source] = self._total
            self._total += source.size
        self._shown = sys.stderr.isatty()
        self._began = time.monotonic()
        self._next = self._began + _PATIENCE
        self._bar: Any = None
        self._task: Any = None
        self._start = 0
        self._file: BinaryIO | None = None
        self._sentences = 0

    def open(self, source: Source, file: BinaryIO) -> None:
        """Read on in another file."""
        self._start, self._file = self._before[source], file

    def follow(self, documents: Iterable[LabelledDocument]) -> Iterator[LabelledDocument]:
        """Show how far it is as documents pass."""
        try:
            for document in documents:
                self._sentences += len(document.sentences)
                if self._shown and time.monotonic() >= self._next:
                    self._show()
                yield document
        finally:
            if self._bar is not None:
                self._bar.stop()

    def _show(self) -> None:
        if self._bar is None:
            self._bar = _make_bar()
            self._task = self._bar.add_task("", total=self._total or None, sentences="")
            self._bar.start()
        try:
            position = self._file.tell() if self._file else 0
        except (OSError, ValueError):  # A pipe has no position, a file that was read to its end is closed.
            position = 0
        rate = self._sentences / (time.monotonic() - self._began)
        told = f"{self._sentences:,} sentences, {rate:,.0f} a second"
        self._bar.update(self._task, completed=self._start + position, sentences=told, refresh=True)
        self._next = time.monotonic() + _PAUSE


def _make_bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    return Progress(
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[sentences]}"),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    )


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar of things done on a terminal, nothing anywhere else.

    Parameters
    ----------
    what : str
        What is counted.

    Yields
    ------
    callable or None
        To be called with the number done and of all.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class Stop:
    """Whether the user asked to stop."""

    def __init__(self) -> None:
        self.asked: int = 0

    def follow(self, documents: Iterable[LabelledDocument]) -> Iterator[LabelledDocument]:
        """Pass documents until the user asks to stop."""
        for document in documents:
            yield document
            if self.asked:
                return


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Let Ctrl-C and a request to terminate stop between documents; the second one stops at once.

    Yields
    ------
    Stop
    """
    stop = Stop()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.asked = number
        sys.stderr.write("wiredesk: stopping after the documents at hand; once more stops at once\n")

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
