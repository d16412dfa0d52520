"""Why a sentence scores as it does: the terms and what each adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wiredesk.features import Vocabulary, analyze, context_terms, terms, tokenize
from wiredesk.features.vocabulary import BLOCKS


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term of a sentence adds to a type's raw score.

    Attributes
    ----------
    block : str
        ``"word"``, ``"char"``, ``"cue"``, ``"near"`` or ``"context"``.
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
    sentences: Sequence[str],
    index: int,
    vocabulary: Vocabulary,
    weights: np.ndarray,
    lexicon: Mapping[str, str],
    char_ngrams: tuple[int, int],
) -> list[tuple[Contribution, ...]]:
    """List each type's contributions in one sentence of a document.

    Parameters
    ----------
    sentences : sequence of str
        The document's sentences, in order.
    index : int
        Which of them.
    vocabulary : Vocabulary
    weights : ndarray of float32, shape (n_features, n_types)
    lexicon : dict of str to str
    char_ngrams : tuple of (int, int)

    Returns
    -------
    list of tuple of Contribution
        One tuple per type, largest absolute value first.
    """
    analyzed = [[analyze(token, lexicon, char_ngrams) for token in tokenize(sentence)] for sentence in sentences]
    tokens = analyzed[index]
    found = {**terms(tokens), "context": context_terms(analyzed, sentences)[index]}
    norms = dict.fromkeys(BLOCKS, float(np.sqrt(max(1, len(tokens))))) | {"context": 1.0}
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
                    Contribution(block, term, count, count * float(column[at]) / norms[block])
                    for block, term, count, at in known
                ),
                key=lambda c: (-abs(c.value), c.block, c.term),
            )
        )
        for column in weights.T
    ]
