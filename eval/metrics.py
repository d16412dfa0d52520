"""Scores of predicted types against labelled ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Bins of equal width of the calibration error.
BINS = 10


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


def calibration_error(y: np.ndarray, probabilities: np.ndarray, bins: int = BINS) -> float:
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
    gaps = np.bincount(bin_of(probabilities, bins), weights=y.astype(float) - probabilities, minlength=bins)
    return float(np.abs(gaps).sum() / max(1, len(y)))


def calibration_floor(
    probabilities: np.ndarray, bins: int = BINS, *, draws: int = 200, seed: int = 0
) -> tuple[float, float]:
    """Estimate the calibration error that chance alone makes.

    Parameters
    ----------
    probabilities : ndarray of float, shape (n,)
    bins : int, default=10
    draws : int, default=200
        Times that labels are drawn with exactly these probabilities, each sentence by itself.
    seed : int, default=0

    Returns
    -------
    mean : float
        Expected calibration error of a model whose probabilities are perfect.
    high : float
        Its 95th percentile: no error up to it shows that a model is not calibrated.

    Examples
    --------
    >>> calibration_floor(np.array([0.0, 1.0, 1.0]))
    (0.0, 0.0)
    """
    rng = np.random.default_rng(seed)
    errors = [
        calibration_error(rng.random(len(probabilities)) < probabilities, probabilities, bins) for _ in range(draws)
    ]
    return float(np.mean(errors)), float(np.quantile(errors, 0.95))


def bin_of(probabilities: np.ndarray, bins: int = BINS) -> np.ndarray:
    """Find the bin of equal width that each probability falls into.

    Parameters
    ----------
    probabilities : ndarray of float, shape (n,)
    bins : int, default=10

    Returns
    -------
    ndarray of int, shape (n,)
        A border belongs to the bin above.

    Examples
    --------
    >>> bin_of(np.array([0.0, 0.5, 1.0])).tolist()
    [0, 5, 9]
    """
    found: np.ndarray = np.minimum((probabilities * bins).astype(int), bins - 1)
    return found
