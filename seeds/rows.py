"""Rows of JSONL and CSV files, with the line each stands on."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

#: Stands for "none of the types" in CSV, and joins labels there; so neither can be (in) a type's name.
NONE, SEPARATOR = "none", ";"

TEXT_FIELDS = ("document", "group", "source", "date", "annotator")
FIELDS = ("text", "labels", "paragraph", *TEXT_FIELDS)


class RecordError(ValueError):
    """Labelled data that cannot be used; the message says where, which rule, and the way out."""


def read_rows(path: str | os.PathLike[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Read the rows of a JSONL or CSV file.

    Parameters
    ----------
    path : path-like
        Ends in ``.jsonl`` or ``.csv``; UTF-8.

    Yields
    ------
    origin : str
        File and line.
    row : mapping
        As a JSONL row; of CSV the fields that a record has.

    Raises
    ------
    RecordError
        If the file or a row cannot be read, with file and line.
    FileNotFoundError
        If there is no such file.
    """
    path = Path(path)
    readers = {".jsonl": _read_jsonl, ".csv": _read_csv}
    reader = readers.get(path.suffix.lower())
    if path.is_dir():
        raise RecordError(f"{path}: is a directory; name the files of labelled sentences in it")
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    if reader is None:
        raise RecordError(f"{path}: labelled sentences are read from .jsonl and .csv files; rename or convert it")
    content = path.read_bytes()
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RecordError(f"{path}:{line}: not UTF-8 (byte {error.start}: {error.reason}); save it as UTF-8") from None
    empty = True
    for line, row in reader(path, text):
        empty = False
        yield f"{path}:{line}", row
    if empty:
        raise RecordError(f"{path}: holds no records; give at least one labelled sentence")


def _read_jsonl(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    # Not splitlines: a sentence may hold U+2028 or U+0085 unescaped, which are no line ends in JSONL.
    for line, source in enumerate(text.split("\n"), 1):
        if not source.strip():
            continue
        try:
            row = json.loads(source)
        except (ValueError, RecursionError) as error:
            raise RecordError(f"{path}:{line}: not JSON ({error}); write one object a line") from None
        if not isinstance(row, dict):
            raise RecordError(f"{path}:{line}: a {type(row).__name__}, not an object; write one object a line")
        yield line, row


def _read_csv(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    header: list[str] = []
    for line, cells in _csv_rows(path, text):
        if not header:
            header = [cell.strip() for cell in cells]
            for field in ("text", "labels"):
                if field not in header:
                    raise RecordError(
                        f"{path}:{line}: no column {field!r}; "
                        "the first line names the columns, text and labels among them"
                    )
            for field in FIELDS:
                if header.count(field) > 1:
                    raise RecordError(f"{path}:{line}: two columns are named {field!r}; rename or remove one")
            continue
        if len(cells) != len(header):
            raise RecordError(
                f"{path}:{line}: another number of cells than the first line has; quote cells that hold commas"
            )
        row = dict(zip(header, cells, strict=True))
        labels = row["labels"].strip()
        parts = [part.strip() for part in labels.split(SEPARATOR)]
        value = None if not labels else [] if parts == [NONE] else parts
        paragraph: str | int | None = row.get("paragraph") or None
        # More digits than that are no index, and beyond 4,300 Python refuses to read them.
        if isinstance(paragraph, str) and re.fullmatch("[0-9]{1,9}", paragraph):
            paragraph = int(paragraph)
        optional = {field: row.get(field) for field in TEXT_FIELDS}
        yield line, {"text": row["text"], "labels": value, "paragraph": paragraph, **optional}
    if not header:
        raise RecordError(f"{path}:1: no column 'text'; the first line names the columns, text and labels among them")


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, with the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise RecordError(f"{path}:{line}: not CSV ({error}); quote cells that hold quotes or line ends") from None
        if cells is None:
            return
        if cells:
            yield line, cells
