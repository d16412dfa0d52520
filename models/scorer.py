"""Raw scores from frozen weights, with numpy alone: each distinct token is analysed once."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from wiredesk.features import Lexicon, Vocabulary, analyze, context_terms, group_rows, tokenize
from wiredesk.features.tokens import END, REACH, START, Token

#: Sentences scored at a time, and distinct tokens remembered between batches: both bound memory.
BATCH_SENTENCES = 2048
MAX_TOKENS = 1 << 17


#: The sentence's edges as tokens of their own, so that runs of cue symbols see them. No other token holds white space.
_EDGES = {"\n^": Token((), (), (START,)), "\n$": Token((), (), (END,))}


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
        pairs, ngrams, _, runs, near, contexts = vocabulary.starts
        three = vocabulary.runs[:, 2] >= 0
        run_columns = np.arange(runs, near)
        self._pairs = _SequenceIndex(vocabulary.pairs, np.arange(pairs, ngrams))
        self._runs = (
            _SequenceIndex(vocabulary.runs[~three, :2], run_columns[~three]),
            _SequenceIndex(vocabulary.runs[three], run_columns[three]),
            *(_SequenceIndex(vocabulary.near, np.arange(near, contexts), gap) for gap in range(1, REACH + 1)),
        )
        self._contexts = {term: column for column, term in enumerate(vocabulary.contexts, contexts)}
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
        batches = range(0, len(sentences), BATCH_SENTENCES)
        parts = [self._score_batch(sentences[i : i + BATCH_SENTENCES]) for i in batches]
        scores = np.concatenate(parts) if parts else np.empty((0, len(self._intercept)))
        for rows in group_rows(documents or ()):
            scores[rows] += self._score_context([sentences[i] for i in rows])
        return scores

    def _score_context(self, sentences: Sequence[str]) -> np.ndarray:
        """Score what the sentences of one document tell about each other."""
        with self._lock:
            table = self._bounded_table()
            tokens = [table.analyzed(tokenize(sentence)) for sentence in sentences]
        columns = [
            [self._contexts[term] for term in found if term in self._contexts]
            for found in context_terms(tokens, sentences, self._lexicon.roles)
        ]
        return np.array([self._weights[found].sum(axis=0) for found in columns])

    def _score_batch(self, sentences: Sequence[str]) -> np.ndarray:
        tokens: list[str] = []
        lengths = np.empty(len(sentences), dtype=np.int64)
        for i, sentence in enumerate(sentences):
            found = tokenize(sentence)
            lengths[i] = len(found)
            tokens += "\n^", *found, "\n$"
        with self._lock:
            sums, words, symbols = self._bounded_table().look_up(tokens)
        owner = np.repeat(np.arange(len(sentences)), lengths + 2)
        total = _sum_by(owner, sums, len(sentences))
        for sequence, counts, indexes in ((*words, (self._pairs,)), (*symbols, self._runs)):
            sentence_of = np.repeat(owner, counts)
            for index in indexes:
                columns, at = index.find(sequence, sentence_of)
                total += _sum_by(sentence_of[at], self._weights[columns], len(sentences))
        return total / np.sqrt(np.maximum(lengths, 1))[:, None] + self._intercept

    def _bounded_table(self) -> _TokenTable:
        """Give the table, an empty one if it has grown too large."""
        if len(self._table) > MAX_TOKENS:
            self._table = self._new_table()
        return self._table

    def _new_table(self) -> _TokenTable:
        return _TokenTable(self._vocabulary, self._weights, self._lexicon.forms, self._char_ngrams)

    def __getstate__(self) -> dict[str, object]:
        """Leave the lock and the remembered tokens out of a pickle."""
        return {name: value for name, value in vars(self).items() if name not in ("_lock", "_table")}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Start with an empty table."""
        vars(self).update(state)
        self._lock = threading.Lock()
        self._table = self._new_table()


class _TokenTable:
    """What each distinct token contributes: summed weights, its words' columns, its symbols' positions."""

    def __init__(
        self, vocabulary: Vocabulary, weights: np.ndarray, forms: Mapping[str, str], char_ngrams: tuple[int, int]
    ) -> None:
        _, ngrams, symbols, *_ = vocabulary.starts
        self._weights = weights
        self._forms = forms
        self._char_ngrams = char_ngrams
        self._words = {word: i for i, word in enumerate(vocabulary.words)}
        self._ngrams = {ngram: i for i, ngram in enumerate(vocabulary.ngrams, ngrams)}
        self._symbols = {symbol: i for i, symbol in enumerate(vocabulary.symbols)}
        self._symbol_start = symbols
        self._ids: dict[str, int] = {}
        self._analyzed: list[Token] = []
        self._sums = np.empty((0, weights.shape[1]))
        self._word_lists = _Ragged()
        self._symbol_lists = _Ragged()

    def __len__(self) -> int:
        return len(self._ids)

    def look_up(
        self, tokens: Sequence[str]
    ) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Give summed weights, and words and symbols as (flat sequence, count per token)."""
        self._add([token for token in dict.fromkeys(tokens) if token not in self._ids])
        ids = np.fromiter(map(self._ids.__getitem__, tokens), dtype=np.int64, count=len(tokens))
        return self._sums[ids], self._word_lists.take(ids), self._symbol_lists.take(ids)

    def analyzed(self, tokens: Sequence[str]) -> list[Token]:
        """Give the tokens with their symbols, without their n-grams."""
        self._add([token for token in dict.fromkeys(tokens) if token not in self._ids])
        return [self._analyzed[self._ids[token]] for token in tokens]

    def _add(self, tokens: Sequence[str]) -> None:
        if not tokens:
            return
        sums = np.empty((len(tokens), self._weights.shape[1]))
        words, symbols = [], []
        for i, token in enumerate(tokens):
            found = _EDGES.get(token) or analyze(token, self._forms, self._char_ngrams)
            self._analyzed.append(found._replace(ngrams=()))
            words.append([self._words.get(word, -1) for word in found.words])
            symbols.append([self._symbols.get(symbol, -1) for symbol in found.symbols])
            columns = [column for column in words[-1] if column >= 0]
            columns += [column for column in map(self._ngrams.get, found.ngrams) if column is not None]
            columns += [self._symbol_start + position for position in symbols[-1] if position >= 0]
            sums[i] = self._weights[columns].sum(axis=0)
        self._ids.update(zip(tokens, range(len(self._ids), len(self._ids) + len(tokens)), strict=True))
        self._sums = np.concatenate([self._sums, sums])
        self._word_lists.extend(words)
        self._symbol_lists.extend(symbols)


class _Ragged:
    """Lists of integers in one flat array, taken out by row."""

    def __init__(self) -> None:
        self._flat = np.empty(0, dtype=np.int64)
        self._starts = np.zeros(1, dtype=np.int64)

    def extend(self, rows: Sequence[Sequence[int]]) -> None:
        ends = self._starts[-1] + np.cumsum([len(row) for row in rows])
        self._flat = np.concatenate([self._flat, np.array([i for row in rows for i in row], dtype=np.int64)])
        self._starts = np.concatenate([self._starts, ends])

    def take(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Concatenate the rows `ids`; give the flat sequence and the length of each row."""
        starts = self._starts[ids]
        counts = self._starts[ids + 1] - starts
        ends = np.cumsum(counts)
        at = np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)
        return self._flat[at], counts


class _SequenceIndex:
    """Columns of runs of a fixed length, found in a sequence by one integer per run.

    The members of a run stand `gap` places apart.
    """

    def __init__(self, runs: np.ndarray, columns: np.ndarray, gap: int = 1) -> None:
        self._length = runs.shape[1]
        self._gap = gap
        self._base = int(runs.max(initial=0)) + 1
        keys = self._keys(list(runs.T.astype(np.int64)))
        order = np.argsort(keys)
        self._sorted_keys = keys[order]
        self._columns = columns[order]

    def find(self, sequence: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Find the runs that lie in one sentence; give their columns and where each begins."""
        reach = self._gap * (self._length - 1)
        n = len(sequence) - reach
        if n <= 0 or not len(self._columns):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        parts = [sequence[i : i + n] for i in range(0, reach + 1, self._gap)]
        candidate = owner[:n] == owner[reach:]
        for part in parts:
            candidate &= (part >= 0) & (part < self._base)
        at = np.flatnonzero(candidate)
        keys = self._keys([part[at] for part in parts])
        slot = np.minimum(np.searchsorted(self._sorted_keys, keys), len(self._sorted_keys) - 1)
        hit = self._sorted_keys[slot] == keys
        return self._columns[slot[hit]], at[hit]

    def _keys(self, parts: Sequence[np.ndarray]) -> np.ndarray:
        key = np.zeros(len(parts[0]), dtype=np.int64)
        for part in parts:
            key = key * self._base + part
        return key


def _sum_by(owner: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Sum rows by owner, in order: the sum of a sentence does not depend on the batch it stands in."""
    return np.stack([np.bincount(owner, weights=column, minlength=n) for column in values.T], axis=1)
