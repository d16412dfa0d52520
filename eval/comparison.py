"""Two models on the same sentences, and one model with and without some of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from wiredesk.eval.bootstrap import DocumentBootstrap
from wiredesk.eval.predictions import Predictions
from wiredesk.eval.scores import Scores


def compare(first: Predictions, second: Predictions) -> dict[str, Any]:
    """Compare two models' predictions of the same sentences.

    Parameters
    ----------
    first, second : Predictions
        Of the same sentences and types, in the same order.

    Returns
    -------
    dict
        ``macro_f1``, ``micro_f1``, ``exact_match``, and per type ``f1``, ``average_precision``, ``brier_score``: each a
        dict of ``first``, ``second``, ``difference`` (second minus first) and ``difference_ci95``, an interval paired
        over documents. ``right_only_first`` and ``right_only_second`` count the sentences whose types only one has
        exactly right.

    Raises
    ------
    ValueError
        If types or labels differ.

    Notes
    -----
    Both are scored on the same drawn documents. What makes a document hard for both cancels out, so the interval of the
    difference is narrower than those of the scores let expect.

    Examples
    --------
    >>> from wiredesk.eval.predictions import predict_records
    >>> from wiredesk.models import load_model
    >>> rows = [{"text": "Shells fell on Darsa.", "labels": ["attack_report"]}, {"text": "Rain fell.", "labels": []}]
    >>> model = load_model()
    >>> strict = model.with_thresholds({"attack_report": 1.0})
    >>> found = compare(predict_records(model, rows), predict_records(strict, rows))
    >>> found["exact_match"]["first"], found["exact_match"]["second"]
    (1.0, 0.5)
    >>> found["right_only_first"]
    1
    """
    _check_same(first, second)
    bootstrap = DocumentBootstrap(first.units)
    one, other = Scores(first, bootstrap), Scores(second, bootstrap)

    def gap(name: str, j: int | None = None) -> dict[str, Any]:
        column = ... if j is None else (..., j)
        values = [float(scores.observed[name][column]) for scores in (one, other)]
        known = not any(np.isnan(values))
        drawn = other.drawn(name)[column] - one.drawn(name)[column]
        return {
            "first": values[0] if not np.isnan(values[0]) else None,
            "second": values[1] if not np.isnan(values[1]) else None,
            "difference": values[1] - values[0] if known else None,
            "difference_ci95": bootstrap.interval(drawn) if known else None,
        }

    right = [(predictions.y == predictions.predicted).all(axis=1) for predictions in (first, second)]
    return {
        "macro_f1": gap("macro_f1"),
        "micro_f1": gap("micro_f1"),
        "exact_match": gap("exact_match"),
        "types": {
            name: {score: gap(score, j) for score in ("f1", "average_precision", "brier_score")}
            for j, name in enumerate(first.types)
        },
        "right_only_first": int((right[0] & ~right[1]).sum()),
        "right_only_second": int((right[1] & ~right[0]).sum()),
    }


def _check_same(first: Predictions, second: Predictions) -> None:
    if first.types != second.types:
        both = f"{', '.join(first.types)} and {', '.join(second.types)}"
        raise ValueError(f"the types are {both}; compare predictions of the same ones, in the same order")
    if not np.array_equal(first.y, second.y):
        raise ValueError("the predictions are not of the same labelled sentences; predict the same records with both")


def without(predictions: Predictions, rows: np.ndarray) -> dict[str, Any]:
    """Say how much of the score some sentences explain.

    Parameters
    ----------
    predictions : Predictions
    rows : ndarray of bool, shape (n,)
        The sentences in question, such as those that nearly stand in the training data.

    Returns
    -------
    dict
        ``sentences`` and ``share`` of them, ``macro_f1`` of all, ``macro_f1_without`` them, ``difference`` (all minus
        without) and ``difference_ci95``; the last three are None if nothing is left without them.

    Examples
    --------
    >>> from wiredesk.eval.predictions import predict_records
    >>> from wiredesk.models import load_model
    >>> rows = [{"text": "Shells fell on Darsa.", "labels": ["attack_report"]}, {"text": "Rain fell.", "labels": []}]
    >>> without(predict_records(load_model(), rows), np.array([True, False]))["share"]
    0.5
    """
    y, given = predictions.y, predictions.predicted
    bootstrap = DocumentBootstrap(predictions.units)
    kept = ~rows[:, None]
    hits, marks = y & given, y.astype(int) + given
    totals = [bootstrap.total(values.astype(np.float64)) for values in (hits, marks, hits & kept, marks * kept)]

    def macro_f1(times: np.ndarray) -> np.ndarray:
        all_hits, all_marks, hits, marks = (times @ total for total in totals)
        return np.stack(
            [(2 * a / np.maximum(1, b)).mean(axis=1) for a, b in ((all_hits, all_marks), (hits, marks))], axis=1
        )

    everything, rest = macro_f1(np.ones((1, bootstrap.n_units)))[0].tolist()
    drawn = bootstrap.draw(macro_f1)
    some = bool(kept.any())
    return {
        "sentences": int(rows.sum()),
        "share": float(rows.mean()),
        "macro_f1": everything,
        "macro_f1_without": rest if some else None,
        "difference": everything - rest if some else None,
        "difference_ci95": bootstrap.interval(drawn[:, 0] - drawn[:, 1]) if some else None,
    }
