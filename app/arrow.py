"""Parquet, and what else needs pyarrow; it is imported only when used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, BinaryIO

from wiredesk.errors import InputError
from wiredesk.models import Model

#: Records of a row group. Fixed, so that the same records give the same bytes.
ROW_GROUP = 65_536


def import_pyarrow() -> tuple[Any, Any]:
    """Import pyarrow and its Parquet module.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError("Parquet needs pyarrow; install it with: pip install 'wiredesk[parquet]'") from None
    return pyarrow, pyarrow.parquet


def write_parquet(
    records: Iterable[Mapping[str, Any]], columns: Mapping[str, Any], model: Model, out: BinaryIO
) -> None:
    """Write records as Parquet, with the model's hash and settings in its metadata.

    Parameters
    ----------
    records : iterable of mapping
        From `wiredesk.writers.records_of`.
    columns : mapping of str to object
        Columns that are passed through, and their types: an Arrow type, or ``bool``, ``int``, ``float``, ``str``, or
        ``dict`` for anything, which is written as JSON.
    model : Model
    out : binary file
    """
    pyarrow, parquet = import_pyarrow()
    schema = _schema(pyarrow, columns, model)
    as_json = [name for name, kind in columns.items() if kind is dict]
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        remaining = iter(records)
        while rows := [_row(record, as_json) for record in islice(remaining, ROW_GROUP)]:
            writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema), row_group_size=ROW_GROUP)


def _row(record: Mapping[str, Any], as_json: list[str]) -> dict[str, Any]:
    row = dict(record)
    for name in as_json:
        if row.get(name) is not None:
            row[name] = json.dumps(row[name], ensure_ascii=False, default=str)
    return {name: _encodable(value) if isinstance(value, str) else value for name, value in row.items()}


def _encodable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 has not, character by character, so that offsets hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _schema(pyarrow: Any, columns: Mapping[str, Any], model: Model) -> Any:
    string, integer = pyarrow.string(), pyarrow.int64()
    probabilities = pyarrow.struct([(name, pyarrow.float64()) for name in model.types])
    fixed = {
        "document": string,
        "sentence": integer,
        "start": integer,
        "end": integer,
        "text": string,
        "type": string,
        "types": pyarrow.list_(string),
        "probabilities": probabilities,
        "review": pyarrow.bool_(),
        "model": string,
    }
    kinds = {bool: pyarrow.bool_(), int: integer, float: pyarrow.float64(), str: string, dict: string}
    passed = {name: kinds.get(kind, kind) for name, kind in columns.items()}
    settings = {"hash": model.hash, "types": list(model.types), "thresholds": model.thresholds}
    return pyarrow.schema(list((fixed | passed).items()), metadata={"wiredesk": json.dumps(settings)})
