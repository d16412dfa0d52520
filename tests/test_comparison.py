"""Two models on the same sentences, and one with and without some of them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wiredesk.eval import DocumentBootstrap, Predictions, score_predictions
from wiredesk.eval.comparison import compare, without
from wiredesk.eval.scores import Scores
from wiredesk.seeds import Record

TYPES = ("flood", "fire")

#: Three documents of two sentences.
Y = [[1, 0], [0, 1], [1, 0], [0, 0], [1, 1], [0, 0]]
UNITS = [0, 0, 1, 1, 2, 2]

#: Wrong are the second sentence, of which the fire is missed, and the last, which gets a flood.
FIRST = [[0.9, 0.1], [0.2, 0.4], [0.8, 0.1], [0.1, 0.1], [0.9, 0.8], [0.6, 0.3]]

#: Wrong is the first, of which the flood is missed.
SECOND = [[0.3, 0.1], [0.2, 0.7], [0.8, 0.1], [0.1, 0.1], [0.9, 0.8], [0.4, 0.3]]


def predictions_of(p, y=Y, units=UNITS) -> Predictions:
    y, p = np.array(y, dtype=bool), np.array(p, dtype=float)
    records = [Record(f"Sentence {i}.", ()) for i in range(len(y))]
    types = TYPES[: y.shape[1]]
    return Predictions(types, np.full(len(types), 0.5), y, p, p >= 0.5, np.array(units), records)


def random_pair(n: int = 400, n_units: int = 40) -> tuple[Predictions, Predictions]:
    """Two models that find the same documents hard; the second errs a little less."""
    rng = np.random.default_rng(0)
    units = np.repeat(np.arange(n_units), n // n_units)
    y = rng.random((n, 2)) < 0.4
    hard = rng.random(n_units)[units, None]
    luck = rng.random((n, 2))
    return tuple(predictions_of(np.where(y ^ (luck < share * hard), 0.9, 0.1), y, units) for share in (0.5, 0.45))


def all_gaps(comparison) -> list[dict]:
    by_type = [gap for scores in comparison["types"].values() for gap in scores.values()]
    return [comparison["macro_f1"], comparison["micro_f1"], comparison["exact_match"], *by_type]


class TestCompare:
    def test_by_hand(self):
        compared = compare(predictions_of(FIRST), predictions_of(SECOND))
        # flood: 3 right, 1 wrong; then 2 right, 1 missed. fire: 1 right, 1 missed; then 2 right.
        assert compared["types"]["flood"]["f1"]["first"] == pytest.approx(6 / 7)
        assert compared["types"]["flood"]["f1"]["second"] == pytest.approx(4 / 5)
        assert compared["types"]["flood"]["f1"]["difference"] == pytest.approx(4 / 5 - 6 / 7)
        assert compared["types"]["fire"]["f1"]["first"] == pytest.approx(2 / 3)
        assert compared["types"]["fire"]["f1"]["second"] == 1
        assert compared["macro_f1"]["difference"] == pytest.approx((4 / 5 + 1) / 2 - (6 / 7 + 2 / 3) / 2)
        # Both types together: 4 right, 1 wrong, 1 missed; then 4 right, 1 missed.
        assert compared["micro_f1"]["first"] == pytest.approx(8 / 10)
        assert compared["micro_f1"]["second"] == pytest.approx(8 / 9)
        assert compared["exact_match"]["first"] == pytest.approx(4 / 6)
        assert compared["exact_match"]["second"] == pytest.approx(5 / 6)
        assert (compared["right_only_first"], compared["right_only_second"]) == (1, 2)

    def test_scores_of_probabilities_by_hand(self):
        fire = compare(predictions_of(FIRST), predictions_of(SECOND))["types"]["fire"]
        # Both rank the two fires first. Squared errors differ in one sentence: 0.6 ** 2, then 0.3 ** 2.
        assert fire["average_precision"]["first"] == fire["average_precision"]["second"] == 1
        assert fire["average_precision"]["difference"] == 0
        assert fire["brier_score"]["difference"] == pytest.approx((0.09 - 0.36) / 6)

    def test_against_itself(self):
        one = random_pair()[0]
        compared = compare(one, one)
        for gap in all_gaps(compared):
            assert gap["first"] == gap["second"]
            assert (gap["difference"], gap["difference_ci95"]) == (0, (0, 0))
        assert (compared["right_only_first"], compared["right_only_second"]) == (0, 0)

    def test_the_other_way_round(self):
        first, second = random_pair()
        there, back = compare(first, second), compare(second, first)
        for one, other in zip(all_gaps(there), all_gaps(back), strict=True):
            assert (one["first"], one["second"]) == (other["second"], other["first"])
            assert one["difference"] == -other["difference"]
            low, high = one["difference_ci95"]
            assert other["difference_ci95"] == pytest.approx((-high, -low))
        assert (there["right_only_first"], there["right_only_second"]) == (
            back["right_only_second"],
            back["right_only_first"],
        )

    def test_the_scores_are_those_of_the_reports(self):
        first, second = random_pair()
        compared, reports = compare(first, second), [score_predictions(p) for p in (first, second)]
        for key, report in zip(("first", "second"), reports, strict=True):
            assert compared["macro_f1"][key] == report.macro_f1
            assert compared["micro_f1"][key] == report.micro["f1"]
            assert compared["exact_match"][key] == report.exact_match
            for name in TYPES:
                for score in ("f1", "average_precision", "brier_score"):
                    assert compared["types"][name][score][key] == report.types[name][score]

    def test_the_interval_is_of_the_differences_of_the_same_draws(self):
        first, second = random_pair()
        bootstrap = DocumentBootstrap(first.units)
        drawn = Scores(second).drawn("macro_f1") - Scores(first).drawn("macro_f1")
        assert compare(first, second)["macro_f1"]["difference_ci95"] == bootstrap.interval(drawn)

    def test_pairing_narrows_the_interval(self):
        first, second = random_pair()
        paired = np.ptp(compare(first, second)["macro_f1"]["difference_ci95"])
        bootstrap = DocumentBootstrap(first.units)
        other = DocumentBootstrap(first.units, seed=1)
        apart = Scores(second, other).drawn("macro_f1") - Scores(first, bootstrap).drawn("macro_f1")
        assert 0 < 2 * paired < np.ptp(bootstrap.interval(apart))

    def test_a_type_nobody_carries(self):
        y = [[1, 0], [0, 0], [1, 0]]
        compared = compare(*(predictions_of(p, y, [0, 1, 2]) for p in (FIRST[:3], SECOND[:3])))
        fire = compared["types"]["fire"]
        assert set(fire["average_precision"].values()) == {None}
        assert (fire["f1"]["first"], fire["f1"]["second"]) == (0, 0)
        assert fire["brier_score"]["difference"] == pytest.approx((0.49 - 0.16) / 3)

    def test_one_document_has_no_interval(self):
        compared = compare(*(predictions_of(p, units=[0] * 6) for p in (FIRST, SECOND)))
        assert {gap["difference_ci95"] for gap in all_gaps(compared)} == {None}
        assert compared["exact_match"]["difference"] == pytest.approx(1 / 6)

    def test_one_sentence(self):
        compared = compare(*(predictions_of(p, Y[:1], [0]) for p in (FIRST[:1], SECOND[:1])))
        assert (compared["right_only_first"], compared["right_only_second"]) == (1, 0)
        assert compared["macro_f1"]["difference"] == -0.5

    def test_ready_for_json(self):
        compared = compare(predictions_of(FIRST), predictions_of(SECOND))
        assert json.loads(json.dumps(compared, allow_nan=False))["right_only_second"] == 2


class TestRefused:
    def test_other_types(self):
        other = predictions_of(SECOND)._replace(types=("fire", "flood"))
        with pytest.raises(ValueError, match="the types are flood, fire and fire, flood; compare predictions of the"):
            compare(predictions_of(FIRST), other)

    @pytest.mark.parametrize(
        "other",
        [predictions_of(SECOND[:4], Y[:4], UNITS[:4]), predictions_of(SECOND[::-1], Y[::-1])],
        ids=["fewer", "another order"],
    )
    def test_other_sentences(self, other):
        with pytest.raises(ValueError, match="not of the same labelled sentences; predict the same records"):
            compare(predictions_of(FIRST), other)


class TestWithout:
    def test_by_hand(self):
        # Without the second document's sentences flood has 2 right and 1 wrong, fire 1 right and 1 missed.
        found = without(predictions_of(FIRST), np.array(UNITS) == 1)
        assert (found["sentences"], found["share"]) == (2, pytest.approx(1 / 3))
        assert found["macro_f1"] == pytest.approx((6 / 7 + 2 / 3) / 2)
        assert found["macro_f1_without"] == pytest.approx((4 / 5 + 2 / 3) / 2)
        assert found["difference"] == pytest.approx((6 / 7 - 4 / 5) / 2)

    def test_single_sentences_of_documents(self):
        predictions, rows = random_pair()[0], np.random.default_rng(1).random(400) < 0.3
        found = without(predictions, rows)
        assert found["macro_f1"] == pytest.approx(score_predictions(predictions).macro_f1, abs=1e-12)
        rest = score_predictions(predictions.select(~rows)).macro_f1
        assert found["macro_f1_without"] == pytest.approx(rest, abs=1e-12)

    def test_the_interval_is_paired(self):
        predictions, rows = random_pair()[0], np.random.default_rng(1).random(400) < 0.3
        bootstrap = DocumentBootstrap(predictions.units)
        # The rest among the same documents: what is left out is neither carried nor given.
        rest = predictions._replace(y=predictions.y & ~rows[:, None], predicted=predictions.predicted & ~rows[:, None])
        drawn = Scores(predictions, bootstrap).drawn("macro_f1") - Scores(rest, bootstrap).drawn("macro_f1")
        assert without(predictions, rows)["difference_ci95"] == pytest.approx(bootstrap.interval(drawn), abs=1e-12)

    def test_none_explain_nothing(self):
        found = without(predictions_of(FIRST), np.zeros(6, dtype=bool))
        assert (found["sentences"], found["share"], found["difference"]) == (0, 0, 0)
        assert found["difference_ci95"] == (0, 0)
        assert found["macro_f1_without"] == found["macro_f1"]

    def test_without_all_nothing_is_left(self):
        found = without(predictions_of(FIRST), np.ones(6, dtype=bool))
        assert (found["sentences"], found["share"]) == (6, 1)
        assert found["macro_f1"] == pytest.approx((6 / 7 + 2 / 3) / 2)
        assert [found[key] for key in ("macro_f1_without", "difference", "difference_ci95")] == [None] * 3

    def test_one_document_has_no_interval(self):
        found = without(predictions_of(FIRST, units=[0] * 6), np.array(UNITS) == 1)
        assert found["difference"] == pytest.approx((6 / 7 - 4 / 5) / 2)
        assert found["difference_ci95"] is None

    def test_ready_for_json(self):
        found = without(predictions_of(FIRST), np.array(UNITS) == 1)
        assert json.loads(json.dumps(found, allow_nan=False))["sentences"] == 2
