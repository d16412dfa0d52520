"""Input files: finding them among names, folders and patterns, and opening them."""

from __future__ import annotations

import glob
import gzip
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from wiredesk import storage
from wiredesk.errors import InputError

#: Format -> endings of its files. All but Parquet, which is compressed inside, may also end in ``.gz``.
FORMATS = {
    "text": (".txt", ".md"),
    "html": (".html", ".htm"),
    "jsonl": (".jsonl", ".ndjson"),
    "csv": (".csv",),
    "tsv": (".tsv",),
    "parquet": (".parquet",),
}

#: Formats whose files hold one text a row.
TABLES = ("jsonl", "csv", "tsv", "parquet")

STDIN = "-"

#: Endings of what would decode as text but is none.
_STRUCTURED = (".json", ".xml", ".wiredesk")


class Source(NamedTuple):
    """One input file.

    Attributes
    ----------
    name : str
        As given, or found in a folder; ``-`` is stdin.
    format : str
        A key of ``FORMATS``.
    path : str, optional
        Where its content is, if that is another file.
    row_group : int, optional
        Of Parquet, the one that is meant; by default all.
    first_row : int, default=0
        Rows before it.
    """

    name: str
    format: str
    path: str | None = None
    row_group: int | None = None
    first_row: int = 0

    @property
    def is_table(self) -> bool:
        """Whether it holds one text a row."""
        return self.format in TABLES

    @property
    def size(self) -> int:
        """Bytes to read; 0 for stdin and pipes."""
        path = self.path or self.name
        return os.path.getsize(path) if path != STDIN and os.path.isfile(path) else 0


def find_sources(inputs: Iterable[str], format: str | None = None) -> list[Source]:
    """List the files that inputs name.

    Parameters
    ----------
    inputs : iterable of str
        Files, folders (searched at any depth for the endings of ``FORMATS``, hidden ones left out), patterns such as
        ``2024-*/*.jsonl``, and ``-`` for stdin.
    format : str, optional
        Of all files that are named and of stdin; by default from the ending, and plain text where that tells nothing.

    Returns
    -------
    list of Source
        Paths as given, a folder's and a pattern's files sorted; a path that is named twice is listed once.

    Raises
    ------
    InputError
        If the format is unknown, or an input is blank, does not exist, is no article, or is a folder without any.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"input format {format!r} is unknown; choose {', '.join(FORMATS)}")
    found: list[Source] = []
    for name in inputs:
        if not name:
            raise InputError("an input is an empty string; name a file or a folder")
        if name == STDIN:
            found.append(Source(name, format or "text"))
        elif storage.is_remote(name):
            files = _remote(name, format)
            if not files:
                raise InputError(f"{name}: no file to label there; files end in {_endings()}")
            found.extend(files)
        elif os.path.isdir(name):
            files = _search(Path(name))
            if not files:
                raise InputError(f"{name}: no file to label in this folder; files end in {_endings()}")
            found.extend(files)
        elif os.path.exists(name):
            found.append(_source(name, format))
        elif glob.has_magic(name):
            matches = [match for match in sorted(glob.glob(name, recursive=True)) if os.path.isfile(match)]
            if not matches:
                raise InputError(f"{name}: no file is named like this; check the pattern")
            found.extend(_source(match, format) for match in matches)
        else:
            raise InputError(f"{name}: no such file or folder; check the name")
    if sum(source.name == STDIN for source in found) > 1:
        raise InputError("stdin (-) is named twice; it can be read once")
    # `folder folder/a.txt` means each article once: a second copy of its sentences would count twice.
    once: dict[str, Source] = {}
    for source in found:
        once.setdefault(source.name if source.name == STDIN else os.path.abspath(source.name), source)
    return list(once.values())


def format_of(name: str) -> str | None:
    """Tell a file's format by its ending, ``.gz`` left aside; None if it tells nothing."""
    path = Path(name)
    inner = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    ending = inner.suffix.lower()
    if ending == ".parquet" and inner != path:
        return None
    return next((format for format, endings in FORMATS.items() if ending in endings), None)


@contextmanager
def open_source(source: Source) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a source for reading bytes.

    Parameters
    ----------
    source : Source

    Yields
    ------
    content : binary file
        Decompressed if the name ends in ``.gz``.
    file : binary file
        The file itself, whose position tells how much is read.

    Raises
    ------
    InputError
        If it cannot be read; within the block too, if compressed data is damaged.
    """
    try:
        path = source.path or source.name
        if path == STDIN:
            yield sys.stdin.buffer, sys.stdin.buffer
            return
        with storage.open_bytes(path) as file:
            if not path.lower().endswith(".gz"):
                yield file, file
                return
            with gzip.GzipFile(fileobj=file) as content:
                yield cast(BinaryIO, content), file
    except EOFError:
        raise InputError(f"{source.name}: is cut off; the compressed file is not whole") from None
    except zlib.error as error:
        raise InputError(f"{source.name}: damaged compressed data ({error})") from None
    except OSError as error:  # Of what is no gzip data too.
        raise InputError(f"{source.name}: {error.strerror or error}") from None


def _source(name: str, format: str | None) -> Source:
    found = format or format_of(name)
    ending = Path(name.lower().removesuffix(".gz")).suffix
    if found is None and ending in _STRUCTURED:
        raise InputError(f"{name}: {ending} is no article; files end in {_endings()}")
    return Source(name, found or "text")


def _remote(name: str, format: str | None) -> list[Source]:
    """List a remote file, or the files that a remote folder or pattern has; those that are folders' own not."""
    if "*" not in name and not storage.is_folder(name):
        if not storage.exists(name):
            raise InputError(f"{name}: no such file or folder; check the name")
        return [_source(name, format)]
    found = [(path, format or format_of(path)) for path in storage.find_files(name)]
    return [Source(path, known) for path, known in found if known]


def _search(folder: Path) -> list[Source]:
    """List a folder's files at any depth, sorted; a folder in it that cannot be read is not passed over."""

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: {error.strerror}; make it readable or name the files")

    found: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in files if not name.startswith(".")]
    formats = {path: format_of(str(path)) for path in sorted(found) if path.is_file()}
    return [Source(str(path), format) for path, format in formats.items() if format]


def _endings() -> str:
    *most, last = [ending for endings in FORMATS.values() for ending in endings]
    return f"{', '.join(most)} or {last}"
