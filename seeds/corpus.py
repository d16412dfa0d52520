"""The shipped corpus: synthetic conflict news, labelled sentence by sentence."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.resources import as_file, files

from wiredesk.seeds.records import Record, read_records

#: The corpus's files: whole articles, contrast sets (variants of one sentence), and loose sentences.
FILES = (
    "articles.jsonl",
    "contrast_sets.jsonl",
    "mixed.jsonl",
    "other_conflicts.jsonl",
    "politics.jsonl",
    "violence.jsonl",
    "voices_and_web_noise.jsonl",
)


def load_seeds() -> list[Record]:
    """Read the shipped corpus.

    The corpus is synthetic: its events, people and quotations are invented. The datasheet beside it says how it was
    written and labelled.

    Returns
    -------
    list of Record
        Sentences of a document stand together, in order; `origin` is file and line.

    Examples
    --------
    >>> len(load_seeds())
    24191
    """
    with as_file(files("wiredesk.seeds")) as folder:
        records = read_records(folder / name for name in FILES)
        prefix = f"{folder}/"
        return [replace(record, origin=record.origin.removeprefix(prefix)) for record in records]


def corpus_hash(records: list[Record]) -> str:
    """Hash what training sees of records: text, labels, document and group, in order.

    Parameters
    ----------
    records : list of Record

    Returns
    -------
    str
        32 hexadecimal digits.

    Examples
    --------
    >>> from wiredesk.seeds import Record
    >>> corpus_hash([Record("Rain fell.", (), source="radio")]) == corpus_hash([Record("Rain fell.", ())])
    True
    """
    digest = hashlib.sha256()
    for record in records:
        seen = (record.text, record.labels, record.document, record.group)
        digest.update(repr(seen).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()[:32]
