"""Why a sentence scores as it does: the terms and what each adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from wiredesk.features import Lexicon, Vocabulary, analyze, context_terms, terms, tokenize
from wiredesk.features.lexicon import DOUBT
from wiredesk.features.tokens import END, NEAR, OTHER, START, Token

#: What a block of features is called when shown to people.
BLOCK_NAMES = {"word": "word", "char": "spelling", "cue": "cue", "near": "near", "context": "context"}


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
    indices: Iterable[int],
    vocabulary: Vocabulary,
    weights: np.ndarray,
    lexicon: Lexicon,
    char_ngrams: tuple[int, int],
) -> Iterator[list[tuple[Contribution, ...]]]:
    """List each type's contributions in sentences of one document, which is analysed once.

    Parameters
    ----------
    sentences : sequence of str
        The document's sentences, in order.
    indices : iterable of int
        Which of them.
    vocabulary : Vocabulary
    weights : ndarray of float32, shape (n_features, n_types)
    lexicon : Lexicon
    char_ngrams : tuple of (int, int)

    Yields
    ------
    list of tuple of Contribution
        One tuple per type, largest absolute value first.
    """

    @cache
    def analyzed(token: str) -> Token:
        return analyze(token, lexicon.forms, char_ngrams)

    @cache
    def spelled(spelling: str) -> np.ndarray | None:
        ngrams = analyzed(spelling).ngrams
        columns_of = [vocabulary.columns["char"][ngram] for ngram in ngrams if ngram in vocabulary.columns["char"]]
        return weights[columns_of].astype(np.float64).sum(axis=0) if columns_of else None

    split = [tokenize(sentence) for sentence in sentences]
    tokens = [[analyzed(token) for token in row] for row in split]
    context = context_terms(tokens, sentences, lexicon.roles)
    for index in indices:
        found = {**terms(tokens[index], lexicon.keys), "context": context[index]}
        norm = float(np.sqrt(max(1, len(tokens[index]))))
        known: list[tuple[str, str, int, str]] = []
        rows: list[np.ndarray] = []
        for block, columns in vocabulary.columns.items():
            counts = {} if block == "char" else {t: n for t, n in Counter(found[block]).items() if t in columns}
            if counts:
                known += [(block, term, count, _meaning(block, term, lexicon)) for term, count in counts.items()]
                values = weights[[columns[term] for term in counts]] * np.array(list(counts.values()), float)[:, None]
                rows.append(values if block == "context" else values / norm)
        for spelling, count in Counter(token.lower() for token in split[index]).items():
            added = spelled(spelling)
            if added is not None:
                known.append(("char", spelling, count, _meaning("char", spelling, lexicon)))
                rows.append(count * added[None] / norm)
        by_type = np.concatenate([np.empty((0, weights.shape[1])), *rows]).T.tolist()
        yield [_sorted(known, values) for values in by_type]


def _sorted(known: Sequence[tuple[str, str, int, str]], values: Sequence[float]) -> tuple[Contribution, ...]:
    """Put one type's values to the terms, largest absolute value first."""
    rows = sorted((-abs(value), *term, value) for term, value in zip(known, values, strict=True))
    return tuple(Contribution(block, term, count, value, meaning) for _, block, term, count, meaning, value in rows)


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
