"""The terms a model knows, as strings for people and as arrays for the scorer and the model file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate

import numpy as np

from wiredesk.features.tokens import NEAR

#: The blocks of features in column order; word pairs follow the words, cue n-grams the single symbols.
BLOCKS = ("word", "char", "cue", "near", "context")


class Vocabulary:
    """The terms of every block, in column order.

    A pair of words is stored as the columns of its two words, and a run of cue symbols as the
    positions of its symbols, so that a scorer can look them up as integers. A term of two or more
    parts therefore needs its parts in the vocabulary, a run of three its first two together as well; since a part is
    in at least as many sentences as the whole, a cut by sentence frequency keeps them.

    Parameters
    ----------
    words : sequence of str
    pairs : ndarray of int32, shape (n_pairs, 2)
        Positions in `words`.
    ngrams : sequence of str
        Character n-grams.
    symbols : sequence of str
        Cue symbols.
    runs : ndarray of int32, shape (n_runs, 3)
        Positions in `symbols`; -1 in the last column for a run of two.
    near : ndarray of int32, shape (n_near, 2)
        Positions in `symbols` of cue symbols that stand near each other.
    contexts : sequence of str
        Context terms.

    Examples
    --------
    >>> vocabulary = Vocabulary.from_terms({"word": ["army", "said", "army said"], "cue": ["^"]})
    >>> vocabulary.pairs.tolist(), len(vocabulary)
    ([[0, 1]], 4)
    >>> vocabulary.names
    ['word=army', 'word=said', 'word=army said', 'cue=^']
    """

    def __init__(
        self,
        words: Sequence[str],
        pairs: np.ndarray,
        ngrams: Sequence[str],
        symbols: Sequence[str],
        runs: np.ndarray,
        near: np.ndarray,
        contexts: Sequence[str],
    ) -> None:
        self.words = list(words)
        self.pairs = pairs
        self.ngrams = list(ngrams)
        self.symbols = list(symbols)
        self.runs = runs
        self.near = near
        self.contexts = list(contexts)

    @classmethod
    def from_terms(cls, terms: Mapping[str, Sequence[str]]) -> Vocabulary:
        """Build a vocabulary from terms whose parts are joined by a space.

        Parameters
        ----------
        terms : mapping of str to sequence of str
            Block name -> terms, without duplicates; a block that is left out is empty.

        Returns
        -------
        Vocabulary
        """
        words, pairs = _split(terms.get("word", ()), 2)
        symbols, runs = _split(terms.get("cue", ()), 3)
        position = {symbol: i for i, symbol in enumerate(symbols)}
        ends = [[position[part] for part in term.split(NEAR)] for term in terms.get("near", ())]
        near = np.array(ends, dtype=np.int32).reshape(-1, 2)
        return cls(words, pairs, terms.get("char", ()), symbols, runs, near, terms.get("context", ()))

    def __len__(self) -> int:
        return self.starts[-1] + len(self.contexts)

    @property
    def starts(self) -> tuple[int, int, int, int, int, int]:
        """First columns of the pairs, the n-grams, the symbols, the runs, the near pairs and the context terms."""
        sizes = (len(part) for part in (self.words, self.pairs, self.ngrams, self.symbols, self.runs, self.near))
        pairs, ngrams, symbols, runs, near, contexts = accumulate(sizes)
        return pairs, ngrams, symbols, runs, near, contexts

    @cached_property
    def terms(self) -> dict[str, list[str]]:
        """Block name -> its terms, in column order."""
        return {
            "word": self.words + _join(self.words, self.pairs),
            "char": self.ngrams,
            "cue": self.symbols + _join(self.symbols, self.runs),
            "near": _join(self.symbols, self.near, NEAR),
            "context": self.contexts,
        }

    @cached_property
    def columns(self) -> dict[str, dict[str, int]]:
        """Block name -> term -> column."""
        columns, start = {}, 0
        for block in BLOCKS:
            terms = self.terms[block]
            columns[block] = dict(zip(terms, range(start, start + len(terms)), strict=True))
            start += len(terms)
        return columns

    @property
    def names(self) -> list[str]:
        """Feature names in column order, as ``block=term``."""
        return [f"{block}={term}" for block in BLOCKS for term in self.terms[block]]


def _split(terms: Sequence[str], longest: int) -> tuple[list[str], np.ndarray]:
    """Separate single parts from terms of several, which become rows of positions."""
    singles = [term for term in terms if " " not in term]
    position = {term: i for i, term in enumerate(singles)}
    rows = [[position[part] for part in term.split(" ")] for term in terms if " " in term]
    padded = [row + [-1] * (longest - len(row)) for row in rows]
    return singles, np.array(padded, dtype=np.int32).reshape(-1, longest)


def _join(parts: Sequence[str], rows: np.ndarray, by: str = " ") -> list[str]:
    return [by.join(parts[i] for i in row if i >= 0) for row in rows.tolist()]
