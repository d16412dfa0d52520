"""What labelling a text gives: its sentences with their types, and the record of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from wiredesk.models.predictor import Predictor

#: Sentences labelled at a time: enough to score fast, few enough to stream.
LABEL_BATCH = 2048

#: Fields of what is written of a sentence, in order.
OUTPUT_FIELDS = ("document", "sentence", "start", "end", "text", "type", "types", "probabilities", "review", "model")


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One sentence and its types.

    Attributes
    ----------
    document : int
        0-based index of its text among those given.
    sentence : int
        0-based index in its document.
    start, end : int
        Code-point offsets: ``document_text[start:end] == text``.
    text : str
    type : str
        The most probable of `types` (on a tie the first), or ``"none"``.
    types : tuple of str
        Every type whose probability reaches its threshold, in the model's order.
    probabilities : dict of str to float
        Calibrated, by type.
    review : bool
        Whether a probability lies near its threshold.
    """

    document: int
    sentence: int
    start: int
    end: int
    text: str
    type: str
    types: tuple[str, ...]
    probabilities: dict[str, float]
    review: bool

    def record(self, document: str, model: str) -> dict[str, Any]:
        """Make the record that is written.

        Parameters
        ----------
        document : str
            Path or id.
        model : str
            The model's content hash.

        Returns
        -------
        dict
            ``OUTPUT_FIELDS``; probabilities to six decimals.
        """
        return {
            "document": document,
            "sentence": self.sentence,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "type": self.type,
            "types": list(self.types),
            "probabilities": {name: round(p, 6) for name, p in self.probabilities.items()},
            "review": self.review,
            "model": model,
        }


def label_sentences(
    predictor: Predictor, documents: Iterable[Sequence[tuple[int, int, str]]]
) -> Iterator[list[LabelledSentence]]:
    """Label the sentences of documents, batch by batch.

    Parameters
    ----------
    predictor : Predictor
    documents : iterable of sequence of (int, int, str)
        Start, end and text of each document's sentences, in order.

    Yields
    ------
    list of LabelledSentence
        One list per document.
    """
    batch: list[Sequence[tuple[int, int, str]]] = []
    first, waiting = 0, 0
    for document in documents:
        batch.append(document)
        waiting += len(document)
        if waiting >= LABEL_BATCH:
            yield from _label_batch(predictor, batch, first)
            first, waiting, batch = first + len(batch), 0, []
    yield from _label_batch(predictor, batch, first)


def _label_batch(
    predictor: Predictor, documents: Sequence[Sequence[tuple[int, int, str]]], first: int
) -> Iterator[list[LabelledSentence]]:
    """Label documents together, the first of which has the number `first`."""
    texts = [text for document in documents for _, _, text in document]
    probabilities = predictor.predict_proba(
        texts, document_ids=[i for i, document in enumerate(documents) for _ in document]
    )
    thresholds = np.array(list(predictor.thresholds.values()))
    passed = probabilities >= thresholds
    best = np.where(passed, probabilities, -1.0).argmax(axis=1)
    near = (np.abs(probabilities - thresholds) < predictor.manifest["review_band"]).any(axis=1)
    names = predictor.types
    rows = zip(probabilities.tolist(), passed.tolist(), best.tolist(), near.tolist(), strict=True)
    for number, document in enumerate(documents, first):
        found = []
        for i, (start, end, text) in enumerate(document):
            p, on, at, review = next(rows)
            types = tuple(name for name, given in zip(names, on, strict=True) if given)
            chosen = names[at] if types else "none"
            found.append(
                LabelledSentence(number, i, start, end, text, chosen, types, dict(zip(names, p, strict=True)), review)
            )
        yield found


def passed_name(name: str) -> str:
    """Name a column of the input that is passed through, so that it is none of the record's own fields.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> passed_name("date"), passed_name("type")
    ('date', 'input_type')
    """
    return f"input_{name}" if name in OUTPUT_FIELDS or name.startswith("input_") else name
