"""The terms a model knows, by position and by name."""

from __future__ import annotations

import numpy as np
import pytest

from wiredesk.features import Vocabulary

TERMS = {
    "word": ["army", "army said", "on", "said", "said on", "said said"],
    "char": [" a", "a b", "said"],
    "cue": ["$", "NAME", "NAME $", "^", "^ NAME", "^ NAME $"],
    "near": ["NAME … NAME", "^ … NAME"],
    "context": ["quotation=inside, speaker=none", "speaker=name"],
}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.from_terms(TERMS)


def test_single_parts_stand_before_terms_of_several(vocabulary: Vocabulary) -> None:
    assert vocabulary.words == ["army", "on", "said"]
    assert vocabulary.symbols == ["$", "NAME", "^"]


def test_pairs_are_positions_of_words(vocabulary: Vocabulary) -> None:
    assert vocabulary.pairs.tolist() == [[0, 2], [2, 1], [2, 2]]


def test_runs_are_positions_of_symbols_padded_by_minus_one(vocabulary: Vocabulary) -> None:
    assert vocabulary.runs.tolist() == [[1, 0, -1], [2, 1, -1], [2, 1, 0]]


def test_near_pairs_are_positions_of_symbols(vocabulary: Vocabulary) -> None:
    assert vocabulary.near.tolist() == [[1, 1], [2, 1]]


def test_positions_are_int32(vocabulary: Vocabulary) -> None:
    assert {array.dtype for array in (vocabulary.pairs, vocabulary.runs, vocabulary.near)} == {np.dtype(np.int32)}


def test_character_ngrams_may_hold_spaces(vocabulary: Vocabulary) -> None:
    assert vocabulary.ngrams == [" a", "a b", "said"]


def test_context_terms_may_hold_spaces_and_stay_whole(vocabulary: Vocabulary) -> None:
    assert vocabulary.contexts == ["quotation=inside, speaker=none", "speaker=name"]


def test_starts_are_the_first_columns(vocabulary: Vocabulary) -> None:
    # 3 words, 3 pairs, 3 n-grams, 3 symbols, 3 runs, 2 near pairs, 2 context terms.
    assert vocabulary.starts == (3, 6, 9, 12, 15, 17)
    assert len(vocabulary) == 19


def test_terms_are_in_column_order(vocabulary: Vocabulary) -> None:
    assert vocabulary.terms == {
        "word": ["army", "on", "said", "army said", "said on", "said said"],
        "char": [" a", "a b", "said"],
        "cue": ["$", "NAME", "^", "NAME $", "^ NAME", "^ NAME $"],
        "near": ["NAME … NAME", "^ … NAME"],
        "context": ["quotation=inside, speaker=none", "speaker=name"],
    }


def test_columns_number_the_terms_of_all_blocks(vocabulary: Vocabulary) -> None:
    columns = vocabulary.columns
    assert columns["word"] == {"army": 0, "on": 1, "said": 2, "army said": 3, "said on": 4, "said said": 5}
    assert columns["char"] == {" a": 6, "a b": 7, "said": 8}
    assert columns["cue"] == {"$": 9, "NAME": 10, "^": 11, "NAME $": 12, "^ NAME": 13, "^ NAME $": 14}
    assert columns["near"] == {"NAME … NAME": 15, "^ … NAME": 16}
    assert columns["context"] == {"quotation=inside, speaker=none": 17, "speaker=name": 18}


def test_names_tell_the_blocks_apart(vocabulary: Vocabulary) -> None:
    names = vocabulary.names
    assert (names[2], names[8], names[14]) == ("word=said", "char=said", "cue=^ NAME $")
    assert (names[15], names[18]) == ("near=NAME … NAME", "context=speaker=name")
    assert len(set(names)) == 19


def test_arrays_build_the_same_vocabulary(vocabulary: Vocabulary) -> None:
    again = Vocabulary(
        vocabulary.words,
        vocabulary.pairs,
        vocabulary.ngrams,
        vocabulary.symbols,
        vocabulary.runs,
        vocabulary.near,
        vocabulary.contexts,
    )
    assert again.names == vocabulary.names


def test_a_vocabulary_of_single_parts_has_empty_arrays_of_the_right_shape() -> None:
    vocabulary = Vocabulary.from_terms({"word": ["army"], "char": [], "cue": ["^"]})
    assert (vocabulary.pairs.shape, vocabulary.runs.shape, vocabulary.near.shape) == ((0, 2), (0, 3), (0, 2))
    assert vocabulary.starts == (1, 1, 1, 2, 2, 2)


def test_an_empty_vocabulary_has_no_columns() -> None:
    vocabulary = Vocabulary.from_terms({})
    assert (len(vocabulary), vocabulary.names, vocabulary.starts) == (0, [], (0, 0, 0, 0, 0, 0))


def test_a_block_that_is_left_out_is_empty() -> None:
    left_out = Vocabulary.from_terms({"context": ["speaker=none"]})
    given = Vocabulary.from_terms({"word": [], "char": [], "cue": [], "near": [], "context": ["speaker=none"]})
    assert left_out.names == given.names == ["context=speaker=none"]
    assert left_out.columns["context"] == {"speaker=none": 0}


def test_a_pair_without_its_words_is_refused() -> None:
    with pytest.raises(KeyError, match="said"):
        Vocabulary.from_terms({"word": ["army", "army said"], "char": [], "cue": []})


def test_a_near_pair_without_its_symbols_is_refused() -> None:
    with pytest.raises(KeyError, match="KILL"):
        Vocabulary.from_terms({"cue": ["NUMBER"], "near": ["NUMBER … KILL"]})
