"""The check of sentences and their documents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wiredesk.features import check_sentences

TWO = ["Shells fell.", "Nobody was hurt."]


def pairs(*rows: tuple[Any, Any]) -> np.ndarray:
    return np.array(rows, dtype=object).reshape(-1, 2)


def test_without_ids_every_sentence_stands_alone() -> None:
    assert check_sentences(TWO) == (TWO, [0, 1])


def test_equal_sentences_without_ids_stand_alone_too() -> None:
    assert check_sentences(["Read more", "Read more"])[1] == [0, 1]


def test_ids_are_kept() -> None:
    assert check_sentences(TWO, ["b", "a"]) == (TWO, ["b", "a"])


@pytest.mark.parametrize("ids", [("a", "a"), (7, 7), (("x", 1), ("x", 1)), (None, None), ("", "a")])
def test_ids_are_any_hashable(ids: tuple[Any, ...]) -> None:
    assert check_sentences(TWO, ids)[1] == list(ids)


def test_any_iterable_is_taken_and_read_once() -> None:
    assert check_sentences(iter(TWO), (name for name in "ab")) == (TWO, ["a", "b"])


@pytest.mark.parametrize("dtype", [object, str])
def test_one_dimensional_arrays_are_lists(dtype: type) -> None:
    texts, ids = check_sentences(np.array(TWO, dtype=dtype), np.array([4, 4]))
    assert (texts, ids) == (TWO, [4, 4])


def test_an_array_of_two_columns_is_text_and_document() -> None:
    assert check_sentences(pairs((TWO[0], "d"), (TWO[1], 3))) == (TWO, ["d", 3])


@pytest.mark.parametrize("sentences", [[], (), np.array([], dtype=object), pairs()], ids=["list", "tuple", "1d", "2d"])
def test_empty_in_empty_out(sentences: Any) -> None:
    assert check_sentences(sentences) == ([], [])
    assert check_sentences([], []) == ([], [])


@pytest.mark.parametrize("text", ["", "  ", "\ud800", "a\nb"])
def test_any_string_is_a_sentence(text: str) -> None:
    assert check_sentences([text]) == ([text], [0])


@pytest.mark.parametrize(("sentences", "kind"), [("Shells fell.", "str"), ("", "str"), (b"Shells fell.", "bytes")])
def test_a_single_string_is_refused(sentences: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=rf"sentences is one {kind}, not a list of str; write \[sentence\], or model"):
        check_sentences(sentences)


@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        (None, "None of type NoneType"),
        (7, "7 of type int"),
        (b"a", "b'a' of type bytes"),
        (["a"], r"\['a'\] of type list"),
        (("a", "d"), r"\('a', 'd'\) of type tuple"),
        (float("nan"), "nan of type float"),
    ],
)
def test_anything_but_a_string_is_refused_with_its_position(bad: Any, shown: str) -> None:
    with pytest.raises(TypeError, match=f"^sentence 1 is {shown}; every sentence is a str$"):
        check_sentences(["Shells fell.", bad])


def test_anything_but_a_string_is_refused_in_an_array_too() -> None:
    with pytest.raises(TypeError, match="^sentence 0 is None of type NoneType"):
        check_sentences(pairs((None, "d")))


@pytest.mark.parametrize("shape", [(2, 1), (2, 3), (2, 2, 1), ()])
def test_an_array_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"sentences has shape \(.*\); give a list of str or an \(n, 2\) array"):
        check_sentences(np.full(shape, "a", dtype=object))


def test_documents_given_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="documents are given twice: as second column and as document_ids"):
        check_sentences(pairs((TWO[0], "d")), ["d"])


@pytest.mark.parametrize("ids", ["ab", b"ab"])
def test_a_single_string_of_ids_is_refused(ids: Any) -> None:
    with pytest.raises(TypeError, match="document_ids is one string; give one id per sentence"):
        check_sentences(TWO, ids)


@pytest.mark.parametrize("ids", [[], ["a"], ["a", "a", "a"]])
def test_another_number_of_ids_is_refused(ids: list[str]) -> None:
    with pytest.raises(ValueError, match=f"2 sentences but {len(ids)} document_ids; give one id per sentence"):
        check_sentences(TWO, ids)


RETURN = "document 'a' comes back at sentence 3 after another one; put the sentences of a document together, in order"


def test_a_document_that_comes_back_is_refused() -> None:
    with pytest.raises(ValueError, match=RETURN):
        check_sentences(["A."] * 4, ["a", "a", "b", "a"])


def test_a_document_may_come_back_in_an_array_that_a_splitter_shuffled() -> None:
    assert check_sentences(pairs(*[("A.", name) for name in "aaba"]))[1] == ["a", "a", "b", "a"]
