"""Inputs that tests write, and how they read them."""

from __future__ import annotations

import json
from pathlib import Path

from wiredesk.documents import LabelledDocument
from wiredesk.models import LabelledSentence
from wiredesk.readers import Reading, read_documents
from wiredesk.sources import find_sources


def labelled(*sentences_by_document):
    """Make labelled documents of so many sentences."""
    for number, count in enumerate(sentences_by_document):
        found = [LabelledSentence(number, i, 0, 4, "Rain", "none", (), {"a": 0.1}, False) for i in range(count)]
        yield LabelledDocument(f"d{number}", "Rain", found, {})


def write(name, *rows):
    Path(name).write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return name


def read(path, reading=Reading()):  # noqa: B008
    """Read the documents of a file; those and what was rejected."""
    rejects = []
    return list(read_documents(find_sources([str(path)]), reading, rejects.append)), rejects


def documents(path, reading=Reading()):  # noqa: B008
    found, rejects = read(path, reading)
    assert rejects == []
    return found


def rejected(path, reading=Reading()):  # noqa: B008
    """Read a file that gives one reject and nothing else."""
    found, [reject] = read(path, reading)
    assert found == []
    return reject
