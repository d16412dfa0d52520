"""Folds that keep together what belongs together."""

from __future__ import annotations

import numpy as np


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

    Examples
    --------
    >>> units = np.array([0, 0, 1, 1, 2, 3])
    >>> y = np.array([[True], [False], [True], [False], [True], [True]])
    >>> folds = grouped_folds(units, y, 2)
    >>> [int(y[folds == k].sum()) for k in (0, 1)]
    [2, 2]
    >>> bool(folds[0] == folds[1] and folds[2] == folds[3])
    True
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
