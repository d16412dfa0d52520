"""Accuracy on real news, beside what a scikit-learn user would build from the same corpus.

``WIREDESK_GOLD`` names a JSONL file of labelled sentences (text, labels, document); its texts are not part of this
repository. Every system is fitted on the shipped corpus, with a threshold per type that is best on out-of-fold
probabilities grouped by document. Without ``WIREDESK_GOLD`` only the out-of-fold column is printed.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.preprocessing import normalize

from wiredesk.eval import Report, score_predictions
from wiredesk.eval.evaluation import target_matrix
from wiredesk.features import TfidfFeaturizer, tokenize
from wiredesk.features.vocabulary import BLOCKS
from wiredesk.models import SentenceClassifier, best_threshold
from wiredesk.seeds import Record, load_seeds, read_records, record_types, split_units
from wiredesk.training import grouped_folds


class L2Featurizer(TfidfFeaturizer):
    """The same terms under the textbook's weights: sublinear tf, each block's rows of length 1."""

    def transform(self, X: Any) -> csr_matrix:
        """Compute the weighted features."""
        matrix = self.counts(X)
        lengths = np.array([max(1, len(tokenize(text))) for text in X])
        matrix.data = 1 + np.log(matrix.data * np.repeat(np.sqrt(lengths), np.diff(matrix.indptr)))
        matrix.data *= self.idf_[matrix.indices]
        ends = np.cumsum([0, *(len(self.vocabulary_.terms[block]) for block in BLOCKS)])
        return hstack([normalize(matrix[:, a:b]) for a, b in zip(ends, ends[1:], strict=False)], format="csr")


def systems() -> dict[str, Any]:
    """Name the estimators to compare."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    return {
        "wiredesk": SentenceClassifier(),
        "  same terms, sublinear tf and L2 norm": _pipeline(L2Featurizer()),
        "scikit-learn: words 1-2": _pipeline(words),
        "scikit-learn: words 1-2 + char_wb 2-5": _pipeline(make_union(words, chars)),
    }


def _pipeline(features: Any) -> Pipeline:
    return make_pipeline(features, OneVsRestClassifier(LogisticRegression(C=3, solver="newton-cg", tol=1e-6)))


def measure(estimator: Any, train: list[Record], test: list[Record]) -> tuple[Report, Report | None]:
    """Fit on `train`, tune thresholds on its out-of-fold probabilities, score both."""
    types = record_types(train)
    X, y, units = [record.text for record in train], target_matrix(train, types), split_units(train)
    fold = grouped_folds(units, y, 5)
    held_out = np.empty(y.shape)
    for k in range(5):
        inside, outside = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        fitted = clone(estimator).fit([X[i] for i in inside], y[inside].astype(int))
        held_out[outside] = fitted.predict_proba([X[i] for i in outside])
    thresholds = [best_threshold(p, target) for p, target in zip(held_out.T, y.T, strict=True)]
    inside_report = score_predictions(types, y, held_out, held_out >= thresholds, units.tolist())
    if not test:
        return inside_report, None
    probabilities = clone(estimator).fit(X, y.astype(int)).predict_proba([record.text for record in test])
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
    for name, estimator in systems().items():
        inside, real = measure(estimator, train, test)
        row = f"{name:40}  {inside.macro_f1:11.3f}"
        if real:
            low, high = real.macro_f1_ci95
            row += f"  {real.macro_f1:9.3f}   {low:.3f} - {high:.3f}   {real.exact_match:11.3f}"
        print(row, flush=True)
    baseline = f"{'every type on every sentence':40}  {inside.baseline_macro_f1:11.3f}"
    print(baseline + (f"  {real.baseline_macro_f1:9.3f}" if real else ""))


if __name__ == "__main__":
    main()
