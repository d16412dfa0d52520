"""The tables beside the report: what stands in them, digit by digit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wiredesk.eval import Predictions
from wiredesk.eval.evaluation import compare_data, describe_data, describe_model
from wiredesk.eval.tables import format_account, format_comparison, format_leaks, format_prevalence, format_summaries
from wiredesk.eval.text import LEGEND
from wiredesk.seeds import Record

RULE = "-" * 77


def summary(name: str, **changes: Any) -> dict[str, Any]:
    found = {"sentences": 1200, "documents": 30, "macro_f1": 0.75, "macro_f1_ci95": [0.7, 0.8], "exact_match": 0.5}
    return {"name": name, **found, **changes}


class TestSummaries:
    def test_a_row_each(self):
        assert format_summaries("month", [summary("2024-01"), summary("2024-02", sentences=7)]).splitlines() == [
            "month                            sentences documents macro F1  95 % int.  exact",
            RULE + "--",
            "2024-01                              1,200        30    0.750  0.70-0.80  0.500",
            "2024-02                                  7        30    0.750  0.70-0.80  0.500",
        ]

    def test_a_data_set_has_its_macro_scores_elsewhere(self):
        data = {"name": "a", "sentences": 1, "documents": 1, "macro": {"f1": 1.0, "f1_ci95": None}, "exact_match": 1.0}
        assert format_summaries("data", [data]).splitlines()[2].split() == ["a", "1", "1", "1.000", "-", "1.000"]

    @pytest.mark.parametrize(("length", "shown"), [(32, "x" * 32), (33, "x" * 31 + "…")])
    def test_a_long_name_is_cut(self, length, shown):
        line = format_summaries("source", [summary("x" * length)]).splitlines()[2]
        assert line.startswith(shown + " ") and len(line) == 79


class TestLeaks:
    def test_none(self):
        leaks = {"between": "training", "sentences": 0, "share": 0.0}
        assert format_leaks(leaks) == "Near-duplicates of sentences in the training data: 0 sentences (0.0%)."

    def test_nothing_is_left(self):
        leaks = {"between": "folds", "sentences": 1200, "share": 1.0, "difference": None}
        assert format_leaks(leaks).splitlines() == [
            "Near-duplicates of sentences in other folds: 1,200 sentences (100.0%).",
            "Without them nothing is left to score.",
        ]

    @pytest.mark.parametrize(("interval", "told"), [([0.0104, 0.0301], "(0.010 to 0.030)"), (None, "(0.020 to 0.020)")])
    def test_what_they_explain(self, interval, told):
        leaks = {
            "between": "training",
            "sentences": 5,
            "share": 0.0125,
            "difference": 0.02,
            "difference_ci95": interval,
            "macro_f1_without": 0.75,
        }
        assert format_leaks(leaks).splitlines() == [
            "Near-duplicates of sentences in the training data: 5 sentences (1.2%).",
            f"They explain 0.020 of the macro F1 {told}: without them it is 0.750.",
        ]

    def test_no_zero_has_a_sign(self):
        leaks = {
            "between": "folds",
            "sentences": 1,
            "share": 0.5,
            "difference": -0.0001,
            "difference_ci95": [-0.0002, 0.0001],
            "macro_f1_without": 0.5,
        }
        assert "They explain 0.000 of the macro F1 (0.000 to 0.000)" in format_leaks(leaks)


def test_shares_of_types():
    types = {
        "flood": {"counted": 0.25, "corrected": 0.2, "corrected_ci95": [0.1, 0.305]},
        "fire": {"counted": 0.5, "corrected": None, "corrected_ci95": None},
    }
    found = format_prevalence({"sentences": 4000, "documents": 90, "types": types, "errors_from": "gold"})
    assert found.splitlines() == [
        "share of 4,000 sentences          counted  corrected        95 % int.",
        "-" * 69,
        "flood                               25.0%      20.0%    10.0% - 30.5%",
        "fire                                50.0%          -                -",
        "90 documents. Corrected for the errors made on gold.",
    ]


#: Two types, each carried by two sentences of four documents.
Y = np.array([[True, False], [True, False], [False, True], [False, True]])
RIGHT = np.where(Y, 0.9, 0.1)
#: One of each type is missed.
HALF = np.where([[True, False], [False, False], [False, False], [False, True]], 0.9, 0.1)


def predictions(p: np.ndarray, *, sources: str = "wwww", months: str = "1111") -> Predictions:
    records = [
        Record(f"Sentence {i}.", (), source=source, date=f"2024-0{month}-01")
        for i, (source, month) in enumerate(zip(sources, months, strict=True))
    ]
    return Predictions(("flood", "fire"), np.full(2, 0.5), Y, p, p >= 0.5, np.arange(4), records)


class TestComparison:
    def test_by_hand(self):
        first, second = predictions(HALF), predictions(RIGHT)
        model = describe_model("second.wiredesk", "0123456789abcdef", second)
        lines = format_comparison(compare_data({"gold": first}, {"gold": second}, model), "first.wiredesk").splitlines()
        assert lines[0] == "First: first.wiredesk. Second: second.wiredesk (01234567)."
        assert lines[2].split() == ["gold", "first", "second", "difference", "95", "%", "int."]
        # Precision 1 and recall 1/2 against 1 and 1; half of the sentences right against all.
        told = {line[:32].strip(): line[32:].split() for line in lines[4:11]}
        assert told["macro F1"][:3] == told["micro F1"][:3] == told["F1 of flood"][:3] == ["0.667", "1.000", "+0.333"]
        assert told["exact match"][:3] == ["0.500", "1.000", "+0.500"]
        assert told["exact match"][4] == "to" and float(told["exact match"][3]) < 0.5 < float(told["exact match"][5])
        assert list(told)[3:] == ["F1 of flood", "F1 of fire", "AP of flood", "AP of fire"]
        assert lines[11:] == [
            "Exactly right by the first alone: 0 sentences; by the second alone: 2.",
            "Difference: second minus first, interval paired over documents.",
        ]

    def test_a_score_that_only_one_has_makes_no_difference(self):
        gap = {"first": None, "second": 0.5, "difference": None, "difference_ci95": None}
        data = {"name": "gold", "macro_f1": gap, "micro_f1": gap, "exact_match": gap, "types": {}}
        comparison = {
            "model": {"name": "b", "hash": None},
            "data": [{**data, "right_only_first": 1000, "right_only_second": 0}],
        }
        lines = format_comparison(comparison, "a").splitlines()
        assert lines[4].split() == ["macro", "F1", "-", "0.500", "-", "-"]
        assert "1,000 sentences" in lines[7]


class TestAccount:
    """All of it: which parts there are, in which order."""

    @staticmethod
    def account(*data: dict[str, Any], **parts: Any) -> list[str]:
        empty = {"comparison": None, "leaks": None, "prevalence": None}
        text = format_account({"model": {"name": "m"}, "data": list(data), **empty, **parts})
        assert text.endswith(f"\n\n{LEGEND}")
        return text.removesuffix(f"\n\n{LEGEND}").split("\n\n")

    def test_one_data_set_is_its_report(self):
        parts = self.account(describe_data("gold", predictions(RIGHT)))
        assert [part.split()[0] for part in parts] == ["type", "type", "4"]

    def test_several_are_listed_and_the_first_is_told_in_full(self):
        parts = self.account(describe_data("all", predictions(HALF)), describe_data("b", predictions(RIGHT)))
        assert [line.split()[0] for line in parts[0].splitlines()[2:]] == ["all", "b"]
        assert parts[1] == "all:"
        # Half of each type missed, in the table of the first data set.
        assert parts[2].splitlines()[2].split()[:5] == ["flood", "2", "1.000", "0.500", "0.667"]

    @pytest.mark.parametrize(
        ("slices", "titles"),
        [({}, []), ({"sources": "wvwv"}, ["source"]), ({"sources": "wvwv", "months": "1122"}, ["source", "month"])],
        ids=["none", "sources", "both"],
    )
    def test_slices_that_there_are(self, slices, titles):
        parts = self.account(describe_data("gold", predictions(RIGHT, **slices)))
        assert [part.split()[0] for part in parts[3:]] == titles

    def test_whatever_else_was_measured_follows(self):
        first, second = predictions(HALF), predictions(RIGHT)
        comparison = compare_data({"gold": first}, {"gold": second}, describe_model("b", "0" * 32, second))
        leaks = {"between": "training", "sentences": 0, "share": 0.0}
        types = {"flood": {"counted": 0.25, "corrected": 0.2, "corrected_ci95": None}}
        shares = {"sentences": 4, "documents": 4, "types": types, "errors_from": "gold"}
        data = describe_data("gold", first)
        parts = self.account(data, comparison=comparison, leaks=leaks, prevalence=shares)
        assert parts[3] == "First: m. Second: b (00000000)."
        assert parts[5:] == [format_leaks(leaks), format_prevalence(shares)]
