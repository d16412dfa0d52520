"""The loops that numba compiles: no score differs by a bit, and nothing but speed depends on them."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wiredesk
from wiredesk.features import Lexicon, Vocabulary
from wiredesk.models import scorer
from wiredesk.models.scorer import Scorer

pytest.importorskip("numba")

ODD = [
    "",
    " ",
    ".",
    "^ $",
    "\x00",
    "\ud800",
    "x\udfff\ud83d y",
    "a\u200bb\u00ad\ufeff",
    "“‘«»’”",
    "a" * 200,
    "x" * 63 + "’s " + "y" * 64 + "z",
    "\ufdfa" * 30,
    "\u00a0\u2003",
    "won't can't's O'Neil's 's",
    '"We will fight," the defence minister said; 12 people died.',
]


def scores(texts, documents=None, *, compiled, model=None):
    """Score with fresh tables, by the compiled loops or by numpy's."""
    found = (model or MODEL)._scorer
    fresh = pickle.loads(pickle.dumps(found))
    if compiled:
        fresh._loops = scorer.compiled_loops()
    return fresh.score(texts, documents).tobytes()


MODEL = wiredesk.load_model()


@pytest.fixture(scope="module")
def corpus():
    records = wiredesk.load_seeds()[:6000]
    return [record.text for record in records], [record.document or i for i, record in enumerate(records)]


def test_the_same_bits_on_sentences(corpus):
    texts, _ = corpus
    assert scores(texts, compiled=True) == scores(texts, compiled=False)


def test_the_same_bits_on_articles(corpus):
    assert max(Counter(corpus[1]).values()) > 1
    assert scores(*corpus, compiled=True) == scores(*corpus, compiled=False)


def test_the_same_bits_on_odd_texts():
    for texts in ([], [""], ODD, ODD[::-1], ODD * 2):
        assert scores(texts, compiled=True) == scores(texts, compiled=False)
        documents = [i // 4 for i in range(len(texts))]
        assert scores(texts, documents, compiled=True) == scores(texts, documents, compiled=False)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(codec=None)), max_size=4))
def test_the_same_bits_on_any_text(texts):
    assert scores(texts, compiled=True) == scores(texts, compiled=False)


@pytest.mark.parametrize("n_types", [1, 2, 3, 4, 5, 8, 9])
def test_the_same_bits_for_any_number_of_types(n_types):
    terms = {
        "word": ["shells", "fell", "on", "shells fell", "fell on"],
        "char": ["ll", "s "],
        "cue": ["^", "$", "OTHER", "^ OTHER", "OTHER OTHER", "OTHER $", "^ OTHER OTHER", "OTHER OTHER OTHER", "$ ^"],
        "near": ["OTHER … OTHER", "^ … $", "$ … ^"],
    }
    vocabulary = Vocabulary.from_terms(terms)
    rng = np.random.default_rng(n_types)
    # Over many decades: another order of addition would give other bits.
    weights = rng.normal(size=(len(vocabulary), n_types)) * 10 ** rng.uniform(-9, 0, size=(len(vocabulary), 1))
    one = Scorer(vocabulary, weights.astype(np.float32), rng.normal(size=n_types), Lexicon(), (2, 3))
    other = pickle.loads(pickle.dumps(one))
    other._loops = scorer.compiled_loops()
    texts = ["Shells fell on shells fell, on and on", "fell", "", "Shells on shells on shells on shells fell"]
    assert other.score(texts).tobytes() == one.score(texts).tobytes()
    assert np.ptp(one.score(texts)) > 0


def test_fetched_once_enough_is_scored(monkeypatch, corpus):
    texts = corpus[0][:60]
    monkeypatch.setattr(scorer, "WORTH_COMPILING", 100)
    found = pickle.loads(pickle.dumps(MODEL._scorer))
    expected = found.score(texts).tobytes()
    numpy_loops = found._loops
    assert numpy_loops.sum_terms is scorer.sum_terms
    assert found.score(texts).tobytes() == expected
    assert found._loops == scorer.compiled_loops() != numpy_loops
    assert found.score(texts).tobytes() == expected
    # A copy begins anew: it may be used where there is no numba.
    assert pickle.loads(pickle.dumps(found))._loops == numpy_loops


def test_threads_go_over_to_them_together(monkeypatch, corpus):
    texts = corpus[0][:50]
    expected = scores(texts, compiled=False)
    monkeypatch.setattr(scorer, "WORTH_COMPILING", 300)
    monkeypatch.setattr(scorer, "MAX_TOKENS", 100)
    shared = pickle.loads(pickle.dumps(MODEL._scorer))
    with ThreadPoolExecutor(8) as pool:
        assert {found.tobytes() for found in pool.map(lambda _: shared.score(texts), range(24))} == {expected}
    assert shared._loops == scorer.compiled_loops()


def test_without_numba_nothing_but_speed_changes(monkeypatch, corpus):
    texts = corpus[0][:60]
    monkeypatch.setattr(scorer, "WORTH_COMPILING", 1)
    monkeypatch.delitem(sys.modules, "wiredesk.models.compiled", raising=False)
    monkeypatch.delattr("wiredesk.models.compiled", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert scorer.compiled_loops() is None
    found = pickle.loads(pickle.dumps(MODEL._scorer))
    assert found.score(texts).tobytes() == scores(texts, compiled=False)
    assert found._loops.sum_terms is scorer.sum_terms


def test_numba_is_not_imported_for_little():
    script = (
        "import sys, wiredesk; wiredesk.load_model().predict_proba(['Shells fell.'] * 5000);"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
