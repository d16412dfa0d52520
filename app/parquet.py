"""Records as Parquet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, BinaryIO

from wiredesk.models import Model
from wiredesk.models.labelled import passed_name
from wiredesk.seeds.extras import require
from wiredesk.writers import json_value

#: Records of a row group. Fixed, so that the same records give the same bytes.
ROW_GROUP = 65_536

_SURROGATE = re.compile("[\ud800-\udfff]")


def write_parquet(
    records: Iterable[Mapping[str, Any]], columns: Mapping[str, Any], model: Model, out: BinaryIO
) -> None:
    """Write records as Parquet, with the model's hash and settings in its metadata.

    Parameters
    ----------
    records : iterable of mapping
        From `LabelledDocument.records`.
    columns : mapping of str to object
        Columns that are passed through, and their types: an Arrow type, or ``bool``, ``int``, ``float``, ``str``, or
        ``dict`` for anything, which is written as JSON.
    model : Model
    out : binary file
    """
    arrow = require("pyarrow", "parquet", "Parquet files")
    parquet = require("pyarrow.parquet", "parquet", "Parquet files")
    kinds = {
        bool: arrow.bool_(),
        int: arrow.int64(),
        float: arrow.float64(),
        str: arrow.string(),
        dict: arrow.string(),
    }
    schema = model.batch_schema({_encodable(name): kinds.get(kind, kind) for name, kind in columns.items()})
    as_json = [passed_name(name) for name, kind in columns.items() if kind is dict]
    as_float = [passed_name(name) for name, kind in columns.items() if kind is float]
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        remaining = iter(records)
        while rows := [_row(record, as_json, as_float) for record in islice(remaining, ROW_GROUP)]:
            writer.write_table(arrow.Table.from_pylist(rows, schema=schema), row_group_size=ROW_GROUP)


def _row(record: Mapping[str, Any], as_json: list[str], as_float: list[str]) -> dict[str, Any]:
    row = dict(record)
    for name in as_json:
        if row.get(name) is not None:
            row[name] = json.dumps(row[name], ensure_ascii=False, default=json_value)
    for name in as_float:
        if row.get(name) is not None:
            row[name] = float(row[name])
    return {_encodable(name): _encodable(value) if isinstance(value, str) else value for name, value in row.items()}


def _encodable(text: str) -> str:
    """Replace lone surrogates, which UTF-8 has not, character by character, so that offsets hold."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
