"""Scores of predicted types against labelled ones."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Counts:
    """Hits and misses of one type; the ratios derive from them.

    A ratio without a denominator is 0, as in scikit-learn's ``zero_division=0``.

    Attributes
    ----------
    tp, fp, fn : int
        Correctly given, wrongly given, wrongly left out.

    Examples
    --------
    >>> counts = Counts.of([True, True, False], [True, False, True])
    >>> counts, counts.f1
    (Counts(tp=1, fp=1, fn=1), 0.5)
    """

    tp: int
    fp: int
    fn: int

    @classmethod
    def of(cls, y: Sequence[bool] | np.ndarray, predicted: Sequence[bool] | np.ndarray) -> Counts:
        """Count over sentences.

        Parameters
        ----------
        y, predicted : sequence of bool, shape (n,)

        Returns
        -------
        Counts
        """
        y, predicted = np.asarray(y, dtype=bool), np.asarray(predicted, dtype=bool)
        return cls(int((y & predicted).sum()), int((~y & predicted).sum()), int((y & ~predicted).sum()))

    @property
    def positives(self) -> int:
        """Sentences that carry the type."""
        return self.tp + self.fn

    @property
    def precision(self) -> float:
        """Share of the given that is right."""
        return self.tp / max(1, self.tp + self.fp)

    @property
    def recall(self) -> float:
        """Share of the carried that is given."""
        return self.tp / max(1, self.tp + self.fn)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.tp / max(1, 2 * self.tp + self.fp + self.fn)


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
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(y, probabilities)) if y.any() else None


def calibration_error(y: np.ndarray, probabilities: np.ndarray, bins: int = 10) -> float:
    r"""Compute the expected calibration error.

    Parameters
    ----------
    y : ndarray of bool, shape (n,)
    probabilities : ndarray of float, shape (n,)
    bins : int, default=10
        Bins of equal width.

    Returns
    -------
    float
        :math:`\sum_b \frac{n_b}{n} |\bar{y}_b - \bar{p}_b|` over the bins that are not empty [1]_.

    References
    ----------
    .. [1] M. Naeini, G. Cooper, M. Hauskrecht (2015). Obtaining well calibrated probabilities using
       Bayesian binning. AAAI. https://doi.org/10.1609/aaai.v29i1.9602

    Examples
    --------
    >>> round(calibration_error(np.array([True, False]), np.array([0.9, 0.2])), 3)
    0.15
    """
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = np.bincount(which, weights=y.astype(float) - probabilities, minlength=bins)
    return float(np.abs(gaps).sum() / max(1, len(y)))


def bootstrap_macro_f1(
    y: np.ndarray,
    predicted: np.ndarray,
    units: Sequence[Hashable],
    *,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Estimate intervals of F1 by drawing documents with replacement.

    Sentences of a document err together, so drawing sentences would give intervals that are too narrow.

    Parameters
    ----------
    y, predicted : ndarray of bool, shape (n, n_types)
    units : sequence of hashable, shape (n,)
        The document of each sentence.
    level : float, default=0.95
        Share of draws inside the interval (percentile bootstrap).
    draws : int, default=1000
    seed : int, default=0

    Returns
    -------
    low, high : ndarray of float64, shape (n_types + 1,)
        Bounds of each type's F1, and last of their mean.
    """
    index = {unit: i for i, unit in enumerate(dict.fromkeys(units))}
    which = np.array([index[unit] for unit in units])
    parts = [
        np.stack([np.bincount(which, weights=column, minlength=len(index)) for column in values.T], axis=1)
        for values in (y & predicted, y.astype(int) + predicted)
    ]
    rng = np.random.default_rng(seed)
    chances = np.full(len(index), 1 / len(index))
    f1 = np.empty((draws, y.shape[1]))
    for i in range(draws):
        times = rng.multinomial(len(index), chances)  # How often each document is drawn.
        f1[i] = 2 * (times @ parts[0]) / np.maximum(1, times @ parts[1])
    f1 = np.column_stack([f1, f1.mean(axis=1)])
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(f1, [tail, 100 - tail], axis=0)
    return low, high
