"""Rows of labelled files, with the line each stands on."""

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

from wiredesk.seeds.doccano import doccano_rows
from wiredesk.seeds.extras import require
from wiredesk.seeds.fields import FIELDS, NONE, SEPARATOR, TEXT_FIELDS, RecordError
from wiredesk.seeds.label_studio import read_label_studio


def read_rows(path: str | os.PathLike[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Read the rows of a labelled file.

    Parameters
    ----------
    path : path-like
        Ends in ``.jsonl`` (doccano's export too), ``.csv``, ``.parquet``, or ``.json`` (Label Studio's export); UTF-8.

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
    readers = {".jsonl": _read_jsonl, ".csv": _read_csv, ".json": read_label_studio}
    reader = readers.get(path.suffix.lower())
    is_parquet = path.suffix.lower() == ".parquet"
    if path.is_dir():
        raise RecordError(f"{path}: is a directory; name the files of labelled sentences in it")
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    if reader is None and not is_parquet:
        raise RecordError(f"{path}: labelled sentences end in .jsonl, .csv, .parquet or .json; convert it")
    rows = _read_parquet(path) if reader is None else reader(path, _read_text(path))
    empty = True
    for line, row in rows:
        empty = False
        yield f"{path}:{line}", row
    if empty:
        raise RecordError(f"{path}: holds no records; give at least one labelled sentence")


def _read_text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RecordError(f"{path}:{line}: not UTF-8 (byte {error.start}: {error.reason}); save it as UTF-8") from None


def _read_parquet(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    pyarrow = require("pyarrow", "parquet", "Parquet files")
    parquet = require("pyarrow.parquet", "parquet", "Parquet files")
    try:
        rows = parquet.read_table(path).to_pylist()
    except pyarrow.ArrowException as error:
        raise RecordError(f"{path}: no Parquet file, or a damaged one ({str(error).splitlines()[0]})") from None
    for number, row in enumerate(rows, 1):
        labels = row.get("labels")
        yield number, {**row, "labels": _split_labels(labels)} if isinstance(labels, str) else row


def _read_jsonl(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    lines = list(_json_lines(path, text))
    # doccano calls them "label".
    is_doccano = bool(lines) and "label" in lines[0][1] and "labels" not in lines[0][1]
    yield from doccano_rows(path, lines) if is_doccano else lines


def _json_lines(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
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
        paragraph: str | int | None = row.get("paragraph") or None
        # More digits than that are no index, and beyond 4,300 Python refuses to read them.
        if isinstance(paragraph, str) and re.fullmatch("[0-9]{1,9}", paragraph):
            paragraph = int(paragraph)
        optional = {field: row.get(field) for field in TEXT_FIELDS}
        yield line, {"text": row["text"], "labels": _split_labels(row["labels"]), "paragraph": paragraph, **optional}
    if not header:
        raise RecordError(f"{path}:1: no column 'text'; the first line names the columns, text and labels among them")


def _split_labels(joined: str) -> list[str] | None:
    """Read labels that are one string."""
    parts = [part.strip() for part in joined.split(SEPARATOR)]
    return None if not joined.strip() else [] if parts == [NONE] else parts


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
