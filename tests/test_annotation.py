"""Sentences for people to label: which come first, and what comes back from the tools they use."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest

import wiredesk
from wiredesk.annotation import TOOLS, make_tasks, review_order
from wiredesk.documents import LabelledDocument
from wiredesk.models import LabelledSentence
from wiredesk.seeds import Record, RecordError, by_sentence, merge_annotators, read_records
from wiredesk.seeds.label_studio import labelling_config

ROOT = Path(__file__).parents[1]
LABEL_STUDIO = ROOT / ".venv" / "labelstudio" / "bin" / "python"

ARTICLES = {
    "harbour": ["Rockets hit the harbour.", "Six people died.", "“We will rebuild,” the mayor said.", "Rain fell."],
    "market": ["Talks resume on Monday.", "Two shells struck the market."],
}


@pytest.fixture(scope="module")
def model():
    return wiredesk.load_model()


@pytest.fixture(scope="module")
def documents(model):
    texts = [" ".join(sentences) for sentences in ARTICLES.values()]
    found = [LabelledDocument(name, text, [], {}) for name, text in zip(ARTICLES, texts, strict=True)]
    for sentence in model.label(texts):
        found[sentence.document].sentences.append(sentence)
    assert [[s.text for s in document.sentences] for document in found] == list(ARTICLES.values())
    return found


def sentence(document: int, number: int, **probabilities: float) -> LabelledSentence:
    return LabelledSentence(document, number, 0, 1, "x", "none", (), probabilities, False)


# Order


def test_the_nearest_to_a_threshold_come_first():
    found = [sentence(0, i, a=p) for i, p in enumerate((0.99, 0.4, 0.02, 0.55))]
    assert review_order(found, {"a": 0.5}) == [3, 1, 2, 0]


def test_nearness_is_measured_in_log_odds():
    # 0.02 is 0.08 away from 0.1, and 0.3 is 0.2 away; in log-odds 1.7 and 1.35.
    assert review_order([sentence(0, 0, a=0.02), sentence(0, 1, a=0.3)], {"a": 0.1}) == [1, 0]


def test_documents_take_turns():
    found = [sentence(0, 0, a=0.5), sentence(0, 1, a=0.51), sentence(1, 0, a=0.9), sentence(2, 0, a=0.8)]
    assert review_order(found, {"a": 0.5}) == [0, 3, 2, 1]


def test_types_take_turns():
    found = [sentence(i, 0, a=0.5, b=0.1) for i in range(3)] + [sentence(3, 0, a=0.9, b=0.4)]
    assert review_order(found, {"a": 0.5, "b": 0.5})[:2] == [0, 3]


def test_every_sentence_comes_once(model, documents):
    found = [one for document in documents for one in document.sentences]
    assert sorted(review_order(found, model.thresholds)) == list(range(6))
    assert review_order([], model.thresholds) == []


def test_in_order_of_the_document(model, documents):
    tasks = make_tasks(documents, model, order="document", limit=5)
    assert [(task.document, task.sentence) for task in tasks] == [*(("harbour", i) for i in range(4)), ("market", 0)]
    assert tasks[2].before == ("Rockets hit the harbour.", "Six people died.")
    assert (tasks[2].after, tasks[3].after) == (("Rain fell.",), ())


def texts_by_document(records):
    found = {}
    for name, group in groupby(records, key=lambda record: record.document):
        assert name not in found, "a document comes back after another one"
        found[name] = [record.text for record in group]
    return found


# Label Studio


def label_studio(tasks, *annotations):
    """Give what Label Studio exports once people have labelled: by task, a list of (annotator, choices)."""
    exported = json.loads(TOOLS["label-studio"](tasks))
    for number, task in enumerate(exported):
        task["id"] = 100 + number
        task["annotations"] = [
            {
                "id": 1000 + number,
                "completed_by": {"id": 7, "email": annotator} if "@" in annotator else int(annotator),
                "was_cancelled": choices is None,
                "result": [
                    {
                        "id": "a",
                        "from_name": "types",
                        "to_name": "text",
                        "type": "choices",
                        "value": {"choices": choices},
                    }
                ]
                if choices
                else [],
            }
            for annotator, choices in (annotations[number] if number < len(annotations) else [])
        ]
    return json.dumps(exported)


def test_label_studio_s_own_check_passes_the_tasks(model, documents, tmp_path):
    if not LABEL_STUDIO.exists():
        pytest.skip("label-studio-sdk is not installed; make .venv/labelstudio/bin/python does")
    tasks = make_tasks(documents, model)
    (tmp_path / "tasks.json").write_text(TOOLS["label-studio"](tasks), encoding="utf-8")
    (tmp_path / "config.xml").write_text(labelling_config(model.types), encoding="utf-8")
    program = (
        "import json; from label_studio_sdk.label_interface import LabelInterface\n"
        "interface = LabelInterface(open('config.xml').read()); interface.validate()\n"
        "tasks = json.load(open('tasks.json'))\n"
        "found = [interface.validate_prediction(p, return_errors=True) for t in tasks for p in t['predictions']]\n"
        "assert interface.validate_prediction({'result': [{'from_name': 'x'}]}, return_errors=True)\n"
        "print(json.dumps(found))"
    )
    done = subprocess.run([LABEL_STUDIO, "-c", program], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout and json.loads(done.stdout) == [[]] * 6, done.stderr


def test_label_studio_gives_back_what_was_labelled(model, documents, tmp_path):
    tasks = make_tasks(documents, model)
    chosen = {("harbour", 1): ["casualty_figure"], ("harbour", 2): ["official_quote", "political_context"]}
    answers = [[("ada@example.org", chosen.get((task.document, task.sentence), ["none"]))] for task in tasks]
    path = tmp_path / "export.json"
    path.write_text(label_studio(tasks, *answers), encoding="utf-8")
    found = read_records([path])
    assert texts_by_document(found) == ARTICLES
    by_place = {(r.document, ARTICLES[r.document].index(r.text)): r for r in found}
    assert {at: list(r.labels) for at, r in by_place.items() if r.labels} == chosen
    assert {record.annotator for record in found} == {"ada@example.org"}


def test_what_is_skipped_or_not_labelled_stays_unlabelled(model, documents, tmp_path):
    tasks = make_tasks(documents, model, order="document")
    path = tmp_path / "export.json"
    path.write_text(label_studio(tasks, [("3", ["none"])], [("3", None)]), encoding="utf-8")
    found = read_records([path])
    assert [record.labels for record in found] == [(), None, None, None, None, None]
    assert [record.annotator for record in found] == ["3", None, None, None, None, None]


def test_sentences_around_a_task_come_back_as_context(model, documents, tmp_path):
    # Only the quotation is exported, and its neighbours stand in the task.
    tasks = [task for task in make_tasks(documents, model) if task[:2] == ("harbour", 2)]
    path = tmp_path / "export.json"
    path.write_text(label_studio(tasks, [("3", ["official_quote"])]), encoding="utf-8")
    found = read_records([path])
    assert [record.text for record in found] == ARTICLES["harbour"]
    assert [record.labels for record in found] == [None, None, ("official_quote",), None]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ("{}", "a dict, not a list of tasks"),
        ('[{"text": "x"}]', "no task with data, text and annotations"),
        ('[{"data": {"text": 3}, "annotations": []}]', "no task with data"),
        ('[{"data": {"text": "x"}, "annotations": [{"result": [{"value": 1}]}]}]', "no task with data"),
        (
            '[{"data": {"text": "x"}, "annotations": [{"result": [{"from_name": "types",'
            ' "value": {"choices": ["none", "a"]}}]}]}]',
            "none is chosen beside others",
        ),
    ],
)
def test_what_is_no_export_is_refused(content, message, tmp_path):
    path = tmp_path / "export.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RecordError, match=message):
        read_records([path])


# doccano


def test_doccano_gives_back_what_was_labelled(model, documents, tmp_path):
    lines = [json.loads(line) for line in TOOLS["doccano"](make_tasks(documents, model)).splitlines()]
    assert all(line["label"] == [] for line in lines)
    labels = {0: ["attack_report"], 1: ["casualty_figure"], 2: ["none"]}
    for number, line in enumerate(lines):
        line["id"] = number
        line["Comments"] = []
        line["label"] = labels.get(line["sentence"], []) if line["document"] == "harbour" else []
    path = tmp_path / "ada.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = read_records([path])
    assert texts_by_document(found) == ARTICLES
    harbour = [record for record in found if record.document == "harbour"]
    assert [record.labels for record in harbour] == [("attack_report",), ("casualty_figure",), (), None]
    assert [record.annotator for record in harbour] == ["ada", "ada", "ada", None]
    assert [record.labels for record in found if record.document == "market"] == [None, None]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"text": "x", "label": "a"}, "label is 'a'; export from doccano as JSONL"),
        ({"text": "x", "label": ["none", "a"]}, "none stands beside others"),
        ({"text": None, "label": []}, "text is None"),
    ],
)
def test_wrong_doccano_lines_are_refused(line, message, tmp_path):
    path = tmp_path / "all.jsonl"
    path.write_text(json.dumps(line), encoding="utf-8")
    with pytest.raises(RecordError, match=message):
        read_records([path])


# Several annotators


def labelled(annotator, *labels, document="d"):
    return [
        Record(f"Sentence {i}.", None if found is None else tuple(found), document=document, annotator=annotator)
        for i, found in enumerate(labels)
    ]


def test_sentences_are_gathered_across_files():
    found = by_sentence(labelled("x", ["a"], []) + labelled("y", ["a"], ["b"]) + labelled("x", ["a"], document="e"))
    assert [[record.annotator for record in group] for group in found] == [["x", "y"], ["x", "y"], ["x"]]


def test_the_same_words_twice_are_two_sentences():
    found = by_sentence([Record("Read more.", (), document="d", annotator=name) for name in ("x", "x", "y", "y")])
    assert [[record.annotator for record in group] for group in found] == [["x", "y"], ["x", "y"]]


def test_loose_sentences_are_gathered_too():
    found = by_sentence(labelled("x", ["a"], document=None) + labelled("y", ["b"], document=None))
    assert [[record.annotator for record in group] for group in found] == [["x", "y"]]


def test_records_without_annotator_stay_as_they_are():
    records = [Record("Rain fell.", ()), Record("Rain fell.", ()), Record("Snow fell.", None, document="d")]
    assert merge_annotators(records) == records


def test_context_that_every_file_holds_comes_once_and_in_its_place():
    context = [Record("Before.", None, document="d"), Record("After.", None, document="d")]
    one, other = ([context[0], *labelled(name, ["a"]), context[1]] for name in "xy")
    assert [record.text for record in merge_annotators(one + other)] == ["Before.", "Sentence 0.", "After."]


def test_most_annotators_decide_and_a_tie_leaves_the_sentence_open():
    records = (
        labelled("x", ["a"], ["a"], ["a", "b"]) + labelled("y", ["a"], [], ["a"]) + labelled("z", ["b"], None, ["b"])
    )
    assert [record.labels for record in merge_annotators(records)] == [("a",), None, ("a", "b")]


def test_training_takes_several_annotators(tmp_path):
    # A document that two people labelled is one document, whichever files its sentences stand in.
    from wiredesk.training.dataset import make_dataset

    parts = [("x", ["a"], []), ("y", ["a"], [])]
    records = [r for d in "defg" for name, *labels in parts for r in labelled(name, *labels, document=d)]
    data = make_dataset(records, None, folds=2)
    assert (len(data.records), data.types) == (8, ("a",))


# The commands


def run(*arguments, **options):
    command = Path(sys.executable).with_name("wiredesk")
    return subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", **options)


def test_tasks_and_configuration_have_names_of_their_own(tmp_path):
    done = run("annotate", ROOT / "examples" / "article.txt", "-o", "a.json", "--config", "./a.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "--output and --config name the same file; give each a name of its own" in " ".join(done.stderr.split())
    assert not list(tmp_path.iterdir())


def test_annotate_writes_tasks_and_their_configuration(tmp_path):
    example = ROOT / "examples" / "article.txt"
    done = run("annotate", example, "-o", tmp_path / "t.json", "--config", tmp_path / "c.xml", "--limit", 7)
    assert (done.returncode, done.stderr) == (0, f"wiredesk: 7 sentences of 1 document in {tmp_path}/t.json\n")
    assert len(json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))) == 7
    assert '<Choice value="none"/>' in (tmp_path / "c.xml").read_text(encoding="utf-8")
    assert run("annotate", example, "-o", tmp_path / "t.json").returncode == 1
    assert run("annotate", example, "-o", tmp_path / "u", "--for", "prodigy").returncode == 2
    assert run("annotate", example, "-o", tmp_path / "u", "--order", "random").returncode == 2


def test_agreement_says_how_far_annotators_agree(tmp_path):
    for name, labels in (("ada", ["a"]), ("bo", ["a"])):
        rows = [
            {"text": f"Sentence {i}.", "labels": labels if i % 2 else [], "annotator": name, "document": "d"}
            for i in range(4)
        ]
        rows[1]["labels"] = ["a"] if name == "ada" else []
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run("agreement", tmp_path / "ada.jsonl", tmp_path / "bo.jsonl")
    assert done.returncode == 0, done.stderr
    assert "Sentence 1." in done.stdout and "ada: a" in done.stdout and "bo: none" in done.stdout
    assert "Sentence 2." not in done.stdout
    found = json.loads(run("agreement", tmp_path / "ada.jsonl", tmp_path / "bo.jsonl", "--json").stdout)
    # Observed 3/4; expected 1/2 * 1/4 + 1/2 * 3/4 = 1/2.
    assert found["types"]["a"]["kappa"] == {"ada / bo": 0.5}
    # Values: a three times, not a five times in eight; alpha = 1 - 7 * (2 / 8) / (2 * 3 * 5 / 8).
    assert found["types"]["a"]["alpha"] == pytest.approx(1 - (2 / 8) / (2 * 3 * 5 / (8 * 7)))
    alone = run("agreement", tmp_path / "ada.jsonl")
    assert (alone.returncode, "no sentence has labels by two annotators" in alone.stderr) == (1, True)
