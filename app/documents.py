"""A labelled document: what all writers are given, and the records it makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from wiredesk.models import LabelledSentence

#: Fields of a record, in order.
FIELDS = ("document", "sentence", "start", "end", "text", "type", "types", "probabilities", "review", "model")


class LabelledDocument(NamedTuple):
    """A document with the labels of its sentences.

    Attributes
    ----------
    name : str
        Path or id.
    text : str
        What the sentences' offsets refer to; empty if they come as rows.
    sentences : list of LabelledSentence
        In order.
    columns : dict of str to object
        What else the input says about the document, to be passed through.
    rows : list of dict, optional
        What else the input says about each sentence, if sentences come as rows.
    """

    name: str
    text: str
    sentences: list[LabelledSentence]
    columns: dict[str, Any]
    rows: list[dict[str, Any]] | None = None

    def records(self, model_hash: str, types: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        """Make one record per sentence.

        Parameters
        ----------
        model_hash : str
        types : sequence of str
            Leave out sentences that have none of these types; by default none are left out.

        Yields
        ------
        dict
            ``FIELDS``, probabilities to six decimals, then the columns that are passed through.
        """
        for i, sentence in enumerate(self.sentences):
            if types and not set(types) & set(sentence.types):
                continue
            columns = self.columns if self.rows is None else self.rows[i]
            yield {
                "document": self.name,
                "sentence": sentence.sentence,
                "start": sentence.start,
                "end": sentence.end,
                "text": sentence.text,
                "type": sentence.type,
                "types": list(sentence.types),
                "probabilities": {name: round(p, 6) for name, p in sentence.probabilities.items()},
                "review": sentence.review,
                "model": model_hash,
                **{passed_name(name): value for name, value in columns.items()},
            }

    def joined(self) -> Self:
        """Give a text of its own to a document whose sentences come as rows: one line a sentence."""
        if self.rows is None:
            return self
        sentences, at = [], 0
        for sentence in self.sentences:
            sentences.append(replace(sentence, start=at, end=at + len(sentence.text)))
            at += len(sentence.text) + 1
        return self._replace(text="\n".join(sentence.text for sentence in sentences), sentences=sentences)


def passed_name(name: str) -> str:
    """Name a column that is passed through, so that it is none of the record's own fields.

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
    return f"input_{name}" if name in FIELDS or name.startswith("input_") else name
