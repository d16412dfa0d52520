"""The estimator that is fitted: TF-IDF features and one linear classifier per type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_matrix, diags_array
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from wiredesk.features import TermCounts, TfidfFeaturizer
from wiredesk.models.calibration import sigmoid


class SentenceClassifier(ClassifierMixin, BaseEstimator):
    r"""Label sentences with any number of types, one binary linear classifier per type.

    It follows scikit-learn and works in `cross_val_score` and `GridSearchCV`. Its probabilities are the
    classifier's own; `wiredesk.train` adds calibration and thresholds from out-of-fold scores.

    Parameters
    ----------
    featurizer : TfidfFeaturizer, optional
        What turns sentences into features; ``TfidfFeaturizer()`` by default.
    estimator : scikit-learn classifier, optional
        Any binary linear classifier: with ``coef_`` and ``intercept_``, or a multinomial or complement naive Bayes.
        By default
        ``LogisticRegression(C=2, solver="newton-cg", tol=1e-6)``: unlike lbfgs at its default tolerance,
        that has converged, and it takes no longer.
    ratio_weight : float, default=0.5
        How far each type's classifier sees its features scaled by how much more (or less) often they occur with
        the type than without it: 0 not at all, 1 by nothing else.

    Attributes
    ----------
    featurizer_ : TfidfFeaturizer
        The fitted featurizer.
    weights_ : ndarray of float32, shape (n_features, n_types)
        What one occurrence of a term adds to each type's score before the division by the square
        root of the number of tokens (which context terms are spared): coefficient times idf, block
        scale and ratio scale, rounded to float32.
    intercept_ : ndarray of float64, shape (n_types,)
    classes_ : ndarray of int, shape (n_types,)
        Column indices, as scikit-learn has them for multi-label targets.

    Notes
    -----
    Feature :math:`t` is multiplied by :math:`1 - w + w\,r_t / \bar r`, where :math:`w` is `ratio_weight` and
    :math:`r_t` the absolute log-count ratio of naive Bayes [1]_, from the number of sentences with the type and
    without it that contain the term, each plus one. All features together keep their mean squared length. Where Wang
    and Manning interpolate the fitted weights, this interpolates the scales.

    References
    ----------
    .. [1] S. Wang, C. Manning (2012). Baselines and bigrams: simple, good sentiment and topic
       classification. ACL. https://aclanthology.org/P12-2018

    Examples
    --------
    >>> from wiredesk.features import TermCounts, TfidfFeaturizer
    >>> X = ["Rockets hit the port.", "Rockets hit a bridge.", "Talks resume on Monday.", "Talks ended on Friday."]
    >>> y = [[1, 0], [1, 0], [0, 1], [0, 1]]
    >>> classifier = SentenceClassifier(featurizer=TfidfFeaturizer(min_df=1)).fit(X, y)
    >>> classifier.predict(["Rockets hit a school."]).tolist()
    [[1, 0]]
    """

    def __init__(
        self, *, featurizer: TfidfFeaturizer | None = None, estimator: Any = None, ratio_weight: float = 0.5
    ) -> None:
        self.featurizer = featurizer
        self.estimator = estimator
        self.ratio_weight = ratio_weight

    def fit(self, X: Iterable[str] | TermCounts, y: Any) -> Self:
        """Fit the featurizer and one classifier per type.

        Parameters
        ----------
        X : list of str, array of object, shape (n, 2), or TermCounts
            Sentences, sentences and their documents, or what the featurizer's `count_terms` gave for them.
        y : array of bool or int, shape (n, n_types)
            1 where the sentence carries the type; a row of -1 is not labelled and serves as context alone.

        Returns
        -------
        SentenceClassifier
            Itself.

        Raises
        ------
        ValueError
            If `y` is not such an array, or a type is carried by all sentences or by none.
        """
        y = _check_targets(y)
        featurizer = TfidfFeaturizer() if self.featurizer is None else clone(self.featurizer)
        counts = featurizer.count_terms(X)
        if len(counts) != len(y):
            raise ValueError(f"{len(counts)} sentences but {len(y)} rows of y; give one row per sentence")
        labelled = y[:, 0] >= 0
        features = featurizer.fit(counts[labelled]).transform(counts[labelled])
        return self.fit_features(featurizer, features, y[labelled])

    def fit_features(self, featurizer: TfidfFeaturizer, features: csr_matrix, y: np.ndarray) -> Self:
        """Fit one classifier per type on features that are there already.

        Parameters
        ----------
        featurizer : TfidfFeaturizer
            Fitted; what the features come from.
        features : csr_matrix of float64, shape (n, n_features)
        y : ndarray of int, shape (n, n_types)
            0 and 1.

        Returns
        -------
        SentenceClassifier
            Itself.
        """
        coefficients, intercepts = [], []
        value = featurizer.idf_ * featurizer.scale_
        # Several BLAS threads add in another order, and the same data would give other bytes.
        with threadpool_limits(1):
            for target in y.T:
                scale = _ratio_scale(features, target.astype(bool), self.ratio_weight)
                estimator = clone(logistic_regression() if self.estimator is None else self.estimator)
                fitted = estimator.fit(features @ diags_array(scale), target)
                coefficient, intercept = linear_function(fitted)
                coefficients.append(coefficient * scale * value)
                intercepts.append(intercept)
        self.featurizer_ = featurizer
        self.weights_ = np.column_stack(coefficients).astype(np.float32)
        self.intercept_ = np.array(intercepts)
        self.classes_ = np.arange(y.shape[1])
        return self

    def decision_function(self, X: Iterable[str] | TermCounts) -> np.ndarray:
        """Compute the raw scores.

        Parameters
        ----------
        X : list of str, array of object, shape (n, 2), or TermCounts
            Sentences, sentences and their documents, or what the featurizer's `count_terms` gave for them.

        Returns
        -------
        ndarray of float64, shape (n, n_types)
        """
        check_is_fitted(self, "weights_")
        return self.featurizer_.counts(X) @ self.weights_.astype(np.float64) + self.intercept_

    def predict_proba(self, X: Iterable[str] | TermCounts) -> np.ndarray:
        """Compute the logistic function of the raw scores.

        Parameters
        ----------
        X : list of str, array of object, shape (n, 2), or TermCounts
            Sentences, sentences and their documents, or what the featurizer's `count_terms` gave for them.

        Returns
        -------
        ndarray of float64, shape (n, n_types)
        """
        return sigmoid(self.decision_function(X))

    def predict(self, X: Iterable[str] | TermCounts) -> np.ndarray:
        """Say which raw scores are at least 0.

        Parameters
        ----------
        X : list of str, array of object, shape (n, 2), or TermCounts
            Sentences, sentences and their documents, or what the featurizer's `count_terms` gave for them.

        Returns
        -------
        ndarray of int, shape (n, n_types)
        """
        return (self.decision_function(X) >= 0).astype(int)


def linear_function(fitted: Any) -> tuple[np.ndarray, float]:
    """Give what a fitted binary classifier computes.

    Parameters
    ----------
    fitted : scikit-learn classifier
        Linear, or a multinomial or complement naive Bayes.

    Returns
    -------
    coefficient : ndarray of float64, shape (n_features,)
    intercept : float

    Raises
    ------
    TypeError
        If it is no linear classifier.
    """
    if hasattr(fitted, "coef_"):
        return fitted.coef_.ravel(), float(np.ravel(fitted.intercept_)[0])
    if isinstance(fitted, ComplementNB | MultinomialNB):  # The difference of the log probabilities of the two classes.
        without, with_type = fitted.feature_log_prob_
        # Complement naive Bayes leaves the prior out when there are two classes.
        prior = 0.0 if isinstance(fitted, ComplementNB) else float(np.diff(fitted.class_log_prior_)[0])
        return with_type - without, prior
    raise TypeError(f"{fitted!r} has no coef_ after fitting; give a linear classifier")


def logistic_regression(C: float = 2.0) -> LogisticRegression:
    """Give the default classifier, not fitted; `C` is the inverse of the penalty, as in scikit-learn."""
    return LogisticRegression(C=C, solver="newton-cg", tol=1e-6, max_iter=1000)


def _ratio_scale(features: csr_matrix, target: np.ndarray, weight: float) -> np.ndarray:
    """Compute what each feature is multiplied by, so that telling ones are penalised less."""
    if not 0 <= weight <= 1:
        raise ValueError(f"ratio_weight={weight!r}; give a share from 0 to 1")
    present = features.copy()
    present.data = np.ones_like(present.data)
    with_type = present[target].sum(axis=0).A1 + 1
    without = present[~target].sum(axis=0).A1 + 1
    ratio = np.abs(np.log((with_type / with_type.sum()) / (without / without.sum())))
    # Where nothing tells anything, all features are alike.
    relative = ratio / ratio.mean() if ratio.any() else np.ones_like(ratio)
    scale = 1 - weight + weight * relative
    squares = features.power(2).sum(axis=0).A1
    return scale * np.sqrt(squares.sum() / (squares @ scale**2))


def _check_targets(y: Any) -> np.ndarray:
    y = np.asarray(y)
    if y.ndim != 2 or y.shape[1] == 0:
        raise ValueError(f"y has shape {y.shape}; give one row per sentence and one column per type")
    unlabelled = (y == -1).all(axis=1)
    if not np.isin(y[~unlabelled], (0, 1)).all():
        raise ValueError("y holds other values than 0 and 1, or rows of -1; give 1 where the sentence carries the type")
    for column, target in enumerate(y[~unlabelled].T):
        if not 0 < target.sum() < len(target):
            carried = "no sentence carries" if not target.any() else "every sentence carries"
            raise ValueError(f"{carried} type {column}; a type needs sentences with it and without it")
    return y.astype(int)
