"""A labelled document: what all writers are given."""

from __future__ import annotations

from typing import Any, NamedTuple

from wiredesk.models import LabelledSentence


class LabelledDocument(NamedTuple):
    """A document with the labels of its sentences.

    Attributes
    ----------
    name : str
        Path or id.
    text : str
        What the sentences' offsets refer to.
    sentences : list of LabelledSentence
        In order.
    columns : dict of str to object
        What else the input says about the document, to be passed through.
    """

    name: str
    text: str
    sentences: list[LabelledSentence]
    columns: dict[str, Any]
