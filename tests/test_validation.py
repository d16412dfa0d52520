"""What the validator finds in records that could be read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from wiredesk.seeds import Problem, Record, find_problems

TYPES = ("attack_report", "official_quote")
# Twenty words: 21 pairs of neighbours, its edges among them.
BRIDGE = (
    "Engineers closed the northern bridge on Monday after heavy rain had washed away a part of the old harbour road"
)


def record(
    line: int,
    text: str,
    labels: Sequence[str] | None = (),
    *,
    document: str | None = None,
    group: str | None = None,
) -> Record:
    labels = None if labels is None else tuple(labels)
    return Record(text, labels, document=document, group=group, origin=f"a.csv:{line}")


def found(records: Sequence[Record], types: Sequence[str] | None = None, *, duplicates: bool = True) -> list[str]:
    return [str(problem) for problem in find_problems(records, types, duplicates=duplicates)]


def repeats(earlier: str, later: str) -> list[str]:
    return found([record(1, earlier), record(2, later)])


def test_good_records_have_no_problems() -> None:
    records = [
        record(2, BRIDGE, ["attack_report"], document="d"),
        record(3, "Nobody was there.", [], document="d"),
        record(4, "The mayor thanked two crews from the valley.", ["official_quote"]),
    ]
    assert find_problems(records, TYPES) == []


def test_no_records_have_no_problems() -> None:
    assert find_problems([]) == []


def test_a_problem_names_file_and_line() -> None:
    assert str(Problem("a.csv:7", "broken; mend it", fatal=True)) == "a.csv:7: broken; mend it"


# Labels


def test_a_label_that_is_not_one_of_the_types_is_fatal() -> None:
    records = [record(2, "Rain fell.", ["attack_report"]), record(3, "Snow fell.", ["official_quote", "weather"])]
    assert find_problems(records, TYPES) == [
        Problem(
            "a.csv:3",
            "label 'weather' is not one of the types attack_report, official_quote; correct it or add it to the types",
            fatal=True,
        )
    ]


def test_every_unknown_label_is_named() -> None:
    problems = find_problems([record(2, "Rain fell.", ["weather", "attack_report", "Attack_report"])], TYPES)
    assert [problem.message.split(" is ")[0] for problem in problems] == ["label 'weather'", "label 'Attack_report'"]


def test_any_label_passes_without_types() -> None:
    assert find_problems([record(2, "Rain fell.", ["weather"])]) == []


def test_a_record_that_is_not_labelled_is_worth_a_look() -> None:
    assert find_problems([record(2, "Rain fell.", None), record(3, "Snow fell.", [])], TYPES) == [
        Problem("a.csv:2", "not labelled; it serves as context and is not scored", fatal=False)
    ]


# Documents


def test_a_document_that_comes_back_is_fatal() -> None:
    records = [
        record(2, "Rain fell.", document="a"),
        record(3, "Snow fell.", document="a"),
        record(4, "Hail fell.", document="b"),
        record(5, "Fog came.", document="a"),
    ]
    assert find_problems(records) == [
        Problem("a.csv:5", "document 'a' comes back after a.csv:3; put its sentences together, in order", fatal=True)
    ]


def test_a_record_without_document_tears_a_document_apart() -> None:
    records = [record(2, "Rain fell.", document="a"), record(3, "Snow fell."), record(4, "Fog came.", document="a")]
    assert [problem.origin for problem in find_problems(records)] == ["a.csv:4"]


def test_each_return_of_a_document_is_one_problem() -> None:
    texts = [("Rain fell.", "a"), ("Snow fell.", "b"), ("Fog came.", "a"), ("Hail fell.", "a"), ("Ice came.", "b")]
    records = [record(i, text, document=document) for i, (text, document) in enumerate(texts)]
    assert [problem.origin for problem in find_problems(records)] == ["a.csv:2", "a.csv:4"]


def test_records_without_document_or_of_one_group_never_come_back() -> None:
    records = [
        record(2, "Rain fell.", group="g"),
        record(3, "Snow fell."),
        record(4, "Fog came.", group="g"),
        record(5, "Ice came."),
    ]
    assert find_problems(records) == []


# Duplicates


def test_a_sentence_that_stands_twice_is_worth_a_look() -> None:
    records = [record(2, BRIDGE, document="a"), record(3, "Rain fell."), record(4, BRIDGE, document="b")]
    assert find_problems(records) == [Problem("a.csv:4", "the same sentence as a.csv:2; remove one", fatal=False)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Crews reopened the old harbour road.", "CREWS REOPENED THE OLD HARBOUR ROAD"),
        ("Crews reopened the old harbour road.", "“Crews reopened the old, harbour road!”"),
        ("Crews reopened 12 old harbour roads.", "Crews reopened 57 old harbour roads."),
        ("Straße nach Ems noch lange zu", "STRASSE NACH EMS NOCH LANGE ZU"),
    ],
    ids=["case", "punctuation", "digits", "case folding"],
)
def test_case_digits_and_punctuation_make_no_other_sentence(earlier: str, later: str) -> None:
    assert repeats(earlier, later) == ["a.csv:2: the same sentence as a.csv:1; remove one"]


def test_the_number_of_digits_makes_another_sentence() -> None:
    assert repeats("Crews met 9 old boats there", "Crews met 10 old boats there") == []


def test_every_further_copy_names_the_first() -> None:
    records = [record(line, BRIDGE) for line in (2, 3, 4)]
    assert found(records) == [
        "a.csv:3: the same sentence as a.csv:2; remove one",
        "a.csv:4: the same sentence as a.csv:2; remove one",
    ]


def test_a_copy_within_a_group_is_found_too() -> None:
    records = [record(2, BRIDGE, group="g"), record(3, BRIDGE, group="g")]
    assert found(records) == ["a.csv:3: the same sentence as a.csv:2; remove one"]


def test_variants_in_a_group_may_differ_by_their_quotation_marks_alone() -> None:
    text = "The harbour road is open again, the mayor said."
    records = [record(2, text, group="g"), record(3, f"“{text}”", group="g")]
    assert find_problems(records) == []


def test_short_sentences_are_compared_within_their_document_alone() -> None:
    records = [
        record(2, "Read more here now", document="a"),
        record(3, "read more: here, now!", document="a"),
        record(4, "Read more here now", document="b"),
        record(5, "Read more here now"),
        record(6, "Read more here now"),
    ]
    assert found(records) == ["a.csv:3: the same sentence as a.csv:2; remove one"]


def test_five_words_are_compared_everywhere() -> None:
    records = [record(2, "Read more on this here", document="a"), record(3, "Read more on this here", document="b")]
    assert found(records) == ["a.csv:3: the same sentence as a.csv:2; remove one"]


def test_sentences_without_words_are_no_duplicates() -> None:
    assert find_problems([record(2, "* * *", document="a"), record(3, "* * *", document="a")]) == []


def test_a_sentence_that_nearly_stands_twice_is_worth_a_look() -> None:
    # 19 of 21 + 21 - 19 = 23 pairs.
    assert find_problems([record(2, BRIDGE), record(3, BRIDGE.replace("rain", "snow"))]) == [
        Problem(
            "a.csv:3",
            "shares 83% of its pairs of words with a.csv:2; remove one or make them differ",
            fatal=False,
        )
    ]


COLOURS = "red blue green white black brown grey pink gold jade rust teal"


def test_eighty_percent_is_near() -> None:
    # 12 of 13 + 14 - 12 = 15 pairs.
    assert repeats(COLOURS, f"{COLOURS} plum") == [
        "a.csv:2: shares 80% of its pairs of words with a.csv:1; remove one or make them differ"
    ]


def test_less_than_eighty_percent_is_not_near() -> None:
    # 11 of 12 + 13 - 11 = 14 pairs: 79 %.
    shorter = COLOURS.removesuffix(" teal")
    assert repeats(shorter, f"{shorter} plum") == []


def test_sentences_that_differ_in_a_number_alone() -> None:
    told = "in {} of the houses on the hill above the old harbour nobody was at home"
    assert repeats(told.format("seven"), told.format("nine")) == [
        "a.csv:2: shares 100% of its pairs of words with a.csv:1; remove one or make them differ"
    ]
    # Of fewer than eight words it is no wonder.
    assert repeats("He leaves a wife and four children", "He leaves a wife and six children") == []


def test_records_of_one_group_may_resemble_each_other() -> None:
    variant = BRIDGE.replace("rain", "snow")
    assert find_problems([record(2, BRIDGE, group="g"), record(3, variant, group="g")]) == []


@pytest.mark.parametrize(("earlier", "later"), [("g", "h"), ("g", None), (None, "g"), (None, None)])
def test_records_of_different_groups_may_not(earlier: str | None, later: str | None) -> None:
    variant = BRIDGE.replace("rain", "snow")
    problems = find_problems([record(2, BRIDGE, group=earlier), record(3, variant, group=later)])
    assert [problem.origin for problem in problems] == ["a.csv:3"]


def test_records_of_one_document_may_not_resemble_each_other() -> None:
    variant = BRIDGE.replace("rain", "snow")
    problems = find_problems([record(2, BRIDGE, document="d"), record(3, variant, document="d")])
    assert [problem.origin for problem in problems] == ["a.csv:3"]


def test_a_near_duplicate_of_several_is_one_problem_that_names_the_first() -> None:
    records = [record(i, BRIDGE.replace("rain", end)) for i, end in enumerate(["rain", "snow", "hail", "fog"])]
    share = "shares 83% of its pairs of words with a.csv:0; remove one or make them differ"
    assert found(records) == [f"a.csv:1: {share}", f"a.csv:2: {share}", f"a.csv:3: {share}"]


def test_duplicates_are_not_looked_for_on_demand() -> None:
    records = [record(2, BRIDGE), record(3, BRIDGE), record(4, BRIDGE.replace("rain", "snow"), None)]
    assert found(records, duplicates=False) == ["a.csv:4: not labelled; it serves as context and is not scored"]


# Order


def test_fatal_problems_stand_first() -> None:
    records = [record(2, BRIDGE, None), record(3, BRIDGE), record(4, "Rain fell.", ["weather"])]
    assert [problem.fatal for problem in find_problems(records, TYPES)] == [True, False, False]


def test_problems_stand_in_the_order_of_the_records() -> None:
    records = [
        record(2, BRIDGE, document="a"),
        record(3, BRIDGE, document="b"),
        record(4, "Rain fell.", None, document="a"),
        record(5, BRIDGE.replace("rain", "snow"), document="a"),
        record(6, "Fog came.", None, document="a"),
        record(7, "Ice came.", ["weather"], document="c"),
        record(8, "Hail fell.", document="b"),
    ]
    problems = find_problems(records, TYPES)
    assert [problem.origin for problem in problems if problem.fatal] == ["a.csv:4", "a.csv:7", "a.csv:8"]
    doubtful = [problem.origin for problem in problems if not problem.fatal]
    assert list(dict.fromkeys(doubtful)) == ["a.csv:3", "a.csv:4", "a.csv:5", "a.csv:6"]
