"""Labelled sentences in JSONL and CSV, and the one reader of both."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

#: Stands for "none of the types" in CSV, and joins labels there; so neither can be (in) a type's name.
NONE, SEPARATOR = "none", ";"

_TEXT_FIELDS = ("document", "group", "source", "date", "annotator")
_FIELDS = ("text", "labels", "paragraph", *_TEXT_FIELDS)


class RecordError(ValueError):
    """Labelled data that cannot be used; the message says where, which rule, and the way out."""


@dataclass(frozen=True, slots=True)
class Record:
    """One labelled sentence.

    Attributes
    ----------
    text : str
    labels : tuple of str or None
        Its types, none of them if empty; None if nobody labelled it.
    document : str, optional
        Sentences of one document stand together, in order.
    group : str, optional
        Records that stay together when data is split, such as the variants of one sentence.
    paragraph : int, optional
        0-based index in the document.
    source, date, annotator : str, optional
    origin : str
        Where it was read, as ``file:line``.
    """

    text: str
    labels: tuple[str, ...] | None
    document: str | None = None
    group: str | None = None
    paragraph: int | None = None
    source: str | None = None
    date: str | None = None
    annotator: str | None = None
    origin: str = ""


def read_records(paths: Iterable[str | os.PathLike[str]]) -> list[Record]:
    """Read labelled sentences from JSONL and CSV files.

    Parameters
    ----------
    paths : iterable of path-like
        Files ending in ``.jsonl`` or ``.csv``, UTF-8.

    Returns
    -------
    list of Record

    Raises
    ------
    RecordError
        If a file or a row cannot be read, with file and line.
    FileNotFoundError
        If there is no such file.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    return [record for path in paths for record in _read_file(Path(path))]


def as_records(rows: Iterable[Record | Mapping[str, Any]]) -> list[Record]:
    """Take labelled sentences as they come from Python code.

    Parameters
    ----------
    rows : iterable of Record or mapping
        Mappings have the keys of a JSONL row: ``text``, ``labels``, and optionally ``document`` and the others.

    Returns
    -------
    list of Record

    Raises
    ------
    RecordError
        If a row has no text or no correct labels.

    Examples
    --------
    >>> as_records([{"text": "Shells fell on Darsa.", "labels": ["attack_report"]}])[0].labels
    ('attack_report',)
    """
    if isinstance(rows, str | bytes | Mapping):
        raise TypeError(f"records is one {type(rows).__name__}; give a list of records, or read_records(path)")
    records = []
    for i, row in enumerate(rows):
        if not isinstance(row, Record | Mapping):
            raise RecordError(f"record {i}: a {type(row).__name__}; give a Record or a mapping with text and labels")
        fields = {field: getattr(row, field) for field in _FIELDS} if isinstance(row, Record) else row
        labels = fields.get("labels")
        fields = {**fields, "labels": list(labels)} if isinstance(labels, tuple) else fields
        record = _record((isinstance(row, Record) and row.origin) or f"record {i}", fields)
        records.append(replace(row, origin=record.origin) if isinstance(row, Record) else record)
    return records


def document_ids(records: Iterable[Record]) -> list[str | int]:
    """Give each record's document; a record without one stands alone.

    Parameters
    ----------
    records : iterable of Record

    Returns
    -------
    list of str or int
        Document names, and the record's own index where there is none.
    """
    return [i if record.document is None else record.document for i, record in enumerate(records)]


def record_types(records: Iterable[Record]) -> tuple[str, ...]:
    """List the types found in records: the guideline's in its order, then others by the alphabet.

    Parameters
    ----------
    records : iterable of Record

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> record_types([Record("a", ("official_quote", "attack_report")), Record("b", ("zebra",))])
    ('attack_report', 'official_quote', 'zebra')
    """
    found = {label for record in records for label in record.labels or ()}
    return tuple(sorted(found, key=lambda name: (GUIDELINE_TYPES.index(name) if name in GUIDELINE_TYPES else 99, name)))


#: The corpus's own types, in the guideline's order.
GUIDELINE_TYPES = ("attack_report", "official_quote", "casualty_figure", "political_context")


def _read_file(path: Path) -> Iterator[Record]:
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
        yield _record(f"{path}:{line}", row)
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
            header = cells
            for field in ("text", "labels"):
                if field not in header:
                    raise RecordError(
                        f"{path}:{line}: no column {field!r}; "
                        "the first line names the columns, text and labels among them"
                    )
            for field in _FIELDS:
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
        optional = {field: row.get(field) for field in _TEXT_FIELDS}
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


def _record(origin: str, row: Mapping[str, Any]) -> Record:
    """Check one row's fields and their types."""
    text, labels, paragraph = row.get("text"), row.get("labels", ...), row.get("paragraph")
    if not isinstance(text, str) or not text.strip():
        raise RecordError(f"{origin}: text is {text!r}; every record has a text that is not blank")
    if labels is ...:
        raise RecordError(f"{origin}: no labels; write a list of types, [] for none of them, null for not labelled")
    if labels is not None:
        if not isinstance(labels, list) or not all(isinstance(label, str) and label.strip() for label in labels):
            raise RecordError(f"{origin}: labels is {labels!r}; write a list of types, [] for none of them")
        if any(label != label.strip() for label in labels):
            raise RecordError(f"{origin}: labels is {labels!r}; write them without blanks around")
        if NONE in labels:
            hint = "leave it out" if len(labels) > 1 else "write an empty list"
            raise RecordError(f"{origin}: label {NONE!r} stands for no type and cannot be one of {labels!r}; {hint}")
        for label in labels:
            if SEPARATOR in label:
                raise RecordError(f"{origin}: label {label!r} holds {SEPARATOR!r}, which separates labels; rename it")
        if len(set(labels)) < len(labels):
            raise RecordError(f"{origin}: labels is {labels!r}; name each type once")
    if paragraph is not None and (type(paragraph) is not int or paragraph < 0):
        raise RecordError(f"{origin}: paragraph is {paragraph!r}; write a whole number from 0")
    for field in _TEXT_FIELDS:
        value = row.get(field)
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
            raise RecordError(f"{origin}: {field} is {value!r}; write a string")
    optional = {field: str(row[field]) for field in _TEXT_FIELDS if row.get(field) not in (None, "")}
    return Record(text, None if labels is None else tuple(labels), paragraph=paragraph, origin=origin, **optional)
