"""Splits that keep together what belongs together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from wiredesk.seeds import Record


def split_units(records: Sequence[Record]) -> np.ndarray:
    """Find the units that a split may not tear apart.

    Records that share a document or a group are in one unit, directly or through others; a record with
    neither is a unit of its own.

    Parameters
    ----------
    records : sequence of Record

    Returns
    -------
    ndarray of int, shape (n,)
        Numbered by first appearance.

    Examples
    --------
    >>> split_units([Record("a", (), document="d"), Record("b", (), group="g"), Record("c", (), document="d")]).tolist()
    [0, 1, 0]
    """
    nodes: dict[tuple[str, str], int] = {}
    edges = [
        (i, nodes.setdefault((kind, name), len(records) + len(nodes)))
        for i, record in enumerate(records)
        for kind, name in (("document", record.document), ("group", record.group))
        if name is not None
    ]
    size = len(records) + len(nodes)
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    components = connected_components(graph, directed=False)[1][: len(records)]
    order = {component: number for number, component in enumerate(dict.fromkeys(components.tolist()))}
    return np.array([order[component] for component in components.tolist()], dtype=np.int64)


def grouped_folds(units: np.ndarray, y: np.ndarray, n_folds: int, seed: int = 0) -> np.ndarray:
    """Deal units into folds that have about the same number of sentences of each type.

    Iterative stratification [1]_ by unit: the type with the fewest sentences is dealt first, each of its
    units to the fold that has the fewest of that type, on a tie the fewest sentences.

    Parameters
    ----------
    units : ndarray of int, shape (n,)
        From `split_units`.
    y : ndarray of bool, shape (n, n_types)
    n_folds : int
    seed : int, default=0
        Of the order in which units are dealt.

    Returns
    -------
    ndarray of int, shape (n,)
        The fold of each sentence.

    References
    ----------
    .. [1] K. Sechidis, G. Tsoumakas, I. Vlahavas (2011). On the stratification of multi-label data.
       ECML PKDD. https://doi.org/10.1007/978-3-642-23808-6_10
    """
    n_units = int(units.max(initial=-1)) + 1
    carried = np.stack([np.bincount(units, weights=column, minlength=n_units) for column in y.T], axis=1)
    sizes = np.bincount(units, minlength=n_units)
    rarity = np.argsort(carried.sum(axis=0), kind="stable")
    # The rarest type of each unit; units without any come last.
    rarest = np.full(n_units, len(rarity))
    for place, column in reversed(list(enumerate(rarity))):
        rarest[carried[:, column] > 0] = place
    shuffled = np.random.default_rng(seed).permutation(n_units)
    fold_of = np.zeros(n_units, dtype=np.int64)
    filled = np.zeros((n_folds, y.shape[1] + 1))
    for unit in shuffled[np.argsort(rarest[shuffled], kind="stable")]:
        column = rarity[rarest[unit]] if rarest[unit] < len(rarity) else -1
        fold = np.lexsort((filled[:, -1], filled[:, column]))[0]
        fold_of[unit] = fold
        filled[fold, :-1] += carried[unit]
        filled[fold, -1] += sizes[unit]
    return fold_of[units]
