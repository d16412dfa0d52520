"""Raw scores from frozen weights, with numpy and scipy: each distinct token is analysed once."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from wiredesk.features import Lexicon, Vocabulary
from wiredesk.features.arrays import SentenceArrays
from wiredesk.features.context import Context
from wiredesk.features.tokens import END, REACH, START
from wiredesk.models.lookup import HashIndex, PairIndex
from wiredesk.models.tokentable import Tokens, TokenTable, sum_rows

#: Sentences scored at a time (a longer document alone), and distinct tokens remembered beyond them: both bound memory.
BATCH_SENTENCES = 2048
MAX_TOKENS = 1 << 17


class Scorer:
    """Compute raw scores from frozen weights.

    What a token contributes by itself (its words, n-grams and cue symbols) is summed once and kept in a table. What
    remains per sentence is a lookup per token, per pair of neighbouring words, per run of cue symbols and per pair of
    near ones, each done for a whole batch at once; and the context terms of sentences that come with their document.

    Parameters
    ----------
    vocabulary : Vocabulary
    weights : ndarray of float32, shape (n_features, n_types)
        What one occurrence of a term adds, before the division by the root of the number of tokens (which context
        terms are spared).
    intercept : ndarray of float64, shape (n_types,)
    lexicon : Lexicon
    char_ngrams : tuple of (int, int)
        Shortest and longest character n-gram.

    Examples
    --------
    >>> from wiredesk.features import Lexicon
    >>> vocabulary = Vocabulary.from_terms({"word": ["fell", "shells"]})
    >>> weights = np.array([[1.0], [2.0]], dtype=np.float32)
    >>> scorer = Scorer(vocabulary, weights, np.array([0.5]), Lexicon(), (2, 5))
    >>> scorer.score(["shells on shells fell"]).tolist()  # (1 + 2 * 2) / sqrt(4) + 0.5
    [[3.0]]
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        weights: np.ndarray,
        intercept: np.ndarray,
        lexicon: Lexicon,
        char_ngrams: tuple[int, int],
    ) -> None:
        self._vocabulary = vocabulary
        self._weights = weights.astype(np.float64)
        self._intercept = intercept
        self._lexicon = lexicon
        self._char_ngrams = char_ngrams
        pairs, ngrams, symbols, runs, near, contexts = vocabulary.starts
        n_symbols = len(vocabulary.symbols) + 1  # Position 0 is no symbol, as with words.
        three = vocabulary.runs[:, 2] >= 0
        two = vocabulary.runs[~three, :2] + 1
        self._two = PairIndex(two, n_symbols)
        # A run of three is its first two, by their row, and a symbol.
        starts = self._two.find(*(vocabulary.runs[three, :2].astype(np.int64) + 1).T).astype(np.int64)
        self._three = HashIndex(starts * n_symbols + vocabulary.runs[three, 2] + 1)
        self._near = PairIndex(vocabulary.near + 1, n_symbols)
        self._pairs = HashIndex(_word_keys(*(vocabulary.pairs.astype(np.int64) + 1).T))
        self._n_symbols = n_symbols
        run_weights = self._weights[runs:near]
        self._pair_weights = _after_zero(self._weights[pairs:ngrams])
        self._two_weights, self._three_weights = _after_zero(run_weights[~three]), _after_zero(run_weights[three])
        self._near_weights = _after_zero(self._weights[near:contexts])
        edges = [symbols + i for i, symbol in enumerate(vocabulary.symbols) if symbol in (START, END)]
        self._edge_weights = self._weights[edges].sum(axis=0)
        self._context = Context(lexicon.roles)
        column = {term: i for i, term in enumerate(vocabulary.contexts, contexts)}
        zero = np.zeros(weights.shape[1])
        known = [self._weights[column[term]] if term in column else zero for term in self._context.terms]
        self._context_weights = np.array(known).reshape(-1, weights.shape[1])
        self._lock = threading.Lock()
        self._table = self._new_table()

    def score(self, sentences: Sequence[str], documents: Sequence[Hashable] | None = None) -> np.ndarray:
        """Score sentences.

        Parameters
        ----------
        sentences : sequence of str
        documents : sequence of hashable, optional
            The document of each sentence; without it every sentence stands alone.

        Returns
        -------
        ndarray of float64, shape (n, n_types)
        """
        n = len(sentences)
        if documents is None:
            parts = [self._score_batch(sentences[i : i + BATCH_SENTENCES], None) for i in range(0, n, BATCH_SENTENCES)]
            return np.concatenate([np.empty((0, len(self._intercept))), *parts])
        numbers: dict[Hashable, int] = {}
        document = np.array([numbers.setdefault(name, len(numbers)) for name in documents], dtype=np.int64)
        # A document's sentences are brought together, and their scores back to their places.
        order = np.argsort(document, kind="stable")
        together = sentences if (np.diff(order) == 1).all() else [sentences[i] for i in order]
        parts = [
            self._score_batch(together[starts[0] : starts[-1]], starts - starts[0])
            for starts in _batches(np.bincount(document))
        ]
        scores = np.empty((n, len(self._intercept)))
        scores[order] = np.concatenate([np.empty((0, len(self._intercept))), *parts])
        return scores

    def _score_batch(self, sentences: Sequence[str], document_starts: np.ndarray | None) -> np.ndarray:
        with self._lock:
            try:
                tokens = self._table.look_up(sentences)
            except BaseException:
                # Whatever interrupted it may have left the table half-written.
                self._table = self._new_table()
                raise
            if len(self._table) > MAX_TOKENS:
                self._table = self._new_table()
        edges = np.flatnonzero(tokens.ids == 0)
        lengths = np.diff(edges) - 1
        symbol_starts = tokens.symbol_starts[edges] + 1  # After the separator's END.
        total = sum_rows(tokens.sums, tokens.ids, edges)
        total += self._edge_weights
        total += self._sum_words(tokens, tokens.word_starts[edges])
        total += self._sum_symbols(tokens.symbols, symbol_starts)
        total /= np.sqrt(np.maximum(lengths, 1))[:, None]
        total += self._intercept
        if document_starts is not None:
            total += self._sum_context(sentences, tokens, edges, symbol_starts, document_starts)
        return total

    def _sum_words(self, tokens: Tokens, starts: np.ndarray) -> np.ndarray:
        """Sum the weights of pairs of neighbouring words; a separator is an unknown word and belongs to no pair."""
        first, second = tokens.words[:-1], tokens.words[1:]
        at = np.flatnonzero((first > 0) & (second > 0))
        rows = self._pairs.find(_word_keys(first[at], second[at]))
        return sum_rows(self._pair_weights, rows, np.searchsorted(at, starts))

    def _sum_symbols(self, symbols: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """Sum the weights of runs and near pairs of cue symbols; no run holds an END before a START."""
        padded = np.concatenate([symbols, np.zeros(REACH, dtype=np.int64)])
        n = len(symbols)
        two = self._two.find(symbols, padded[1 : n + 1])
        total = sum_rows(self._two_weights, two, starts)
        at = np.flatnonzero(two)
        three = self._three.find(two[at].astype(np.int64) * self._n_symbols + padded[at + 2])
        total += sum_rows(self._three_weights, three, np.searchsorted(at, starts))
        # Near pairs may not reach over the edge: what stands behind it is no symbol.
        ends = np.repeat(starts[1:], np.diff(starts))
        place = np.arange(starts[0], starts[-1])
        near = np.empty((len(place), REACH), dtype=np.int64)
        for gap in range(1, REACH + 1):
            second = np.where(place + gap < ends, padded[place + gap], 0)
            near[:, gap - 1] = self._near.find(symbols[place], second)
        total += sum_rows(self._near_weights, near.ravel(), (starts - starts[0]) * REACH)
        return total

    def _sum_context(
        self,
        sentences: Sequence[str],
        tokens: Tokens,
        edges: np.ndarray,
        symbol_starts: np.ndarray,
        document_starts: np.ndarray,
    ) -> np.ndarray:
        """Sum the weights of what the sentences of a document tell about each other."""
        low, high = symbol_starts[0], symbol_starts[-1]
        found = SentenceArrays(
            tokens.bits[low:high],
            tokens.names[low:high],
            symbol_starts - low,
            tokens.effects,
            edges,
            sentences,
            document_starts,
        )
        rows = self._context.rows(found)
        starts = np.arange(len(sentences) + 1) * self._context.n_templates
        total = sum_rows(self._context_weights, rows.ravel(), starts)
        sizes = np.diff(document_starts)
        total[np.repeat(sizes, sizes) < 2] = 0.0
        return total

    def _new_table(self) -> TokenTable:
        return TokenTable(self._vocabulary, self._weights, self._lexicon, self._context.parts, self._char_ngrams)

    def __getstate__(self) -> dict[str, object]:
        """Leave the lock and the remembered tokens out of a pickle."""
        return {name: value for name, value in vars(self).items() if name not in ("_lock", "_table")}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Start with an empty table."""
        vars(self).update(state)
        self._lock = threading.Lock()
        self._table = self._new_table()


def _batches(sizes: np.ndarray) -> Iterator[np.ndarray]:
    """Part documents into batches of at most `BATCH_SENTENCES`, a longer one alone; give where each begins and ends."""
    starts = np.concatenate([[0], np.cumsum(sizes)])
    first = 0
    for last in range(1, len(starts)):
        if last == len(sizes) or starts[last + 1] - starts[first] > BATCH_SENTENCES:
            yield starts[first : last + 1]
            first = last


def _word_keys(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first << 32) | second


def _after_zero(weights: np.ndarray) -> np.ndarray:
    """Put a row of zeros, for what is not known, before the weights."""
    return np.concatenate([np.zeros((1, weights.shape[1])), weights])
