"""Where numbers and pairs of numbers stand in a list, for many at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

#: Multiplier of the hash, odd: 2**64 divided by the golden ratio (see `HashIndex`).
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
EMPTY = np.int64(-1)


class HashTable(NamedTuple):
    """What is needed to look keys up: places with their keys and rows, and how a key's first place is found.

    Attributes
    ----------
    slots : ndarray of int64, shape (2**b, 2)
        Key and row, side by side in memory; -1 and 0 at empty places.
    shift : uint64
        64 - b.
    """

    slots: np.ndarray
    shift: np.uint64

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
        place = self.places(keys)
        there = self.slots[:, 0][place]
        rows = np.where(there == keys, self.slots[:, 1][place], 0)
        pending = np.flatnonzero((there != keys) & (there != EMPTY))
        place = place[pending]
        while len(pending):
            place = (place + 1) & (len(self.slots) - 1)
            there = self.slots[:, 0][place]
            hit = there == keys[pending]
            rows[pending[hit]] = self.slots[:, 1][place[hit]]
            going = ~hit & (there != EMPTY)
            pending, place = pending[going], place[going]
        return rows

    def places(self, keys: np.ndarray) -> np.ndarray:
        """Give the place where each key is looked for first."""
        return ((keys.view(np.uint64) * MULTIPLIER) >> self.shift).astype(np.int64)


class HashIndex:
    """Where keys stand in a list, 0 for all others.

    An open-addressing hash table with linear probing, in numpy [1]_: where a binary search takes the logarithm of the
    number of keys, most keys are found, or known to be absent, at the first place.

    Parameters
    ----------
    keys : ndarray of int64, shape (n,)
        Different, and not -1. The first stands at 1.

    Attributes
    ----------
    table : HashTable
        Another one when keys are added.

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
        self.table = _room(len(keys))
        self.extend(keys)

    def __len__(self) -> int:
        return self._n

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Look keys up (`HashTable.find`)."""
        return self.table.find(keys)

    def extend(self, keys: np.ndarray) -> None:
        """Put further keys at the end of the list.

        Parameters
        ----------
        keys : ndarray of int64, shape (n,)
            Different from each other and from those that are there.
        """
        if 4 * (self._n + len(keys)) > len(self.table.slots):
            old, rows = self.table.slots[self.table.slots[:, 0] != EMPTY].T
            self.table = _room(2 * (self._n + len(keys)))
            self._put(old, rows)
        self._put(keys, np.arange(self._n + 1, self._n + len(keys) + 1))
        self._n += len(keys)

    def _put(self, keys: np.ndarray, rows: np.ndarray) -> None:
        table = self.table
        place = table.places(keys)
        while len(keys):
            # Of the keys that want one free place, the first gets it; the others try the next one.
            wanted, first = np.unique(place, return_index=True)
            free = table.slots[wanted, 0] == EMPTY
            taken = first[free]
            table.slots[wanted[free]] = np.stack([keys[taken], rows[taken]], axis=1)
            left = np.ones(len(keys), dtype=bool)
            left[taken] = False
            keys, rows, place = keys[left], rows[left], (place[left] + 1) & (len(table.slots) - 1)


def _bits(n: int) -> int:
    """Give the logarithm of the places of a table for `n` keys."""
    return max(4, int(4 * n).bit_length())


def _room(n: int) -> HashTable:
    """Make a table for `n` keys, at most a quarter of it filled."""
    bits = _bits(n)
    slots = np.zeros((1 << bits, 2), dtype=np.int64)
    slots[:, 0] = EMPTY
    return HashTable(slots, np.uint64(64 - bits))


def crowding(keys: np.ndarray) -> float:
    """Compute how far from their first places keys stand in a `HashIndex`, without making it.

    Parameters
    ----------
    keys : ndarray of int64, shape (n,)
        Different.

    Returns
    -------
    float
        Mean number of places, but for those that are moved on from the end of the table to its beginning.

    Examples
    --------
    >>> crowding(np.arange(1, 1001)) < 0.5
    True
    """
    n = len(keys)
    table = HashTable(np.empty((0, 2), dtype=np.int64), np.uint64(64 - _bits(n)))
    free = np.sort(table.places(keys)) - np.arange(n)
    # In the order of their first places, each stands behind the one before it.
    return float(np.mean(np.maximum.accumulate(free) - free)) if n else 0.0


def pair_keys(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Make one number of two, both ndarray of int64 below 2**31; the compiled loops do the same."""
    return (first << 32) | second


def pair_table(pairs: np.ndarray, size: int) -> np.ndarray:
    """Put pairs of small numbers into a square, where they are found by direct address.

    Parameters
    ----------
    pairs : ndarray of int, shape (n, 2)
        Different pairs of numbers from 0 to `size` - 1. The first stands at 1.
    size : int

    Returns
    -------
    ndarray of int32, shape (size, size)
        0 for all other pairs.
    """
    rows = np.zeros((size, size), dtype=np.int32)
    rows[pairs[:, 0], pairs[:, 1]] = np.arange(1, len(pairs) + 1)
    return rows
