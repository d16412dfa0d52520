"""Scores by source and by month."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

from wiredesk.eval.predictions import Predictions
from wiredesk.eval.scores import Scores
from wiredesk.seeds import Record

#: Beyond so many sources, or months, the smallest are one.
MOST = 40

#: What a sentence that does not say, and those of the smallest slices, are listed under.
UNKNOWN, OTHERS = "(not said)", "(others)"

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?!\d)", re.ASCII)


def slices_of(predictions: Predictions) -> dict[str, list[dict[str, Any]]]:
    """Score sources and months apart.

    Parameters
    ----------
    predictions : Predictions

    Returns
    -------
    dict of str to list of dict
        ``source``, the largest first, and ``month``, in order; an empty list if fewer than two are told. Dates are read
        if they begin as in ISO 8601, ``2024-03``.
    """
    sources = [record.source or UNKNOWN for record in predictions.records]
    months = [_month(record) for record in predictions.records]
    by_size = [name for name, _ in Counter(sources).most_common()]
    return {
        "source": _slices(predictions, sources, by_size),
        "month": _slices(predictions, months, sorted(set(months) - {UNKNOWN}) + [UNKNOWN] * (UNKNOWN in months)),
    }


def summary_of(name: str, predictions: Predictions) -> dict[str, Any]:
    """Give the main scores of some sentences.

    Parameters
    ----------
    name : str
    predictions : Predictions

    Returns
    -------
    dict
        ``name``, ``sentences``, ``documents``, ``macro_f1`` with interval, ``exact_match``, and per type ``positives``
        and ``f1``. A small slice may lack a type, whose F1 is then None and has no part in the mean.

    Examples
    --------
    >>> from wiredesk.eval.predictions import predict_records
    >>> from wiredesk.models import load_model
    >>> rows = [{"text": "Shells fell on Darsa.", "labels": ["attack_report"]}, {"text": "Rain fell.", "labels": []}]
    >>> summary_of("radio", predict_records(load_model(), rows))["types"]["attack_report"]
    {'positives': 1, 'f1': 1.0}
    """
    scores = Scores(predictions)
    types = zip(predictions.types, scores.counts.tolist(), scores.observed["f1"].tolist(), strict=True)
    carried = predictions.y.any(axis=0)
    some = bool(carried.any())
    return {
        "name": name,
        "sentences": len(predictions.y),
        "documents": scores.bootstrap.n_units,
        "macro_f1": float(scores.observed["f1"][carried].mean()) if some else None,
        "macro_f1_ci95": scores.bootstrap.interval(scores.drawn("f1")[:, carried].mean(axis=1)) if some else None,
        "exact_match": float(scores.observed["exact_match"]),
        "types": {
            type_name: {"positives": tp + fn, "f1": f1 if tp + fn else None} for type_name, (tp, _, fn), f1 in types
        },
    }


def _slices(predictions: Predictions, names: list[str], order: list[str]) -> list[dict[str, Any]]:
    if len(set(names) - {UNKNOWN}) < 2:
        return []
    kept = set(order)
    if len(order) > MOST:
        kept = {name for name, _ in Counter(names).most_common(MOST - 1)}
        names = [name if name in kept else OTHERS for name in names]
        order = [name for name in order if name in kept] + [OTHERS]
    labels = np.array(names, dtype=object)
    return [summary_of(name, predictions.select(labels == name)) for name in order]


def _month(record: Record) -> str:
    found = _MONTH.match(record.date or "")
    return found.group() if found else UNKNOWN
