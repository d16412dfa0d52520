"""The scores of one set of labelled sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from wiredesk.eval.keywords import keyword_predictions
from wiredesk.eval.metrics import Counts, calibration_error, calibration_floor
from wiredesk.eval.predictions import Predictions, predict_records
from wiredesk.eval.scores import Scores
from wiredesk.models import Model
from wiredesk.seeds import Record

Interval = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Report:
    """Scores of one set of labelled sentences.

    Intervals, whose names end in ``_ci95``, are (low, high): 95 % intervals by `DocumentBootstrap`, None if there is
    one document. A score that does not exist, such as the average precision of a type that nobody carries, is None.

    Attributes
    ----------
    sentences, documents : int
        How many were scored; documents of one group count as one, and so does a sentence without a document.
    types : dict of str to dict
        Per type: ``positives``, ``predicted``, ``tp``, ``fp``, ``fn``; ``precision``, ``recall``, ``f1``,
        ``average_precision``, ``brier_score`` (mean squared error of the probability) and ``read_at_recall_95`` (share
        of the sentences to read, the most probable first, to meet 95 % of the positives), each with its interval;
        ``calibration_error`` with ``calibration_error_floor``, the mean and the 95th percentile of what chance makes of
        perfect probabilities; ``baselines``: the F1 of giving the type to every sentence, the best that can be had
        without reading, and of keyword rules (None for a type without rules).
    macro : dict
        Means of the types' ``precision``, ``recall``, ``f1`` (with interval), ``average_precision`` and ``baselines``.
    micro : dict
        ``precision``, ``recall`` and ``f1`` (with interval) of all types' counts together.
    exact_match : float
        Share of sentences with exactly the right types.
    exact_match_ci95 : tuple of (float, float) or None
    type_precision : float or None
        Share of the sentences given any type whose single ``type``, the most probable one, is right.
    type_precision_ci95 : tuple of (float, float) or None
    """

    sentences: int
    documents: int
    types: dict[str, dict[str, Any]]
    macro: dict[str, Any]
    micro: dict[str, Any]
    exact_match: float
    exact_match_ci95: Interval
    type_precision: float | None
    type_precision_ci95: Interval

    @property
    def macro_f1(self) -> float:
        """Mean of the types' F1."""
        return float(self.macro["f1"])

    def to_dict(self) -> dict[str, Any]:
        """Give the scores as JSON-ready values, floats rounded to six decimals.

        Returns
        -------
        dict
        """
        values: dict[str, Any] = json_ready(asdict(self))
        return values


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
    return score_predictions(predict_records(model, records))


def score_predictions(predictions: Predictions, scores: Scores | None = None) -> Report:
    """Score predictions, wherever they come from.

    Parameters
    ----------
    predictions : Predictions
        At least one sentence.
    scores : Scores, optional
        Of the predictions, if they are known already.

    Returns
    -------
    Report

    Examples
    --------
    >>> from wiredesk.eval.predictions import predict_records
    >>> from wiredesk.models import load_model
    >>> rows = [{"text": "Shells fell on Darsa.", "labels": ["attack_report"]}, {"text": "Rain fell.", "labels": []}]
    >>> score_predictions(predict_records(load_model(), rows)).exact_match
    1.0
    """
    scores = Scores(predictions) if scores is None else scores
    texts = [record.text for record in predictions.records]
    types = {}
    for j, name in enumerate(predictions.types):
        y, p = predictions.y[:, j], predictions.probabilities[:, j]
        by_keywords = keyword_predictions(texts, name)
        counts = Counts(*scores.counts[j].tolist())
        types[name] = {
            "positives": counts.positives,
            "predicted": counts.tp + counts.fp,
            "tp": counts.tp,
            "fp": counts.fp,
            "fn": counts.fn,
            **_with_interval(scores, "precision", j),
            **_with_interval(scores, "recall", j),
            **_with_interval(scores, "f1", j),
            **_with_interval(scores, "average_precision", j),
            **_with_interval(scores, "brier_score", j),
            "calibration_error": calibration_error(y, p),
            "calibration_error_floor": calibration_floor(p),
            "baselines": {
                "every sentence": Counts.of(y, np.ones(len(y), dtype=bool)).f1,
                "keywords": None if by_keywords is None else Counts.of(y, by_keywords).f1,
            },
            **_with_interval(scores, "read_at_recall_95", j),
        }
    exact, single = _with_interval(scores, "exact_match"), _with_interval(scores, "type_precision")
    return Report(
        sentences=len(predictions.y),
        documents=scores.bootstrap.n_units,
        types=types,
        macro={
            "precision": _value(scores, "macro_precision"),
            "recall": _value(scores, "macro_recall"),
            "f1": _value(scores, "macro_f1"),
            "f1_ci95": _interval(scores, "macro_f1"),
            "average_precision": _value(scores, "macro_average_precision"),
            "baselines": {name: _mean([found["baselines"][name] for found in types.values()]) for name in BASELINES},
        },
        micro={
            "precision": _value(scores, "micro_precision"),
            "recall": _value(scores, "micro_recall"),
            "f1": _value(scores, "micro_f1"),
            "f1_ci95": _interval(scores, "micro_f1"),
        },
        **exact,
        **single,
    )


#: What every score of a type is set beside.
BASELINES = ("every sentence", "keywords")


def json_ready(value: Any) -> Any:
    """Round floats to six decimals, and make lists of tuples.

    Parameters
    ----------
    value : object

    Returns
    -------
    object

    Examples
    --------
    >>> json_ready({"f1": 2 / 3, "f1_ci95": (0.5, 1)})
    {'f1': 0.666667, 'f1_ci95': [0.5, 1]}
    """
    if isinstance(value, float):
        return round(value, 6) + 0.0  # Never -0.0.
    if isinstance(value, dict):
        return {key: json_ready(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(item) for item in value]
    return value


def _with_interval(scores: Scores, name: str, j: int | None = None) -> dict[str, Any]:
    return {name: _value(scores, name, j), f"{name}_ci95": _interval(scores, name, j)}


def _value(scores: Scores, name: str, j: int | None = None) -> float | None:
    value = float(scores.observed[name] if j is None else scores.observed[name][j])
    return None if np.isnan(value) else value


def _interval(scores: Scores, name: str, j: int | None = None) -> Interval:
    drawn = scores.drawn(name)
    return None if _value(scores, name, j) is None else scores.bootstrap.interval(drawn if j is None else drawn[:, j])


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if len(known) == len(values) else None
