"""What each distinct token contributes, looked up once and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from wiredesk.features import Lexicon, Vocabulary, analyze
from wiredesk.features.speakers import Parts, marks_effect, name_number
from wiredesk.features.tokens import END, MAX_TOKEN_LENGTH, START

#: Rows to sum from which on scipy is imported for it, which takes a tenth of a second.
WORTH_SCIPY = 1 << 15

#: Stands before, between and after sentences as a token of its own: no normalised text holds a lone surrogate.
SEPARATOR = "\udfff"


class Tokens(NamedTuple):
    """The tokens of sentences with a separator before, between and after them.

    Words and symbols are those of all tokens, one after the other.

    Attributes
    ----------
    ids : ndarray of int64, shape (n_tokens,)
        Rows of `sums`; the separator's is 0.
    sums : ndarray of float64, shape (n_known, n_types)
        What each distinct token adds by itself.
    effects : ndarray of int64, shape (n_tokens,)
        What each token's quotation marks do.
    words, symbols : ndarray of int64
        Positions in the vocabulary plus 1; 0 for what is not in it. A separator is an unknown word, and the symbols
        END and START.
    bits, names : ndarray of int64
        The parts and the name of each symbol.
    word_starts, symbol_starts : ndarray of int64, shape (n_tokens + 1,)
        Where the words and the symbols of each token begin.
    """

    ids: np.ndarray
    sums: np.ndarray
    effects: np.ndarray
    words: np.ndarray
    symbols: np.ndarray
    bits: np.ndarray
    names: np.ndarray
    word_starts: np.ndarray
    symbol_starts: np.ndarray


class TokenTable:
    """What each distinct token contributes: summed weights, its words and symbols as numbers.

    Parameters
    ----------
    vocabulary : Vocabulary
    weights : ndarray of float64, shape (n_features, n_types)
    lexicon : Lexicon
    parts : Parts
    char_ngrams : tuple of (int, int)
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        weights: np.ndarray,
        lexicon: Lexicon,
        parts: Parts,
        char_ngrams: tuple[int, int],
    ) -> None:
        _, ngrams, symbols, *_ = vocabulary.starts
        self._weights = weights
        self._forms = lexicon.forms
        self._parts = parts
        self._char_ngrams = char_ngrams
        self._words = {word: i for i, word in enumerate(vocabulary.words, 1)}
        self._ngrams = {ngram: i for i, ngram in enumerate(vocabulary.ngrams, ngrams)}
        self._symbols = {symbol: i for i, symbol in enumerate(vocabulary.symbols, 1)}
        self._first_symbol = symbols - 1
        self._names: dict[str, int] = {}
        self._ids = _Ids(self)
        self._sums = _Rows(weights.shape[1], np.float64)
        self._effects = _Rows(1, np.int64)
        self._word_lists = _Lists(1)
        self._symbol_lists = _Lists(3)
        self._new: list[tuple[list[int], int, list[int], list[tuple[int, int, int]]]] = []
        self._ids[SEPARATOR] = 0
        edges = [(self._symbols.get(symbol, 0), 0, -1) for symbol in (END, START)]
        self._new.append(([], 0, [0], edges))

    def __len__(self) -> int:
        return len(self._ids)

    def look_up(self, tokens: Sequence[str]) -> Tokens:
        """Look tokens up, and remember the new ones.

        Parameters
        ----------
        tokens : sequence of str
            Sentences with a separator before, between and after them.

        Returns
        -------
        Tokens
        """
        ids = np.fromiter(map(self._ids.__getitem__, tokens), dtype=np.int64, count=len(tokens))
        if self._ids.too_long:
            # As `tokenize` does: a longer run without white space is cut into pieces.
            self._ids.too_long, n = False, MAX_TOKEN_LENGTH
            cut = [token[i : i + n] for token in tokens for i in range(0, len(token), n)]
            ids = np.fromiter(map(self._ids.__getitem__, cut), dtype=np.int64, count=len(cut))
        self._store()
        words, word_starts = self._word_lists.take(ids)
        symbols, symbol_starts = self._symbol_lists.take(ids)
        effects = self._effects.filled[ids, 0]
        numbers, bits, names = symbols.T
        return Tokens(ids, self._sums.filled, effects, words[:, 0], numbers, bits, names, word_starts, symbol_starts)

    def add(self, token: str) -> int:
        """Analyse a token and give it an id; 0 to one that is too long and has to be cut first."""
        if len(token) > MAX_TOKEN_LENGTH:
            self._ids.too_long = True
            return 0
        found = analyze(token, self._forms, self._char_ngrams)
        words = [self._words.get(word, 0) for word in found.words]
        name = name_number(found.name, self._names)
        symbols = [(self._symbols.get(symbol, 0), self._parts.of(symbol), name) for symbol in found.symbols]
        columns = [word - 1 for word in words if word]
        columns += [column for column in map(self._ngrams.get, found.ngrams) if column is not None]
        columns += [self._first_symbol + symbol for symbol, _, _ in symbols if symbol]
        self._new.append((columns, marks_effect(found.quotes), words, symbols))
        number = self._ids[token] = len(self._ids)
        return number

    def _store(self) -> None:
        """Move what was analysed into the arrays."""
        if not self._new:
            return
        columns, effects, words, symbols = zip(*self._new, strict=True)
        self._new = []
        # Added up one after the other, whatever company a token first came in.
        starts = np.cumsum([0, *map(len, columns)])
        flat = np.array([column for found in columns for column in found], dtype=np.int64)
        self._sums.extend(sum_rows(self._weights, flat, starts))
        self._effects.extend(np.array(effects, dtype=np.int64)[:, None])
        self._word_lists.extend([[(word,) for word in found] for found in words])
        self._symbol_lists.extend(symbols)


class _Ids(dict[str, int]):
    """Token -> id, a new one where there is none."""

    def __init__(self, table: TokenTable) -> None:
        super().__init__()
        self._table = table
        self.too_long = False

    def __missing__(self, token: str) -> int:
        return self._table.add(token)


class _Rows:
    """An array that grows at its end; the room doubles when it is used up."""

    def __init__(self, columns: int, dtype: type) -> None:
        self._room: np.ndarray = np.empty((1024, columns), dtype=dtype)
        self._n = 0

    @property
    def filled(self) -> np.ndarray:
        return self._room[: self._n]

    def extend(self, rows: np.ndarray) -> None:
        n = self._n + len(rows)
        if n > len(self._room):
            grown = np.empty((max(n, 2 * len(self._room)), self._room.shape[1]), dtype=self._room.dtype)
            grown[: self._n] = self.filled
            self._room = grown
        self._room[self._n : n] = rows
        self._n = n


class _Lists:
    """Lists of rows of integers in one array, taken out by number."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._flat = _Rows(columns, np.int64)
        self._ends = _Rows(1, np.int64)
        self._ends.extend(np.zeros((1, 1), dtype=np.int64))

    def extend(self, lists: Sequence[Sequence[tuple[int, ...]]]) -> None:
        lengths = np.array([len(rows) for rows in lists], dtype=np.int64)
        self._ends.extend((self._ends.filled[-1, 0] + np.cumsum(lengths))[:, None])
        flat = np.array([row for rows in lists for row in rows], dtype=np.int64)
        self._flat.extend(flat.reshape(-1, self._columns))

    def take(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the lists `ids` one after the other, and where each begins."""
        ends = self._ends.filled[:, 0]
        first = ends[ids]
        lengths = ends[ids + 1] - first
        starts = np.concatenate([[0], np.cumsum(lengths)])
        at = np.repeat(first - starts[:-1], lengths) + np.arange(starts[-1])
        return self._flat.filled[at], starts


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
    # The same sums in the same order: no bit differs.
    result = np.zeros((n, table.shape[1]))
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        result[filled] = np.add.reduceat(table[rows], starts[filled], axis=0)
    return result
