"""What labelling a text gives: its sentences with their types, and the record of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: Fields of a record, in order.
FIELDS = ("document", "sentence", "start", "end", "text", "type", "types", "probabilities", "review", "model")


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
            ``FIELDS``; probabilities to six decimals.
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
    return f"input_{name}" if name in FIELDS or name.startswith("input_") else name
