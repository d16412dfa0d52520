"""Documents of any input, parted into sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from wiredesk.errors import InputError, RejectedError
from wiredesk.features.segmentation import split_text
from wiredesk.rejects import Reject, refuse
from wiredesk.rows import Row, codec, encoding_name, read_rows
from wiredesk.sources import Source, find_sources, open_source
from wiredesk.web_pages import find_article, keep_article

#: Columns that name a document, unless another one is asked for.
ID_COLUMNS = ("document", "id")

#: Columns that are named where the one that is looked for is not among them.
COLUMNS_NAMED = 20

_LINE = re.compile(r"[^\r\n]+")


class Reading(NamedTuple):
    """How inputs are read.

    Attributes
    ----------
    unit : str
        ``"document"``: a text is an article, to be segmented; ``"sentence"``: a row or line is a sentence.
    text_column : str
    id_column : str or None
        By default ``document`` or ``id``, whichever there is; sentences take ``document`` alone.
    encoding : str
    delimiter : str or None
        Of CSV.
    keep_text : str or None
        Folder for the text found in web pages, which offsets refer to.
    """

    unit: str = "document"
    text_column: str = "text"
    id_column: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    keep_text: str | None = None

    def check(self) -> None:
        """Refuse what cannot be.

        Raises
        ------
        InputError
        """
        if self.unit not in ("document", "sentence"):
            raise InputError(f"unit {self.unit!r} is unknown; choose document or sentence")
        try:
            b"text".decode(self.encoding, "surrogateescape")
        except (LookupError, UnicodeError, TypeError):
            raise InputError(f"encoding {self.encoding!r} is unknown; name one that Python knows, as latin-1") from None
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '"\r\n'):
            raise InputError(f"delimiter {self.delimiter!r} separates no cells; give one character, as ';'")
        if self.keep_text is not None and not Path(self.keep_text).is_dir():
            raise InputError(f"{self.keep_text}: no such folder; make it first")


class Document(NamedTuple):
    """A document before it is labelled.

    Attributes
    ----------
    name : str
    text : str
        Empty if its sentences come as rows.
    sentences : list of (int, int, str)
        Start, end and text of each; of sentences that come as rows, inside their own cell.
    columns : dict of str to object
        The other columns.
    rows : list of dict, optional
        The other columns of each sentence, if sentences come as rows.
    """

    name: str
    text: str
    sentences: list[tuple[int, int, str]]
    columns: dict[str, Any]
    rows: list[dict[str, Any]] | None = None


def read_documents(
    sources: Iterable[Source],
    reading: Reading,
    reject: Callable[[Reject], None],
    on_open: Callable[[Source, BinaryIO], None] = lambda source, file: None,
) -> Iterator[Document]:
    """Read the documents of inputs, one after the other.

    Parameters
    ----------
    sources : iterable of Source
    reading : Reading
    reject : callable
        Called with every row and every file that cannot be read; unless it raises, the others go on.
    on_open : callable, optional
        Called with every source that is opened and its file, whose position tells how much is read.

    Yields
    ------
    Document
    """
    for source in sources:
        try:
            with open_source(source) as (content, file):
                on_open(source, file)
                if source.is_table:
                    rows = read_rows(source, content, codec(reading.encoding), reading.delimiter, reject)
                    yield from _table_documents(source, rows, reading, reject)
                else:
                    text = _decode(source, content.read(), reading)
                    text = _article(source, text, reading) if source.format == "html" else text
                    yield Document(source.name, text, _parts(text, reading.unit), {})
        except RejectedError:
            raise
        except InputError as error:
            reject(Reject(source.name, None, str(error).removeprefix(f"{source.name}: ")))


def read_article(name: str) -> str:
    """Read one article's text.

    Parameters
    ----------
    name : str
        A text file, a web page, or ``-`` for stdin.

    Returns
    -------
    str
        Without a byte-order mark, line ends as they are, so that offsets hold.

    Raises
    ------
    InputError
        If it cannot be read, is not so encoded, holds NUL characters, or nothing but white space.
    """
    [source] = find_sources([name])
    if source.is_table:
        raise InputError(f"{name}: a table of articles; give one article")
    [document] = read_documents([source], Reading(), refuse)
    return document.text


def _decode(source: Source, data: bytes, reading: Reading) -> str:
    try:
        text = data.decode(codec(reading.encoding))
    except UnicodeDecodeError as error:
        declared = re.search(rb"""charset\s*=\s*["']?([\w-]+)""", data[:2048]) if source.format == "html" else None
        encoding = declared[1].decode() if declared else "latin-1"
        says = "the page says" if declared else "as in"
        raise InputError(
            f"{source.name}: not {encoding_name(reading.encoding)} (byte {error.start}: {error.reason}); "
            f"save it as UTF-8 or name its encoding ({says} --encoding {encoding})"
        ) from None
    if "\0" in text:  # UTF-16 without a byte-order mark decodes, and would be labelled letter by letter.
        raise InputError(f"{source.name}: holds NUL characters, so it is UTF-16 or no text; save it as UTF-8")
    if not text.strip():
        raise InputError(f"{source.name}: empty; there is no sentence to label")
    return text


def _article(source: Source, page: str, reading: Reading) -> str:
    article = find_article(source, page)
    if reading.keep_text is not None:
        keep_article(source, article, reading.keep_text)
    return article


def _parts(text: str, unit: str) -> list[tuple[int, int, str]]:
    """Part a text into sentences: by its segments, or by its lines."""
    if unit == "document":
        return split_text(text)
    return [_trimmed(line[0], line.start()) for line in _LINE.finditer(text) if line[0].strip()]


def _trimmed(text: str, at: int = 0) -> tuple[int, int, str]:
    inner = text.strip()
    start = at + len(text) - len(text.lstrip())
    return start, start + len(inner), inner


def _table_documents(
    source: Source, rows: Iterable[Row], reading: Reading, reject: Callable[[Reject], None]
) -> Iterator[Document]:
    checked = read_texts(source, rows, reading, reject)
    if reading.unit == "document":
        for name, text, others in checked:
            yield Document(name, text, _parts(text, "document"), others)
        return
    # Rows of a document stand together.
    for name, group in groupby(checked, key=lambda row: row[0]):
        sentences = list(group)
        parts = [_trimmed(text) for _, text, _ in sentences]
        yield Document(name, "", parts, {}, [others for _, _, others in sentences])


def read_texts(
    source: Source, rows: Iterable[Row], reading: Reading, reject: Callable[[Reject], None]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give the texts of a table.

    Parameters
    ----------
    source : Source
    rows : iterable of Row
    reading : Reading
    reject : callable
        Called with every row that has no text.

    Yields
    ------
    name : str
        Of its document.
    text : str
    others : dict of str to object
        The other columns.
    """
    candidates = [reading.id_column] if reading.id_column else ID_COLUMNS[: 1 if reading.unit == "sentence" else 2]
    for row in rows:
        others = dict(row.cells)
        text = others.pop(reading.text_column, None)
        chosen = next((column for column in candidates if column in others), None)
        missing = reading.id_column if chosen is None else None
        if reading.text_column not in row.cells or missing:
            option, column = ("--id-column", missing) if missing else ("--text-column", reading.text_column)
            columns = ", ".join(list(row.cells)[:COLUMNS_NAMED]) or "none"
            columns += f" and {len(row.cells) - COLUMNS_NAMED:,} more" if len(row.cells) > COLUMNS_NAMED else ""
            reason = f"no column {column!r}; its columns are {columns}; choose one by {option}"
            if source.format != "jsonl":  # All rows lack it.
                raise InputError(f"{source.name}: {reason}")
        elif not isinstance(text, str):
            reason = f"{reading.text_column} is {_shown(text)}; it has to be text"
        elif not text.strip():
            reason = f"{reading.text_column} is empty; there is no sentence to label"
        else:
            name = others.pop(chosen) if chosen is not None else None
            yield f"{source.name}:{row.number}" if name in (None, "") else str(name), text, others
            continue
        reject(Reject(source.name, row.line or row.number, reason, _content(row)))


def _shown(value: Any) -> str:
    return "null" if value is None else f"of type {type(value).__name__}"


def _content(row: Row) -> str:
    import json

    return json.dumps(row.cells, ensure_ascii=False, default=str)
