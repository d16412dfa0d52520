"""Documents drawn with replacement, and the intervals that come of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, t

from wiredesk.eval import DocumentBootstrap

#: Three documents of two, one and three sentences.
UNITS = np.array([0, 0, 1, 2, 2, 2])


def times_of(bootstrap: DocumentBootstrap) -> np.ndarray:
    """How often each document is drawn, shape (draws, n_units)."""
    return bootstrap.draw(lambda times: times)


class TestTotal:
    def test_of_one_column(self):
        assert DocumentBootstrap(UNITS).total(np.array([1, 2, 4, 8, 16, 32])).tolist() == [3, 4, 56]

    def test_of_several_columns(self):
        columns = np.array([[1, 0], [1, 1], [0, 1], [1, 0], [1, 0], [0, 0]])
        assert DocumentBootstrap(UNITS).total(columns).tolist() == [[2, 1], [0, 1], [2, 0]]

    def test_of_booleans(self):
        assert DocumentBootstrap(UNITS).total(UNITS == 2).tolist() == [0, 0, 3]

    def test_a_document_need_not_stand_together(self):
        assert DocumentBootstrap(np.array([1, 0, 1])).total(np.array([1, 2, 4])).tolist() == [2, 5]


class TestUnits:
    @pytest.mark.parametrize("names", [[10, 20, 30], [-5, 0, 10**12], [7, 8, 99]], ids=str)
    def test_any_numbers_in_the_same_order_are_the_same(self, names):
        bootstrap = DocumentBootstrap(np.array(names)[UNITS])
        assert bootstrap.n_units == 3
        assert bootstrap.units.tolist() == UNITS.tolist()
        assert np.array_equal(times_of(bootstrap), times_of(DocumentBootstrap(UNITS)))

    def test_numbers_that_nobody_has_are_no_documents(self):
        assert DocumentBootstrap(np.array([3, 3, 9])).n_units == 2

    def test_the_order_of_the_sentences_does_not_matter(self):
        values = np.array([0.1, 0.9, 0.4, 0.3, 0.3, 0.8])
        order = np.array([5, 2, 0, 3, 1, 4])
        totals = [
            DocumentBootstrap(units).total(these) for units, these in ((UNITS, values), (UNITS[order], values[order]))
        ]
        assert totals[0] == pytest.approx(totals[1])

    def test_another_order_of_the_documents_is_another_sample_of_the_same(self):
        # Draws go by the documents' numbers, so numbering them otherwise gives other draws of the same distribution.
        share = np.linspace(0, 1, 40)
        there, back = (DocumentBootstrap(np.arange(40), draws=4000) for _ in range(2))
        bounds = [
            bootstrap.interval(bootstrap.draw(lambda times, values=values: times @ values / 40))
            for bootstrap, values in ((there, share), (back, share[::-1]))
        ]
        assert bounds[0] != bounds[1]
        assert bounds[0] == pytest.approx(bounds[1], abs=0.02)


class TestDraw:
    def test_as_many_documents_as_there_are(self):
        times = times_of(DocumentBootstrap(UNITS, draws=200))
        assert times.shape == (200, 3)
        assert times.dtype == np.float64
        assert (times.sum(axis=1) == 3).all()

    def test_with_replacement(self):
        assert times_of(DocumentBootstrap(UNITS, draws=200)).max() == 3

    def test_long_documents_are_drawn_no_more_often(self):
        units = np.repeat([0, 1, 2], [1, 10, 100])
        means = times_of(DocumentBootstrap(units, draws=6000)).mean(axis=0)
        # A count's standard deviation is the root of 2 / 3; five of the mean's are 0.053.
        assert means == pytest.approx([1, 1, 1], abs=0.053)

    def test_twice_the_same(self):
        bootstrap = DocumentBootstrap(UNITS)
        assert np.array_equal(times_of(bootstrap), times_of(bootstrap))
        assert np.array_equal(times_of(bootstrap), times_of(DocumentBootstrap(UNITS, seed=0)))

    def test_another_seed_is_another_sample(self):
        assert not np.array_equal(times_of(DocumentBootstrap(UNITS)), times_of(DocumentBootstrap(UNITS, seed=1)))

    def test_more_draws_begin_with_the_same(self):
        few, many = (times_of(DocumentBootstrap(UNITS, draws=draws)) for draws in (7, 50))
        assert np.array_equal(few, many[:7])

    @pytest.mark.parametrize("chunk", [1, 6, 6 * 7, 6 * 999, 6 * 1000, 10**9])
    def test_chunks_do_not_change_the_draws(self, chunk, monkeypatch):
        expected = times_of(DocumentBootstrap(UNITS))
        monkeypatch.setattr("wiredesk.eval.bootstrap._CHUNK", chunk)
        assert np.array_equal(times_of(DocumentBootstrap(UNITS)), expected)

    def test_a_chunk_has_no_more_draws_than_its_weights_of_sentences_allow(self, monkeypatch):
        monkeypatch.setattr("wiredesk.eval.bootstrap._CHUNK", 6 * 300)
        lengths: list[int] = []
        DocumentBootstrap(UNITS).draw(lambda times: lengths.append(len(times)) or times)
        assert lengths == [300, 300, 300, 100]

    def test_draws_that_are_too_many_to_keep_are_drawn_again(self, monkeypatch):
        expected = times_of(DocumentBootstrap(UNITS))
        monkeypatch.setattr("wiredesk.eval.bootstrap._KEPT", 0)
        bootstrap = DocumentBootstrap(UNITS)
        assert np.array_equal(times_of(bootstrap), expected)
        assert np.array_equal(times_of(bootstrap), expected)
        assert not bootstrap._kept

    def test_what_is_computed_may_have_any_shape(self):
        bootstrap = DocumentBootstrap(UNITS, draws=10)
        assert bootstrap.draw(lambda times: times.sum(axis=1)).shape == (10,)
        assert bootstrap.draw(lambda times: np.ones((len(times), 2, 5))).shape == (10, 2, 5)


def bounds(n: int, level: float, drawn: np.ndarray) -> tuple[float, float]:
    """The expanded percentile interval, by its formula."""
    tail = norm.cdf(-np.sqrt(n / (n - 1)) * t.ppf(1 - (1 - level) / 2, n - 1))
    return np.quantile(drawn, tail), np.quantile(drawn, 1 - tail)


class TestInterval:
    @pytest.mark.parametrize("n", [2, 3, 10, 84, 5000])
    @pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
    def test_expanded_percentiles(self, n, level):
        drawn = np.random.default_rng(n).random(500)
        found = DocumentBootstrap(np.arange(n), level=level).interval(drawn)
        assert found == pytest.approx(bounds(n, level, drawn), abs=1e-9)

    def test_ten_documents(self):
        # t of 9 degrees of freedom is 2.2622 at 97.5 %; times the root of 10/9 it is 2.3846, and beyond lie 0.85 %.
        low, high = DocumentBootstrap(np.arange(10)).interval(np.arange(10001) / 10000)
        assert (low, high) == pytest.approx((0.00855, 0.99145), abs=5e-5)

    def test_many_documents_give_plain_percentiles(self):
        low, high = DocumentBootstrap(np.arange(100_000)).interval(np.arange(10001) / 10000)
        assert (low, high) == pytest.approx((0.025, 0.975), abs=1e-5)

    def test_fewer_documents_are_wider(self):
        drawn = np.arange(10001) / 10000
        widths = [np.ptp(DocumentBootstrap(np.arange(n)).interval(drawn)) for n in (2, 5, 10, 50, 500)]
        assert widths == sorted(widths, reverse=True)
        assert len(set(widths)) == 5

    def test_a_higher_level_is_wider(self):
        drawn = np.arange(10001) / 10000
        widths = [np.ptp(DocumentBootstrap(np.arange(30), level=level).interval(drawn)) for level in (0.5, 0.95, 0.99)]
        assert widths[0] < widths[1] < widths[2]

    def test_two_documents_give_the_extremes(self):
        # Drawn are both, the first twice or the second twice.
        bootstrap = DocumentBootstrap(np.array([0, 1]))
        drawn = bootstrap.draw(lambda times: times @ np.array([1.0, 0.0]) / 2)
        assert set(drawn.tolist()) == {0, 0.5, 1}
        assert bootstrap.interval(drawn) == (0, 1)

    def test_one_document_tells_nothing_of_others(self):
        bootstrap = DocumentBootstrap(np.zeros(5, dtype=int))
        assert bootstrap.interval(bootstrap.draw(lambda times: times[:, 0])) is None

    def test_no_document(self):
        assert DocumentBootstrap(np.zeros(0, dtype=int)).interval(np.zeros(10)) is None

    def test_draws_without_the_score_are_left_out(self):
        drawn = np.arange(101) / 100
        gaps = np.full(300, np.nan)
        bootstrap = DocumentBootstrap(np.arange(20))
        assert bootstrap.interval(np.concatenate([gaps, drawn, gaps])) == bootstrap.interval(drawn)

    def test_one_draw_with_the_score(self):
        drawn = np.full(100, np.nan)
        drawn[40] = 0.3
        assert DocumentBootstrap(np.arange(20)).interval(drawn) == (0.3, 0.3)

    def test_no_draw_with_the_score(self):
        assert DocumentBootstrap(np.arange(20)).interval(np.full(100, np.nan)) is None

    def test_plain_floats(self):
        assert [type(bound) for bound in DocumentBootstrap(UNITS).interval(np.ones(5))] == [float, float]

    @settings(deadline=None)
    @given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(2, 50))
    def test_between_the_least_and_the_largest(self, values, n):
        low, high = DocumentBootstrap(np.arange(n)).interval(np.array(values))
        assert min(values) <= low <= high <= max(values)

    def test_documents_whose_sentences_err_together_are_less_evidence_than_their_sentences(self):
        # In even documents every sentence is right, in odd ones none.
        right = np.repeat([1.0, 0.0] * 10, 10)
        by_document, by_sentence = (
            DocumentBootstrap(units) for units in (np.repeat(np.arange(20), 10), np.arange(200))
        )
        widths = [
            np.ptp(b.interval(b.draw(lambda times, b=b: times @ b.total(right) / (times @ b.total(np.ones(200))))))
            for b in (by_document, by_sentence)
        ]
        # Twenty draws against two hundred: wider by the root of ten, and a little more for so few.
        assert 2.5 * widths[1] < widths[0] < 4.5 * widths[1]
