"""Accuracy on real news, beside what a scikit-learn user would build from the same corpus.

``WIREDESK_GOLD`` names a JSONL file of labelled sentences (text, labels, document); its texts are not part of this
repository. Every system is fitted on the shipped corpus, with a threshold per type that is best on out-of-fold
probabilities grouped by document. Without ``WIREDESK_GOLD`` only the out-of-fold column is printed.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from wiredesk.eval import Report, score_predictions
from wiredesk.models import SentenceClassifier, best_threshold
from wiredesk.seeds import (
    Record,
    document_ids,
    load_seeds,
    read_records,
    record_types,
    split_units,
    target_matrix,
)
from wiredesk.training import grouped_folds


def systems() -> dict[str, tuple[Any, bool, bool]]:
    """Name the estimators to compare, and whether they see documents when fitted and when they predict."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    return {
        "wiredesk": (SentenceClassifier(), True, True),
        "wiredesk, sentences without documents": (SentenceClassifier(), True, False),
        "scikit-learn: words 1-2": (_pipeline(words), False, False),
        "scikit-learn: words 1-2 + char_wb 2-5": (_pipeline(make_union(words, chars)), False, False),
    }


def _pipeline(features: Any) -> Pipeline:
    return make_pipeline(features, OneVsRestClassifier(LogisticRegression(C=3, solver="newton-cg", tol=1e-6)))


def texts(records: list[Record], with_documents: bool) -> np.ndarray:
    """Give the sentences, alone or beside their documents."""
    column = np.array([record.text for record in records], dtype=object)
    if not with_documents:
        return column
    documents = np.empty(len(records), dtype=object)
    documents[:] = document_ids(records)
    return np.column_stack([column, documents])


def measure(
    estimator: Any, fit_documents: bool, predict_documents: bool, train: list[Record], test: list[Record]
) -> tuple[Report, Report | None]:
    """Fit on `train`, tune thresholds on its out-of-fold probabilities, score both."""
    types = record_types(train)
    seen, judged = texts(train, fit_documents), texts(train, predict_documents)
    y, units = target_matrix(train, types), split_units(train)
    fold = grouped_folds(units, y, 5)
    held_out = np.empty(y.shape)
    for k in range(5):
        inside = fold != k
        fitted = clone(estimator).fit(seen[inside], y[inside].astype(int))
        held_out[~inside] = fitted.predict_proba(judged[~inside])
    thresholds = [best_threshold(p, target) for p, target in zip(held_out.T, y.T, strict=True)]
    inside_report = score_predictions(types, y, held_out, held_out >= thresholds, units.tolist())
    if not test:
        return inside_report, None
    probabilities = clone(estimator).fit(seen, y.astype(int)).predict_proba(texts(test, predict_documents))
    predicted = probabilities >= thresholds
    y_test = target_matrix(test, types)
    return inside_report, score_predictions(types, y_test, probabilities, predicted, split_units(test).tolist())


def main() -> None:
    """Print the table."""
    gold = os.environ.get("WIREDESK_GOLD")
    test = read_records([gold]) if gold else []
    if not gold:
        print("WIREDESK_GOLD is not set: out-of-fold scores alone\n")
    train = load_seeds()
    print(f"{'macro F1':40}  out of fold  real news   95 % interval   exact match")
    for name, (estimator, fit_documents, predict_documents) in systems().items():
        inside, real = measure(estimator, fit_documents, predict_documents, train, test)
        row = f"{name:40}  {inside.macro_f1:11.3f}"
        if real:
            low, high = real.macro_f1_ci95
            row += f"  {real.macro_f1:9.3f}   {low:.3f} - {high:.3f}   {real.exact_match:11.3f}"
        print(row, flush=True)
    baseline = f"{'every type on every sentence':40}  {inside.baseline_macro_f1:11.3f}"
    print(baseline + (f"  {real.baseline_macro_f1:9.3f}" if real else ""))


if __name__ == "__main__":
    main()
