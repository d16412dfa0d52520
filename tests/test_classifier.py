"""The estimator that is fitted: scikit-learn's conventions, and what its numbers are."""

from __future__ import annotations

import pickle
from math import log, sqrt

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin, clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    ShuffleSplit,
    cross_val_predict,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from wiredesk.features import Lexicon, TfidfFeaturizer
from wiredesk.models import SentenceClassifier

PORT = "Rockets hit the old port."
BRIDGE = "Rockets hit a bridge in Selm."
MONDAY = "Talks resume on Monday."
FRIDAY = "Talks ended on Friday, late."
BOTH = "Rockets hit the hall where talks resume."
NEITHER = "The bakery opens at seven."

#: One article of six sentences, four times over, so that three folds see every word.
SENTENCES = [PORT, MONDAY, BOTH, NEITHER, BRIDGE, FRIDAY] * 4
TARGETS = np.array([[1, 0], [0, 1], [1, 1], [0, 0], [1, 0], [0, 1]] * 4)
DOCUMENTS = [f"article-{i // 6}" for i in range(24)]


def with_documents(sentences=SENTENCES, documents=DOCUMENTS):
    X = np.empty((len(sentences), 2), dtype=object)
    X[:, 0] = sentences
    X[:, 1] = documents
    return X


def new(**parameters) -> SentenceClassifier:
    return SentenceClassifier(featurizer=TfidfFeaturizer(min_df=1), **parameters)


@pytest.fixture(scope="module")
def fitted() -> SentenceClassifier:
    return new().fit(SENTENCES, TARGETS)


def test_a_clone_has_the_parameters_and_nothing_learned(fitted):
    copy = clone(fitted)
    assert copy.featurizer.min_df == 1
    assert copy.featurizer is not fitted.featurizer
    with pytest.raises(NotFittedError):
        copy.predict([PORT])


def test_parameters_can_be_read_and_set_down_to_the_featurizer_and_the_estimator():
    classifier = new(estimator=LinearSVC(C=0.5))
    parameters = classifier.get_params()
    assert (parameters["featurizer__min_df"], parameters["estimator__C"]) == (1, 0.5)
    classifier.set_params(featurizer__min_df=3, estimator__C=2.0)
    assert (classifier.featurizer.min_df, classifier.estimator.C) == (3, 2.0)


def test_parameters_are_stored_as_given():
    classifier = SentenceClassifier()
    assert classifier.get_params() == {"featurizer": None, "estimator": None, "ratio_weight": 0.5}


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ValueError, match="C"):
        SentenceClassifier().set_params(C=1)


def test_scikit_learn_takes_it_for_a_classifier():
    assert is_classifier(SentenceClassifier())


def test_fit_returns_the_classifier_and_leaves_its_parameters_unfitted():
    classifier = new(estimator=LogisticRegression())
    assert classifier.fit(SENTENCES, TARGETS) is classifier
    assert not hasattr(classifier.featurizer, "vocabulary_")
    assert not hasattr(classifier.estimator, "coef_")


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_predicting_before_fit_says_not_fitted(method):
    with pytest.raises(NotFittedError, match="SentenceClassifier"):
        getattr(SentenceClassifier(), method)([PORT])


def test_it_learns_what_the_words_tell(fitted):
    assert fitted.predict(["Rockets hit a school.", "Talks resume.", "The bakery opens."]).tolist() == [
        [1, 0],
        [0, 1],
        [0, 0],
    ]


def test_learned_arrays_have_the_stated_shapes_and_types(fitted):
    n_features = len(fitted.featurizer_.vocabulary_)
    assert (fitted.weights_.shape, fitted.weights_.dtype) == ((n_features, 2), np.float32)
    assert (fitted.intercept_.shape, fitted.intercept_.dtype) == ((2,), np.float64)
    assert fitted.classes_.tolist() == [0, 1]


def test_decision_is_at_zero_and_probability_at_a_half(fitted):
    scores = fitted.decision_function(SENTENCES)
    assert (scores.shape, scores.dtype) == ((24, 2), np.float64)
    assert np.array_equal(fitted.predict(SENTENCES), (scores >= 0).astype(int))
    assert np.allclose(fitted.predict_proba(SENTENCES), 1 / (1 + np.exp(-scores)), rtol=0, atol=1e-15)


def test_a_score_of_zero_gives_the_type():
    flat = new().fit(SENTENCES, TARGETS)
    flat.weights_[:] = 0
    flat.intercept_[:] = [0.0, -1e-9]
    assert flat.predict([PORT]).tolist() == [[1, 0]]
    assert flat.predict_proba([PORT])[0, 0] == 0.5


def test_without_ratios_scores_are_those_of_the_plain_pipeline_but_for_float32():
    features = TfidfFeaturizer(min_df=1).fit(SENTENCES)
    plain = LogisticRegression(C=2.0, solver="newton-cg", tol=1e-6, max_iter=1000)
    plain.fit(features.transform(SENTENCES), TARGETS[:, 1])
    expected = plain.decision_function(features.transform([BOTH, NEITHER, "Unseen words."]))
    classifier = new(ratio_weight=0).fit(SENTENCES, TARGETS)
    actual = classifier.decision_function([BOTH, NEITHER, "Unseen words."])[:, 1]
    assert np.allclose(actual, expected, rtol=0, atol=1e-5)


def test_without_ratios_the_same_with_documents():
    X = with_documents()
    features = TfidfFeaturizer(min_df=1).fit_transform(X)
    plain = LogisticRegression(C=2.0, solver="newton-cg", tol=1e-6, max_iter=1000).fit(features, TARGETS[:, 1])
    actual = new(ratio_weight=0).fit(X, TARGETS).decision_function(X)[:, 1]
    assert np.allclose(actual, plain.decision_function(features), rtol=0, atol=1e-5)


#: Six sentences of one token: two words, and six cue terms ("^", "OTHER", "$" and their runs) that all of them have.
ONE_TOKEN = ["ab", "ab", "cd", "cd", "cd", "ab"]
ONE_TYPE = np.array([[1], [1], [0], [0], [0], [0]])
# Sentences with the type that have the term, plus one, by all of those; the same without the type.
AB = log((3 / 22) / (2 / 36))
CD = -log((1 / 22) / (4 / 36))
EDGES = -log((3 / 22) / (5 / 36))
RATIO_MEAN = (AB + CD + 6 * EDGES) / 8


def scales_by_hand(weight: float) -> tuple[float, float, float]:
    """Give what ab, cd and each of the cue terms are multiplied by.

    The words' values are 1, in three sentences each, and the cues' 1 / sqrt(6), in all six, so the squares of all
    features sum up to 12 before and have to do so after.
    """
    a, c, e = (1 - weight + weight * ratio / RATIO_MEAN for ratio in (AB, CD, EDGES))
    norm = sqrt(12 / (3 * a**2 + 3 * c**2 + 6 * e**2))
    return a * norm, c * norm, e * norm


class Flat(ClassifierMixin, BaseEstimator):
    """A linear classifier whose coefficients are all 1, so that the weights show the scales."""

    def fit(self, X, y):
        self.coef_, self.intercept_ = np.ones((1, X.shape[1])), np.zeros(1)
        return self


def one_token(**parameters) -> SentenceClassifier:
    featurizer = TfidfFeaturizer(char_ngrams=(9, 9), min_df=1, lexicon=Lexicon())
    return SentenceClassifier(featurizer=featurizer, **parameters)


@pytest.mark.parametrize("weight", [0, 0.25, 0.5, 1])
def test_ratio_scales_by_hand(weight):
    classifier = one_token(estimator=Flat(), ratio_weight=weight).fit(ONE_TOKEN, ONE_TYPE)
    assert classifier.featurizer_.vocabulary_.names[:2] == ["word=ab", "word=cd"]
    a, c, e = scales_by_hand(weight)
    scales = classifier.weights_[:, 0] / (classifier.featurizer_.idf_ * classifier.featurizer_.scale_)
    assert scales == pytest.approx([a, c, *[e] * 6], rel=1e-6)


def test_ratios_scale_what_the_estimator_sees():
    a, c, e = scales_by_hand(0.5)
    features = [[a * (word == "ab"), c * (word == "cd"), *[e / sqrt(6)] * 6] for word in ONE_TOKEN]
    plain = LogisticRegression(C=2.0, solver="newton-cg", tol=1e-8).fit(features, ONE_TYPE[:, 0])
    actual = one_token().fit(ONE_TOKEN, ONE_TYPE).decision_function(ONE_TOKEN)[:, 0]
    assert np.allclose(actual, plain.decision_function(features), rtol=0, atol=1e-5)


def test_each_type_has_its_own_ratios():
    y = np.column_stack([ONE_TYPE, [0, 1, 1, 0, 1, 0]])
    both = one_token(estimator=Flat()).fit(ONE_TOKEN, y).weights_
    for column in range(2):
        alone = one_token(estimator=Flat()).fit(ONE_TOKEN, y[:, [column]]).weights_
        assert np.array_equal(both[:, [column]], alone)
    assert not np.array_equal(both[:, 0], both[:, 1])


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_ratio_weight_that_is_no_share_is_refused(weight):
    with pytest.raises(ValueError, match="ratio_weight=.*; give a share from 0 to 1"):
        new(ratio_weight=weight).fit(SENTENCES, TARGETS)


def test_terms_that_tell_nothing_can_be_weighed_by_nothing_else():
    # Each type has the same sentences as the other one, so all ratios are zero, and their mean too.
    flat = one_token(ratio_weight=1).fit(["ab", "ab"], [[1], [0]])
    assert np.isfinite(flat.weights_).all()
    assert flat.predict_proba(["ab"]) == pytest.approx(0.5, abs=1e-6)


class TestUnlabelled:
    def test_they_have_no_say_in_the_fit(self):
        # Taken for sentences without the types, they would contradict the labelled ones.
        X = with_documents([*SENTENCES, PORT, MONDAY], [*DOCUMENTS, "x", "y"])
        y = np.vstack([TARGETS, [[-1, -1], [-1, -1]]])
        classifier = new().fit(X, y)
        assert classifier.predict(SENTENCES).tolist() == TARGETS.tolist()
        residuals = classifier.predict_proba(X)[:24] - TARGETS
        # Zero at the optimum of the labelled sentences alone.
        assert np.abs(residuals.sum(axis=0)).max() < 1e-3

    def test_alone_in_their_documents_they_change_nothing(self, fitted):
        X = with_documents([*SENTENCES, "Nobody has read this one.", "Rockets, unread."], range(26))
        y = np.vstack([TARGETS, [[-1, -1], [-1, -1]]])
        classifier = new().fit(X, y)
        assert np.abs(classifier.decision_function(SENTENCES) - fitted.decision_function(SENTENCES)).max() < 1e-9

    def test_their_neighbours_see_them(self):
        # The labelled sentences are alike; what stands after them tells them apart.
        X = with_documents(["Rain fell.", "The mayor said so.", "Rain fell.", "Snow fell."] * 2, list("aabbccdd"))
        y = np.array([[1], [-1], [0], [-1]] * 2)
        classifier = new().fit(X, y)
        assert classifier.predict(X)[::2].ravel().tolist() == [1, 0, 1, 0]
        (only,) = set(classifier.decision_function(X[::2, 0]).ravel().tolist())
        assert np.isfinite(only)

    @pytest.mark.parametrize("row", [[-1, 0], [1, -1]])
    def test_a_row_that_is_labelled_in_part_is_refused(self, row):
        y = TARGETS.copy()
        y[3] = row
        with pytest.raises(ValueError, match="other values than 0 and 1, or rows of -1"):
            new().fit(SENTENCES, y)

    def test_none_labelled_is_refused(self):
        with pytest.raises(ValueError, match="no sentence carries type 0"):
            new().fit(SENTENCES, np.full((24, 2), -1))

    def test_all_labelled_ones_alike_is_refused(self):
        y = np.full((24, 1), -1)
        y[:3] = 1
        with pytest.raises(ValueError, match="every sentence carries type 0"):
            new().fit(SENTENCES, y)

    def test_targets_stay_as_they_were(self):
        y = np.vstack([TARGETS[:-2], [[-1, -1], [-1, -1]]])
        before = y.copy()
        new().fit(SENTENCES, y)
        assert np.array_equal(y, before)


def test_the_default_solver_has_converged(fitted):
    # The gradient of C * log loss + |w|^2 / 2 with respect to the unpenalised intercept is the
    # sum of the residuals, which is zero at the optimum.
    residuals = fitted.predict_proba(SENTENCES) - TARGETS
    assert np.abs(residuals.sum(axis=0)).max() < 1e-3
    tighter = new(estimator=LogisticRegression(C=2.0, solver="newton-cg", tol=1e-12, max_iter=10_000))
    exact = tighter.fit(SENTENCES, TARGETS).predict_proba(SENTENCES)
    assert np.abs(fitted.predict_proba(SENTENCES) - exact).max() < 1e-4


def test_every_type_is_a_problem_of_its_own(fitted):
    # The second type alone, beside another first one: its scores stay.
    other = new().fit(SENTENCES, np.column_stack([1 - TARGETS[:, 0], TARGETS[:, 1]]))
    assert np.array_equal(other.decision_function(SENTENCES)[:, 1], fitted.decision_function(SENTENCES)[:, 1])


def test_one_type_is_enough():
    classifier = new().fit(SENTENCES, TARGETS[:, :1])
    assert classifier.predict([PORT, MONDAY]).tolist() == [[1], [0]]


def test_no_sentences_give_no_rows(fitted):
    for method in (fitted.predict, fitted.predict_proba, fitted.decision_function):
        assert method([]).shape == (0, 2)


def test_an_empty_sentence_scores_the_intercept_and_its_edges(fitted):
    # "^" and "$" are all an empty sentence consists of; each counts once, divided by sqrt(1).
    columns = fitted.featurizer_.vocabulary_.columns["cue"]
    expected = fitted.intercept_ + sum(fitted.weights_[columns[edge]].astype(float) for edge in "^$")
    assert np.allclose(fitted.decision_function([""]), expected, rtol=0, atol=1e-12)


def test_a_single_string_is_refused(fitted):
    with pytest.raises(TypeError, match="not a list of str"):
        fitted.predict(PORT)
    with pytest.raises(TypeError, match="not a list of str"):
        new().fit(PORT, TARGETS)


@pytest.mark.parametrize("wrap", [list, tuple, np.array, lambda X: np.array(X, dtype=object)])
def test_any_sequence_of_str_gives_the_same_scores(fitted, wrap):
    assert np.array_equal(fitted.decision_function(wrap(SENTENCES)), fitted.decision_function(SENTENCES))


@pytest.mark.parametrize("kind", [int, float, bool, object, np.uint8])
def test_targets_of_any_number_type_give_the_same_weights(fitted, kind):
    assert np.array_equal(new().fit(SENTENCES, TARGETS.astype(kind)).weights_, fitted.weights_)


def test_targets_may_be_a_list_of_lists(fitted):
    assert np.array_equal(new().fit(SENTENCES, TARGETS.tolist()).weights_, fitted.weights_)


BAD_TARGETS = {
    "one column as a vector": (TARGETS[:, 0], r"shape \(24,\)"),
    "three dimensions": (TARGETS[:, :, None], r"shape \(24, 2, 1\)"),
    "no columns": (TARGETS[:, :0], r"shape \(24, 0\)"),
    "sparse": (csr_matrix(TARGETS), "one row per sentence"),
    "too few rows": (TARGETS[:-1], "24 sentences but 23 rows"),
    "too many rows": (np.vstack([TARGETS, TARGETS[:1]]), "24 sentences but 25 rows"),
    "another number": (TARGETS * 2, "other values than 0 and 1"),
    "negative": (-TARGETS, "other values than 0 and 1"),
    "not a number": (np.where(TARGETS == 1, np.nan, 0.0), "other values than 0 and 1"),
    "strings": (TARGETS.astype(str), "other values than 0 and 1"),
    "missing": (np.where(TARGETS == 1, None, 0), "other values than 0 and 1"),
    "nobody carries a type": (TARGETS * [1, 0], "no sentence carries type 1"),
    "everybody carries a type": (np.maximum(TARGETS, [1, 0]), "every sentence carries type 0"),
}


@pytest.mark.parametrize(("y", "message"), BAD_TARGETS.values(), ids=BAD_TARGETS)
def test_targets_of_a_wrong_kind_are_refused(y, message):
    with pytest.raises(ValueError, match=message):
        new().fit(SENTENCES, y)


def test_ragged_targets_are_refused():
    with pytest.raises(ValueError):
        new().fit(SENTENCES, [[1, 0], [1], *TARGETS[2:].tolist()])


def test_no_sentences_cannot_be_fitted():
    with pytest.raises(ValueError):
        new().fit([], np.empty((0, 2), dtype=int))


def test_a_classifier_without_linear_weights_is_refused_by_name():
    with pytest.raises((TypeError, ValueError, AttributeError), match="KNeighborsClassifier"):
        new(estimator=KNeighborsClassifier()).fit(SENTENCES, TARGETS)


@pytest.mark.parametrize(
    "estimator",
    [LinearSVC(random_state=0), SGDClassifier(random_state=0), LogisticRegression(C=10.0)],
    ids=lambda estimator: type(estimator).__name__,
)
def test_other_linear_estimators_decide_as_they_do_by_themselves(estimator):
    classifier = new(estimator=estimator, ratio_weight=0).fit(SENTENCES, TARGETS)
    features = classifier.featurizer_.transform(SENTENCES)
    for column in range(2):
        alone = clone(estimator).fit(features, TARGETS[:, column])
        expected = alone.decision_function(features)
        assert np.allclose(classifier.decision_function(SENTENCES)[:, column], expected, rtol=1e-5, atol=1e-5)
    assert np.array_equal(classifier.predict(SENTENCES), TARGETS)


@pytest.mark.parametrize("X", [SENTENCES, with_documents()], ids=["list of str", "texts and documents"])
class TestModelSelection:
    def test_cross_val_score(self, X):
        # Every fold holds whole copies of the article, so nothing is left to miss.
        assert cross_val_score(new(), X, TARGETS, cv=KFold(4), error_score="raise").tolist() == [1.0] * 4

    @pytest.mark.parametrize("scoring", ["f1_macro", "f1_micro", "average_precision", "roc_auc"])
    def test_multi_label_scorers(self, X, scoring):
        scores = cross_val_score(new(), X, TARGETS, cv=KFold(4), scoring=scoring, error_score="raise")
        assert scores.tolist() == [1.0] * 4

    def test_cross_val_predict(self, X):
        folds = GroupKFold(4)
        scores = cross_val_predict(new(), X, TARGETS, cv=folds, groups=DOCUMENTS, method="decision_function")
        assert scores.shape == (24, 2)
        assert np.array_equal(scores >= 0, TARGETS == 1)

    def test_grid_search(self, X):
        # With 16 of the 18 training sentences only a few letters and marks are left to tell types apart.
        grid = {"featurizer__min_df": [16, 1]}
        search = GridSearchCV(new(), grid, cv=KFold(4), scoring="f1_macro", error_score="raise").fit(X, TARGETS)
        assert search.best_params_ == {"featurizer__min_df": 1}
        assert search.predict(X[:1]).tolist() == [[1, 0]]

    @pytest.mark.parametrize(
        "splitter",
        [KFold(3, shuffle=True, random_state=0), ShuffleSplit(3, test_size=0.5, random_state=0)],
        ids=["KFold", "ShuffleSplit"],
    )
    def test_splitters_that_shuffle(self, X, splitter):
        scores = cross_val_score(new(), X, TARGETS, cv=splitter, error_score="raise")
        assert scores[:2].tolist() == [1.0, 1.0]


def test_documents_change_nothing_in_a_sentence_that_stands_alone(fitted):
    alone = with_documents(documents=list(range(24)))
    assert np.array_equal(new().fit(alone, TARGETS).weights_, fitted.weights_)
    assert np.array_equal(fitted.decision_function(alone), fitted.decision_function(SENTENCES))


@pytest.mark.parametrize("columns", [1, 3])
def test_an_array_of_another_width_is_refused(fitted, columns):
    with pytest.raises(ValueError, match=rf"shape \(24, {columns}\)"):
        fitted.predict(np.full((24, columns), PORT, dtype=object))


def test_something_that_is_no_string_is_named(fitted):
    with pytest.raises(TypeError, match=r"sentence 1 is None of type NoneType"):
        fitted.predict([PORT, None])


def test_predictions_follow_the_order_of_the_sentences(fitted):
    order = np.random.default_rng(0).permutation(24)
    shuffled = fitted.decision_function([SENTENCES[i] for i in order])
    assert np.array_equal(shuffled, fitted.decision_function(SENTENCES)[order])


def test_the_order_of_training_sentences_hardly_matters(fitted):
    order = np.random.default_rng(0).permutation(24)
    shuffled = new().fit([SENTENCES[i] for i in order], TARGETS[order])
    assert shuffled.featurizer_.vocabulary_.names == fitted.featurizer_.vocabulary_.names
    assert np.array_equal(shuffled.featurizer_.idf_, fitted.featurizer_.idf_)
    assert np.abs(shuffled.predict_proba(SENTENCES) - fitted.predict_proba(SENTENCES)).max() < 1e-4


def test_fitting_twice_gives_the_same_bits(fitted):
    again = new().fit(SENTENCES, TARGETS)
    assert again.weights_.tobytes() == fitted.weights_.tobytes()
    assert again.intercept_.tobytes() == fitted.intercept_.tobytes()


def test_a_second_fit_forgets_the_first(fitted):
    classifier = new().fit([NEITHER, MONDAY, NEITHER, FRIDAY], np.array([[0], [1], [0], [1]]))
    classifier.fit(SENTENCES, TARGETS)
    assert classifier.weights_.tobytes() == fitted.weights_.tobytes()
    assert classifier.classes_.tolist() == [0, 1]


def test_inputs_are_left_as_they_were():
    X, y = with_documents(), TARGETS.copy()
    before = X.copy()
    new().fit(X, y)
    assert np.array_equal(X, before)
    assert np.array_equal(y, TARGETS)


def test_a_pickle_predicts_the_same(fitted):
    loaded = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(loaded.decision_function(SENTENCES), fitted.decision_function(SENTENCES))


def test_score_is_the_share_of_sentences_with_exactly_the_right_types(fitted):
    wrong = TARGETS.copy()
    wrong[:6, 0] = 1 - wrong[:6, 0]
    assert fitted.score(SENTENCES, wrong) == 0.75
