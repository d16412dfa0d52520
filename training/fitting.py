"""Fit, calibrate, choose thresholds, freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone

from wiredesk.eval import Report, score_predictions
from wiredesk.features import TermCounts, TfidfFeaturizer, segment
from wiredesk.models import Model, SentenceClassifier, best_threshold, fit_sigmoid, freeze, sigmoid, threshold_for
from wiredesk.seeds import Record, RecordError, as_records, corpus_hash, merge_annotators
from wiredesk.training.dataset import make_dataset
from wiredesk.training.recipe import recipe_hash, settings_of

#: Probability that a first classifier gives each type, or its absence, before a second one learns from the sentence.
SURE = 0.9

#: Sentences of one's own that carry a type, from which on they alone decide its calibration and threshold.
ENOUGH = 20


def train(
    records: Iterable[Record | Mapping[str, Any]],
    *,
    types: Sequence[str] | None = None,
    classifier: SentenceClassifier | None = None,
    folds: int = 5,
    seed: int = 0,
    target: Mapping[str, float] | None = None,
    background: Iterable[Record | Mapping[str, Any]] = (),
    unlabelled: Iterable[str] = (),
    n_jobs: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> Model:
    """Train a model on labelled sentences.

    Raw scores of every sentence come from a classifier that has not seen its document. On these
    out-of-fold scores a sigmoid per type is fitted and the threshold with the best F1 chosen; the weights come from
    a last fit on all sentences.

    Parameters
    ----------
    records : iterable of Record or mapping
        Sentences of a document together, in order. Those with labels None serve as context alone.
    types : sequence of str, optional
        The types to learn; any other label is then an error. By default those found in the data.
    classifier : SentenceClassifier, optional
        Not fitted; ``SentenceClassifier()`` by default.
    folds : int, default=5
        Number of parts that are left out in turn; every type needs sentences in at least as many documents.
    seed : int, default=0
        Of the split into folds.
    target : mapping of str to float, optional
        ``{"recall": 0.95}`` or ``{"precision": 0.9}``: what the thresholds have to reach on out-of-fold scores. By
        default they are those of the best F1.
    background : iterable of Record or mapping, optional
        Further labelled sentences to learn from, such as the seeds. What the model is for is told by `records`: they
        alone decide calibration, threshold and score of every type that at least ``ENOUGH`` of them carry.
    unlabelled : iterable of str, optional
        Articles for self-training: a first classifier labels their sentences, and a second one learns from those too of
        whose labels the first is sure. The others serve as context. No such sentence is scored.
    n_jobs : int, default=1
        Processes for the fits, as in joblib. The model does not depend on it.
    on_progress : callable, optional
        Called with the number of fits done and of all fits.

    Returns
    -------
    Model
        ``model.manifest["training"]`` holds settings and cross-validated scores.

    Raises
    ------
    RecordError
        If records are wrong or too few for the folds.

    Notes
    -----
    The cross-validated scores are those of calibrations and thresholds chosen on the other folds' scores,
    so that no sentence's own score has a say in the threshold it is judged by.
    """
    if n_jobs == 0:
        raise RecordError("n_jobs is 0; give a number of processes, or -1 for one per core")
    _check_target(target)
    classifier = SentenceClassifier() if classifier is None else classifier
    own = merge_annotators(as_records(records))
    data = make_dataset([*as_records(background), *own], types, folds=folds)
    records, types, X, y, units = data
    is_own = np.arange(len(records)) >= len(records) - len(own)
    fold = data.folds(folds, seed)

    articles = _article_sentences(unlabelled)
    # Counted once for all folds: what a term is does not depend on the others, and no document is parted.
    featurizer = TfidfFeaturizer() if classifier.featurizer is None else classifier.featurizer
    counts = featurizer.count_terms(np.concatenate([X, articles]))
    parts = [fold == k for k in range(folds)]
    jobs = [delayed(_fit_and_score)(classifier, counts, y, ~part) for part in parts]
    jobs.append(delayed(_fit)(classifier, counts, y, np.ones(len(y), dtype=bool)))
    results = []
    for result in Parallel(n_jobs=n_jobs, return_as="generator")(jobs):
        results.append(result)
        if on_progress:
            on_progress(len(results), len(jobs))
    *fold_scores, fitted = results
    scores = np.empty(y.shape)
    for part, part_scores in zip(parts, fold_scores, strict=True):
        scores[part] = part_scores
    labelled = data.labelled
    scores, y, fold, units = scores[labelled], y[labelled] == 1, fold[labelled], units[labelled]
    is_own = is_own[labelled]

    calibration, thresholds = _decide(scores, y, types, target, is_own)
    report = _cross_validate(types, scores, y, fold, units, target, is_own)
    training = {
        "recipe": recipe_hash(
            records,
            types,
            classifier=classifier,
            folds=folds,
            seed=seed,
            target=target,
            unlabelled=articles[:, 0],
            background=len(records) - len(own),
        ),
        "corpus": corpus_hash(records),
        "sentences": int(labelled.sum()),
        "units": len(set(units.tolist())),
        "background": int((~is_own).sum()),
        "classifier": _told(classifier),
        "folds": folds,
        "seed": seed,
        "target": dict(target or {}),
        "unlabelled": len(articles),
        "cross_validation": report.to_dict(),
    }
    prior = [float(carried[_deciding(carried, is_own)].mean()) for carried in y.T]
    return freeze(fitted, types, calibration, thresholds, prior, training=training)


def cross_validation_report(model: Model) -> Report:
    """Give the cross-validated scores that a model was trained with.

    Parameters
    ----------
    model : Model

    Returns
    -------
    Report
    """
    return Report(**model.manifest["training"]["cross_validation"])


def _told(classifier: SentenceClassifier) -> str:
    """Write the classifier as one would in Python, a lexicon of one's own as its hash."""
    featurizer = classifier.featurizer
    if featurizer is None or featurizer.lexicon is None:
        return repr(classifier)
    plain = clone(classifier).set_params(featurizer__lexicon=None)
    return f"{plain!r} with lexicon {settings_of(featurizer.lexicon)[:8]}"


def _check_target(target: Mapping[str, float] | None) -> None:
    if target and (len(target) > 1 or not set(target) <= {"recall", "precision"} or not 0 < max(target.values()) <= 1):
        raise RecordError(f"target is {dict(target)}; give a recall or a precision, above 0 and at most 1")


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


def _decide(
    scores: np.ndarray, y: np.ndarray, types: Sequence[str], target: Mapping[str, float] | None, is_own: np.ndarray
) -> tuple[list[tuple[float, float]], list[float]]:
    """Fit calibration and thresholds on out-of-fold scores."""
    calibration, thresholds = [], []
    for j, name in enumerate(types):
        rows = _deciding(y[:, j], is_own)
        raw, carried = scores[rows, j], y[rows, j]
        calibration.append(fit_sigmoid(raw, carried))
        column = _calibrate(raw[:, None], calibration[-1:])[:, 0]
        try:
            thresholds.append(threshold_for(column, carried, **target) if target else best_threshold(column, carried))
        except ValueError as error:
            raise RecordError(f"{name}: {error}") from None
    return calibration, thresholds


def _deciding(carried: np.ndarray, is_own: np.ndarray) -> np.ndarray:
    """Mark the sentences that decide a type: one's own, if enough of them carry it, else all."""
    rows: np.ndarray = is_own | (np.count_nonzero(carried & is_own) < ENOUGH)
    return rows


def _calibrate(scores: np.ndarray, calibration: Sequence[tuple[float, float]]) -> np.ndarray:
    slope, intercept = np.array(calibration).T
    return sigmoid(scores * slope + intercept)


def _cross_validate(
    types: Sequence[str],
    scores: np.ndarray,
    y: np.ndarray,
    fold: np.ndarray,
    units: np.ndarray,
    target: Mapping[str, float] | None,
    is_own: np.ndarray,
) -> Report:
    """Judge each fold by the calibration and thresholds of the others."""
    probabilities = np.empty(y.shape)
    predicted = np.empty(y.shape, dtype=bool)
    for k in range(int(fold.max()) + 1):
        part = fold == k
        calibration, thresholds = _decide(scores[~part], y[~part], types, target, is_own[~part])
        probabilities[part] = _calibrate(scores[part], calibration)
        predicted[part] = probabilities[part] >= np.array(thresholds)
    return score_predictions(types, y[is_own], probabilities[is_own], predicted[is_own], units[is_own].tolist())
