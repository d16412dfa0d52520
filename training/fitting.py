"""Fit, calibrate, choose thresholds, freeze."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone

from wiredesk.eval import Report, score_predictions
from wiredesk.features import FEATURIZER_VERSION, load_lexicon
from wiredesk.models import Model, SentenceClassifier, best_threshold, fit_sigmoid, freeze, sigmoid
from wiredesk.models.manifest import is_type_name
from wiredesk.seeds import (
    Record,
    RecordError,
    as_records,
    corpus_hash,
    document_ids,
    record_types,
    refuse_fatal,
    split_units,
    target_matrix,
)
from wiredesk.training.splits import grouped_folds


def train(
    records: Iterable[Record | Mapping[str, Any]],
    *,
    types: Sequence[str] | None = None,
    classifier: SentenceClassifier | None = None,
    folds: int = 5,
    seed: int = 0,
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
    records = as_records(records)
    labelled = [record for record in records if record.labels is not None]
    if isinstance(types, str):
        raise TypeError(f"types is one str, {types!r}; give a list of type names")
    types = record_types(labelled) if types is None else tuple(types)
    if n_jobs == 0:
        raise RecordError("n_jobs is 0; give a number of processes, or -1 for one per core")
    _check(records, labelled, types, folds)
    classifier = SentenceClassifier() if classifier is None else classifier

    X = np.empty((len(records), 2), dtype=object)
    X[:, 0] = [record.text for record in records]
    X[:, 1] = document_ids(records)
    is_labelled = np.array([record.labels is not None for record in records])
    y = np.full((len(records), len(types)), -1)
    y[is_labelled] = target_matrix(labelled, types)
    units = split_units(records)
    fold = grouped_folds(units, y == 1, folds, seed)
    _check_folds(fold[is_labelled], y[is_labelled] == 1, types, folds)

    parts = [fold == k for k in range(folds)]
    jobs = [delayed(_fit_and_score)(classifier, X[~part], y[~part], X[part]) for part in parts]
    jobs.append(delayed(_fit)(classifier, X, y))
    results = []
    for result in Parallel(n_jobs=n_jobs, return_as="generator")(jobs):
        results.append(result)
        if on_progress:
            on_progress(len(results), len(jobs))
    *fold_scores, fitted = results
    scores = np.empty(y.shape)
    for part, part_scores in zip(parts, fold_scores, strict=True):
        scores[part] = part_scores
    scores, y, fold, units = scores[is_labelled], y[is_labelled] == 1, fold[is_labelled], units[is_labelled]

    calibration, thresholds = _decide(scores, y)
    report = _cross_validate(types, scores, y, fold, units)
    training = {
        "recipe": recipe_hash(records, types, classifier=classifier, folds=folds, seed=seed),
        "corpus": corpus_hash(records),
        "sentences": len(labelled),
        "units": len(set(units.tolist())),
        "classifier": repr(classifier),
        "folds": folds,
        "seed": seed,
        "cross_validation": report.to_dict(),
    }
    return freeze(fitted, types, calibration, thresholds, training=training)


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


def recipe_hash(
    records: Sequence[Record],
    types: Sequence[str] | None = None,
    *,
    classifier: SentenceClassifier | None = None,
    folds: int = 5,
    seed: int = 0,
) -> str:
    """Hash what a model is made from: corpus, lexicon, version of the features, settings.

    A model whose manifest states another recipe than today's is stale.

    Parameters
    ----------
    records, types, classifier, folds, seed
        As in `train`.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    lexicon = load_lexicon()
    recipe = {
        "corpus": corpus_hash(list(records)),
        "types": list(record_types(records) if types is None else types),
        "classifier": _settings(SentenceClassifier() if classifier is None else classifier),
        "featurizer": FEATURIZER_VERSION,
        "lexicon": hashlib.sha256(json.dumps(lexicon, sort_keys=True).encode()).hexdigest(),
        "folds": folds,
        "seed": seed,
    }
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:32]


def _settings(thing: Any) -> Any:
    """Write down an estimator with all its parameters; its repr is cut and depends on scikit-learn's configuration."""
    if hasattr(thing, "get_params"):
        params = thing.get_params(deep=False)
        return [type(thing).__qualname__, {name: _settings(value) for name, value in sorted(params.items())}]
    return thing if isinstance(thing, str | int | float | None) else repr(thing)


def _fit(classifier: SentenceClassifier, X: np.ndarray, y: np.ndarray) -> SentenceClassifier:
    fitted: SentenceClassifier = clone(classifier).fit(X, y)
    return fitted


def _fit_and_score(classifier: SentenceClassifier, X: np.ndarray, y: np.ndarray, held_out: np.ndarray) -> np.ndarray:
    return _fit(classifier, X, y).decision_function(held_out)


def _decide(scores: np.ndarray, y: np.ndarray) -> tuple[list[tuple[float, float]], list[float]]:
    """Fit calibration and thresholds on out-of-fold scores."""
    calibration = [fit_sigmoid(column, target) for column, target in zip(scores.T, y.T, strict=True)]
    probabilities = _calibrate(scores, calibration)
    thresholds = [best_threshold(column, target) for column, target in zip(probabilities.T, y.T, strict=True)]
    return calibration, thresholds


def _calibrate(scores: np.ndarray, calibration: Sequence[tuple[float, float]]) -> np.ndarray:
    slope, intercept = np.array(calibration).T
    return sigmoid(scores * slope + intercept)


def _cross_validate(
    types: Sequence[str], scores: np.ndarray, y: np.ndarray, fold: np.ndarray, units: np.ndarray
) -> Report:
    """Judge each fold by the calibration and thresholds of the others."""
    probabilities = np.empty(y.shape)
    predicted = np.empty(y.shape, dtype=bool)
    for k in range(int(fold.max()) + 1):
        part = fold == k
        calibration, thresholds = _decide(scores[~part], y[~part])
        probabilities[part] = _calibrate(scores[part], calibration)
        predicted[part] = probabilities[part] >= np.array(thresholds)
    return score_predictions(types, y, probabilities, predicted, units.tolist())


def _check(records: Sequence[Record], labelled: Sequence[Record], types: Sequence[str], folds: int) -> None:
    """Refuse records and settings that cannot be trained on."""
    if folds < 2:
        raise RecordError(f"folds is {folds}; give at least 2")
    if not labelled:
        raise RecordError("no record is labelled, so there is nothing to train on")
    if not types:
        raise RecordError("no record carries a type, so there is nothing to learn")
    for name in types:
        if not is_type_name(name):
            raise RecordError(
                f"type {name!r}: 'none', ';', blanks and control characters cannot be used; choose another name"
            )
    if len(set(types)) < len(types):
        raise RecordError(f"types {', '.join(types)} name one twice; name each type once")
    refuse_fatal(records, types)
    units = split_units(labelled)
    y = target_matrix(labelled, types)
    for name, column in zip(types, y.T, strict=True):
        for carries, what in ((column, "carry"), (~column, "do not carry")):
            found = len(set(units[carries].tolist()))
            if found < folds:
                raise RecordError(
                    f"sentences that {what} {name!r} stand in {found} documents, fewer than the {folds} folds; "
                    "label more documents, use fewer folds, or leave the type out"
                )


def _check_folds(fold: np.ndarray, y: np.ndarray, types: Sequence[str], folds: int) -> None:
    """Refuse a split in which some fold's classifier would see no example, or no counter-example, of a type."""
    for k in range(folds):
        seen = y[fold != k]
        for name, column in zip(types, seen.T, strict=True):
            if not 0 < column.sum() < len(column):
                raise RecordError(
                    f"with {folds} folds and this seed, one split leaves no variety of {name!r} to learn from; "
                    "use fewer folds or another seed, or label more documents"
                )
