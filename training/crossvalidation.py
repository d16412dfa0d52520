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
from wiredesk.models import SentenceClassifier
from wiredesk.seeds import Record, RecordError, as_records, merge_annotators
from wiredesk.training.dataset import Dataset, make_dataset
from wiredesk.training.thresholds import OutOfFold, check_target, judge_folds

#: Probability that a first classifier gives each type, or its absence, before a second one learns from the sentence.
SURE = 0.9


class Experiment(NamedTuple):
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
    check_jobs(n_jobs)
    check_target(target)
    experiment = make_experiment(records, types, classifier, folds, seed, background, ())
    found = out_of_fold(experiment, run_fits(fold_jobs(experiment), n_jobs, on_progress))
    return judge_folds(found, target), found.fold[found.is_own]


def check_jobs(n_jobs: int) -> None:
    """Refuse a number of processes that means nothing."""
    if n_jobs == 0:
        raise RecordError("n_jobs is 0; give a number of processes, or -1 for one per core")


def make_experiment(
    records: Iterable[Record | Mapping[str, Any]],
    types: Sequence[str] | None,
    classifier: SentenceClassifier | None,
    folds: int,
    seed: int,
    background: Iterable[Record | Mapping[str, Any]],
    unlabelled: Iterable[str],
) -> Experiment:
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
    return Experiment(data, fold, is_own, articles, counts, classifier)


def fold_jobs(experiment: Experiment) -> list[Any]:
    """List the fits that leave out one fold each, as joblib takes them."""
    fit, y = delayed(_fit_and_score), experiment.data.y
    parts = [experiment.fold == k for k in range(int(experiment.fold.max()) + 1)]
    return [fit(experiment.classifier, experiment.counts, y, ~part) for part in parts]


def full_job(experiment: Experiment) -> Any:
    """Give the fit on all sentences, as joblib takes it."""
    y = experiment.data.y
    return delayed(_fit)(experiment.classifier, experiment.counts, y, np.ones(len(y), dtype=bool))


def run_fits(jobs: Sequence[Any], n_jobs: int, on_progress: Callable[[int, int], None] | None) -> list[Any]:
    """Run fits, and tell how many are done; their results in the order of the jobs."""
    results = []
    for result in Parallel(n_jobs=n_jobs, return_as="generator")(jobs):
        results.append(result)
        if on_progress:
            on_progress(len(results), len(jobs))
    return results


def out_of_fold(experiment: Experiment, fold_scores: Sequence[np.ndarray]) -> OutOfFold:
    """Put the scores of all folds, in the order of `fold_jobs`, to the labelled sentences."""
    data = experiment.data
    scores = np.empty(data.y.shape)
    for k, found in enumerate(fold_scores):
        scores[experiment.fold == k] = found
    rows = data.labelled
    records = [record for record, labelled in zip(data.records, rows, strict=True) if labelled]
    fold, is_own = experiment.fold[rows], experiment.is_own[rows]
    return OutOfFold(data.types, records, data.y[rows] == 1, scores[rows], fold, data.units[rows], is_own)


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
