"""Raw scores from frozen weights, with numpy and scipy: each distinct token is analysed once."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from wiredesk.features import Lexicon, Vocabulary
from wiredesk.features.arrays import SentenceArrays
from wiredesk.features.context import Context
from wiredesk.models.terms import Known, TermSums, TermWeights, sum_rows, sum_terms
from wiredesk.models.tokentable import FoundTokens, TokenTable, find_tokens

#: Sentences that a model has scored when compiled loops are fetched: that takes half a second, where they are compiled
#: for the first time a few.
WORTH_COMPILING = 100_000

#: Sentences scored at a time (a longer document alone), and distinct tokens remembered beyond them: both bound memory.
BATCH_SENTENCES = 8192
MAX_TOKENS = 1 << 17


class Loops(NamedTuple):
    """The functions that scoring spends its time in."""

    find_tokens: Callable[..., FoundTokens]
    sum_terms: Callable[[np.ndarray, Known, TermWeights], TermSums]


class Scorer:
    """Compute raw scores from frozen weights.

    What a token contributes by itself (its words, n-grams and cue symbols) is summed once and kept in a table. What
    remains per sentence is a lookup per token, per pair of neighbouring words, per run of cue symbols and per pair of
    near ones, each done for a whole batch at once; and the context terms of sentences that come with their document.
    Where numba is installed and many sentences are scored, it compiles two of these loops; no score differs by a bit.

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
        self._terms = TermWeights.of(vocabulary, self._weights)
        self._context = Context(lexicon.roles)
        column = {term: i for i, term in enumerate(vocabulary.contexts, vocabulary.starts[-1])}
        zero = np.zeros(weights.shape[1])
        known = [self._weights[column[term]] if term in column else zero for term in self._context.terms]
        self._context_weights = np.array(known).reshape(-1, weights.shape[1])
        self._table: TokenTable
        self._prepare()

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
        self._fetch_loops(n)
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
                ids, known = self._table.look_up(sentences, self._loops.find_tokens)
            except BaseException:
                # Whatever interrupted it may have left the table half-written.
                self._table = self._new_table()
                raise
            if len(self._table) > MAX_TOKENS:
                self._table = self._new_table()
        sums = self._loops.sum_terms(ids, known, self._terms)
        total = sums.total / np.sqrt(np.maximum(np.diff(sums.edges) - 1, 1))[:, None]
        total += self._intercept
        if document_starts is not None:
            effects = known.effects[ids]
            found = SentenceArrays(
                sums.bits, sums.names, sums.symbol_starts, effects, sums.edges, sentences, document_starts
            )
            total += self._sum_context(found)
        return total

    def _sum_context(self, sentences: SentenceArrays) -> np.ndarray:
        """Sum the weights of what the sentences of a document tell about each other."""
        rows = self._context.rows(sentences)
        starts = np.arange(len(rows) + 1) * self._context.n_templates
        total = sum_rows(self._context_weights, rows.ravel(), starts)
        sizes = np.diff(sentences.document_starts)
        total[np.repeat(sizes, sizes) < 2] = 0.0
        return total

    def _new_table(self) -> TokenTable:
        return TokenTable(self._vocabulary, self._weights, self._lexicon, self._context.parts, self._char_ngrams)

    def _prepare(self) -> None:
        """Set up what results do not depend on."""
        self._lock = threading.Lock()
        self._table = self._new_table()
        self._loops: Loops = Loops(find_tokens, sum_terms)
        self._left = WORTH_COMPILING
        _SCORERS.add(self)

    def _fetch_loops(self, n: int) -> None:
        """Go over to the compiled loops, if numba is there, once enough has been scored for them to pay."""
        if self._left > 0 >= self._left - n:
            self._loops = compiled_loops() or self._loops
        self._left -= n

    def __getstate__(self) -> dict[str, object]:
        """Leave what `_prepare` sets up out of a pickle."""
        return {name: value for name, value in vars(self).items() if name not in _PREPARED}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Start with an empty table."""
        vars(self).update(state)
        self._prepare()


_PREPARED = ("_lock", "_table", "_loops", "_left")

_SCORERS: weakref.WeakSet[Scorer] = weakref.WeakSet()


def _free_locks() -> None:
    """Give a forked process locks of its own: other threads may hold the old ones, and do not exist here."""
    for scorer in _SCORERS:
        if scorer._lock.locked():
            scorer._table = scorer._new_table()  # The old one may be half-written.
        scorer._lock = threading.Lock()  # One that is just being taken does not say yet that it is locked.


if hasattr(os, "register_at_fork"):  # Not on Windows, which has no fork.
    os.register_at_fork(after_in_child=_free_locks)


def compiled_loops() -> Loops | None:
    """Fetch the loops that numba compiles.

    Returns
    -------
    Loops or None
        None if numba is not installed, does not fit the installed numpy, or has nowhere to keep what it compiled.
    """
    try:
        from wiredesk.models import compiled
    except (ImportError, RuntimeError):
        return None
    return Loops(compiled.find_tokens, compiled.sum_terms)


def _batches(sizes: np.ndarray) -> Iterator[np.ndarray]:
    """Part documents into batches of at most `BATCH_SENTENCES`, a longer one alone; give where each begins and ends."""
    starts = np.concatenate([[0], np.cumsum(sizes)])
    first = 0
    for last in range(1, len(starts)):
        if last == len(sizes) or starts[last + 1] - starts[first] > BATCH_SENTENCES:
            yield starts[first : last + 1]
            first = last
