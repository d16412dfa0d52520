"""Where numbers and pairs of numbers stand in a list, for many at once."""

from __future__ import annotations

import numpy as np

#: Multiplier of the hash, odd: 2**64 divided by the golden ratio [1]_.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_EMPTY = np.int64(-1)


class HashIndex:
    """Where keys stand in a list, 0 for all others.

    An open-addressing hash table with linear probing, in numpy [1]_: where a binary search takes the logarithm of the
    number of keys, most keys are found, or known to be absent, at the first place.

    Parameters
    ----------
    keys : ndarray of int64, shape (n,)
        Different, and not -1. The first stands at 1.

    References
    ----------
    .. [1] D. Knuth (1998). The art of computer programming 3: sorting and searching, section 6.4.

    Examples
    --------
    >>> HashIndex(np.array([40, 7])).find(np.array([7, 8, 40])).tolist()
    [2, 0, 1]
    """

    def __init__(self, keys: np.ndarray) -> None:
        self._n = 0
        self._make_room(len(keys))
        self.extend(keys)

    def __len__(self) -> int:
        return self._n

    def extend(self, keys: np.ndarray) -> None:
        """Put further keys at the end of the list.

        Parameters
        ----------
        keys : ndarray of int64, shape (n,)
            Different from each other and from those that are there.
        """
        if 4 * (self._n + len(keys)) > len(self._keys):
            filled = np.flatnonzero(self._keys != _EMPTY)
            old, rows = self._keys[filled], self._rows[filled]
            self._make_room(2 * (self._n + len(keys)))
            self._put(old, rows)
        self._put(keys, np.arange(self._n + 1, self._n + len(keys) + 1))
        self._n += len(keys)

    def _make_room(self, n: int) -> None:
        bits = max(4, int(4 * n).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys = np.full(1 << bits, _EMPTY)
        self._rows = np.zeros(1 << bits, dtype=np.int64)

    def _put(self, keys: np.ndarray, rows: np.ndarray) -> None:
        place = self._places(keys)
        while len(keys):
            # Of the keys that want one free place, the first gets it; the others try the next one.
            wanted, first = np.unique(place, return_index=True)
            free = self._keys[wanted] == _EMPTY
            taken = first[free]
            self._keys[wanted[free]], self._rows[wanted[free]] = keys[taken], rows[taken]
            left = np.ones(len(keys), dtype=bool)
            left[taken] = False
            keys, rows, place = keys[left], rows[left], (place[left] + 1) & self._mask

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Look keys up.

        Parameters
        ----------
        keys : ndarray of int64, shape (n,)

        Returns
        -------
        ndarray of int64, shape (n,)
            1 for the first of the list; 0 for what is not in it.
        """
        place = self._places(keys)
        there = self._keys[place]
        rows = np.where(there == keys, self._rows[place], 0)
        pending = np.flatnonzero((there != keys) & (there != _EMPTY))
        place = place[pending]
        while len(pending):
            place = (place + 1) & self._mask
            there = self._keys[place]
            hit = there == keys[pending]
            rows[pending[hit]] = self._rows[place[hit]]
            going = ~hit & (there != _EMPTY)
            pending, place = pending[going], place[going]
        return rows

    def _places(self, keys: np.ndarray) -> np.ndarray:
        return ((keys.view(np.uint64) * _MULTIPLIER) >> self._shift).astype(np.int64)


class PairIndex:
    """Where pairs of small numbers stand in a list, 0 for all others, by direct address.

    Parameters
    ----------
    pairs : ndarray of int, shape (n, 2)
        Different pairs of numbers from 0 to `size` - 1. The first stands at 1.
    size : int
    """

    def __init__(self, pairs: np.ndarray, size: int) -> None:
        self._size = size
        self._rows = np.zeros(size * size, dtype=np.int32)
        self._rows[pairs[:, 0].astype(np.int64) * size + pairs[:, 1]] = np.arange(1, len(pairs) + 1)

    def find(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Look pairs up.

        Parameters
        ----------
        first, second : ndarray of int64, shape (n,)

        Returns
        -------
        ndarray of int32, shape (n,)
            1 for the first of the list; 0 for what is not in it.
        """
        return self._rows[first * self._size + second]
