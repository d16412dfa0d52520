"""A model against labelled sentences: every number by hand."""

from __future__ import annotations

import json
from math import exp

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

import wiredesk
from wiredesk.eval import DocumentBootstrap, Predictions, Report, evaluate, predict_records, score_predictions
from wiredesk.eval.evaluation import compare_data, describe_data, describe_model, pool
from wiredesk.eval.keywords import KEYWORDS, keyword_predictions
from wiredesk.eval.predictions import concatenate
from wiredesk.eval.report import json_ready
from wiredesk.eval.scores import Scores
from wiredesk.eval.text import FEW_DOCUMENTS, format_report
from wiredesk.features import FEATURIZER_VERSION
from wiredesk.models import Model
from wiredesk.seeds import Record, RecordError, target_matrix
from wiredesk.seeds.records import GUIDELINE_TYPES

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


def predictions_of(y, p, *, threshold: float = 0.5, units=None, given=None, types=None, texts=None) -> Predictions:
    y, p = np.array(y, dtype=bool), np.array(p, dtype=float)
    return Predictions(
        types=tuple(f"t{j}" for j in range(y.shape[1])) if types is None else types,
        thresholds=np.full(y.shape[1], threshold),
        y=y,
        probabilities=p,
        predicted=p >= threshold if given is None else np.array(given, dtype=bool),
        units=np.arange(len(y)) if units is None else np.array(units),
        records=[Record(text, ()) for text in ([f"Sentence {i}." for i in range(len(y))] if texts is None else texts)],
    )


def random_predictions(n: int, n_types: int, n_units: int) -> Predictions:
    rng = np.random.default_rng(0)
    p = rng.random((n, n_types))
    return predictions_of(rng.random((n, n_types)) < p, p, units=rng.integers(0, n_units, n))


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

    def test_how_often_a_type_is_given(self, report):
        assert [report.types[name]["predicted"] for name in TYPES] == [2, 2]
        # Given three times, carried once.
        assert score_predictions(predictions_of([[1], [0], [0]], [[0.9]] * 3)).types["t0"]["predicted"] == 3

    def test_means(self, report):
        assert report.macro_f1 == report.macro["f1"] == 0.75
        assert (report.macro["precision"], report.macro["recall"]) == (0.75, 0.75)
        # water, smoke and the last calm are wholly right.
        assert report.exact_match == 0.6

    def test_all_types_counts_together(self, report):
        # Three right, one wrong, one missed.
        assert [report.micro[name] for name in ("precision", "recall", "f1")] == [0.75, 0.75, 0.75]

    def test_the_single_type(self, report):
        # Of water, storm and smoke; storm is as probable a flood as a fire, and the first one counts.
        assert report.type_precision == 1

    def test_the_baseline_gives_every_type_to_every_sentence(self, report):
        # Precision 2/5, recall 1.
        assert report.types["flood"]["baselines"]["every sentence"] == pytest.approx(4 / 7)
        assert report.macro["baselines"]["every sentence"] == pytest.approx(4 / 7)

    def test_types_of_ones_own_have_no_keywords(self, report):
        assert [report.types[name]["baselines"]["keywords"] for name in TYPES] == [None, None]
        assert report.macro["baselines"]["keywords"] is None

    def test_average_precision(self, report):
        # fire ranks smoke 2, storm 1, water -2, then the two calms at -3 together: 1/2 * 1 + 1/2 * 2/5.
        assert report.types["flood"]["average_precision"] == 1.0
        assert report.types["fire"]["average_precision"] == pytest.approx(0.7)
        assert report.macro["average_precision"] == pytest.approx(0.85)

    def test_reading_for_95_percent(self, report):
        # Both floods come first; the second fire is one of the two calms, which are read together.
        assert [report.types[name]["read_at_recall_95"] for name in TYPES] == [0.4, 1]

    def test_brier_score(self, report):
        flood = (1 - p(2)) ** 2 + (1 - p(1)) ** 2 + p(-2) ** 2 + 2 * p(-3) ** 2
        fire = p(-2) ** 2 + p(1) ** 2 + (1 - p(2)) ** 2 + (1 - p(-3)) ** 2 + p(-3) ** 2
        assert report.types["flood"]["brier_score"] == pytest.approx(flood / 5, abs=1e-9)
        assert report.types["fire"]["brier_score"] == pytest.approx(fire / 5, abs=1e-9)

    def test_calibration_error(self, report):
        # Bins of a tenth: p(2) = 0.88, p(1) = 0.73, p(-2) = 0.12, p(-3) = 0.047.
        flood = (1 - p(2)) + (1 - p(1)) + p(-2) + 2 * p(-3)
        fire = (1 - p(2)) + p(1) + p(-2) + abs(1 - 2 * p(-3))
        assert report.types["flood"]["calibration_error"] == pytest.approx(flood / 5, abs=1e-9)
        assert report.types["fire"]["calibration_error"] == pytest.approx(fire / 5, abs=1e-9)

    def test_what_chance_alone_makes_of_the_calibration_error(self, report):
        for scores in report.types.values():
            mean, high = scores["calibration_error_floor"]
            assert 0 < mean < high < 1

    def test_intervals_lie_around_the_scores(self, report):
        names = ("precision", "recall", "f1", "average_precision", "brier_score", "read_at_recall_95")
        pairs = [(scores[name], scores[f"{name}_ci95"]) for scores in report.types.values() for name in names]
        pairs += [(scores["f1"], scores["f1_ci95"]) for scores in (report.macro, report.micro)]
        pairs += [(report.exact_match, report.exact_match_ci95), (report.type_precision, report.type_precision_ci95)]
        for score, (low, high) in pairs:
            assert 0 <= low <= score <= high <= 1

    def test_intervals_are_those_of_the_drawn_scores(self):
        predictions = random_predictions(60, 2, 8)
        scores, report = Scores(predictions), score_predictions(predictions)
        interval = DocumentBootstrap(predictions.units).interval
        for j, name in enumerate(predictions.types):
            for score in ("precision", "recall", "f1", "average_precision", "brier_score", "read_at_recall_95"):
                assert report.types[name][f"{score}_ci95"] == interval(scores.drawn(score)[:, j])
        assert report.macro["f1_ci95"] == interval(scores.drawn("macro_f1"))
        assert report.micro["f1_ci95"] == interval(scores.drawn("micro_f1"))
        assert report.exact_match_ci95 == interval(scores.drawn("exact_match"))
        assert report.type_precision_ci95 == interval(scores.drawn("type_precision"))

    def test_types_in_the_models_order(self, report):
        assert tuple(report.types) == TYPES

    def test_twice_is_the_same(self, model, report):
        assert evaluate(model, RECORDS) == report

    def test_json_ready(self, report):
        values = json.loads(json.dumps(report.to_dict(), allow_nan=False))
        assert values == report.to_dict()
        assert values["macro"]["f1"] == 0.75
        assert values["macro"]["baselines"]["every sentence"] == 0.571429
        assert values["types"]["fire"]["f1_ci95"] == [round(x, 6) for x in report.types["fire"]["f1_ci95"]]

    def test_to_dict_leaves_the_report_as_it_was(self, report):
        report.to_dict()["types"]["flood"]["f1"] = 9
        assert report.types["flood"]["f1"] == 1


class TestExtremes:
    """Scores that do not exist are None, and nothing warns."""

    def test_one_sentence(self):
        report = score_predictions(predictions_of([[1, 0]], [[0.9, 0.2]]))
        assert (report.sentences, report.documents, report.exact_match, report.type_precision) == (1, 1, 1, 1)
        assert report.types["t0"]["f1"] == 1
        intervals = [scores[name] for scores in report.types.values() for name in scores if name.endswith("_ci95")]
        assert {*intervals, report.macro["f1_ci95"], report.exact_match_ci95, report.type_precision_ci95} == {None}

    def test_a_type_nobody_carries(self):
        fire = score_predictions(predictions_of([[1, 0], [0, 0]], [[0.9, 0.8], [0.1, 0.2]])).types["t1"]
        names = ("average_precision", "average_precision_ci95", "read_at_recall_95", "read_at_recall_95_ci95")
        assert [fire[name] for name in names] == [None] * 4
        assert (fire["positives"], fire["fp"], fire["precision"], fire["recall"], fire["f1"]) == (0, 1, 0, 0, 0)
        assert fire["brier_score"] == pytest.approx((0.64 + 0.04) / 2)

    def test_the_mean_needs_every_type(self):
        report = score_predictions(predictions_of([[1, 0], [0, 0]], [[0.9, 0.8], [0.1, 0.2]]))
        assert report.types["t0"]["average_precision"] == 1
        assert report.macro["average_precision"] is None

    def test_nothing_is_given(self):
        report = score_predictions(predictions_of([[1], [0]], [[0.2], [0.1]]))
        assert (report.type_precision, report.type_precision_ci95, report.macro_f1) == (None, None, 0)
        assert (report.types["t0"]["average_precision"], report.exact_match) == (1, 0.5)

    def test_all_is_carried_and_given(self):
        report = score_predictions(predictions_of(np.ones((4, 2)), np.full((4, 2), 0.8)))
        assert (report.macro_f1, report.macro["f1_ci95"], report.exact_match) == (1, (1, 1), 1)
        assert report.types["t0"]["baselines"]["every sentence"] == 1

    def test_thirty_five_types(self):
        predictions = random_predictions(100, 35, 10)
        report = score_predictions(predictions)
        expected = precision_recall_fscore_support(predictions.y, predictions.predicted, average=None, zero_division=0)
        assert [scores["f1"] for scores in report.types.values()] == pytest.approx(expected[2], abs=1e-12)

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.5])
    def test_a_probability_that_is_none(self, value):
        with pytest.raises(ValueError, match="give one from 0 to 1"):
            score_predictions(predictions_of([[1], [0]], [[0.9], [value]]))


class TestKeywords:
    def test_their_f1_stands_beside_the_model_s(self):
        # Found in the first and the last, which is no attack: one right, one wrong, one missed.
        texts = ["Rockets hit Darsa.", "The town burns.", "The raid on the fridge goes on."]
        report = score_predictions(
            predictions_of([[1], [1], [0]], [[0.9], [0.9], [0.1]], types=("attack_report",), texts=texts)
        )
        assert report.types["attack_report"]["baselines"]["keywords"] == 0.5
        assert report.macro["baselines"]["keywords"] == 0.5

    def test_their_mean_needs_every_type(self):
        report = score_predictions(predictions_of([[1, 0]], [[0.9, 0.9]], types=("attack_report", "fire")))
        assert report.macro["baselines"]["keywords"] is None

    def test_there_are_rules_for_the_guideline_s_types(self):
        assert tuple(KEYWORDS) == GUIDELINE_TYPES

    @pytest.mark.parametrize(
        ("type_name", "text", "found"),
        [
            ("attack_report", "MISSILES fell on Darsa.", True),
            ("attack_report", "Teachers go on strikes.", True),
            ("attack_report", "The choir sings.", False),
            ("official_quote", "The mayor SAID so.", True),
            ("official_quote", "She went ahead with essays.", False),
            ("casualty_figure", "At least twelve people died.", False),
            ("casualty_figure", "At least 12 people died.", True),
            ("casualty_figure", "The dead included three teachers.", True),
            ("political_context", "A vote is due.", True),
            ("political_context", "Unless it rains.", False),
        ],
    )
    def test_by_hand(self, type_name, text, found):
        assert keyword_predictions([text], type_name).tolist() == [found]

    def test_no_text(self):
        assert keyword_predictions([], "attack_report").shape == (0,)


class TestOnPaper:
    def test_a_row_per_type(self, report):
        lines = format_report(report).splitlines()
        (fire, calibration) = (line.split() for line in lines if line.startswith("fire"))
        assert fire[:5] == ["fire", "2", "0.500", "0.500", "0.500"]
        assert fire[-3:] == ["0.700", "0.571", "-"]
        brier, error = (report.types["fire"][name] for name in ("brier_score", "calibration_error"))
        assert calibration[:3] == ["fire", f"{brier:.3f}", f"{error:.3f}"]
        assert calibration[-1] == "100%"

    def test_means_and_shares(self, report):
        lines = format_report(report).splitlines()
        (macro,) = (line.split() for line in lines if line.startswith("macro"))
        assert (macro[:4], macro[-3:]) == (["macro", "0.750", "0.750", "0.750"], ["0.850", "0.571", "-"])
        (micro,) = (line.split() for line in lines if line.startswith("micro"))
        assert micro[:4] == ["micro", "0.750", "0.750", "0.750"]
        assert "5 sentences of 3 documents." in lines
        (exact,) = (line for line in lines if line.startswith("Exactly the right types: 60.0% ("))
        low, high = report.exact_match_ci95
        assert exact.endswith(f"({low:.1%} - {high:.1%}).")

    def test_without_positives(self, model):
        text = format_report(evaluate(model, [Record("water", ("flood",))]))
        first, second = (line.split() for line in text.splitlines() if line.startswith("fire"))
        # No interval of one document, no average precision, no keywords; nothing to read.
        assert first == ["fire", "0", "0.000", "0.000", "0.000", "-", "-", "0.000", "-"]
        assert second[-1] == "-"

    def test_a_score_that_is_none(self):
        text = format_report(score_predictions(predictions_of([[1]], [[0.2]])))
        assert "The single type, where one is given, is right: -." in text
        assert "Exactly the right types: 0.0%." in text

    @pytest.mark.parametrize(
        ("documents", "few"), [(1, False), (2, True), (FEW_DOCUMENTS - 1, True), (FEW_DOCUMENTS, False)]
    )
    def test_few_documents_are_told(self, documents, few):
        text = format_report(score_predictions(random_predictions(400, 2, documents)))
        assert (f"fewer than {FEW_DOCUMENTS} documents are too narrow: label more documents." in text) == few
        assert ("One document tells nothing of others" in text) == (documents == 1)

    def test_types_that_nobody_carries_are_told(self):
        text = format_report(score_predictions(predictions_of([[True, False]] * 2, [[0.9, 0.1]] * 2)))
        assert "Carried by no sentence, so 0 in the macro scores: t1." in text
        assert "Carried" not in format_report(score_predictions(random_predictions(400, 2, 30)))

    def test_a_star_where_chance_does_not_explain_the_calibration_error(self):
        # Says 0.95 where a half carries it, and 0.5 where a half does.
        y = np.tile([[True, True], [False, False]], (100, 1))
        lines = format_report(score_predictions(predictions_of(y, np.tile([0.95, 0.5], (200, 1))))).splitlines()
        wrong, right = (next(line for line in lines[6:] if line.startswith(name)) for name in ("t0", "t1"))
        assert wrong.split()[1:] == ["0.453", "0.450", *wrong.split()[3:5], "*", "100%"]
        assert "*" not in right

    def test_no_star_without_an_error(self):
        # Certain and right: an error of 0 where chance makes none.
        text = format_report(score_predictions(predictions_of([[1], [0]], [[1.0], [0.0]])))
        assert next(line for line in text.splitlines()[6:] if line.startswith("t0")).split()[-2:] == ["0.000", "50%"]

    @pytest.mark.parametrize(
        "predictions",
        [
            random_predictions(40, 2, 5),
            random_predictions(100, 35, 40),
            predictions_of([[1]], [[0.2]]),
            predictions_of([[1], [0]] * 6000, [[0.9], [0.2]] * 6000),
            predictions_of([[1], [0]] * 6000, [[0.9], [0.2]] * 6000, types=("eighteen_letters_x",)),
        ],
        ids=["two types", "thirty-five types", "one sentence", "twelve thousand", "a long name"],
    )
    def test_80_columns(self, predictions):
        lines = format_report(score_predictions(predictions)).splitlines()
        assert max(map(len, lines)) <= 80
        assert not any(line != line.rstrip() for line in lines)

    def test_columns_stand_below_their_names(self, report):
        header, _, flood, *_ = format_report(report).splitlines()
        for name, value in (("prec.", "1.000"), ("recall", "1.000"), ("AP", "1.000"), ("every", "0.571")):
            end = header.index(name) + len(name)
            assert flood[:end].endswith(value)


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
        names = ("precision", "recall", "f1")
        for average, scores in (("macro", report.macro), ("micro", report.micro)):
            expected = precision_recall_fscore_support(y, predicted, average=average)[:3]
            assert [scores[name] for name in names] == pytest.approx(expected)
        for j, scores in enumerate(report.types.values()):
            expected = precision_recall_fscore_support(y[:, j], predicted[:, j], average="binary")[:3]
            assert [scores[name] for name in names] == pytest.approx(expected)
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
        assert fire["baselines"]["every sentence"] == 0
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
        predictions = predictions_of(
            [[1], [0], [1]], [[0.9], [0.8], [0.1]], units=[7, 7, 3], types=("x",), given=[[1], [1], [0]]
        )
        report = score_predictions(predictions)
        assert (report.sentences, report.documents, report.macro_f1) == (3, 2, 0.5)
        assert report.exact_match == pytest.approx(1 / 3)

    def test_it_judges_by_the_predictions_given(self):
        # Probabilities rank and calibrate; they decide nothing.
        report = score_predictions(predictions_of([[1], [0]], [[0.9], [0.1]], given=[[0], [1]], types=("x",)))
        assert report.types["x"]["f1"] == 0
        assert report.types["x"]["average_precision"] == 1

    def test_scores_that_are_known_already(self):
        predictions = random_predictions(50, 2, 9)
        assert score_predictions(predictions, Scores(predictions)) == score_predictions(predictions)

    def test_the_order_of_sentences_within_their_documents_does_not_matter(self):
        predictions = random_predictions(50, 2, 9)
        order = np.random.default_rng(1).permutation(50)
        there, back = (score_predictions(p).to_dict() for p in (predictions, predictions.select(order)))
        for name in ("macro", "micro", "exact_match_ci95"):
            assert back[name] == there[name]


class TestPredictRecords:
    def test_what_is_carried_and_what_is_given(self, model):
        predictions = predict_records(model, RECORDS)
        assert predictions.types == TYPES
        assert predictions.thresholds.tolist() == [0.5, 0.5]
        assert predictions.y.tolist() == [[1, 0], [1, 0], [0, 1], [0, 1], [0, 0]]
        assert predictions.predicted.tolist() == [[1, 0], [1, 1], [0, 1], [0, 0], [0, 0]]
        assert predictions.probabilities[0] == pytest.approx([p(2), p(-2)])
        assert predictions.units.tolist() == [0, 0, 1, 1, 2]
        assert [record.text for record in predictions.records] == ["water", "storm", "smoke", "calm", "calm"]

    def test_sentences_without_labels_are_left_out(self, model):
        records = [Record("storm", None, document="a"), *RECORDS, Record("storm", None)]
        mixed, plain = predict_records(model, records), predict_records(model, RECORDS)
        assert np.array_equal(mixed.probabilities, plain.probabilities)
        assert mixed.units.tolist() == plain.units.tolist()
        assert [record.text for record in mixed.records] == [record.text for record in plain.records]

    def test_the_model_s_own_thresholds(self, model):
        strict = Model({**model.manifest, "thresholds": [0.5, 0.9]}, model._arrays)
        predictions = predict_records(strict, RECORDS)
        assert predictions.thresholds.tolist() == [0.5, 0.9]
        assert not predictions.predicted[:, 1].any()
        assert predictions.predicted[:, 0].tolist() == [1, 1, 0, 0, 0]

    def test_of_three_annotators_the_majority_counts(self, model):
        labels = {"x": ("flood",), "y": ("flood", "fire"), "z": ("flood",)}
        records = [Record("storm", given, document="a", annotator=name) for name, given in labels.items()]
        predictions = predict_records(model, records)
        assert predictions.y.tolist() == [[True, False]]

    def test_where_two_annotators_differ_nothing_is_scored(self, model):
        records = [
            Record(text, given, document="a", annotator=name)
            for name, labels in (("x", [("flood",), ("fire",)]), ("y", [("flood",), ()]))
            for text, given in zip(("water", "smoke"), labels, strict=True)
        ]
        assert [record.text for record in predict_records(model, records).records] == ["water"]


class TestSelect:
    PREDICTIONS = random_predictions(6, 2, 3)

    @pytest.mark.parametrize(
        "rows",
        [np.array([False, True, True, False, False, True]), np.array([1, 2, 5])],
        ids=["mask", "numbers"],
    )
    def test_rows_of_everything(self, rows):
        selected = self.PREDICTIONS.select(rows)
        for name in ("y", "probabilities", "predicted", "units"):
            assert np.array_equal(getattr(selected, name), getattr(self.PREDICTIONS, name)[[1, 2, 5]])
        assert [record.text for record in selected.records] == ["Sentence 1.", "Sentence 2.", "Sentence 5."]
        assert selected.types == self.PREDICTIONS.types
        assert selected.thresholds is self.PREDICTIONS.thresholds

    def test_in_another_order_and_twice(self):
        assert [r.text for r in self.PREDICTIONS.select(np.array([4, 0, 4])).records] == [
            f"Sentence {i}." for i in (4, 0, 4)
        ]

    def test_none(self):
        assert self.PREDICTIONS.select(np.zeros(6, dtype=bool)).y.shape == (0, 2)


class TestConcatenate:
    def test_documents_of_one_are_none_of_another(self, model):
        # Both have documents a and b and a lone sentence.
        both = concatenate([predict_records(model, RECORDS), predict_records(model, RECORDS[:4])])
        assert both.units.tolist() == [0, 0, 1, 1, 2, 3, 3, 4, 4]
        assert score_predictions(both).documents == 5
        assert [record.text for record in both.records] == [r.text for r in (*RECORDS, *RECORDS[:4])]
        assert both.y.shape == both.probabilities.shape == both.predicted.shape == (9, 2)

    def test_documents_that_are_numbered_with_gaps(self):
        parts = [predictions_of([[1]] * 2, [[0.9]] * 2, units=units) for units in ([9, 4], [7, 2], [3, 3])]
        units = concatenate(parts).units.tolist()
        assert len(set(units)) == 5
        assert units[4] == units[5]

    def test_one_part(self):
        part = random_predictions(5, 2, 3)
        found = concatenate([part])
        assert np.array_equal(found.units, part.units)
        assert found.records == part.records

    def test_an_empty_part(self):
        part = random_predictions(5, 2, 3)
        found = concatenate([part.select(np.zeros(5, dtype=bool)), part])
        assert np.array_equal(found.units, part.units)

    def test_scores_of_all_together(self):
        parts = [random_predictions(30, 2, 5), predictions_of([[1, 0]], [[0.2, 0.1]])]
        report = score_predictions(concatenate(parts))
        alone = [score_predictions(part) for part in parts]
        assert report.sentences == 31
        assert report.documents == 6
        for name in report.types:
            assert report.types[name]["tp"] == sum(part.types[name]["tp"] for part in alone)


class TestPool:
    def test_one_data_set_stands_alone(self):
        part = random_predictions(5, 2, 3)
        assert pool({"dev.jsonl": part}) == {"dev.jsonl": part}

    def test_all_stand_first(self):
        one, other = random_predictions(5, 2, 3), random_predictions(4, 2, 2)
        found = pool({"dev.jsonl": one, "test.jsonl": other})
        assert list(found) == ["all", "dev.jsonl", "test.jsonl"]
        assert len(found["all"].y) == 9
        assert found["test.jsonl"] is other


class TestDescribed:
    def test_a_data_set(self, model):
        predictions = predict_records(model, RECORDS)
        described = describe_data("dev.jsonl", predictions)
        assert list(described) == [
            "name",
            *score_predictions(predictions).to_dict(),
            *("slices", "curves", "cooccurrence"),
        ]
        assert described["name"] == "dev.jsonl"
        assert {name: described[name] for name in ("sentences", "documents", "exact_match")} == {
            "sentences": 5,
            "documents": 3,
            "exact_match": 0.6,
        }
        assert described["cooccurrence"] == {"labelled": [[2, 0], [0, 2]], "predicted": [[2, 1], [1, 2]]}
        assert list(described["curves"]) == list(TYPES)
        assert described["slices"] == {"source": [], "month": []}

    def test_scores_of_a_type(self, model):
        described = describe_data("dev.jsonl", predict_records(model, RECORDS))["types"]["fire"]
        names = ("precision", "recall", "f1", "average_precision", "brier_score")
        assert list(described) == [
            *("positives", "predicted", "tp", "fp", "fn"),
            *(key for name in names for key in (name, f"{name}_ci95")),
            *("calibration_error", "calibration_error_floor", "baselines"),
            *("read_at_recall_95", "read_at_recall_95_ci95"),
        ]

    @pytest.mark.parametrize(
        "predictions",
        [
            random_predictions(30, 3, 6),
            predictions_of([[1, 0]], [[0.9, 0.2]]),
            predictions_of([[0], [0]], [[0.1], [0.2]]),
            random_predictions(50, 35, 5),
        ],
        ids=["documents", "one sentence", "nothing carried, nothing given", "thirty-five types"],
    )
    def test_the_same_input_gives_the_same_bytes(self, predictions):
        again = predictions._replace(probabilities=predictions.probabilities.copy(), records=list(predictions.records))
        first, second = (json.dumps(describe_data("x", p), allow_nan=False) for p in (predictions, again))
        assert first == second

    def test_a_model(self):
        predictions = predictions_of([[1, 0]], [[0.9, 0.2]], threshold=1 / 3, types=TYPES)
        assert describe_model("mine.wiredesk", "9eea", predictions) == {
            "name": "mine.wiredesk",
            "hash": "9eea",
            "types": ["flood", "fire"],
            "thresholds": {"flood": 0.333333, "fire": 0.333333},
        }

    def test_models_of_a_cross_validation_have_no_hash(self):
        assert describe_model("5-fold cross-validation", None, random_predictions(3, 1, 3))["hash"] is None

    def test_two_models(self):
        one, other = random_predictions(20, 2, 4), random_predictions(30, 2, 5)
        turned = [p._replace(probabilities=1 - p.probabilities, predicted=~p.predicted) for p in (one, other)]
        parts = [pool({"dev": a, "test": b}) for a, b in ((one, other), turned)]
        compared = compare_data(parts[0], parts[1], {"name": "other.wiredesk"})
        assert compared["model"] == {"name": "other.wiredesk"}
        assert [row["name"] for row in compared["data"]] == ["all", "dev", "test"]
        test = compared["data"][2]
        assert test["macro_f1"]["first"] == round(score_predictions(other).macro_f1, 6)
        assert test["macro_f1"]["second"] == round(score_predictions(turned[1]).macro_f1, 6)
        assert json.loads(json.dumps(compared, allow_nan=False)) == compared


class TestJsonReady:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (1 / 3, 0.333333),
            (np.float64(2 / 3), 0.666667),
            (7, 7),
            (None, None),
            (True, True),
            ((0.5, (1, None)), [0.5, [1, None]]),
            ({"a": {"b": (1e-9,)}}, {"a": {"b": [0.0]}}),
            ("text", "text"),
        ],
        ids=repr,
    )
    def test_by_hand(self, value, expected):
        assert json_ready(value) == expected

    @pytest.mark.parametrize("value", [-1e-9, -0.0, -4e-7])
    def test_what_is_rounded_to_zero_has_no_sign(self, value):
        assert json.dumps(json_ready(value)) == "0.0"


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
