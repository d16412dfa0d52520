"""Why a sentence scores as it does: the terms and what each adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wiredesk.features import Lexicon, Vocabulary, analyze, context_terms, terms, tokenize
from wiredesk.features.lexicon import DOUBT
from wiredesk.features.tokens import END, NEAR, OTHER, START


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term of a sentence adds to a type's raw score.

    Attributes
    ----------
    block : str
        ``"word"``, ``"char"``, ``"cue"``, ``"near"`` or ``"context"``.
    term : str
        Of the block ``"char"`` a whole token, whose character n-grams are added up.
    count : int
        How often it occurs in the sentence.
    value : float
    meaning : str
        The term in words, as in ``number, then killing``.
    """

    block: str
    term: str
    count: int
    value: float
    meaning: str


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
    lexicon: Lexicon,
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
    lexicon : Lexicon
    char_ngrams : tuple of (int, int)

    Returns
    -------
    list of tuple of Contribution
        One tuple per type, largest absolute value first.
    """
    analyzed = [[analyze(token, lexicon.forms, char_ngrams) for token in tokenize(sentence)] for sentence in sentences]
    tokens = analyzed[index]
    found = {**terms(tokens, lexicon.keys), "context": context_terms(analyzed, sentences, lexicon.roles)[index]}
    norm = float(np.sqrt(max(1, len(tokens))))
    known: list[tuple[str, str, int, np.ndarray]] = []
    for block, columns in vocabulary.columns.items():
        if block == "char":
            continue
        for term, count in Counter(found[block]).items():
            if term in columns:
                value = count * weights[columns[term]].astype(np.float64)
                known.append((block, term, count, value if block == "context" else value / norm))
    spellings = Counter(token.lower() for token in tokenize(sentences[index]))
    for spelling, count in spellings.items():
        ngrams = analyze(spelling, lexicon.forms, char_ngrams).ngrams
        columns_of = [vocabulary.columns["char"][ngram] for ngram in ngrams if ngram in vocabulary.columns["char"]]
        if columns_of:
            value = count * weights[columns_of].astype(np.float64).sum(axis=0) / norm
            known.append(("char", spelling, count, value))
    return [
        tuple(
            sorted(
                (
                    Contribution(block, term, count, float(value[column]), _meaning(block, term, lexicon))
                    for block, term, count, value in known
                ),
                key=lambda c: (-abs(c.value), c.block, c.term),
            )
        )
        for column in range(weights.shape[1])
    ]


def _meaning(block: str, term: str, lexicon: Lexicon) -> str:
    """Put a term into words."""
    if block == "cue":
        return ", then ".join(_name(symbol, lexicon) for symbol in term.split(" "))
    if block == "near":
        return " … ".join(_name(symbol, lexicon) for symbol in term.split(NEAR))
    if block == "context":
        return term.replace("=", ": ")
    return f"“{term}”"


def _name(symbol: str, lexicon: Lexicon) -> str:
    """Put a cue symbol into words."""
    if symbol in _NAMES:
        return _NAMES[symbol]
    known = symbol.lower().removesuffix(DOUBT) in lexicon.classes
    return lexicon.title(symbol) if known and symbol != symbol.lower() else f"“{symbol.lower()}”"


#: The symbols that are no class of the lexicon and no word.
_NAMES = {
    START: "start",
    END: "end",
    OTHER: "a word of no class",
    "NAME": "a name",
    "YEAR": "a year",
    "PERCENT": "per cent",
    "<Q": "opening quotation mark",
    "Q>": "closing quotation mark",
    "Q": "quotation mark",
}
