"""The worst errors of a model, and the terms that caused them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from wiredesk.eval.predictions import Predictions
from wiredesk.models import Explanation, Model
from wiredesk.seeds import Record, document_ids, merge_annotators

#: Errors of each type and kind that are listed, and terms of each.
WORST, TERMS = 10, 6


class Error(NamedTuple):
    """A type that a sentence carries and was not given, or was given and does not carry.

    Attributes
    ----------
    row : int
        Number of the sentence among the labelled ones.
    type : str
    kind : str
        ``missed`` or ``false alarm``.
    probability, threshold : float
    text : str
    document : str
        Empty if it stands alone.
    labels, given : tuple of str
        Types it carries, and types it was given.
    terms : list of (str, float)
        The terms with the largest contributions to the type's raw score; empty if no model tells them.
    rest : float
        What all other terms contribute.
    intercept : float
    """

    row: int
    type: str
    kind: str
    probability: float
    threshold: float
    text: str
    document: str
    labels: tuple[str, ...]
    given: tuple[str, ...]
    terms: list[tuple[str, float]] = []
    rest: float = 0.0
    intercept: float = 0.0


def worst_errors(predictions: Predictions, *, worst: int = WORST) -> list[Error]:
    """List the errors of which the model was surest.

    Parameters
    ----------
    predictions : Predictions
    worst : int, default=10
        Of each type and kind.

    Returns
    -------
    list of Error
        By type, missed ones first, the surest first; without terms.
    """
    found = []
    for j, name in enumerate(predictions.types):
        p, threshold = predictions.probabilities[:, j], float(predictions.thresholds[j])
        y, given = predictions.y[:, j], predictions.predicted[:, j]
        for kind, rows, sign in (("missed", y & ~given, 1), ("false alarm", given & ~y, -1)):
            chosen = np.flatnonzero(rows)
            for i in chosen[np.argsort(sign * p[chosen], kind="stable")][:worst].tolist():
                record = predictions.records[i]
                found.append(
                    Error(
                        row=i,
                        type=name,
                        kind=kind,
                        probability=float(p[i]),
                        threshold=threshold,
                        text=record.text,
                        document=record.document or "",
                        labels=_types(predictions, predictions.y[i]),
                        given=_types(predictions, predictions.predicted[i]),
                    )
                )
    return found


def explain_errors(errors: Sequence[Error], model: Model, records: Sequence[Record]) -> list[Error]:
    """Add the terms that caused errors.

    Parameters
    ----------
    errors : sequence of Error
    model : Model
        That made them.
    records : sequence of Record
        What was given to `predict_records`, sentences without labels too.

    Returns
    -------
    list of Error
    """
    records = merge_annotators(records)
    place = [i for i, record in enumerate(records) if record.labels is not None]
    wanted = {place[error.row] for error in errors}
    explanations = dict(_explain(model, records, wanted))
    column = {name: j for j, name in enumerate(model.types)}
    return [_explained(error, explanations[place[error.row]][column[error.type]]) for error in errors]


def _explain(
    model: Model, records: Sequence[Record], wanted: set[int]
) -> Iterator[tuple[int, tuple[Explanation, ...]]]:
    """Explain the wanted sentences, document by document."""
    ids = document_ids(records)
    for _, document in groupby(range(len(records)), key=lambda i: ids[i]):
        rows = list(document)
        if wanted.intersection(rows):
            explained = model.explain_document([records[i].text for i in rows])
            yield from ((i, found) for i, found in zip(rows, explained, strict=True) if i in wanted)


def _explained(error: Error, explanation: Explanation) -> Error:
    top = explanation.contributions[:TERMS]
    rest = explanation.score - explanation.intercept - sum(term.value for term in top)
    terms: list[tuple[str, float]] = [(term.meaning, term.value) for term in top]
    return error._replace(terms=terms, rest=rest, intercept=explanation.intercept)


def _types(predictions: Predictions, row: np.ndarray) -> tuple[str, ...]:
    return tuple(name for name, carried in zip(predictions.types, row.tolist(), strict=True) if carried)


def error_rows(data: str, errors: Sequence[Error]) -> list[dict[str, Any]]:
    """Give errors as JSON-ready values.

    Parameters
    ----------
    data : str
        Name of the data set.
    errors : sequence of Error

    Returns
    -------
    list of dict
    """
    rows: list[dict[str, Any]] = [{"data": data, **error._asdict()} for error in errors]
    return rows
