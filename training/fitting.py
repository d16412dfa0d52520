"""Fit, calibrate, choose thresholds, freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import clone

from wiredesk.eval import Report, score_predictions
from wiredesk.models import Model, SentenceClassifier, freeze
from wiredesk.models.drift import drift_reference
from wiredesk.seeds import Record, corpus_hash
from wiredesk.training.crossvalidation import check_jobs, fold_jobs, full_job, make_experiment, out_of_fold, run_fits
from wiredesk.training.recipe import recipe_hash, settings_of
from wiredesk.training.thresholds import check_target, decide, deciding, judge_folds


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

    Examples
    --------
    >>> river = [{"text": f"The Orla rises {i} cm above its banks.", "labels": ["flood"]} for i in range(5)]
    >>> choir = [{"text": f"The choir sings {i} songs.", "labels": []} for i in range(5)]
    >>> model = train(river + choir)
    >>> model.types
    ('flood',)
    >>> [sentence.types for sentence in model.label("The Orla rises again. The choir sings.")]
    [('flood',), ()]
    """
    check_jobs(n_jobs)
    check_target(target)
    experiment = make_experiment(records, types, classifier, folds, seed, background, unlabelled)
    *fold_scores, fitted = run_fits([*fold_jobs(experiment), full_job(experiment)], n_jobs, on_progress)
    found = out_of_fold(experiment, fold_scores)
    calibration, thresholds = decide(found, target)
    report = score_predictions(judge_folds(found, target))
    training = {
        "recipe": recipe_hash(
            experiment.data.records,
            found.types,
            classifier=experiment.classifier,
            folds=folds,
            seed=seed,
            target=target,
            unlabelled=experiment.articles[:, 0],
            background=int((~experiment.is_own).sum()),
        ),
        "corpus": corpus_hash(experiment.data.records),
        "sentences": len(found.records),
        "units": len(set(found.units.tolist())),
        "background": int((~found.is_own).sum()),
        "classifier": _told(experiment.classifier),
        "folds": folds,
        "seed": seed,
        "target": dict(target or {}),
        "unlabelled": len(experiment.articles),
        "cross_validation": report.to_dict(),
        "reference": drift_reference(
            [record.text for record in found.records],
            found.units.tolist(),
            frozenset(fitted.featurizer_.vocabulary_.words),
            measured=found.is_own.tolist(),
            min_df=fitted.featurizer_.min_df,
        ),
    }
    if not experiment.is_own.all():
        first = int(np.count_nonzero(~experiment.is_own))
        training["background_corpus"] = corpus_hash(experiment.data.records[:first])
    prior = [float(carried[deciding(carried, found.is_own)].mean()) for carried in found.y.T]
    return freeze(fitted, found.types, calibration, thresholds, prior, training=training)


def cross_validation_report(model: Model) -> Report:
    """Give the cross-validated scores that a model was trained with.

    Parameters
    ----------
    model : Model

    Returns
    -------
    Report

    Examples
    --------
    >>> from wiredesk.models import load_model
    >>> cross_validation_report(load_model()).documents
    3096
    """
    return Report(**model.manifest["training"]["cross_validation"])


def _told(classifier: SentenceClassifier) -> str:
    """Write the classifier as one would in Python, a lexicon of one's own as its hash."""
    featurizer = classifier.featurizer
    if featurizer is None or featurizer.lexicon is None:
        return repr(classifier)
    plain = clone(classifier).set_params(featurizer__lexicon=None)
    return f"{plain!r} with lexicon {settings_of(featurizer.lexicon)[:8]}"
