"""Labelled sentences, and the one reader of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wiredesk.seeds.fields import FIELDS, NONE, SEPARATOR, TEXT_FIELDS, RecordError
from wiredesk.seeds.rows import read_rows


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

    Examples
    --------
    >>> Record("Shells fell on Darsa.", ("attack_report",), document="wire-1").labels
    ('attack_report',)
    >>> Record("Shells fell on Darsa.", None).labels is None
    True
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
    """Read labelled sentences from files, those of Label Studio and doccano too.

    Parameters
    ----------
    paths : iterable of path-like
        Files ending in ``.jsonl``, ``.csv``, ``.parquet`` or ``.json``, UTF-8.

    Returns
    -------
    list of Record

    Raises
    ------
    RecordError
        If a file or a row cannot be read, with file and line, or a file is named twice.
    FileNotFoundError
        If there is no such file.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    files = [Path(path) for path in paths]
    for i, file in enumerate(files):
        if file in files[:i]:
            raise RecordError(f"{file}: is named twice; name each file once")
    return [_record(origin, row) for file in files for origin, row in read_rows(file)]


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
        fields = {field: getattr(row, field) for field in FIELDS} if isinstance(row, Record) else row
        labels = fields.get("labels")
        fields = {**fields, "labels": list(labels)} if isinstance(labels, tuple) else fields
        records.append(_record((isinstance(row, Record) and row.origin) or f"record {i}", fields))
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

    Examples
    --------
    >>> records = [Record("Rain fell.", (), document="wire-1"), Record("Snow fell.", ())]
    >>> document_ids(records)
    ['wire-1', 1]
    """
    return [i if record.document is None else record.document for i, record in enumerate(records)]


def target_matrix(records: Sequence[Record], types: Sequence[str]) -> np.ndarray:
    """Give the labels as a matrix.

    Parameters
    ----------
    records : sequence of Record
        Labelled ones.
    types : sequence of str

    Returns
    -------
    ndarray of bool, shape (n, n_types)

    Raises
    ------
    RecordError
        If a label is not one of `types`.

    Examples
    --------
    >>> records = [Record("Shells fell on Darsa.", ("attack_report",)), Record("Rain fell.", ())]
    >>> target_matrix(records, ["attack_report", "official_quote"])
    array([[ True, False],
           [False, False]])
    """
    column = {name: j for j, name in enumerate(types)}
    y = np.zeros((len(records), len(types)), dtype=bool)
    for i, record in enumerate(records):
        for label in record.labels or ():
            if label not in column:
                raise RecordError(
                    f"{record.origin or f'record {i}'}: label {label!r} is not one of the types {', '.join(types)}; "
                    "correct it or add it to the types"
                )
            y[i, column[label]] = True
    return y


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
    for field in TEXT_FIELDS:
        value = row.get(field)
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
            raise RecordError(f"{origin}: {field} is {value!r}; write a string")
    optional = {field: str(row[field]) for field in TEXT_FIELDS if row.get(field) not in (None, "")}
    return Record(text, None if labels is None else tuple(labels), paragraph=paragraph, origin=origin, **optional)
