"""Scores by hand, and the same as scikit-learn's where both exist."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score, precision_recall_fscore_support

from wiredesk.eval import Counts, average_precision, bootstrap_macro_f1, calibration_error

#: Ten documents of ten sentences; in the even ones every sentence is found, in the odd ones none.
ALIKE_Y = np.ones((100, 1), dtype=bool)
ALIKE_PREDICTED = np.repeat([True, False] * 5, 10)[:, None]
DOCUMENTS = np.repeat(np.arange(10), 10).tolist()


class TestCounts:
    def test_by_hand(self):
        # Found, found, missed, wrongly given, rightly left out.
        counts = Counts.of([1, 1, 1, 0, 0], [1, 1, 0, 1, 0])
        assert counts == Counts(tp=2, fp=1, fn=1)
        assert counts.positives == 3
        assert counts.precision == pytest.approx(2 / 3)
        assert counts.recall == pytest.approx(2 / 3)
        assert counts.f1 == pytest.approx(2 / 3)

    def test_precision_and_recall_are_not_mixed_up(self):
        # Four given, one right; two carried.
        counts = Counts.of([1, 1, 0, 0, 0], [1, 0, 1, 1, 1])
        assert (counts.precision, counts.recall) == (0.25, 0.5)
        assert counts.f1 == pytest.approx(2 * 0.25 * 0.5 / 0.75)

    @pytest.mark.parametrize(
        ("y", "predicted", "ratios"),
        [
            ([0, 0], [0, 0], (0, 0, 0)),
            ([0, 0], [1, 0], (0, 0, 0)),
            ([1, 0], [0, 0], (0, 0, 0)),
            ([1, 1], [1, 1], (1, 1, 1)),
            ([], [], (0, 0, 0)),
        ],
    )
    def test_a_ratio_without_a_denominator_is_zero(self, y, predicted, ratios):
        counts = Counts.of(y, predicted)
        assert (counts.precision, counts.recall, counts.f1) == ratios

    def test_counts_are_plain_integers(self):
        counts = Counts.of(np.array([True, False]), np.array([True, True]))
        assert [type(value) for value in (counts.tp, counts.fp, counts.fn)] == [int] * 3

    @given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20))
    def test_equal_to_scikit_learn(self, pairs):
        y, predicted = map(np.array, zip(*pairs, strict=True))
        counts = Counts.of(y, predicted)
        expected = precision_recall_fscore_support(y, predicted, average="binary", zero_division=0)
        assert (counts.precision, counts.recall, counts.f1) == pytest.approx(expected[:3], abs=1e-12)


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

    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=20))
    def test_equal_to_scikit_learn(self, pairs):
        y = np.array([carried for carried, _ in pairs])
        probabilities = np.array([p / 5 for _, p in pairs])
        expected = pytest.approx(average_precision_score(y, probabilities), abs=1e-12) if y.any() else None
        assert average_precision(y, probabilities) == expected


class TestCalibrationError:
    CASES = {
        "certain and right": ([1, 0], [1.0, 0.0], 0.0),
        "certain and wrong": ([1, 0], [0.0, 1.0], 1.0),
        # In one bin: half carry it, the mean is 0.75.
        "one bin": ([1, 0], [0.72, 0.78], 0.25),
        # Over- and underconfidence do not cancel between bins: (|1 - 0.65| + |0 - 0.35|) / 2.
        "two bins": ([1, 0], [0.65, 0.35], 0.35),
        # Bins count by their sentences: three in the first (|0 - 0.03|), one in the last (|0 - 0.95|).
        "weighted": ([0, 0, 0, 0], [0.03, 0.03, 0.03, 0.95], (3 * 0.03 + 0.95) / 4),
        # Within a bin gaps cancel: 0.9 + 0.9 - 1.8.
        "cancel": ([1] * 9 + [0], [0.92] * 5 + [0.88] * 5, abs(5 - 5 * 0.92) / 10 + abs(4 - 5 * 0.88) / 10),
        "nothing": ([], [], 0.0),
    }

    @pytest.mark.parametrize(("y", "probabilities", "expected"), CASES.values(), ids=CASES)
    def test_by_hand(self, y, probabilities, expected):
        found = calibration_error(np.array(y, dtype=bool), np.array(probabilities, dtype=float))
        assert found == pytest.approx(expected, abs=1e-12)

    def test_a_border_belongs_to_the_bin_above(self):
        # 0.5 stands with 0.55, not with 0.45: |1 - 1.05 / 2 * ...| is taken over two bins.
        y, probabilities = np.array([0, 1, 0], dtype=bool), np.array([0.45, 0.5, 0.55])
        assert calibration_error(y, probabilities) == pytest.approx((0.45 + abs(1 - 1.05)) / 3, abs=1e-12)

    def test_the_number_of_bins(self):
        y, probabilities = np.array([1, 0], dtype=bool), np.array([0.65, 0.35])
        assert calibration_error(y, probabilities, bins=1) == pytest.approx(0, abs=1e-12)

    def test_a_plain_float(self):
        assert type(calibration_error(np.array([True]), np.array([0.5]))) is float

    @given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=30))
    def test_by_the_formula(self, pairs):
        y, p = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
        edges = np.arange(1, 10) / 10
        which = (p[:, None] * 10 >= edges * 10).sum(axis=1)
        expected = sum(
            (which == b).mean() * abs(y[which == b].mean() - p[which == b].mean()) for b in set(which.tolist())
        )
        assert calibration_error(y, p) == pytest.approx(expected, abs=1e-9)


class TestBootstrap:
    def test_everything_right_leaves_no_doubt(self):
        y = np.array([[True, False], [False, True]] * 10)
        low, high = bootstrap_macro_f1(y, y, list(range(20)))
        assert low.shape == high.shape == (3,)
        assert low.tolist() == high.tolist() == [1.0] * 3

    def test_everything_wrong_neither(self):
        y = np.array([[True, False], [False, True]] * 10)
        low, high = bootstrap_macro_f1(y, ~y, list(range(20)))
        assert low.tolist() == high.tolist() == [0.0] * 3

    def test_one_document_is_always_drawn_whole(self):
        y = np.array([[True], [True], [False]])
        predicted = np.array([[True], [False], [True]])
        low, high = bootstrap_macro_f1(y, predicted, ["d"] * 3)
        assert low.tolist() == high.tolist() == [0.5, 0.5]

    def test_bounds_lie_around_the_score(self):
        rng = np.random.default_rng(0)
        y = rng.random((200, 3)) < 0.4
        predicted = y ^ (rng.random((200, 3)) < 0.15)
        low, high = bootstrap_macro_f1(y, predicted, list(range(200)))
        f1 = f1_score(y, predicted, average=None)
        for j, score in enumerate([*f1, f1.mean()]):
            assert 0 <= low[j] < score < high[j] <= 1

    def test_the_interval_of_the_mean_is_the_last(self):
        # One type without doubt at 1, one without doubt at 0: the mean is a half in every draw.
        y = np.ones((10, 2), dtype=bool)
        predicted = np.column_stack([np.ones(10, dtype=bool), np.zeros(10, dtype=bool)])
        low, high = bootstrap_macro_f1(y, predicted, list(range(10)))
        assert low.tolist() == high.tolist() == [1.0, 0.0, 0.5]

    def test_by_hand_with_two_documents(self):
        # Drawn are both, the first twice or the second twice, with chances 1/2, 1/4, 1/4. F1: 2/3, 1, 0.
        y, predicted = np.array([[True], [True]]), np.array([[True], [False]])
        low, high = bootstrap_macro_f1(y, predicted, ["a", "b"], level=0.8)
        assert (low.tolist(), high.tolist()) == ([0.0] * 2, [1.0] * 2)
        low, high = bootstrap_macro_f1(y, predicted, ["a", "b"], level=0.2)
        assert low == pytest.approx([2 / 3] * 2)
        assert high == pytest.approx([2 / 3] * 2)

    def test_documents_of_a_kind_are_less_evidence_than_their_sentences(self):
        by_document = bootstrap_macro_f1(ALIKE_Y, ALIKE_PREDICTED, DOCUMENTS)
        by_sentence = bootstrap_macro_f1(ALIKE_Y, ALIKE_PREDICTED, list(range(100)))
        widths = [float(high[-1] - low[-1]) for low, high in (by_document, by_sentence)]
        # Ten draws against a hundred: wider by a factor of about the root of ten.
        assert widths[0] > 2 * widths[1] > 0

    def test_documents_whose_sentences_differ_are_no_less_evidence(self):
        mixed = np.tile([True, False], 50)[:, None]
        low, high = bootstrap_macro_f1(ALIKE_Y, mixed, DOCUMENTS)
        # Every document has the same five hits of ten.
        assert (high - low).tolist() == pytest.approx([0, 0], abs=1e-12)

    def test_a_seed_gives_one_interval_and_another_seed_another(self):
        arguments = (ALIKE_Y, ALIKE_PREDICTED, list(range(100)))
        first = bootstrap_macro_f1(*arguments)
        assert np.array_equal(first, bootstrap_macro_f1(*arguments))
        assert np.array_equal(first, bootstrap_macro_f1(*arguments, seed=0))
        assert not np.array_equal(first, bootstrap_macro_f1(*arguments, seed=1, draws=999))

    def test_a_higher_level_is_wider(self):
        arguments = (ALIKE_Y, ALIKE_PREDICTED, list(range(100)))
        wide, narrow = (bootstrap_macro_f1(*arguments, level=level) for level in (0.99, 0.5))
        assert wide[0][0] < narrow[0][0] < narrow[1][0] < wide[1][0]

    def test_what_the_documents_are_called_does_not_matter(self):
        named = [("doc", i) for i in DOCUMENTS]
        expected = bootstrap_macro_f1(ALIKE_Y, ALIKE_PREDICTED, DOCUMENTS)
        assert np.array_equal(bootstrap_macro_f1(ALIKE_Y, ALIKE_PREDICTED, named), expected)

    def test_a_type_that_is_neither_carried_nor_given_scores_zero(self):
        nothing = np.zeros((5, 1), dtype=bool)
        low, high = bootstrap_macro_f1(nothing, nothing, list(range(5)))
        assert low.tolist() == high.tolist() == [0.0, 0.0]

    def test_no_warning_and_no_nan_when_draws_miss_a_rare_type(self):
        y = np.zeros((30, 1), dtype=bool)
        y[0] = True
        low, high = bootstrap_macro_f1(y, y, list(range(30)))
        # Missed in a third of the draws.
        assert (low.tolist(), high.tolist()) == ([0.0, 0.0], [1.0, 1.0])
