"""scikit-learn's own checks on what is fitted to numbers, and the same promises for what is fitted to text.

scikit-learn's checks give an estimator matrices of numbers, so they can say nothing of one that takes sentences. The
linear head can be checked: it is what `SentenceClassifier.fit_features` does with features, whatever they are of.
"""

from __future__ import annotations

import copy
import inspect
import pickle
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix, issparse
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from wiredesk.features import TfidfFeaturizer
from wiredesk.models import SentenceClassifier
from wiredesk.training.classifiers import LinearAverage


class Head(ClassifierMixin, BaseEstimator):
    """The linear head for two classes of rows of numbers.

    It adds what `fit_features` leaves to its caller: checking and encoding what comes in. The weights are those that a
    featurizer would get whose columns all have the weight 1.
    """

    def __init__(self, estimator: Any = None, ratio_weight: float = 0.5) -> None:
        self.estimator = estimator
        self.ratio_weight = ratio_weight

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.sparse = True
        return tags

    def fit(self, X: Any, y: Any) -> Head:
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=np.float64)
        check_classification_targets(y)
        self.classes_, encoded = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(f"Only binary classification is supported: there are {len(self.classes_)} classes, not 2")
        columns = SimpleNamespace(idf_=np.ones(X.shape[1]), scale_=np.ones(X.shape[1]))
        head = SentenceClassifier(estimator=self.estimator, ratio_weight=self.ratio_weight)
        self.head_ = head.fit_features(columns, csr_matrix(X), encoded[:, None])
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False)
        return csr_matrix(X) @ self.head_.weights_[:, 0].astype(np.float64) + self.head_.intercept_[0]

    def predict(self, X: Any) -> np.ndarray:
        scores = self.decision_function(X)
        return self.classes_[(scores >= 0).astype(int)]


HEADS = [
    Head(),
    Head(ratio_weight=0),
    Head(LinearAverage([LogisticRegression(C=2.0), LinearSVC(C=0.1, random_state=0)])),
]


@parametrize_with_checks(HEADS)
def test_the_linear_head_passes_the_checks_of_scikit_learn(estimator, check):
    check(estimator)


# The same promises for text

#: Three articles, three times over under other names.
ARTICLES = {
    "port": [("Rockets hit the old port.", (1, 0)), ("“We will rebuild,” the mayor said.", (0, 1)), ("Rain.", (0, 0))],
    "mill": [("Shells fell on the mill, the governor said.", (1, 1)), ("It had been shut since May.", (0, 0))],
    "fair": [("The fair opens at noon.", (0, 0)), ("The mayor said so on Monday.", (0, 1)), ("Shells!", (1, 0))],
}
ROWS = [(text, f"{name}-{i}", y) for i in range(3) for name, article in ARTICLES.items() for text, y in article]
SENTENCES = [text for text, _, _ in ROWS]
WITH_DOCUMENTS = np.array([[text, document] for text, document, _ in ROWS], dtype=object)
Y = np.array([y for _, _, y in ROWS])

#: Each article's rows, and an order that keeps them together.
BLOCKS = [[i for i, row in enumerate(ROWS) if row[1] == name] for name in dict.fromkeys(row[1] for row in ROWS)]
SHUFFLED = [i for block in (4, 0, 8, 2, 6, 1, 7, 3, 5) for i in BLOCKS[block]]

#: Classes with a parameter each that is not the default, and what they compute.
CASES = {
    TfidfFeaturizer: ({"min_df": 1}, ("transform", "counts")),
    SentenceClassifier: (
        {"featurizer": TfidfFeaturizer(min_df=1), "estimator": LogisticRegression(C=1.5)},
        ("decision_function", "predict_proba", "predict"),
    ),
}


def new(kind: type) -> Any:
    return clone(kind(**CASES[kind][0]))


def computed(estimator: Any, X: Any) -> dict[str, np.ndarray]:
    """Everything that the fitted estimator computes of sentences, dense."""
    found = {name: getattr(estimator, name)(X) for name in CASES[type(estimator)][1]}
    return {name: values.toarray() if issparse(values) else values for name, values in found.items()}


def rows_of(X: Any, rows: list[int]) -> Any:
    return X[rows] if isinstance(X, np.ndarray) else [X[i] for i in rows]


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray], atol: float = 0.0) -> None:
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=0, atol=atol, err_msg=name)


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)
class TestParameters:
    def test_making_one_stores_them_and_does_nothing_else(self, kind):
        estimator = kind(**CASES[kind][0])
        assert vars(estimator) == estimator.get_params(deep=False)
        assert all(getattr(estimator, name) is value for name, value in CASES[kind][0].items())

    def test_wrong_ones_are_refused_by_fit_and_no_sooner(self, kind):
        wrong = {"featurizer__min_df": 0} if kind is SentenceClassifier else {"min_df": 0}
        estimator = new(kind).set_params(**wrong)
        with pytest.raises(ValueError, match="min_df=0; give a number of sentences of at least 1"):
            estimator.fit(SENTENCES, Y)

    def test_what_get_params_gives_set_params_takes(self, kind):
        changed = new(kind)
        other = kind().set_params(**changed.get_params(deep=False))
        assert other.get_params() == changed.get_params()

    def test_setting_one_that_is_not_there_is_refused(self, kind):
        with pytest.raises(ValueError, match="Invalid parameter 'ngrams'"):
            kind().set_params(ngrams=2)

    def test_a_clone_has_equal_ones_and_shares_none_that_can_be_fitted(self, kind):
        estimator = kind(**CASES[kind][0])
        copied = clone(estimator)
        assert repr(copied) == repr(estimator)
        for name, value in CASES[kind][0].items():
            assert getattr(copied, name) is not value or not hasattr(value, "fit")

    def test_a_clone_of_a_fitted_one_has_learned_nothing(self, kind):
        fitted = new(kind).fit(SENTENCES, Y)
        assert not [name for name in vars(clone(fitted)) if name.endswith("_")]

    def test_each_is_described(self, kind):
        documented = inspect.getdoc(kind).partition("Parameters\n")[2].partition("Attributes\n")[0]
        assert all(f"\n{name} : " in documented for name in kind().get_params(deep=False))

    def test_a_repr_tells_those_that_are_not_the_default(self, kind):
        assert repr(kind()) == f"{kind.__name__}()"
        assert "min_df=1" in repr(new(kind))


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("X", [SENTENCES, WITH_DOCUMENTS], ids=["sentences", "articles"])
class TestPromises:
    def test_nothing_is_computed_before_fit(self, kind, X):
        for name in CASES[kind][1]:
            with pytest.raises(NotFittedError, match=f"This {kind.__name__} instance is not fitted yet"):
                getattr(new(kind), name)(X)

    def test_a_fit_that_fails_is_no_fit(self, kind, X):
        estimator = new(kind)
        with pytest.raises((TypeError, ValueError)):
            estimator.fit([*SENTENCES[:-1], None], Y)
        with pytest.raises(NotFittedError):
            computed(estimator, X)

    def test_fit_gives_the_estimator(self, kind, X):
        estimator = new(kind)
        assert estimator.fit(X, Y) is estimator

    def test_what_is_learned_ends_in_an_underscore(self, kind, X):
        estimator = new(kind)
        before = set(vars(estimator))
        learned = set(vars(estimator.fit(X, Y))) - before
        assert learned and all(name.endswith("_") and not name.startswith("_") for name in learned)

    def test_fit_leaves_parameters_as_they_were(self, kind, X):
        estimator = new(kind)
        before = copy.deepcopy(estimator.get_params())
        estimator.fit(X, Y)
        assert repr(estimator.get_params()) == repr(before)
        assert all(not hasattr(value, "coef_") for value in estimator.get_params().values())

    def test_nothing_changes_what_is_given(self, kind, X):
        given_X, given_y = copy.deepcopy(X), Y.copy()
        computed(new(kind).fit(given_X, given_y), given_X)
        assert np.array_equal(given_X, X)
        assert np.array_equal(given_y, Y)

    def test_computing_changes_nothing_learned(self, kind, X):
        estimator = new(kind).fit(X, Y)
        before = pickle.dumps(estimator)
        first = computed(estimator, X)
        assert pickle.dumps(estimator) == before
        assert_same(computed(estimator, X), first)

    def test_a_second_fit_gives_the_same(self, kind, X):
        estimator = new(kind).fit(X, Y)
        expected = computed(estimator, X)
        assert_same(computed(estimator.fit(X, Y), X), expected)

    def test_a_fit_to_something_else_forgets_the_first(self, kind, X):
        other = [f"{text} Anew." for text in SENTENCES]
        twice = new(kind).fit(X, Y).fit(other, Y)
        assert_same(computed(twice, other), computed(new(kind).fit(other, Y), other))

    @pytest.mark.parametrize(
        "again", [lambda one: pickle.loads(pickle.dumps(one)), copy.deepcopy], ids=["pickle", "copy"]
    )
    def test_a_copy_computes_the_same(self, kind, X, again):
        estimator = new(kind)
        assert repr(again(estimator)) == repr(estimator)
        estimator.fit(X, Y)
        assert_same(computed(again(estimator), X), computed(estimator, X))

    def test_the_order_of_the_rows_that_are_computed_does_not_matter(self, kind, X):
        estimator = new(kind).fit(X, Y)
        expected = {name: values[SHUFFLED] for name, values in computed(estimator, X).items()}
        assert_same(computed(estimator, rows_of(X, SHUFFLED)), expected, atol=1e-12)

    def test_the_order_of_the_rows_that_are_fitted_does_not_matter(self, kind, X):
        expected = computed(new(kind).fit(X, Y), X)
        shuffled = new(kind).fit(rows_of(X, SHUFFLED), Y[SHUFFLED])
        # Sums over the rows are rounded in another order, and the solver stops near the optimum.
        assert_same(computed(shuffled, X), expected, atol=1e-4)

    def test_a_part_of_the_rows_gets_what_it_gets_among_all(self, kind, X):
        estimator = new(kind).fit(X, Y)
        expected = computed(estimator, X)
        for block in BLOCKS:
            part = {name: values[block] for name, values in expected.items()}
            assert_same(computed(estimator, rows_of(X, block)), part, atol=1e-12)

    def test_no_rows_give_no_rows(self, kind, X):
        estimator = new(kind).fit(X, Y)
        for name, values in computed(estimator, X).items():
            assert computed(estimator, X[:0])[name].shape == (0, values.shape[1])


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)
class TestColumns:
    """Columns of the input have no names, those of the output keep their order."""

    def test_a_data_frame_is_refused(self, kind):
        pandas = pytest.importorskip("pandas")
        frame = pandas.DataFrame({"text": SENTENCES, "document": [row[1] for row in ROWS]})
        with pytest.raises(TypeError, match="this is a DataFrame, whose items are names; give one column of texts"):
            new(kind).fit(frame, Y)
        assert not hasattr(new(kind).fit(frame["text"], Y), "feature_names_in_")

    def test_an_array_of_numbers_is_refused(self, kind):
        with pytest.raises(TypeError, match="every sentence is a str"):
            new(kind).fit(np.zeros((len(Y), 2)), Y)


def test_columns_of_features_are_in_the_order_of_their_names():
    featurizer = new(TfidfFeaturizer).fit(SENTENCES)
    names = featurizer.get_feature_names_out()
    assert (names.shape, names.dtype) == ((featurizer.transform(SENTENCES).shape[1],), np.dtype(object))
    for term, present in (("word=port", 3), ("word=shells", 6), ("word=rain", 3)):
        (column,) = np.flatnonzero(names == term)
        assert featurizer.transform(SENTENCES)[:, [column]].count_nonzero() == present


def test_names_do_not_depend_on_the_order_of_the_rows():
    names = new(TfidfFeaturizer).fit(WITH_DOCUMENTS).get_feature_names_out()
    assert new(TfidfFeaturizer).fit(WITH_DOCUMENTS[SHUFFLED]).get_feature_names_out().tolist() == names.tolist()


def test_names_are_not_there_before_fit():
    with pytest.raises(NotFittedError, match="This TfidfFeaturizer instance is not fitted yet"):
        TfidfFeaturizer().get_feature_names_out()


def test_fit_transform_is_fit_and_transform():
    together, apart = new(TfidfFeaturizer).fit_transform(WITH_DOCUMENTS), new(TfidfFeaturizer).fit(WITH_DOCUMENTS)
    assert np.array_equal(together.toarray(), apart.transform(WITH_DOCUMENTS).toarray())


def test_types_keep_the_order_they_are_given_in():
    forwards, backwards = (new(SentenceClassifier).fit(WITH_DOCUMENTS, y) for y in (Y, Y[:, ::-1]))
    assert forwards.classes_.tolist() == [0, 1]
    expected = {name: values[:, ::-1] for name, values in computed(forwards, WITH_DOCUMENTS).items()}
    assert_same(computed(backwards, WITH_DOCUMENTS), expected)


def test_decisions_probabilities_and_labels_say_the_same():
    found = computed(new(SentenceClassifier).fit(SENTENCES, Y), SENTENCES)
    assert np.array_equal(found["predict"] == 1, found["decision_function"] >= 0)
    assert np.array_equal(found["predict"] == 1, found["predict_proba"] >= 0.5)
    assert found["predict"].any() and not found["predict"].all()
