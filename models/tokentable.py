"""What each distinct token contributes, looked up once and remembered."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from wiredesk.features import Lexicon, Vocabulary, analyze, normalize, tokenize
from wiredesk.features.arrays import Parts, marks_effect, name_number
from wiredesk.features.tokens import END, MAX_TOKEN_LENGTH, START
from wiredesk.models.lookup import HashIndex

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


#: What one token contributes: columns of weights, effect of its marks, its words, its symbols with parts and name.
_Entry = tuple[list[int], int, list[int], list[tuple[int, int, int]]]


class TokenTable:
    """What each distinct token contributes: summed weights, its words and symbols as numbers.

    Tokens are known by a hash of 64 bits. Its multipliers are drawn at random for each table, so that two given tokens
    have the same hash with a probability of at most 2**-56, whatever they are [1]_.

    Parameters
    ----------
    vocabulary : Vocabulary
    weights : ndarray of float64, shape (n_features, n_types)
    lexicon : Lexicon
    parts : Parts
    char_ngrams : tuple of (int, int)

    References
    ----------
    .. [1] J. Carter, M. Wegman (1979). Universal classes of hash functions. Journal of Computer and System Sciences
       18(2). https://doi.org/10.1016/0022-0000(79)90044-8
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
        # The longest token has four bytes a character. Numbers nobody can foresee: no text can be made to collide.
        self._multipliers = np.frombuffer(secrets.token_bytes(8 * (4 * MAX_TOKEN_LENGTH + 1)), dtype=np.uint64)
        self._sums = _Rows(weights.shape[1], np.float64)
        self._effects = _Rows(1, np.int64)
        self._word_lists = _Lists(1)
        self._symbol_lists = _Lists(3)
        data, starts, _ = _token_bytes([])
        self._ids = HashIndex(self._hash(data, starts[:1]))
        edges = [(self._symbols.get(symbol, 0), 0, -1) for symbol in (END, START)]
        self._store([([], 0, [0], edges)])

    def __len__(self) -> int:
        return len(self._ids)

    def look_up(self, sentences: Sequence[str]) -> Tokens:
        """Look the tokens of sentences up, and remember the new ones.

        Parameters
        ----------
        sentences : sequence of str

        Returns
        -------
        Tokens
        """
        data, starts, ends = _token_bytes(normalize(sentence) for sentence in sentences)
        if any(len(_text(data[i:j])) > MAX_TOKEN_LENGTH for i, j in _longer(starts, ends)):
            data, starts, ends = _token_bytes(" ".join(tokenize(sentence)) for sentence in sentences)
        keys = self._hash(data, starts)
        ids = self._ids.find(keys) - 1
        missing = np.flatnonzero(ids < 0)
        if len(missing):
            new, first = np.unique(keys[missing], return_index=True)
            order = np.argsort(first)
            at = missing[first[order]]
            self._store([self._analyze(_text(data[starts[i] : ends[i]])) for i in at])
            self._ids.extend(new[order])
            ids[missing] = self._ids.find(keys[missing]) - 1
        words, word_starts = self._word_lists.take(ids)
        symbols, symbol_starts = self._symbol_lists.take(ids)
        effects = self._effects.filled[ids, 0]
        numbers, bits, names = symbols.T
        return Tokens(
            ids,
            self._sums.filled,
            effects,
            words[:, 0],
            numbers,
            bits,
            names,
            word_starts,
            symbol_starts,
        )

    def _hash(self, data: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """Hash every token: the sum of its bytes, each plus one, times the random number of its place."""
        data = data[starts[0] :]
        lengths = np.diff(starts, append=starts[0] + len(data))
        place = np.arange(len(data)) - np.repeat(starts - starts[0], lengths)
        # Blanks after a token count nothing; there may be any number of them.
        products = _VALUES[data] * self._multipliers[np.minimum(place, len(self._multipliers) - 1)]
        return np.add.reduceat(products, starts - starts[0]).view(np.int64)

    def _analyze(self, token: str) -> _Entry:
        """Say what a token contributes."""
        found = analyze(token, self._forms, self._char_ngrams)
        words = [self._words.get(word, 0) for word in found.words]
        name = name_number(found.name, self._names)
        symbols = [(self._symbols.get(symbol, 0), self._parts.of(symbol), name) for symbol in found.symbols]
        columns = [word - 1 for word in words if word]
        columns += [column for column in map(self._ngrams.get, found.ngrams) if column is not None]
        columns += [self._first_symbol + symbol for symbol, _, _ in symbols if symbol]
        return columns, marks_effect(found.quotes), words, symbols

    def _store(self, entries: Sequence[_Entry]) -> None:
        """Put entries at the end of the arrays."""
        columns, effects, words, symbols = zip(*entries, strict=True)
        # Added up one after the other, whatever company a token first came in.
        starts = np.cumsum([0, *map(len, columns)])
        flat = np.array([column for found in columns for column in found], dtype=np.int64)
        self._sums.extend(sum_rows(self._weights, flat, starts))
        self._effects.extend(np.array(effects, dtype=np.int64)[:, None])
        self._word_lists.extend([[(word,) for word in found] for found in words])
        self._symbol_lists.extend(symbols)


def _token_bytes(texts: Iterable[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Join normalised texts by the separator; give the bytes, and where each token begins and ends."""
    joined = f" {SEPARATOR} ".join(["", *texts, ""])
    data = np.frombuffer(joined.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    borders = np.flatnonzero(np.diff(_VALUES[data] == 0, prepend=True, append=True))
    return data, borders[0::2], borders[1::2]


def _longer(starts: np.ndarray, ends: np.ndarray) -> list[tuple[int, int]]:
    """Give the tokens that may have too many characters."""
    at = np.flatnonzero(ends - starts > MAX_TOKEN_LENGTH)
    return list(zip(starts[at].tolist(), ends[at].tolist(), strict=True))


def _text(data: np.ndarray) -> str:
    return data.tobytes().decode("utf-8", "surrogatepass")


def _byte_values() -> np.ndarray:
    values = np.arange(1, 257, dtype=np.uint64)
    values[[*range(9, 14), *range(28, 33)]] = 0  # What `str.split` takes for white space in ASCII.
    return values


#: What each byte counts in a token's hash; white space nothing.
_VALUES = _byte_values()


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
    # The same sums in the same order: no bit differs. (Numpy's `add.reduceat` would add pairwise.)
    owner = np.repeat(np.arange(n), np.diff(starts))
    result = np.stack([np.bincount(owner, column, n) for column in table[rows].T], axis=1)
    return result
