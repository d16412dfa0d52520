"""All scores at once: the same as scikit-learn's, and of drawn documents the same as of documents written twice."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    multilabel_confusion_matrix,
    precision_recall_fscore_support,
)

from wiredesk.eval import DocumentBootstrap, Predictions
from wiredesk.eval.scores import Scores
from wiredesk.seeds import Record

#: Ten documents of ten sentences.
DOCUMENTS = np.repeat(np.arange(10), 10)


def predictions_of(y, p, *, threshold: float = 0.5, units=None, given=None) -> Predictions:
    y, p = np.array(y, dtype=bool), np.array(p, dtype=float)
    return Predictions(
        types=tuple(f"t{j}" for j in range(y.shape[1])),
        thresholds=np.full(y.shape[1], threshold),
        y=y,
        probabilities=p,
        predicted=p >= threshold if given is None else np.array(given, dtype=bool),
        units=np.arange(len(y)) if units is None else np.array(units),
        records=[Record(f"Sentence {i}.", ()) for i in range(len(y))],
    )


def random_predictions(n: int, n_types: int, n_units: int, seed: int = 0) -> Predictions:
    """Predictions with ties, of documents of different lengths."""
    rng = np.random.default_rng(seed)
    p = rng.integers(0, 11, (n, n_types)) / 10
    return predictions_of(rng.random((n, n_types)) < 0.2 + 0.5 * p, p, units=rng.integers(0, n_units, n))


def f1_interval(y, given, units, name: str = "f1", **settings) -> tuple[float, float] | None:
    """The interval of the one type's F1, or of another score."""
    y = np.array(y, dtype=bool).reshape(len(y), -1)
    given = np.array(given, dtype=bool).reshape(y.shape)
    predictions = predictions_of(y, given.astype(float), units=units)
    scores = Scores(predictions, DocumentBootstrap(np.array(units), **settings))
    return scores.bootstrap.interval(scores.drawn(name).reshape(scores.bootstrap.draws, -1)[:, 0])


class TestObserved:
    CASES = {
        "two types": random_predictions(60, 2, 7),
        "one type": random_predictions(30, 1, 30),
        "thirty-five types": random_predictions(80, 35, 9),
        "one sentence": predictions_of([[1, 0]], [[0.7, 0.8]]),
        "one document": random_predictions(20, 3, 1),
        "all carried": predictions_of(np.ones((5, 2)), [[0.1, 0.9]] * 5),
        "none carried": predictions_of(np.zeros((5, 2)), [[0.1, 0.9]] * 5),
        "all given": predictions_of([[1, 0], [0, 0], [1, 1]], np.full((3, 2), 0.6)),
        "none given": predictions_of([[1, 0], [0, 0], [1, 1]], np.full((3, 2), 0.4)),
        "a type nobody carries": predictions_of([[1, 0], [0, 0], [1, 0]], [[0.9, 0.2], [0.4, 0.6], [0.9, 0.1]]),
        "certain": predictions_of([[1], [0], [1]], [[1.0], [0.0], [0.0]]),
    }

    @pytest.mark.parametrize("predictions", CASES.values(), ids=CASES)
    def test_precision_recall_and_f1_equal_to_scikit_learn(self, predictions):
        observed = Scores(predictions).observed
        names = ("precision", "recall", "f1")
        y, given = predictions.y, predictions.predicted
        for prefix, average in (("", None), ("macro_", "macro"), ("micro_", "micro")):
            expected = precision_recall_fscore_support(
                y.astype(int), given.astype(int), labels=range(y.shape[1]), average=average, zero_division=0
            )
            if y.shape[1] == 1:
                # One column is to scikit-learn no list of types but a yes or no.
                expected = precision_recall_fscore_support(y[:, 0], given[:, 0], average="binary", zero_division=0)
            for name, value in zip(names, expected, strict=False):
                assert observed[prefix + name] == pytest.approx(value, abs=1e-12), prefix + name

    @pytest.mark.parametrize("predictions", CASES.values(), ids=CASES)
    def test_counts_equal_to_scikit_learn(self, predictions):
        labels = range(predictions.y.shape[1])
        y, given = predictions.y.astype(int), predictions.predicted.astype(int)
        if y.shape[1] == 1:
            # As above; the second of the two is the yes.
            matrix = multilabel_confusion_matrix(y[:, 0], given[:, 0], labels=[0, 1])[1:]
        else:
            matrix = multilabel_confusion_matrix(y, given, labels=labels)
        counts = Scores(predictions).counts
        assert counts.tolist() == [[m[1, 1], m[0, 1], m[1, 0]] for m in matrix]
        assert counts.dtype == np.int64

    @pytest.mark.parametrize("predictions", CASES.values(), ids=CASES)
    def test_scores_of_probabilities_equal_to_scikit_learn(self, predictions):
        observed = Scores(predictions).observed
        for j, (y, p) in enumerate(zip(predictions.y.T, predictions.probabilities.T, strict=True)):
            assert observed["brier_score"][j] == pytest.approx(brier_score_loss(y, p, pos_label=True), abs=1e-12)
            if y.any():
                expected = average_precision_score(y, p)
                assert observed["average_precision"][j] == pytest.approx(expected, abs=1e-12)
            else:
                assert np.isnan(observed["average_precision"][j])
                assert np.isnan(observed["read_at_recall_95"][j])

    @pytest.mark.parametrize("predictions", CASES.values(), ids=CASES)
    def test_exact_match_equal_to_scikit_learn(self, predictions):
        expected = accuracy_score(predictions.y.astype(int), predictions.predicted.astype(int))
        assert Scores(predictions).observed["exact_match"] == pytest.approx(expected, abs=1e-12)

    def test_the_mean_of_average_precision_needs_all(self):
        both = predictions_of([[1, 0], [0, 1]], [[0.9, 0.8], [0.1, 0.7]])
        assert Scores(both).observed["macro_average_precision"] == pytest.approx(0.75)
        one = predictions_of([[1, 0], [0, 0]], [[0.9, 0.8], [0.1, 0.7]])
        assert np.isnan(Scores(one).observed["macro_average_precision"])

    def test_reading_for_95_percent(self):
        # The second type's positive is the last of three; of the first all tie.
        scores = Scores(predictions_of([[1, 0], [0, 0], [0, 1]], [[0.5, 0.9], [0.5, 0.8], [0.5, 0.7]]))
        assert scores.observed["read_at_recall_95"].tolist() == [1, 1]
        scores = Scores(predictions_of([[1], [0], [0], [0]], [[0.5], [0.6], [0.1], [0.2]]))
        assert scores.observed["read_at_recall_95"].tolist() == [0.5]
        # Nineteen of twenty positives.
        scores = Scores(predictions_of(np.ones((20, 1)), np.linspace(0.9, 0.1, 20)[:, None]))
        assert scores.observed["read_at_recall_95"].tolist() == [0.95]

    def test_shapes(self):
        shapes = {name: values.shape for name, values in Scores(random_predictions(20, 3, 4)).observed.items()}
        by_type = {"precision", "recall", "f1", "average_precision", "brier_score", "read_at_recall_95"}
        assert {name for name, shape in shapes.items() if shape == (3,)} == by_type
        assert {name for name, shape in shapes.items() if shape == ()} == {
            *("macro_precision", "macro_recall", "macro_f1", "macro_average_precision"),
            *("micro_precision", "micro_recall", "micro_f1", "exact_match", "type_precision"),
        }


class TestSingleType:
    def test_the_most_probable_of_those_given(self):
        # Right; wrong, as the more probable of both is not carried; right, as the more probable one is not given;
        # the last is given nothing and does not count.
        predictions = predictions_of(
            [[1, 0], [1, 0], [1, 0], [1, 1]],
            [[0.9, 0.6], [0.6, 0.7], [0.6, 0.8], [0.4, 0.3]],
            given=[[1, 1], [1, 1], [1, 0], [0, 0]],
        )
        assert Scores(predictions).observed["type_precision"] == pytest.approx(2 / 3)

    def test_on_a_tie_the_first(self):
        predictions = predictions_of([[1, 0], [0, 1]], [[0.7, 0.7]] * 2)
        assert Scores(predictions).observed["type_precision"] == 0.5

    def test_a_probability_of_zero_may_be_given(self):
        assert Scores(predictions_of([[0, 1]], [[0.0, 0.0]], given=[[0, 1]])).observed["type_precision"] == 1

    def test_without_any_given_there_is_none(self):
        scores = Scores(predictions_of([[1], [0]], [[0.1], [0.2]]))
        assert np.isnan(scores.observed["type_precision"])
        assert np.isnan(scores.drawn("type_precision")).all()


def repeated(predictions: Predictions, times: np.ndarray) -> Predictions:
    """Write every document as often as it was drawn."""
    rows = [np.flatnonzero(predictions.units == unit) for unit, n in enumerate(times.astype(int)) for _ in range(n)]
    return predictions.select(np.concatenate(rows))


def brute_force(predictions: Predictions, draws: int) -> None:
    """Compare every score of every draw with the scores of documents that are written as often."""
    bootstrap = DocumentBootstrap(predictions.units, draws=draws)
    scores = Scores(predictions, bootstrap)
    for d, times in enumerate(bootstrap.draw(lambda times: times)):
        expected = Scores(repeated(predictions, times)).observed
        assert expected.keys() == scores.observed.keys()
        for name, values in expected.items():
            found = scores.drawn(name)[d]
            assert found.shape == values.shape
            assert np.array_equal(np.isnan(found), np.isnan(values)), name
            assert np.nan_to_num(found) == pytest.approx(np.nan_to_num(values), abs=1e-12), name


class TestDrawn:
    @pytest.mark.parametrize(
        "predictions",
        [random_predictions(40, 3, 8), random_predictions(12, 1, 12), random_predictions(9, 2, 2, seed=3)],
        ids=["documents", "lone sentences", "two documents"],
    )
    def test_a_document_drawn_twice_is_the_same_as_written_twice(self, predictions):
        predictions = predictions._replace(units=np.unique(predictions.units, return_inverse=True)[1])
        brute_force(predictions, draws=20)

    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(st.booleans(), st.booleans(), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
            min_size=1,
            max_size=8,
        )
    )
    def test_whatever_the_sentences(self, rows):
        y, p, units = [row[:2] for row in rows], [[a / 3, b / 3] for _, _, a, b, _ in rows], [row[4] for row in rows]
        brute_force(predictions_of(y, p, units=np.unique(units, return_inverse=True)[1]), draws=3)

    @pytest.mark.parametrize("chunk", [1, 40 * 3, 10**7])
    def test_chunks_do_not_change_it(self, chunk, monkeypatch):
        predictions = random_predictions(40, 3, 8)
        bootstrap = DocumentBootstrap(predictions.units, draws=10)
        expected = Scores(predictions, bootstrap)
        monkeypatch.setattr("wiredesk.eval.bootstrap._CHUNK", chunk)
        found = Scores(predictions, bootstrap)
        for name in expected.observed:
            assert np.array_equal(found.drawn(name), expected.drawn(name), equal_nan=True)

    def test_what_is_asked_first_does_not_matter(self):
        predictions = random_predictions(40, 3, 8)
        there, back = Scores(predictions), Scores(predictions)
        names = list(there.observed)
        first = {name: there.drawn(name) for name in names}
        for name in reversed(names):
            assert np.array_equal(back.drawn(name), first[name], equal_nan=True)

    def test_two_models_are_drawn_alike(self):
        # A sentence that the first has wholly right the second has not, so their shares add up to 1 in every draw.
        one = random_predictions(60, 1, 10)
        other = one._replace(probabilities=1 - one.probabilities, predicted=~one.predicted)
        first, second = (Scores(predictions).drawn("exact_match") for predictions in (one, other))
        assert first + second == pytest.approx(1, abs=1e-12)
        assert np.ptp(first) > 0.1

    def test_a_draw_without_positives_has_no_average_precision(self):
        # The positive's document is in some draws and in others not.
        scores = Scores(predictions_of([[1], [0], [0]], [[0.9], [0.8], [0.7]]))
        drawn = scores.drawn("average_precision")[:, 0]
        assert 0 < np.isnan(drawn).mean() < 0.5
        assert set(drawn[~np.isnan(drawn)].tolist()) == {1.0}
        assert scores.drawn("f1")[np.isnan(drawn), 0].tolist() == [0] * int(np.isnan(drawn).sum())


class TestIntervals:
    """Of F1, as documents make them."""

    def test_everything_right_leaves_no_doubt(self):
        y = [[True, False], [False, True]] * 10
        assert f1_interval(y, y, np.arange(20)) == (1, 1)

    def test_everything_wrong_neither(self):
        y = np.array([[True, False], [False, True]] * 10)
        assert f1_interval(y, ~y, np.arange(20)) == (0, 0)

    def test_one_document_tells_nothing_of_others(self):
        assert f1_interval([1, 1, 0], [1, 0, 1], [4, 4, 4]) is None

    def test_by_hand_with_two_documents(self):
        # Drawn are both, the first twice or the second twice, with chances 1/2, 1/4, 1/4. F1: 2/3, 1, 0.
        assert f1_interval([1, 1], [1, 0], [0, 1], level=0.8) == (0, 1)
        assert f1_interval([1, 1], [1, 0], [0, 1], level=0.2) == pytest.approx((2 / 3, 2 / 3))

    def test_bounds_lie_around_the_score(self):
        rng = np.random.default_rng(0)
        y = rng.random((200, 3)) < 0.4
        scores = Scores(predictions_of(y, (y ^ (rng.random((200, 3)) < 0.15)).astype(float)))
        for j in range(3):
            low, high = scores.bootstrap.interval(scores.drawn("f1")[:, j])
            assert 0 <= low < scores.observed["f1"][j] < high <= 1
        low, high = scores.bootstrap.interval(scores.drawn("macro_f1"))
        assert low < scores.observed["macro_f1"] < high

    def test_the_mean_of_two_without_doubt(self):
        # One type without doubt at 1, one without doubt at 0: the mean is a half in every draw.
        given = np.column_stack([np.ones(10, dtype=bool), np.zeros(10, dtype=bool)])
        assert f1_interval(np.ones((10, 2)), given, np.arange(10), "macro_f1") == (0.5, 0.5)

    def test_documents_of_a_kind_are_less_evidence_than_their_sentences(self):
        # In the even documents every sentence is found, in the odd ones none.
        given = np.repeat([True, False] * 5, 10)
        by_document, by_sentence = (f1_interval(np.ones(100), given, units) for units in (DOCUMENTS, np.arange(100)))
        # Ten draws against a hundred: wider by a factor of about the root of ten.
        assert np.ptp(by_document) > 2 * np.ptp(by_sentence) > 0

    def test_documents_whose_sentences_differ_are_no_less_evidence(self):
        # Every document has the same five hits of ten.
        assert np.ptp(f1_interval(np.ones(100), np.tile([True, False], 50), DOCUMENTS)) == pytest.approx(0, abs=1e-12)

    def test_a_type_that_is_neither_carried_nor_given_scores_zero(self):
        assert f1_interval(np.zeros(5), np.zeros(5), np.arange(5)) == (0, 0)

    def test_no_warning_and_no_nan_when_draws_miss_a_rare_type(self):
        y = np.arange(30) == 0
        # Missed in a third of the draws.
        assert f1_interval(y, y, np.arange(30)) == (0, 1)


class TestRefused:
    def test_no_sentence(self):
        with pytest.raises(ValueError, match="there are 0 sentences; give at least one"):
            Scores(predictions_of(np.zeros((0, 2)), np.zeros((0, 2))))

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -0.01, 1.01])
    def test_a_probability_that_is_none(self, value):
        p = np.full((3, 2), 0.5)
        p[2, 1] = value
        with pytest.raises(ValueError, match=f"probability of sentence 2, type 1, is {value}; give one from 0 to 1"):
            Scores(predictions_of(np.ones((3, 2)), p))


class TestSize:
    def test_memory_does_not_grow_with_the_types(self, monkeypatch):
        # One chunk's weights of sentences take 1.6 MB; so would each type's counts, if they were all kept.
        monkeypatch.setattr("wiredesk.eval.bootstrap._CHUNK", 200_000)
        rng = np.random.default_rng(0)
        p = rng.random((2000, 30))
        predictions = predictions_of(p > 0.6, p)
        scores = Scores(predictions, DocumentBootstrap(predictions.units, draws=100))
        tracemalloc.start()
        try:
            scores.drawn("average_precision")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 40e6
