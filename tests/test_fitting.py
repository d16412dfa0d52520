"""Training: from labelled sentences of any types to a model."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import sklearn
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.svm import LinearSVC

import wiredesk
from wiredesk.eval import Report
from wiredesk.features import CueClass, Lexicon, TfidfFeaturizer, analyze, tokenize
from wiredesk.models import Model, SentenceClassifier, load_model
from wiredesk.seeds import Record, RecordError, corpus_hash
from wiredesk.training import cross_validation_report, recipe_hash, train
from wiredesk.training.thresholds import OutOfFold, decide, deciding

FLOOD, ROAD = "flood_warning", "road_closure"

#: Local news, by document: what the river does and which roads are shut.
CORPUS = {
    "belm": [
        ("The river Orla will burst its banks at Belm tonight.", (FLOOD,)),
        ("Route 9 is shut between Belm and Tarn.", (ROAD,)),
        ("The town museum opens at ten.", ()),
    ],
    "tarn": [
        ("A flood warning is in force for the lower Orla.", (FLOOD,)),
        ("The bridge road at Tarn is closed to lorries.", (ROAD,)),
        ("Bakers in Tarn sell rye bread again.", ()),
    ],
    "selm": [
        ("Water levels rise and the river may flood Selm by dawn.", (FLOOD,)),
        ("The choir sings on Sunday.", ()),
        ("Police closed Route 4 because the river may burst its banks.", (FLOOD, ROAD)),
    ],
    "dorn": [
        ("The coast road is shut until Friday.", (ROAD,)),
        ("Residents were told to expect a flood as the Orla rises.", (FLOOD,)),
        ("A new library card costs nothing.", ()),
    ],
    "hald": [
        ("Route 12 is closed in both directions near Hald.", (ROAD,)),
        ("The chess club meets on Monday.", ()),
        ("The flood warning for the river at Hald stays in force.", (FLOOD,)),
    ],
    "vik": [
        ("The mountain road is closed after a rockfall.", (ROAD,)),
        ("The Orla may burst its banks, the weather office warns.", (FLOOD,)),
        ("The school play is sold out.", ()),
    ],
}

RECORDS = [Record(text, labels, document=name) for name, rows in CORPUS.items() for text, labels in rows]
FOLDS = 3


def without(*documents: str) -> list[Record]:
    return [record for record in RECORDS if record.document not in documents]


def relabelled(change) -> list[Record]:
    return [replace(record, labels=change(record.labels)) for record in RECORDS]


def saved(model: Model, folder, name: str) -> bytes:
    model.save(folder / name)
    return (folder / name).read_bytes()


@pytest.fixture(scope="module")
def model() -> Model:
    return train(RECORDS, folds=FOLDS)


class TestModel:
    def test_types_are_those_of_the_data(self, model):
        assert model.types == (FLOOD, ROAD)

    def test_it_labels_unseen_sentences(self, model):
        unseen = ["The river may flood Tarn.", "Route 3 is closed.", "The bakery opens on Sunday."]
        assert [s.types for s in model.label(unseen)] == [(FLOOD,), (ROAD,), ()]

    def test_it_fits_what_it_has_seen(self, model):
        assert [s.types for s in model.label(record.text for record in RECORDS)] == [r.labels for r in RECORDS]

    def test_scores_are_those_of_one_fit_on_all_sentences(self, model):
        texts, documents = [record.text for record in RECORDS], [record.document for record in RECORDS]
        X = np.array(list(zip(texts, documents, strict=True)), dtype=object)
        y = np.array([[FLOOD in record.labels, ROAD in record.labels] for record in RECORDS])
        classifier = SentenceClassifier().fit(X, y)
        in_documents = model.decision_function(texts, document_ids=documents)
        assert np.abs(in_documents - classifier.decision_function(X)).max() < 1e-9
        assert np.abs(model.decision_function(texts) - classifier.decision_function(texts)).max() < 1e-9

    def test_probabilities_and_thresholds_are_usable(self, model):
        probabilities = model.predict_proba([record.text for record in RECORDS] + [""])
        assert np.isfinite(probabilities).all()
        assert ((probabilities >= 0) & (probabilities <= 1)).all()
        assert all(0 < threshold < 1 for threshold in model.thresholds.values())

    def test_more_probable_where_the_type_is_carried(self, model):
        probabilities = model.predict_proba([record.text for record in RECORDS])
        for column, name in enumerate(model.types):
            carries = np.array([name in record.labels for record in RECORDS])
            assert probabilities[carries, column].min() > probabilities[~carries, column].max()

    def test_it_survives_the_file(self, model, tmp_path):
        model.save(tmp_path / "mine.wiredesk")
        loaded = load_model(tmp_path / "mine.wiredesk")
        texts = [record.text for record in RECORDS]
        assert loaded.predict_proba(texts).tobytes() == model.predict_proba(texts).tobytes()
        assert loaded.manifest == {**model.manifest, "checksums": loaded.manifest["checksums"]}

    def test_given_types_keep_their_order(self):
        turned = train(RECORDS, types=[ROAD, FLOOD], folds=FOLDS)
        assert turned.types == (ROAD, FLOOD)
        assert next(turned.label("Route 3 is closed.")).type == ROAD

    def test_four_types_with_names_of_ones_own(self):
        names = {FLOOD: "вода", ROAD: "Straße gesperrt"}
        records = relabelled(lambda labels: tuple(names[label] for label in labels) or ("other news",))
        # Everything that is not water is "dry".
        records = [replace(r, labels=(*r.labels, *(() if "вода" in r.labels else ("dry",)))) for r in records]
        four = train(records, folds=FOLDS)
        assert four.types == ("Straße gesperrt", "dry", "other news", "вода")
        (s,) = four.label("The choir meets.")
        assert s.types == ("dry", "other news")

    def test_one_type_is_enough(self):
        one = train(relabelled(lambda labels: labels[:1] if labels[:1] == (ROAD,) else ()), folds=FOLDS)
        assert one.types == (ROAD,)

    def test_guideline_types_come_in_the_guidelines_order(self):
        names = {FLOOD: "casualty_figure", ROAD: "attack_report"}
        renamed = train(relabelled(lambda labels: tuple(names[label] for label in labels)), folds=FOLDS)
        assert renamed.types == ("attack_report", "casualty_figure")

    def test_records_may_be_mappings_from_an_iterator(self, model):
        rows = ({"text": r.text, "labels": list(r.labels), "document": r.document} for r in RECORDS)
        assert train(rows, folds=FOLDS).hash == model.hash

    def test_the_front_door_leads_here(self, model):
        assert wiredesk.train(RECORDS, folds=FOLDS).hash == model.hash


class TestReproducible:
    def test_any_number_of_processes_gives_the_same_bytes(self, tmp_path, monkeypatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        one, two = (train(RECORDS, folds=FOLDS, n_jobs=n_jobs) for n_jobs in (1, 2))
        assert one.hash == two.hash
        assert one._arrays.keys() == two._arrays.keys()
        for name, array in one._arrays.items():
            assert array.tobytes() == two._arrays[name].tobytes()
        assert saved(one, tmp_path, "one") == saved(two, tmp_path, "two")

    def test_twice_gives_the_same_bytes(self, model, tmp_path, monkeypatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        first, second = (train(RECORDS, folds=FOLDS) for _ in range(2))
        assert saved(first, tmp_path, "first") == saved(second, tmp_path, "second")
        assert first.hash == model.hash

    def test_the_seed_moves_the_thresholds_not_the_weights(self, model):
        other = train(RECORDS, folds=FOLDS, seed=5)
        assert other._arrays["weights"].tobytes() == model._arrays["weights"].tobytes()
        assert other.manifest["calibration"] != model.manifest["calibration"]

    def test_the_records_stay_as_they_were(self):
        rows = [{"text": r.text, "labels": list(r.labels), "document": r.document} for r in RECORDS]
        before = [{**row, "labels": list(row["labels"])} for row in rows]
        train(rows, folds=FOLDS)
        assert rows == before


class TestUnlabelled:
    def test_alone_in_their_documents_they_leave_the_weights(self, model):
        records = [*RECORDS, Record("Nobody has read this one.", None), Record("Nor this one, flood or not.", None)]
        mixed = train(records, folds=FOLDS)
        assert mixed._arrays["words"].tobytes() == model._arrays["words"].tobytes()
        assert mixed._arrays["weights"].tobytes() == model._arrays["weights"].tobytes()

    def test_they_are_not_scored(self):
        records = []
        for record in RECORDS:
            records += [replace(record, text="Nobody has read this one.", labels=None), record]
        records += [Record("Nor this one, flood or not.", None)] * 20
        mixed = train(records, folds=FOLDS)
        assert (mixed.manifest["training"]["sentences"], mixed.manifest["training"]["units"]) == (18, 6)
        report = cross_validation_report(mixed)
        assert (report.sentences, report.documents) == (18, 6)
        assert {name: s["positives"] for name, s in report.types.items()} == {FLOOD: 7, ROAD: 6}
        assert {name: s["tp"] + s["fn"] for name, s in report.types.items()} == {FLOOD: 7, ROAD: 6}

    def test_they_are_their_neighbours_context(self):
        # Each labelled sentence is the same; what stands before it tells them apart.
        records = []
        for i in range(12):
            spoken = "The mayor said so." if i % 2 else "Snow fell."
            records.append(Record(spoken, None, document=f"d{i}"))
            records.append(Record("Rain fell.", (FLOOD,) if i % 2 else (), document=f"d{i}"))
        taught = train(records, folds=FOLDS)
        ids = ["a", "a", "b", "b"]
        asked = ["The mayor said so.", "Rain fell.", "Snow fell.", "Rain fell."]
        assert taught.predict(asked, document_ids=ids)[1::2].ravel().tolist() == [True, False]
        assert taught.manifest["training"]["sentences"] == 12
        report = cross_validation_report(taught)
        assert (report.sentences, report.types[FLOOD]["tp"], report.types[FLOOD]["fp"]) == (12, 6, 0)

    def test_they_add_no_document_to_those_that_carry_a_type(self):
        records = [*RECORDS, Record("Nobody has read this one.", None, document="unread")]
        with pytest.raises(RecordError, match="stand in 6 documents, fewer than the 7 folds"):
            train(records, folds=7)

    def test_they_join_the_documents_of_a_group(self):
        # An unlabelled sentence that is in a document and in a group puts both into one unit.
        records = []
        for record in RECORDS:
            records.append(record)
            if record.text.startswith(("The town museum", "The school play")):
                records.append(replace(record, text="Unread.", labels=None, group="g"))
        assert train(records, folds=FOLDS).manifest["training"]["units"] == 5

    def test_none_labelled_is_refused(self):
        with pytest.raises(RecordError, match="no record is labelled, so there is nothing to train on"):
            train(relabelled(lambda labels: None), folds=FOLDS)

    def test_no_record_is_refused(self):
        with pytest.raises(RecordError, match="no record is labelled"):
            train([])


class TestRefused:
    @pytest.mark.parametrize("folds", [1, 0, -1])
    def test_less_than_two_folds(self, folds):
        with pytest.raises(RecordError, match=f"folds is {folds}; give at least 2"):
            train(RECORDS, folds=folds)

    def test_no_type_in_the_data(self):
        with pytest.raises(RecordError, match="no record carries a type"):
            train(relabelled(lambda labels: ()), folds=FOLDS)

    def test_no_type_asked_for(self):
        with pytest.raises(RecordError, match="no record carries a type|no type"):
            train(RECORDS, types=[], folds=FOLDS)

    @pytest.mark.parametrize("name", ["none", "a;b", ";", "", " ", "\t"], ids=repr)
    def test_reserved_names(self, name):
        with pytest.raises(RecordError, match="'none', ';', blanks and control characters cannot be used"):
            train(RECORDS, types=[FLOOD, ROAD, name], folds=FOLDS)

    def test_a_reserved_name_among_the_labels(self):
        with pytest.raises(RecordError, match="'none'"):
            train(relabelled(lambda labels: labels or ("none",)), folds=FOLDS)

    def test_a_type_twice(self):
        with pytest.raises(RecordError, match="name one twice"):
            train(RECORDS, types=[FLOOD, ROAD, FLOOD], folds=FOLDS)

    def test_types_as_one_string(self):
        with pytest.raises((RecordError, TypeError)):
            train(RECORDS, types=FLOOD, folds=FOLDS)

    def test_a_label_outside_the_types(self):
        records = [replace(record, origin=f"local.jsonl:{i}") for i, record in enumerate(RECORDS, 1)]
        # The second sentence is the first that carries it.
        with pytest.raises(RecordError, match=rf"local.jsonl:2: label '{ROAD}' is not one of the types {FLOOD}; "):
            train(records, types=[FLOOD], folds=FOLDS)

    def test_a_label_outside_the_types_in_records_made_by_hand(self):
        # They have no origin, so the message has to count.
        with pytest.raises(RecordError, match=rf"^record 1: label '{ROAD}' is not one of the types"):
            train(RECORDS, types=[FLOOD], folds=FOLDS)

    def test_a_document_that_comes_back(self):
        records = [*RECORDS, replace(RECORDS[0], text="More news from Belm.", origin="local.jsonl:19")]
        with pytest.raises(RecordError, match="local.jsonl:19: document 'belm' comes back"):
            train(records, folds=FOLDS)

    def test_a_document_that_comes_back_after_an_unlabelled_one(self):
        records = [Record("The Orla rises.", (FLOOD,), document="belm"), Record("Ad.", None, document="ad"), *RECORDS]
        with pytest.raises(RecordError, match="document 'belm' comes back"):
            train(records, folds=FOLDS)

    def test_a_record_that_is_none(self):
        with pytest.raises(RecordError, match="record 1: a str"):
            train([RECORDS[0], "A flood."])
        with pytest.raises(TypeError, match="records is one str"):
            train("local.jsonl")

    def test_too_few_documents_that_carry_a_type(self):
        with pytest.raises(RecordError, match=f"carry '{FLOOD}' stand in 6 documents, fewer than the 7 folds; label"):
            train(RECORDS, folds=7)

    def test_too_few_documents_that_do_not_carry_a_type(self):
        # Only Belm and Tarn have sentences without a label "news".
        records = [replace(r, labels=(*r.labels, "news")) if r.document not in ("belm", "tarn") else r for r in RECORDS]
        with pytest.raises(RecordError, match="do not carry 'news' stand in 2 documents, fewer than the 3 folds"):
            train(records, folds=FOLDS)

    def test_sentences_of_one_document_are_one(self):
        records = [replace(record, document="one") for record in RECORDS]
        with pytest.raises(RecordError, match="stand in 1 documents, fewer than the 3 folds"):
            train(records, folds=FOLDS)

    def test_documents_of_one_group_are_one(self):
        records = [replace(record, group="one") for record in RECORDS]
        with pytest.raises(RecordError, match="stand in 1 documents, fewer than the 3 folds"):
            train(records, folds=FOLDS)

    def test_a_split_that_leaves_one_side_nothing_to_tell_apart(self):
        # Each side has a document that carries the type. Those that do not both join the shorter one.
        sizes = {"long": 10, "short": 1}
        rows = [
            Record(f"The Orla rises, {name} {i}.", (FLOOD,), document=name)
            for name in sizes
            for i in range(sizes[name])
        ]
        rows += [Record(f"The choir of {name} sings.", (), document=name) for name in ("belm", "tarn")]
        with pytest.raises(
            RecordError, match="with 2 folds and this seed, one split leaves no variety of 'flood_warni"
        ):
            train(rows, folds=2)

    def test_a_type_nobody_carries(self):
        with pytest.raises(RecordError, match="carry 'rail_strike' stand in 0 documents"):
            train(RECORDS, types=[FLOOD, ROAD, "rail_strike"], folds=FOLDS)


class TestProgress:
    @pytest.mark.parametrize("n_jobs", [1, 2])
    def test_each_fit_is_told(self, n_jobs):
        told = []
        train(RECORDS, folds=FOLDS, n_jobs=n_jobs, on_progress=lambda done, total: told.append((done, total)))
        # One fit per fold and one on everything.
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def test_an_error_in_the_callers_function_ends_the_training(self):
        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            train(RECORDS, folds=FOLDS, on_progress=stop)


#: What `Recording` classifiers were fitted on and asked about, in order.
SEEN: list[tuple[str, frozenset[str]]] = []


def records_of(counts) -> list[Record]:
    """Know the sentences that counts stand for by their words; no two have the same."""
    words, columns = counts.terms["word"]
    texts = {frozenset(w for token in tokenize(r.text) for w in analyze(token, {}, (1, 1)).words): r for r in RECORDS}
    assert len(texts) == len(RECORDS)
    rows = counts.matrix.tocsc()[:, columns].toarray() > 0
    return [texts[frozenset(w for w in np.array(words)[row] if " " not in w)] for row in rows]


class Recording(SentenceClassifier):
    """Write down which documents are fitted and scored."""

    def fit(self, X, y):
        SEEN.append(("fit", frozenset(r.document for r in records_of(X))))
        return super().fit(X, y)

    def decision_function(self, X):
        SEEN.append(("score", frozenset(r.document for r in records_of(X))))
        return super().decision_function(X)


class Contrary(SentenceClassifier):
    """Score perfectly in the fold that holds the river's first document, and the wrong way round in the other."""

    def fit(self, X, y):
        self.turned_ = "belm" in {r.document for r in records_of(X)}
        return super().fit(X, y)

    def decision_function(self, X):
        y = np.array([[name in record.labels for name in (FLOOD, ROAD)] for record in records_of(X)])
        return np.where(y, 1.0, -1.0) * (-1 if self.turned_ else 1)


class TestCrossValidation:
    @pytest.fixture
    def seen(self):
        SEEN.clear()
        yield SEEN
        SEEN.clear()

    def test_no_document_is_scored_by_a_classifier_that_has_seen_it(self, seen):
        train(RECORDS, classifier=Recording(), folds=FOLDS)
        assert [what for what, _ in seen] == ["fit", "score"] * FOLDS + ["fit"]
        fitted, scored = [d for what, d in seen if what == "fit"], [d for what, d in seen if what == "score"]
        for taught, asked in zip(fitted, scored, strict=False):
            assert not taught & asked
            assert taught | asked == CORPUS.keys()
        assert sum(map(len, scored)) == len(CORPUS)
        assert fitted[-1] == CORPUS.keys()

    def test_documents_of_a_group_are_left_out_together(self, seen):
        together = {"belm": "g", "vik": "g"}
        records = [replace(record, group=together.get(record.document)) for record in RECORDS]
        train(records, classifier=Recording(), folds=FOLDS)
        scored = [documents for what, documents in seen if what == "score"]
        assert all(("belm" in documents) == ("vik" in documents) for documents in scored)

    def test_no_sentence_has_a_say_in_the_threshold_it_is_judged_by(self):
        # Judged by what the other fold shows, every sentence is wrong. A calibration and threshold that knew
        # both folds would give the type to all, and hit every one that carries it.
        report = cross_validation_report(train(RECORDS, classifier=Contrary(), folds=2))
        assert {name: (s["tp"], s["fp"], s["fn"]) for name, s in report.types.items()} == {
            FLOOD: (0, 11, 7),
            ROAD: (0, 12, 6),
        }
        assert report.macro_f1 == 0
        assert report.exact_match == 0

    def test_the_report_counts_every_labelled_sentence_once(self, model):
        report = cross_validation_report(model)
        assert isinstance(report, Report)
        assert (report.sentences, report.documents) == (18, 6)
        assert {name: s["positives"] for name, s in report.types.items()} == {FLOOD: 7, ROAD: 6}
        assert {name: s["tp"] + s["fn"] for name, s in report.types.items()} == {FLOOD: 7, ROAD: 6}

    def test_the_report_survives_the_file(self, model, tmp_path):
        model.save(tmp_path / "mine.wiredesk")
        assert cross_validation_report(load_model(tmp_path / "mine.wiredesk")) == cross_validation_report(model)

    def test_units_are_what_cannot_be_torn_apart(self):
        loose = [Record(r.text, r.labels, group=r.document[0]) for r in RECORDS]
        report = cross_validation_report(train(loose, folds=FOLDS))
        assert (report.sentences, report.documents) == (18, 6)


class TestManifest:
    def test_it_says_what_the_model_was_made_from(self, model):
        training = model.manifest["training"]
        assert (training["sentences"], training["units"], training["folds"], training["seed"]) == (18, 6, 3, 0)
        assert training["corpus"] == corpus_hash(RECORDS)
        assert training["classifier"] == "SentenceClassifier()"
        assert training["recipe"] == recipe_hash(RECORDS, folds=FOLDS)

    def test_it_tells_a_lexicon_of_one_s_own_by_its_hash(self):
        lexicons = [Lexicon({"orla": "river"}, {"river": CueClass(title, (), True)}) for title in ("rivers", "waters")]
        told = [
            train(
                RECORDS,
                classifier=SentenceClassifier(featurizer=TfidfFeaturizer(min_df=1, lexicon=lexicon)),
                folds=FOLDS,
            ).manifest["training"]["classifier"]
            for lexicon in lexicons
        ]
        assert all(
            re.fullmatch(r"SentenceClassifier\(featurizer=TfidfFeaturizer\(min_df=1\)\) with lexicon [0-9a-f]{8}", one)
            for one in told
        )
        assert told[0] != told[1]

    def test_the_classifier_given_is_not_fitted(self):
        classifier = SentenceClassifier(featurizer=TfidfFeaturizer(min_df=1))
        train(RECORDS, classifier=classifier, folds=FOLDS)
        assert not hasattr(classifier, "weights_")
        assert not hasattr(classifier.featurizer, "vocabulary_")

    @pytest.mark.parametrize(
        "estimator",
        [LinearSVC(random_state=0), SGDClassifier(random_state=0), LogisticRegression()],
        ids=lambda estimator: type(estimator).__name__,
    )
    def test_other_linear_estimators_are_calibrated_too(self, estimator):
        model = train(RECORDS, classifier=SentenceClassifier(estimator=estimator), folds=FOLDS)
        texts = [record.text for record in RECORDS]
        assert [s.types for s in model.label(texts)].count(()) < len(texts)
        for column, name in enumerate(model.types):
            carries = np.array([name in record.labels for record in RECORDS])
            probabilities = model.predict_proba(texts)[:, column]
            # The base rate is about a third; probabilities have to say more than that.
            assert probabilities[carries].mean() > 0.5 > probabilities[~carries].mean()


FORMS = {f"word{i}": "speech" for i in range(700)}
CLASSES = {"speech": CueClass("verb of saying", ("speech",), True)}


def with_lexicon(forms: dict[str, str], classes: dict[str, CueClass]) -> SentenceClassifier:
    return SentenceClassifier(featurizer=TfidfFeaturizer(lexicon=Lexicon(forms, classes)))


CHANGES = {
    "a text": {"records": [replace(RECORDS[0], text="The river Orla burst its banks."), *RECORDS[1:]]},
    "a label": {"records": [replace(RECORDS[0], labels=()), *RECORDS[1:]]},
    "a document": {"records": [replace(record, document=f"{record.document}!") for record in RECORDS]},
    "a group": {"records": [replace(RECORDS[0], group="g"), *RECORDS[1:]]},
    "the order": {"records": RECORDS[3:] + RECORDS[:3]},
    "one more": {"records": [*RECORDS, Record("Snow falls.", ())]},
    "one that is not labelled": {"records": [*RECORDS, Record("Snow falls.", None)]},
    "one that is not labelled in a document": {"records": [*RECORDS, Record("Snow falls.", None, document="vik")]},
    "the weight of the ratios": {"classifier": SentenceClassifier(ratio_weight=0.25)},
    "the types": {"types": (ROAD, FLOOD)},
    "the folds": {"folds": 4},
    "the seed": {"seed": 1},
    "the estimator": {"classifier": SentenceClassifier(estimator=LinearSVC())},
    "a setting of the estimator": {"classifier": SentenceClassifier(estimator=LinearSVC(C=2))},
    "a setting of the featurizer": {"classifier": SentenceClassifier(featurizer=TfidfFeaturizer(min_df=3))},
    "the lexicon": {"classifier": with_lexicon(FORMS, CLASSES)},
    "a word in the middle of a long lexicon": {"classifier": with_lexicon({**FORMS, "word350": "attack"}, CLASSES)},
    "a doubt": {"classifier": with_lexicon({**FORMS, "word350": "speech?"}, CLASSES)},
    "a class's title": {"classifier": with_lexicon(FORMS, {"speech": CueClass("saying", ("speech",), True)})},
    "a class's role": {"classifier": with_lexicon(FORMS, {"speech": CueClass("verb of saying", (), True)})},
    "a class's key": {"classifier": with_lexicon(FORMS, {"speech": CueClass("verb of saying", ("speech",))})},
}


class TestRecipe:
    def test_it_is_a_hash(self):
        recipe = recipe_hash(RECORDS)
        assert len(recipe) == 32
        assert set(recipe) <= set("0123456789abcdef")

    def test_whatever_the_model_depends_on_changes_it(self):
        recipes = {
            "nothing": recipe_hash(RECORDS),
            **{name: recipe_hash(**{"records": RECORDS, **change}) for name, change in CHANGES.items()},
        }
        assert len(set(recipes.values())) == len(recipes), recipes

    def test_what_training_does_not_see_leaves_it(self):
        told = [replace(r, origin="local.jsonl:1", source="Belm Post", annotator="a", paragraph=3) for r in RECORDS]
        assert recipe_hash(told) == recipe_hash(RECORDS)

    def test_how_scikit_learn_prints_estimators_leaves_it(self):
        classifier = SentenceClassifier(estimator=LinearSVC())
        before = recipe_hash(RECORDS), recipe_hash(RECORDS, classifier=classifier)
        with sklearn.config_context(print_changed_only=False):
            assert (recipe_hash(RECORDS), recipe_hash(RECORDS, classifier=classifier)) == before

    def test_the_defaults_may_be_written_out(self):
        assert recipe_hash(RECORDS, (FLOOD, ROAD), classifier=SentenceClassifier(), folds=5, seed=0) == recipe_hash(
            RECORDS
        )


class TestTarget:
    def test_thresholds_reach_the_recall_on_out_of_fold_scores(self):
        easy = train(RECORDS, folds=FOLDS, target={"recall": 1.0})
        plain = train(RECORDS, folds=FOLDS)
        assert all(easy.thresholds[name] <= plain.thresholds[name] for name in easy.types)
        assert easy.manifest["training"]["target"] == {"recall": 1.0}

    def test_precision_out_of_reach_names_the_type(self):
        # Every document holds sentences with and without each type, and no text tells them apart.
        alike = [replace(record, text="It rains.") for record in RECORDS]
        with pytest.raises(RecordError, match=f"^{FLOOD}: no threshold has a precision of 1, the best 0"):
            train(alike, folds=2, target={"precision": 1.0})


class TestSelfTraining:
    ARTICLES = (
        "The Orla may flood the quays of Brun tonight. The quays of Brun are full of barges.",
        "Quays may flood, the weather office warns. The road along the quays is closed.",
    )

    def test_words_of_articles_come_in(self):
        taught = train(RECORDS, folds=FOLDS, unlabelled=self.ARTICLES)
        assert taught.manifest["training"]["unlabelled"] == 4
        assert taught.manifest["training"]["sentences"] == len(RECORDS)

    def test_unsure_sentences_change_no_weight(self, monkeypatch):
        monkeypatch.setattr("wiredesk.training.crossvalidation.SURE", 1.1)
        taught = train(RECORDS, folds=FOLDS, unlabelled=self.ARTICLES)
        plain = train(RECORDS, folds=FOLDS)
        texts = [record.text for record in RECORDS]
        assert taught.decision_function(texts) == pytest.approx(plain.decision_function(texts))

    def test_sure_sentences_do(self, monkeypatch):
        monkeypatch.setattr("wiredesk.training.crossvalidation.SURE", 0.5)
        taught = train(RECORDS, folds=FOLDS, unlabelled=self.ARTICLES)
        assert "word=quays" in {f"{c.block}={c.term}" for c in taught.explain(["the quays"])[0].contributions}

    def test_one_string_is_refused(self):
        with pytest.raises(TypeError, match="unlabelled is one str; give a list of articles"):
            train(RECORDS, folds=FOLDS, unlabelled=self.ARTICLES[0])


class TestBackground:
    """Sentences to learn from that have no say in what the model is for."""

    OWN = [replace(record, document=f"own-{record.document}", text=f"Own: {record.text}") for record in RECORDS]

    def test_scores_are_those_of_one_s_own_sentences(self):
        model = train(self.OWN, background=RECORDS, folds=FOLDS)
        report = cross_validation_report(model)
        assert (report.sentences, report.documents) == (18, 6)
        assert {name: s["positives"] for name, s in report.types.items()} == {FLOOD: 7, ROAD: 6}
        training = model.manifest["training"]
        assert (training["sentences"], training["background"]) == (36, 18)
        assert training["background_corpus"] == corpus_hash(RECORDS)

    def test_weights_come_from_both(self):
        both = train(self.OWN, background=RECORDS, folds=FOLDS)
        together = train([*RECORDS, *self.OWN], folds=FOLDS)
        texts = [record.text for record in RECORDS]
        assert np.array_equal(both.decision_function(texts), together.decision_function(texts))
        assert both.manifest["training"]["recipe"] != together.manifest["training"]["recipe"]

    def test_enough_of_one_s_own_decide_alone(self, monkeypatch):
        monkeypatch.setattr("wiredesk.training.thresholds.ENOUGH", 5)
        y = np.array([True] * 5 + [False] * 5 + [True] * 2 + [False] * 8)
        is_own = np.arange(20) < 10
        assert deciding(y, is_own).tolist() == is_own.tolist()
        # One's own are the last ten, of which two carry the type.
        assert deciding(y, ~is_own).all()

    def test_thresholds_are_those_of_one_s_own(self, monkeypatch):
        # Scores of one's own sentences lie 4 higher: a threshold for both would give the type to all of them.
        rng = np.random.default_rng(0)
        y = rng.random(400) < 0.5
        is_own = np.arange(400) < 100
        scores = np.where(y, 1.0, -1.0) + 4.0 * is_own + rng.normal(size=400) * 0.3
        fold = np.arange(400) % 2
        found = OutOfFold(("a",), [], y[:, None], scores[:, None], fold, np.arange(400), is_own)
        [(slope, intercept)], [threshold] = decide(found, None)
        boundary = (np.log(threshold / (1 - threshold)) - intercept) / slope
        assert 3.5 < boundary < 4.5

    def test_a_document_of_both_is_refused(self):
        with pytest.raises(RecordError, match="comes back"):
            train(RECORDS, background=RECORDS, folds=FOLDS)
