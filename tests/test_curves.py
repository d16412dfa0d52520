"""What a report draws of one type: by hand, and the same as scikit-learn's where both exist."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import multilabel_confusion_matrix, precision_recall_curve

from wiredesk.eval import Counts, DocumentBootstrap, Predictions
from wiredesk.eval.curves import RECALLS, cooccurrence, curves_of
from wiredesk.seeds import Record

#: Carried or not, and the probability; three documents of two sentences.
Y = [True, False, True, False, True, False]
P = [0.95, 0.91, 0.6, 0.6, 0.25, 0.0]
UNITS = [0, 0, 1, 1, 2, 2]


def curves(y, p, *, units=None, threshold: float = 0.43):
    """The curves of one type."""
    y, p = np.array(y, dtype=bool), np.array(p, dtype=float)
    units = np.arange(len(y)) if units is None else np.array(units)
    records = [Record(f"Sentence {i}.", ()) for i in range(len(y))]
    given = p >= threshold
    predictions = Predictions(("fire",), np.array([threshold]), y[:, None], p[:, None], given[:, None], units, records)
    return curves_of(predictions, 0, DocumentBootstrap(units))


def random_sentences(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    p = rng.random(n)
    return rng.random(n) < p, p


class TestPrecisionRecall:
    def test_by_hand(self):
        expected = [[0.95, 1, 1 / 3], [0.91, 1 / 2, 1 / 3], [0.6, 2 / 4, 2 / 3], [0.25, 3 / 5, 1], [0.0, 3 / 6, 1]]
        assert curves(Y, P)["precision_recall"] == [pytest.approx(row) for row in expected]

    def test_200_points_are_all_of_them(self):
        y, p = random_sentences(200)
        precision, recall, thresholds = (values[::-1] for values in precision_recall_curve(y, p))
        expected = np.column_stack([thresholds, precision[1:], recall[1:]])
        assert np.array(curves(y, p)["precision_recall"]) == pytest.approx(expected, abs=1e-12)

    @pytest.mark.parametrize("n", [201, 399, 1000, 5001])
    def test_more_are_thinned_and_keep_both_ends(self, n):
        y, p = random_sentences(n)
        points = np.array(curves(y, p)["precision_recall"])
        precision, recall, thresholds = (values[::-1] for values in precision_recall_curve(y, p))
        whole = np.column_stack([thresholds, precision[1:], recall[1:]])
        assert len(points) <= 202
        assert points[0] == pytest.approx(whole[0], abs=1e-12)
        assert points[-1] == pytest.approx(whole[-1], abs=1e-12)
        assert (np.diff(points[:, 0]) < 0).all()
        # Those that are left are points of the whole curve.
        assert points == pytest.approx(whole[np.isin(thresholds, points[:, 0])], abs=1e-12)

    @pytest.mark.parametrize("positives", [40, 2000])
    def test_a_thinned_curve_has_the_first_threshold_that_reaches_a_recall(self, positives):
        # However rare the type: 40 positives at every tenth of the first 400 ranks leave all of their 40 steps.
        n = 20_000
        y = np.zeros(n, dtype=bool)
        y[9 : 10 * positives : 10] = True
        thresholds, precision, recall = np.array(curves(y, 1 - np.arange(n) / n)["precision_recall"]).T
        assert len(set(recall.tolist())) >= min(positives, 200)
        for wanted in (0.5, 0.9, 0.95, 0.99):
            rank = 10 * np.ceil(wanted * positives - 1e-9)
            at = np.flatnonzero(recall >= wanted - 1e-12)[0]
            assert thresholds[at] == pytest.approx(1 - (rank - 1) / n, abs=1e-12)
            assert precision[at] == pytest.approx(0.1, abs=1e-12)

    def test_equal_probabilities_are_one_point(self):
        assert curves([True, False, False], [0.3] * 3)["precision_recall"] == [pytest.approx([0.3, 1 / 3, 1])]

    def test_nobody_carries_it(self):
        assert curves([False, False], [0.7, 0.2])["precision_recall"] == [[0.7, 0, 0], [0.2, 0, 0]]


class TestReliability:
    def test_by_hand(self):
        bins = curves(Y, P, units=UNITS)["reliability"]
        told = [[row[key] for key in ("low", "high", "sentences", "mean_probability", "share")] for row in bins]
        assert told == [
            pytest.approx(row)
            for row in ([0.0, 0.1, 1, 0, 0], [0.2, 0.3, 1, 0.25, 1], [0.6, 0.7, 2, 0.6, 0.5], [0.9, 1.0, 2, 0.93, 0.5])
        ]

    def test_every_document_has_the_same_share(self):
        # Whatever is drawn, half of the sentences of a bin carry the type.
        bins = curves([True, False] * 10, [0.35] * 20, units=np.repeat(np.arange(10), 2))["reliability"]
        assert [row["share_ci95"] for row in bins] == [(0.5, 0.5)]

    def test_intervals_are_by_document(self):
        y = np.repeat([True, False] * 5, 10)
        by_document, by_sentence = (
            curves(y, np.full(100, 0.35), units=units)["reliability"][0]["share_ci95"]
            for units in (np.repeat(np.arange(10), 10), np.arange(100))
        )
        assert by_document[0] < by_sentence[0] < 0.5 < by_sentence[1] < by_document[1]

    def test_draws_without_a_sentence_in_the_bin_are_left_out(self):
        # The bin's one sentence is missing in a third of the draws, and carries the type in the others.
        bins = curves([True] + [False] * 30, [0.95] + [0.05] * 30)["reliability"]
        assert bins[-1]["share_ci95"] == (1, 1)

    def test_one_document_has_no_interval(self):
        assert [row["share_ci95"] for row in curves(Y, P, units=[0] * 6)["reliability"]] == [None] * 4

    def test_equal_to_scikit_learn(self):
        # Random numbers are never on a border, which scikit-learn gives to the bin below.
        y, p = random_sentences(300)
        shares, means = calibration_curve(y, p, n_bins=10)
        bins = curves(y, p)["reliability"]
        assert [row["share"] for row in bins] == pytest.approx(shares, abs=1e-12)
        assert [row["mean_probability"] for row in bins] == pytest.approx(means, abs=1e-12)
        assert sum(row["sentences"] for row in bins) == 300

    def test_a_border_belongs_to_the_bin_above_and_one_to_the_last(self):
        bins = curves([True] * 4, [0.0, 0.3, 0.7, 1.0])["reliability"]
        assert [row["low"] for row in bins] == [0.0, 0.3, 0.7, 0.9]


class TestHistogram:
    def test_by_hand(self):
        histogram = curves(Y, P)["histogram"]
        assert histogram["edges"] == [round(0.05 * k, 2) for k in range(21)]
        bars = {name: {k: n for k, n in enumerate(histogram[name]) if n} for name in ("with", "without")}
        # 0.95 is on a border, and so are 0.6, 0.25 and 0.
        assert bars == {"with": {19: 1, 12: 1, 5: 1}, "without": {18: 1, 12: 1, 0: 1}}

    def test_every_sentence_is_in_one_bar(self):
        y, p = random_sentences(500)
        histogram = curves(y, p)["histogram"]
        assert [len(histogram[name]) for name in ("with", "without")] == [20, 20]
        assert (sum(histogram["with"]), sum(histogram["without"])) == (y.sum(), (~y).sum())
        assert histogram["with"] == np.histogram(p[y], bins=20, range=(0, 1))[0].tolist()

    def test_all_or_nobody_carries_it(self):
        assert sum(curves([True, True], [1.0, 0.3])["histogram"]["without"]) == 0
        assert sum(curves([False, False], [1.0, 0.3])["histogram"]["with"]) == 0


class TestThresholds:
    def test_steps_and_the_model_s_own(self):
        rows = curves(Y, P, threshold=0.43)["thresholds"]
        expected = sorted([*(round(0.05 * k, 2) for k in range(1, 20)), 0.43])
        assert [row["threshold"] for row in rows] == expected

    @pytest.mark.parametrize("threshold", [0.05, 0.15, 0.3, 0.35, 0.6, 0.7, 0.95])
    def test_the_model_s_own_may_be_one_of_the_steps(self, threshold):
        assert len(curves(Y, P, threshold=threshold)["thresholds"]) == 19

    @pytest.mark.parametrize(("threshold", "place"), [(0.0, 0), (0.001, 0), (0.999, -1), (1.0, -1)])
    def test_the_model_s_own_may_be_outside_the_steps(self, threshold, place):
        rows = curves(Y, P, threshold=threshold)["thresholds"]
        assert (len(rows), rows[place]["threshold"]) == (20, threshold)

    def test_what_each_gives_by_hand(self):
        rows = {row["threshold"]: row for row in curves(Y, P)["thresholds"]}
        # A probability of just the threshold is given.
        assert rows[0.95] == {"threshold": 0.95, "predicted": 1, "precision": 1, "recall": 1 / 3, "f1": 0.5}
        assert [rows[0.6][name] for name in ("predicted", "precision", "recall")] == [4, 0.5, 2 / 3]
        assert [rows[0.65][name] for name in ("predicted", "precision", "recall")] == [2, 0.5, 1 / 3]

    def test_what_each_gives(self):
        y, p = random_sentences(300)
        for row in curves(y, p)["thresholds"]:
            counts = Counts.of(y, p >= row["threshold"])
            assert row["predicted"] == counts.tp + counts.fp
            assert (row["precision"], row["recall"], row["f1"]) == (counts.precision, counts.recall, counts.f1)

    def test_nothing_is_given(self):
        row = curves([True, False], [0.01, 0.02])["thresholds"][-1]
        assert row == {"threshold": 0.95, "predicted": 0, "precision": 0, "recall": 0, "f1": 0}


class TestWorkload:
    def test_by_hand(self):
        # One positive is met after one sentence, two after four, three after five.
        workload = dict(map(tuple, curves(Y, P)["workload"]))
        assert tuple(workload) == RECALLS
        assert [workload[recall] for recall in (0.5, 0.65, 0.7, 0.99)] == pytest.approx([4 / 6, 4 / 6, 5 / 6, 5 / 6])

    def test_rising(self):
        shares = [share for _, share in curves(*random_sentences(300))["workload"]]
        assert shares == sorted(shares)
        assert 0 < shares[0] < shares[-1] <= 1

    def test_nobody_carries_it(self):
        assert [share for _, share in curves([False], [0.3])["workload"]] == [None] * 11


class TestCooccurrence:
    def test_by_hand(self):
        given = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]], dtype=bool)
        assert cooccurrence(given) == [[3, 2, 1], [2, 2, 1], [1, 1, 1]]

    def test_by_brute_force(self):
        given = np.random.default_rng(0).random((50, 4)) < 0.4
        expected = [[int((given[:, i] & given[:, j]).sum()) for j in range(4)] for i in range(4)]
        assert cooccurrence(given) == expected

    def test_the_diagonal_is_how_many_carry_it(self):
        given = np.random.default_rng(0).random((50, 4)) < 0.4
        matrix = multilabel_confusion_matrix(given, given)
        assert [row[i] for i, row in enumerate(cooccurrence(given))] == matrix[:, 1, 1].tolist()

    def test_more_than_a_byte_can_count(self):
        assert cooccurrence(np.ones((300, 1), dtype=bool)) == [[300]]

    def test_no_sentence(self):
        assert cooccurrence(np.zeros((0, 2), dtype=bool)) == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("y", "p"), [(Y, P), ([True], [1.0]), ([False], [0.0]), ([False] * 3, [0.4] * 3), ([True] * 3, [0.4, 0.4, 0.5])]
)
def test_ready_for_json(y, p):
    assert json.loads(json.dumps(curves(y, p), allow_nan=False))["histogram"] == curves(y, p)["histogram"]
