"""Out-of-fold scores: every sentence judged by a classifier that has not seen its document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone

from wiredesk.eval import Predictions
from wiredesk.features import TermCounts, TfidfFeaturizer, segment
from wiredesk.models import SentenceClassifier, best_threshold, fit_sigmoid, sigmoid, threshold_for
from wiredesk.seeds import Record, RecordError, as_records, merge_annotators
from wiredesk.training.dataset import Dataset, make_dataset

#: Probability that a first classifier gives each type, or its absence, before a second one learns from the sentence.
SURE = 0.9

#: Sentences of one's own that carry a type, from which on they alone decide its calibration and threshold.
ENOUGH = 20


class Task(NamedTuple):
    """What is to be learnt, split into folds.

    Attributes
    ----------
    data : Dataset
        Background first, then one's own sentences.
    fold : ndarray of int, shape (n,)
    is_own : ndarray of bool, shape (n,)
    articles : ndarray of object, shape (m, 2)
        Text and document of unlabelled sentences.
    counts : TermCounts
        Of all sentences, those of articles last: counted once for all folds, as what a term is does not depend on the
        others, and no document is parted.
    classifier : SentenceClassifier
        Not fitted.
    """

    data: Dataset
    fold: np.ndarray
    is_own: np.ndarray
    articles: np.ndarray
    counts: TermCounts
    classifier: SentenceClassifier


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


def cross_validate(
    records: Iterable[Record | Mapping[str, Any]],
    *,
    types: Sequence[str] | None = None,
    classifier: SentenceClassifier | None = None,
    folds: int = 5,
    seed: int = 0,
    target: Mapping[str, float] | None = None,
    background: Iterable[Record | Mapping[str, Any]] = (),
    n_jobs: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Predictions, np.ndarray]:
    """Predict labelled sentences by models that have not seen their documents.

    Parameters
    ----------
    records, types, classifier, folds, seed, target, background, n_jobs, on_progress
        As in `train`.

    Returns
    -------
    predictions : Predictions
        Of the labelled sentences of `records`. Calibration and thresholds are chosen on the other folds' scores;
        the thresholds told are their means.
    fold : ndarray of int, shape (n,)
        The fold of each.

    Raises
    ------
    RecordError
        If records are wrong or too few for the folds.

    Examples
    --------
    >>> river = [{"text": f"The Orla rises {i} cm above its banks.", "labels": ["flood"]} for i in range(5)]
    >>> choir = [{"text": f"The choir sings {i} songs.", "labels": []} for i in range(5)]
    >>> predictions, fold = cross_validate(river + choir)
    >>> predictions.predicted[:, 0].tolist() == predictions.y[:, 0].tolist()
    True
    >>> sorted(set(fold.tolist()))
    [0, 1, 2, 3, 4]
    """
    check_settings(n_jobs, target)
    task = make_task(records, types, classifier, folds, seed, background, ())
    found = out_of_fold(task, run_fits(fold_jobs(task), n_jobs, on_progress))
    return judge_folds(found, target), found.fold[found.is_own]


def check_settings(n_jobs: int, target: Mapping[str, float] | None) -> None:
    """Refuse settings that mean nothing; both as in `train`."""
    if n_jobs == 0:
        raise RecordError("n_jobs is 0; give a number of processes, or -1 for one per core")
    if target and (len(target) > 1 or not set(target) <= {"recall", "precision"} or not 0 < max(target.values()) <= 1):
        raise RecordError(f"target is {dict(target)}; give a recall or a precision, above 0 and at most 1")


def make_task(
    records: Iterable[Record | Mapping[str, Any]],
    types: Sequence[str] | None,
    classifier: SentenceClassifier | None,
    folds: int,
    seed: int,
    background: Iterable[Record | Mapping[str, Any]],
    unlabelled: Iterable[str],
) -> Task:
    """Check what is to be learnt, split it and count its terms; parameters as in `train`."""
    classifier = SentenceClassifier() if classifier is None else classifier
    own = merge_annotators(as_records(records))
    merged = [*merge_annotators(as_records(background)), *own]
    # Without annotators nothing is merged again, across the border between the two.
    data = make_dataset([replace(record, annotator=None) for record in merged], types, folds=folds)
    is_own = np.arange(len(merged)) >= len(merged) - len(own)
    if not (data.labelled & is_own).any():
        raise RecordError("only records of the background are labelled, so there is nothing to score; label your own")
    fold = data.folds(folds, seed)
    articles = _article_sentences(unlabelled)
    featurizer = TfidfFeaturizer() if classifier.featurizer is None else classifier.featurizer
    counts = featurizer.count_terms(np.concatenate([data.X, articles]))
    return Task(data, fold, is_own, articles, counts, classifier)


def fold_jobs(task: Task) -> list[Any]:
    """List the fits that leave out one fold each, as joblib takes them."""
    parts = [task.fold == k for k in range(int(task.fold.max()) + 1)]
    return [delayed(_fit_and_score)(task.classifier, task.counts, task.data.y, ~part) for part in parts]


def full_job(task: Task) -> Any:
    """Give the fit on all sentences, as joblib takes it."""
    return delayed(_fit)(task.classifier, task.counts, task.data.y, np.ones(len(task.data.y), dtype=bool))


def run_fits(jobs: Sequence[Any], n_jobs: int, on_progress: Callable[[int, int], None] | None) -> list[Any]:
    """Run fits, and tell how many are done; their results in the order of the jobs."""
    results = []
    for result in Parallel(n_jobs=n_jobs, return_as="generator")(jobs):
        results.append(result)
        if on_progress:
            on_progress(len(results), len(jobs))
    return results


def out_of_fold(task: Task, fold_scores: Sequence[np.ndarray]) -> OutOfFold:
    """Put the scores of all folds, in the order of `fold_jobs`, to the labelled sentences."""
    data = task.data
    scores = np.empty(data.y.shape)
    for k, found in enumerate(fold_scores):
        scores[task.fold == k] = found
    rows = data.labelled
    records = [record for record, labelled in zip(data.records, rows, strict=True) if labelled]
    return OutOfFold(
        data.types, records, data.y[rows] == 1, scores[rows], task.fold[rows], data.units[rows], task.is_own[rows]
    )


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


def _article_sentences(articles: Iterable[str]) -> np.ndarray:
    """Segment articles: text and document of each sentence, ndarray of object, shape (n, 2)."""
    if isinstance(articles, str):
        raise TypeError("unlabelled is one str; give a list of articles")
    rows = [(text[start:end], ("unlabelled", i)) for i, text in enumerate(articles) for start, end in segment(text)]
    sentences = np.empty((len(rows), 2), dtype=object)
    for i, row in enumerate(rows):
        sentences[i, 0], sentences[i, 1] = row
    return sentences


def _fit(classifier: SentenceClassifier, counts: TermCounts, y: np.ndarray, train: np.ndarray) -> SentenceClassifier:
    """Fit on some of the labelled sentences, and again on what the first fit is sure of in those after them."""
    sentences, articles = counts[: len(y)][train], counts[len(y) :]
    fitted: SentenceClassifier = clone(classifier).fit(sentences, y[train])
    if not len(articles):
        return fitted
    probabilities = fitted.predict_proba(articles)
    sure = (np.maximum(probabilities, 1 - probabilities) >= SURE).all(axis=1)
    guessed = np.where(sure[:, None], probabilities >= 0.5, -1)
    rows = np.concatenate([train, np.ones(len(articles), dtype=bool)])
    again: SentenceClassifier = clone(classifier).fit(counts[rows], np.concatenate([y[train], guessed]))
    return again


def _fit_and_score(classifier: SentenceClassifier, counts: TermCounts, y: np.ndarray, train: np.ndarray) -> np.ndarray:
    return _fit(classifier, counts, y, train).decision_function(counts[: len(y)][~train])
