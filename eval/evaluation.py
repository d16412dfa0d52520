"""Everything that is told of models and labelled data sets, as one JSON-ready account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wiredesk.eval.comparison import compare
from wiredesk.eval.curves import cooccurrence, curves_of
from wiredesk.eval.predictions import Predictions, concatenate
from wiredesk.eval.report import json_ready, score_predictions
from wiredesk.eval.scores import Scores
from wiredesk.eval.slices import slices_of

#: Name of all data sets together, where there are several.
ALL = "all"


def pool(parts: Mapping[str, Predictions]) -> dict[str, Predictions]:
    """Put all data sets together before the others, if there are several.

    Parameters
    ----------
    parts : mapping of str to Predictions
        Name of a data set -> its predictions, all by one model.

    Returns
    -------
    dict of str to Predictions
    """
    return {ALL: concatenate(list(parts.values())), **parts} if len(parts) > 1 else dict(parts)


def describe_data(name: str, predictions: Predictions) -> dict[str, Any]:
    """Give all scores and curves of one data set.

    Parameters
    ----------
    name : str
    predictions : Predictions

    Returns
    -------
    dict
        What `Report.to_dict` has, and ``name``, ``slices``, ``curves`` and ``cooccurrence``.
    """
    scores = Scores(predictions)
    described: dict[str, Any] = json_ready(
        {
            "name": name,
            **score_predictions(predictions, scores).to_dict(),
            "slices": slices_of(predictions),
            "curves": {
                type_name: curves_of(predictions, j, scores.bootstrap) for j, type_name in enumerate(predictions.types)
            },
            "cooccurrence": {
                "labelled": cooccurrence(predictions.y),
                "predicted": cooccurrence(predictions.predicted),
            },
        }
    )
    return described


def describe_model(name: str, content_hash: str | None, predictions: Predictions) -> dict[str, Any]:
    """Say which model an account is of.

    Parameters
    ----------
    name : str
    content_hash : str or None
        None for the models of a cross-validation.
    predictions : Predictions
        By the model.

    Returns
    -------
    dict
    """
    thresholds = dict(zip(predictions.types, np.asarray(predictions.thresholds).tolist(), strict=True))
    described: dict[str, Any] = json_ready(
        {"name": name, "hash": content_hash, "types": list(predictions.types), "thresholds": thresholds}
    )
    return described


def compare_data(
    first: Mapping[str, Predictions], second: Mapping[str, Predictions], model: Mapping[str, Any]
) -> dict[str, Any]:
    """Compare two models on the same data sets.

    Parameters
    ----------
    first, second : mapping of str to Predictions
        Name of a data set -> predictions of the same sentences.
    model : mapping
        The second model, from `describe_model`.

    Returns
    -------
    dict
    """
    rows: Sequence[Any] = [{"name": name, **compare(first[name], second[name])} for name in first]
    return {"model": dict(model), "data": json_ready(rows)}
