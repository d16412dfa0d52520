"""Intervals by drawing documents with replacement."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

#: Draws that are weighed at a time are so many that their weights of sentences fill about this many numbers.
_CHUNK = 2_000_000

#: Draws of so many documents in all are kept, at two bytes each: drawing takes longer than most scores.
_KEPT = 30_000_000


class DocumentBootstrap:
    r"""Draw documents with replacement and see how much a score varies.

    Sentences of a document err together, so drawing sentences would give intervals that are too narrow.

    Parameters
    ----------
    units : ndarray of int, shape (n,)
        The document of each sentence.
    level : float, default=0.95
        Share of the intervals that shall hold the true value.
    draws : int, default=1000
    seed : int, default=0
        Two scores of the same sentences are drawn alike, so that their difference is paired.

    Attributes
    ----------
    units : ndarray of int, shape (n,)
        Numbered from 0.
    n_units : int

    Notes
    -----
    The bounds are quantiles of the drawn scores. Plain percentiles, at :math:`\alpha / 2`, are too narrow for few
    documents: a bootstrap's variance is that of :math:`n` values with denominator :math:`n`, and a normal quantile is
    no t quantile. So they are taken at :math:`\Phi(-\sqrt{n / (n - 1)} \, t_{1 - \alpha / 2, n - 1})`, which is the
    expanded percentile interval of [1]_. ``benchmarks/intervals.py`` compares the variants by how often they hold the
    true value. Drawing whole clusters is described in [2]_.

    References
    ----------
    .. [1] T. Hesterberg (2015). What teachers should know about the bootstrap: resampling in the undergraduate
       statistics curriculum. The American Statistician 69(4). https://doi.org/10.1080/00031305.2015.1089789
    .. [2] A. Davison, D. Hinkley (1997). Bootstrap methods and their application, section 3.8. Cambridge University
       Press. https://doi.org/10.1017/CBO9780511802843

    Examples
    --------
    >>> right = np.array([1, 1, 1, 0, 0, 1])
    >>> bootstrap = DocumentBootstrap(np.array([0, 0, 1, 1, 2, 2]))
    >>> per_document = np.column_stack([bootstrap.total(right), bootstrap.total(np.ones(6))])
    >>> drawn = bootstrap.draw(lambda times: np.divide(*(times @ per_document).T))
    >>> bootstrap.interval(drawn)
    (0.5, 1.0)
    """

    def __init__(self, units: np.ndarray, *, level: float = 0.95, draws: int = 1000, seed: int = 0) -> None:
        names, self.units = np.unique(units, return_inverse=True)
        self.n_units = len(names)
        self.level, self.draws, self.seed = level, draws, seed
        self._kept: list[np.ndarray] = []

    def total(self, values: np.ndarray) -> np.ndarray:
        """Add up the sentences of each document.

        Parameters
        ----------
        values : ndarray, shape (n,) or (n, k)

        Returns
        -------
        ndarray of float64, shape (n_units,) or (n_units, k)
        """
        if values.ndim == 1:
            return np.bincount(self.units, weights=values, minlength=self.n_units)
        return np.stack([self.total(column) for column in values.T], axis=1)

    def draw(self, statistic: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Compute a score of every draw.

        Parameters
        ----------
        statistic : callable
            Gets how often each document was drawn, ndarray of float64 of shape (d, n_units), and gives an array whose
            first axis has the length d.

        Returns
        -------
        ndarray, shape (draws, ...)
        """
        return np.concatenate([statistic(times.astype(np.float64)) for times in self._times()])

    def _times(self) -> Iterator[np.ndarray]:
        """Yield how often each document is drawn, some draws at a time; the same whenever it is asked."""
        if self._kept:
            yield from self._kept
            return
        rng = np.random.default_rng(self.seed)
        chances = np.full(self.n_units, 1 / max(1, self.n_units))
        size = max(1, _CHUNK // max(1, len(self.units)))
        kept = []
        for first in range(0, self.draws, size):
            times = rng.multinomial(self.n_units, chances, size=min(size, self.draws - first))
            if self.n_units * self.draws <= _KEPT:
                kept.append(times.astype(np.uint16))
            yield times
        self._kept = kept

    def interval(self, drawn: np.ndarray) -> tuple[float, float] | None:
        """Give the interval of one score.

        Parameters
        ----------
        drawn : ndarray of float, shape (draws,)
            NaN where a draw has no such score.

        Returns
        -------
        low, high : float
            None if there is one document, which tells nothing of others, or no draw has the score.
        """
        drawn = drawn[~np.isnan(drawn)]
        if self.n_units < 2 or not len(drawn):
            return None
        from scipy.special import ndtr, stdtrit  # Half a second less than scipy.stats.

        n = self.n_units
        tail = ndtr(np.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 - self.level) / 2))
        low, high = np.quantile(drawn, [tail, 1 - tail])
        return float(low), float(high)
