"""Sentences that are nearly the same."""

from __future__ import annotations

import re
from string import ascii_lowercase

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.seeds import duplicates, load_seeds, split_units
from wiredesk.seeds.duplicates import near_duplicates


def pairs(texts: list[str], others: list[str] | None = None, **options: float) -> list[tuple[int, int, float]]:
    found = near_duplicates(texts, others, **options)
    return list(zip(found.first.tolist(), found.second.tolist(), found.similarity.tolist(), strict=True))


def similarity(first: str, second: str) -> float:
    """Give the similarity of two texts that share anything at all."""
    ((_, _, found),) = pairs([first, second], similarity=0.01)
    return found


WIRE = "At least 12 people were killed when shells hit the market in Darsa on Monday."  # 15 words: 16 shingles.

NEARLY_THE_SAME = {
    # All 16 shared.
    "itself": (WIRE, 1),
    "another number": ("At least 15 people were killed when shells hit the market in Darsa on Monday.", 1),
    "a number spelt out": ("At least nine people were killed when shells hit the market in Darsa on Monday.", 1),
    "a number with a separator": (
        "At least 1,200 people were killed when shells hit the market in Darsa on Monday.",
        1,
    ),
    "capitals and marks": ("AT LEAST 12 PEOPLE WERE KILLED -- when shells hit the “market” in Darsa, on Monday", 1),
    "white space": (WIRE.replace(" ", " \n\t"), 1),
    "invisible characters": (WIRE.replace("market", "mar\u00adket").replace("people", "\u200bpeople"), 1),
    # in-Darsa and Darsa-on give way to two others.
    "another name": ("At least 12 people were killed when shells hit the market in Kordan on Monday.", 14 / 18),
    # Monday-end gives way to Monday-officials, officials-said, said-end.
    "an attribution": (
        "At least 12 people were killed when shells hit the market in Darsa on Monday, officials said.",
        15 / 19,
    ),
    "an attribution before": (
        "Officials said at least 12 people were killed when shells hit the market in Darsa on Monday.",
        15 / 19,
    ),
    "another number and name, and an attribution": (
        "At least 15 people were killed when shells hit the market in Kordan on Monday, officials said.",
        13 / 21,
    ),
    # Two words put in at two places: 16 - 2 shared, 18 in the longer one.
    "words put in": ("At least 12 more people were killed when shells hit the old market in Darsa on Monday.", 14 / 20),
    # market-in and Monday-end give way to one and none: 13 shingles.
    "words left out": ("At least 12 people were killed when shells hit the market on Monday.", 13 / 17),
}


@pytest.mark.parametrize(("text", "expected"), NEARLY_THE_SAME.values(), ids=NEARLY_THE_SAME)
def test_a_changed_wire_sentence_is_nearly_the_same(text: str, expected: float) -> None:
    assert pairs([WIRE, text]) == [(0, 1, expected)]


FORMULAS = [
    ("The minister told reporters that the talks would go on.", "The minister told reporters that nobody was hurt."),
    ("Police said two men were arrested at the border.", "Police said the road to the port was closed."),
    (
        "According to the ministry, eleven villages lost power.",
        "According to the ministry, the bridge will be rebuilt.",
    ),
    ("He is survived by his wife and two sons.", "He is succeeded by his deputy."),
]


@pytest.mark.parametrize(("first", "second"), FORMULAS)
def test_sentences_that_share_a_formula_are_not(first: str, second: str) -> None:
    assert pairs([first, second]) == []


def test_the_same_words_in_another_order_are_not_the_same() -> None:
    # Of 6 shingles each the middle one is shared: rebels-shelled; the army-s edges differ.
    assert similarity("Yesterday rebels shelled the army", "The army rebels shelled yesterday") == 2 / 10


def test_letters_of_either_form_are_one() -> None:
    composed, parted = "The caf\u00e9 in Darsa was shelled.", "The cafe\u0301 in Darsa was shelled."
    assert composed != parted
    assert pairs([composed, parted]) == [(0, 1, 1)]


# Short sentences


def test_a_short_sentence_is_like_its_equals() -> None:
    assert pairs(["He declined to comment.", "She left.", "HE DECLINED TO COMMENT"]) == [(0, 2, 1)]


@pytest.mark.parametrize("other", ["She declined to comment.", "He declined to", "He declined to comment on it."])
def test_a_short_sentence_is_like_nothing_else(other: str) -> None:
    assert pairs(["He declined to comment.", other], similarity=0.01) == []


def test_in_a_short_sentence_the_number_counts() -> None:
    assert pairs(["Page 3 of 12", "Page 4 of 12", "Page three of 12"]) == []


def test_from_five_words_on_one_may_differ() -> None:
    # ^-rain and is-forecast-for, 4 shingles, of 6 each.
    assert pairs(["Rain is forecast for Monday.", "Rain is forecast for Friday."]) == [(0, 1, 4 / 8)]


@pytest.mark.parametrize("blank", ["", "  ", "***", "— …", "\u200b"])
def test_a_text_without_words_is_like_none(blank: str) -> None:
    assert pairs([blank, blank, WIRE]) == []


# One list, two lists


def test_pairs_are_ordered_and_name_the_earlier_text_first() -> None:
    texts = ["One shell fell on the port.", WIRE, "Three shells fell on Darsa.", "Two shells fell on Darsa.", WIRE]
    assert [pair[:2] for pair in pairs([*texts, WIRE, texts[0]])] == [(0, 6), (1, 4), (1, 5), (2, 3), (4, 5)]


def test_two_lists_are_compared_with_each_other_alone() -> None:
    other = "Rain is likely in the south today."
    assert pairs([WIRE, WIRE, other], [other, WIRE, "Rain fell."]) == [(0, 1, 1), (1, 1, 1), (2, 0, 1)]


def test_pairs_in_different_folds() -> None:
    fold = np.array([0, 1, 1])
    found = near_duplicates([WIRE, WIRE, WIRE])
    crossing = fold[found.first] != fold[found.second]
    assert list(zip(found.first[crossing], found.second[crossing], strict=True)) == [(0, 1), (0, 2)]


@pytest.mark.parametrize(("texts", "others"), [([], None), ([], []), ([WIRE], None), ([WIRE], []), ([], [WIRE])])
def test_nothing_to_compare(texts: list[str], others: list[str] | None) -> None:
    found = near_duplicates(texts, others)
    assert [values.shape for values in found] == [(0,), (0,), (0,)]
    assert [values.dtype for values in found] == [np.int64, np.int64, np.float64]


# The similarity


@pytest.mark.parametrize(("asked", "n_pairs"), [(0.5, 1), (0.5001, 0)])
def test_the_similarity_itself_is_enough(asked: float, n_pairs: int) -> None:
    assert len(pairs(["Rain is forecast for Monday.", "Rain is forecast for Friday."], similarity=asked)) == n_pairs


@pytest.mark.parametrize(("asked", "shared", "size"), [(0.56, 14, 25), (0.28, 7, 25), (0.5, 10, 20)])
def test_a_similarity_that_floats_overstate_is_met(asked: float, shared: int, size: int) -> None:
    # 0.56 * 25 is 14.000000000000002. All shingles of the first are in the second, which repeats it after other words.
    words = [f"word{letter}" for letter in ascii_lowercase]
    text, between = " ".join(words[: shared - 1]), " ".join(words[-(size - shared - 1) :])
    assert pairs([text, f"{text} {between} {text}"], similarity=asked) == [(0, 1, shared / size)]


@pytest.mark.parametrize("wrong", [0, -0.1, 1.1, float("nan")])
def test_a_similarity_out_of_range_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=f"similarity is {wrong!r}; give a number above 0 and at most 1"):
        near_duplicates([WIRE], similarity=wrong)


def test_a_single_string_is_refused() -> None:
    with pytest.raises(TypeError, match="texts is one str; give a list of texts"):
        near_duplicates(WIRE)
    with pytest.raises(TypeError, match="others is one str; give a list of texts"):
        near_duplicates([WIRE], WIRE)


# All of them, however many


def reference(texts: list[str], others: list[str] | None, asked: float) -> list[tuple[int, int, float]]:
    """Compare every text with every other."""

    def shingles(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        if len(words) < 5:
            return {tuple(words)} - {()}
        padded = ["^", *words, "$"]
        return {(padded[k], padded[k + 1]) for k in range(len(padded) - 1)}

    against = texts if others is None else others
    found = []
    for i, text in enumerate(texts):
        for j in range(i + 1 if others is None else 0, len(against)):
            a, b = shingles(text), shingles(against[j])
            if a and b and len(a & b) / len(a | b) >= asked:
                found.append((i, j, len(a & b) / len(a | b)))
    return found


TEXTS = st.lists(st.lists(st.sampled_from("abcd"), max_size=9).map(" ".join), max_size=12)


@given(TEXTS, st.none() | TEXTS, st.sampled_from([0.05, 0.2, 1 / 3, 0.5, 0.55, 0.6, 0.7, 0.9, 1]))
def test_every_pair_is_found(texts: list[str], others: list[str] | None, asked: float) -> None:
    assert pairs(texts, others, similarity=asked) == reference(texts, others, asked)


@pytest.mark.parametrize("size", [1, 7])
def test_what_is_looked_at_in_one_go_does_not_matter(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        f"Shells fell on {'the port of ' * (i % 3)}Darsa at {'noon' if i % 2 else 'dawn'} today" for i in range(20)
    ]
    whole = pairs(texts)
    assert whole == reference(texts, None, 0.5)
    monkeypatch.setattr(duplicates, "_BLOCK", size)
    monkeypatch.setattr(duplicates, "_PAIRS", size)
    assert pairs(texts) == whole


def test_the_corpus_repeats_no_long_sentence_in_another_article() -> None:
    corpus = load_seeds()
    units = split_units(corpus)
    found = near_duplicates([record.text for record in corpus])
    apart = units[found.first] != units[found.second]
    longest = max(
        min(len(corpus[i].text.split()), len(corpus[j].text.split()))
        for i, j in zip(found.first[apart].tolist(), found.second[apart].tolist(), strict=True)
    )
    assert longest < 16
