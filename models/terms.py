"""The weights of what stands next to each other, and their sums over sentences, with numpy and scipy."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np

from wiredesk.features import Vocabulary
from wiredesk.features.tokens import END, REACH, START
from wiredesk.models.lookup import HashIndex, HashTable, pair_keys, pair_table

#: Rows to sum from which on scipy is imported for it, which takes a tenth of a second.
WORTH_SCIPY = 1 << 15


class Known(NamedTuple):
    """What distinct tokens contribute, by their number; 0 is the separator between sentences.

    Words and symbols are those of all distinct tokens, one after the other, each a position in the vocabulary plus 1,
    or 0 for what is not in it. The separator is an unknown word, and the symbols END and START.

    Attributes
    ----------
    sums : ndarray of float64, shape (n_known, n_types)
        What each token adds by itself.
    effects : ndarray of int64, shape (n_known,)
        What each token's quotation marks do.
    words : ndarray of int64, shape (n_words,)
    word_ends : ndarray of int64, shape (n_known + 1,)
        Where the words of each token end; before it, where they begin.
    symbols : ndarray of int64, shape (n_symbols, 3)
        Position, parts and name of each symbol.
    symbol_ends : ndarray of int64, shape (n_known + 1,)
    """

    sums: np.ndarray
    effects: np.ndarray
    words: np.ndarray
    word_ends: np.ndarray
    symbols: np.ndarray
    symbol_ends: np.ndarray


class TermWeights(NamedTuple):
    """What pairs of words, runs of cue symbols and pairs of near ones add; row 0 of all weights is zero.

    Attributes
    ----------
    edges : ndarray of float64, shape (n_types,)
        What the edges of every sentence add.
    pairs : HashTable
        Pairs of neighbouring words.
    pair_weights : ndarray of float64, shape (n_pairs + 1, n_types)
    two : ndarray of int32, shape (n_symbols + 1, n_symbols + 1)
        Rows of neighbouring symbols.
    two_weights : ndarray of float64
    three : HashTable
        Runs of three symbols: the row of the first two, and a symbol.
    three_weights : ndarray of float64
    near : ndarray of int32, shape (n_symbols + 1, n_symbols + 1)
        Rows of near symbols.
    near_weights : ndarray of float64
    """

    edges: np.ndarray
    pairs: HashTable
    pair_weights: np.ndarray
    two: np.ndarray
    two_weights: np.ndarray
    three: HashTable
    three_weights: np.ndarray
    near: np.ndarray
    near_weights: np.ndarray

    @classmethod
    def of(cls, vocabulary: Vocabulary, weights: np.ndarray) -> Self:
        """Arrange the weights of a vocabulary's terms.

        Parameters
        ----------
        vocabulary : Vocabulary
        weights : ndarray of float64, shape (n_features, n_types)

        Returns
        -------
        TermWeights
        """
        pairs, ngrams, symbols, runs, near, contexts = vocabulary.starts
        n_symbols = len(vocabulary.symbols) + 1  # Position 0 is no symbol, as with words.
        is_three = vocabulary.runs[:, 2] >= 0
        two = pair_table(vocabulary.runs[~is_three, :2] + 1, n_symbols)
        first, second, third = vocabulary.runs[is_three].astype(np.int64).T + 1
        edges = [symbols + i for i, symbol in enumerate(vocabulary.symbols) if symbol in (START, END)]
        return cls(
            weights[edges].sum(axis=0),
            HashIndex(pair_keys(*(vocabulary.pairs.astype(np.int64) + 1).T)).table,
            _after_zero(weights[pairs:ngrams]),
            two,
            _after_zero(weights[runs:near][~is_three]),
            HashIndex(two[first, second].astype(np.int64) * n_symbols + third).table,
            _after_zero(weights[runs:near][is_three]),
            pair_table(vocabulary.near + 1, n_symbols),
            _after_zero(weights[near:contexts]),
        )


class TermSums(NamedTuple):
    """What the tokens of sentences add together.

    Attributes
    ----------
    total : ndarray of float64, shape (n, n_types)
    edges : ndarray of int64, shape (n + 1,)
        Where the separators stand among the tokens.
    bits, names : ndarray of int64, shape (n_symbols,)
        The parts and the name of each symbol of the sentences, edges included.
    symbol_starts : ndarray of int64, shape (n + 1,)
        Where the symbols of each sentence begin, and where the last one's end.
    """

    total: np.ndarray
    edges: np.ndarray
    bits: np.ndarray
    names: np.ndarray
    symbol_starts: np.ndarray


def sum_terms(ids: np.ndarray, known: Known, weights: TermWeights) -> TermSums:
    """Add up what the tokens of sentences contribute.

    Parameters
    ----------
    ids : ndarray of int64, shape (n_tokens,)
        Numbers of tokens, a separator before, between and after sentences.
    known : Known
    weights : TermWeights

    Returns
    -------
    TermSums
        The sum of a sentence does not depend on the others.
    """
    edges = np.flatnonzero(ids == 0)
    words, word_starts = _take(known.words, known.word_ends, ids)
    symbols, starts = _take(known.symbols, known.symbol_ends, ids)
    starts = starts[edges] + 1  # After the separator's END.
    symbols, starts = symbols[starts[0] : starts[-1]], starts - starts[0]
    numbers, bits, names = symbols.T
    total = sum_rows(known.sums, ids, edges)
    total += weights.edges
    total += _sum_words(words, word_starts[edges], weights)
    total += _sum_symbols(numbers, starts, weights)
    return TermSums(total, edges, bits, names, starts)


def _sum_words(words: np.ndarray, starts: np.ndarray, weights: TermWeights) -> np.ndarray:
    """Sum the weights of pairs of neighbouring words; a separator is an unknown word and belongs to no pair."""
    first, second = words[:-1], words[1:]
    at = np.flatnonzero((first > 0) & (second > 0))
    rows = weights.pairs.find(pair_keys(first[at], second[at]))
    return sum_rows(weights.pair_weights, rows, np.searchsorted(at, starts))


def _sum_symbols(symbols: np.ndarray, starts: np.ndarray, weights: TermWeights) -> np.ndarray:
    """Sum the weights of runs and near pairs of cue symbols; none reaches over the edge of a sentence."""
    n = len(symbols)
    ends = np.repeat(starts[1:], np.diff(starts))
    place = np.arange(n)
    padded = np.concatenate([symbols, np.zeros(REACH, dtype=np.int64)])
    # Symbol by symbol, what stands 1, 2 ... places after it; behind the edge is no symbol.
    later = [np.where(place + gap < ends, padded[gap : n + gap], 0) for gap in range(1, REACH + 1)]
    two = weights.two[symbols, later[0]]
    total = sum_rows(weights.two_weights, two, starts)
    at = np.flatnonzero(two)
    three = weights.three.find(two[at].astype(np.int64) * len(weights.two) + later[1][at])
    total += sum_rows(weights.three_weights, three, np.searchsorted(at, starts))
    near = np.stack([weights.near[symbols, second] for second in later], axis=1)
    total += sum_rows(weights.near_weights, near.ravel(), starts * REACH)
    return total


def _take(flat: np.ndarray, ends: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take the lists `ids` out of an array that holds all lists; give them, and where each begins."""
    first = ends[ids]
    lengths = ends[ids + 1] - first
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return flat[np.repeat(first - starts[:-1], lengths) + np.arange(starts[-1])], starts


def sum_rows(table: np.ndarray, rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Add up rows of a table, those of each sentence in their order.

    Parameters
    ----------
    table : ndarray of float64, shape (n_rows, n_types)
    rows : ndarray of int, shape (m,)
    starts : ndarray of int, shape (n + 1,)
        Where the rows of each sentence begin, and where the last one's end; rows before and after belong to none.

    Returns
    -------
    ndarray of float64, shape (n, n_types)
        The sum of a sentence does not depend on the others.
    """
    rows, starts = rows[starts[0] : starts[-1]], starts - starts[0]
    n = len(starts) - 1
    if len(rows) >= WORTH_SCIPY:
        from scipy.sparse import csr_array

        result: np.ndarray = csr_array((np.ones(len(rows)), rows, starts), shape=(n, len(table))) @ table
        return result
    # The same sums in the same order: no bit differs. (Numpy's `add.reduceat` would add pairwise.)
    owner = np.repeat(np.arange(n), np.diff(starts))
    result = np.stack([np.bincount(owner, column, n) for column in table[rows].T], axis=1)
    return result


def _after_zero(weights: np.ndarray) -> np.ndarray:
    """Put a row of zeros, for what is not known, before the weights."""
    return np.concatenate([np.zeros((1, weights.shape[1])), weights])
