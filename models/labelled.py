"""What labelling a text gives: its sentences with their types."""

from __future__ import annotations

from dataclasses import dataclass


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
