"""What a model says of labelled sentences, beside what they carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

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


class Predictions(NamedTuple):
    """Labelled sentences and what was predicted of them.

    Attributes
    ----------
    types : tuple of str
        In column order.
    thresholds : ndarray of float, shape (n_types,)
        Lowest probability at which each type is given.
    y : ndarray of bool, shape (n, n_types)
        The labels.
    probabilities : ndarray of float, shape (n, n_types)
    predicted : ndarray of bool, shape (n, n_types)
    units : ndarray of int, shape (n,)
        What is drawn together: the document, group or lone sentence.
    records : list of Record
    """

    types: tuple[str, ...]
    thresholds: np.ndarray
    y: np.ndarray
    probabilities: np.ndarray
    predicted: np.ndarray
    units: np.ndarray
    records: list[Record]

    def select(self, rows: np.ndarray) -> Predictions:
        """Take some of the sentences.

        Parameters
        ----------
        rows : ndarray of bool, shape (n,), or of int

        Returns
        -------
        Predictions
        """
        chosen = np.arange(len(self.y))[rows]
        return self._replace(
            y=self.y[chosen],
            probabilities=self.probabilities[chosen],
            predicted=self.predicted[chosen],
            units=self.units[chosen],
            records=[self.records[i] for i in chosen],
        )


def predict_records(model: Model, records: Iterable[Record | Mapping[str, Any]]) -> Predictions:
    """Predict labelled sentences.

    Parameters
    ----------
    model : Model
    records : iterable of Record or mapping
        Sentences of a document together, in order. Those with labels None serve as context alone. Of several annotators
        the majority counts.

    Returns
    -------
    Predictions
        Of the labelled sentences.

    Raises
    ------
    RecordError
        If a label is not one of the model's types, a document comes back after another one, or no record is labelled.

    Examples
    --------
    >>> from wiredesk.models import load_model
    >>> rows = [{"text": "Shells fell on Darsa.", "labels": ["attack_report"]}, {"text": "Rain fell.", "labels": []}]
    >>> predictions = predict_records(load_model(), rows)
    >>> predictions.types
    ('attack_report', 'official_quote', 'casualty_figure', 'political_context')
    >>> predictions.y[:, 0]
    array([ True, False])
    >>> predictions.predicted[:, 0]
    array([ True, False])
    """
    records = merge_annotators(as_records(records))
    labelled = [i for i, record in enumerate(records) if record.labels is not None]
    if not labelled:
        raise RecordError("no record is labelled, so there is nothing to score")
    refuse_fatal(records, model.types)
    scored = [records[i] for i in labelled]
    documents = document_ids(records)
    probabilities = model.predict_proba([record.text for record in records], document_ids=documents)[labelled]
    thresholds = np.array(list(model.thresholds.values()))
    return Predictions(
        types=model.types,
        thresholds=thresholds,
        y=target_matrix(scored, model.types),
        probabilities=probabilities,
        predicted=probabilities >= thresholds,
        units=split_units(scored),
        records=scored,
    )


def concatenate(parts: Sequence[Predictions]) -> Predictions:
    """Put the predictions of several data sets together; no document of one is one of another.

    Parameters
    ----------
    parts : sequence of Predictions
        At least one, all by the same model.

    Returns
    -------
    Predictions
    """
    first = np.cumsum([0, *(int(part.units.max(initial=-1)) + 1 for part in parts)])
    return parts[0]._replace(
        y=np.concatenate([part.y for part in parts]),
        probabilities=np.concatenate([part.probabilities for part in parts]),
        predicted=np.concatenate([part.predicted for part in parts]),
        units=np.concatenate([part.units + offset for part, offset in zip(parts, first, strict=False)]),
        records=[record for part in parts for record in part.records],
    )
