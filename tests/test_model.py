"""The model that is used: its contract in Python, and the default that comes with the package."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
import subprocess
import sys
from importlib.resources import files as package_files
from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wiredesk
from wiredesk.features import FEATURIZER_VERSION, CueClass, Lexicon, Vocabulary, load_lexicon
from wiredesk.models import LabelledSentence, Model, ModelFileError, load_model
from wiredesk.models.labelled import LABEL_BATCH
from wiredesk.models.manifest import today
from wiredesk.seeds import load_seeds
from wiredesk.training import recipe_hash

ARTICLE = """Harbour district shelled, four dead
\u00a0 Mortar rounds hit the fish market in Velde on Sunday, killing four people. “We heard no siren,” said Ana Brock,
a trader.

The regional governor, Tomas Ilk, told reporters that rescue work would go on all night.
Parliament is to debate the ceasefire law on Tuesday.   """

SENTENCES = [
    "Mortar rounds hit the fish market in Velde on Sunday.",
    "Four people were killed.",
    "The regional governor told reporters that rescue work would go on.",
    "Parliament is to debate the ceasefire law on Tuesday.",
    "The bakery opens at seven.",
    "",
    "👩\u200d🚒 \ud800 ½",
]


DOCUMENT = [
    "Harbour district shelled, four dead",
    "The regional governor told reporters that rescue work would go on.",
    "“We heard no siren at all,” he said.",
    "“They hit the market again.",
    "Four people were killed.”",
    "Parliament is to debate the ceasefire law on Tuesday.",
]


def small_model(
    words: dict[str, tuple[float, ...]],
    thresholds: list[float],
    contexts: dict[str, tuple[float, ...]] | None = None,
    lexicon: Lexicon | None = None,
    *,
    chars: dict[str, tuple[float, ...]] | None = None,
    cues: dict[str, tuple[float, ...]] | None = None,
    near: dict[str, tuple[float, ...]] | None = None,
    **manifest: object,
) -> Model:
    """Build a model whose raw score is the sum of its terms' weights over the root of the number of tokens.

    Those of its context terms are added as they are.
    """
    n_types = len(thresholds)
    lexicon = lexicon or Lexicon()
    weights = {"word": words, "char": chars or {}, "cue": cues or {}, "near": near or {}, "context": contexts or {}}
    vocabulary = Vocabulary.from_terms({block: list(terms) for block, terms in weights.items()})
    arrays = {
        "words": packed(vocabulary.words),
        "pairs": vocabulary.pairs,
        "ngrams": packed(vocabulary.ngrams),
        "symbols": packed(vocabulary.symbols),
        "runs": vocabulary.runs,
        "near": vocabulary.near,
        "contexts": packed(vocabulary.contexts),
        "lexicon": packed([f"{form}\t{name}" for form, name in lexicon.forms.items()]),
        "weights": np.array(
            [weights[block][term] for block, terms in vocabulary.terms.items() for term in terms], dtype=np.float32
        ),
        "intercept": np.zeros(n_types),
    }
    calibration = {"slope": [1.0] * n_types, "intercept": [0.0] * n_types, "prior": [0.5] * n_types}
    settings_ = {
        "types": ["first", "second", "third"][:n_types],
        "thresholds": thresholds,
        "calibration": {"method": "sigmoid", **calibration},
        "review_band": 0.1,
        "featurizer": {
            "version": FEATURIZER_VERSION,
            "char_ngrams": [2, 3],
            "classes": {name: dataclasses.asdict(about) for name, about in lexicon.classes.items()},
        },
        "hash": "0" * 32,
    }
    return Model({**settings_, **manifest}, arrays)


def packed(lines: list[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


class TestContract:
    def test_types_are_a_tuple_of_the_guidelines_types_in_its_order(self, model):
        assert model.types == ("attack_report", "official_quote", "casualty_figure", "political_context")

    def test_thresholds_by_type(self, model):
        assert tuple(model.thresholds) == model.types
        assert all(0 < threshold < 1 for threshold in model.thresholds.values())

    def test_predict_proba(self, model):
        probabilities = model.predict_proba(SENTENCES)
        assert (probabilities.shape, probabilities.dtype) == ((7, 4), np.float64)
        assert np.isfinite(probabilities).all()
        assert ((probabilities > 0) & (probabilities < 1)).all()

    def test_predict_says_whether_a_probability_reaches_its_threshold(self, model):
        predicted = model.predict(SENTENCES)
        assert (predicted.shape, predicted.dtype) == ((7, 4), np.bool_)
        assert np.array_equal(predicted, model.predict_proba(SENTENCES) >= list(model.thresholds.values()))

    def test_a_probability_of_just_the_threshold_passes(self):
        # Score 0 is probability 0.5 exactly.
        assert small_model({"x": (0.0, 0.0)}, [0.5, np.nextafter(0.5, 1)]).predict(["x"]).tolist() == [[True, False]]

    def test_probability_by_hand(self):
        calibration = {"method": "sigmoid", "slope": [2.0, 1.0], "intercept": [-1.0, 0.25], "prior": [0.5, 0.5]}
        hand = small_model({"bell": (1.5, -3.0), "rings": (0.5, 0.0)}, [0.5, 0.5], calibration=calibration)
        # Three tokens: bell twice, an unknown word once; "rings" is not there.
        raw = (2 * 1.5 / sqrt(3), 2 * -3.0 / sqrt(3))
        assert hand.decision_function(["Bell tower bell"])[0] == pytest.approx(raw, abs=1e-12)
        expected = [1 / (1 + exp(-(2 * raw[0] - 1))), 1 / (1 + exp(-(raw[1] + 0.25)))]
        assert hand.predict_proba(["Bell tower bell"])[0] == pytest.approx(expected, abs=1e-12)

    def test_obvious_sentences_get_their_types(self, model):
        types = [s.types for s in model.label(["Two rockets hit the market.", "The bakery opens at seven."])]
        assert types == [("attack_report",), ()]

    @pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
    def test_empty_in_empty_out(self, model, method):
        assert getattr(model, method)([]).shape == (0, 4)
        assert getattr(model, method)([], document_ids=[]).shape == (0, 4)

    @pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function", "explain"])
    @pytest.mark.parametrize("text", ["Rockets hit.", "", b"Rockets hit."], ids=repr)
    def test_a_single_string_is_refused(self, model, method, text):
        with pytest.raises(TypeError, match=r"not a list of str; write \[sentence\]"):
            getattr(model, method)(text)

    @pytest.mark.parametrize("wrong", [None, 1, b"bytes", ["nested"], float("nan")], ids=repr)
    def test_something_that_is_no_string_is_named(self, model, wrong):
        with pytest.raises(TypeError, match="sentence 1 is .*every sentence is a str"):
            model.predict_proba(["Rockets hit.", wrong])

    @pytest.mark.parametrize("wrap", [tuple, iter, np.array, lambda s: dict.fromkeys(s).keys()])
    def test_any_iterable_of_str_will_do(self, model, wrap):
        assert np.array_equal(model.predict_proba(wrap(SENTENCES)), model.predict_proba(SENTENCES))

    def test_a_mapping_is_refused(self, model):
        with pytest.raises(TypeError, match="this is a dict"):
            model.predict_proba({"text": "Rockets hit."})

    def test_texts_and_documents_may_come_as_one_array(self, model):
        both = np.array([["Rockets hit.", "a"], ["Talks go on.", "a"]], dtype=object)
        expected = model.predict_proba(both[:, 0], document_ids=both[:, 1])
        assert np.array_equal(model.predict_proba(both), expected)
        with pytest.raises(ValueError, match="given twice"):
            model.predict_proba(both, document_ids=["a", "a"])

    def test_predictions_do_not_depend_on_what_was_asked_before(self, model):
        before = model.predict_proba(SENTENCES)
        model.predict_proba([record.text for record in load_seeds()[:300]])
        assert model.predict_proba(SENTENCES).tobytes() == before.tobytes()

    def test_what_comes_out_is_the_callers_own(self, model):
        before = model.predict_proba(SENTENCES)
        for values in (model.predict_proba(SENTENCES), model.decision_function(SENTENCES)):
            values[:] = 9
        assert np.array_equal(model.predict_proba(SENTENCES), before)

    @pytest.mark.parametrize("again", [lambda m: pickle.loads(pickle.dumps(m)), copy.deepcopy], ids=["pickle", "copy"])
    def test_a_copy_predicts_the_same(self, model, again):
        assert again(model).predict_proba(SENTENCES).tobytes() == model.predict_proba(SENTENCES).tobytes()

    def test_repr_names_hash_types_and_size(self, model):
        assert repr(model) == (
            f"<wiredesk.Model {model.hash[:8]}: attack_report, official_quote, casualty_figure, political_context; "
            f"{model.n_features:,} features>"
        )

    def test_predicting_needs_no_scikit_learn(self):
        code = (
            "import sys, wiredesk\n"
            "model = wiredesk.load_model()\n"
            "model.predict(['Rockets hit.']); model.explain(['Rockets hit.']); list(model.label('Rockets hit.'))\n"
            "print(*sorted({'sklearn', 'scipy', 'joblib'} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert "sklearn" not in done.stdout.split()
        assert "joblib" not in done.stdout.split()

    def test_the_front_door_leads_to_the_same_model(self, model):
        assert wiredesk.load_model().hash == model.hash
        assert wiredesk.Model is Model


class TestDocumentIds:
    def test_ids_may_be_any_hashable(self, model):
        alone = model.predict_proba(SENTENCES[:4])
        for ids in (["a", "a", "b", "b"], [7, 7, 8, 9], [("x", 1), ("x", 1), ("x", 2), None], np.array([1, 1, 1, 2])):
            assert model.predict_proba(SENTENCES[:4], document_ids=ids).shape == alone.shape

    def test_a_sentence_that_is_its_own_document_stands_alone(self, model):
        together = model.predict_proba(SENTENCES, document_ids=range(7))
        assert together.tobytes() == model.predict_proba(SENTENCES).tobytes()

    def test_sentences_of_one_document_tell_about_each_other(self, model):
        alone = model.predict_proba(DOCUMENT)
        together = model.predict_proba(DOCUMENT, document_ids=["a"] * 6)
        assert (np.abs(together - alone).max(axis=1) > 0).all()

    def test_the_order_of_a_document_matters(self, model):
        ids = ["a"] * 6
        forwards = model.predict_proba(DOCUMENT, document_ids=ids)
        backwards = model.predict_proba(DOCUMENT[::-1], document_ids=ids)[::-1]
        assert (np.abs(forwards - backwards).max(axis=1) > 0).sum() >= 5

    def test_other_documents_have_no_say(self, model):
        expected = model.predict_proba(DOCUMENT, document_ids=["a"] * 6)
        sentences = [*SENTENCES, *DOCUMENT, *DOCUMENT]
        found = model.predict_proba(sentences, document_ids=[1] * 7 + [2] * 6 + [3] * 6)
        assert found[7:13].tobytes() == found[13:].tobytes() == expected.tobytes()

    def test_what_ids_are_called_does_not_matter(self, model):
        expected = model.predict_proba(DOCUMENT, document_ids=["a"] * 4 + ["b"] * 2)
        for ids in ([7, 7, 7, 7, 8, 8], np.array([1, 1, 1, 1, 2, 2]), [None] * 4 + [("x", 1)] * 2):
            assert model.predict_proba(DOCUMENT, document_ids=ids).tobytes() == expected.tobytes()

    def test_rows_of_a_document_in_an_array_may_stand_apart(self, model):
        # Its rows are numbered 0, 1, 2 in the article's order, with strangers between.
        both = np.empty((6, 2), dtype=object)
        both[:, 0] = [DOCUMENT[0], "Talks go on.", DOCUMENT[1], "Rockets hit.", DOCUMENT[2], "Snow falls."]
        both[:, 1] = ["a", "b", "a", "b", "a", "c"]
        expected = model.predict_proba(DOCUMENT[:3], document_ids=["a"] * 3)
        assert model.predict_proba(both)[::2].tobytes() == expected.tobytes()
        assert model.predict_proba(both)[5].tobytes() == model.predict_proba(["Snow falls."])[0].tobytes()

    def test_label_is_predict_proba_with_one_id_per_text(self, model):
        texts = [ARTICLE, "Rockets hit the port.", "“We heard it,” said Ana Brock. She said it was near."]
        found = list(model.label(texts))
        assert [s.document for s in found].count(2) == 2
        expected = model.predict_proba([s.text for s in found], document_ids=[s.document for s in found])
        assert [list(s.probabilities.values()) for s in found] == expected.tolist()
        without = model.predict_proba([s.text for s in found])
        assert [row for s, row in zip(found, without.tolist(), strict=True) if s.document == 1] == [
            list(s.probabilities.values()) for s in found if s.document == 1
        ]
        assert without.tolist() != expected.tolist()

    def test_a_text_longer_than_a_batch_is_one_document(self, model):
        text = "The governor said so. " + "Rockets hit. " * (LABEL_BATCH + 50) + "He said talks resume."
        found = list(model.label([text, "Snow falls."]))
        sentences = [s.text for s in found if s.document == 0]
        assert len(sentences) > LABEL_BATCH
        expected = model.predict_proba(sentences, document_ids=[0] * len(sentences))
        assert [list(s.probabilities.values()) for s in found[:-1]] == expected.tolist()

    @pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
    def test_an_id_that_comes_back_is_refused(self, model, method):
        with pytest.raises(ValueError, match="document 'a' comes back at sentence 2 after another one; put"):
            getattr(model, method)(SENTENCES[:3], document_ids=["a", "b", "a"])

    def test_in_explanations_too(self, model):
        with pytest.raises(ValueError, match="comes back"):
            model.explain(SENTENCES[:3], 0, document_ids=["a", "b", "a"])

    @pytest.mark.parametrize("ids", [[], ["a"], ["a", "b", "c"]], ids=len)
    def test_one_id_per_sentence(self, model, ids):
        with pytest.raises(ValueError, match=f"2 sentences but {len(ids)} document_ids"):
            model.predict_proba(SENTENCES[:2], document_ids=ids)

    def test_one_string_is_no_list_of_ids(self, model):
        with pytest.raises(TypeError, match="document_ids is one string"):
            model.predict_proba(SENTENCES[:2], document_ids="ab")


class TestLabel:
    def test_offsets_cut_the_sentences_out_of_the_text(self, model):
        found = list(model.label(ARTICLE))
        assert [s.text for s in found][0] == "Harbour district shelled, four dead"
        assert len(found) >= 5
        for s in found:
            assert ARTICLE[s.start : s.end] == s.text == s.text.strip() != ""
        assert [s.sentence for s in found] == list(range(len(found)))
        assert {s.document for s in found} == {0}
        assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))

    def test_offsets_in_several_texts(self, model):
        texts = [ARTICLE, "", "One line.\r\nAnother — with “quotes” and 👩\u200d🚒.", " \n ", "Last."]
        found = list(model.label(texts))
        assert [s.document for s in found] == sorted(s.document for s in found)
        assert {s.document for s in found} == {0, 2, 4}
        for s in found:
            assert texts[s.document][s.start : s.end] == s.text
        assert [s.sentence for s in found if s.document == 2] == [0, 1]

    @settings(max_examples=60, deadline=None)
    @given(texts=st.lists(st.text(alphabet=st.characters(exclude_categories=()), max_size=60), max_size=4))
    def test_offsets_in_any_text(self, model, texts):
        for s in model.label(texts):
            assert texts[s.document][s.start : s.end] == s.text
            assert all(0 <= p <= 1 for p in s.probabilities.values())

    def test_it_agrees_with_predict_proba_and_predict(self, model):
        found = list(model.label([ARTICLE, "Talks resume. Rockets hit the port."]))
        texts, documents = [s.text for s in found], [s.document for s in found]
        probabilities = model.predict_proba(texts, document_ids=documents)
        predicted = model.predict(texts, document_ids=documents)
        for s, p, on in zip(found, probabilities.tolist(), predicted, strict=True):
            assert s.probabilities == dict(zip(model.types, p, strict=True))
            assert s.types == tuple(np.array(model.types)[on])

    def test_one_text_and_a_list_of_one_are_the_same(self, model):
        assert list(model.label(ARTICLE)) == list(model.label([ARTICLE]))

    def test_texts_do_not_influence_each_other(self, model):
        together = list(model.label([SENTENCES[0], ARTICLE]))[1:]
        alone = [dataclasses.replace(s, document=1) for s in model.label(ARTICLE)]
        assert together == alone

    @pytest.mark.parametrize("texts", ["", " \n\t", [], [""], ["", " "], iter(())])
    def test_nothing_in_nothing_out(self, model, texts):
        assert list(model.label(texts)) == []

    def test_kinds_of_the_fields(self, model):
        s = next(model.label("Rockets hit the port."))
        assert type(s) is LabelledSentence
        kinds = [type(getattr(s, field.name)) for field in dataclasses.fields(s)]
        assert kinds == [int, int, int, int, str, str, tuple, dict, bool]
        assert {type(p) for p in s.probabilities.values()} == {float}
        assert tuple(s.probabilities) == model.types

    def test_a_labelled_sentence_does_not_change(self, model):
        with pytest.raises(dataclasses.FrozenInstanceError):
            next(model.label("Rockets hit.")).type = "none"

    def test_texts_are_read_as_the_result_is_consumed(self, model):
        read = []

        def texts():
            for i in range(5 * LABEL_BATCH):
                read.append(i)
                yield "Rockets hit the port."

        found = model.label(texts())
        assert read == []
        next(found)
        assert 0 < len(read) <= LABEL_BATCH
        for _ in range(LABEL_BATCH):
            next(found)
        assert len(read) <= 2 * LABEL_BATCH

    def test_an_endless_stream_is_labelled_as_it_comes(self, model):
        found = model.label("Talks." for _ in iter(int, 1))
        assert [next(found).document for _ in range(3)] == [0, 1, 2]

    def test_batches_do_not_show(self, model):
        texts = ["Rockets hit the port. Talks resume."] * (LABEL_BATCH + 3)
        found = list(model.label(texts))
        assert [(s.document, s.sentence) for s in found] == [(i, j) for i in range(LABEL_BATCH + 3) for j in (0, 1)]
        assert len({tuple(s.probabilities.values()) for s in found}) == 2

    def test_bytes_are_refused(self, model):
        with pytest.raises(TypeError, match="texts is bytes; decode it first"):
            list(model.label(b"Rockets hit."))

    def test_something_that_is_no_text_is_named(self, model):
        with pytest.raises(TypeError, match="text 1 is of type NoneType"):
            list(model.label(["Rockets hit.", None]))

    @pytest.mark.parametrize("texts", [None, 5], ids=repr)
    def test_something_that_is_no_iterable_is_refused(self, model, texts):
        with pytest.raises(TypeError, match="not iterable"):
            list(model.label(texts))


#: Raw scores are the words' weights: every sentence of `hand` has one token.
WORDS = {
    "all": (logit(0.7), logit(0.9), logit(0.8)),
    "tie": (logit(0.3), logit(0.8), logit(0.8)),
    "third": (logit(0.45), logit(0.1), logit(0.35)),
    "nothing": (logit(0.45), logit(0.1), logit(0.1)),
}


@pytest.fixture(scope="module")
def hand() -> Model:
    return small_model(WORDS, [0.5, 0.5, 0.3])


class TestType:
    @pytest.mark.parametrize(
        ("word", "type_", "types"),
        [
            ("all", "second", ("first", "second", "third")),
            ("tie", "second", ("second", "third")),
            # The first type is more probable, but does not reach its threshold.
            ("third", "third", ("third",)),
            ("nothing", "none", ()),
        ],
    )
    def test_the_most_probable_of_the_types_that_pass(self, hand, word, type_, types):
        (s,) = hand.label(word)
        assert (s.type, s.types) == (type_, types)

    def test_in_a_batch_each_sentence_has_its_own(self, hand):
        assert [s.type for s in hand.label(["nothing", "all", "third"])] == ["none", "second", "third"]

    def test_one_type_alone(self):
        one = small_model({"yes": (2.0,), "no": (-2.0,)}, [0.5])
        assert [(s.type, s.types) for s in one.label(["yes", "no"])] == [("first", ("first",)), ("none", ())]


class TestReview:
    @pytest.mark.parametrize(
        ("first", "second", "review"),
        [
            (0.9, 0.1, False),
            (0.9, 0.55, True),
            (0.41, 0.1, True),
            (0.39, 0.1, False),
            (0.59, 0.9, True),
            (0.61, 0.9, False),
        ],
    )
    def test_a_probability_near_its_threshold_asks_for_review(self, first, second, review):
        near = small_model({"word": (logit(first), logit(second))}, [0.5, 0.5])
        (s,) = near.label("word")
        assert s.review is review

    def test_the_band_is_the_manifests(self):
        words = {"word": (logit(0.55),)}
        wide = small_model(words, [0.5], review_band=0.06)
        narrow = small_model(words, [0.5], review_band=0.04)
        assert [next(m.label("word")).review for m in (wide, narrow)] == [True, False]

    def test_each_type_has_its_own_threshold(self):
        (s,) = small_model({"word": (logit(0.55), logit(0.55))}, [0.9, 0.1]).label("word")
        assert s.review is False

    def test_a_band_of_nothing_marks_nothing(self):
        (s,) = small_model({"word": (0.0,)}, [0.5], review_band=0).label("word")
        assert s.review is False


#: Two classes that have a title; "bell" is of one that nothing is told about.
GLOSSED = Lexicon(
    {"killed": "kill", "shot": "kill?", "two": "number", "we": "we", "by": "itself", "bell": "loud_thing"}
    | {"number": "itself"},
    {
        "kill": CueClass("killing", key=True),
        "number": CueClass("number"),
        "we": CueClass("I, we", ("first_person",)),
    },
)

#: Block, term, a sentence that has it, and what it means.
MEANINGS = [
    ("cue", "KILL", "killed", "killing"),
    ("cue", "KILL?", "shot", "killing?"),
    ("cue", "NUMBER", "7", "number"),
    ("cue", "by", "by", "“by”"),
    # A word that is its own class, though another class is called so.
    ("cue", "number", "number", "“number”"),
    ("cue", ",", "by,", "“,”"),
    ("cue", "?", "by?", "“?”"),
    ("cue", "OTHER", "rain", "a word of no class"),
    ("cue", "NAME", "Velde", "a name"),
    ("cue", "YEAR", "1999", "a year"),
    ("cue", "PERCENT", "7%", "per cent"),
    ("cue", "<Q", "“by", "opening quotation mark"),
    ("cue", "Q>", "by”", "closing quotation mark"),
    ("cue", "Q", "“ by", "quotation mark"),
    ("cue", "^", "", "start"),
    ("cue", "$", "", "end"),
    ("cue", "^ NUMBER KILL", "two killed", "start, then number, then killing"),
    ("cue", "KILL by", "killed by", "killing, then “by”"),
    ("cue", "LOUD_THING", "bell", "“loud_thing”"),
    ("near", "NUMBER … KILL", "two of those killed", "number … killing"),
    ("near", "KILL? … NAME", "shot in Velde", "killing? … a name"),
]


class TestExplain:
    @pytest.mark.parametrize("index", range(len(SENTENCES)))
    def test_it_adds_up_to_the_raw_score(self, model, index):
        explained = model.explain(SENTENCES, index)
        assert [e.type for e in explained] == list(model.types)
        scores = model.decision_function(SENTENCES)[index]
        probabilities = model.predict_proba(SENTENCES)[index]
        for e, score, probability in zip(explained, scores, probabilities, strict=True):
            assert e.intercept + sum(c.value for c in e.contributions) == pytest.approx(score, abs=1e-9)
            assert (e.score, e.probability) == (score, probability)
            assert e.threshold == model.thresholds[e.type]

    @settings(max_examples=60, deadline=None)
    @given(text=st.text(alphabet=st.characters(exclude_categories=()), max_size=80))
    def test_for_any_text(self, model, text):
        scores = model.decision_function([text])[0]
        for e, score in zip(model.explain([text]), scores, strict=True):
            assert e.intercept + sum(c.value for c in e.contributions) == pytest.approx(score, abs=1e-9)

    @pytest.mark.parametrize("document", [DOCUMENT, SENTENCES, ["Two rockets hit the market."], [""], []])
    def test_a_document_at_once_is_explained_as_sentence_by_sentence(self, model, document):
        explained = list(model.explain_document(iter(document)))
        ids = ["x"] * len(document)
        assert explained == [model.explain(document, i, document_ids=ids) for i in range(len(document))]

    @pytest.mark.parametrize(
        ("wrong", "message"), [("Rockets hit.", "is one str"), ([b"Rockets hit."], "every sentence")]
    )
    def test_a_document_is_a_list_of_sentences(self, model, wrong, message):
        with pytest.raises(TypeError, match=message):
            next(model.explain_document(wrong))

    def test_by_hand(self):
        hand = small_model({"bell": (1.5, -3.0), "rings": (2.0, 0.5)}, [0.5, 0.5])
        first, second = hand.explain(["Bell, bell rings! Loud"])
        shown = [(c.block, c.term, c.count, c.value) for c in first.contributions]
        assert shown == [("word", "bell", 2, 1.5), ("word", "rings", 1, 1.0)]
        assert [c.value for c in second.contributions] == [-3.0, 0.25]
        assert (first.score, first.intercept) == (2.5, 0.0)

    def test_ngrams_are_added_up_by_token(self):
        # "be" and "l" with a mark behind: 1 + 2 for "Bell," and 1 for each "bell"; four tokens.
        hand = small_model({}, [0.5, 0.5], chars={"be": (1.0, -4.0), "l,": (2.0, 0.0), "xy": (8.0, 8.0)})
        first, second = hand.explain(["Bell, Bell bell rings"])
        assert [(c.block, c.term, c.count, c.value) for c in first.contributions] == [
            ("char", "bell,", 1, 1.5),
            ("char", "bell", 2, 1.0),
        ]
        assert [(c.term, c.value) for c in second.contributions] == [("bell", -4.0), ("bell,", -2.0)]
        assert [first.score, second.score] == [2.5, -6.0]

    def test_an_ngram_counts_as_often_as_it_stands_in_a_token(self):
        hand = small_model({}, [0.5], chars={"lu": (1.0,), "ul": (2.0,), "lul": (4.0,), " l": (8.0,)})
        ((only,),) = (e.contributions for e in hand.explain(["Lulu"]))
        assert (only.term, only.count, only.value) == ("lulu", 1, 2 * 1 + 2 + 4 + 8)

    def test_digits_are_shown_as_they_stand(self):
        # As n-grams they are all 0.
        hand = small_model({}, [0.5], chars={"00": (1.0,)})
        (only,) = hand.explain(["47 19 47 rockets"])
        assert [(c.term, c.count, c.value) for c in only.contributions] == [("47", 2, 1.0), ("19", 1, 0.5)]

    def test_tokens_without_a_known_ngram_are_left_out(self):
        hand = small_model({"bell": (1.0,)}, [0.5], chars={"xy": (1.0,)})
        (only,) = hand.explain(["bell"])
        assert [(c.block, c.term) for c in only.contributions] == [("word", "bell")]

    @pytest.mark.parametrize(("block", "term", "sentence", "meaning"), MEANINGS)
    def test_what_a_term_means_in_words(self, block, term, sentence, meaning):
        # A run or a near pair needs its parts in the vocabulary, a run of three its first two together as well.
        parts = {symbol: (0.25,) for symbol in re.split(" … | ", term)} if block in ("cue", "near") else {}
        if block == "cue" and term.count(" ") == 2:
            parts[term.rpartition(" ")[0]] = (0.25,)
        cues = {**parts, **({term: (0.25,)} if block == "cue" else {})}
        near = {term: (1.0,)} if block == "near" else {}
        (only,) = small_model({}, [0.5], None, GLOSSED, cues=cues, near=near).explain([sentence])
        assert {(c.block, c.term): c.meaning for c in only.contributions}[block, term] == meaning

    def test_what_words_spellings_and_context_mean(self):
        hand = small_model(
            {"we": (8.0,), "left": (4.0,), "we left": (2.0,)},
            [0.5],
            {"first person=True": (16.0,), "speaker=none, last speaker=none": (0.5,)},
            GLOSSED,
            chars={"lef": (1.0,)},
        )
        (only,) = hand.explain(["We left.", "It rained."], document_ids=["a", "a"])
        assert {c.meaning for c in only.contributions} == {
            *("“we”", "“left”", "“we left”", "“left.”"),
            *("first person: True", "speaker: none, last speaker: none"),
        }

    def test_the_shipped_model_has_words_for_every_cue(self, model):
        symbols = {name.upper() for name in load_lexicon().classes}
        for i in range(len(DOCUMENT)):
            (first, *_) = model.explain(DOCUMENT, i, document_ids=["it"] * len(DOCUMENT))
            meanings = [c.meaning for c in first.contributions if c.block in ("cue", "near")]
            assert len(meanings) > 10
            assert [m for m in meanings if symbols & set(re.findall(r"[A-Z_]{2,}", m))] == []

    def test_largest_first_whatever_the_sign(self, model):
        for e in model.explain(SENTENCES, 0):
            sizes = [abs(c.value) for c in e.contributions]
            assert len(sizes) > 10
            assert sizes == sorted(sizes, reverse=True)

    def test_each_term_stands_once(self, model):
        (first, *_) = model.explain(["Rockets, rockets and rockets."])
        names = [(c.block, c.term) for c in first.contributions]
        assert len(set(names)) == len(names)
        assert {c.block for c in first.contributions} == {"word", "char", "cue", "near"}

    @pytest.mark.parametrize("index", range(-len(DOCUMENT), len(DOCUMENT)))
    def test_with_its_document_it_adds_up_too(self, model, index):
        sentences = [*SENTENCES, *DOCUMENT, *SENTENCES]
        ids = ["before"] * 7 + ["it"] * len(DOCUMENT) + ["after"] * 7
        at = index + 7 if index >= 0 else index - 7
        scores = model.decision_function(sentences, document_ids=ids)[at]
        probabilities = model.predict_proba(sentences, document_ids=ids)[at]
        explained = model.explain(sentences, at, document_ids=ids)
        for e, score, probability in zip(explained, scores, probabilities, strict=True):
            assert e.intercept + sum(c.value for c in e.contributions) == pytest.approx(score, abs=1e-9)
            assert (e.score, e.probability) == (score, probability)
            assert "context" in {c.block for c in e.contributions}
        # What stands in other documents has no say, wherever the sentence stands.
        assert explained == model.explain(DOCUMENT, index, document_ids=["it"] * len(DOCUMENT))

    def test_without_its_document_there_is_no_context(self, model):
        for e in model.explain(DOCUMENT, 1):
            assert "context" not in {c.block for c in e.contributions}

    @settings(max_examples=40, deadline=None)
    @given(texts=st.lists(st.text(alphabet=st.characters(exclude_categories=()), max_size=40), min_size=2, max_size=4))
    def test_for_any_document(self, model, texts):
        ids = ["it"] * len(texts)
        for index, scores in enumerate(model.decision_function(texts, document_ids=ids)):
            for e, score in zip(model.explain(texts, index, document_ids=ids), scores, strict=True):
                assert e.intercept + sum(c.value for c in e.contributions) == pytest.approx(score, abs=1e-9)

    def test_context_by_hand(self):
        # "first person=True" holds for the second sentence alone; it is not divided by the root of the length.
        lexicon = Lexicon({"we": "we"}, {"we": CueClass("I, we", ("first_person",))})
        hand = small_model({"bell": (1.5, -3.0)}, [0.5, 0.5], {"first person=True": (0.25, 0.0)}, lexicon)
        texts = ["Bell.", "We heard a bell"]
        alone, _ = hand.explain(texts, 1)
        assert [(c.block, c.term, c.count, c.value) for c in alone.contributions] == [("word", "bell", 1, 0.75)]
        first, second = hand.explain(texts, 1, document_ids=["a", "a"])
        assert [(c.block, c.term, c.count, c.value) for c in first.contributions] == [
            ("word", "bell", 1, 0.75),
            ("context", "first person=True", 1, 0.25),
        ]
        assert [e.score for e in (first, second)] == [1.0, -1.5]
        assert hand.decision_function(texts, document_ids=["a", "a"]).tolist() == [[1.5, -3.0], [1.0, -1.5]]

    def test_an_id_that_equals_nothing_stands_alone(self, model):
        # Missing ids come as nan from tables.
        ids = [float("nan"), float("nan"), "a"]
        assert model.explain(SENTENCES[:3], 1, document_ids=ids) == model.explain(SENTENCES[:3], 1)

    def test_the_index_counts_from_either_end(self, model):
        assert model.explain(SENTENCES, -7) == model.explain(SENTENCES, 0) == model.explain(SENTENCES)

    @pytest.mark.parametrize("index", [7, -8, 100])
    def test_an_index_outside_is_refused(self, model, index):
        with pytest.raises(IndexError, match=f"index {index} of 7 sentences"):
            model.explain(SENTENCES, index)

    def test_there_is_nothing_to_explain_in_no_sentences(self, model):
        with pytest.raises(IndexError, match="of 0 sentences"):
            model.explain([])


class TestDefault:
    def test_it_is_made_from_the_shipped_corpus_lexicon_and_settings(self, model):
        assert model.manifest["training"]["recipe"] == recipe_hash(load_seeds()), (
            "the default model is stale: corpus, lexicon or settings have changed since it was made; run `make model`"
        )

    def test_its_file_is_small(self):
        size = len(package_files("wiredesk.models").joinpath("default.wiredesk").read_bytes())
        assert 100_000 < size <= 4_000_000

    def test_it_has_no_more_terms_than_planned(self, model):
        assert 10_000 < model.n_features <= 160_000

    def test_it_fits_the_corpus_it_was_made_from(self, model):
        records = load_seeds()[::20]
        predicted = model.predict([record.text for record in records])
        labelled = np.array([[name in (record.labels or ()) for name in model.types] for record in records])
        assert (predicted == labelled).mean() > 0.95

    def test_the_features_are_of_this_version(self, model):
        assert model.manifest["featurizer"]["version"] == FEATURIZER_VERSION


class TestAdjusted:
    def test_thresholds_are_replaced_by_name(self, model):
        changed = model.with_thresholds({"casualty_figure": 0.9})
        assert changed.thresholds == {**model.thresholds, "casualty_figure": 0.9}
        assert changed.predict_proba(SENTENCES) == pytest.approx(model.predict_proba(SENTENCES))
        assert changed.hash != model.hash

    def test_the_model_itself_stays(self, model):
        before = model.thresholds
        model.with_thresholds({"casualty_figure": 0.9})
        assert model.thresholds == before

    def test_a_prior_multiplies_the_odds(self, model):
        trained = dict(zip(model.types, model.manifest["calibration"]["prior"], strict=True))["attack_report"]
        changed = model.with_priors({"attack_report": 0.5})
        odds = [p[:, 0] / (1 - p[:, 0]) for p in (model.predict_proba(SENTENCES), changed.predict_proba(SENTENCES))]
        assert odds[1] / odds[0] == pytest.approx(np.full(len(SENTENCES), (1 - trained) / trained))
        assert changed.predict_proba(SENTENCES)[:, 1:] == pytest.approx(model.predict_proba(SENTENCES)[:, 1:])

    def test_a_prior_of_the_training_changes_nothing(self, model):
        priors = dict(zip(model.types, model.manifest["calibration"]["prior"], strict=True))
        assert model.with_priors(priors).predict_proba(SENTENCES) == pytest.approx(model.predict_proba(SENTENCES))

    def test_priors_add_up(self, model):
        twice = model.with_priors({"attack_report": 0.5}).with_priors({"attack_report": 0.1})
        once = model.with_priors({"attack_report": 0.1})
        assert twice.predict_proba(SENTENCES) == pytest.approx(once.predict_proba(SENTENCES))

    def test_an_adjusted_model_can_be_saved_and_loaded(self, model, tmp_path):
        changed = model.with_priors({"attack_report": 0.1}).with_thresholds({"official_quote": 0.2})
        changed.save(tmp_path / "m.wiredesk")
        loaded = load_model(tmp_path / "m.wiredesk")
        assert loaded.hash == changed.hash
        assert loaded.predict_proba(SENTENCES) == pytest.approx(changed.predict_proba(SENTENCES))

    @pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
    def test_values_outside_0_to_1_are_refused(self, model, value):
        with pytest.raises(ValueError, match="threshold of attack_report is .*; give a number from 0 to 1"):
            model.with_thresholds({"attack_report": value})

    @pytest.mark.parametrize("value", [0.0, 1.0])
    def test_a_prior_of_none_or_all_is_refused(self, model, value):
        with pytest.raises(ValueError, match="share of attack_report is"):
            model.with_priors({"attack_report": value})

    def test_another_type_is_refused(self, model):
        with pytest.raises(ValueError, match="threshold for 'attack'; the model's types are attack_report, official"):
            model.with_thresholds({"attack": 0.5})


class TestEvaluations:
    def test_scores_are_added_and_the_model_stays(self, model, monkeypatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
        before = len(model.manifest.get("evaluations", []))
        told = model.with_evaluation("wire", {"sentences": 3}, about="three sentences")
        assert told.hash == model.hash
        assert len(model.manifest.get("evaluations", [])) == before
        assert told.manifest["evaluations"][before:] == [
            {"name": "wire", "about": "three sentences", "created": "1970-01-02", "dataset": {"sentences": 3}}
        ]

    def test_scores_of_the_same_name_are_replaced(self, model):
        once = model.with_evaluation("wire", {"sentences": 3}).with_evaluation("radio", {})
        twice = once.with_evaluation("wire", {"sentences": 4})
        found = {told["name"]: told["dataset"] for told in twice.manifest["evaluations"]}
        assert (found["wire"], found["radio"]) == ({"sentences": 4}, {})
        assert len(twice.manifest["evaluations"]) == len(once.manifest["evaluations"])

    def test_they_survive_the_file(self, model, tmp_path):
        model.with_evaluation("wire", {"sentences": 3}).save(tmp_path / "m.wiredesk")
        assert load_model(tmp_path / "m.wiredesk").manifest["evaluations"][-1]["dataset"] == {"sentences": 3}


def test_a_model_of_too_many_topics_is_refused():
    crowded = Lexicon({"wheat": "crops"}, {"crops": CueClass("crops", tuple(f"topic{i}" for i in range(51)))})
    with pytest.raises(ModelFileError, match="the lexicon has 51 topics; there can be 50"):
        small_model({"wheat": (1.0,)}, [0.5], None, crowded)


def test_a_date_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ValueError, match="SOURCE_DATE_EPOCH is 'yesterday'; it is a date in whole seconds since 1970"):
        today()
