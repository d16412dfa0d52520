"""What a report draws: curves of one type, and which types come together."""

from __future__ import annotations

from typing import Any

import numpy as np

from wiredesk.eval.bootstrap import DocumentBootstrap
from wiredesk.eval.metrics import BINS, Counts, bin_of
from wiredesk.eval.predictions import Predictions
from wiredesk.eval.ranking import Ranking

#: A longer precision-recall curve is thinned: for each of so many recalls, evenly spaced, the highest threshold stays
#: that reaches it. By rank instead, a rare type would keep next to nothing but the end of its curve.
POINTS = 200

#: Recalls of the workload curve.
RECALLS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99)

#: Bars of the distribution of probabilities.
BARS = 20


def curves_of(predictions: Predictions, j: int, bootstrap: DocumentBootstrap) -> dict[str, Any]:
    """Compute the curves of one type.

    Parameters
    ----------
    predictions : Predictions
    j : int
        Column of the type.
    bootstrap : DocumentBootstrap
        Of the same sentences.

    Returns
    -------
    dict
        ``precision_recall``: rows of threshold, precision, recall, by falling threshold; ``reliability``: a dict for
        each bin that holds sentences, the share with its interval; ``histogram``: how many sentences with and without
        the type have which probability; ``thresholds``: what each threshold gives, from 0.05 to 0.95 and the model's
        own; ``workload``: rows of recall and the share of the sentences to read for it, the most probable first.
    """
    y, p = predictions.y[:, j], predictions.probabilities[:, j]
    ranking = Ranking(y, p)
    points = np.stack(ranking.curve(), axis=1)
    if len(points) > POINTS:
        wanted = np.arange(POINTS + 1) / POINTS - 1e-9  # Counts are whole numbers: what is missing by rounding is none.
        kept = np.minimum(np.searchsorted(points[:, 2], wanted), len(points) - 1)
        points = points[np.unique([*kept.tolist(), len(points) - 1])]
    edges = np.linspace(0, 1, BARS + 1)
    shares = ranking.reading(*ranking.accumulate(np.ones((1, len(y)))), RECALLS)[0]
    settings = sorted({*(np.arange(1, 20) / 20).round(2).tolist(), float(predictions.thresholds[j])})
    return {
        "precision_recall": points.tolist(),
        "reliability": _reliability(y, p, bootstrap),
        "histogram": {
            "edges": edges.round(2).tolist(),
            "with": np.bincount(bin_of(p[y], BARS), minlength=BARS).tolist(),
            "without": np.bincount(bin_of(p[~y], BARS), minlength=BARS).tolist(),
        },
        "thresholds": [_at_threshold(y, p, threshold) for threshold in settings],
        "workload": [
            [recall, None if np.isnan(share) else share] for recall, share in zip(RECALLS, shares.tolist(), strict=True)
        ],
    }


def cooccurrence(given: np.ndarray) -> list[list[int]]:
    """Count the sentences that have two types.

    Parameters
    ----------
    given : ndarray of bool, shape (n, n_types)

    Returns
    -------
    list of list of int, shape (n_types, n_types)
        On the diagonal the sentences that have the type.

    Examples
    --------
    >>> cooccurrence(np.array([[True, True], [True, False]]))
    [[2, 1], [1, 1]]
    """
    ones = given.astype(np.int64)
    counts: list[list[int]] = (ones.T @ ones).tolist()
    return counts


def _reliability(y: np.ndarray, p: np.ndarray, bootstrap: DocumentBootstrap) -> list[dict[str, Any]]:
    """Compare, bin by bin, the mean probability with the share that carries the type."""
    inside = bin_of(p)[:, None] == np.arange(BINS)
    counts, hits, sums = inside.sum(axis=0), (inside & y[:, None]).sum(axis=0), (inside * p[:, None]).sum(axis=0)
    totals = bootstrap.total(np.column_stack([inside & y[:, None], inside]).astype(np.float64))

    def shares(times: np.ndarray) -> np.ndarray:
        drawn = times @ totals
        above, below = drawn[:, :BINS], drawn[:, BINS:]
        found: np.ndarray = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
        return found

    drawn = bootstrap.draw(shares)
    return [
        {
            "low": b / BINS,
            "high": (b + 1) / BINS,
            "sentences": int(counts[b]),
            "mean_probability": float(sums[b] / counts[b]),
            "share": float(hits[b] / counts[b]),
            "share_ci95": bootstrap.interval(drawn[:, b]),
        }
        for b in range(BINS)
        if counts[b]
    ]


def _at_threshold(y: np.ndarray, p: np.ndarray, threshold: float) -> dict[str, Any]:
    counts = Counts.of(y, p >= threshold)
    return {
        "threshold": threshold,
        "predicted": counts.tp + counts.fp,
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
    }
