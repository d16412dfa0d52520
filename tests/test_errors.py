"""The worst errors of a model, and the terms that caused them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wiredesk.eval import Predictions, predict_records
from wiredesk.eval.errors import TERMS, WORST, Error, error_rows, explain_errors, worst_errors
from wiredesk.models import Model, load_model
from wiredesk.seeds import Record, document_ids, merge_annotators

TYPES = ("flood", "fire")

#: What is carried and the probabilities; thresholds are a half.
SENTENCES = {
    "Rain.": (("flood",), (0.4, 0.2)),
    "Storm.": (("flood",), (0.1, 0.9)),
    "Snow.": ((), (0.7, 0.1)),
    "Hail.": (("fire",), (0.3, 0.3)),
    "Steam.": (("flood", "fire"), (0.8, 0.6)),
    "Fog.": ((), (0.9, 0.95)),
}


def predictions_of(sentences=SENTENCES, **fields) -> Predictions:
    records = [Record(text, labels, **fields) for text, (labels, _) in sentences.items()]
    y = np.array([[name in record.labels for name in TYPES] for record in records], dtype=bool).reshape(-1, 2)
    p = np.array([p for _, p in sentences.values()]).reshape(-1, 2)
    return Predictions(TYPES, np.full(2, 0.5), y, p, p >= 0.5, np.arange(len(y)), records)


class TestWorst:
    def test_kinds_and_order(self):
        # By type, missed ones first, those of which the model was surest first.
        assert [(error.type, error.kind, error.text) for error in worst_errors(predictions_of())] == [
            ("flood", "missed", "Storm."),
            ("flood", "missed", "Rain."),
            ("flood", "false alarm", "Fog."),
            ("flood", "false alarm", "Snow."),
            ("fire", "missed", "Hail."),
            ("fire", "false alarm", "Fog."),
            ("fire", "false alarm", "Storm."),
        ]

    def test_what_is_told(self):
        assert worst_errors(predictions_of(document="d"))[0] == Error(
            row=1,
            type="flood",
            kind="missed",
            probability=0.1,
            threshold=0.5,
            text="Storm.",
            document="d",
            labels=("flood",),
            given=("fire",),
            terms=[],
            rest=0.0,
            intercept=0.0,
        )

    def test_a_sentence_that_stands_alone_has_no_document(self):
        assert {error.document for error in worst_errors(predictions_of())} == {""}

    def test_plain_values(self):
        for error in worst_errors(predictions_of()):
            types = [type(value) for value in (error.row, error.probability, error.threshold)]
            assert types == [int, float, float]

    def test_a_limit_for_each_type_and_kind(self):
        texts = [error.text for error in worst_errors(predictions_of(), worst=1)]
        assert texts == ["Storm.", "Fog.", "Hail.", "Fog."]

    def test_no_more_than_ten_by_default(self):
        n = 40
        sentences = {f"Sentence {i}.": (("flood",), (i / 100, 0.9)) for i in range(n)}
        errors = worst_errors(predictions_of(sentences))
        missed = [error for error in errors if error.kind == "missed"]
        assert [error.row for error in missed] == list(range(WORST)) == list(range(10))
        assert len(errors) == 20

    def test_equally_sure_ones_in_the_order_of_the_sentences(self):
        sentences = {f"Sentence {i}.": (("flood",), (0.2, 0.6)) for i in range(30)}
        errors = worst_errors(predictions_of(sentences), worst=3)
        assert [(error.kind, error.row) for error in errors] == [
            *(("missed", i) for i in range(3)),
            *(("false alarm", i) for i in range(3)),
        ]

    def test_it_goes_by_what_is_given(self):
        # In a cross-validation a fold's own threshold decides, not the mean that is told.
        predictions = predictions_of()
        given = predictions.predicted.copy()
        given[0, 0] = True
        errors = worst_errors(predictions._replace(predicted=given))
        assert "Rain." not in [error.text for error in errors]

    def test_without_errors(self):
        predictions = predictions_of()
        assert worst_errors(predictions._replace(predicted=predictions.y)) == []

    def test_no_sentence(self):
        assert worst_errors(predictions_of({})) == []


#: Two articles, with sentences that nobody labelled, and lone ones; all labels are wrong on purpose.
RECORDS = [
    Record("Two rockets hit the market in Darsa on Monday.", ("political_context",), document="a"),
    Record("Share this article", None, document="a"),
    Record("Six people were killed and nine wounded.", (), document="a"),
    Record("“We will rebuild it,” the mayor said.", ("attack_report",), document="a"),
    Record("Parliament votes on the budget in May.", ("casualty_figure",)),
    Record("Nobody has labelled this.", None),
    Record("Photo: agency", None, document="b"),
    Record("Shelling was reported from the north.", (), document="b"),
    Record("The foreign minister denied it.", (), document="b"),
    Record("Talks on a ceasefire go on.", ("official_quote",)),
]


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


@pytest.fixture(scope="module")
def explained(model) -> list[Error]:
    return explain_errors(worst_errors(predict_records(model, RECORDS)), model, RECORDS)


class TestExplained:
    def test_they_are_the_same_errors(self, model, explained):
        plain = worst_errors(predict_records(model, RECORDS))
        assert [error[:9] for error in explained] == [error[:9] for error in plain]
        # Of articles and lone sentences, before and after those without labels.
        assert {error.row for error in explained} >= {0, 1, 2, 3, 4, 6}

    def test_terms_and_rest_add_up_to_the_raw_score(self, model, explained):
        labelled = [i for i, record in enumerate(RECORDS) if record.labels is not None]
        raw = model.decision_function([record.text for record in RECORDS], document_ids=document_ids(RECORDS))
        for error in explained:
            found = sum(value for _, value in error.terms) + error.rest + error.intercept
            assert found == pytest.approx(raw[labelled[error.row], model.types.index(error.type)], abs=1e-9)

    def test_the_largest_terms_first(self, explained):
        for error in explained:
            sizes = [abs(value) for _, value in error.terms]
            assert sizes == sorted(sizes, reverse=True)
            assert 0 < len(sizes) <= TERMS == 6
        assert any(value < 0 for error in explained for _, value in error.terms)

    def test_they_are_the_model_s_explanation_of_the_sentence_in_its_document(self, model, explained):
        (error,) = (e for e in explained if e.text.startswith("“We will") and e.type == "attack_report")
        expected = model.explain([record.text for record in RECORDS[:4]], 3, document_ids=["a"] * 4)[0]
        assert error.terms == [(term.meaning, term.value) for term in expected.contributions[:TERMS]]
        assert error.intercept == expected.intercept
        # What stands before it counts: alone it would be another score.
        alone = model.explain([error.text])[0]
        assert expected.score != pytest.approx(alone.score, abs=1e-3)

    def test_a_sentence_that_stands_alone(self, model, explained):
        (error,) = (e for e in explained if e.text.startswith("Parliament") and e.type == "casualty_figure")
        expected = model.explain([error.text])[model.types.index("casualty_figure")]
        assert error.terms == [(term.meaning, term.value) for term in expected.contributions[:TERMS]]

    def test_of_several_annotators(self, model):
        # What is explained are the merged records, as they are what was predicted.
        doubled = [r for record in RECORDS for r in (record, record)]
        names = ["x", "y"] * len(RECORDS)
        annotated = merge_annotators(
            Record(r.text, r.labels, document=r.document, annotator=name)
            for r, name in zip(doubled, names, strict=True)
        )
        errors = explain_errors(worst_errors(predict_records(model, annotated)), model, annotated)
        assert [error.text for error in errors] == [
            error.text for error in worst_errors(predict_records(model, RECORDS))
        ]

    def test_no_error(self, model):
        assert explain_errors([], model, RECORDS) == []


class TestRows:
    def test_every_field_and_the_data(self, explained):
        rows = error_rows("dev.jsonl", explained)
        assert len(rows) == len(explained)
        assert {row["data"] for row in rows} == {"dev.jsonl"}
        assert list(rows[0]) == ["data", *Error._fields]

    def test_ready_for_json(self, explained):
        rows = json.loads(json.dumps(error_rows("dev.jsonl", explained), allow_nan=False))
        assert rows[0]["terms"] == [list(term) for term in explained[0].terms]
        assert rows[0]["labels"] == list(explained[0].labels)
