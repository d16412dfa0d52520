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


def best_threshold(probabilities: np.ndarray, y: np.ndarray) -> float:
    """Find the threshold with the best F1.

    Parameters
    ----------
    probabilities : ndarray of float, shape (n,)
        Out-of-fold probabilities of one type.
    y : ndarray of bool, shape (n,)

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
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    # Sentences of equal probability pass together.
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    hits = np.cumsum(y[order])[last]
    f1 = 2 * hits / (last + 1 + y.sum())
    best = int(np.argmax(f1))
    below = ranked[last[best] + 1] if best + 1 < len(last) else 0.0
    middle = float((ranked[last[best]] + below) / 2)
    return middle if middle > below else float(ranked[last[best]])
