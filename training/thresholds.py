"""Calibration and thresholds, decided on out-of-fold scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from wiredesk.eval import Predictions
from wiredesk.models import best_threshold, fit_sigmoid, sigmoid, threshold_for
from wiredesk.seeds import Record, RecordError

#: Sentences of one's own that carry a type, from which on they alone decide its calibration and threshold.
ENOUGH = 20


class OutOfFold(NamedTuple):
    """Labelled sentences with their out-of-fold scores.

    Attributes
    ----------
    types : tuple of str
    records : list of Record
    y : ndarray of bool, shape (n, n_types)
    scores : ndarray of float, shape (n, n_types)
        Raw.
    fold, units : ndarray of int, shape (n,)
    is_own : ndarray of bool, shape (n,)
        Whether a sentence is no background.
    """

    types: tuple[str, ...]
    records: list[Record]
    y: np.ndarray
    scores: np.ndarray
    fold: np.ndarray
    units: np.ndarray
    is_own: np.ndarray

    def select(self, rows: np.ndarray) -> OutOfFold:
        """Take the sentences of a mask, ndarray of bool, shape (n,)."""
        records = [record for record, taken in zip(self.records, rows, strict=True) if taken]
        return OutOfFold(self.types, records, *(values[rows] for values in self[2:]))


def check_target(target: Mapping[str, float] | None) -> None:
    """Refuse a target that means nothing; it is as in `wiredesk.train`."""
    if target and (len(target) > 1 or not set(target) <= {"recall", "precision"} or not 0 < max(target.values()) <= 1):
        raise RecordError(f"target is {dict(target)}; give a recall or a precision, above 0 and at most 1")


def decide(found: OutOfFold, target: Mapping[str, float] | None) -> tuple[list[tuple[float, float]], list[float]]:
    """Fit calibration and thresholds on out-of-fold scores.

    Returns
    -------
    calibration : list of (float, float)
        Slope and intercept of each type's sigmoid.
    thresholds : list of float
    """
    calibration, thresholds = [], []
    for j, name in enumerate(found.types):
        rows = deciding(found.y[:, j], found.is_own)
        raw, carried = found.scores[rows, j], found.y[rows, j]
        calibration.append(fit_sigmoid(raw, carried))
        column = calibrate(raw[:, None], calibration[-1:])[:, 0]
        try:
            thresholds.append(threshold_for(column, carried, **target) if target else best_threshold(column, carried))
        except ValueError as error:
            raise RecordError(f"{name}: {error}") from None
    return calibration, thresholds


def deciding(carried: np.ndarray, is_own: np.ndarray) -> np.ndarray:
    """Mark the sentences that decide a type: one's own, if enough of them carry it, else all."""
    rows: np.ndarray = is_own | (np.count_nonzero(carried & is_own) < ENOUGH)
    return rows


def calibrate(scores: np.ndarray, calibration: Sequence[tuple[float, float]]) -> np.ndarray:
    """Turn raw scores into probabilities, both of shape (n, n_types)."""
    slope, intercept = np.array(calibration).T
    return sigmoid(scores * slope + intercept)


def judge_folds(found: OutOfFold, target: Mapping[str, float] | None) -> Predictions:
    """Judge each fold by the calibration and thresholds of the others; give the predictions of one's own sentences.

    No sentence's own score has a say in the threshold it is judged by.
    """
    probabilities = np.empty(found.y.shape)
    predicted = np.empty(found.y.shape, dtype=bool)
    by_fold = []
    for k in range(int(found.fold.max()) + 1):
        part = found.fold == k
        calibration, thresholds = decide(found.select(~part), target)
        probabilities[part] = calibrate(found.scores[part], calibration)
        predicted[part] = probabilities[part] >= np.array(thresholds)
        by_fold.append(thresholds)
    own = found.is_own
    judged = Predictions(
        found.types, np.mean(by_fold, axis=0), found.y, probabilities, predicted, found.units, found.records
    )
    return judged.select(own)
