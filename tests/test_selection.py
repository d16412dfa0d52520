"""The search for a classifier: what is compared, what is chosen, and that the choice is judged on unseen documents."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.svm import LinearSVC

from wiredesk.features import TfidfFeaturizer
from wiredesk.models import SentenceClassifier
from wiredesk.models.classifier import linear_function
from wiredesk.seeds import Record, RecordError
from wiredesk.training import Search, Trial, candidates, search
from wiredesk.training.classifiers import LinearAverage

TYPES = ("flood", "road")
SENTENCES = {
    ("flood",): ("The river burst its banks at {}.", "A flood warning is in force for {}."),
    ("road",): ("The road to {} is closed.", "Route nine is shut near {}."),
    ("flood", "road"): ("The flood closed the road to {}.",),
    (): ("The museum of {} opens at ten.", "The choir of {} sings on Sunday."),
}
PLACES = ("Belm", "Tarn", "Selm", "Dorn", "Hald", "Vik", "Orla", "Kray")
RECORDS = [
    Record(text.format(place), labels, document=place)
    for place in PLACES
    for labels, texts in SENTENCES.items()
    for text in texts
]
SMALL = TfidfFeaturizer(min_df=1)


def logistic(**settings) -> SentenceClassifier:
    return SentenceClassifier(featurizer=TfidfFeaturizer(min_df=1, **settings))


#: Features of two columns and a target that the first one decides.
X = csr_matrix(np.array([[2.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 2.0]]))
Y = np.array([1, 1, 0, 0])


# Linear functions


@pytest.mark.parametrize("estimator", [LogisticRegression(), LinearSVC(random_state=0)])
def test_the_function_of_a_linear_classifier_is_its_decision(estimator) -> None:
    fitted = estimator.fit(X, Y)
    coefficient, intercept = linear_function(fitted)
    assert X @ coefficient + intercept == pytest.approx(fitted.decision_function(X))


@pytest.mark.parametrize("estimator", [MultinomialNB(), ComplementNB(alpha=0.1)])
def test_the_function_of_a_naive_bayes_is_its_log_odds(estimator) -> None:
    fitted = estimator.fit(X, Y)
    coefficient, intercept = linear_function(fitted)
    odds = np.diff(fitted.predict_log_proba(X), axis=1).ravel()
    assert X @ coefficient + intercept == pytest.approx(odds)


def test_an_average_weighs_members_by_the_spread_of_their_scores() -> None:
    members = [LogisticRegression(), LinearSVC(random_state=0)]
    average = LinearAverage(members).fit(X, Y)
    expected = 0
    for member in members:
        coefficient, intercept = linear_function(member.fit(X, Y))
        expected += (X @ coefficient + intercept) / (X @ coefficient).std() / 2
    assert X @ average.coef_.ravel() + average.intercept_[0] == pytest.approx(expected)


def test_an_average_of_one_orders_as_its_member_does() -> None:
    average = LinearAverage([LogisticRegression()]).fit(X, Y)
    assert (
        np.argsort(X @ average.coef_.ravel()).tolist()
        == np.argsort(X @ LogisticRegression().fit(X, Y).coef_.ravel()).tolist()
    )


# The candidates


def test_the_first_candidate_is_the_default() -> None:
    assert repr(next(iter(candidates().values()))) == repr(SentenceClassifier())


@pytest.mark.parametrize("name", candidates())
def test_every_candidate_can_be_fitted(name: str) -> None:
    classifier = candidates()[name]
    y = np.array([[label in record.labels for label in TYPES] for record in RECORDS]).astype(int)
    fitted = classifier.fit([record.text for record in RECORDS], y)
    assert fitted.decision_function(["The river burst its banks."]).shape == (1, 2)


# The search


@pytest.fixture(scope="module")
def found() -> Search:
    tried = {"all blocks": logistic(), "five terms": logistic(max_features=5)}
    return search(RECORDS, classifiers=tried, test=RECORDS[:16])


def test_a_classifier_that_sees_the_words_is_chosen_everywhere(found: Search) -> None:
    assert found.best == "all blocks"
    assert [trial.chosen for trial in found.trials] == [3, 0]


def test_what_can_be_learnt_is_scored_as_learnt(found: Search) -> None:
    first, second = found.trials
    assert first.macro_f1 == pytest.approx(1.0)
    assert found.nested_macro_f1 == pytest.approx(1.0)
    assert second.macro_f1 < 0.8


def test_test_sentences_are_scored(found: Search) -> None:
    assert found.trials[0].test_macro_f1 == pytest.approx(1.0)


def test_without_test_sentences_there_is_no_such_score() -> None:
    only = search(RECORDS, classifiers={"all blocks": logistic()})
    assert only.trials[0].test_macro_f1 is None
    assert only.trials[0].chosen == 3


def test_jobs_change_nothing() -> None:
    tried = {"one": logistic(), "two": SentenceClassifier(featurizer=SMALL, ratio_weight=0)}
    assert search(RECORDS, classifiers=tried, n_jobs=2) == search(RECORDS, classifiers=tried)


def test_unlabelled_sentences_are_context_and_not_scored() -> None:
    silent = [Record("The ferry waits.", None, document=record.document) for record in RECORDS[::5]]
    mixed = sorted([*RECORDS, *silent], key=lambda record: PLACES.index(record.document))
    assert search(mixed, classifiers={"all blocks": logistic()}).nested_macro_f1 == pytest.approx(1.0)


def test_of_equals_the_first_is_best() -> None:
    trials = (Trial("a", 0.7, 1, None), Trial("b", 0.8, 1, None), Trial("c", 0.8, 1, None))
    assert Search(trials, 0.7).best == "b"


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    search(RECORDS, classifiers={"all blocks": logistic()}, on_progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (12, 12)


def test_no_processes_are_refused() -> None:
    with pytest.raises(RecordError, match="n_jobs is 0; give a number of processes"):
        search(RECORDS, classifiers={"only": logistic()}, folds=2, n_jobs=0)


def test_too_few_documents_are_refused() -> None:
    with pytest.raises(RecordError, match="fewer than the 4 folds"):
        search(RECORDS[:21], classifiers={"all blocks": logistic()})
