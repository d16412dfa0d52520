"""Counts of all terms, taken once: whatever is learnt from their rows is learnt from those sentences."""

from __future__ import annotations

import numpy as np
import pytest

from wiredesk.features import Lexicon, TermCounts, TfidfFeaturizer
from wiredesk.models import SentenceClassifier
from wiredesk.seeds import document_ids, load_seeds, record_types, target_matrix

TINY = ["ab", "ab cd ab cd", "ef"]


def tiny(**parameters) -> TfidfFeaturizer:
    return TfidfFeaturizer(**{"char_ngrams": (2, 2), "min_df": 1, "lexicon": Lexicon()} | parameters)


@pytest.fixture(scope="module")
def corpus() -> tuple[np.ndarray, np.ndarray]:
    """Give whole documents: sentences with their documents, and types."""
    records = load_seeds()[-900:]
    documents = document_ids(records)
    records, documents = zip(
        *[(r, d) for r, d in zip(records, documents, strict=True) if d != documents[0]], strict=True
    )
    X = np.empty((len(records), 2), dtype=object)
    X[:, 0], X[:, 1] = [record.text for record in records], documents
    return X, target_matrix(records, record_types(load_seeds())).astype(int)


def first_documents(X: np.ndarray, n: int) -> np.ndarray:
    """Mark the rows of the first `n` documents."""
    names = list(dict.fromkeys(X[:, 1]))
    return np.isin(X[:, 1], np.array(names[:n], dtype=object))


def test_every_term_of_every_sentence_is_counted() -> None:
    counts = tiny().count_terms(TINY)
    words, columns = counts.terms["word"]
    found = dict(zip(words, counts.matrix[1].toarray()[0, columns].tolist(), strict=True))
    assert found == {"ab": 2, "cd": 2, "ab cd": 2, "cd ab": 1, "ef": 0}
    assert counts.n_tokens.tolist() == [1, 4, 1]
    assert len(counts) == 3


def test_counts_stand_for_the_sentences() -> None:
    featurizer = tiny().fit(TINY)
    again = tiny().fit(tiny().count_terms(TINY))
    assert again.vocabulary_.names == featurizer.vocabulary_.names
    assert again.scale_.tobytes() == featurizer.scale_.tobytes()
    for X in (TINY, ["ab xy", "", "zz"], []):
        found, expected = again.transform(again.count_terms(X)), featurizer.transform(X)
        assert (found.toarray() == expected.toarray()).all()
        assert found.shape == expected.shape


def test_rows_stand_for_their_sentences(corpus) -> None:
    X, _ = corpus
    rows = first_documents(X, 20)
    assert 0 < rows.sum() < len(X)
    counts = TfidfFeaturizer().count_terms(X)
    one, other = TfidfFeaturizer().fit(counts[rows]), TfidfFeaturizer().fit(X[rows])
    assert one.vocabulary_.names == other.vocabulary_.names
    assert (one.idf_ * one.scale_).tobytes() == (other.idf_ * other.scale_).tobytes()
    found, expected = one.transform(counts[~rows]), other.transform(X[~rows])
    assert found.indices.tolist() == expected.indices.tolist()
    assert found.data.tobytes() == expected.data.tobytes()


def test_a_classifier_learns_the_same_from_them(corpus) -> None:
    X, y = corpus
    rows = first_documents(X, 20)
    counts = TfidfFeaturizer().count_terms(X)
    one, other = SentenceClassifier().fit(counts[rows], y[rows]), SentenceClassifier().fit(X[rows], y[rows])
    assert one.weights_.tobytes() == other.weights_.tobytes()
    assert one.decision_function(counts[~rows]).tobytes() == other.decision_function(X[~rows]).tobytes()


def test_rows_are_taken_as_from_an_array() -> None:
    counts = tiny().count_terms(TINY)
    for rows in (slice(1, None), np.array([False, True, True]), [1, 2]):
        assert isinstance(counts[rows], TermCounts)
        assert counts[rows].n_tokens.tolist() == [4, 1]
        assert (counts[rows].matrix.toarray() == counts.matrix.toarray()[1:]).all()


@pytest.mark.parametrize("other", [{"char_ngrams": (2, 3)}, {"blocks": ("word",)}, {"lexicon": Lexicon({"ab": "x"})}])
def test_counts_of_other_terms_are_refused(other) -> None:
    with pytest.raises(ValueError, match="another lexicon, char_ngrams or blocks; count them again"):
        tiny().fit(tiny(**other).count_terms(TINY))


def test_featurizers_that_choose_otherwise_share_counts() -> None:
    counts = tiny().count_terms([*TINY, *TINY])
    assert tiny(max_features=3).fit(counts).transform(counts).shape == (6, 3)
    assert "word=ef" in tiny(min_df=2).fit(counts).vocabulary_.names
