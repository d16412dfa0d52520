"""A model against labelled sentences: every number by hand."""

from __future__ import annotations

import json
from math import exp

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

import wiredesk
from wiredesk.eval import Report, evaluate, format_report, score_predictions
from wiredesk.features import FEATURIZER_VERSION
from wiredesk.models import Model
from wiredesk.seeds import Record, RecordError, target_matrix

TYPES = ("flood", "fire")

#: Each word's raw score per type; calibration is the plain sigmoid, thresholds are a half.
WORDS = {"water": (2.0, -2.0), "smoke": (-2.0, 2.0), "storm": (1.0, 1.0), "calm": (-3.0, -3.0), "drizzle": (0.0, 0.1)}

#: Sentences of one word, so that the raw score is the word's.
RECORDS = [
    Record("water", ("flood",), document="a"),
    Record("storm", ("flood",), document="a"),
    Record("smoke", ("fire",), document="b"),
    Record("calm", ("fire",), document="b"),
    Record("calm", ()),
]


def p(score: float) -> float:
    return 1 / (1 + exp(-score))


@pytest.fixture(scope="module")
def model() -> Model:
    empty = np.empty(0, dtype=np.uint8)
    arrays = {
        "words": np.frombuffer("\n".join(WORDS).encode(), dtype=np.uint8),
        "pairs": np.empty((0, 2), dtype=np.int32),
        "ngrams": empty,
        "symbols": empty,
        "runs": np.empty((0, 3), dtype=np.int32),
        "near": np.empty((0, 2), dtype=np.int32),
        "contexts": empty,
        "lexicon": empty,
        "weights": np.array(list(WORDS.values()), dtype=np.float32),
        "intercept": np.zeros(2),
    }
    manifest = {
        "types": list(TYPES),
        "thresholds": [0.5, 0.5],
        "calibration": {"method": "sigmoid", "slope": [1.0, 1.0], "intercept": [0.0, 0.0], "prior": [0.5, 0.5]},
        "review_band": 0.1,
        "featurizer": {"version": FEATURIZER_VERSION, "char_ngrams": [2, 5], "classes": {}},
        "hash": "0" * 32,
    }
    return Model(manifest, arrays)


@pytest.fixture(scope="module")
def report(model) -> Report:
    return evaluate(model, RECORDS)


class TestReport:
    def test_how_many_were_scored(self, report):
        # The last sentence has no document and counts as one.
        assert (report.sentences, report.documents) == (5, 3)

    def test_counts_and_ratios(self, report):
        # flood is given to water and storm, both right; fire to storm (wrong) and smoke (right), not to calm (missed).
        flood, fire = report.types["flood"], report.types["fire"]
        assert [flood[name] for name in ("positives", "tp", "fp", "fn")] == [2, 2, 0, 0]
        assert [fire[name] for name in ("positives", "tp", "fp", "fn")] == [2, 1, 1, 1]
        assert [flood[name] for name in ("precision", "recall", "f1")] == [1, 1, 1]
        assert [fire[name] for name in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]

    def test_means(self, report):
        assert report.macro_f1 == 0.75
        # water, smoke and the last calm are wholly right.
        assert report.exact_match == 0.6

    def test_the_baseline_gives_every_type_to_every_sentence(self, report):
        # Precision 2/5, recall 1.
        assert report.types["flood"]["baseline_f1"] == pytest.approx(4 / 7)
        assert report.baseline_macro_f1 == pytest.approx(4 / 7)

    def test_average_precision(self, report):
        # fire ranks smoke 2, storm 1, water -2, then the two calms at -3 together: 1/2 * 1 + 1/2 * 2/5.
        assert report.types["flood"]["average_precision"] == 1.0
        assert report.types["fire"]["average_precision"] == pytest.approx(0.7)

    def test_calibration_error(self, report):
        # Bins of a tenth: p(2) = 0.88, p(1) = 0.73, p(-2) = 0.12, p(-3) = 0.047.
        flood = (1 - p(2)) + (1 - p(1)) + p(-2) + 2 * p(-3)
        fire = (1 - p(2)) + p(1) + p(-2) + abs(1 - 2 * p(-3))
        assert report.types["flood"]["calibration_error"] == pytest.approx(flood / 5, abs=1e-9)
        assert report.types["fire"]["calibration_error"] == pytest.approx(fire / 5, abs=1e-9)

    def test_intervals_lie_around_the_scores(self, report):
        for scores in report.types.values():
            low, high = scores["f1_ci95"]
            assert 0 <= low <= scores["f1"] <= high <= 1
        low, high = report.macro_f1_ci95
        assert 0 <= low <= report.macro_f1 <= high <= 1

    def test_types_in_the_models_order(self, report):
        assert tuple(report.types) == TYPES

    def test_twice_is_the_same(self, model, report):
        assert evaluate(model, RECORDS) == report

    def test_json_ready(self, report):
        values = json.loads(json.dumps(report.to_dict(), allow_nan=False))
        assert values == report.to_dict()
        assert values["macro_f1"] == 0.75
        assert values["baseline_macro_f1"] == 0.571429
        assert values["types"]["fire"]["f1_ci95"] == [round(x, 6) for x in report.types["fire"]["f1_ci95"]]

    def test_to_dict_leaves_the_report_as_it_was(self, report):
        report.to_dict()["types"]["flood"]["f1"] = 9
        assert report.types["flood"]["f1"] == 1

    def test_on_paper(self, report):
        lines = format_report(report).splitlines()
        assert max(map(len, lines)) <= 80
        (fire,) = (line.split() for line in lines if line.startswith("fire"))
        assert fire[:5] == ["fire", "2", "0.500", "0.500", "0.500"]
        assert "5 sentences of 3 documents; 60.0% have exactly the right types." in lines

    def test_on_paper_without_positives(self, model):
        text = format_report(evaluate(model, [Record("water", ("flood",))]))
        assert "  -  " in next(line for line in text.splitlines() if line.startswith("fire"))


class TestEvaluate:
    def test_equal_to_scikit_learn(self, model):
        rng = np.random.default_rng(0)
        records = [
            Record(str(word), tuple(name for name in TYPES if rng.random() < 0.5))
            for word in rng.choice(list(WORDS), size=200)
        ]
        report = evaluate(model, records)
        y = np.array([[name in record.labels for name in TYPES] for record in records])
        predicted = model.predict([record.text for record in records])
        assert [s["f1"] for s in report.types.values()] == pytest.approx(f1_score(y, predicted, average=None))
        assert report.macro_f1 == pytest.approx(f1_score(y, predicted, average="macro"))
        assert report.exact_match == pytest.approx(accuracy_score(y, predicted))

    def test_a_probability_of_just_the_threshold_counts_as_given(self, model):
        report = evaluate(model, [Record("drizzle", TYPES)])
        assert [scores["tp"] for scores in report.types.values()] == [1, 1]

    def test_unlabelled_records_are_not_scored(self, model, report):
        mixed = [Record("water", None, document="a"), *RECORDS[:3], Record("storm", None, document="b"), *RECORDS[3:]]
        assert evaluate(model, [*mixed, Record("storm", None, document="z")]) == report

    @pytest.mark.parametrize("records", [[], [Record("water", None)]], ids=["no record", "none labelled"])
    def test_nothing_to_score_is_refused(self, model, records):
        with pytest.raises(RecordError, match="no record is labelled, so there is nothing to score"):
            evaluate(model, records)

    def test_a_label_outside_the_models_types(self, model):
        records = [Record("water", ("flood",)), Record("quake", ("quake",), origin="local.csv:3")]
        with pytest.raises(
            RecordError, match="local.csv:3: label 'quake' is not one of the types flood, fire; correct"
        ):
            evaluate(model, records)

    def test_a_label_outside_the_models_types_in_records_made_by_hand(self, model):
        # The second record, although the first that is labelled.
        with pytest.raises(RecordError, match="^record 1: label 'quake'"):
            evaluate(model, [Record("water", None), Record("quake", ("quake",))])

    def test_a_label_outside_the_models_types_in_mappings(self, model):
        rows = [{"text": "water", "labels": None}, {"text": "quake", "labels": ["quake"]}]
        with pytest.raises(RecordError, match="^record 1: label 'quake'"):
            evaluate(model, rows)

    def test_data_without_some_of_the_models_types(self, model):
        report = evaluate(model, [Record("water", ("flood",)), Record("smoke", ())])
        fire = report.types["fire"]
        assert (fire["positives"], fire["fp"], fire["f1"], fire["average_precision"]) == (0, 1, 0, None)
        assert fire["baseline_f1"] == 0
        assert report.macro_f1 == 0.5

    def test_a_document_that_comes_back_is_refused(self, model):
        records = [Record(word, (), document=name) for word, name in (("water", "a"), ("calm", "b"), ("smoke", "a"))]
        with pytest.raises(RecordError, match="document 'a' comes back"):
            evaluate(model, records)

    def test_mappings_and_iterators(self, model, report):
        rows = ({"text": r.text, "labels": list(r.labels), "document": r.document} for r in RECORDS)
        assert evaluate(model, rows) == report

    def test_one_string_is_refused(self, model):
        with pytest.raises(TypeError, match="records is one str"):
            evaluate(model, "local.csv")

    def test_documents_called_like_numbers(self, model):
        # The second record has no document and index 1; "1" is somebody else's name.
        records = [Record("water", ("flood",), document="1"), Record("calm", ())]
        assert evaluate(model, records).documents == 2

    def test_the_front_door_leads_here(self, model, report):
        assert wiredesk.evaluate(model, RECORDS) == report

    def test_intervals_are_by_document(self, model):
        # Ten documents of ten: in half of them all is found, in the others nothing.
        words = ["water"] * 10 + ["calm"] * 10
        rows = [(word, i // 10) for i, word in enumerate(words * 5)]
        together = evaluate(model, [Record(word, ("flood",), document=str(d)) for word, d in rows])
        loose = evaluate(model, [Record(word, ("flood",)) for word, _ in rows])
        assert (together.documents, loose.documents) == (10, 100)
        assert together.macro_f1 == loose.macro_f1
        assert width(together) > 2 * width(loose)

    def test_intervals_keep_groups_together(self, model):
        # Variants of one sentence are no more evidence than the sentence.
        words = ["water"] * 10 + ["calm"] * 10
        rows = [(word, i // 10) for i, word in enumerate(words * 5)]
        grouped = evaluate(model, [Record(word, ("flood",), group=str(g)) for word, g in rows])
        loose = evaluate(model, [Record(word, ("flood",)) for word, _ in rows])
        assert width(grouped) > 2 * width(loose)


def width(report: Report) -> float:
    low, high = report.types["flood"]["f1_ci95"]
    return high - low


class TestScorePredictions:
    def test_wherever_they_come_from(self):
        y = np.array([[True], [False], [True]])
        report = score_predictions(
            ["x"], y, np.array([[0.9], [0.8], [0.1]]), np.array([[True], [True], [False]]), "aab"
        )
        assert (report.sentences, report.documents, report.macro_f1) == (3, 2, 0.5)
        assert report.exact_match == pytest.approx(1 / 3)

    def test_it_judges_by_the_predictions_given(self):
        # Probabilities rank and calibrate; they decide nothing.
        y = np.array([[True], [False]])
        report = score_predictions(["x"], y, np.array([[0.9], [0.1]]), ~y, [0, 1])
        assert report.types["x"]["f1"] == 0
        assert report.types["x"]["average_precision"] == 1


class TestTargetMatrix:
    def test_columns_follow_the_types(self):
        records = [Record("a", ("fire", "flood")), Record("b", ()), Record("c", ("fire",))]
        y = target_matrix(records, ["flood", "fire"])
        assert y.tolist() == [[True, True], [False, False], [False, True]]
        assert y.dtype == np.bool_

    def test_no_records(self):
        assert target_matrix([], ["flood"]).shape == (0, 1)

    def test_an_unknown_label(self):
        with pytest.raises(RecordError, match="record 0: label 'quake' is not one of the types flood"):
            target_matrix([Record("a", ("quake",))], ["flood"])
