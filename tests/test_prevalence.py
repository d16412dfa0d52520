"""Shares of types in a collection: corrections and intervals by hand, and what the intervals cover."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from wiredesk.eval.prevalence import Prevalence, estimate_prevalence

#: Four documents of five sentences with the type and five without; how many of either the model is sure of.
HITS, ALARMS = (5, 4, 4, 3), (1, 0, 2, 1)
CERTAIN_Y = np.tile([True] * 5 + [False] * 5, 4)
CERTAIN = np.concatenate(
    [
        [1.0] * hits + [0.0] * (5 - hits) + [1.0] * alarms + [0.0] * (5 - alarms)
        for hits, alarms in zip(HITS, ALARMS, strict=True)
    ]
)
CERTAIN_UNITS = np.repeat(np.arange(4), 10)


def estimate(y, labelled, labelled_units, collection, units, *, threshold=0.5, level=0.95) -> Prevalence:
    """Estimate the share of a single type."""
    (found,) = estimate_prevalence(
        np.array(y, dtype=bool)[:, None],
        np.array(labelled, dtype=float)[:, None],
        [threshold],
        labelled_units,
        np.array(collection, dtype=float)[:, None],
        units,
        types=["a"],
        level=level,
    )
    return found


def certain(share: float, n: int = 40, documents: int = 4, **options) -> Prevalence:
    """Estimate from the documents above in a collection of which a share has probability 1, the rest 0."""
    collection = np.arange(n) < round(share * n)
    return estimate(CERTAIN_Y, CERTAIN, CERTAIN_UNITS, collection, np.arange(n) % documents, **options)


class TestShare:
    @pytest.mark.parametrize(
        ("counted", "corrected"),
        # Of those with the type 16 / 20 are counted, of those without 4 / 20: (counted - 0.2) / 0.6.
        [(0.5, 0.5), (0.65, 0.75), (0.275, 0.125), (0.2, 0.0), (0.8, 1.0)],
    )
    def test_adjusted_count_where_probabilities_are_certain(self, counted, corrected):
        found = certain(counted)
        assert found.counted == pytest.approx(counted, abs=1e-12)
        assert found.corrected == pytest.approx(corrected, abs=1e-12)

    @pytest.mark.parametrize(("counted", "corrected"), [(0.1, 0.0), (0.9, 1.0)])
    def test_clipped_where_no_share_would_give_such_a_count(self, counted, corrected):
        assert certain(counted).corrected == corrected

    def test_twice_by_hand(self):
        # With the type 0.9, 0.9, 0.9, 0.4, without 0.1, 0.1, 0.1, 0.6: means 0.775 and 0.225; that of the collection
        # is 0.325: a share of 0.1 / 0.55 = 2 / 11 at first. Odds are multiplied by 2 / 9, so 0.9 becomes 2 / 3,
        # 0.1 becomes 2 / 83, 0.4 becomes 4 / 31 and 0.6 becomes 1 / 4.
        y, labelled = [True, False] * 4, [0.9, 0.1] * 3 + [0.4, 0.6]
        found = estimate(y, labelled, np.arange(8) // 2, [0.9, 0.6, 0.6, 0.1, 0.1, 0.1, 0.1, 0.1], np.arange(8))
        with_type, without = (3 * 2 / 3 + 4 / 31) / 4, (3 * 2 / 83 + 1 / 4) / 4
        mean = (2 / 3 + 2 * 1 / 4 + 5 * 2 / 83) / 8
        assert found.corrected == pytest.approx((mean - without) / (with_type - without), abs=1e-12)

    def test_labelled_sentences_taken_for_the_collection_have_their_share(self):
        y, labelled, units = [1, 0, 0, 1, 0, 0], [0.8, 0.3, 0.6, 0.4, 0.1, 0.2], [1, 1, 1, 2, 2, 2]
        assert estimate(y, labelled, units, labelled, units).corrected == pytest.approx(1 / 3, abs=1e-12)

    def test_a_first_estimate_of_none_leaves_a_second_one(self):
        # The collection's mean, 0.26, is below that of the sentences without the type, 0.35: at first its share is 0,
        # and 0.01 is gone on with. Odds are multiplied by 1 / 99, so 0.99 becomes 1 / 2, 0.9 becomes 1 / 12 and so on.
        y, labelled = [1, 1, 0, 0] * 2, [0.99, 0.9, 0.3, 0.4] * 2
        found = estimate(y, labelled, [0] * 4 + [1] * 4, [0.01, 0.02, 0.02, 0.99], [0, 0, 1, 1])
        with_type, without = (1 / 2 + 1 / 12) / 2, (1 / 232 + 2 / 299) / 2
        mean = (1 / 2 + 1 / 9802 + 2 / 4852) / 4
        assert found.corrected == pytest.approx((mean - without) / (with_type - without), abs=1e-12)

    def test_a_probability_at_the_threshold_counts(self):
        found = estimate([1, 0], [0.9, 0.1], [0, 1], [0.4, 0.5, 0.3, 0.2], [0, 0, 1, 1], threshold=0.4)
        assert found.counted == 0.5

    def test_every_type_by_its_own_column_and_threshold(self):
        y = np.column_stack([CERTAIN_Y, ~CERTAIN_Y])
        labelled = np.column_stack([CERTAIN, 1 - CERTAIN])
        collection = np.array([[0.3, 0.7]] * 10)
        found = estimate_prevalence(y, labelled, [0.2, 0.9], CERTAIN_UNITS, collection, np.arange(10), types=["a", "b"])
        assert [one.type for one in found] == ["a", "b"]
        assert [one.counted for one in found] == [1.0, 0.0]
        assert found[0].corrected + found[1].corrected == pytest.approx(1, abs=1e-12)

    def test_plain_numbers(self):
        found = certain(0.5)
        assert [type(value) for value in found] == [str, float, float, float, float]


class TestInterval:
    def test_by_hand(self):
        # Residuals of the mean with the type are 1, 0, 0, -1 of 20, of the other 0, -1, 1, 0 of 20: both have a
        # variance of 4/3 * 2 / 400 = 1 / 150 and no covariance. The collection is as large as what is labelled (r = 1).
        # With d = share - 0.5 and t the 75 % quantile of 3 degrees of freedom, 0.764892, the ends are where
        # 0.36 d^2 = t^2 / 150 * (0.5 + 2 d^2 + 0.5).
        found = certain(0.5, level=0.5)
        t2 = 0.764892328**2
        d = np.sqrt(t2 / 150 / (0.36 - 2 * t2 / 150))
        assert (found.low, found.high) == pytest.approx((0.5 - d, 0.5 + d), abs=1e-8)

    def test_errors_that_go_together_by_hand(self):
        # As above, but alarms are few in the documents where hits are many: residuals -1, 0, 0, 1 of 20, and a
        # covariance of -1 / 150, so the labelled part is (share - (1 - share))^2 / 150 = 4 d^2 / 150.
        alarms = np.concatenate([[1.0] * n + [0.0] * (5 - n) for n in (0, 1, 1, 2)])
        labelled = CERTAIN.copy()
        labelled[~CERTAIN_Y] = alarms
        found = estimate(CERTAIN_Y, labelled, CERTAIN_UNITS, np.arange(40) < 20, np.arange(40) % 4, level=0.5)
        t2 = 0.764892328**2
        d = np.sqrt(t2 / 150 * 0.5 / (0.36 - 4 * t2 / 150))
        assert (found.low, found.high) == pytest.approx((0.5 - d, 0.5 + d), abs=1e-8)

    def test_narrower_the_larger_the_collection_but_never_a_point(self):
        widths = [found.high - found.low for found in (certain(0.5, n, n // 10, level=0.5) for n in (40, 400, 40_000))]
        assert widths[0] > widths[1] > widths[2]
        # Without errors of the collection's own: 0.36 d^2 = t^2 / 150 * (0.5 + 2 d^2).
        t2 = 0.764892328**2
        assert widths[2] / 2 == pytest.approx(np.sqrt(t2 / 150 * 0.5 / (0.36 - 2 * t2 / 150)), rel=0.01)

    def test_documents_limit_what_a_long_collection_tells(self):
        many, one = certain(0.5, 400, 40, level=0.5), certain(0.5, 400, 1, level=0.5)
        assert one.corrected == many.corrected
        assert one.high - one.low > 1.5 * (many.high - many.low)

    def test_a_count_below_all_expected_is_no_certainty(self):
        found = certain(0.0)
        assert (found.corrected, found.low) == (0.0, 0.0)
        assert found.high > 0.1

    def test_everything_is_possible_where_scores_may_not_differ(self):
        # One document tells the sentences apart, the other mixes them up.
        y, labelled = [1, 0, 1, 0], [0.9, 0.1, 0.4, 0.5]
        found = estimate(y, labelled, [0, 0, 1, 1], [0.9, 0.1], [0, 1])
        assert (found.low, found.high) == (0.0, 1.0)
        assert 0 < found.corrected < 1

    @pytest.mark.parametrize(
        ("y", "units"),
        [([1, 1, 0, 0], [0, 0, 0, 0]), ([1, 1, 0, 0], [0, 0, 0, 1]), ([1, 1, 0, 0], [0, 1, 1, 1])],
        ids=["one document", "the type in one document", "sentences without it in one document"],
    )
    def test_everything_is_possible_where_documents_cannot_be_compared(self, y, units):
        found = estimate(y, [1.0, 0.8, 0.1, 0.0], units, [1.0, 0.8, 0.1, 0.0], [0, 0, 1, 1])
        assert found[1:] == pytest.approx((0.5, 0.5, 0.0, 1.0))

    def test_the_names_and_the_order_of_documents_do_not_matter(self):
        order = np.random.default_rng(0).permutation(40)
        units = np.array([7, -3, 100, 4])[CERTAIN_UNITS]
        found = estimate(CERTAIN_Y[order], CERTAIN[order], units[order], np.arange(40) < 20, np.arange(40) % 4 + 9)
        assert found[1:] == pytest.approx(certain(0.5)[1:], abs=1e-12)

    @given(
        st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.integers(0, 3)), max_size=15),
        st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3)), max_size=8),
    )
    def test_holds_the_estimate_and_nothing_impossible(self, labelled, collection):
        y, p, units = zip(*labelled, strict=True) if labelled else ((), (), ())
        scores, others = zip(*collection, strict=True) if collection else ((), ())
        found = estimate(y, p, units, scores, others)
        if found.corrected is None:
            assert (found.low, found.high) == (None, None)
        else:
            assert 0 <= found.low <= found.corrected + 1e-9
            assert found.corrected - 1e-9 <= found.high <= 1

    @pytest.mark.parametrize("documents", [6, 30])
    @pytest.mark.parametrize("share", [0.05, 0.4])
    def test_covers_the_share_of_the_collection_at_hand(self, documents, share):
        rng = np.random.default_rng(0)

        def draw(n_documents, share):
            # Scores shift from document to document, so sentences of one err together.
            units = np.repeat(np.arange(n_documents), 12)
            y = rng.random(len(units)) < share
            raw = rng.normal(np.where(y, 1.5, -1.5), 1.5) + rng.normal(0, 0.7, n_documents)[units]
            return y, expit(raw), units

        covered = []
        for _ in range(250):
            y, collection, units = draw(20, share)
            found = estimate(*draw(documents, 0.4), collection, units)
            covered.append(found.low <= y.mean() <= found.high)
        assert 0.90 <= np.mean(covered) <= 0.985


class TestNothingToTellBy:
    def test_no_sentence_carries_the_type(self):
        found = estimate([0, 0], [0.9, 0.1], [0, 1], [0.9, 0.1], [0, 1])
        assert found == Prevalence("a", 0.5, None, None, None)

    def test_every_sentence_carries_the_type(self):
        assert estimate([1, 1], [0.9, 0.1], [0, 1], [0.9, 0.1], [0, 1]) == Prevalence("a", 0.5, None, None, None)

    @pytest.mark.parametrize("labelled", [[0.5, 0.5], [0.1, 0.9]], ids=["the same", "the wrong way round"])
    def test_probabilities_do_not_tell_the_type(self, labelled):
        assert estimate([1, 0], labelled, [0, 1], [0.9, 0.1], [0, 1]) == Prevalence("a", 0.5, None, None, None)

    def test_nothing_labelled(self):
        assert estimate([], [], [], [0.9, 0.1, 0.2, 0.3], [0, 1, 1, 1]) == Prevalence("a", 0.25, None, None, None)

    def test_an_empty_collection(self):
        assert certain(0, n=0) == Prevalence("a", None, None, None, None)

    def test_no_types(self):
        nothing = np.empty((0, 0))
        assert estimate_prevalence(nothing, nothing, [], [], nothing, [], types=[]) == []


class TestErrors:
    @pytest.mark.parametrize("level", [0, 1, 95])
    def test_level(self, level):
        with pytest.raises(ValueError, match=f"level is {level}; give a number between 0 and 1, such as 0.95"):
            certain(0.5, level=level)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"y": np.ones((3, 1))}, r"y has shape \(3, 1\); .* has to be \(2, 1\)"),
            ({"labelled_probabilities": np.ones(2)}, r"labelled_probabilities has shape \(2,\); .* has to be \(2, 1\)"),
            ({"units": [0, 1]}, r"^probabilities has shape \(3, 1\); .* has to be \(2, 1\)"),
            ({"thresholds": [0.5, 0.5]}, r"thresholds has shape \(2,\); .* has to be \(1,\)"),
        ],
    )
    def test_shapes(self, change, message):
        given = {
            "y": np.ones((2, 1)),
            "labelled_probabilities": np.ones((2, 1)),
            "thresholds": [0.5],
            "labelled_units": [0, 1],
            "probabilities": np.ones((3, 1)),
            "units": [0, 1, 2],
        }
        with pytest.raises(ValueError, match=message):
            estimate_prevalence(**{**given, **change}, types=["a"])
