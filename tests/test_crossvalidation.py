"""Predictions by models that have not seen the sentence's document."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from wiredesk.eval import Predictions, score_predictions
from wiredesk.models import SentenceClassifier
from wiredesk.seeds import Record, RecordError, document_ids
from wiredesk.training import cross_validate, cross_validation_report, train
from wiredesk.training.dataset import make_dataset
from wiredesk.training.thresholds import OutOfFold, judge_folds

FLOOD, ROAD = "flood_warning", "road_closure"
SENTENCES = {
    (FLOOD,): ("The river may burst its banks at {}.", "A flood warning is in force for {}."),
    (ROAD,): ("The road to {} is closed.", "Route nine is shut near {}."),
    (FLOOD, ROAD): ("The flood closed the bridge at {}.",),
    (): ("The museum of {} opens at ten.", "The choir of {} sings on Sunday."),
}
PLACES = ("Belm", "Tarn", "Selm", "Dorn", "Hald", "Vik")
RECORDS = [
    Record(text.format(place), labels, document=place)
    for place in PLACES
    for labels, texts in SENTENCES.items()
    for text in texts
]
BACKGROUND = [replace(record, text=f"Elsewhere: {record.text}", document=f"x-{record.document}") for record in RECORDS]
FOLDS = 3


@pytest.fixture(scope="module")
def judged() -> tuple[Predictions, np.ndarray]:
    return cross_validate(RECORDS, folds=FOLDS)


def same(one: tuple[Predictions, np.ndarray], other: tuple[Predictions, np.ndarray]) -> bool:
    """Whether two cross-validations agree in every byte."""
    names = ("thresholds", "y", "probabilities", "predicted", "units")
    arrays = [(getattr(one[0], name), getattr(other[0], name)) for name in names]
    return one[0].records == other[0].records and all(np.array_equal(a, b) for a, b in (*arrays, (one[1], other[1])))


class TestPredictions:
    def test_every_labelled_sentence_once_and_in_order(self, judged):
        predictions, fold = judged
        assert [record.text for record in predictions.records] == [record.text for record in RECORDS]
        assert predictions.types == (FLOOD, ROAD)
        assert predictions.y.tolist() == [[name in record.labels for name in (FLOOD, ROAD)] for record in RECORDS]
        assert predictions.probabilities.shape == predictions.predicted.shape == (len(RECORDS), 2)
        assert ((predictions.probabilities > 0) & (predictions.probabilities < 1)).all()
        assert fold.shape == (len(RECORDS),)

    def test_they_are_what_training_reports(self, judged):
        reported = cross_validation_report(train(RECORDS, folds=FOLDS))
        assert score_predictions(judged[0]).to_dict() == reported.to_dict()

    def test_the_folds_are_those_of_the_data_set(self, judged):
        assert judged[1].tolist() == make_dataset(RECORDS).folds(FOLDS).tolist()
        assert set(judged[1].tolist()) == {0, 1, 2}

    def test_documents_are_never_parted(self, judged):
        for place in PLACES:
            rows = [record.document == place for record in judged[0].records]
            assert len(set(judged[1][rows].tolist())) == 1
            assert len(set(judged[0].units[rows].tolist())) == 1

    def test_scores_come_from_a_classifier_of_the_other_folds(self, judged):
        predictions, fold = judged
        X = np.array([(r.text, d) for r, d in zip(RECORDS, document_ids(RECORDS), strict=True)], dtype=object)
        for k in range(FOLDS):
            part = fold == k
            classifier = SentenceClassifier().fit(X[~part], predictions.y[~part].astype(int))
            raw = classifier.decision_function(X[part])
            # Calibrated: another scale, the same order.
            for j in range(2):
                p = predictions.probabilities[part, j]
                assert np.corrcoef(raw[:, j], np.log(p / (1 - p)))[0, 1] == pytest.approx(1, abs=1e-9)

    def test_another_seed_is_another_split(self, judged):
        assert cross_validate(RECORDS, folds=FOLDS, seed=1)[1].tolist() != judged[1].tolist()

    def test_given_types_keep_their_order(self, judged):
        predictions, _ = cross_validate(RECORDS, types=[ROAD, FLOOD], folds=FOLDS)
        assert predictions.types == (ROAD, FLOOD)
        assert np.array_equal(predictions.y, judged[0].y[:, ::-1])

    def test_a_target_moves_the_thresholds(self, judged):
        predictions, fold = cross_validate(RECORDS, folds=FOLDS, target={"recall": 1.0})
        assert np.array_equal(predictions.probabilities, judged[0].probabilities)
        assert np.array_equal(fold, judged[1])
        reported = cross_validation_report(train(RECORDS, folds=FOLDS, target={"recall": 1.0}))
        assert score_predictions(predictions).to_dict() == reported.to_dict()

    @pytest.mark.parametrize("n_jobs", [1, 2])
    def test_any_number_of_processes_gives_the_same(self, judged, n_jobs):
        assert same(cross_validate(RECORDS, folds=FOLDS, n_jobs=n_jobs), judged)

    def test_mappings_from_an_iterator(self, judged):
        rows = ({"text": r.text, "labels": list(r.labels), "document": r.document} for r in RECORDS)
        predictions, fold = cross_validate(rows, folds=FOLDS)
        assert np.array_equal(predictions.probabilities, judged[0].probabilities)
        assert np.array_equal(fold, judged[1])

    def test_the_majority_of_annotators_counts(self, judged):
        annotated = [
            replace(record, annotator=name, labels=labels)
            for record in RECORDS
            for name, labels in (("x", record.labels), ("y", record.labels), ("z", ()))
        ]
        predictions, fold = cross_validate(annotated, folds=FOLDS)
        assert np.array_equal(predictions.probabilities, judged[0].probabilities)
        assert np.array_equal(fold, judged[1])

    def test_each_fit_is_told(self):
        told = []
        cross_validate(RECORDS, folds=FOLDS, on_progress=lambda done, total: told.append((done, total)))
        # One per fold; none on everything.
        assert told == [(1, 3), (2, 3), (3, 3)]


class TestUnlabelled:
    def test_sentences_without_labels_are_not_judged(self):
        records = []
        for record in RECORDS:
            records += [record, replace(record, text="Nobody has read this one.", labels=None)]
        predictions, fold = cross_validate(records, folds=FOLDS)
        assert [record.text for record in predictions.records] == [record.text for record in RECORDS]
        assert len(fold) == len(RECORDS)
        reported = cross_validation_report(train(records, folds=FOLDS))
        assert score_predictions(predictions).to_dict() == reported.to_dict()


class TestBackground:
    def test_it_is_learnt_from_and_not_judged(self):
        predictions, fold = cross_validate(RECORDS, background=BACKGROUND, folds=FOLDS)
        assert [record.text for record in predictions.records] == [record.text for record in RECORDS]
        assert (len(fold), score_predictions(predictions).documents) == (len(RECORDS), len(PLACES))
        reported = cross_validation_report(train(RECORDS, background=BACKGROUND, folds=FOLDS))
        assert score_predictions(predictions).to_dict() == reported.to_dict()

    def test_it_changes_the_probabilities(self, judged):
        predictions, _ = cross_validate(RECORDS, background=BACKGROUND, folds=FOLDS)
        assert not np.allclose(predictions.probabilities, judged[0].probabilities)

    def test_background_without_labels_changes_no_fold_of_one_s_own_documents(self):
        nothing = [Record("Nobody has read this one.", None, document="y")]
        predictions, fold = cross_validate(RECORDS, background=nothing, folds=FOLDS)
        assert len(predictions.records) == len(RECORDS)
        for place in PLACES:
            assert len(set(fold[[record.document == place for record in predictions.records]].tolist())) == 1

    def test_a_document_of_both_is_refused(self):
        with pytest.raises(RecordError, match="comes back"):
            cross_validate(RECORDS, background=RECORDS, folds=FOLDS)

    def test_annotators_of_both_stay_apart(self):
        # The same sentences alone, by one annotator in the background and by another one among one's own.
        known = [Record(record.text, record.labels, annotator="x") for record in RECORDS]
        own = [Record(record.text, record.labels, annotator="y") for record in RECORDS[:21]]
        predictions, _ = cross_validate(own, background=known, folds=FOLDS)
        assert [record.text for record in predictions.records] == [record.text for record in own]

    def test_a_document_of_both_is_refused_whoever_labelled_it(self):
        known, own = ([replace(record, annotator=name) for record in RECORDS] for name in ("x", "y"))
        with pytest.raises(RecordError, match="comes back"):
            cross_validate(own, background=known, folds=FOLDS)

    @pytest.mark.parametrize("own", [[], [Record("Rain.", None)]], ids=["no record", "none labelled"])
    def test_none_of_one_s_own_is_labelled(self, own):
        with pytest.raises(RecordError, match="only records of the background are labelled"):
            cross_validate(own, background=RECORDS, folds=FOLDS)


def out_of_fold(y, scores, fold, is_own=None) -> OutOfFold:
    y, scores, fold = np.array(y, dtype=bool)[:, None], np.array(scores, dtype=float)[:, None], np.array(fold)
    records = [Record(f"Sentence {i}.", ()) for i in range(len(y))]
    own = np.ones(len(y), dtype=bool) if is_own is None else np.array(is_own)
    return OutOfFold(("a",), records, y, scores, fold, np.arange(len(y)), own)


class TestJudgeFolds:
    #: Two folds that are told apart at 0 and at 10.
    Y = np.tile([True, False], 20)
    FOLD = np.repeat([0, 1], 20)
    SCORES = np.where(Y, 1.0, -1.0) + 10 * FOLD

    def test_each_fold_is_judged_by_the_others(self):
        predictions = judge_folds(out_of_fold(self.Y, self.SCORES, self.FOLD), None)
        # What lies about 0 is given nothing by a threshold near 10, what lies about 10 all by one near 0.
        assert predictions.predicted[:, 0].tolist() == [False] * 20 + [True] * 20

    def test_the_thresholds_told_are_the_folds_means(self):
        # In the second fold the scores tell less.
        scores = np.where(self.Y, 1.0, -1.0) + (1 + 3 * self.FOLD) * np.random.default_rng(0).normal(size=40)
        together = judge_folds(out_of_fold(self.Y, scores, self.FOLD), None).thresholds[0]
        alone = [
            judge_folds(out_of_fold(np.tile(self.Y[:20], 2), np.tile(scores[self.FOLD == k], 2), self.FOLD), None)
            for k in (0, 1)
        ]
        first, second = (predictions.thresholds[0] for predictions in alone)
        assert abs(first - second) > 0.01
        assert together == pytest.approx((first + second) / 2)

    def test_sentences_of_a_background_are_left_out(self):
        own = np.arange(40) % 4 < 2
        found = out_of_fold(self.Y, self.SCORES, self.FOLD, own)
        predictions = judge_folds(found, None)
        assert [record.text for record in predictions.records] == [f"Sentence {i}." for i in np.flatnonzero(own)]
        assert predictions.units.tolist() == np.flatnonzero(own).tolist()
        assert predictions.y[:, 0].tolist() == self.Y[own].tolist()


class TestSelect:
    def test_rows_of_everything(self):
        found = out_of_fold([1, 0, 1], [0.1, 0.2, 0.3], [0, 1, 1], [True, False, True])
        selected = found.select(np.array([True, False, True]))
        assert (selected.types, selected.records) == (("a",), [found.records[0], found.records[2]])
        assert [values.tolist() for values in selected[2:]] == [
            [[True], [True]],
            [[0.1], [0.3]],
            [0, 1],
            [0, 2],
            [True, True],
        ]


class TestRefused:
    def test_no_process(self):
        with pytest.raises(RecordError, match="n_jobs is 0; give a number of processes, or -1 for one per core"):
            cross_validate(RECORDS, folds=FOLDS, n_jobs=0)

    @pytest.mark.parametrize(
        "target",
        [{"recall": 0}, {"recall": 1.5}, {"f1": 0.9}, {"recall": 0.9, "precision": 0.9}, {"precision": -0.5}],
        ids=str,
    )
    def test_a_target_that_means_nothing(self, target):
        with pytest.raises(RecordError, match="give a recall or a precision, above 0 and at most 1"):
            cross_validate(RECORDS, folds=FOLDS, target=target)

    def test_a_target_out_of_reach(self):
        alike = [Record("It rains.", record.labels) for record in RECORDS]
        with pytest.raises(RecordError, match=f"^{FLOOD}: no threshold has a precision of 1"):
            cross_validate(alike, folds=2, target={"precision": 1.0})

    def test_too_few_documents(self):
        with pytest.raises(RecordError, match="stand in 6 documents, fewer than the 7 folds"):
            cross_validate(RECORDS, folds=7)

    def test_one_fold(self):
        with pytest.raises(RecordError, match="folds is 1; give at least 2"):
            cross_validate(RECORDS, folds=1)

    @pytest.mark.parametrize("records", [[], [Record("Rain.", None)]], ids=["no record", "none labelled"])
    def test_nothing_to_judge(self, records):
        with pytest.raises(RecordError, match="no record is labelled"):
            cross_validate(records, folds=FOLDS)

    def test_a_label_outside_the_types(self):
        with pytest.raises(RecordError, match=f"label '{ROAD}' is not one of the types {FLOOD}"):
            cross_validate(RECORDS, types=[FLOOD], folds=FOLDS)
