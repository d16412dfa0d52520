"""A labelled document: what all writers are given, and the records it makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from wiredesk.models.labelled import passed_name

if TYPE_CHECKING:
    from wiredesk.models import LabelledSentence


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
            As `LabelledSentence.record`, then the columns that are passed through.
        """
        for i, sentence in enumerate(self.sentences):
            if types and not set(types) & set(sentence.types):
                continue
            columns = self.columns if self.rows is None else self.rows[i]
            others = {passed_name(name): value for name, value in columns.items()}
            yield {**sentence.record(self.name, model_hash), **others}

    def joined(self) -> Self:
        """Give a text of its own to a document whose sentences come as rows: one line a sentence."""
        if self.rows is None:
            return self
        sentences, at = [], 0
        for sentence in self.sentences:
            sentences.append(replace(sentence, start=at, end=at + len(sentence.text)))
            at += len(sentence.text) + 1
        return self._replace(text="\n".join(sentence.text for sentence in sentences), sentences=sentences)
