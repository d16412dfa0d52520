"""What cannot be read: said, counted, and written down on request."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import NamedTuple, Self, TextIO

from wiredesk.documents import LabelledDocument
from wiredesk.errors import InputError, RejectedError
from wiredesk.models.atomic import whole_file
from wiredesk.terminal import printable

#: How many are said before the rest is only counted.
SAID = 5


class Reject(NamedTuple):
    """What cannot be read.

    Attributes
    ----------
    source : str
    line : int or None
        In Parquet, which has no lines, the row; None if it is the whole file.
    reason : str
    content : str
        The row as far as it was read.
    """

    source: str
    line: int | None
    reason: str
    content: str = ""

    @property
    def told(self) -> str:
        """Where it is and why, in a line that a terminal can show."""
        where = self.source if self.line is None else f"{self.source}:{self.line}"
        return printable(f"{where}: {self.reason}")


def refuse(reject: Reject) -> None:
    """Take nothing that cannot be read.

    Raises
    ------
    RejectedError
        Always.
    """
    raise RejectedError(reject.told)


class Rejects:
    """Collect what cannot be read.

    Parameters
    ----------
    path : str or None
        File to write to, as JSONL with ``source``, ``line``, ``reason`` and ``content``. Without one the first are said
        on stderr.
    strict : bool
        Whether the first one is an error.
    overwrite : bool, default=True
        Whether a file that is there at the end is replaced.

    Attributes
    ----------
    count : int
    """

    def __init__(self, path: str | None, strict: bool, *, overwrite: bool = True) -> None:
        self.count = 0
        self._path = path
        self._strict = strict
        self._overwrite = overwrite
        self._found = False
        self._first = ""
        self._waiting: list[str] = []
        self._out: TextIO | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self._path is not None:
            partial = self._stack.enter_context(whole_file(self._path, overwrite=self._overwrite))
            self._out = self._stack.enter_context(partial.open("x", encoding="utf-8", errors="backslashreplace"))
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    def add(self, reject: Reject) -> None:
        """Take one in.

        Raises
        ------
        RejectedError
            With `strict`, or if it cannot be written.
        """
        if self._strict:
            raise RejectedError(reject.told)
        self.count += 1
        self._first = self._first or reject.told
        if self._out is not None:
            try:
                self._out.write(json.dumps(reject._asdict(), ensure_ascii=False) + "\n")
            except OSError as error:  # Or it would be taken for one of the file that is being read.
                raise RejectedError(f"{self._path}: {error.strerror}") from None
        elif self.count <= SAID:
            self._waiting.append(reject.told)
            if self._found or self.count > 1:
                self._say()

    def _say(self) -> None:
        for told in self._waiting:
            sys.stderr.write(f"wiredesk: {told}\n")
        self._waiting = []

    def follow(self, documents: Iterable[LabelledDocument]) -> Iterator[LabelledDocument]:
        """Pass documents.

        Raises
        ------
        InputError
            At the end, if there was none and something could not be read.
        """
        for document in documents:
            self._found = True
            self._say()
            yield document
        if self.count and not self._found:
            self._stack.close()
            more = f"; and {self.count - 1:,} more" if self.count > 1 else ""
            # Where nothing was said so far, the error says it.
            raise InputError("nothing could be read" if more and self._out is None else f"{self._first}{more}")
        self._say()
