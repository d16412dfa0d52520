"""Test sentences that nearly stand in the training data, and how much of the score they explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from wiredesk.eval import Predictions
from wiredesk.eval.comparison import without
from wiredesk.eval.report import json_ready
from wiredesk.models import Model
from wiredesk.seeds import Record, corpus_hash, load_seeds, merge_annotators, read_records
from wiredesk.seeds.duplicates import SIMILARITY, near_duplicates

#: Share of the test sentences from which on the scores are those of the training data.
MOST = 0.5


def find_leaks(model: Model, paths: Sequence[str], predictions: Predictions) -> tuple[dict[str, Any] | None, str]:
    """Look for test sentences that nearly stand in the training data.

    Parameters
    ----------
    model : Model
    paths : sequence of str
        Files of the training data. The seeds are known, and so is the test data itself: neither needs to be named.
    predictions : Predictions
        Of the test sentences.

    Returns
    -------
    leaks : dict or None
        None if no training data is at hand.
    warning : str
        That the named data are not what the model was trained on, or that most test sentences are; else empty.
    """
    told = model.manifest["training"].get("corpus")
    named = merge_annotators(read_records(paths)) if paths else []
    test, seeds = predictions.records, load_seeds()
    # What is named is compared, whatever else the model may be known to be made of.
    candidates = [named, [*seeds, *named]] if named else [test, [*seeds, *test], seeds]
    training = next((records for records in candidates if corpus_hash(records) == told), None)
    warning = ""
    if training is None:
        if not named:
            return None, ""
        training, warning = named, "--training-data: the model was trained on other data (its corpus hash differs)"
    pairs = near_duplicates([r.text for r in test], [r.text for r in training])
    leaked = np.zeros(len(test), dtype=bool)
    leaked[pairs.first] = True
    if not warning and leaked.mean() > MOST:
        warning = (
            f"{leaked.mean():.0%} of the sentences stand in the training data, or nearly: the scores say nothing of "
            "other text; give other sentences, or use --cross-validate"
        )
    return _leaks("test and training data", predictions, leaked), warning


def leaks_between_folds(
    predictions: Predictions, fold: np.ndarray, background: Sequence[Record] = ()
) -> dict[str, Any]:
    """Look for sentences that nearly stand in other folds of a cross-validation.

    Parameters
    ----------
    predictions : Predictions
    fold : ndarray of int, shape (n,)
        The fold of each sentence.
    background : sequence of Record
        What every fold's model has learnt from besides.

    Returns
    -------
    dict
    """
    texts = [record.text for record in predictions.records]
    leaked = np.zeros(len(texts), dtype=bool)
    pairs = near_duplicates(texts)
    apart = fold[pairs.first] != fold[pairs.second]
    leaked[pairs.first[apart]] = leaked[pairs.second[apart]] = True
    if background:
        leaked[near_duplicates(texts, [record.text for record in background]).first] = True
    return _leaks("folds", predictions, leaked)


def _leaks(between: str, predictions: Predictions, leaked: np.ndarray) -> dict[str, Any]:
    found: dict[str, Any] = json_ready({"between": between, "similarity": SIMILARITY, **without(predictions, leaked)})
    return found
