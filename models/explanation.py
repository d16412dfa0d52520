"""Why a sentence scores as it does: the terms and what each adds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from wiredesk.features import Vocabulary, analyze, terms, tokenize
from wiredesk.features.vocabulary import BLOCKS


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term of a sentence adds to a type's raw score.

    Attributes
    ----------
    block : str
        ``"word"``, ``"char"`` or ``"cue"``.
    term : str
    count : int
        How often it occurs in the sentence.
    value : float
    """

    block: str
    term: str
    count: int
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One type's raw score of one sentence, term by term.

    Attributes
    ----------
    type : str
    probability : float
        Calibrated.
    threshold : float
    score : float
        The raw score: `intercept` plus the values of all `contributions`.
    intercept : float
    contributions : tuple of Contribution
        Largest absolute value first.
    """

    type: str
    probability: float
    threshold: float
    score: float
    intercept: float
    contributions: tuple[Contribution, ...]


def contributions(
    sentence: str, vocabulary: Vocabulary, weights: np.ndarray, lexicon: dict[str, str], char_ngrams: tuple[int, int]
) -> list[tuple[Contribution, ...]]:
    """List each type's contributions in a sentence.

    Parameters
    ----------
    sentence : str
    vocabulary : Vocabulary
    weights : ndarray of float32, shape (n_features, n_types)
    lexicon : dict of str to str
    char_ngrams : tuple of (int, int)

    Returns
    -------
    list of tuple of Contribution
        One tuple per type, largest absolute value first.
    """
    tokens = [analyze(token, lexicon, char_ngrams) for token in tokenize(sentence)]
    found = terms(tokens)
    norm = np.sqrt(max(1, len(tokens)))
    known = [
        (block, term, count, vocabulary.columns[block][term])
        for block in BLOCKS
        for term, count in Counter(found[block]).items()
        if term in vocabulary.columns[block]
    ]
    return [
        tuple(
            sorted(
                (
                    Contribution(block, term, count, count * float(column[index]) / float(norm))
                    for block, term, count, index in known
                ),
                key=lambda c: (-abs(c.value), c.block, c.term),
            )
        )
        for column in weights.T
    ]
