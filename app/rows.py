"""Rows of JSONL, CSV and Parquet files, one after the other, whatever the size of the file."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from io import TextIOWrapper
from typing import Any, BinaryIO, NamedTuple

from wiredesk.errors import InputError
from wiredesk.rejects import Reject
from wiredesk.seeds.extras import require
from wiredesk.sources import Source

#: Longest cell of a CSV file in characters. A quotation mark that is never closed takes in all that follows.
LONGEST_CELL = 1 << 26

#: Rows of a Parquet file decoded at a time.
PARQUET_ROWS = 1024


class Row(NamedTuple):
    """One row.

    Attributes
    ----------
    number : int
        1-based, of the rows that hold something.
    line : int or None
        Where it ends in the file, 1-based; None in Parquet, which has no lines.
    cells : dict of str to object
    """

    number: int
    line: int | None
    cells: dict[str, Any]


def read_rows(
    source: Source, file: BinaryIO, encoding: str, delimiter: str | None, reject: Callable[[Reject], None]
) -> Iterator[Row]:
    """Read the rows of a table.

    Parameters
    ----------
    source : Source
    file : binary file
        Its content.
    encoding : str
        Of JSONL and CSV.
    delimiter : str or None
        Of CSV; by default comma, in ``.tsv`` files tab.
    reject : callable
        Called with every row that cannot be read.

    Yields
    ------
    Row

    Raises
    ------
    InputError
        If the file as a whole cannot be read.
    """
    if source.format == "parquet":
        yield from _parquet_rows(source, file)
        return
    # What does not decode becomes lone surrogates, so that one bad byte costs one row.
    text = TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="\n" if _is_json(source) else "")
    try:
        if _is_json(source):
            yield from _json_rows(source, text, encoding, reject)
        else:
            yield from _csv_rows(source, text, encoding, delimiter or ("\t" if source.format == "tsv" else ","), reject)
    except UnicodeDecodeError as error:  # Of encodings whose units are several bytes.
        raise InputError(
            f"{source.name}: not {encoding_name(encoding)} ({error.reason}); name its --encoding"
        ) from None
    finally:
        if not file.closed:
            text.detach()


def _is_json(source: Source) -> bool:
    return source.format == "jsonl"


def _json_rows(source: Source, lines: Iterable[str], encoding: str, reject: Callable[[Reject], None]) -> Iterator[Row]:
    number = 0
    for at, line in enumerate(lines, 1):
        if not line.strip():
            continue
        number += 1
        try:
            _check_decoded([line], encoding)
            cells = json.loads(line, parse_constant=_refuse_constant, parse_float=_finite)
        except json.JSONDecodeError as error:
            reject(Reject(source.name, at, f"no JSON: {error.msg} at character {error.pos + 1}", line.rstrip("\r\n")))
        except (ValueError, RecursionError) as error:
            reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            reject(Reject(source.name, at, reason, line.rstrip("\r\n")))
        else:
            if isinstance(cells, dict):
                yield Row(number, at, cells)
            else:
                reject(Reject(source.name, at, "no JSON object; write one per line", line.rstrip("\r\n")))


def _csv_rows(
    source: Source, lines: TextIOWrapper, encoding: str, delimiter: str, reject: Callable[[Reject], None]
) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    # Strict: text after a closing quotation mark, or none that closes, is an error, not a guess.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if header is None:
                raise InputError(f"{source.name}: line {reader.line_num}: {error}; check the header") from None
            number += 1
            reject(Reject(source.name, reader.line_num, str(error)))
            continue
        if not cells:
            continue
        if header is None:
            header = _check_header(source, cells, encoding, delimiter)
            continue
        number += 1
        content = delimiter.join(cells)
        try:
            _check_decoded(cells, encoding)
        except ValueError as error:
            reject(Reject(source.name, reader.line_num, str(error), content))
            continue
        if len(cells) != len(header):
            reason = f"{len(cells)} cells, but the header has {len(header)}; quote cells that hold {delimiter!r}"
            reject(Reject(source.name, reader.line_num, reason, content))
            continue
        yield Row(number, reader.line_num, dict(zip(header, cells, strict=True)))


def _check_header(source: Source, cells: list[str], encoding: str, delimiter: str) -> list[str]:
    try:
        _check_decoded(cells, encoding)
    except ValueError as error:
        raise InputError(f"{source.name}: header: {error}") from None
    twice = _twice(cells)
    if twice:
        raise InputError(f"{source.name}: column {min(twice)!r} stands in the header twice; rename one")
    other = ";" if delimiter == "," else ","
    if len(cells) == 1 and other in cells[0]:
        raise InputError(
            f"{source.name}: the header is one column, {cells[0]!r}; add --delimiter {other!r} if that separates them"
        )
    return cells


def _twice(names: Iterable[str]) -> list[str]:
    """List the names that stand there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def _parquet_rows(source: Source, file: BinaryIO) -> Iterator[Row]:
    arrow = require("pyarrow", "parquet", "Parquet files")
    parquet = require("pyarrow.parquet", "parquet", "Parquet files")
    number = source.first_row
    groups = None if source.row_group is None else [source.row_group]
    try:
        table = parquet.ParquetFile(file)
        twice = _twice(table.schema_arrow.names)
        if twice:
            raise InputError(f"{source.name}: has two columns {twice[0]!r}; rename one")
        for batch in table.iter_batches(batch_size=PARQUET_ROWS, row_groups=groups):
            for cells in batch.cast(_in_microseconds(arrow, batch.schema), safe=False).to_pylist():
                number += 1
                yield Row(number, None, {name: _without_nan(value) for name, value in cells.items()})
    except arrow.ArrowException as error:
        raise InputError(f"{source.name}: no Parquet file, or a damaged one: {str(error).splitlines()[0]}") from None


def _in_microseconds(arrow: Any, schema: Any) -> Any:
    """Give the schema with times as Python has them, which knows no nanoseconds."""
    fields = []
    for field in schema:
        kind = field.type
        if getattr(kind, "unit", None) == "ns":
            coarser = {"timestamp": arrow.timestamp("us", getattr(kind, "tz", None)), "time64": arrow.time64("us")}
            kind = coarser.get(str(kind).partition("[")[0], arrow.duration("us"))
        fields.append(field.with_type(kind))
    return arrow.schema(fields)


def _without_nan(value: Any) -> Any:
    """Read what is not a number as missing: JSON knows none."""
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    if isinstance(value, tuple):  # Of a map: key and value.
        return tuple(map(_without_nan, value))
    if isinstance(value, dict):
        return {name: _without_nan(item) for name, item in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{number} is too large for a number")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON; write null")


def _check_decoded(texts: Iterable[str], encoding: str) -> None:
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            byte = ord(text[error.start]) & 0xFF
            raise ValueError(
                f"not {encoding_name(encoding)} (byte 0x{byte:02x} at character {error.start + 1}); "
                "save it as UTF-8 or name its --encoding"
            ) from None


def encoding_name(encoding: str) -> str:
    """Write an encoding as people do."""
    return "UTF-8" if encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig") else encoding


def codec(encoding: str) -> str:
    """Name the codec that drops a byte-order mark where there may be one.

    Parameters
    ----------
    encoding : str

    Returns
    -------
    str
    """
    return "utf-8-sig" if encoding_name(encoding) == "UTF-8" else encoding
