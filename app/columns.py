"""Columns that are passed through to formats whose columns stand before the first row."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from tempfile import mkstemp
from typing import Any

from wiredesk import storage
from wiredesk.errors import InputError
from wiredesk.readers import Reading, codec, read_texts
from wiredesk.rows import read_rows
from wiredesk.seeds.extras import require
from wiredesk.sources import STDIN, Source, open_source

#: Bytes copied at a time.
_CHUNK = 1 << 20


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


def spool(sources: Sequence[Source], formats: Sequence[str], stack: ExitStack) -> list[Source]:
    """Copy stdin and pipes to temporary files, so that they can be read twice, and back and forth.

    Parameters
    ----------
    sources : sequence of Source
    formats : sequence of str
        Those that need it.
    stack : ExitStack
        Removes the file at its end.

    Returns
    -------
    list of Source

    Raises
    ------
    InputError
        If it cannot be read, or there is no room for the copy.
    """
    spooled = []
    for source in sources:
        if source.format in formats and (source.name == STDIN or _is_pipe(source.name)):
            source = source._replace(path=_copy(source, stack))
        spooled.append(source)
    return spooled


def _copy(source: Source, stack: ExitStack) -> str:
    try:
        descriptor, name = mkstemp(prefix="wiredesk-")
        stack.callback(os.unlink, name)
        with open(descriptor, "wb") as copy:
            for chunk in _chunks(source):
                copy.write(chunk)
    except OSError as error:
        raise InputError(
            f"{source.name}: {error.strerror} for the temporary copy of it; set TMPDIR to a folder with room"
        ) from None
    return name


def _chunks(source: Source) -> Iterator[bytes]:
    with open_source(source) as (content, _):
        while chunk := content.read(_CHUNK):
            yield chunk


def _is_pipe(name: str) -> bool:
    return not storage.is_remote(name) and os.path.exists(name) and not os.path.isfile(name)


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
