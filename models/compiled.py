"""The two loops that scoring spends its time in, compiled to machine code by numba.

They do what `find_tokens` and `sum_terms` do, add up the same numbers in the same order, and differ in no bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from wiredesk.features.tokens import REACH
from wiredesk.models.lookup import EMPTY, MULTIPLIER, HashTable
from wiredesk.models.terms import Known, TermSums, TermWeights
from wiredesk.models.tokentable import FoundTokens


@njit(cache=True, nogil=True)
def find_tokens(data: np.ndarray, values: np.ndarray, multipliers: np.ndarray, table: HashTable) -> FoundTokens:
    """Split joined texts at white space and look the tokens up (`tokentable.find_tokens`)."""
    most = len(data) // 2 + 1
    starts, ends = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    keys, rows = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    n, i = 0, 0
    while i < len(data):
        value = values[data[i]]
        if value == 0:
            i += 1
            continue
        start, key = i, np.uint64(0)
        while value != 0:
            key += value * multipliers[min(i - start, len(multipliers) - 1)]
            i += 1
            value = values[data[i]] if i < len(data) else np.uint64(0)
        starts[n], ends[n], keys[n], rows[n] = start, i, np.int64(key), _find(np.int64(key), table)
        n += 1
    return FoundTokens(starts[:n], ends[:n], keys[:n], rows[:n])


@njit(cache=True, nogil=True)
def sum_terms(ids: np.ndarray, known: Known, weights: TermWeights) -> TermSums:
    """Add up what the tokens of sentences contribute (`terms.sum_terms`)."""
    edges = np.flatnonzero(ids == 0)
    n, n_types = len(edges) - 1, known.sums.shape[1]
    n_symbols = np.int64(0)
    for token in ids:
        n_symbols += known.symbol_ends[token + 1] - known.symbol_ends[token]
    numbers = np.empty(n_symbols, dtype=np.int64)
    bits, names = np.empty(n_symbols, dtype=np.int64), np.empty(n_symbols, dtype=np.int64)
    starts = np.empty(n + 1, dtype=np.int64)
    at = 0
    for i in range(len(ids)):
        for j in range(known.symbol_ends[ids[i]], known.symbol_ends[ids[i] + 1]):
            numbers[at], bits[at], names[at] = known.symbols[j, 0], known.symbols[j, 1], known.symbols[j, 2]
            at += 1
    at = 0
    for sentence in range(n + 1):
        starts[sentence] = at + 1  # After the separator's END.
        if sentence < n:
            for i in range(edges[sentence], edges[sentence + 1]):
                at += known.symbol_ends[ids[i] + 1] - known.symbol_ends[ids[i]]
    total = np.empty((n, n_types))
    pairs, two, three, near = np.empty((4, n_types))
    most = 0
    for sentence in range(n):
        words = np.int64(0)
        for i in range(edges[sentence], edges[sentence + 1]):
            words += known.word_ends[ids[i] + 1] - known.word_ends[ids[i]]
        most = max(most, words, REACH * (starts[sentence + 1] - starts[sentence]))
    rows = np.empty(most, dtype=np.int64)
    for sentence in range(n):
        tokens = ids[edges[sentence] + 1 : edges[sentence + 1]]
        symbols = numbers[starts[sentence] : starts[sentence + 1]]
        own = total[sentence]
        _sum_rows(known.sums, tokens, own)
        _sum_rows(weights.pair_weights, rows[: _find_pairs(tokens, known, weights, rows)], pairs)
        _sum_rows(weights.two_weights, rows[: _find_two(symbols, weights, rows)], two)
        _sum_rows(weights.three_weights, rows[: _find_three(symbols, weights, rows)], three)
        _sum_rows(weights.near_weights, rows[: _find_near(symbols, weights, rows)], near)
        for k in range(n_types):
            own[k] = own[k] + weights.edges[k] + pairs[k] + (two[k] + three[k] + near[k])
    first, last = starts[0], starts[-1]
    return TermSums(total, edges, bits[first:last], names[first:last], starts - first)


@njit(cache=True, nogil=True)
def _find_pairs(tokens: np.ndarray, known: Known, weights: TermWeights, rows: np.ndarray) -> int:
    """Write the rows of pairs of neighbouring words down; give their number."""
    n, before = 0, 0
    for token in tokens:
        for i in range(known.word_ends[token], known.word_ends[token + 1]):
            word = known.words[i]
            if before > 0 and word > 0:
                row = _find((before << 32) | word, weights.pairs)
                rows[n] = row
                n += row != 0
            before = word
    return n


@njit(cache=True, nogil=True)
def _find_two(symbols: np.ndarray, weights: TermWeights, rows: np.ndarray) -> int:
    n = 0
    for i in range(len(symbols) - 1):
        row = weights.two[symbols[i], symbols[i + 1]]
        rows[n] = row
        n += row != 0
    return n


@njit(cache=True, nogil=True)
def _find_three(symbols: np.ndarray, weights: TermWeights, rows: np.ndarray) -> int:
    n = 0
    for i in range(len(symbols) - 2):
        start = weights.two[symbols[i], symbols[i + 1]]
        if start:
            row = _find(start * len(weights.two) + symbols[i + 2], weights.three)
            rows[n] = row
            n += row != 0
    return n


@njit(cache=True, nogil=True)
def _find_near(symbols: np.ndarray, weights: TermWeights, rows: np.ndarray) -> int:
    n = 0
    for i in range(len(symbols) - 1):
        for j in range(i + 1, min(i + 1 + REACH, len(symbols))):
            row = weights.near[symbols[i], symbols[j]]
            rows[n] = row
            n += row != 0
    return n


@njit(cache=True, nogil=True)
def _find(key: np.int64, table: HashTable) -> int:
    place = np.int64((np.uint64(key) * MULTIPLIER) >> table.shift)
    while table.slots[place, 0] != key:
        if table.slots[place, 0] == EMPTY:
            return 0
        place = (place + 1) & (len(table.slots) - 1)
    return table.slots[place, 1]


@njit(cache=True, nogil=True)
def _sum_rows(table: np.ndarray, rows: np.ndarray, total: np.ndarray) -> None:
    """Add up rows, four types at a time in registers."""
    n = len(total)
    for k in range(0, n - 3, 4):
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for row in rows:
            a += table[row, k]
            b += table[row, k + 1]
            c += table[row, k + 2]
            d += table[row, k + 3]
        total[k], total[k + 1], total[k + 2], total[k + 3] = a, b, c, d
    for k in range(n // 4 * 4, n):
        a = 0.0
        for row in rows:
            a += table[row, k]
        total[k] = a
