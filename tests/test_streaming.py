"""Documents are labelled as they come: batches, and what is counted of them."""

import itertools
import json
import threading
from pathlib import Path

import pytest

from tests.inputs import labelled, write
from wiredesk.features import segment
from wiredesk.models import labelled as labelled_module
from wiredesk.models import load_model
from wiredesk.prediction import Summary, labelled_documents, predict
from wiredesk.readers import Document, Reading
from wiredesk.sources import find_sources

MODEL = load_model()

#: Not without end, so that a test fails and does not hang.
ENDLESS = 5000
ARTICLES = [
    "Two rockets hit the market in Darsa. Six people died, the mayor said.",
    "Rain fell.",
    "The president will meet the opposition on Monday. Snow fell. A drone hit a bridge.",
]


def parted(text):
    return [(start, end, text[start:end]) for start, end in segment(text)]


def endless(counter):
    """Give documents of two sentences, more than anybody should take; how many were taken is counted."""
    for number in range(ENDLESS):
        counter.append(number)
        yield Document(f"d{number}", "Rain fell. Snow fell.", parted("Rain fell. Snow fell."), {"n": number})


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


# Model.label_documents


def test_documents_are_labelled_like_texts():
    found = list(MODEL.label_documents(parted(article) for article in ARTICLES))
    assert [sentence for document in found for sentence in document] == list(MODEL.label(ARTICLES))
    assert [len(document) for document in found] == [2, 1, 3]


def test_empty_documents_keep_their_place():
    found = list(MODEL.label_documents([[], parted(ARTICLES[1]), [], [], parted(ARTICLES[0]), []]))
    assert [len(document) for document in found] == [0, 1, 0, 0, 2, 0]
    assert [(s.document, s.sentence) for document in found for s in document] == [(1, 0), (4, 0), (4, 1)]


def test_no_documents_give_none():
    assert list(MODEL.label_documents([])) == []
    assert list(MODEL.label_documents([[]])) == [[]]


def test_offsets_are_those_given():
    [[sentence]] = MODEL.label_documents([[(700, 710, "Rain fell.")]])
    assert (sentence.start, sentence.end, sentence.text) == (700, 710, "Rain fell.")


@pytest.mark.parametrize("batch", [1, 2, 3, 6, 7])
def test_batches_do_not_show(monkeypatch, batch):
    documents = [parted(ARTICLES[0]), [], parted(ARTICLES[1]), parted(ARTICLES[2]), []]
    expected = list(MODEL.label_documents(documents))
    monkeypatch.setattr(labelled_module, "LABEL_BATCH", batch)
    assert list(MODEL.label_documents(documents)) == expected


@pytest.mark.parametrize(("batch", "taken"), [(1, 1), (2, 1), (3, 2), (8, 4)])
def test_documents_are_taken_a_batch_of_sentences_ahead(monkeypatch, batch, taken):
    monkeypatch.setattr(labelled_module, "LABEL_BATCH", batch)
    counter = []
    found = MODEL.label_documents(document.sentences for document in endless(counter))
    assert counter == []
    next(found)
    assert len(counter) == taken


def test_endless_texts_are_labelled_as_they_come(monkeypatch):
    monkeypatch.setattr(labelled_module, "LABEL_BATCH", 4)
    taken = []

    def texts():
        for number in range(ENDLESS):
            taken.append(number)
            yield "Rain fell. Snow fell."

    found = list(itertools.islice(MODEL.label(texts()), 7))
    assert [(s.document, s.sentence) for s in found] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0)]
    assert len(taken) == 4


# prediction


def test_labelled_document_has_the_names_and_columns_of_its_document(monkeypatch):
    monkeypatch.setattr(labelled_module, "LABEL_BATCH", 3)
    for number, document in enumerate(itertools.islice(labelled_documents(endless([]), MODEL), 10)):
        assert (document.name, document.columns) == (f"d{number}", {"n": number})
        assert [sentence.text for sentence in document.sentences] == ["Rain fell.", "Snow fell."]


def test_documents_without_sentences_are_passed():
    documents = [Document("a", " ", [], {}), Document("b", "Rain.", [(0, 5, "Rain.")], {}), Document("c", "", [], {})]
    assert [(d.name, len(d.sentences)) for d in labelled_documents(documents, MODEL)] == [("a", 0), ("b", 1), ("c", 0)]


def test_summary_counts_what_passes():
    summary = Summary()
    documents = list(summary.follow(labelled(2, 0, 1)))
    assert len(documents) == 3
    assert (summary.documents, summary.sentences, summary.last) == (3, 3, "d2")
    assert summary.types == {"none": 3}


def test_summary_in_a_line(monkeypatch):
    monkeypatch.setattr("time.perf_counter", iter([10.0, 12.0]).__next__)
    summary = Summary()
    summary.documents, summary.sentences = 1, 1234
    summary.types.update({"attack": 1200, "none": 30})
    assert summary.told(["attack", "quote"]) == (
        "1 document, 1,234 sentences in 2.0 s (617 a second): 1,200 attack, 0 quote, 30 none"
    )


def test_summary_of_a_moment_has_no_rate(monkeypatch):
    monkeypatch.setattr("time.perf_counter", iter([10.0, 10.05]).__next__)
    summary = Summary()
    list(summary.follow(labelled(1, 0)))
    assert summary.told([]) == "2 documents, 1 sentence in 0.1 s: 1 none"


def test_outcome_of_a_prediction():
    write("in.jsonl", {"text": ARTICLES[0], "id": "a"}, "oops", {"text": ARTICLES[1], "id": "b"})
    outcome = predict(find_sources(["in.jsonl"]), Reading(), MODEL, "jsonl", "out.jsonl")
    assert (outcome.rejected, outcome.stopped, outcome.message) == (1, 0, "")
    assert (outcome.summary.documents, outcome.summary.sentences, outcome.summary.last) == (2, 3, "b")
    assert len(Path("out.jsonl").read_text().splitlines()) == 3


def test_labels_are_those_of_the_whole_article():
    write("in.jsonl", *({"text": article} for article in ARTICLES))
    predict(find_sources(["in.jsonl"]), Reading(), MODEL, "jsonl", "out.jsonl")
    records = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    expected = list(MODEL.label(ARTICLES))
    assert [record["types"] for record in records] == [list(sentence.types) for sentence in expected]
    for record, sentence in zip(records, expected, strict=True):
        assert record["probabilities"] == {name: round(p, 6) for name, p in sentence.probabilities.items()}


def test_rows_of_sentences_are_labelled_like_their_article():
    rows = [{"text": text, "document": str(i)} for i, article in enumerate(ARTICLES) for _, _, text in parted(article)]
    write("in.jsonl", *rows)
    predict(find_sources(["in.jsonl"]), Reading(unit="sentence"), MODEL, "jsonl", "out.jsonl")
    records = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [record["types"] for record in records] == [list(s.types) for s in MODEL.label(ARTICLES)]


def test_prediction_runs_in_a_thread_too():
    write("in.jsonl", {"text": "Rain fell."})
    arguments = (find_sources(["in.jsonl"]), Reading(), MODEL, "jsonl", "out.jsonl")
    thread = threading.Thread(target=predict, args=arguments)
    thread.start()
    thread.join()
    assert Path("out.jsonl").exists()
