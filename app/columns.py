"""Columns that are passed through to formats whose columns stand before the first row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wiredesk.errors import InputError
from wiredesk.readers import Reading, read_texts
from wiredesk.rows import codec, read_rows
from wiredesk.seeds.extras import require
from wiredesk.sources import Source, open_source


def find_columns(sources: Iterable[Source], reading: Reading) -> dict[str, Any]:
    """List the columns that inputs have beside text and document.

    JSONL is read once for it, as every line may have others.

    Parameters
    ----------
    sources : iterable of Source
    reading : Reading

    Returns
    -------
    dict of str to object
        Name -> type: an Arrow type, ``bool``, ``int``, ``float`` or ``str``; ``dict`` for anything else, also where
        inputs differ; ``NoneType`` where it is nowhere filled.
    """
    found: dict[str, Any] = {}
    for source in sources:
        if not source.is_table:
            continue
        try:
            for name, kind in _source_columns(source, reading):
                found[name] = _common(found[name], kind) if name in found else kind
        except InputError:  # Said when it is read for its texts.
            continue
    return found


def merge_columns(found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Join the columns of several inputs.

    Parameters
    ----------
    found : iterable of mapping
        From `find_columns`.

    Returns
    -------
    dict of str to object
        A column that was nowhere filled is one of strings.
    """
    merged: dict[str, Any] = {}
    for columns in found:
        for name, kind in columns.items():
            merged[name] = _common(merged[name], kind) if name in merged else kind
    return {name: str if kind is type(None) else kind for name, kind in merged.items()}


def _source_columns(source: Source, reading: Reading) -> Iterator[tuple[str, Any]]:
    """Yield the columns of a table and their types, those of JSONL row by row."""
    with open_source(source) as (content, _):
        schema = None
        if source.format == "parquet":
            arrow = require("pyarrow", "parquet", "Parquet files")
            try:
                schema = require("pyarrow.parquet", "parquet", "Parquet files").read_schema(content)
            except arrow.ArrowException:
                return
            content.seek(0)
        rows = read_rows(source, content, codec(reading.encoding), reading.delimiter, lambda reject: None)
        for _, _, others in read_texts(source, rows, reading, lambda reject: None):
            for name, value in others.items():
                if schema is not None:
                    yield name, schema.field(name).type
                elif source.format == "jsonl":
                    yield name, _kind(value)
                else:
                    yield name, str
            if source.format != "jsonl":
                return


def _kind(value: Any) -> type:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 1 << 63:
        return dict
    return type(value) if isinstance(value, bool | int | float | str | None) else dict


def _common(one: Any, other: Any) -> Any:
    """Give a type that holds values of both."""
    if one == other:
        return one
    kinds = [kind if isinstance(kind, type) else _python_kind(kind) for kind in (one, other)]
    known = [kind for kind in kinds if kind is not type(None)]
    if len(set(known)) == 1:
        return known[0]
    return float if set(known) == {int, float} else dict


def _python_kind(kind: Any) -> type:
    """Give the Python type of an Arrow type."""
    types = require("pyarrow.types", "parquet", "Parquet files")
    tests = {str: types.is_string, int: types.is_integer, float: types.is_floating, bool: types.is_boolean}
    if types.is_large_string(kind):
        return str
    return next((python for python, test in tests.items() if test(kind)), type(None) if types.is_null(kind) else dict)
