"""Sentences by their probability: by hand, by brute force, and the same as scikit-learn's where both exist."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_curve

from wiredesk.eval import average_precision
from wiredesk.eval.ranking import Ranking

#: Carried or not, and the probability; two sentences at 0.6.
Y = np.array([True, False, True, False, True, False])
P = np.array([0.6, 0.9, 0.8, 0.6, 0.2, 0.1])

#: Few distinct probabilities, so that there are ties.
SENTENCES = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=20)


def arrays(pairs) -> tuple[np.ndarray, np.ndarray]:
    return np.array([carried for carried, _ in pairs]), np.array([p / 5 for _, p in pairs])


def once(y: np.ndarray) -> np.ndarray:
    return np.ones((1, len(y)))


def read(y, p, *recalls: float) -> list[float]:
    """The share to read for each recall, every sentence counted once."""
    ranking = Ranking(np.array(y, dtype=bool), np.array(p, dtype=float))
    return ranking.reading(*ranking.accumulate(once(y)), recalls)[0].tolist()


class TestAveragePrecision:
    def test_by_hand(self):
        # Right at rank 1 and at rank 3: (1/1 + 2/3) / 2.
        y, probabilities = np.array([1, 0, 1, 0], dtype=bool), np.array([0.9, 0.8, 0.7, 0.1])
        assert average_precision(y, probabilities) == pytest.approx(5 / 6, abs=1e-12)

    def test_equal_probabilities_come_together(self):
        # Both at once: precision 1/2 at full recall.
        assert average_precision(np.array([True, False]), np.array([0.5, 0.5])) == 0.5

    def test_the_order_of_the_sentences_does_not_matter(self):
        y, probabilities = np.array([0, 1, 0, 1], dtype=bool), np.array([0.1, 0.7, 0.8, 0.9])
        assert average_precision(y, probabilities) == pytest.approx(5 / 6, abs=1e-12)

    def test_none_without_positives(self):
        assert average_precision(np.array([False, False]), np.array([0.1, 0.9])) is None

    def test_one_if_all_carry_the_type(self):
        assert average_precision(np.array([True, True]), np.array([0.1, 0.9])) == 1.0

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=20))
    def test_equal_to_scikit_learn(self, pairs):
        y = np.array([carried for carried, _ in pairs])
        probabilities = np.array([p / 5 for _, p in pairs])
        expected = pytest.approx(average_precision_score(y, probabilities), abs=1e-12) if y.any() else None
        assert average_precision(y, probabilities) == expected


class TestAccumulate:
    def test_by_hand(self):
        # 0.9 | 0.8 | 0.6 twice | 0.2 | 0.1
        found, read = Ranking(Y, P).accumulate(once(Y))
        assert found.tolist() == [[0, 1, 2, 3, 3]]
        assert read.tolist() == [[1, 2, 4, 5, 6]]

    def test_sentences_count_as_often_as_is_said(self):
        found, read = Ranking(Y, P).accumulate(np.array([[2.0, 0, 1, 1, 0, 3], [0, 0, 0, 0, 1, 0]]))
        assert found.tolist() == [[0, 1, 3, 3, 3], [0, 0, 0, 1, 1]]
        assert read.tolist() == [[0, 1, 4, 4, 7], [0, 0, 0, 1, 1]]

    @settings(deadline=None)
    @given(SENTENCES, st.data())
    def test_a_sentence_that_counts_twice_is_the_same_as_two(self, pairs, data):
        y, p = arrays(pairs)
        times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(y), max_size=len(y))))
        ranking = Ranking(y, p)
        counted = ranking.accumulate(times[None].astype(float))
        weighted = ranking.average_precision(*counted)[0]
        shares = ranking.reading(*counted, [0.5, 0.95, 1.0])[0]
        more_y, more_p = np.repeat(y, times), np.repeat(p, times)
        if more_y.any():
            assert weighted == pytest.approx(average_precision_score(more_y, more_p), abs=1e-12)
            assert shares.tolist() == pytest.approx(read(more_y, more_p, 0.5, 0.95, 1.0), abs=1e-12)
        else:
            assert np.isnan([weighted, *shares]).all()

    def test_the_order_of_the_sentences_does_not_matter(self):
        order = [3, 0, 5, 1, 4, 2]
        for one, other in zip(Ranking(Y, P).curve(), Ranking(Y[order], P[order]).curve(), strict=True):
            assert np.array_equal(one, other)


class TestReading:
    def test_by_hand(self):
        # One of three positives is met after two sentences, two after four, three after five.
        assert read(Y, P, 0.1, 1 / 3, 0.34, 2 / 3, 0.67, 1.0) == pytest.approx(
            [2 / 6, 2 / 6, 4 / 6, 4 / 6, 5 / 6, 5 / 6]
        )

    def test_all_of_equal_probability_are_read(self):
        assert read([True, False, False, False], [0.5, 0.5, 0.5, 0.1], 0.01) == [0.75]
        assert read([True, False, False], [0.5, 0.5, 0.5], 0.5, 1.0) == [1, 1]

    @pytest.mark.parametrize("recall", [0.05, 0.07, 0.28, 0.55, 0.56, 0.95, 0.99])
    def test_a_share_of_a_hundred_is_a_whole_number(self, recall):
        # 0.55 * 100 is a little more than 55 in floating point; fifty-five are enough.
        y = np.arange(200) % 2 == 0
        assert read(y, np.linspace(0.9, 0.1, 200), recall) == [(2 * round(recall * 100) - 1) / 200]

    def test_nineteen_of_twenty_are_95_percent_and_eighteen_of_nineteen_are_not(self):
        p = np.linspace(0.9, 0.1, 20)
        assert read([True] * 20, p, 0.95) == [0.95]
        assert read([True] * 19 + [False], p, 0.95) == [0.95]

    def test_all_carry_it(self):
        assert read([True, True], [0.9, 0.1], 0.5, 0.51, 1.0) == [0.5, 1, 1]

    def test_nobody_carries_it(self):
        assert np.isnan(read([False, False], [0.9, 0.1], 0.5, 1.0)).all()

    def test_one_sentence(self):
        assert read([True], [0.3], 0.5, 0.95) == [1, 1]

    @settings(deadline=None)
    @given(SENTENCES, st.floats(0.01, 1))
    def test_by_brute_force(self, pairs, recall):
        y, p = arrays(pairs)
        if not y.any():
            return
        enough = [(p >= least).mean() for least in p if y[p >= least].sum() >= recall * y.sum() - 1e-9]
        assert read(y, p, recall) == pytest.approx([min(enough)], abs=1e-12)

    def test_a_draw_without_positives_has_no_share(self):
        ranking = Ranking(Y, P)
        counted = ranking.accumulate(np.array([[0.0, 1, 0, 1, 0, 1], [1, 1, 1, 1, 1, 1]]))
        shares = ranking.reading(*counted, [1.0])[:, 0]
        assert np.isnan(shares[0])
        assert shares[1] == pytest.approx(5 / 6)
        assert np.isnan(ranking.average_precision(*counted)).tolist() == [True, False]


class TestCurve:
    def test_by_hand(self):
        thresholds, precision, recall = Ranking(Y, P).curve()
        assert thresholds.tolist() == [0.9, 0.8, 0.6, 0.2, 0.1]
        assert precision.tolist() == pytest.approx([0, 1 / 2, 2 / 4, 3 / 5, 3 / 6])
        assert recall.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1, 1])

    @settings(deadline=None)
    @given(SENTENCES)
    def test_equal_to_scikit_learn(self, pairs):
        y, p = arrays(pairs)
        if not y.any():
            return
        # It goes the other way and ends in a point of precision 1 that belongs to no threshold.
        precision, recall, thresholds = (values[::-1] for values in precision_recall_curve(y, p))
        found = Ranking(y, p).curve()
        for ours, theirs in zip(found, (thresholds, precision[1:], recall[1:]), strict=True):
            assert ours == pytest.approx(theirs, abs=1e-12)

    def test_nobody_carries_it(self):
        thresholds, precision, recall = Ranking(np.array([False, False]), np.array([0.2, 0.7])).curve()
        assert (thresholds.tolist(), precision.tolist(), recall.tolist()) == ([0.7, 0.2], [0, 0], [0, 0])

    def test_no_sentence(self):
        assert [len(values) for values in Ranking(np.zeros(0, dtype=bool), np.zeros(0)).curve()] == [0, 0, 0]
