"""The classifiers that a search tries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from wiredesk.features import TfidfFeaturizer
from wiredesk.models import SentenceClassifier
from wiredesk.models.classifier import linear_function, logistic_regression


class LinearAverage(ClassifierMixin, BaseEstimator):
    """Average linear classifiers, each brought to a standard deviation of 1 on the training sentences.

    Parameters
    ----------
    members : sequence of scikit-learn classifier
        Linear, or naive Bayes.

    Attributes
    ----------
    coef_ : ndarray of float64, shape (1, n_features)
    intercept_ : ndarray of float64, shape (1,)
    """

    def __init__(self, members: Sequence[Any]) -> None:
        self.members = members

    def fit(self, X: csr_matrix, y: np.ndarray) -> Self:
        """Fit every member.

        Parameters
        ----------
        X : csr_matrix of float64, shape (n, n_features)
        y : ndarray of int, shape (n,)

        Returns
        -------
        LinearAverage
            Itself.
        """
        functions = [linear_function(clone(member).fit(X, y)) for member in self.members]
        spreads = [float((X @ coefficient).std()) or 1.0 for coefficient, _ in functions]
        self.coef_ = np.mean([c / s for (c, _), s in zip(functions, spreads, strict=True)], axis=0)[None, :]
        self.intercept_ = np.mean([[b / s] for (_, b), s in zip(functions, spreads, strict=True)], axis=0)
        self.classes_ = np.array([0, 1])
        return self


def candidates() -> dict[str, SentenceClassifier]:
    """Name what is tried: classifiers on the default features, and the default classifier on other features.

    Returns
    -------
    dict of str to SentenceClassifier
        The first is the default.
    """
    svm = LinearSVC(C=0.1, random_state=0)
    return {
        "NB-weighted logistic regression, C=2": SentenceClassifier(),
        "NB-weighted logistic regression, C=1": SentenceClassifier(estimator=logistic_regression(1)),
        "NB-weighted logistic regression, C=4": SentenceClassifier(estimator=logistic_regression(4)),
        "NB-weighted by 0.75 instead of 0.5": SentenceClassifier(ratio_weight=0.75),
        "logistic regression, C=2": SentenceClassifier(ratio_weight=0),
        "NB-weighted linear SVM, C=0.1": SentenceClassifier(estimator=svm),
        "linear SVM, C=0.1": SentenceClassifier(estimator=svm, ratio_weight=0),
        "complement naive Bayes": SentenceClassifier(estimator=ComplementNB(alpha=0.1), ratio_weight=0),
        "average of NB-weighted LR, SVM and CNB": SentenceClassifier(
            estimator=LinearAverage([logistic_regression(2), svm, ComplementNB(alpha=0.1)])
        ),
        "character n-grams of 2-4": SentenceClassifier(featurizer=TfidfFeaturizer(char_ngrams=(2, 4))),
        "character n-grams of 3-5": SentenceClassifier(featurizer=TfidfFeaturizer(char_ngrams=(3, 5))),
        "terms of 3 sentences and more": SentenceClassifier(featurizer=TfidfFeaturizer(min_df=3)),
        "80,000 features": SentenceClassifier(featurizer=TfidfFeaturizer(max_features=80_000)),
    }
