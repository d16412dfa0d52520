"""Sentences in the order of their probability: average precision, and how much is to be read."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


class Ranking:
    """Sentences, the most probable first; equal ones come together.

    Parameters
    ----------
    y : ndarray of bool, shape (n,)
    probabilities : ndarray of float, shape (n,)

    Notes
    -----
    Every method takes how often each sentence counts, so that drawn documents need no new sorting.
    """

    def __init__(self, y: np.ndarray, probabilities: np.ndarray) -> None:
        self._order = np.argsort(-probabilities, kind="stable")
        self._y = y[self._order].astype(np.float64)
        ranked = probabilities[self._order]
        # Positions of the last sentence of each run of equal ones.
        self._ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1) if len(ranked) else np.empty(0, int)
        self._probabilities = ranked[self._ends]

    def accumulate(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Count from the top down.

        Parameters
        ----------
        weights : ndarray of float, shape (d, n)
            How often each sentence counts.

        Returns
        -------
        found : ndarray of float64, shape (d, n_distinct)
            Positives with at least each distinct probability.
        read : ndarray of float64, shape (d, n_distinct)
            Sentences with at least that.
        """
        ranked = weights[:, self._order]
        return np.cumsum(ranked * self._y, axis=1)[:, self._ends], np.cumsum(ranked, axis=1)[:, self._ends]

    def average_precision(self, found: np.ndarray, read: np.ndarray) -> np.ndarray:
        r"""Compute the area under the precision-recall curve by steps.

        Parameters
        ----------
        found, read : ndarray of float, shape (d, n_distinct)
            From `accumulate`.

        Returns
        -------
        ndarray of float64, shape (d,)
            :math:`\sum_k (R_k - R_{k-1}) P_k` over the distinct probabilities, as in scikit-learn; NaN without
            positives.
        """
        precision = np.divide(found, read, out=np.zeros_like(found), where=read > 0)
        gained = np.diff(found, axis=1, prepend=0)
        return _ratio((gained * precision).sum(axis=1), found[:, -1])

    def reading(self, found: np.ndarray, read: np.ndarray, recalls: Iterable[float]) -> np.ndarray:
        """Compute the share of the sentences to read until a share of the positives is met.

        Parameters
        ----------
        found, read : ndarray of float, shape (d, n_distinct)
            From `accumulate`.
        recalls : iterable of float
            Shares of the positives.

        Returns
        -------
        ndarray of float64, shape (d, n_recalls)
            NaN without positives. All of several equally probable sentences are read.

        References
        ----------
        .. [1] A. Cohen, W. Hersh, K. Peterson, P.-Y. Yen (2006). Reducing workload in systematic review preparation
           using automated citation classification. JAMIA 13(2). https://doi.org/10.1197/jamia.M1929
        """
        shares = []
        for recall in recalls:
            # Counts are whole numbers: what is missing by rounding is none.
            enough = found >= recall * found[:, -1:] - 1e-9
            met = np.take_along_axis(read, enough.argmax(axis=1)[:, None], axis=1)[:, 0]
            shares.append(np.where(found[:, -1] > 0, _ratio(met, read[:, -1]), np.nan))
        return np.stack(shares, axis=1)

    def curve(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Give the precision-recall curve.

        Returns
        -------
        thresholds, precision, recall : ndarray of float64, shape (n_distinct,)
            By falling threshold; recall is 0 where there are no positives.
        """
        found, read = (rows[0] for rows in self.accumulate(np.ones((1, len(self._y)))))
        return self._probabilities, found / np.maximum(1, read), found / max(1.0, found[-1] if len(found) else 0.0)


def average_precision(y: np.ndarray, probabilities: np.ndarray) -> float | None:
    """Compute the area under the precision-recall curve by steps.

    Parameters
    ----------
    y : ndarray of bool, shape (n,)
    probabilities : ndarray of float, shape (n,)

    Returns
    -------
    float or None
        None where no sentence carries the type.

    Examples
    --------
    >>> average_precision(np.array([True, False, True]), np.array([0.9, 0.8, 0.1]))
    0.8333333333333333
    """
    if not y.any():
        return None
    ranking = Ranking(y, probabilities)
    return float(ranking.average_precision(*ranking.accumulate(np.ones((1, len(y)))))[0])


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return found
