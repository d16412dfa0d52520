"""How far annotators agree: the numbers by hand, and which sentences are told."""

from __future__ import annotations

import pytest

from wiredesk.eval.agreement import measure_agreement
from wiredesk.seeds import Record, RecordError

pytest.importorskip("krippendorff")


def labelled(annotator: str | None, *labels: list[str] | None) -> list[Record]:
    """One record a sentence; None is a sentence that the annotator did not label."""
    return [
        Record(f"Sentence {i}.", None if found is None else tuple(found), document="d", annotator=annotator)
        for i, found in enumerate(labels)
    ]


def test_kappa_by_hand():
    # Alike on two of four; by chance 3/4 * 1/4 + 1/4 * 3/4 = 3/8.
    [found], _ = measure_agreement(labelled("x", ["a"], ["a"], ["a"], []) + labelled("y", ["a"], [], [], []))
    assert found.kappa == pytest.approx({("x", "y"): (2 / 4 - 3 / 8) / (1 - 3 / 8)})


def test_alpha_by_hand():
    # Two of the four sentences differ; four of the eight values are "a" and four are not.
    [found], _ = measure_agreement(labelled("x", ["a"], ["a"], ["a"], []) + labelled("y", ["a"], [], [], []))
    assert found.alpha == pytest.approx(1 - (8 - 1) * 2 / (4 * 4))
    assert (found.type, found.sentences, found.disagreements) == ("a", 4, 2)


def test_what_everybody_always_says_has_no_coefficient():
    [found], differing = measure_agreement(labelled("x", ["a"], ["a"]) + labelled("y", ["a"], ["a"]))
    assert found.alpha != found.alpha and found.kappa["x", "y"] != found.kappa["x", "y"]
    assert (found.disagreements, differing) == (0, [])


def test_sentences_of_one_annotator_do_not_count():
    [found], _ = measure_agreement(labelled("x", ["a"], [], ["a"]) + labelled("y", ["a"], [], None))
    assert (found.sentences, found.alpha, found.kappa["x", "y"]) == (2, 1.0, 1.0)


def test_a_pair_without_a_sentence_in_common_has_no_kappa():
    records = labelled("x", ["a"], [], None, None) + labelled("y", ["a"], [], ["a"], [])
    [found], _ = measure_agreement(records + labelled("z", None, None, ["a"], []))
    assert found.kappa == {("x", "y"): 1.0, ("y", "z"): 1.0}


def test_types_that_are_asked_for_may_be_carried_by_nobody():
    found, _ = measure_agreement(labelled("x", ["a"], []) + labelled("y", ["a"], []), ["b", "a"])
    assert [agreement.type for agreement in found] == ["b", "a"]
    assert (found[0].disagreements, found[1].kappa["x", "y"]) == (0, 1.0)


def test_disagreements_are_told_with_everybody_s_labels():
    _, differing = measure_agreement(labelled("x", ["a", "b"], ["a"], []) + labelled("y", ["b", "a"], ["b"], []))
    assert [(one.document, one.text, one.labels) for one in differing] == [
        ("d", "Sentence 1.", {"x": ("a",), "y": ("b",)})
    ]


@pytest.mark.parametrize("records", [[], labelled("x", ["a"]), labelled(None, ["a"])], ids=["none", "one", "unnamed"])
def test_labels_by_less_than_two_are_refused(records):
    with pytest.raises(RecordError, match="no sentence has labels by two annotators; give files of several"):
        measure_agreement(records)
