"""Scores by source and month."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wiredesk.eval import Predictions, score_predictions
from wiredesk.eval.slices import MOST, OTHERS, UNKNOWN, slices_of, summary_of
from wiredesk.seeds import Record, split_units, target_matrix

TYPES = ("flood", "fire")


def predictions_of(records: list[Record], given: list[tuple[str, ...]] | None = None) -> Predictions:
    """Predictions of certainty; by default those are given that are carried."""
    predicted = (
        target_matrix(records, TYPES)
        if given is None
        else np.array([[name in types for name in TYPES] for types in given])
    )
    p = np.where(predicted, 0.9, 0.1)
    return Predictions(
        TYPES, np.full(2, 0.5), target_matrix(records, TYPES), p, predicted, split_units(records), records
    )


def of_sources(*sources: str | None) -> Predictions:
    return predictions_of([Record("Water.", ("flood",), source=source) for source in sources])


def of_dates(*dates: str | None) -> Predictions:
    return predictions_of([Record("Water.", ("flood",), date=date) for date in dates])


def sizes(slices) -> list[tuple[str, int]]:
    return [(one["name"], one["sentences"]) for one in slices]


class TestSource:
    def test_the_largest_first_and_of_equal_ones_the_first_to_appear(self):
        predictions = of_sources("Belm Post", "Tarn News", "Selm Echo", "Tarn News", "Selm Echo", "Dorn Daily")
        assert sizes(slices_of(predictions)["source"]) == [
            ("Tarn News", 2),
            ("Selm Echo", 2),
            ("Belm Post", 1),
            ("Dorn Daily", 1),
        ]

    def test_sentences_that_do_not_say_are_told_by_their_number_too(self):
        predictions = of_sources("Belm Post", None, None, "Tarn News")
        assert sizes(slices_of(predictions)["source"]) == [(UNKNOWN, 2), ("Belm Post", 1), ("Tarn News", 1)]

    @pytest.mark.parametrize("sources", [(None, None), ("Belm Post",) * 3, ("Belm Post", None)], ids=str)
    def test_less_than_two_are_none(self, sources):
        assert slices_of(of_sources(*sources))["source"] == []

    def test_forty_are_told_one_by_one(self):
        slices = slices_of(of_sources(*(f"s{i}" for i in range(MOST))))["source"]
        assert sizes(slices) == [(f"s{i}", 1) for i in range(MOST)]

    def test_beyond_forty_the_smallest_are_one(self):
        # s0 has 45 sentences, s1 has 44 and so on; the 39 largest stand alone, the other six are together.
        predictions = of_sources(*(f"s{i}" for i in range(45) for _ in range(45 - i)))
        slices = slices_of(predictions)["source"]
        assert sizes(slices) == [*((f"s{i}", 45 - i) for i in range(39)), (OTHERS, 6 + 5 + 4 + 3 + 2 + 1)]

    def test_every_sentence_is_in_one_of_them(self):
        predictions = of_sources(*(f"s{i % 50}" if i % 7 else None for i in range(400)))
        slices = slices_of(predictions)["source"]
        assert len(slices) == MOST
        assert sum(one["sentences"] for one in slices) == 400


class TestMonth:
    def test_in_order_those_that_do_not_say_last(self):
        predictions = of_dates("2024-03-01", None, "2019-12-31", "2024-03-30", "2024-01-01")
        assert sizes(slices_of(predictions)["month"]) == [
            ("2019-12", 1),
            ("2024-01", 1),
            ("2024-03", 2),
            (UNKNOWN, 1),
        ]

    @pytest.mark.parametrize(
        "date", ["2024-03", "2024-03-09", "2024-03-09T12:00:00Z", "2024-03-09 12:00", "2024-03-09T23:00+02:00"]
    )
    def test_forms_that_are_read(self, date):
        assert sizes(slices_of(of_dates(date, "2020-01"))["month"]) == [("2020-01", 1), ("2024-03", 1)]

    @pytest.mark.parametrize(
        "date",
        [
            *("2024", "2024-3-9", "2024-069", "2024-W10-6", "09.03.2024", "March 2024", "3/9/2024", "20240309", "?"),
            *("2024-13-01", "2024-31-12", "2024-00-00", "٢٠٢٤-٠٣-٠٩"),
        ],
    )
    def test_forms_that_are_not(self, date):
        slices = slices_of(of_dates(date, "2020-01", "2020-02"))["month"]
        assert sizes(slices) == [("2020-01", 1), ("2020-02", 1), (UNKNOWN, 1)]

    @pytest.mark.parametrize("dates", [(None,), ("2024-03-01", "2024-03-31"), ("2024-03", None)], ids=str)
    def test_less_than_two_are_none(self, dates):
        assert slices_of(of_dates(*dates))["month"] == []

    def test_beyond_forty_the_smallest_are_one_and_stand_last(self):
        # Each month of four years, 48; January of each has a second sentence.
        months = [f"{year}-{month:02}" for year in range(2020, 2024) for month in range(1, 13)]
        predictions = of_dates(*months, *(name for name in months if name.endswith("-01")))
        slices = slices_of(predictions)["month"]
        names = [one["name"] for one in slices]
        assert len(names) == MOST
        assert names[:-1] == sorted(names[:-1])
        assert {name for name in months if name.endswith("-01")} <= set(names)
        assert sizes(slices)[-1] == (OTHERS, 9)
        assert sum(one["sentences"] for one in slices) == 52


#: Two sources; the first gets all right, the second one of its three.
RECORDS = [
    Record("Water.", ("flood",), document="a", source="Belm Post", date="2024-01-01"),
    Record("Smoke.", ("fire",), document="a", source="Belm Post", date="2024-01-01"),
    Record("Water.", ("flood",), document="b", source="Tarn News", date="2024-02-01"),
    Record("Storm.", (), document="c", source="Tarn News", date="2024-02-01"),
    Record("Steam.", ("flood", "fire"), source="Tarn News", date="2024-02-01"),
]
GIVEN: list[tuple[str, ...]] = [("flood",), ("fire",), ("flood",), ("fire",), ("flood",)]


class TestSummary:
    def test_by_hand(self):
        belm, tarn = slices_of(predictions_of(RECORDS, GIVEN))["source"][::-1]
        assert belm == {
            "name": "Belm Post",
            "sentences": 2,
            "documents": 1,
            "macro_f1": 1,
            "macro_f1_ci95": None,
            "exact_match": 1,
            "types": {"flood": {"positives": 1, "f1": 1}, "fire": {"positives": 1, "f1": 1}},
        }
        assert (tarn["sentences"], tarn["documents"], tarn["exact_match"]) == (3, 3, pytest.approx(1 / 3))
        assert tarn["types"] == {"flood": {"positives": 2, "f1": 1}, "fire": {"positives": 1, "f1": 0}}
        assert tarn["macro_f1"] == 0.5

    def test_as_if_there_were_no_other_sentences(self):
        predictions = predictions_of(RECORDS, GIVEN)
        (tarn, _), (_, february) = (slices_of(predictions)[name] for name in ("source", "month"))
        alone = score_predictions(predictions_of(RECORDS[2:], GIVEN[2:]))
        assert tarn["macro_f1_ci95"] == february["macro_f1_ci95"] == alone.macro["f1_ci95"]
        assert tarn["macro_f1"] == alone.macro_f1
        assert tarn["exact_match"] == alone.exact_match

    def test_of_all(self):
        predictions = predictions_of(RECORDS, GIVEN)
        summary, report = summary_of("all", predictions), score_predictions(predictions)
        assert (summary["name"], summary["sentences"], summary["documents"]) == ("all", 5, 4)
        assert summary["macro_f1_ci95"] == report.macro["f1_ci95"]

    def test_a_document_may_be_in_several(self):
        records = [Record("Water.", ("flood",), document="a", source=source) for source in ("Belm Post", "Tarn News")]
        assert [one["documents"] for one in slices_of(predictions_of(records))["source"]] == [1, 1]

    def test_a_type_that_a_slice_lacks_has_no_part_in_the_mean(self):
        # Fires are wrongly given in both, but carried in the second alone.
        records = [
            *(Record("Water.", ("flood",), document=name, source="Belm Post") for name in "abcd"),
            Record("Water.", ("flood", "fire"), source="Tarn News"),
        ]
        given = [("flood", "fire"), ("flood",), (), ("flood",), ("flood",)]
        belm, tarn = slices_of(predictions_of(records, given))["source"]
        assert belm["types"] == {
            "flood": {"positives": 4, "f1": pytest.approx(6 / 7)},
            "fire": {"positives": 0, "f1": None},
        }
        assert belm["macro_f1"] == pytest.approx(6 / 7)
        low, high = belm["macro_f1_ci95"]
        assert 0 <= low < 6 / 7 < high <= 1
        assert tarn["macro_f1"] == 0.5

    def test_a_slice_without_any_type_has_no_mean(self):
        records = [*RECORDS, *(Record("Calm.", (), source="Selm Echo") for _ in range(6))]
        selm = slices_of(predictions_of(records))["source"][0]
        assert (selm["name"], selm["macro_f1"], selm["macro_f1_ci95"], selm["exact_match"]) == (
            "Selm Echo",
            None,
            None,
            1,
        )
        assert [scores["f1"] for scores in selm["types"].values()] == [None, None]

    def test_ready_for_json(self):
        slices = slices_of(predictions_of(RECORDS, GIVEN))
        assert json.loads(json.dumps(slices, allow_nan=False))["month"][0]["name"] == "2024-01"
