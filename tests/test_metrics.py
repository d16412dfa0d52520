"""Scores by hand, and the same as scikit-learn's where both exist."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_fscore_support

from wiredesk.eval import Counts, calibration_error, calibration_floor
from wiredesk.eval.metrics import bin_of


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

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20))
    def test_equal_to_scikit_learn(self, pairs):
        y, predicted = map(np.array, zip(*pairs, strict=True))
        counts = Counts.of(y, predicted)
        expected = precision_recall_fscore_support(y, predicted, average="binary", zero_division=0)
        assert (counts.precision, counts.recall, counts.f1) == pytest.approx(expected[:3], abs=1e-12)


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

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=30))
    def test_by_the_formula(self, pairs):
        y, p = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
        edges = np.arange(1, 10) / 10
        which = (p[:, None] * 10 >= edges * 10).sum(axis=1)
        expected = sum(
            (which == b).mean() * abs(y[which == b].mean() - p[which == b].mean()) for b in set(which.tolist())
        )
        assert calibration_error(y, p) == pytest.approx(expected, abs=1e-9)

    @settings(deadline=None)
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 999)), min_size=1, max_size=40))
    def test_from_the_bins_of_scikit_learn(self, pairs):
        # A border is in scikit-learn's bin below, so none is among these.
        y, p = np.array([a for a, _ in pairs]), np.array([(2 * b + 1) / 2000 for _, b in pairs])
        shares, means = calibration_curve(y, p, n_bins=10)
        sizes = np.histogram(p, bins=np.linspace(0, 1, 11))[0]
        expected = (sizes[sizes > 0] / len(p)) @ np.abs(shares - means)
        assert calibration_error(y, p) == pytest.approx(expected, abs=1e-9)


def exact_errors(probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every outcome's calibration error and its chance, if the probabilities are right."""
    outcomes = [np.array(outcome) for outcome in product([False, True], repeat=len(probabilities))]
    chances = [np.where(y, probabilities, 1 - probabilities).prod() for y in outcomes]
    return np.array([calibration_error(y, probabilities) for y in outcomes]), np.array(chances)


class TestCalibrationFloor:
    def test_by_hand(self):
        # Both, one or none of two carry it: errors of 1/2, 0, 1/2 with chances 1/4, 1/2, 1/4.
        mean, high = calibration_floor(np.array([0.5, 0.5]), draws=4000)
        assert mean == pytest.approx(0.25, abs=0.02)
        assert high == 0.5

    @pytest.mark.parametrize(
        "probabilities",
        [[0.3], [0.05, 0.5, 0.95], [0.1, 0.12, 0.18, 0.9], [0.4, 0.45, 0.41, 0.49, 0.8, 0.85, 0.0, 1.0]],
        ids=str,
    )
    def test_mean_and_percentile_of_all_outcomes(self, probabilities):
        errors, chances = exact_errors(np.array(probabilities))
        assert chances.sum() == pytest.approx(1)
        mean, high = calibration_floor(np.array(probabilities), draws=4000)
        assert mean == pytest.approx(errors @ chances, abs=0.02)
        # The 95th percentile of a few values is one of them, or lies between two where 95 % are just reached.
        order = np.argsort(errors)
        reached = np.cumsum(chances[order])
        low, up = (errors[order][np.argmax(reached >= level)] for level in (0.94, 0.96))
        assert low - 1e-9 <= high <= up + 1e-9

    def test_certain_probabilities_leave_nothing_to_chance(self):
        assert calibration_floor(np.array([0.0, 1.0, 1.0, 0.0])) == (0, 0)

    def test_no_sentence(self):
        assert calibration_floor(np.zeros(0)) == (0, 0)

    def test_more_sentences_leave_less_to_chance(self):
        rng = np.random.default_rng(0)
        floors = [calibration_floor(rng.random(n)) for n in (20, 200, 2000)]
        means, highs = zip(*floors, strict=True)
        assert means[0] > means[1] > means[2] > 0
        assert highs[0] > highs[1] > highs[2]
        assert all(mean < high for mean, high in floors)

    def test_fewer_bins_leave_less_to_chance(self):
        p = np.random.default_rng(0).random(200)
        assert calibration_floor(p, bins=2)[0] < calibration_floor(p, bins=20)[0]

    def test_perfect_probabilities_are_beyond_the_percentile_once_in_twenty(self):
        rng = np.random.default_rng(1)
        p = rng.random(300)
        _, high = calibration_floor(p)
        beyond = np.mean([calibration_error(rng.random(300) < p, p) > high for _ in range(1000)])
        assert 0.02 < beyond < 0.09

    def test_a_seed_is_one_floor_and_another_seed_another(self):
        p = np.random.default_rng(0).random(50)
        assert calibration_floor(p) == calibration_floor(p, seed=0) != calibration_floor(p, seed=1)


class TestBins:
    @pytest.mark.parametrize("bins", [1, 2, 10, 20])
    def test_a_border_belongs_to_the_bin_above_and_one_to_the_last(self, bins):
        borders = np.array([k / bins for k in range(bins + 1)])
        assert bin_of(borders, bins).tolist() == [*range(bins), bins - 1]

    @settings(deadline=None)
    @given(st.lists(st.floats(0, 1), max_size=30), st.sampled_from([10, 20]))
    def test_as_numpy_puts_them(self, values, bins):
        found = bin_of(np.array(values), bins)
        assert ((found >= 0) & (found < bins)).all()
        # Rounding may put a value of a border's last digit to either side, so ask for the borders with some play.
        assert (found / bins <= np.array(values) + 1e-12).all()
        assert ((found + 1) / bins >= np.array(values) - 1e-12).all()
