"""What each distinct token contributes, looked up once and remembered."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from wiredesk.features import Lexicon, Vocabulary, analyze, normalize, tokenize
from wiredesk.features.arrays import RoleBits, marks_effect, name_number
from wiredesk.features.tokens import END, MAX_TOKEN_LENGTH, START
from wiredesk.models.lookup import HashIndex, HashTable
from wiredesk.models.terms import Known, sum_rows

#: Stands before, between and after sentences as a token of its own: no normalised text holds a lone surrogate.
SEPARATOR = "\udfff"


class FoundTokens(NamedTuple):
    """The tokens of joined texts, as far as they are known.

    Attributes
    ----------
    starts, ends : ndarray of int64, shape (n_tokens,)
        Where the bytes of each token begin and end.
    keys : ndarray of int64, shape (n_tokens,)
        Their hashes.
    rows : ndarray of int64, shape (n_tokens,)
        Where they stand in the table, 0 for new ones.
    """

    starts: np.ndarray
    ends: np.ndarray
    keys: np.ndarray
    rows: np.ndarray


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
    parts : RoleBits
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
        parts: RoleBits,
        char_ngrams: tuple[int, int],
    ) -> None:
        _, ngrams, symbols, *_ = vocabulary.starts
        self._weights = weights
        self._forms = lexicon.forms
        self._parts = parts
        self._char_ngrams = char_ngrams
        self._word_numbers = {word: i for i, word in enumerate(vocabulary.words, 1)}
        self._ngrams = {ngram: i for i, ngram in enumerate(vocabulary.ngrams, ngrams)}
        self._symbol_numbers = {symbol: i for i, symbol in enumerate(vocabulary.symbols, 1)}
        self._first_symbol = symbols - 1
        self._names: dict[str, int] = {}
        # The longest token has four bytes a character. Numbers nobody can foresee: no text can be made to collide.
        self._multipliers = np.frombuffer(secrets.token_bytes(8 * (4 * MAX_TOKEN_LENGTH + 1)), dtype=np.uint64)
        self._sums = _Rows(weights.shape[1], np.float64)
        self._effects = _Rows(1, np.int64)
        self._words = _Lists(1)
        self._symbols = _Lists(3)
        self._ids = HashIndex(np.empty(0, dtype=np.int64))
        self._ids.extend(self._find(find_tokens, _joined([])).keys[:1])
        edges = [(self._symbol_numbers.get(symbol, 0), 0, -1) for symbol in (END, START)]
        self._store([([], 0, [0], edges)])

    def __len__(self) -> int:
        return len(self._ids)

    def look_up(self, sentences: Sequence[str], find: Callable[..., FoundTokens]) -> tuple[np.ndarray, Known]:
        """Look the tokens of sentences up, and remember the new ones.

        Parameters
        ----------
        sentences : sequence of str
        find : callable
            `find_tokens`, or a function that does the same.

        Returns
        -------
        ids : ndarray of int64, shape (n_tokens,)
            Their numbers, 0 for a separator before, between and after sentences.
        known : Known
            What the tokens contribute; later look-ups leave it as it is.
        """
        data = _joined(normalize(sentence) for sentence in sentences)
        found = self._find(find, data)
        if any(len(_text(data[i:j])) > MAX_TOKEN_LENGTH for i, j in _longer(found)):
            data = _joined(" ".join(tokenize(sentence)) for sentence in sentences)
            found = self._find(find, data)
        ids = found.rows - 1
        missing = np.flatnonzero(ids < 0)
        if len(missing):
            new, first = np.unique(found.keys[missing], return_index=True)
            order = np.argsort(first)
            at = missing[first[order]]
            self._store([self._analyze(_text(data[found.starts[i] : found.ends[i]])) for i in at])
            self._ids.extend(new[order])
            ids[missing] = self._ids.find(found.keys[missing]) - 1
        return ids, Known(
            self._sums.filled, self._effects.filled.reshape(-1), *self._words.arrays, *self._symbols.arrays
        )

    def _find(self, find: Callable[..., FoundTokens], data: np.ndarray) -> FoundTokens:
        return find(data, BYTE_VALUES, self._multipliers, self._ids.table)

    def _analyze(self, token: str) -> _Entry:
        """Say what a token contributes."""
        found = analyze(token, self._forms, self._char_ngrams)
        words = [self._word_numbers.get(word, 0) for word in found.words]
        name = name_number(found.name, self._names)
        symbols = [(self._symbol_numbers.get(symbol, 0), self._parts.of(symbol), name) for symbol in found.symbols]
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
        self._words.extend([[(word,) for word in found] for found in words])
        self._symbols.extend(symbols)


def find_tokens(data: np.ndarray, values: np.ndarray, multipliers: np.ndarray, table: HashTable) -> FoundTokens:
    """Split joined texts at white space and look the tokens up.

    The hash of a token is the sum of its bytes' values, each times the multiplier of its place.

    Parameters
    ----------
    data : ndarray of uint8, shape (n_bytes,)
        At least one token.
    values : ndarray of uint64, shape (256,)
        What each byte counts; 0 for white space.
    multipliers : ndarray of uint64
        That of each place; the last one also of all places after it.
    table : HashTable

    Returns
    -------
    FoundTokens
    """
    counted = values[data]
    borders = np.flatnonzero(np.diff(counted == 0, prepend=True, append=True))
    starts, ends = borders[0::2], borders[1::2]
    place = np.arange(starts[0], len(data)) - np.repeat(starts, np.diff(starts, append=len(data)))
    # Blanks after a token count nothing; there may be any number of them.
    products = counted[starts[0] :] * multipliers[np.minimum(place, len(multipliers) - 1)]
    keys = np.add.reduceat(products, starts - starts[0]).view(np.int64)
    return FoundTokens(starts, ends, keys, table.find(keys))


def _joined(texts: Iterable[str]) -> np.ndarray:
    """Give the bytes of normalised texts, a separator before, between and after them."""
    joined = f" {SEPARATOR} ".join(["", *texts, ""])
    return np.frombuffer(joined.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _longer(found: FoundTokens) -> list[tuple[int, int]]:
    """Give the tokens that may have too many characters."""
    at = np.flatnonzero(found.ends - found.starts > MAX_TOKEN_LENGTH)
    return list(zip(found.starts[at].tolist(), found.ends[at].tolist(), strict=True))


def _text(data: np.ndarray) -> str:
    return data.tobytes().decode("utf-8", "surrogatepass")


def _byte_values() -> np.ndarray:
    values = np.arange(1, 257, dtype=np.uint64)
    values[[*range(9, 14), *range(28, 33)]] = 0  # What `str.split` takes for white space in ASCII.
    return values


#: What each byte counts in a token's hash; white space nothing.
BYTE_VALUES = _byte_values()


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
    """Lists of rows of integers, all in one array."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._flat = _Rows(columns, np.int64)
        self._ends = _Rows(1, np.int64)
        self._ends.extend(np.zeros((1, 1), dtype=np.int64))

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """The rows, of single numbers the numbers, and where those of each list end."""
        flat = self._flat.filled
        return flat.reshape(-1) if self._columns == 1 else flat, self._ends.filled.reshape(-1)

    def extend(self, lists: Sequence[Sequence[tuple[int, ...]]]) -> None:
        lengths = np.array([len(rows) for rows in lists], dtype=np.int64)
        self._ends.extend((self._ends.filled[-1, 0] + np.cumsum(lengths))[:, None])
        flat = np.array([row for rows in lists for row in rows], dtype=np.int64)
        self._flat.extend(flat.reshape(-1, self._columns))
