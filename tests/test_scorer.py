"""The numpy scorer: values by hand, the same as the estimator's, and the same in whatever company."""

from __future__ import annotations

import copy
import json
import pickle
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import SGDClassifier

from tests.realtexts import WIKINEWS, with_real_texts
from wiredesk.features import CueClass, Lexicon, TfidfFeaturizer, Vocabulary, analyze, segment
from wiredesk.models import SentenceClassifier, freeze, scorer
from wiredesk.models.lookup import HashIndex
from wiredesk.models.scorer import Scorer
from wiredesk.models.terms import sum_rows
from wiredesk.seeds import document_ids, load_seeds, record_types, target_matrix

#: Word, character n-gram and cue terms, each with the power of two that it weighs: every sum tells its parts.
TERMS = {
    "word": {"shells": 1, "fell": 2, "on": 4, "shells fell": 8, "fell on": 16},
    "char": {"ll": 32, "s ": 64},
    "cue": {"^": 128, "$": 256, "OTHER": 512, "WEAPON": 1024, "^ WEAPON": 2048, "WEAPON OTHER": 4096}
    | {"OTHER $": 8192, "^ WEAPON OTHER": 16384, "WEAPON OTHER $": 32768, "^ $": 65536},
}

ODD = [
    "",
    "A" * 500 + ": hello",
    "A" + "\u037a" * 8 + ". hello",
    "A" + "\ufdfa" * 5 + ": hello",
    " ",
    "\u00a0\u2003",
    ".",
    "\n^ \n$",
    "^ $",
    "\x00",
    "\x1c\x1f",
    "a\u200bb\u00ad\ufeff",
    "\ud800",
    "x\udfff\ud83d y",
    "İSTANBUL ı ß ẞ ﬁ ſ",
    "e\u0301 \u0301 n\u0303",
    "\u202eevil\u202c",
    "١٢٣ ½ Ⅻ ²",
    "👩\u200d👩\u200d👧 🇺🇦",
    "“‘«»’”",
    "''' \"\"\" ``",
    "a" * 200,
    "x" * 63 + "’s " + "y" * 64 + "z",
    "\ufdfa" * 30,
    "won't can't's O'Neil's 's",
    "$5m €6bn 12:30pm 1999 2000s 3,000.50",
    "- – — • * / |",
    "한국어 日本語。 ไทย",
    "\t\r\n\v\f\x85\u2028\u2029",
]

TEXTS = st.lists(
    st.one_of(
        st.text(alphabet=st.characters(exclude_categories=()), max_size=8),
        st.sampled_from(ODD),
        st.sampled_from(["shelling", "killed", "minister", "said", "12", "the", "not", ",", "“", "”", "'s", "Kyiv"]),
    ),
    max_size=12,
).flatmap(lambda parts: st.sampled_from(["", " ", "\u00a0"]).map(lambda space: space.join(parts)))


def by_hand() -> Scorer:
    vocabulary = Vocabulary.from_terms({block: list(terms) for block, terms in TERMS.items()})
    values = [TERMS[block][term] for block, terms in vocabulary.terms.items() for term in terms]
    weights = np.array(values, dtype=np.float32)[:, None]
    return Scorer(vocabulary, weights, np.array([0.0]), Lexicon({"shells": "weapon"}), (2, 2))


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    return [record.text for record in load_seeds()]


@pytest.fixture(scope="module")
def documents() -> list:
    return document_ids(load_seeds())


@pytest.fixture(scope="module")
def articles(sentences, documents) -> tuple[list[str], list]:
    """Give the sentences that come with others of their document, and the documents."""
    sizes = Counter(documents)
    rows = [i for i, document in enumerate(documents) if sizes[document] > 1][:400]
    return [sentences[i] for i in rows], [documents[i] for i in rows]


def with_documents(sentences, documents) -> np.ndarray:
    X = np.empty((len(sentences), 2), dtype=object)
    X[:, 0], X[:, 1] = sentences, documents
    return X


@pytest.fixture(scope="module")
def classifier(sentences, documents) -> SentenceClassifier:
    """Fit quickly: which weights they are does not matter, only that every term has one."""
    records = load_seeds()
    y = target_matrix(records, record_types(records))
    # Odd texts twice over, so that their terms enter the vocabulary.
    y = np.vstack([y, np.zeros((2 * len(ODD), y.shape[1]), dtype=bool)])
    X = with_documents(sentences + ODD * 2, [*documents, *["odd one"] * len(ODD), *["odd two"] * len(ODD)])
    return SentenceClassifier(estimator=SGDClassifier(max_iter=5, tol=None, random_state=0)).fit(X, y)


@pytest.fixture(scope="module")
def model(classifier):
    n_types = len(classifier.intercept_)
    return freeze(classifier, [f"type {i}" for i in range(n_types)], [(1.0, 0.0)] * n_types, *[[0.5] * n_types] * 2)


def new_scorer(classifier) -> Scorer:
    featurizer = classifier.featurizer_
    return Scorer(
        featurizer.vocabulary_,
        classifier.weights_,
        classifier.intercept_,
        featurizer.lexicon_,
        featurizer.char_ngrams,
    )


BY_HAND = {
    # Words 1 + 2, their pair 8; "ll" twice; "s " once; symbols ^ WEAPON OTHER $ and all runs of two and three.
    "every block": ("Shells fell", [1, 2, 8, 32, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768], 2),
    # No token, yet the edges are there, side by side.
    "empty": ("", [128, 256, 65536], 1),
    # A term that comes twice counts twice; "shells shells" is no term, and its symbols make no known run but these.
    "twice": ("shells shells", [1, 1, 32, 32, 64, 64, 128, 256, 1024, 1024, 2048], 2),
    # "on" stands between, so "shells fell" does not occur; "on" is OTHER.
    "in another order": ("shells on fell", [1, 4, 2, 32, 32, 64, 128, 256, 512, 512, 1024, 2048, 4096, 8192, 16384], 3),
}


@pytest.mark.parametrize(("sentence", "parts", "n_tokens"), BY_HAND.values(), ids=BY_HAND)
def test_score_by_hand(sentence, parts, n_tokens):
    assert by_hand().score([sentence])[0, 0] == pytest.approx(sum(parts) / n_tokens**0.5, rel=1e-12)


def test_the_intercept_is_added_once():
    one = Scorer(Vocabulary.from_terms({"word": ["a"], "char": [], "cue": []}), *_weights([[3.0]], [0.25]))
    assert one.score(["a a a a"]).tolist() == [[3.0 * 4 / 2 + 0.25]]


def test_pairs_and_runs_do_not_reach_into_the_next_sentence():
    together = by_hand().score(["on shells", "fell", "", "shells fell"])
    alone = [by_hand().score([sentence])[0] for sentence in ("on shells", "fell", "", "shells fell")]
    assert together.tolist() == [row.tolist() for row in alone]


def test_an_unknown_word_between_two_keeps_them_apart():
    # As words only: "shells", "fell" and "on" know each other, "xyz" nobody.
    words = {"word": ["shells", "fell", "shells fell"], "char": [], "cue": []}
    scorer_ = Scorer(Vocabulary.from_terms(words), *_weights([[1.0], [2.0], [8.0]], [0.0]))
    assert scorer_.score(["shells xyz fell xyz"]).tolist() == [[1.5]]


def test_a_vocabulary_without_runs_or_words_scores_the_rest():
    only = Scorer(Vocabulary.from_terms({"word": [], "char": ["ab"], "cue": []}), *_weights([[2.0]], [1.0]))
    assert only.score(["ab", "", "abab c"]).tolist() == [[3.0], [1.0], [2.0 * 2 / 2**0.5 + 1.0]]


def _weights(weights, intercept):
    return np.array(weights, dtype=np.float32), np.array(intercept), Lexicon(), (2, 2)


#: Every near pair and context term weighs a power of two, all else nothing.
NEAR = {
    "WEAPON … NUMBER": 1,
    "NUMBER … WEAPON": 2,
    "WEAPON … WEAPON": 4,
    "WEAPON … ,": 8,
    "WEAPON? … NUMBER": 16,
    "WEAPON … WEAPON?": 32,
}
LEXICON = Lexicon(
    {"shells": "weapon", "shots": "weapon?", "crash": "accident", "mayor": "office", "said": "say", "we": "we"},
    {
        "weapon": CueClass("weapon", ("force",), True),
        "accident": CueClass("accident", ("accident",)),
        "office": CueClass("office", ("office",)),
        "say": CueClass("saying", ("speech",)),
        "we": CueClass("I, we", ("first_person",)),
    },
)


def near_scorer() -> Scorer:
    symbols = [",", "NUMBER", "WEAPON", "WEAPON?"]
    vocabulary = Vocabulary.from_terms({"cue": symbols, "near": list(NEAR)})
    return Scorer(vocabulary, *_weights([[0.0]] * 4 + [[float(v)] for v in NEAR.values()], [0.0])[:2], LEXICON, (2, 2))


@pytest.mark.parametrize(
    ("sentence", "parts", "n_tokens"),
    [
        ("shells 7", [1], 2),
        ("7 shells", [2], 2),
        ("shells of 7", [1], 3),
        ("shells a b c d 7", [1], 6),
        ("shells a b c d e 7", [], 7),
        # Marks and parts of one token count as places too.
        ("shells, a b c 7", [8, 1], 5),
        ("shells, a b c d 7", [8], 6),
        ("shells-7", [1], 1),
        # First and second shell, first and third, second and third; each with the number behind.
        ("shells shells shells 7", [4, 4, 4, 1, 1, 1], 4),
        ("7 shells 7 shells", [2, 2, 1, 4, 2], 4),
        # Words that are often read otherwise are another symbol than the sure ones.
        ("shots 7", [16], 2),
        ("shells shots 7", [32, 1, 16], 3),
        ("shots shells", [], 2),
        ("shells", [], 1),
        ("", [], 1),
    ],
)
def test_near_pairs_by_hand(sentence, parts, n_tokens):
    assert near_scorer().score([sentence])[0, 0] == pytest.approx(sum(parts) / n_tokens**0.5, rel=1e-12)


def test_near_pairs_do_not_reach_into_the_next_sentence():
    assert near_scorer().score(["shells", "7", "", "shells", ", 7 a"], ["d"] * 5).ravel().tolist() == [0] * 5


CONTEXTS = {
    "speaker=official": 1,
    "speaker before=official": 2,
    "speaker after=official": 4,
    "first person=True": 8,
    "force before=yes": 16,
    "force in document=a quarter": 32,
}


def context_scorer() -> Scorer:
    vocabulary = Vocabulary.from_terms({"word": ["yes"], "context": list(CONTEXTS)})
    weights = [[64.0], *([float(value)] for value in CONTEXTS.values())]
    return Scorer(vocabulary, *_weights(weights, [0.5])[:2], LEXICON, (2, 2))


def test_context_by_hand():
    sentences = ["We left in a hurry", "Yes yes yes, mayor said", "Rain fell", "We stayed"]
    # No context term is divided by the root of the length.
    expected = [8 + 4, 64 * 3 / 5**0.5 + 1, 2, 8]
    assert context_scorer().score(sentences, ["a"] * 4).ravel() == pytest.approx([x + 0.5 for x in expected], rel=1e-12)
    assert context_scorer().score(sentences).ravel() == pytest.approx([0.5, 64 * 3 / 5**0.5 + 0.5, 0.5, 0.5], rel=1e-12)


def test_context_stays_inside_a_document():
    sentences = ["We left.", "Rain fell.", "The mayor said.", "Rain fell.", "The mayor said."]
    found = context_scorer().score(sentences, ["a", "a", "b", "b", "c"])
    # The last stands alone and has no context.
    assert (found - 0.5).ravel().tolist() == [8, 0, 1, 2, 0]


def test_topics_of_the_document_by_hand():
    # One of four sentences is about force; a word that is often read otherwise does not count.
    sentences = ["Rain fell", "Shells fell", "Snow fell", "Shots fell"]
    found = context_scorer().score(sentences, ["a"] * 4)
    assert (found - 0.5).ravel().tolist() == [32, 32, 32 + 16, 32]


def test_no_documents_are_as_if_every_sentence_stood_alone():
    sentences = ["We left.", "The mayor said."]
    for documents in (None, [0, 1], ["b", "a"]):
        assert context_scorer().score(sentences, documents).tolist() == [[0.5], [0.5]]
    assert context_scorer().score([], []).shape == (0, 1)


def test_no_sentences_give_no_rows(model):
    assert by_hand().score([]).shape == (0, 1)
    assert model.decision_function([]).shape == (0, len(model.types))


def test_blank_sentences_score_as_the_empty_one(model):
    empty, *others = model.decision_function(["", " ", "\u00a0\u2003", "\u200b\ufeff", "\t\r\n\x85\u2028"])
    assert np.isfinite(empty).all()
    assert all(np.array_equal(empty, other) for other in others)


def test_scores_are_finite_float64(model):
    scores = model.decision_function(ODD)
    assert (scores.dtype, scores.shape) == (np.float64, (len(ODD), len(model.types)))
    assert np.isfinite(scores).all()


def test_equal_to_the_estimator_on_the_corpus(classifier, model, sentences):
    difference = model.decision_function(sentences) - classifier.decision_function(sentences)
    assert np.abs(difference).max() < 1e-9


def test_equal_to_the_estimator_on_odd_texts(classifier, model):
    assert np.abs(model.decision_function(ODD) - classifier.decision_function(ODD)).max() < 1e-9


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
@example(texts=["\n^", "\n$", "^", "$"])
@example(texts=["\ud800 \udfff", "\udfff\ud800"])
def test_equal_to_the_estimator_on_any_text(classifier, model, texts):
    assert np.abs(model.decision_function(texts) - classifier.decision_function(texts)).max() < 1e-9


def test_equal_to_the_estimator_on_articles(classifier, model, sentences, documents):
    expected = classifier.decision_function(with_documents(sentences, documents))
    actual = model.decision_function(sentences, document_ids=documents)
    assert np.abs(actual - expected).max() < 1e-9
    # Those that have context, and only those, score otherwise without it.
    differs = np.abs(actual - model.decision_function(sentences)).max(axis=1) > 0
    sizes = Counter(documents)
    assert differs.tolist() == [sizes[document] > 1 for document in documents]


@pytest.mark.parametrize("order", [ODD, ODD[::-1], [text for text in ODD for _ in range(2)]], ids=len)
def test_equal_to_the_estimator_on_documents_of_odd_texts(classifier, model, order):
    documents = [i // 7 for i in range(len(order))]
    expected = classifier.decision_function(with_documents(order, documents))
    assert np.abs(model.decision_function(order, document_ids=documents) - expected).max() < 1e-9


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=3))
@example(texts=[["\n^", "\n$", "^", "$"], ["\ud800 \udfff", "\udfff\ud800"]])
@example(texts=[["“he said", "he said” Q>", "Q: he said", "A. said"]])
def test_equal_to_the_estimator_on_documents_of_any_text(classifier, model, texts):
    flat = [text for document in texts for text in document]
    ids = [i for i, document in enumerate(texts) for _ in document]
    expected = classifier.decision_function(with_documents(flat, ids))
    assert np.abs(model.decision_function(flat, document_ids=ids) - expected).max() < 1e-9


@with_real_texts
def test_equal_to_the_estimator_on_real_news(classifier, model):
    with WIKINEWS.open(encoding="utf-8") as lines:
        articles = [json.loads(line)["text"] for line in lines]
    real = [article[start:end] for article in articles for start, end in segment(article)]
    ids = [i for i, article in enumerate(articles) for _ in segment(article)]
    assert len(real) > len(articles)
    expected = classifier.decision_function(with_documents(real, ids))
    assert np.abs(model.decision_function(real, document_ids=ids) - expected).max() < 1e-9
    assert np.abs(model.decision_function(real) - classifier.decision_function(real)).max() < 1e-9


@pytest.mark.parametrize(
    "parameters",
    [
        {"char_ngrams": (1, 1)},
        {"char_ngrams": (3, 9)},
        {"lexicon": Lexicon()},
        {"lexicon": LEXICON},
        {"max_features": 40},
        {"max_features": 1},
    ],
    ids=str,
)
def test_equal_to_the_estimator_whatever_the_featurizer(sentences, parameters):
    texts = sentences[:60] + ODD
    y = np.arange(len(texts))[:, None] % 2
    featurizer = TfidfFeaturizer(min_df=1).set_params(**parameters)
    documents = [i // 6 for i in range(len(texts))]
    X = with_documents(texts, documents)
    small = SentenceClassifier(featurizer=featurizer).fit(X, y)
    assert np.abs(new_scorer(small).score(texts) - small.decision_function(texts)).max() < 1e-9
    assert np.abs(new_scorer(small).score(texts, documents) - small.decision_function(X)).max() < 1e-9


def test_the_same_bits_alone_and_in_any_batch(model, classifier, sentences):
    texts = sentences[::50] + ODD
    together = model.decision_function(texts)
    alone = np.concatenate([model.decision_function([text]) for text in texts])
    backwards = new_scorer(classifier).score(texts[::-1])[::-1]
    repeated = model.decision_function([text for text in texts for _ in range(3)])[1::3]
    for other in (alone, backwards, repeated):
        assert other.tobytes() == together.tobytes()


def test_the_same_bits_of_a_document_alone_and_among_others(model, articles):
    texts, ids = articles
    together = model.decision_function(texts, document_ids=ids)
    alone = [
        model.decision_function(
            [text for text, other in zip(texts, ids, strict=True) if other == one], document_ids=[one] * ids.count(one)
        )
        for one in dict.fromkeys(ids)
    ]
    assert np.concatenate(alone).tobytes() == together.tobytes()


@settings(max_examples=100, deadline=None)
@given(before=st.lists(TEXTS, max_size=3), text=TEXTS, after=st.lists(TEXTS, max_size=3))
def test_the_same_bits_in_any_company(model, before, text, after):
    company = model.decision_function([*before, text, *after])[len(before)]
    assert company.tobytes() == model.decision_function([text])[0].tobytes()


@pytest.mark.parametrize("size", [1, 7, 64])
def test_the_size_of_internal_batches_changes_nothing(model, classifier, sentences, monkeypatch, size):
    texts = sentences[:130]
    expected = model.decision_function(texts)
    monkeypatch.setattr(scorer, "BATCH_SENTENCES", size)
    assert new_scorer(classifier).score(texts).tobytes() == expected.tobytes()


@pytest.mark.parametrize("size", [1, 3, 7])
def test_documents_may_cross_internal_batches(classifier, articles, monkeypatch, size):
    texts, ids = (column[:130] for column in articles)
    assert max(Counter(ids).values()) > size
    expected = classifier.decision_function(with_documents(texts, ids))
    whole = new_scorer(classifier).score(texts, ids)
    monkeypatch.setattr(scorer, "BATCH_SENTENCES", size)
    parts = new_scorer(classifier).score(texts, ids)
    assert parts.tobytes() == whole.tobytes()
    assert np.abs(parts - expected).max() < 1e-9


def test_a_document_longer_than_an_internal_batch(classifier, model, sentences):
    texts = (sentences * 2)[: scorer.BATCH_SENTENCES + 100]
    assert len(texts) > scorer.BATCH_SENTENCES
    ids = ["one"] * len(texts)
    expected = classifier.decision_function(with_documents(texts, ids))
    assert np.abs(model.decision_function(texts, document_ids=ids) - expected).max() < 1e-9


def test_documents_leave_the_table_bounded(classifier, articles, monkeypatch):
    texts, ids = articles[0], [i // 4 for i in range(len(articles[0]))]
    expected = new_scorer(classifier).score(texts, ids)
    monkeypatch.setattr(scorer, "MAX_TOKENS", 50)
    monkeypatch.setattr(scorer, "BATCH_SENTENCES", 4)
    bounded = new_scorer(classifier)
    assert bounded.score(texts, ids).tobytes() == expected.tobytes()
    longest = max(sum(len(text.split()) for text in texts[i : i + 4]) for i in range(0, len(texts), 4))
    assert len(bounded._table) <= 50 + 2 * longest


def test_a_table_that_overflows_starts_again_and_scores_the_same(model, classifier, sentences, monkeypatch):
    texts = sentences[:400]
    expected = model.decision_function(texts)
    monkeypatch.setattr(scorer, "MAX_TOKENS", 50)
    monkeypatch.setattr(scorer, "BATCH_SENTENCES", 4)
    bounded = new_scorer(classifier)
    sizes = []
    for i in range(0, len(texts), 4):
        assert bounded.score(texts[i : i + 4]).tobytes() == expected[i : i + 4].tobytes()
        sizes.append(len(bounded._table))
    longest = max(sum(len(text.split()) for text in texts[i : i + 4]) for i in range(0, len(texts), 4))
    # Dashes become tokens of their own, so a batch may have a few more tokens than its texts have runs.
    assert max(sizes) <= 50 + 2 * longest
    assert any(later < earlier for earlier, later in zip(sizes, sizes[1:], strict=False))


def test_threads_share_a_scorer(model, classifier, sentences, monkeypatch):
    texts = sentences[:120]
    expected = model.decision_function(texts)
    # The table is thrown away while others score.
    monkeypatch.setattr(scorer, "MAX_TOKENS", 100)
    monkeypatch.setattr(scorer, "BATCH_SENTENCES", 16)
    shared = new_scorer(classifier)
    starts = [i * 37 % 120 for i in range(16)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: shared.score(texts[i:] + texts[:i]), starts))
        in_documents = list(pool.map(lambda n: shared.score(texts[:n], ["one"] * n), starts))
    for start, scores in zip(starts, found, strict=True):
        assert scores.tobytes() == np.roll(expected, -start, axis=0).tobytes()
    for n, scores in zip(starts, in_documents, strict=True):
        assert scores.tobytes() == new_scorer(classifier).score(texts[:n], ["one"] * n).tobytes()


@pytest.mark.parametrize("again", [lambda thing: pickle.loads(pickle.dumps(thing)), copy.deepcopy, copy.copy])
def test_a_copy_scores_the_same_bits(classifier, model, again):
    used = new_scorer(classifier)
    expected = used.score(ODD)
    assert again(used).score(ODD).tobytes() == expected.tobytes()
    assert again(model).decision_function(ODD).tobytes() == expected.tobytes()


def test_a_pickle_leaves_the_remembered_tokens_out(classifier, sentences):
    fresh, used = new_scorer(classifier), new_scorer(classifier)
    used.score(sentences[:500])
    assert len(pickle.dumps(used)) == len(pickle.dumps(fresh))


def test_after_a_fork_no_lock_is_held_by_a_thread_that_is_not_there(classifier, sentences):
    idle, busy = new_scorer(classifier), new_scorer(classifier)
    expected = [one.score(sentences[:50]).tobytes() for one in (idle, busy)]
    kept = idle._table
    with busy._lock:
        half_written = busy._table
        scorer._free_locks()  # As a child does; this process still has the thread.
        assert not busy._lock.locked()
    assert idle._table is kept and busy._table is not half_written
    assert [one.score(sentences[:50]).tobytes() for one in (idle, busy)] == expected


def test_float32_weights_are_summed_in_float64():
    # In float32 the small one would drown: 2**24 + 1 is not representable.
    vocabulary = Vocabulary.from_terms({"word": ["a", "b"], "char": [], "cue": []})
    exact = Scorer(vocabulary, *_weights([[2.0**24], [1.0]], [0.0]))
    assert exact.score(["a b b b"]).tolist() == [[(2**24 + 3) / 2]]


def test_the_callers_arrays_stay_as_they_are():
    weights, intercept = np.ones((1, 1), dtype=np.float32), np.zeros(1)
    scorer_ = Scorer(
        Vocabulary.from_terms({"word": ["a"], "char": [], "cue": []}), weights, intercept, Lexicon(), (2, 2)
    )
    scorer_.score(["a", "b a"])
    assert (weights.tolist(), intercept.tolist()) == ([[1.0]], [0.0])


# What must not go wrong quietly


def test_an_interrupted_look_up_leaves_no_trace(classifier, monkeypatch):
    texts = ["Rockets hit Darsa.", "The mayor of Velde spoke.", "Six people died in Orlava."]
    expected = new_scorer(classifier).score(texts)
    scorer = new_scorer(classifier)
    calls = iter(range(100))

    def interrupted(*arguments):
        if next(calls) == 3:
            raise KeyboardInterrupt
        return analyze(*arguments)

    monkeypatch.setattr("wiredesk.models.tokentable.analyze", interrupted)
    with pytest.raises(KeyboardInterrupt):
        scorer.score(texts)
    monkeypatch.undo()
    assert scorer.score(texts) == pytest.approx(expected, abs=0)


@pytest.mark.parametrize("seed", range(5))
def test_sums_have_the_same_bits_whichever_way_they_are_added(seed, monkeypatch):
    # Weights over nine decades: adding them in another order gives other bits.
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(500, 4)) * 10 ** rng.uniform(-9, 0, size=(500, 1))
    starts = np.concatenate([[3], 3 + np.cumsum(rng.integers(0, 60, size=40))])
    rows = rng.integers(500, size=starts[-1] + 5)
    small = sum_rows(table, rows, starts)
    monkeypatch.setattr("wiredesk.models.terms.WORTH_SCIPY", 0)
    assert (sum_rows(table, rows, starts) == small).all()
    assert small[0] == pytest.approx(table[rows[starts[0] : starts[1]]].sum(axis=0))


def test_the_table_stays_bounded_after_a_batch_of_new_tokens(classifier, monkeypatch):
    monkeypatch.setattr("wiredesk.models.scorer.MAX_TOKENS", 50)
    scorer = new_scorer(classifier)
    scorer.score([f"word{i}" for i in range(200)])
    assert len(scorer._table) <= 51


@pytest.mark.parametrize("n", [1, 5, 1000])
def test_a_hash_index_finds_what_was_put_in(n):
    keys = np.random.default_rng(n).integers(-(2**62), 2**62, size=2 * n)
    index = HashIndex(keys[:n])
    index.extend(keys[n:])
    assert len(index) == 2 * n
    assert index.find(keys).tolist() == list(range(1, 2 * n + 1))
    assert index.find(keys + 1).tolist() == [0] * (2 * n)
