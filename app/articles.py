"""Articles: finding them among files and folders, and reading their text."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from wiredesk.errors import InputError

#: What a folder is searched for.
SUFFIXES = (".txt", ".md")

#: What is certainly not an article's plain text, though it would decode.
STRUCTURED = (".jsonl", ".json", ".csv", ".tsv", ".html", ".htm", ".xml", ".parquet", ".wiredesk")

STDIN = "-"


def find_articles(inputs: Iterable[str]) -> list[str]:
    """List the files that inputs name.

    Parameters
    ----------
    inputs : iterable of str
        Files, folders (searched for ``.txt`` and ``.md`` at any depth, hidden ones left out), and ``-`` for stdin.

    Returns
    -------
    list of str
        Paths as given, a folder's files sorted; a path that is named twice is listed once.

    Raises
    ------
    InputError
        If an input is blank, does not exist, is no text file, or is a folder without articles.
    """
    found: list[str] = []
    for name in inputs:
        path = Path(name)
        if name == STDIN:
            found.append(name)
        elif not name:
            raise InputError("an input is an empty string; name a file or a folder")
        elif path.is_dir():
            files = _search(path)
            if not files:
                raise InputError(f"{name}: no {' or '.join(SUFFIXES)} file in this folder; name a folder of articles")
            found.extend(map(str, files))
        elif not path.exists():
            raise InputError(f"{name}: no such file or folder; check the name")
        elif path.suffix.lower() in STRUCTURED:
            raise InputError(f"{name}: {path.suffix} is not plain text; give articles as {' or '.join(SUFFIXES)} files")
        else:
            found.append(name)
    if found.count(STDIN) > 1:
        raise InputError("stdin (-) is named twice; it can be read once")
    # `folder folder/a.txt` means each article once: a second copy of its sentences would count twice.
    once: dict[str, str] = {}
    for name in found:
        once.setdefault(name if name == STDIN else os.path.abspath(name), name)
    return list(once.values())


def _search(folder: Path) -> list[Path]:
    """List a folder's articles at any depth, sorted; a folder in it that cannot be read is not passed over."""

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: {error.strerror}; make it readable or name the files")

    found: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = [Path(parent, name) for name in files if not name.startswith(".")]
        found += [path for path in paths if path.suffix.lower() in SUFFIXES and path.is_file()]
    return sorted(found)


def read_article(name: str) -> str:
    """Read one article's text.

    Parameters
    ----------
    name : str
        A path, or ``-`` for stdin.

    Returns
    -------
    str
        Decoded as UTF-8 without a byte-order mark, line ends as they are, so that offsets hold.

    Raises
    ------
    InputError
        If it cannot be read, is not UTF-8, holds NUL characters, or nothing but white space.
    """
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 (byte {error.start}: {error.reason}); save it as UTF-8") from None
    if "\0" in text:  # UTF-16 without a byte-order mark decodes, and would be labelled letter by letter.
        raise InputError(f"{name}: holds NUL characters, so it is UTF-16 or no text; save it as UTF-8")
    if not text.strip():
        raise InputError(f"{name}: empty; there is no sentence to label")
    return text
