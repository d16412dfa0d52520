"""Labelled documents as JSONL, CSV, or a table for people."""

from __future__ import annotations

import csv
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from wiredesk.documents import LabelledDocument
from wiredesk.models.labelled import OUTPUT_FIELDS, passed_name
from wiredesk.terminal import printable, shortened

#: Format name -> endings of output files.
FORMATS = {
    "table": (".txt",),
    "jsonl": (".jsonl",),
    "csv": (".csv",),
    "parquet": (".parquet",),
    "html": (".html", ".htm"),
}

#: Control characters that JSON need not escape, and line ends to Python though not to JSON: written as escapes, they
#: neither steer a terminal nor end a line for any reader.
_BARE = re.compile("[\x80-\x9f\u2028\u2029]")

#: What a spreadsheet may take for the beginning of a formula, and no number; some know the wide forms too.
_FORMULA = re.compile(r"[=+\-@＝＋－＠\x00-\x1f]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\Z")


def write_jsonl(records: Iterable[dict[str, Any]], out: TextIO) -> None:
    """Write one JSON object a line.

    Parameters
    ----------
    records : iterable of dict
    out : text file
    """
    encode = json.JSONEncoder(ensure_ascii=False, default=json_value).encode
    for record in records:
        line = encode(record)
        if not line.isascii():
            line = _BARE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
        out.write(line + "\n")


def json_value(value: Any) -> Any:
    """Put a value that JSON does not know into one it does.

    Parameters
    ----------
    value : object

    Returns
    -------
    str
        Dates as ISO 8601, bytes in base 64, anything else as Python prints it.
    """
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def write_csv(records: Iterable[dict[str, Any]], columns: Iterable[str], types: Iterable[str], out: TextIO) -> None:
    """Write one row a sentence: types joined by ``;``, one column per type's probability.

    Text that a spreadsheet would compute [1]_ (it begins with ``=``, ``+``, ``-``, ``@`` or a control character, and is
    no number) stands behind an apostrophe. A column called like one of a probability gets ``input_`` before its name.

    Parameters
    ----------
    records : iterable of dict
    columns : iterable of str
        Names of the columns that are passed through.
    types : iterable of str
    out : text file

    References
    ----------
    .. [1] OWASP Foundation. CSV injection. https://owasp.org/www-community/attacks/CSV_Injection
    """
    names: list[str] = []
    for field in OUTPUT_FIELDS:
        names += [f"probability_{name}" for name in types] if field == "probabilities" else [field]
    own = set(names)
    passed = {f"input_{name}" if name in own else name: name for name in map(passed_name, columns)}
    names += passed
    writer = csv.writer(out, lineterminator="\n")
    # Python 3.11 quotes no carriage return of its own accord, and readers would end the row there.
    quoting = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def write(values: Iterable[Any]) -> None:
        cells = list(map(_cell, values))
        has_return = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (quoting if has_return else writer).writerow(cells)

    write(names)
    for record in records:
        row = {**record, **{name: record.get(given) for name, given in passed.items()}}
        row |= {f"probability_{kind}": f"{p:.6f}" for kind, p in record["probabilities"].items()}
        row["types"] = ";".join(record["types"])
        write(row.get(name) for name in names)


def _cell(value: Any) -> Any:
    """Put a value into a cell."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=json_value)
    value = json_value(value) if isinstance(value, bytes) or hasattr(value, "isoformat") else value
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.match(value):
        return f"'{value}"
    return value


#: One colour per type, in the model's order; told apart by colour-blind eyes, and never the only sign.
_COLOURS = ("red", "cyan", "yellow", "magenta")


def write_table(documents: Iterable[LabelledDocument], model_hash: str, out: TextIO, types: Sequence[str] = ()) -> None:
    """Write a table per document, as wide as the terminal or 80 columns.

    Parameters
    ----------
    documents : iterable of LabelledDocument
    model_hash : str
    out : text file
    types : sequence of str
        As in `LabelledDocument.records`.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out, width=None if out.isatty() else 80, highlight=False, markup=False, emoji=False)
    review = False
    for document in documents:
        table = Table(
            title=Text(shortened(document.name), style="bold"),
            title_justify="left",
            box=None,
            padding=(0, 2, 0, 0),
            pad_edge=False,
        )
        table.add_column("#", justify="right", style="dim", no_wrap=True)
        table.add_column("type", no_wrap=True)
        table.add_column("p", no_wrap=True, justify="right")
        table.add_column("sentence", ratio=1, overflow="fold")
        for record in document.records(model_hash, types):
            review |= record["review"]
            names, values = _cells(record)
            table.add_row(str(record["sentence"]), names, values, Text(shortened(record["text"])))
        if table.row_count:
            console.print(table)
            console.print()
    if review:
        console.print("? a probability near its threshold: worth a look", style="dim")


def _cells(record: dict[str, Any]) -> tuple[Any, Any]:
    """Give the types of a sentence and their probabilities, a line each."""
    from rich.text import Text

    types, probabilities, mark = record["types"], record["probabilities"], "?" if record["review"] else " "
    if not types:
        return Text("none", style="dim"), Text(mark, style="dim")
    colours = dict(zip(probabilities, _COLOURS * (1 + len(probabilities) // len(_COLOURS)), strict=False))
    names, values = Text(), Text()
    for i, name in enumerate(types):
        end = "\n" if i + 1 < len(types) else ""
        names.append(printable(name) + end, style=colours[name])
        values.append(f"{probabilities[name]:.2f}{mark if i == 0 else ' '}{end}")
    return names, values
