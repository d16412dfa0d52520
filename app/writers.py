"""Labelled sentences as JSONL, CSV, or a table for people."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any, TextIO

Record = dict[str, Any]

#: Format name -> endings of output files.
FORMATS = {"table": (".txt",), "jsonl": (".jsonl",), "csv": (".csv",)}


def write_jsonl(records: Iterable[Record], out: TextIO) -> None:
    """Write one JSON object a line.

    Parameters
    ----------
    records : iterable of dict
    out : text file
    """
    for record in records:
        out.write(json.dumps(record, ensure_ascii=False) + "\n")


def write_csv(records: Iterable[Record], out: TextIO) -> None:
    """Write one row a sentence: types joined by ``;``, one column per type's probability.

    Parameters
    ----------
    records : iterable of dict
    out : text file
    """
    writer = None
    for record in records:
        row = {}
        for name, value in record.items():
            if name == "types":
                row[name] = ";".join(value)
            elif name == "probabilities":
                row.update({f"probability_{kind}": f"{p:.6f}" for kind, p in value.items()})
            elif name == "review":
                row[name] = str(value).lower()
            else:
                row[name] = value
        if writer is None:
            writer = csv.DictWriter(out, row.keys(), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)


#: One colour per type, in the model's order; told apart by colour-blind eyes, and never the only sign.
_COLOURS = ("red", "cyan", "yellow", "magenta")

#: Control characters would steer the terminal.
_CONTROLS = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), *range(127, 160))} | {9: " ", 10: " ", 13: " "}


def printable(text: str) -> str:
    r"""Replace control characters, which a terminal would obey.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> printable("two\tlines\n\x1b[31m")
    'two lines �[31m'
    """
    return text.translate(_CONTROLS)


def write_table(records: Iterable[Record], out: TextIO) -> None:
    """Write a table per document, as wide as the terminal or 80 columns.

    Parameters
    ----------
    records : iterable of dict
    out : text file
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=out, width=None if out.isatty() else 80, highlight=False, markup=False, emoji=False)
    review = False
    for document, sentences in groupby(records, key=lambda record: record["document"]):
        table = Table(
            title=Text(printable(str(document)), style="bold"),
            title_justify="left",
            box=None,
            padding=(0, 2, 0, 0),
            pad_edge=False,
        )
        table.add_column("#", justify="right", style="dim", no_wrap=True)
        table.add_column("type", no_wrap=True)
        table.add_column("p", no_wrap=True, justify="right")
        table.add_column("sentence", ratio=1, overflow="fold")
        for record in sentences:
            review |= record["review"]
            names, values = _cells(record)
            table.add_row(str(record["sentence"]), names, values, Text(printable(record["text"])))
        console.print(table)
        console.print()
    if review:
        console.print("? a probability near its threshold: worth a look", style="dim")


def _cells(record: Record) -> tuple[Any, Any]:
    """Give the types of a sentence and their probabilities, a line each."""
    from rich.text import Text

    types, probabilities, mark = record["types"], record["probabilities"], "?" if record["review"] else " "
    if not types:
        return Text("none", style="dim"), Text(mark, style="dim")
    colours = dict(zip(probabilities, _COLOURS * (1 + len(probabilities) // len(_COLOURS)), strict=False))
    names, values = Text(), Text()
    for i, name in enumerate(types):
        end = "\n" if i + 1 < len(types) else ""
        names.append(name + end, style=colours[name])
        values.append(f"{probabilities[name]:.2f}{mark if i == 0 else ' '}{end}")
    return names, values


WRITERS = {"jsonl": write_jsonl, "csv": write_csv, "table": write_table}
