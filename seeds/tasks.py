"""Sentences to label: what an annotation tool is given, and how its answers become documents again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

#: Sentences around the one to label that a task shows: who speaks is often said there. Nearest last and first.
BEFORE, AFTER = ("before2", "before1"), ("after1",)


class Task(NamedTuple):
    """A sentence to label.

    Attributes
    ----------
    document : str
    sentence : int
        0-based index in the document.
    text : str
    before, after : tuple of str
        The sentences around it, as many as there are of ``BEFORE`` and ``AFTER``.
    types : tuple of str
        What a model says.
    probabilities : dict of str to float
    model : str
        Its content hash.
    """

    document: str
    sentence: int
    text: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    types: tuple[str, ...]
    probabilities: dict[str, float]
    model: str

    @property
    def data(self) -> dict[str, Any]:
        """What the tool keeps: the text, where it stands, and the sentences around it."""
        before = ("",) * (len(BEFORE) - len(self.before)) + self.before
        after = self.after + ("",) * (len(AFTER) - len(self.after))
        around = dict(zip((*BEFORE, *AFTER), (*before, *after), strict=True))
        return {"text": self.text, "document": self.document, "sentence": self.sentence, **around}


class Answer(NamedTuple):
    """What came back for a task.

    Attributes
    ----------
    number : int
        Of the task or line, from 1.
    data : mapping
        As in `Task.data`, as far as it is there.
    labels : sequence of (labels, annotator)
        One per annotation; the labels are a list, the annotator a str or None.
    """

    number: int
    data: Mapping[str, Any]
    labels: Sequence[tuple[list[str], str | None]]


def answer_rows(answers: Iterable[Answer]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Put answers back into their documents.

    Every annotation gives a row; a task without any gives one that is not labelled, and so does a sentence that a task
    shows around the one to label. Sentences of a document stand together, in order.

    Parameters
    ----------
    answers : iterable of Answer

    Yields
    ------
    number : int
        Of the task.
    row : mapping
        As in JSONL.
    """
    documents: dict[tuple[str, Any], dict[int, list[tuple[int, dict[str, Any]]]]] = {}
    for number, data, labels in answers:
        document, sentence = data.get("document"), data.get("sentence")
        placed = isinstance(document, str) and isinstance(sentence, int)
        # A task of somebody else's making has no place in a document.
        found = documents.setdefault(("document", document) if placed else ("task", number), {})
        at = sentence if placed and isinstance(sentence, int) else 0
        base = {"document": document} if placed else {}
        rows = [(number, {**base, "text": data["text"], "labels": own, "annotator": by}) for own, by in labels]
        place = found.setdefault(at, [])
        if place and place[0][1]["labels"] is None:
            place.clear()  # Another task has shown it as context, or brought it back without labels.
        place += rows or ([] if place else [(number, {**base, "text": data["text"], "labels": None})])
        if placed:
            for step, name in zip((*range(-len(BEFORE), 0), *range(1, len(AFTER) + 1)), (*BEFORE, *AFTER), strict=True):
                if isinstance(data.get(name), str) and data[name]:
                    found.setdefault(at + step, [(number, {**base, "text": data[name], "labels": None})])
    for found in documents.values():
        for at in sorted(found):
            yield from found[at]
