"""Splits that keep together what belongs together."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.seeds import Record, load_seeds, record_types, split_units
from wiredesk.training import grouped_folds


def record(document: str | None = None, group: str | None = None) -> Record:
    return Record("A sentence.", (), document=document, group=group)


UNITS = {
    "nothing": ([], []),
    "alone": ([(None, None), (None, None)], [0, 1]),
    "one document": ([("d", None), ("d", None), ("e", None)], [0, 0, 1]),
    "one group": ([(None, "g"), (None, None), (None, "g")], [0, 1, 0]),
    "a document and a group of the same name": ([("x", None), (None, "x")], [0, 1]),
    "a document, then its group elsewhere": ([("d", None), ("d", "g"), (None, "g")], [0, 0, 0]),
    # d - g - e - h - f: the first and the last are linked through three others.
    "a chain": ([("f", "h"), ("d", None), ("e", "g"), ("e", "h"), ("d", "g")], [0, 0, 0, 0, 0]),
    "numbered by first appearance": ([("b", None), ("a", None), ("b", None), ("c", None)], [0, 1, 0, 2]),
    "an empty name is a name": ([("", None), ("", None), (None, "")], [0, 0, 1]),
    "a document that comes back": ([("d", None), ("e", None), ("d", None)], [0, 1, 0]),
}


@pytest.mark.parametrize(("rows", "expected"), UNITS.values(), ids=UNITS)
def test_units(rows, expected):
    units = split_units([record(*row) for row in rows])
    assert units.tolist() == expected
    assert units.dtype.kind == "i"


NAMES = st.one_of(st.none(), st.sampled_from("abcdef"))


@given(st.lists(st.tuples(NAMES, NAMES), max_size=15))
def test_units_are_the_finest_that_tear_nothing_apart(rows):
    units = split_units([record(*row) for row in rows]).tolist()
    # Merge by hand until nothing moves.
    expected = list(range(len(rows)))
    for _ in rows:
        for i, (document, group) in enumerate(rows):
            for j, (other_document, other_group) in enumerate(rows):
                if (document is not None and document == other_document) or (
                    group is not None and group == other_group
                ):
                    expected[i] = expected[j] = min(expected[i], expected[j])
    numbers = {unit: number for number, unit in enumerate(dict.fromkeys(expected))}
    assert units == [numbers[unit] for unit in expected]


def test_a_unit_lies_in_one_fold():
    units = np.array([0, 1, 0, 2, 1, 3, 3, 0])
    fold = grouped_folds(units, np.ones((8, 1), dtype=bool), 3)
    assert fold.shape == (8,)
    for unit in range(4):
        assert len(set(fold[units == unit].tolist())) == 1


def test_a_rare_type_goes_into_every_fold():
    # Three of nine units carry the rare type, all carry the other one.
    y = np.array([[carried, True] for carried in [1, 0, 0, 1, 0, 0, 0, 1, 0]], dtype=bool)
    for seed in range(20):
        fold = grouped_folds(np.arange(9), y, 3, seed)
        assert sorted(fold[y[:, 0]].tolist()) == [0, 1, 2]
        assert sorted(Counter(fold.tolist()).values()) == [3, 3, 3]


def test_sentences_count_not_units():
    # One document of three sentences, three of one. Dealt early, the long one is left alone with three sentences
    # against three; if two short ones came before it, four stand against two. By units it would always be that.
    units = np.array([0, 0, 0, 1, 2, 3])
    sizes = set()
    for seed in range(20):
        fold = grouped_folds(units, np.ones((6, 1), dtype=bool), 2, seed)
        sizes.add(tuple(sorted(Counter(fold.tolist()).values())))
    assert sizes == {(3, 3), (2, 4)}


def test_sentences_without_a_type_even_out_the_sizes():
    # Dealt one by one to the fold with the fewest sentences, units of one differ by one at most.
    fold = grouped_folds(np.arange(11), np.zeros((11, 2), dtype=bool), 3)
    assert sorted(Counter(fold.tolist()).values()) == [3, 4, 4]


def test_the_sizes_are_those_in_sentences():
    # Without any type, a document of four that is dealt first stands against four of one.
    units = np.array([0, 0, 0, 0, 1, 2, 3, 4])
    sizes = set()
    for seed in range(20):
        fold = grouped_folds(units, np.zeros((8, 1), dtype=bool), 2, seed)
        sizes.add(tuple(sorted(Counter(fold.tolist()).values())))
    assert (4, 4) in sizes


def test_the_rarest_type_of_a_unit_decides_where_it_goes():
    # Type 0 stands in two sentences, type 1 in six. The two that carry both are dealt first, to two folds;
    # the four with type 1 alone fill both folds up to three.
    y = np.array([[1, 1], [1, 1], [0, 1], [0, 1], [0, 1], [0, 1]], dtype=bool)
    for seed in range(20):
        fold = grouped_folds(np.arange(6), y, 2, seed)
        assert fold[0] != fold[1]
        assert Counter(fold.tolist()) == {0: 3, 1: 3}


def test_more_folds_than_units_leave_some_empty():
    fold = grouped_folds(np.array([0, 0, 1]), np.ones((3, 1), dtype=bool), 5)
    assert fold[0] == fold[1] != fold[2]
    assert set(fold.tolist()) <= set(range(5))


def test_a_seed_gives_one_split_and_another_seed_another():
    y = np.zeros((60, 1), dtype=bool)
    y[::4] = True
    first = grouped_folds(np.arange(60), y, 5, seed=1)
    assert np.array_equal(first, grouped_folds(np.arange(60), y, 5, seed=1))
    assert not np.array_equal(first, grouped_folds(np.arange(60), y, 5, seed=2))
    assert np.array_equal(grouped_folds(np.arange(60), y, 5), grouped_folds(np.arange(60), y, 5, seed=0))


def test_the_global_random_state_has_no_say():
    y = np.ones((30, 1), dtype=bool)
    np.random.seed(1)
    first = grouped_folds(np.arange(30), y, 3)
    before = np.random.get_state()[1].tolist()
    assert np.array_equal(first, grouped_folds(np.arange(30), y, 3))
    assert np.random.get_state()[1].tolist() == before


def test_bool_and_int_targets_give_the_same_folds():
    y = np.array([[1, 0], [0, 1], [1, 1], [0, 0]] * 5)
    units = np.arange(20)
    assert np.array_equal(grouped_folds(units, y, 4), grouped_folds(units, y.astype(bool), 4))


@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), min_size=1, max_size=40),
    st.integers(1, 6),
    st.integers(0, 99),
)
def test_folds_of_anything(rows, n_folds, seed):
    numbers = {name: i for i, name in enumerate(dict.fromkeys(name for name, *_ in rows))}
    units = np.array([numbers[name] for name, *_ in rows])
    fold = grouped_folds(units, np.array([labels for _, *labels in rows]), n_folds, seed)
    assert set(fold.tolist()) <= set(range(n_folds))
    assert all(len(set(fold[units == unit].tolist())) == 1 for unit in numbers.values())


def test_folds_of_the_corpus_are_alike():
    records = load_seeds()
    types = record_types(records)
    y = np.array([[name in (r.labels or ()) for name in types] for r in records])
    fold = grouped_folds(split_units(records), y, 5)
    for k in range(5):
        # Within a tenth of a fifth.
        assert (fold == k).mean() == pytest.approx(0.2, rel=0.1)
        assert y[fold == k].sum(axis=0) / y.sum(axis=0) == pytest.approx([0.2] * len(types), rel=0.1)
