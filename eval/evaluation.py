"""A model against labelled sentences."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wiredesk.eval.metrics import Counts, average_precision, bootstrap_macro_f1, calibration_error
from wiredesk.models import Model
from wiredesk.seeds import (
    Record,
    RecordError,
    as_records,
    document_ids,
    merge_annotators,
    refuse_fatal,
    split_units,
    target_matrix,
)


@dataclass(frozen=True, slots=True)
class Report:
    """Scores of one set of labelled sentences.

    Attributes
    ----------
    sentences, documents : int
        How many were scored; documents of one group count as one, and so does a sentence without a document.
    types : dict of str to dict
        Per type: ``positives``, ``tp``, ``fp``, ``fn``, ``precision``, ``recall``, ``f1``, ``f1_ci95`` (low, high),
        ``average_precision`` (None without positives), ``calibration_error``, and ``baseline_f1``: the F1 of giving
        the type to every sentence, the best that can be had without reading.
    macro_f1 : float
        Mean of the types' F1.
    macro_f1_ci95 : tuple of (float, float)
        95 % interval by bootstrap over documents.
    baseline_macro_f1 : float
    exact_match : float
        Share of sentences with exactly the right types.
    """

    sentences: int
    documents: int
    types: dict[str, dict[str, Any]]
    macro_f1: float
    macro_f1_ci95: tuple[float, float]
    baseline_macro_f1: float
    exact_match: float

    def to_dict(self) -> dict[str, Any]:
        """Give the scores as JSON-ready values, floats rounded to six decimals.

        Returns
        -------
        dict
        """
        values = {name: getattr(self, name) for name in self.__slots__}
        rounded: dict[str, Any] = _rounded(values)
        return rounded


def evaluate(model: Model, records: Iterable[Record | Mapping[str, Any]]) -> Report:
    """Score a model on labelled sentences.

    Parameters
    ----------
    model : Model
    records : iterable of Record or mapping
        Sentences of a document together, in order. Those with labels None serve as context and are not scored.

    Returns
    -------
    Report

    Raises
    ------
    RecordError
        If a label is not one of the model's types, a document comes back after another one, or no record is labelled.

    Examples
    --------
    >>> from wiredesk.models import load_model
    >>> report = evaluate(load_model(), [{"text": "Shells fell on Darsa.", "labels": ["attack_report"]}])
    >>> report.types["attack_report"]["f1"]
    1.0
    """
    records = merge_annotators(as_records(records))
    labelled = [i for i, record in enumerate(records) if record.labels is not None]
    if not labelled:
        raise RecordError("no record is labelled, so there is nothing to score")
    refuse_fatal(records, model.types)
    y = target_matrix([records[i] for i in labelled], model.types)
    documents = document_ids(records)
    probabilities = model.predict_proba([record.text for record in records], document_ids=documents)[labelled]
    predicted = probabilities >= np.array(list(model.thresholds.values()))
    units = split_units([records[i] for i in labelled]).tolist()
    return score_predictions(model.types, y, probabilities, predicted, units)


def score_predictions(
    types: Sequence[str], y: np.ndarray, probabilities: np.ndarray, predicted: np.ndarray, units: Sequence[Hashable]
) -> Report:
    """Score predictions, wherever they come from.

    Parameters
    ----------
    types : sequence of str
    y : ndarray of bool, shape (n, n_types)
    probabilities : ndarray of float, shape (n, n_types)
    predicted : ndarray of bool, shape (n, n_types)
    units : sequence of hashable, shape (n,)
        The document of each sentence.

    Returns
    -------
    Report
    """
    low, high = bootstrap_macro_f1(y, predicted, units)
    by_type = {}
    for j, name in enumerate(types):
        counts = Counts.of(y[:, j], predicted[:, j])
        by_type[name] = {
            "positives": counts.positives,
            "tp": counts.tp,
            "fp": counts.fp,
            "fn": counts.fn,
            "precision": counts.precision,
            "recall": counts.recall,
            "f1": counts.f1,
            "f1_ci95": (float(low[j]), float(high[j])),
            "average_precision": average_precision(y[:, j], probabilities[:, j]),
            "calibration_error": calibration_error(y[:, j], probabilities[:, j]),
            "baseline_f1": Counts.of(y[:, j], np.ones(len(y), dtype=bool)).f1,
        }
    return Report(
        sentences=len(y),
        documents=len(set(units)),
        types=by_type,
        macro_f1=float(np.mean([scores["f1"] for scores in by_type.values()])),
        macro_f1_ci95=(float(low[-1]), float(high[-1])),
        baseline_macro_f1=float(np.mean([scores["baseline_f1"] for scores in by_type.values()])),
        exact_match=float((y == predicted).all(axis=1).mean()),
    )


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_rounded(item) for item in value]
    return value
