"""The sigmoid, its fit, and the threshold with the best F1."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wiredesk.models import best_threshold, fit_sigmoid, sigmoid, threshold_for


def test_sigmoid_has_the_values_of_the_logistic_function():
    # At ln 3 the odds are 3 : 1.
    assert sigmoid(np.array([-log(3), 0.0, log(3)])) == pytest.approx([0.25, 0.5, 0.75], abs=1e-15)


def test_sigmoid_saturates_without_overflow():
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values = sigmoid(np.array([-np.inf, -1e308, -745.0, 745.0, 1e308, np.inf]))
    assert values[[0, 1, 3, 4, 5]].tolist() == [0.0, 0.0, 1.0, 1.0, 1.0]
    assert 0 < values[2] < 1e-300


def test_sigmoid_keeps_small_probabilities_apart():
    low, high = sigmoid(np.array([-40.0, -39.0]))
    assert high / low == pytest.approx(np.e, rel=1e-12)


def test_sigmoid_keeps_the_shape():
    assert sigmoid(np.zeros((3, 4))).shape == (3, 4)
    assert sigmoid(np.empty((0, 4))).shape == (0, 4)


@pytest.mark.parametrize("kind", [np.int64, np.float32, np.float64])
def test_sigmoid_gives_float64(kind):
    assert sigmoid(np.array([0, 2], dtype=kind)).dtype == np.float64


@given(arrays(np.float64, 5, elements=st.floats(-1e9, 1e9)))
def test_sigmoid_is_a_probability_that_rises_and_is_symmetric(scores):
    values = sigmoid(np.sort(scores))
    assert ((values >= 0) & (values <= 1)).all()
    assert (np.diff(values) >= 0).all()
    assert np.allclose(sigmoid(scores) + sigmoid(-scores), 1, rtol=0, atol=1e-15)


def test_fit_gives_the_rates_of_two_groups():
    # One in four carries the type at score 0, three in four at score 1: logits -ln 3 and ln 3.
    scores = np.array([0.0] * 4 + [1.0] * 4)
    y = np.array([1, 0, 0, 0, 1, 1, 1, 0])
    assert fit_sigmoid(scores, y) == pytest.approx((2 * log(3), -log(3)), abs=1e-3)


def test_fit_takes_bool_and_int_targets():
    scores = np.array([-1.0, 0.0, 1.0, 0.5])
    y = np.array([0, 1, 1, 0])
    assert fit_sigmoid(scores, y.astype(bool)) == fit_sigmoid(scores, y)


def test_fit_gives_plain_floats():
    assert [type(value) for value in fit_sigmoid(np.array([0.0, 1.0]), np.array([False, True]))] == [float, float]


def test_fit_is_finite_where_the_scores_separate_the_types():
    slope, intercept = fit_sigmoid(np.array([-2.0, -1.0, 1.0, 2.0]), np.array([0, 0, 1, 1]))
    probabilities = sigmoid(slope * np.array([-1.0, 1.0]) + intercept)
    assert np.isfinite([slope, intercept]).all()
    assert probabilities[0] < 0.01 and probabilities[1] > 0.99


def test_fit_turns_scores_round_that_point_the_wrong_way():
    slope, _ = fit_sigmoid(np.array([0.0] * 4 + [1.0] * 4), np.array([1, 1, 1, 0, 1, 0, 0, 0]))
    assert slope == pytest.approx(-2 * log(3), abs=1e-3)


def test_scores_that_say_nothing_give_the_base_rate():
    slope, intercept = fit_sigmoid(np.zeros(8), np.array([1, 1, 0, 0, 0, 0, 0, 0]))
    assert sigmoid(np.array([intercept])) == pytest.approx([0.25], abs=1e-6)
    assert slope == pytest.approx(0, abs=1e-6)


def test_mean_probability_is_the_base_rate():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=500)
    y = rng.random(500) < sigmoid(1.5 * scores - 1)
    slope, intercept = fit_sigmoid(scores, y)
    assert sigmoid(slope * scores + intercept).mean() == pytest.approx(y.mean(), abs=1e-6)


@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_the_scale_of_the_scores_does_not_matter(factor):
    # An estimator with much regularisation has scores that hardly differ; their order still tells.
    scores = np.array([0.0] * 4 + [1.0] * 4)
    y = np.array([1, 0, 0, 0, 1, 1, 1, 0])
    slope, intercept = fit_sigmoid(factor * scores, y)
    probabilities = sigmoid(slope * factor * np.array([0.0, 1.0]) + intercept)
    assert probabilities == pytest.approx([0.25, 0.75], abs=1e-3)


THRESHOLDS = {
    # F1 by how many pass: 1 -> 2/3, 2 -> 1/2, 3 -> 4/5, 4 -> 2/3.
    "between the lowest that passes and the next": ([0.9, 0.8, 0.6, 0.2], [1, 0, 1, 0], 0.4),
    # 1 -> 2/3, 2 -> 1.
    "separated": ([0.9, 0.7, 0.3, 0.1], [1, 1, 0, 0], 0.5),
    "order of the sentences does not matter": ([0.1, 0.7, 0.9, 0.3], [0, 1, 1, 0], 0.5),
    # Down to the last one everybody passes; below that there is only 0.
    "all pass": ([0.9, 0.5, 0.2], [1, 1, 1], 0.1),
    # 1 -> 0, both at 0.6 -> 2/3, all -> 1/2.
    "equal probabilities pass together": ([0.8, 0.6, 0.6, 0.1], [0, 1, 1, 0], 0.35),
    # One passes: 2/3. All four pass: 2 * 2 / (4 + 2) = 2/3.
    "the higher threshold on a tie": ([0.9, 0.5, 0.3, 0.1], [1, 0, 0, 1], 0.7),
    "nobody carries the type": ([0.9, 0.5], [0, 0], 0.7),
    "one sentence": ([0.5], [1], 0.25),
    "probability 1": ([1.0, 1.0, 0.0], [1, 1, 0], 0.5),
}


@pytest.mark.parametrize(("probabilities", "y", "expected"), THRESHOLDS.values(), ids=THRESHOLDS)
def test_threshold(probabilities, y, expected):
    assert best_threshold(np.array(probabilities), np.array(y, dtype=bool)) == pytest.approx(expected, abs=1e-12)


def f1_at(threshold: float, probabilities: np.ndarray, y: np.ndarray) -> float:
    given_to = probabilities >= threshold
    return 2 * (given_to & y).sum() / max(1, given_to.sum() + y.sum())


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=30))
def test_no_other_threshold_has_a_better_f1(pairs):
    probabilities = np.array([p / 20 for p, _ in pairs])
    y = np.array([carried for _, carried in pairs])
    threshold = best_threshold(probabilities, y)
    assert f1_at(threshold, probabilities, y) == max(f1_at(p, probabilities, y) for p in probabilities)


def test_neighbouring_floats_are_told_apart():
    # Their mean is not representable and rounds to the lower one, which must not pass.
    probabilities = np.array([np.nextafter(0.5, 1), 0.5])
    threshold = best_threshold(probabilities, np.array([True, False]))
    assert (probabilities >= threshold).tolist() == [True, False]


# A wanted recall or precision

RANKED = np.array([0.9, 0.8, 0.6, 0.5, 0.3, 0.1])
TRUE = np.array([True, False, True, True, False, False])


@pytest.mark.parametrize(
    ("recall", "threshold"),
    [
        (0.3, 0.85),  # The first alone is one of three.
        (1 / 3, 0.85),
        (0.5, 0.55),  # Two of three need the three best.
        (1.0, 0.4),
    ],
)
def test_the_highest_threshold_of_a_recall(recall: float, threshold: float) -> None:
    assert threshold_for(RANKED, TRUE, recall=recall) == pytest.approx(threshold)


@pytest.mark.parametrize(
    ("precision", "threshold"),
    [
        (1.0, 0.85),
        (0.75, 0.4),  # Three of four; among the three best only two are right.
        (0.6, 0.2),  # Three of five.
        (0.5, 0.05),
    ],
)
def test_the_lowest_threshold_of_a_precision(precision: float, threshold: float) -> None:
    assert threshold_for(RANKED, TRUE, precision=precision) == pytest.approx(threshold)


def test_equal_probabilities_pass_together() -> None:
    assert threshold_for(np.array([0.8, 0.8, 0.2]), np.array([True, False, True]), recall=0.5) == pytest.approx(0.5)


def test_a_precision_out_of_reach_is_refused_with_the_best() -> None:
    with pytest.raises(ValueError, match=r"no threshold has a precision of 0\.9, the best 0\.667; ask for less"):
        threshold_for(np.array([0.9, 0.8, 0.7]), np.array([False, True, True]), precision=0.9)


@pytest.mark.parametrize("wanted", [{}, {"recall": 0.9, "precision": 0.9}, {"recall": 1.1}, {"recall": -0.1}])
def test_one_share_is_wanted(wanted: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="give one of them, above 0 and at most 1"):
        threshold_for(RANKED, TRUE, **wanted)
