"""Arrow batches of articles in, Arrow batches of labelled sentences out: what engines for large data ask for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from wiredesk.features.segmentation import split_text
from wiredesk.models.labelled import passed_name
from wiredesk.seeds.extras import require

if TYPE_CHECKING:
    from wiredesk.models.model import Model


def arrow_schema(model: Model, columns: Mapping[str, Any]) -> Any:
    """Give the Arrow schema of records.

    Parameters
    ----------
    model : Model
    columns : mapping of str to Arrow type
        Columns that are passed through.

    Returns
    -------
    pyarrow.Schema
        With the model's hash, types and thresholds as JSON under ``wiredesk`` in its metadata.
    """
    arrow = require("pyarrow", "parquet", "Arrow batches")
    string, integer = arrow.string(), arrow.int64()
    fields = {
        "document": string,
        "sentence": integer,
        "start": integer,
        "end": integer,
        "text": string,
        "type": string,
        "types": arrow.list_(string),
        "probabilities": arrow.struct([(name, arrow.float64()) for name in model.types]),
        "review": arrow.bool_(),
        "model": string,
        **{passed_name(name): kind for name, kind in columns.items()},
    }
    settings = {"hash": model.hash, "types": list(model.types), "thresholds": model.thresholds}
    return arrow.schema(list(fields.items()), metadata={"wiredesk": json.dumps(settings)})


def label_batches(model: Model, batches: Iterable[Any], text_column: str, id_column: str | None) -> Iterator[Any]:
    """Label the articles in Arrow batches (`Model.predict_batches`).

    Parameters
    ----------
    model : Model
    batches : iterable of pyarrow.RecordBatch
    text_column : str
    id_column : str or None

    Yields
    ------
    pyarrow.RecordBatch
    """
    arrow = require("pyarrow", "parquet", "Arrow batches")
    batches = iter(batches)
    first = next(batches, None)
    if first is None:
        return
    for name in (text_column, id_column):
        if name is not None and name not in first.schema.names:
            raise ValueError(f"no column {name!r} among {', '.join(first.schema.names)}")
    passed = {field.name: field.type for field in first.schema if field.name not in (text_column, id_column)}
    schema = arrow_schema(model, passed)
    number = 0
    for batch in chain([first], batches):
        rows = batch.to_pylist()
        texts = [row.pop(text_column) or "" for row in rows]
        names = [str(number + i) if id_column is None else str(row.pop(id_column)) for i, row in enumerate(rows)]
        number += len(rows)
        parted = [split_text(text) for text in texts]
        records = []
        for name, row, sentences in zip(names, rows, model.label_documents(parted), strict=True):
            others = {passed_name(key): value for key, value in row.items()}
            records += [{**sentence.record(name, model.hash), **others} for sentence in sentences]
        yield arrow.RecordBatch.from_pylist(records, schema=schema)
