"""The share of each type in a collection of articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from wiredesk.errors import InputError
from wiredesk.eval import Predictions
from wiredesk.eval.prevalence import estimate_prevalence
from wiredesk.eval.report import json_ready
from wiredesk.models import Model
from wiredesk.prediction import labelled_documents
from wiredesk.readers import Reading, read_documents
from wiredesk.rejects import refuse
from wiredesk.sources import find_sources


def estimate_shares(inputs: Sequence[str], model: Model, labelled: Predictions, labelled_by: str) -> dict[str, Any]:
    """Estimate the share of each type in a collection of articles.

    Parameters
    ----------
    inputs : sequence of str
        Files, folders and patterns, as of the predict command.
    model : Model
    labelled : Predictions
        By the same model: they tell its errors.
    labelled_by : str
        What those sentences are called.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        If something cannot be read, or there is no sentence in it.
    """
    found: list[np.ndarray] = []
    units: list[int] = []
    documents = read_documents(find_sources(inputs), Reading(), refuse)
    number = -1
    for number, labelled_document in enumerate(labelled_documents(documents, model)):
        rows = [tuple(sentence.probabilities.values()) for sentence in labelled_document.sentences]
        found += [np.array(rows)] if rows else []
        units += [number] * len(rows)
    if not units:
        raise InputError(f"{', '.join(inputs)}: no sentence in it, so there are no shares")
    estimates = estimate_prevalence(
        labelled.y,
        labelled.probabilities,
        labelled.thresholds,
        labelled.units,
        np.concatenate(found),
        np.array(units),
        types=labelled.types,
    )
    shares: dict[str, Any] = json_ready(
        {
            "input": list(inputs),
            "documents": number + 1,
            "sentences": len(units),
            "errors_from": labelled_by,
            "types": {
                one.type: {
                    "counted": one.counted,
                    "corrected": one.corrected,
                    "corrected_ci95": None if one.low is None else (one.low, one.high),
                }
                for one in estimates
            },
        }
    )
    return shares
