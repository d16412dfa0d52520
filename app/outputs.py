"""Outputs: which format, where to, and whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from wiredesk.documents import LabelledDocument
from wiredesk.errors import InputError
from wiredesk.models import Model
from wiredesk.models.atomic import free_name, whole_file
from wiredesk.writers import FORMATS, write_csv, write_jsonl, write_table

#: What UTF-8 cannot write, lone surrogates (of file names that are not UTF-8 too), is written as JSON escapes.
_ERRORS = "backslashreplace"


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
        If the name is unknown, the file's ending says nothing, or Parquet would go to a terminal.

    Examples
    --------
    >>> choose_format(None, "out.csv", True), choose_format(None, None, False)
    ('csv', 'jsonl')
    """
    if wanted is not None and wanted not in FORMATS:
        raise InputError(f"format {wanted!r} is unknown; choose {', '.join(FORMATS)}")
    if wanted == "parquet" and output is None and terminal:
        raise InputError("Parquet is not for a terminal; add -o FILE")
    if wanted is not None:
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
        raise InputError("-: this is not written to stdout; name a file")
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


class Interrupted(Exception):
    """Writing was stopped; the message says where what is finished can be found."""


def write_documents(
    documents: Iterable[LabelledDocument],
    format_name: str,
    output: str | None,
    model: Model,
    *,
    types: Sequence[str] = (),
    columns: dict[str, Any] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
    overwrite: bool = True,
) -> None:
    """Write labelled documents to a file, which appears when it is whole, or to stdout.

    Parameters
    ----------
    documents : iterable of LabelledDocument
    format_name : str
        A key of `wiredesk.writers.FORMATS`.
    output : str or None
        None for stdout.
    model : Model
    types : sequence of str
        Write the sentences alone that have one of these types; by default all.
    columns : dict of str to object
        Columns that are passed through, for formats whose columns stand before the first row.
    is_stopped : callable
        Asked at the end: whether the documents are not all there are.
    overwrite : bool, default=True
        Whether a file that is there by then is replaced.

    Raises
    ------
    Interrupted
        If they are not; what there is has been kept under a name of its own.
    FileExistsError
        If there is a file by then that may not be replaced; what was written has been kept too.
    """
    with _opened(output, is_stopped, overwrite=overwrite, is_text=format_name in ("html", "table")) as out:
        if format_name == "html":
            from wiredesk.pages.article import write_page

            write_page((document.joined() for document in documents), model, cast(TextIO, out))
        elif format_name == "table":
            write_table(documents, model.hash, cast(TextIO, out), types)
        else:
            records = (record for document in documents for record in document.records(model.hash, types))
            # Excel reads UTF-8 only behind a byte-order mark.
            write_records(records, format_name, cast(BinaryIO, out), model, columns or {}, mark=output is not None)


def write_records(
    records: Iterable[dict[str, Any]],
    format_name: str,
    out: BinaryIO,
    model: Model,
    columns: Mapping[str, Any],
    *,
    mark: bool = True,
) -> None:
    """Write records in a format for programs.

    Parameters
    ----------
    records : iterable of dict
    format_name : {"jsonl", "csv", "parquet"}
    out : binary file
    model : Model
    columns : mapping of str to object
        Columns that are passed through.
    mark : bool, default=True
        Whether CSV begins with a byte-order mark.
    """
    if format_name == "parquet":
        from wiredesk.parquet import write_parquet

        write_parquet(records, columns, model, out)
        return
    encoding = "utf-8-sig" if format_name == "csv" and mark else "utf-8"
    text = TextIOWrapper(out, encoding=encoding, errors=_ERRORS, newline="")
    try:
        if format_name == "csv":
            write_csv(records, columns, model.types, text)
        else:
            write_jsonl(records, text)
        text.flush()
    finally:
        text.detach()


@contextmanager
def _opened(
    output: str | None, is_stopped: Callable[[], bool], *, overwrite: bool, is_text: bool
) -> Iterator[TextIO | BinaryIO]:
    if output is None:
        try:
            yield sys.stdout if is_text else sys.stdout.buffer
            sys.stdout.flush()
        except OSError as error:
            if error.errno is None or error.filename is not None:
                raise
            raise OSError(error.errno, error.strerror, "stdout") from error  # The system names no file.
        if is_stopped():
            raise Interrupted("the output ends there")
        return
    with whole_file(output, overwrite=overwrite) as partial:
        if is_text:
            with partial.open("x", encoding="utf-8", errors=_ERRORS, newline="") as text:
                yield text
        else:
            with partial.open("xb") as binary:
                yield binary
        if is_stopped():
            kept = free_name(f"{output}.partial")
            os.rename(partial, kept)
            raise Interrupted(f"what is finished is in {kept}")
