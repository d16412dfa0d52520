"""doccano's JSONL: sentences to label, and what people made of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wiredesk.seeds.fields import NONE, RecordError
from wiredesk.seeds.tasks import Answer, Task, answer_rows

#: File names of exports that do not name one annotator.
_ALL = ("all", "unknown")


def doccano_lines(tasks: Iterable[Task]) -> Iterator[dict[str, Any]]:
    """Write tasks as doccano imports them for text classification.

    doccano takes labels that are imported for an annotator's, so the model's stand beside, as ``suggested``.

    Parameters
    ----------
    tasks : iterable of Task

    Yields
    ------
    dict
    """
    for task in tasks:
        yield {**task.data, "label": [], "suggested": ", ".join(task.types) or NONE}


def doccano_rows(path: Path, lines: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Read what doccano exports as JSONL.

    A sentence without labels is not labelled; one that has none of the types has the label ``none``. The annotator is
    the file's name, as doccano names its exports, unless a line says another one.

    Parameters
    ----------
    path : Path
    lines : iterable of (int, mapping)
        Line numbers and objects.

    Yields
    ------
    number : int
        Of the line.
    row : mapping
        As in JSONL.

    Raises
    ------
    RecordError
        If labels are no list of names, or ``none`` stands beside others.
    """
    yield from answer_rows(_answer(path, number, line) for number, line in lines)


def _answer(path: Path, number: int, line: Mapping[str, Any]) -> Answer:
    labels, text = line.get("label"), line.get("text")
    if not isinstance(text, str):
        raise RecordError(f"{path}:{number}: text is {text!r}; every line has a text")
    if not isinstance(labels, list) or not all(isinstance(name, str) for name in labels):
        raise RecordError(f"{path}:{number}: label is {labels!r}; export from doccano as JSONL")
    if NONE in labels and len(labels) > 1:
        raise RecordError(f"{path}:{number}: {NONE} stands beside others in {labels!r}; correct it")
    by = line.get("annotator") or (None if path.stem in _ALL else path.stem)
    return Answer(number, line, [([name for name in labels if name != NONE], by)] if labels else [])
