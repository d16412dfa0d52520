"""From raw scores to probabilities, and from probabilities to a decision."""

from __future__ import annotations

import numpy as np


def sigmoid(scores: np.ndarray) -> np.ndarray:
    """Compute the logistic function without overflow.

    Parameters
    ----------
    scores : ndarray of float

    Returns
    -------
    ndarray of float64
        1 / (1 + exp(-scores)).

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    scores = np.asarray(scores, dtype=np.float64)
    small = np.exp(-np.abs(scores))
    result: np.ndarray = np.where(scores >= 0, 1.0, small) / (1.0 + small)
    return result


def fit_sigmoid(scores: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    r"""Fit the calibration of one type: P(y = 1 | s) = sigmoid(slope * s + intercept).

    This is Platt's scaling [1]_ without his smoothing of the targets, which matters for small samples
    only. Fit it on out-of-fold scores: scores of sentences that were trained on are too extreme.

    Parameters
    ----------
    scores : ndarray of float, shape (n,)
        Raw scores.
    y : ndarray of bool, shape (n,)

    Returns
    -------
    slope, intercept : float

    References
    ----------
    .. [1] J. Platt (1999). Probabilistic outputs for support vector machines and comparisons to
       regularized likelihood methods. Advances in Large Margin Classifiers.

    Examples
    --------
    >>> slope, intercept = fit_sigmoid(np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 0.5]), np.array([0, 0, 1, 1, 1, 0]))
    >>> slope > 0
    True
    """
    from sklearn.linear_model import LogisticRegression  # only needed to train; predicting imports this module too
    from threadpoolctl import threadpool_limits

    # Standardised: the penalty means the same whatever the scale of the scores.
    middle, spread = float(scores.mean()), float(scores.std()) or 1.0
    # C is large, not infinite: separable scores would otherwise have no finite solution.
    with threadpool_limits(1):
        logistic = LogisticRegression(C=1e4, solver="newton-cg", tol=1e-8, max_iter=1000)
        fitted = logistic.fit(((scores - middle) / spread)[:, None], y)
    slope = float(fitted.coef_[0, 0]) / spread
    return slope, float(fitted.intercept_[0]) - slope * middle


def threshold_for(probabilities: np.ndarray, y: np.ndarray, *, recall: float = 0.0, precision: float = 0.0) -> float:
    """Find the threshold that reaches a recall or a precision and gives away least of the other.

    Parameters
    ----------
    probabilities : ndarray of float, shape (n,)
        Out-of-fold probabilities of one type.
    y : ndarray of bool, shape (n,)
    recall, precision : float, default=0
        Lowest share that is wanted, above 0 and at most 1; give one of them.

    Returns
    -------
    float
        The highest threshold of that recall, or the lowest of that precision, half-way to the next probability.

    Raises
    ------
    ValueError
        If no threshold reaches the precision.

    Examples
    --------
    >>> p, y = np.array([0.1, 0.4, 0.6, 0.9]), np.array([False, True, False, True])
    >>> threshold_for(p, y, recall=0.5), threshold_for(p, y, recall=1.0), threshold_for(p, y, precision=1.0)
    (0.75, 0.25, 0.75)
    """
    if (recall > 0) == (precision > 0) or max(recall, precision) > 1:
        raise ValueError(f"recall={recall!r}, precision={precision!r}; give one of them, above 0 and at most 1")
    ranked, passing, hits = _ranks(probabilities, y)
    if recall:
        at = int(np.argmax(hits / max(1, y.sum()) >= recall))
    else:
        reached = np.flatnonzero(hits / passing >= precision)
        if not len(reached):
            raise ValueError(
                f"no threshold has a precision of {precision:g}, the best {(hits / passing).max():.3f}; ask for less"
            )
        at = int(reached[-1])
    return _between(ranked, at)


def _ranks(probabilities: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the distinct probabilities, highest first, and how many sentences and hits pass at each."""
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    # Sentences of equal probability pass together.
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    return ranked[last], last + 1, np.cumsum(y[order])[last]


def _between(ranked: np.ndarray, at: int, lowest: float = 0.0) -> float:
    """Give the middle between the lowest probability that passes and the next one below."""
    below = ranked[at + 1] if at + 1 < len(ranked) else lowest
    middle = float((ranked[at] + below) / 2)
    return middle if middle > below else float(ranked[at])


def best_threshold(probabilities: np.ndarray, y: np.ndarray, lowest: float = 0.0) -> float:
    """Find the threshold with the best F1.

    Parameters
    ----------
    probabilities : ndarray of float, shape (n,)
        Out-of-fold probabilities of one type.
    y : ndarray of bool, shape (n,)
    lowest : float, default=0
        What lies below all probabilities; minus infinity for raw scores.

    Returns
    -------
    float
        Half-way between the lowest probability that passes and the next one below; the higher
        threshold on a tie.

    Examples
    --------
    >>> best_threshold(np.array([0.1, 0.4, 0.6, 0.9]), np.array([False, True, False, True]))
    0.25
    """
    ranked, passing, hits = _ranks(probabilities, y)
    return _between(ranked, int(np.argmax(2 * hits / (passing + y.sum()))), lowest)
