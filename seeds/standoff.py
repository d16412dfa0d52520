"""Stand-off gold: labels of real sentences without their text, and the way back to both."""

from __future__ import annotations

import hashlib
import json
import os
from importlib.resources import files
from pathlib import Path

from wiredesk.seeds.fields import RecordError
from wiredesk.seeds.records import Record
from wiredesk.seeds.rows import read_rows

#: Digits of a sentence's SHA-256 that are kept.
DIGITS = 16


def read_gold(folder: str | os.PathLike[str]) -> list[Record]:
    """Rebuild the shipped gold from its documents.

    Parameters
    ----------
    folder : path-like
        Holds the documents as files under their names, or all of them in ``documents.jsonl``, one object a line with
        ``document`` and ``text``.

    Returns
    -------
    list of Record
        Labelled real sentences, those of a document together.

    Raises
    ------
    RecordError
        If documents are missing, or a sentence is not the one that was labelled; the first few are named.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise RecordError(f"{folder}: no such folder; name the folder that holds the gold's documents")
    source = files("wiredesk.seeds").joinpath("gold/dev.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in source.splitlines()]
    texts = _read_documents(folder, list(dict.fromkeys(row["document"] for row in rows)))
    records, differing = [], []
    for row in rows:
        text = texts[row["document"]][row["start"] : row["end"]]
        if text_hash(text) != row["sha256"]:
            differing.append(row["document"])
        origin = f"{row['document']}:{row['start']}-{row['end']}"
        records.append(Record(text, tuple(row["labels"]), row["document"], source=row["source"], origin=origin))
    if differing:
        raise RecordError(
            f"{folder}: {_some(differing)} are not the texts that were labelled; get the documents' exact text"
        )
    return records


def text_hash(text: str) -> str:
    """Hash a sentence.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        The first 16 hexadecimal digits of its SHA-256 in UTF-8.

    Examples
    --------
    >>> text_hash("Two rockets hit the market.")
    '3e752ac3304a288f'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def _read_documents(folder: Path, names: list[str]) -> dict[str, str]:
    """Read the documents' texts from one file or from many."""
    table = folder / "documents.jsonl"
    texts: dict[str, str] = {}
    if table.exists():
        for origin, row in read_rows(table):
            name, text = row.get("document"), row.get("text")
            if not isinstance(name, str) or not isinstance(text, str):
                raise RecordError(f"{origin}: no document or no text; write both as strings")
            texts[name] = text
    for name in names:
        if name not in texts and (folder / name).is_file():
            texts[name] = (folder / name).read_bytes().decode("utf-8-sig", "replace")
    missing = [name for name in names if name not in texts]
    if missing:
        raise RecordError(f"{folder}: {_some(missing)} missing; add them as files or to documents.jsonl")
    return texts


def _some(names: list[str]) -> str:
    """Name the first three documents, count the others."""
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", ".join(found[:3]) + more
