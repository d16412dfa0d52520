"""Accuracy on real news: what each part of wiredesk adds, and what users would choose instead.

``WIREDESK_GOLD`` names a JSONL file of labelled sentences (text, labels, document); its texts are not part of this
repository. Every system is fitted on the shipped corpus, with a threshold per type that is best on out-of-fold scores
grouped by document. Differences to wiredesk are paired: both systems are scored on the same documents, drawn with
replacement. Without ``WIREDESK_GOLD`` only the out-of-fold column is printed.

fastText and MiniLM run in environments of their own, whose Python interpreters ``WIREDESK_FASTTEXT`` and
``WIREDESK_MINILM`` name (see `benchmarks.peers`); a system whose interpreter is not named is left out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from benchmarks.peers import fasttext_scores, minilm_embeddings
from wiredesk.eval import average_precision
from wiredesk.eval.keywords import keyword_predictions
from wiredesk.features import TfidfFeaturizer
from wiredesk.features.vocabulary import BLOCKS
from wiredesk.models import SentenceClassifier, best_threshold
from wiredesk.seeds import Record, load_seeds, read_records
from wiredesk.seeds.records import GUIDELINE_TYPES
from wiredesk.training.dataset import Dataset, make_dataset

FOLDS = 5
DRAWS = 2000

#: Fits on sentences and targets, and scores other sentences: (texts, y, texts) -> scores.
System = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


class Result(NamedTuple):
    """Which types were given, out of fold and on the test sentences, and the scores of the latter."""

    inside: np.ndarray
    test: np.ndarray
    test_scores: np.ndarray


def load(records: list[Record], types: tuple[str, ...] | None = None) -> Dataset:
    """Write labelled records as arrays."""
    return make_dataset([record for record in records if record.labels is not None], types)


def fit_estimator(estimator: Any, documents: bool = True) -> System:
    """Make a system of a scikit-learn estimator, which sees documents or sentences alone."""

    def run(X: np.ndarray, y: np.ndarray, other: np.ndarray) -> np.ndarray:
        fitted = clone(estimator).fit(X if documents else X[:, 0], y.astype(int))
        scores: np.ndarray = fitted.decision_function(other if documents else other[:, 0])
        return scores

    return run


def without_documents(X: np.ndarray, y: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Fit wiredesk on documents and score sentences alone."""
    return SentenceClassifier().fit(X, y.astype(int)).decision_function(other[:, 0])


def without(*blocks: str) -> System:
    """Make wiredesk without some blocks of features."""
    left = tuple(block for block in BLOCKS if block not in blocks)
    return fit_estimator(SentenceClassifier(featurizer=TfidfFeaturizer(blocks=left)))


def systems(texts: list[str], wanted: set[str]) -> dict[str, System]:
    """Name the systems to compare, wiredesk first; MiniLM embeds `texts`, all sentences there are, if it is wanted."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    found = {
        "wiredesk": fit_estimator(SentenceClassifier()),
        "  sentences without documents": without_documents,
        "  without context": without("context"),
        "  without cues": without("cue", "near"),
        "  without pairs of near cues": without("near"),
        "  without words": without("word"),
        "  without characters": without("char"),
        "  without cues and context": without("cue", "near", "context"),
        "  without the naive-Bayes ratio": fit_estimator(SentenceClassifier(ratio_weight=0)),
        "scikit-learn: words 1-2": fit_estimator(_pipeline(words), documents=False),
        "scikit-learn: words 1-2 + char_wb 2-5": fit_estimator(_pipeline(make_union(words, chars)), documents=False),
    }
    if python := os.environ.get("WIREDESK_FASTTEXT"):
        found["fastText, 100 dimensions"] = partial(_fasttext, python)
    minilm = "MiniLM embeddings + logistic regression"
    if (python := os.environ.get("WIREDESK_MINILM")) and (minilm in wanted or not wanted):
        found[minilm] = _minilm(python, texts)
    found["keyword rules"] = _keywords
    found["every type on every sentence"] = lambda X, y, other: np.ones((len(other), y.shape[1]))
    return found


def _keywords(X: np.ndarray, y: np.ndarray, other: np.ndarray) -> np.ndarray:
    found = [keyword_predictions(other[:, 0], name) for name in GUIDELINE_TYPES]
    return np.array(found, dtype=float).T


def _pipeline(features: Any) -> Pipeline:
    return make_pipeline(features, OneVsRestClassifier(LogisticRegression(C=3, solver="newton-cg", tol=1e-6)))


def _fasttext(python: str, X: np.ndarray, y: np.ndarray, other: np.ndarray) -> np.ndarray:
    return fasttext_scores(python, X[:, 0], y, other[:, 0])


def _minilm(python: str, texts: list[str]) -> System:
    distinct = list(dict.fromkeys(texts))
    row = {text: i for i, text in enumerate(distinct)}
    vectors = minilm_embeddings(python, distinct)
    classifier = OneVsRestClassifier(LogisticRegression(C=3, max_iter=2000))

    def run(X: np.ndarray, y: np.ndarray, other: np.ndarray) -> np.ndarray:
        fitted = clone(classifier).fit(vectors[[row[text] for text in X[:, 0]]], y)
        scores: np.ndarray = fitted.decision_function(vectors[[row[text] for text in other[:, 0]]])
        return scores

    return run


def measure(system: System, train: Dataset, test: Dataset | None) -> Result:
    """Fit on `train`, tune thresholds on its out-of-fold scores, and decide on both."""
    fold = train.folds(FOLDS)
    parts = [fold != k for k in range(FOLDS)]
    jobs = [(train.X[part], train.y[part], train.X[~part]) for part in parts]
    if test:
        jobs.append((train.X, train.y, test.X))
    scores = Parallel(n_jobs=2)(delayed(system)(*job) for job in jobs)
    held_out = np.empty(train.y.shape)
    for part, found in zip(parts, scores, strict=False):
        held_out[~part] = found
    thresholds = [
        best_threshold(column, target == 1, -np.inf) for column, target in zip(held_out.T, train.y.T, strict=True)
    ]
    test_scores = scores[-1] if test else np.empty((0, train.y.shape[1]))
    return Result(held_out >= thresholds, test_scores >= thresholds, test_scores)


def macro_f1(y: np.ndarray, predicted: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Compute the mean F1 of the types, sentences counting as often as `weights` says."""
    weights = np.ones(len(y)) if weights is None else weights
    hits, given = weights @ (y * predicted), weights @ (y + predicted)
    return float((2 * hits / np.maximum(1, given)).mean())


def difference(test: Dataset, ours: np.ndarray, theirs: np.ndarray, seed: int = 0) -> tuple[float, float, float]:
    """Give the difference of macro F1 and its 95 % interval, both systems on the same drawn documents."""
    rng = np.random.default_rng(seed)
    n = int(test.units.max()) + 1
    draws = []
    for _ in range(DRAWS):
        weights = rng.multinomial(n, np.full(n, 1 / n))[test.units].astype(float)
        draws.append(macro_f1(test.y, ours, weights) - macro_f1(test.y, theirs, weights))
    low, high = np.percentile(draws, [2.5, 97.5])
    return macro_f1(test.y, ours) - macro_f1(test.y, theirs), float(low), float(high)


def groups_right(data: Dataset, predicted: np.ndarray) -> tuple[int, int]:
    """Count the contrast sets all of whose sentences have exactly the right types, and all contrast sets."""
    right = (data.y == predicted).all(axis=1)
    rows = [(record.group, ok) for record, ok in zip(data.records, right, strict=True) if record.group]
    sets = [
        all(ok for _, ok in found) for _, found in groupby(sorted(rows, key=lambda row: row[0]), lambda row: row[0])
    ]
    return sum(sets), len(sets)


def main() -> None:
    """Print the table; arguments name the systems to measure beside wiredesk."""
    gold = os.environ.get("WIREDESK_GOLD")
    train = load(load_seeds())
    test = load(read_records([gold]), train.types) if gold else None
    if test is None:
        print("WIREDESK_GOLD is not set: out-of-fold scores alone\n")
    print("| trained on the same sentences | out of fold | contrast sets | real news | wiredesk is better by | AP |")
    print("| --- | ---: | ---: | ---: | --- | ---: |")
    ours = None
    texts = [*train.X[:, 0], *(test.X[:, 0] if test else ())]
    wanted = {"wiredesk", *sys.argv[1:]} if sys.argv[1:] else set()
    tried = systems(texts, wanted)
    if odd := wanted - {name.strip() for name in tried}:
        sys.exit(f"no system is called {', '.join(sorted(odd))}; there are {', '.join(map(str.strip, tried))}")
    for name, system in tried.items():
        if wanted and name.strip() not in wanted:
            continue
        found = measure(system, train, test)
        ours = found if ours is None else ours
        right, sets = groups_right(train, found.inside)
        row = f"| {name.replace('  ', '… ')} | {macro_f1(train.y, found.inside):.3f} | {right / sets:.2f} |"
        if test is None:
            print(f"{row} | | |", flush=True)
            continue
        gap, low, high = difference(test, ours.test, found.test)
        interval = "" if found is ours else f"{gap:+.3f} ({low:+.3f} to {high:+.3f})"
        precision = np.mean(
            [average_precision(t == 1, s) or 0 for t, s in zip(test.y.T, found.test_scores.T, strict=True)]
        )
        print(f"{row} {macro_f1(test.y, found.test):.3f} | {interval} | {precision:.3f} |", flush=True)


if __name__ == "__main__":
    main()
