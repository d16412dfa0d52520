"""The featurizer: values worked out from its formula, its parameters, and what it shares with scikit-learn."""

from __future__ import annotations

import re
from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from wiredesk.features import CueClass, Lexicon, TfidfFeaturizer, load_lexicon

# One, four and one tokens, so that the roots are whole numbers. Without a lexicon each token is one OTHER.
TINY = ["ab", "ab cd ab cd", "ef"]
# A term in one, two or all of the three sentences: ln((1 + 3) / (1 + df)) + 1.
ONE, TWO, THREE = log(2) + 1, log(4 / 3) + 1, 1.0

# The sums of squared tf * idf over the three sentences, divided by their number.
#   word: ab | ab, cd, "ab cd", and "cd ab" at a half | ef
WORD_MEAN = (TWO**2 + (TWO**2 + ONE**2 + ONE**2 + ONE**2 / 4) + ONE**2) / 3
#   char: three n-grams of ab | those of ab and those of cd | those of ef
CHAR_MEAN = (3 * TWO**2 + (3 * TWO**2 + 3 * ONE**2) + 3 * ONE**2) / 3
#   cue: five terms at 1 and "^ OTHER $" | four at a half, OTHER at 2, then the runs within | as the first
CUE_MEAN = (2 * (5 + TWO**2) + (4 / 4 + 2**2 + ONE**2 * (1.5**2 + 0.5**2 + 1 + 0.5**2))) / 3
WORD, CHAR, CUE = 1 / sqrt(WORD_MEAN), 1 / sqrt(CHAR_MEAN), 1 / sqrt(CUE_MEAN)

NEWS = [
    "Two rockets hit the market in Darsa, killing 7 people.",
    "“We will answer,” the minister said on Monday.",
    "Talks resume on Monday.",
    "The minister said talks will resume.",
    "Darsa's mayor: rockets hit us again!",
    "Read more",
]


def tiny(**parameters: Any) -> TfidfFeaturizer:
    return TfidfFeaturizer(**{"char_ngrams": (2, 2), "min_df": 1, "lexicon": Lexicon()} | parameters)


@pytest.fixture(scope="module")
def fitted() -> TfidfFeaturizer:
    return tiny().fit(TINY)


@pytest.fixture(scope="module")
def news() -> TfidfFeaturizer:
    return TfidfFeaturizer(min_df=1).fit(NEWS)


def row(featurizer: TfidfFeaturizer, sentence: str) -> dict[str, float]:
    matrix = featurizer.transform([sentence])
    names = featurizer.get_feature_names_out()
    return {names[column]: value for column, value in zip(matrix.indices, matrix.data, strict=True)}


def names(featurizer: TfidfFeaturizer) -> list[str]:
    return list(featurizer.get_feature_names_out())


# Columns and values by hand


def test_columns_are_words_pairs_ngrams_symbols_runs_by_the_alphabet(fitted: TfidfFeaturizer) -> None:
    assert names(fitted) == [
        *("word=ab", "word=cd", "word=ef"),
        *("word=ab cd", "word=cd ab"),
        *("char= a", "char= c", "char= e", "char=ab", "char=b ", "char=cd", "char=d ", "char=ef", "char=f "),
        *("cue=$", "cue=OTHER", "cue=^"),
        *("cue=OTHER $", "cue=OTHER OTHER", "cue=OTHER OTHER $", "cue=OTHER OTHER OTHER"),
        *("cue=^ OTHER", "cue=^ OTHER $", "cue=^ OTHER OTHER"),
    ]


def test_idf_follows_the_number_of_sentences(fitted: TfidfFeaturizer) -> None:
    expected = [
        *(TWO, ONE, ONE, ONE, ONE),
        *(TWO, ONE, ONE, TWO, TWO, ONE, ONE, ONE, ONE),
        *(THREE, THREE, THREE),
        *(THREE, ONE, ONE, ONE, THREE, TWO, ONE),
    ]
    assert fitted.idf_ == pytest.approx(expected, rel=1e-12)


def test_each_block_has_one_scale(fitted: TfidfFeaturizer) -> None:
    assert fitted.scale_ == pytest.approx([WORD] * 5 + [CHAR] * 9 + [CUE] * 10, rel=1e-12)


def test_values_of_a_sentence_of_one_token(fitted: TfidfFeaturizer) -> None:
    assert row(fitted, "ab") == pytest.approx(
        {
            "word=ab": TWO * WORD,
            "char= a": TWO * CHAR,
            "char=ab": TWO * CHAR,
            "char=b ": TWO * CHAR,
            "cue=$": CUE,
            "cue=OTHER": CUE,
            "cue=^": CUE,
            "cue=OTHER $": CUE,
            "cue=^ OTHER": CUE,
            "cue=^ OTHER $": TWO * CUE,
        },
        rel=1e-12,
    )


def test_values_of_a_sentence_of_four_tokens(fitted: TfidfFeaturizer) -> None:
    assert row(fitted, "ab cd ab cd") == pytest.approx(
        {
            "word=ab": TWO * WORD,
            "word=cd": ONE * WORD,
            "word=ab cd": ONE * WORD,
            "word=cd ab": ONE * WORD / 2,
            "char= a": TWO * CHAR,
            "char=ab": TWO * CHAR,
            "char=b ": TWO * CHAR,
            "char= c": ONE * CHAR,
            "char=cd": ONE * CHAR,
            "char=d ": ONE * CHAR,
            "cue=$": CUE / 2,
            "cue=OTHER": CUE * 2,
            "cue=^": CUE / 2,
            "cue=OTHER $": CUE / 2,
            "cue=^ OTHER": CUE / 2,
            "cue=OTHER OTHER": ONE * CUE * 3 / 2,
            "cue=^ OTHER OTHER": ONE * CUE / 2,
            "cue=OTHER OTHER OTHER": ONE * CUE,
            "cue=OTHER OTHER $": ONE * CUE / 2,
        },
        rel=1e-12,
    )


def test_counts_are_the_values_before_idf_and_scale(fitted: TfidfFeaturizer) -> None:
    first, last = names(fitted).index("word=ab"), names(fitted).index("cue=OTHER OTHER")
    assert fitted.counts(TINY)[:, [first, last]].toarray().tolist() == [[1, 0], [1, 1.5], [0, 0]]


def test_a_token_that_is_not_known_counts_in_the_length(fitted: TfidfFeaturizer) -> None:
    found = row(fitted, "zz zz ab zz")
    assert found["word=ab"] == pytest.approx(TWO * WORD / 2)
    assert found["cue=OTHER"] == pytest.approx(CUE * 2)


def test_a_pair_that_is_not_known_adds_nothing(fitted: TfidfFeaturizer) -> None:
    assert [name for name in row(fitted, "ef ab") if name.startswith("word=")] == ["word=ab", "word=ef"]


def test_words_of_no_sentence_leave_the_cues_alone(fitted: TfidfFeaturizer) -> None:
    assert row(fitted, "zz") == pytest.approx(
        {
            "cue=$": CUE,
            "cue=OTHER": CUE,
            "cue=^": CUE,
            "cue=OTHER $": CUE,
            "cue=^ OTHER": CUE,
            "cue=^ OTHER $": TWO * CUE,
        }
    )


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
def test_an_empty_sentence_has_its_edges_alone(fitted: TfidfFeaturizer, text: str) -> None:
    assert row(fitted, text) == pytest.approx({"cue=$": CUE, "cue=^": CUE})


def test_classes_of_the_lexicon_are_cues() -> None:
    featurizer = tiny(lexicon=Lexicon({"ab": "weapon"})).fit(TINY)
    assert [name for name in names(featurizer) if "WEAPON" in name][:3] == [
        "cue=WEAPON",
        "cue=OTHER WEAPON",
        "cue=OTHER WEAPON OTHER",
    ]


def test_the_package_s_lexicon_is_the_default(news: TfidfFeaturizer) -> None:
    assert news.lexicon_ == load_lexicon()
    assert "cue=NUMBER WEAPON" in names(news)


def test_an_empty_lexicon_is_not_the_default() -> None:
    assert tiny(lexicon=Lexicon()).fit(NEWS).lexicon_ == Lexicon()


def test_words_that_are_often_read_otherwise_are_cues_of_their_own() -> None:
    featurizer = tiny(lexicon=Lexicon({"ab": "weapon", "cd": "weapon?"})).fit(TINY)
    assert [name for name in names(featurizer) if "WEAPON" in name][:2] == ["cue=WEAPON", "cue=WEAPON?"]
    assert "cue=WEAPON WEAPON?" in names(featurizer)


@pytest.mark.parametrize("name", ["armed actor", "armed\tactor", "", " "], ids=repr)
def test_a_class_name_that_would_be_two_symbols_or_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"lexicon class {re.escape(repr(name))} is blank or holds white space"):
        tiny(lexicon=Lexicon({"ab": name})).fit(TINY)


@pytest.mark.parametrize("form", ["air raid", "", "ab\n"], ids=repr)
def test_a_form_that_no_token_matches_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=f"lexicon form {re.escape(repr(form))} is blank or holds white space"):
        tiny(lexicon=Lexicon({form: "weapon"})).fit(TINY)


# Block scale


@pytest.mark.parametrize(("block", "size"), [("word", 1), ("char", 1), ("cue", 1), ("near", 0.5), ("context", 1)])
def test_the_root_mean_square_of_each_block(block: str, size: float) -> None:
    # The last sentence has no context, and counts all the same.
    X = with_documents(NEWS, ["a", "a", "b", "b", "b", "c"])
    featurizer = TfidfFeaturizer(min_df=1).fit(X)
    columns = [i for i, name in enumerate(names(featurizer)) if name.startswith(f"{block}=")]
    squares = featurizer.transform(X)[:, columns].power(2).sum(axis=1)
    assert np.sqrt(squares.mean()) == pytest.approx(size, rel=1e-12)


def test_a_block_without_terms_is_left_out() -> None:
    featurizer = tiny(char_ngrams=(9, 9)).fit(TINY)
    assert [name for name in names(featurizer) if name.startswith("char=")] == []
    assert row(featurizer, "ab")["word=ab"] == pytest.approx(TWO * WORD)


@pytest.mark.parametrize("block", ["word", "char", "cue", "context"])
def test_one_block_alone_has_the_values_it_has_among_all(block: str) -> None:
    X = with_documents(NEWS, ["a", "a", "b", "b", "b", "c"])
    everything, alone = TfidfFeaturizer(min_df=1).fit(X), TfidfFeaturizer(min_df=1, blocks=(block,)).fit(X)
    columns = [i for i, name in enumerate(names(everything)) if name.startswith(f"{block}=")]
    assert names(alone) == [names(everything)[i] for i in columns]
    assert np.array_equal(alone.transform(X).toarray(), everything.transform(X)[:, columns].toarray())


# Near pairs by hand

NUMBERS = Lexicon(classes={"number": CueClass("number", key=True)})


def test_values_of_near_pairs() -> None:
    # Numbers are keys: "7 7" has one pair, "7 7 7 x" has three, "x" none.
    featurizer = tiny(lexicon=NUMBERS).fit(["7 7", "7 7 7 x", "x"])
    assert [name for name in names(featurizer) if name.startswith("near=")] == ["near=NUMBER … NUMBER"]
    # In two of the three sentences; tf 1 / sqrt(2) and 3 / sqrt(4); the root mean square is a half.
    scale = 0.5 / sqrt((1 / 2 + 9 / 4) / 3)
    assert row(featurizer, "7 7 7 x")["near=NUMBER … NUMBER"] == pytest.approx(3 / 2 * scale, rel=1e-12)
    assert row(featurizer, "7 x x x x 7 x x x")["near=NUMBER … NUMBER"] == pytest.approx(scale / 3, rel=1e-12)
    assert "near=NUMBER … NUMBER" not in row(featurizer, "7 x x x x x 7")
    assert featurizer.idf_[names(featurizer).index("near=NUMBER … NUMBER")] == pytest.approx(TWO, rel=1e-12)


def test_without_keys_there_are_no_near_pairs() -> None:
    featurizer = tiny(lexicon=Lexicon(classes={"number": CueClass("number")})).fit(["7 7", "7 7 7 x", "x"])
    assert [name for name in names(featurizer) if name.startswith("near=")] == []


# Context by hand

SPOKEN = ["The mayor said yes.", "we left it here to rest now and then"]
SPEAKERS = Lexicon(
    {"mayor": "office", "said": "say", "we": "we", "shelled": "strike", "crash": "accident"},
    {
        "office": CueClass("office", ("office",)),
        "say": CueClass("saying", ("speech",)),
        "we": CueClass("I, we", ("first_person",)),
        "strike": CueClass("attacking", ("force",)),
        "accident": CueClass("accident", ("accident",)),
    },
)
#: About speech, about each of the two topics, and about both together.
N_TERMS = 30 + 5 * 2 + 3


def context(featurizer: TfidfFeaturizer, X: np.ndarray, index: int) -> dict[str, float]:
    values = featurizer.transform(X)[[index]]
    found = featurizer.get_feature_names_out()[values.indices]
    return {
        name.removeprefix("context="): value
        for name, value in zip(found, values.data, strict=True)
        if name.startswith("context=")
    }


def test_values_of_context_terms() -> None:
    X = with_documents([*SPOKEN, "x", "x"], ["a", "a", "b", "c"])
    featurizer = tiny(lexicon=SPEAKERS).fit(X)
    first, second = context(featurizer, X, 0), context(featurizer, X, 1)
    # Every term once, whatever the length of the sentence and however many share it. So two of the four sentences
    # have as many terms of the same value, and the root mean square of the block is 1.
    assert (len(first), len(second)) == (N_TERMS, N_TERMS)
    value = sqrt(4 / (2 * N_TERMS))
    assert [*first.values(), *second.values()] == pytest.approx([value] * 2 * N_TERMS, rel=1e-12)
    assert {"speaker=official", "speaker=official, source=told", "speaker before=edge", "speaker after=none"} <= set(
        first
    )
    assert {"speaker=none", "first person=True", "speaker before=official", "speaker after=edge"} <= set(second)
    assert "sentences before=0" in first
    assert "sentences before=1" in second
    assert context(featurizer, X, 2) == context(featurizer, X, 3) == {}


def test_topics_of_the_document_are_context() -> None:
    X = with_documents(["They shelled a yard.", "Rain fell.", "A crash."], ["a", "a", "b"])
    featurizer = tiny(lexicon=SPEAKERS).fit(X)
    first, second = context(featurizer, X, 0), context(featurizer, X, 1)
    assert {"force in document=many", "accident in document=none", "force before=edge"} <= set(first)
    assert {"force in document=many", "accident in document=none", "force before=yes"} <= set(second)
    assert context(featurizer, X, 2) == {}


def test_idf_of_context_terms_is_one() -> None:
    featurizer = tiny().fit(with_documents([*SPOKEN, "x"], ["a", "a", "b"]))
    is_context = np.array([name.startswith("context=") for name in names(featurizer)])
    assert is_context.sum() > 26
    assert (featurizer.idf_[is_context] == 1).all()
    # One value for the block: its terms occur in one sentence or two, and that makes no difference.
    assert len(set(featurizer.scale_[is_context].tolist())) == 1


def test_counts_of_context_terms_are_not_divided() -> None:
    X = with_documents(SPOKEN, ["a", "a"])
    featurizer = tiny().fit(X)
    is_context = np.array([name.startswith("context=") for name in names(featurizer)])
    assert set(featurizer.counts(X)[:, is_context].toarray().ravel().tolist()) == {0, 1}


ARTICLE = ["The mayor said yes.", "We left.", "He said so.", "“Not all of it.", "None.”", "Rain fell."]


def test_rows_of_a_document_that_a_splitter_tore_apart_belong_together() -> None:
    X = with_documents(ARTICLE, ["a"] * 6)
    featurizer = TfidfFeaturizer(min_df=1).fit(X)
    torn = with_documents(
        [text for pair in zip(ARTICLE, NEWS, strict=True) for text in pair],
        [document for i in range(6) for document in ("a", i)],
    )
    assert np.array_equal(featurizer.transform(torn)[::2].toarray(), featurizer.transform(X).toarray())
    fitted_torn = TfidfFeaturizer(min_df=1).fit(torn)
    assert {name for name in names(fitted_torn) if name.startswith("context=")} == {
        name for name in names(featurizer) if name.startswith("context=")
    }


def test_a_document_of_which_two_rows_are_left_is_one_of_two_sentences() -> None:
    featurizer = TfidfFeaturizer(min_df=1).fit(with_documents(ARTICLE, ["a"] * 6))
    left = with_documents([ARTICLE[0], "Snow.", ARTICLE[2]], ["a", "b", "a"])
    expected = featurizer.transform(with_documents([ARTICLE[0], ARTICLE[2]], ["a", "a"]))
    assert np.array_equal(featurizer.transform(left)[[0, 2]].toarray(), expected.toarray())


def test_other_documents_have_no_say_in_the_context() -> None:
    X = with_documents([*ARTICLE, *NEWS], ["a"] * 6 + ["b"] * 6)
    featurizer = TfidfFeaturizer(min_df=1).fit(X)
    alone = featurizer.transform(with_documents(NEWS, ["b"] * 6))
    assert np.array_equal(featurizer.transform(X)[6:].toarray(), alone.toarray())


# Which terms are kept


def test_min_df_counts_sentences_not_occurrences() -> None:
    assert names(tiny(min_df=2).fit(TINY)) == [
        "word=ab",
        *("char= a", "char=ab", "char=b "),
        *("cue=$", "cue=OTHER", "cue=^", "cue=OTHER $", "cue=^ OTHER", "cue=^ OTHER $"),
    ]


def test_max_features_drops_the_terms_in_the_fewest_sentences() -> None:
    in_three = ["cue=$", "cue=OTHER", "cue=^", "cue=OTHER $", "cue=^ OTHER"]
    assert names(tiny(max_features=5).fit(TINY)) == in_three
    in_two = ["word=ab", "char= a", "char=ab", "char=b ", *in_three, "cue=^ OTHER $"]
    assert names(tiny(max_features=10).fit(TINY)) == in_two


def test_max_features_beyond_the_terms_keeps_all(fitted: TfidfFeaturizer) -> None:
    assert names(tiny(max_features=24).fit(TINY)) == names(tiny(max_features=25).fit(TINY)) == names(fitted)


def test_however_many_are_kept_a_term_of_several_parts_keeps_its_parts(news: TfidfFeaturizer) -> None:
    # Every pair and run of the first two sentences is as frequent as its parts.
    corpus = [*NEWS[:2], *NEWS[:2], "Read more"]
    total = len(TfidfFeaturizer(min_df=1).fit(corpus).vocabulary_)
    for n in range(1, total + 1, 7):
        kept = names(TfidfFeaturizer(min_df=1, max_features=n).fit(corpus))
        assert len(kept) == n
        for name in kept:
            block, _, term = name.partition("=")
            if block == "near":
                assert {f"cue={part}" for part in term.split(" … ")} <= set(kept)
            elif block != "char":
                assert {f"{block}={part}" for part in term.split(" ")} <= set(kept)


# Input


def with_documents(sentences: list[str], documents: list[Any]) -> np.ndarray:
    X = np.empty((len(sentences), 2), dtype=object)
    X[:, 0], X[:, 1] = sentences, documents
    return X


def test_documents_of_one_sentence_change_nothing(fitted: TfidfFeaturizer) -> None:
    X = with_documents(TINY, ["d", 7, None])
    featurizer = tiny().fit(X)
    assert names(featurizer) == names(fitted)
    assert np.array_equal(featurizer.transform(X).toarray(), fitted.transform(TINY).toarray())


def test_documents_add_context_and_leave_the_rest(fitted: TfidfFeaturizer) -> None:
    X = with_documents(TINY, ["d", "d", 7])
    featurizer = tiny().fit(X)
    assert names(featurizer)[:24] == names(fitted)
    assert {name.partition("=")[0] for name in names(featurizer)[24:]} == {"context"}
    matrix = featurizer.transform(X).toarray()
    assert np.array_equal(matrix[:, :24], fitted.transform(TINY).toarray())
    assert not matrix[2, 24:].any()


def test_a_sentence_without_its_document_has_no_context() -> None:
    featurizer = tiny().fit(with_documents(TINY, ["d", "d", 7]))
    assert [name for name in row(featurizer, "ab") if name.startswith("context=")] == []


@pytest.mark.parametrize("kind", [tuple, iter, lambda X: np.array(X, dtype=object), np.array])
def test_any_iterable_of_strings_is_taken(fitted: TfidfFeaturizer, kind: Any) -> None:
    expected = fitted.transform(TINY).toarray()
    assert np.array_equal(tiny().fit(kind(TINY)).transform(kind(TINY)).toarray(), expected)


def test_the_result_is_sparse_float64_with_sorted_columns(fitted: TfidfFeaturizer) -> None:
    matrix = fitted.transform(TINY)
    assert isinstance(matrix, csr_matrix)
    assert (matrix.dtype, matrix.shape) == (np.float64, (3, 24))
    assert matrix.has_canonical_format


def test_empty_in_empty_out(fitted: TfidfFeaturizer) -> None:
    matrix = fitted.transform([])
    assert (matrix.dtype, matrix.shape) == (np.float64, (0, 24))


@pytest.mark.parametrize("method", ["fit", "transform", "fit_transform"])
def test_a_single_string_is_refused(method: str) -> None:
    featurizer = tiny().fit(TINY)
    with pytest.raises(TypeError, match="sentences is one str, not a list of str"):
        getattr(featurizer, method)("ab cd")


def test_what_is_no_string_is_refused(fitted: TfidfFeaturizer) -> None:
    with pytest.raises(TypeError, match="sentence 1 is None"):
        fitted.transform(["ab", None])


def test_the_order_of_the_training_sentences_does_not_matter(news: TfidfFeaturizer) -> None:
    shuffled = TfidfFeaturizer(min_df=1).fit([NEWS[i] for i in (3, 0, 5, 2, 4, 1)])
    assert names(shuffled) == names(news)
    assert np.array_equal(shuffled.idf_, news.idf_)
    np.testing.assert_allclose(shuffled.scale_, news.scale_, rtol=1e-12)


def test_a_sentence_s_features_do_not_depend_on_the_others(news: TfidfFeaturizer) -> None:
    together = news.transform(NEWS).toarray()
    alone = np.vstack([news.transform([text]).toarray() for text in NEWS])
    assert np.array_equal(together, alone)


# Parameters


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"char_ngrams": (0, 2)}, r"char_ngrams=\(0, 2\); give 1 <= shortest <= longest, as in \(2, 5\)"),
        ({"char_ngrams": (3, 2)}, r"char_ngrams=\(3, 2\); give 1 <= shortest <= longest"),
        ({"min_df": 0}, "min_df=0; give a number of sentences of at least 1"),
        ({"min_df": 0.5}, "min_df=0.5; give a number of sentences of at least 1"),
        ({"blocks": ()}, r"blocks=\(\); choose among word, char, cue, near, context"),
        ({"blocks": ("word", "pair")}, r"blocks=\('word', 'pair'\); choose among word, char"),
        ({"blocks": ("word", "near")}, "near pairs are made of cues, so give 'cue' too"),
        ({"max_features": 0}, "max_features=0; give a number of columns of at least 1"),
    ],
)
def test_a_parameter_out_of_range_is_refused_on_fit(parameters: dict[str, Any], message: str) -> None:
    featurizer = tiny(**parameters)
    with pytest.raises(ValueError, match=message):
        featurizer.fit(TINY)


def test_a_corpus_without_a_term_is_refused() -> None:
    with pytest.raises(ValueError, match="no term occurs in 4 of 3 sentences; lower min_df or give more text"):
        tiny(min_df=4).fit(TINY)


def test_no_sentences_are_refused() -> None:
    with pytest.raises(ValueError, match="no term occurs in 1 of 0 sentences"):
        tiny().fit([])


# As a scikit-learn transformer


def test_parameters_are_those_of_the_constructor() -> None:
    assert TfidfFeaturizer().get_params() == {
        "char_ngrams": (2, 5),
        "min_df": 2,
        "max_features": 160_000,
        "blocks": ("word", "char", "cue", "near", "context"),
        "lexicon": None,
    }


def test_a_clone_has_the_parameters_and_nothing_learned(fitted: TfidfFeaturizer) -> None:
    copy = clone(fitted)
    assert copy.get_params() == {
        **TfidfFeaturizer().get_params(),
        "char_ngrams": (2, 2),
        "min_df": 1,
        "lexicon": Lexicon(),
    }
    with pytest.raises(NotFittedError):
        copy.transform(TINY)


def test_fit_returns_the_featurizer_and_leaves_its_parameters() -> None:
    featurizer = TfidfFeaturizer(min_df=1)
    assert featurizer.fit(TINY) is featurizer
    assert featurizer.get_params()["lexicon"] is None


def test_a_clone_of_one_that_has_read_its_lexicon_learns_the_same() -> None:
    X = with_documents([*SPOKEN, "7 7"], ["a", "a", "b"])
    featurizer = tiny(lexicon=Lexicon(SPEAKERS.forms, {**SPEAKERS.classes, **NUMBERS.classes})).fit(X)
    again = clone(featurizer).fit(X)
    assert names(again) == names(featurizer)
    assert np.array_equal(again.transform(X).toarray(), featurizer.transform(X).toarray())


def test_rows_that_are_not_labelled_are_context_alone() -> None:
    X = np.array([["Rain fell.", 1], ["The mayor said so.", 1], ["Snow fell.", 2]], dtype=object)
    y = np.array([[1, 0], [-1, -1], [0, 0]])
    found = TfidfFeaturizer(min_df=1).fit(X, y)
    assert "word=rain" in names(found) and "word=mayor" not in names(found)
    # Rain's neighbour speaks, which is a context term of rain's own; alone it has none.
    alone = TfidfFeaturizer(min_df=1).fit(X[[0, 2], 0])
    assert {name for name in names(found) if name.startswith("context=")} - set(names(alone))
    assert [name for name in names(found) if not name.startswith("context=")] == names(alone)


def test_a_second_fit_forgets_the_first(fitted: TfidfFeaturizer) -> None:
    featurizer = tiny().fit(NEWS).set_params(min_df=2).fit(TINY)
    assert names(featurizer) == names(tiny(min_df=2).fit(TINY))


@pytest.mark.parametrize("method", ["transform", "counts"])
def test_an_unfitted_featurizer_transforms_nothing(method: str) -> None:
    with pytest.raises(NotFittedError, match="TfidfFeaturizer"):
        getattr(TfidfFeaturizer(), method)(TINY)


def test_an_unfitted_featurizer_has_no_feature_names() -> None:
    with pytest.raises(NotFittedError, match="TfidfFeaturizer"):
        TfidfFeaturizer().get_feature_names_out()


def test_feature_names_are_an_array_of_objects_without_duplicates(news: TfidfFeaturizer) -> None:
    found = news.get_feature_names_out()
    assert (found.dtype, found.shape) == (np.dtype(object), (news.transform([]).shape[1],))
    assert len(set(found)) == len(found)


def test_it_works_in_a_pipeline() -> None:
    pipeline = make_pipeline(tiny(), LogisticRegression(C=100)).fit(TINY, [1, 1, 0])
    assert pipeline.predict(["ab", "ef ef"]).tolist() == [1, 0]


# Any text

ANY_TEXT = st.text(st.one_of(st.characters(), st.characters(categories=["Cs"]), st.sampled_from(" \n$^=“’-")))


@settings(max_examples=50)
@given(st.lists(ANY_TEXT, min_size=1, max_size=4))
def test_any_text_can_be_learned_and_transformed(texts: list[str]) -> None:
    X = with_documents(texts, ["a"] * len(texts))
    featurizer = TfidfFeaturizer(min_df=1, lexicon=Lexicon({"a": "weapon", "of": "itself"})).fit(X)
    matrix = featurizer.transform(with_documents([*texts, "of something else"], ["a"] * (len(texts) + 1)))
    assert matrix.shape[0] == len(texts) + 1
    assert np.isfinite(matrix.data).all()
    assert len(set(names(featurizer))) == matrix.shape[1]
