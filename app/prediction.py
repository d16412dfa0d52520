"""The predict command's work: articles in, labelled sentences out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from wiredesk.articles import read_article
from wiredesk.errors import InputError
from wiredesk.models import Model
from wiredesk.models.atomic import whole_file
from wiredesk.writers import FORMATS, WRITERS

#: Bytes of a file name that are not UTF-8 are lone surrogates in Python; they are written as JSON escapes.
_ERRORS = "backslashreplace"


def predict_articles(
    names: Iterable[str], model: Model, on_error: Callable[[InputError], None]
) -> Iterator[dict[str, Any]]:
    """Label the sentences of articles.

    Parameters
    ----------
    names : iterable of str
        From `wiredesk.articles.find_articles`.
    model : Model
    on_error : callable
        Called with the error of an article that cannot be read; unless it raises, the others go on.

    Yields
    ------
    dict
        One record per sentence: ``document``, ``sentence``, ``start``, ``end``, ``text``, ``type``,
        ``types``, ``probabilities`` (six decimals), ``review``, ``model``.
    """
    documents: list[str] = []

    def texts() -> Iterator[str]:
        for name in names:
            try:
                text = read_article(name)
            except InputError as error:
                on_error(error)
                continue
            documents.append(name)
            yield text

    for sentence in model.label(texts()):
        yield {
            "document": documents[sentence.document],
            "sentence": sentence.sentence,
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.text,
            "type": sentence.type,
            "types": list(sentence.types),
            "probabilities": {name: round(p, 6) for name, p in sentence.probabilities.items()},
            "review": sentence.review,
            "model": model.hash,
        }


def choose_format(wanted: str | None, output: str | None, terminal: bool) -> str:
    """Choose the output's format.

    Parameters
    ----------
    wanted : str or None
        Asked for by name.
    output : str or None
        Output file; None for stdout.
    terminal : bool
        Whether stdout is a terminal.

    Returns
    -------
    str
        A key of `wiredesk.writers.FORMATS`.

    Raises
    ------
    InputError
        If the name is unknown, or the file's ending says nothing.

    Examples
    --------
    >>> choose_format(None, "out.csv", True), choose_format(None, None, False)
    ('csv', 'jsonl')
    """
    if wanted is not None:
        if wanted not in FORMATS:
            raise InputError(f"format {wanted!r} is unknown; choose {', '.join(FORMATS)}")
        return wanted
    if output is None:
        return "table" if terminal else "jsonl"
    for name, endings in FORMATS.items():
        if Path(output).suffix.lower() in endings:
            return name
    raise InputError(f"{output}: this ending tells no format; add --format {'|'.join(FORMATS)}")


def check_output(output: str, force: bool, inputs: Sequence[str] = ()) -> None:
    """Refuse an output that would destroy something or cannot be written.

    Parameters
    ----------
    output : str
    force : bool
        Whether an existing file may be replaced.
    inputs : sequence of str
        Files that are read; they are never replaced. Names that are no file do not matter.

    Raises
    ------
    InputError
    """
    path = Path(output)
    if output == "-":
        raise InputError("-: a model is not written to stdout; name a file")
    if path.is_dir():
        raise InputError(f"{output}: is a folder; name a file")
    if not path.parent.is_dir():
        raise InputError(f"{output}: there is no folder {path.parent}; make it first")
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"{output}: folder {path.parent} cannot be written to; choose another one")
    if path.exists() and not path.is_file():
        raise InputError(f"{output}: is no regular file; leave -o out to write to stdout")
    if path.exists() and not force:
        raise InputError(f"{output}: exists already; choose another name or add --force to replace it")
    if any(path.exists() and Path(name).exists() and path.samefile(name) for name in inputs):
        raise InputError(f"{output}: is one of the inputs; choose another name")


def write_records(records: Iterable[dict[str, Any]], format_name: str, output: str | None) -> None:
    """Write records to a file, which appears when it is whole, or to stdout.

    Parameters
    ----------
    records : iterable of dict
    format_name : str
        A key of `wiredesk.writers.WRITERS`.
    output : str or None
        None for stdout.
    """
    write: Callable[[Iterable[dict[str, Any]], TextIO], None] = WRITERS[format_name]
    if output is None:
        if isinstance(sys.stdout, TextIOWrapper):
            # Data is UTF-8 whatever the locale; a table is for this terminal.
            if format_name != "table":
                sys.stdout.reconfigure(encoding="utf-8", errors=_ERRORS, newline="\n")
        write(records, sys.stdout)
        sys.stdout.flush()
        return
    with whole_file(output) as partial, partial.open("x", encoding="utf-8", errors=_ERRORS, newline="") as out:
        write(records, out)
