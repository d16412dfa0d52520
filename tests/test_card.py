"""The model card: what it says, that it is read as it is meant, and the command that writes it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.realtexts import GOLD, with_real_texts
from wiredesk import train
from wiredesk.card import model_card
from wiredesk.errors import InputError
from wiredesk.markdown import code, escaped, fenced, front_matter, table
from wiredesk.models import Model, load_model
from wiredesk.models.files import read_model
from wiredesk.seeds import corpus_hash, load_seeds

ROOT = Path(__file__).parents[1]
WIREDESK = Path(sys.executable).with_name("wiredesk")

ROWS = [
    {"text": text, "labels": labels, "document": f"d{i}"}
    for i in range(4)
    for text, labels in (
        (f"Officers stopped car number {i} at the gate.", ["stop"]),
        (f"A court fined driver number {i} on appeal.", ["fine"]),
        (f"The weather stayed calm on day {i}.", []),
    )
]

#: What an evaluation tells of two types.
SCORES: dict[str, Any] = {
    "sentences": 1234,
    "documents": 56,
    "types": {
        "fine": {
            "positives": 1001,
            "precision": 0.5,
            "recall": 0.75,
            "f1": 0.6,
            "f1_ci95": [0.512, 0.688],
            "average_precision": 0.7,
            "brier_score": 0.1234,
            "calibration_error": 0.0321,
            "calibration_error_floor": [0.01, 0.0256],
            "baselines": {"every sentence": 0.3, "keywords": None},
        },
        "stop": {"positives": 0, "precision": 0, "recall": 0, "f1": 0.0, "f1_ci95": None, "average_precision": None},
    },
    "macro": {"f1": 0.3, "f1_ci95": [0.25, 0.35], "precision": 0.25, "recall": 0.375, "average_precision": None},
    "micro": {"precision": 0.83, "recall": 0.86, "f1": 0.845},
    "exact_match": 0.6666,
    "exact_match_ci95": [0.6, 0.7],
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "mine.wiredesk"
    train(ROWS, folds=2).save(path)
    return path


@pytest.fixture(scope="module")
def content(trained: Path) -> tuple[dict[str, Any], Any]:
    return read_model(trained)


@pytest.fixture(scope="module")
def model(trained: Path) -> Model:
    return load_model(trained)


def changed(content: tuple[dict[str, Any], Any], **settings: Any) -> Model:
    """Give the model with other settings in its manifest."""
    manifest, arrays = content
    return Model({**manifest, **settings}, arrays)


def evaluated(content: tuple[dict[str, Any], Any], scores: Any = SCORES, **told: Any) -> Model:
    told = {"name": "test.jsonl", "about": "", "created": "2026-11-22", "dataset": scores, **told}
    return changed(content, evaluations=[told])


def front(card: str) -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found = re.match(r"---\n(.*?)\n---\n", card, re.DOTALL)
    assert found
    return yaml.safe_load(found[1])


def section(card: str, title: str) -> str:
    return card.split(f"\n## {title}\n\n")[1].split("\n## ")[0]


def html(markdown: str) -> str:
    return MarkdownIt("commonmark").enable("table").render(markdown)


def cells(markdown: str) -> list[list[str]]:
    """Give the text of each cell of each row of all tables."""
    return [
        [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)]
        for row in re.findall("<tr>(.*?)</tr>", html(markdown), re.DOTALL)
    ]


# Scores


def test_scores_on_other_sentences_stand_before_those_of_the_training(content: Any) -> None:
    text = section(model_card(evaluated(content)), "How accurate it is")
    assert re.findall("^### (.+)$", text, re.MULTILINE) == [
        "`test.jsonl`",
        "2-fold cross-validation on the training data",
    ]
    assert "1,234 labelled sentences of 56 documents that it was not trained on, scored 2026-11-22.\n" in text
    assert "training data alone" not in text


def test_the_table_has_scores_intervals_and_baselines(content: Any) -> None:
    text = section(model_card(evaluated(content)), "How accurate it is").split("###")[1]
    assert cells(text) == [
        ["type", "sentences", "F1", "95 % interval", "precision", "recall", "average precision", "every sentence"],
        ["fine", "1,001", "0.60", "0.51\u00a0to\u00a00.69", "0.50", "0.75", "0.70", "0.30"],
        ["stop", "0", "0.00", "", "0.00", "0.00", "", ""],
        ["macro", "", "0.30", "0.25\u00a0to\u00a00.35", "0.25", "0.38", "", ""],
    ]


def test_the_summary_counts_wrong_and_missing_labels(content: Any) -> None:
    text = section(model_card(evaluated(content)), "How accurate it is")
    assert "17 % of the labels it gave were wrong, and 14 % of the right ones were missing." in text
    assert "exactly the right types: 0.67 (95 % interval 0.60\u00a0to\u00a00.70)." in text


def test_what_the_data_are_is_told(content: Any) -> None:
    card = model_card(evaluated(content, about="Court reports\nof *2024*."))
    assert "that it was not trained on, scored 2026-11-22. Court reports of \\*2024\\*.\n" in card


def test_cross_validation_alone_is_said_to_be_not_enough(model: Model) -> None:
    text = section(model_card(model), "How accurate it is")
    assert text.startswith(
        "**It was measured by cross-validation on its own training data alone. Real text will do worse"
    )
    assert "### 2-fold cross-validation on the training data\n\n12 labelled sentences of 4 documents, each" in text


def test_a_model_without_any_scores_says_so(content: Any) -> None:
    card = model_card(changed(content, training={}))
    assert section(card, "How accurate it is").startswith("**This model file holds no scores.** Measure it")
    assert "model-index" not in card and "metrics" not in front(card)


def test_scores_that_were_changed_after_the_training_are_told_so(model: Model) -> None:
    card = model_card(model.with_thresholds({"stop": 0.25}))
    assert "Thresholds or priors were changed later: these are the scores from before." in card
    assert "Thresholds or priors were changed by hand after the training." in card
    assert "the best F1" not in card
    assert ["stop", "0.25"] in [row[:2] for row in cells(card)]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ({}, "Thresholds were chosen for the best F1 on out-of-fold scores."),
        ({"recall": 0.95}, "Thresholds were chosen for a recall of 0.95 on out-of-fold scores."),
    ],
)
def test_what_the_thresholds_were_chosen_for_is_told(content: Any, target: dict[str, float], told: str) -> None:
    assert told in model_card(changed(content, training={"target": target}))


def test_calibration_stands_beside_what_chance_makes_of_it(content: Any) -> None:
    text = section(model_card(evaluated(content)), "Probabilities and thresholds")
    header, fine, stop = cells(text)
    assert header == ["type", "threshold", "expected share", "calibration error", "by chance, up to", "Brier score"]
    assert (fine[3:], stop[3:]) == (["0.032", "0.026", "0.123"], ["", "", ""])
    # A third of the sentences carry each type.
    assert (fine[2], stop[2]) == ("0.33", "0.33")
    assert "Calibration error (`test.jsonl`)" in text


def test_without_scores_thresholds_remain(content: Any) -> None:
    text = section(model_card(changed(content, training={})), "Probabilities and thresholds")
    assert cells(text)[0] == ["type", "threshold", "expected share"]
    assert "Calibration error" not in text


ODD_TRAININGS: list[dict[str, Any]] = [
    {"cross_validation": "fine"},
    {"cross_validation": {"types": ["stop"]}, "sentences": "many", "target": 3, "corpus": 7, "classifier": None},
    {"cross_validation": {"types": {"stop": {"f1": "high", "f1_ci95": [0.1]}, "other": {"f1": 1}}, "macro": None}},
    {
        "cross_validation": {"types": {"stop": {"f1": float("nan")}}, "exact_match": float("inf"), "micro": {}},
        "folds": "?",
    },
]


@pytest.mark.parametrize("training", ODD_TRAININGS)
def test_an_account_of_another_kind_is_left_out(content: Any, training: dict[str, Any]) -> None:
    card = model_card(changed(content, training=training))
    assert "nan" not in card and "inf " not in card and "None" not in card
    assert "model-index" not in front(card)
    assert html(card)


# Data, use, licence


@pytest.fixture(scope="module")
def from_seeds(content: Any) -> Model:
    return changed(content, training={"corpus": corpus_hash(load_seeds()), "sentences": 24_191, "units": 3096})


def test_the_shipped_corpus_is_recognised(from_seeds: Model) -> None:
    card = model_card(from_seeds)
    text = section(card, "Training data")
    assert text.startswith(
        "The corpus that comes with wiredesk: 24,191 labelled sentences in 3,096 units (an article, a group, or a lone "
        "sentence), CC-BY-4.0. **It is synthetic:** its events, quotations and people are invented;"
    )
    assert "seeds/DATASHEET.md" in text and "seeds/GUIDELINE.md" in text
    assert front(card)["license"] == "cc-by-4.0"
    assert section(card, "Licence").startswith("CC-BY-4.0. It was trained on wiredesk's corpus, CC-BY-4.0")
    assert "filled in" not in card


def test_other_data_are_to_be_filled_in(model: Model) -> None:
    card = model_card(model)
    assert (
        "**To be filled in:** what the data are, who labelled them, and how. 12 labelled sentences in 4 units" in card
    )
    assert section(card, "Licence").startswith("**To be filled in:**")
    assert card.startswith("---\n# license_name is to be filled in: the training data decide the licence.\n")
    assert (front(card)["license"], front(card)["license_name"]) == ("other", "fill-in")
    assert "synthetic" not in card


def test_data_and_licence_can_be_told(model: Model) -> None:
    card = model_card(model, data="Court reports | 2024", licence="CC0-1.0")
    assert section(card, "Training data").startswith("Court reports \\| 2024. 12 labelled sentences")
    assert section(card, "Licence").startswith("CC0-1.0. wiredesk's code is BSD-3-Clause.")
    assert front(card)["license"] == "cc0-1.0"
    assert "filled in" not in card


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", {"license": "mit"}),
        ("GPL-3.0-or-later", {"license": "gpl-3.0"}),
        ("LicenseRef-Ours", {"license": "other", "license_name": "LicenseRef-Ours"}),
        ('yes: "no"\n---', {"license": "other", "license_name": 'yes: "no"\n---'}),
    ],
)
def test_licences_are_written_as_the_hub_knows_them(model: Model, licence: str, expected: dict[str, str]) -> None:
    values = front(model_card(model, licence=licence))
    assert {key: value for key, value in values.items() if key.startswith("license")} == expected


def test_data_are_not_renamed_if_they_are_the_shipped_corpus(from_seeds: Model) -> None:
    with pytest.raises(
        InputError, match="data is 'mine', but the model was trained on wiredesk's own corpus; leave it"
    ):
        model_card(from_seeds, data="mine")


@pytest.mark.parametrize("option", ["licence", "data"])
def test_a_blank_name_is_refused(model: Model, option: str) -> None:
    with pytest.raises(InputError, match="is blank; name it or leave it out"):
        model_card(model, **{option: " "})


def test_background_and_unlabelled_articles_are_told(content: Any) -> None:
    training = {"sentences": 24_391, "units": 3200, "background": 24_191, "unlabelled": 1500}
    text = section(model_card(changed(content, training=training)), "Training data")
    assert (
        "24,391 labelled sentences in 3,200 units (an article, a group, or a lone sentence); 24,191 of them are "
        in text
    )
    assert "It learnt from 1,500 sentences of unlabelled articles too" in text


def test_the_corpus_is_named_where_a_model_learnt_from_it_too(content: Any) -> None:
    training = {"sentences": 24_391, "background": 24_191, "background_corpus": corpus_hash(load_seeds())}
    card = model_card(changed(content, training=training))
    assert "24,191 of them, wiredesk's corpus, which is synthetic (CC-BY-4.0), are background" in section(
        card, "Training data"
    )
    assert "It was trained on its own data and wiredesk's corpus, CC-BY-4.0," in section(card, "Licence")
    other = model_card(changed(content, training={**training, "background_corpus": "0" * 32}))
    assert "wiredesk's corpus" not in other


def test_types_of_another_field_are_not_said_to_be_conflict_news(model: Model) -> None:
    card = model_card(model)
    assert "It labels the sentences of English text by type: `fine`, `stop`; any number of them, or none." in card
    assert "conflict" not in card
    assert "attack" not in card and "rocket" not in card


def test_a_single_type(content: Any) -> None:
    manifest, arrays = content
    one = {**arrays, "weights": arrays["weights"][:, :1], "intercept": arrays["intercept"][:1]}
    calibration = {key: value if key == "method" else value[:1] for key, value in manifest["calibration"].items()}
    settings = {"types": ["fine"], "thresholds": manifest["thresholds"][:1], "calibration": calibration}
    assert "It marks the sentences of English text that are `fine`." in model_card(Model({**manifest, **settings}, one))


def test_the_shipped_model_is_for_conflict_news_and_no_evidence() -> None:
    card = model_card(load_model())
    assert front(card)["tags"][-3:] == ["news", "conflict", "event-coding"]
    text = section(card, "What it is for")
    assert "coding conflict events" in text
    assert "- evidence that something happened" in text.split("and not for")[1]
    assert "- decisions about persons" in text.split("and not for")[1]
    assert "- other languages than English" in text.split("and not for")[1]


def blocks(card: str, language: str) -> list[str]:
    return re.findall(f"^```{language}\n(.*?)\n```$", card, re.DOTALL | re.MULTILINE)


def test_the_example_runs(
    trained: Path, model: Model, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(trained.parent)
    (script,) = blocks(model_card(model, file=trained.name), "python")
    exec(script, {})
    assert [line.split(" (")[0] for line in capsys.readouterr().out.splitlines()] == [
        "One sentence.",
        "And another one.",
    ]


def test_the_example_of_the_shipped_model_names_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    card = model_card(load_model(), file="copy.wiredesk")
    (script,) = blocks(card, "python")
    exec(script, {})
    assert "Six people died, the mayor said. ('official_quote', 'casualty_figure')" in capsys.readouterr().out
    assert blocks(card, "sh") == ["wiredesk predict article.txt"]


@pytest.mark.parametrize(
    ("file", "python", "shell"),
    [
        ("a b'c.wiredesk", '"a b\'c.wiredesk"', "'a b'\"'\"'c.wiredesk'"),
        ('"""\n.wiredesk', '"\\"\\"\\"\ufffd.wiredesk"', '\'"""\ufffd.wiredesk\''),
        ("-f", '"-f"', "./-f"),
    ],
)
def test_the_example_quotes_the_file_s_name(model: Model, file: str, python: str, shell: str) -> None:
    card = model_card(model, file=file)
    assert f"wiredesk.load_model({python})\n" in card
    assert blocks(card, "sh") == [f"wiredesk predict article.txt -m {shell}"]


def test_it_is_cited_by_name_version_year_and_hash(content: Any) -> None:
    made = {"created": "2031-02-03", "versions": {"wiredesk": "9.8"}}
    (entry,) = blocks(model_card(changed(content, **made)), "bibtex")
    assert entry.splitlines() == [
        "@software{wiredesk,",
        "  author  = {{The wiredesk developers}},",
        "  title   = {wiredesk},",
        "  version = {9.8},",
        "  year    = {2031},",
        f"  note    = {{Model {content[0]['hash']}}}",
        "}",
    ]


def test_the_same_file_gives_the_same_card(trained: Path, model: Model) -> None:
    assert model_card(load_model(trained)) == model_card(model)


# Whatever names hold

ODD_NAMES = [
    "yes",
    'a "b": c',
    "|`` x`|",
    "<script>alert(1)</script>",
    "---",
    "# x",
    "&amp; *y* [z](q) $$",
    "\\",
    "\u2028é\U0001f600",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_shown_as_they_are(content: Any, name: str) -> None:
    scores = {
        "sentences": 3,
        "types": {name: {"f1": 0.5, "calibration_error": 0.1}, "stop": {"f1": 0.25}},
        "exact_match": 1,
    }
    told = {"name": name, "about": name, "created": name, "dataset": scores}
    card = model_card(changed(content, types=[name, "stop"], evaluations=[told]), file=name, licence=name, data=name)
    found = front(card)
    (index,) = found["model-index"]
    assert index["name"] == name
    tested = index["results"][0]
    assert tested["dataset"]["name"] == name
    assert [(metric["name"], metric["value"]) for metric in tested["metrics"]] == [
        ("Exact match", 1.0),
        (f"F1 ({name})", 0.5),
        ("F1 (stop)", 0.25),
    ]
    body = html(card.split("\n---\n", 1)[1])
    assert "<script" not in body and "<em>" not in body and "<a " not in body
    shown = (
        " ".join(name.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
    assert f"<h1>{shown}</h1>" in body
    assert f"<h3><code>{shown}</code></h3>" in body
    assert f"<td><code>{shown}</code></td>" in body
    assert len(re.findall("<h[12]>", body)) == 9


def test_a_file_name_that_is_no_text_is_written_all_the_same(model: Model) -> None:
    card = model_card(model, file=os.fsdecode(b"\xff.wiredesk"))
    assert "# \ufffd.wiredesk\n" in card
    card.encode()


@given(st.text())
@example("\x85\u2028\x7f\ufeff\U0001f600")
@example("y")
@example("1e5")
@example("a: b # c")
def test_yaml_reads_back_any_string(text: str) -> None:
    yaml = pytest.importorskip("yaml")
    written = front_matter({"name": text, "list": [text, {"inner": text}]})
    expected = re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "\ufffd", text)
    assert written.count("\n---") == 1
    assert yaml.safe_load(written.strip("-")) == {"name": expected, "list": [expected, {"inner": expected}]}


@pytest.mark.parametrize(
    ("value", "text"), [(3, "3"), (0.25, "0.25"), (1.0, "1.0"), (10.0, "10.0"), (1e-6, "0.000001")]
)
def test_numbers_in_yaml_stay_numbers(value: float, text: str) -> None:
    yaml = pytest.importorskip("yaml")
    written = front_matter({"value": value})
    assert written == f"---\nvalue: {text}\n---"
    assert yaml.safe_load(written.strip("-")) == {"value": value}


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).filter(str.strip))
@example("``|`")
@example("*a* _b_ <c> &amp; \\* ~~d~~ $e$ ![f](g) |")
def test_markdown_shows_any_name(text: str) -> None:
    shown = re.sub(r"\s+", " ", text.strip())
    expected = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert html(f"x {code(text)} x") == f"<p>x <code>{expected}</code> x</p>\n"
    assert html(f"x {escaped(text)} x") == f"<p>x {expected} x</p>\n"
    assert cells(table(["name", "n"], [[code(text, in_table=True), "1"], [escaped(text), "2"]])) == [
        ["name", "n"],
        [expected, "1"],
        [expected, "2"],
    ]


def test_a_block_of_code_ends_behind_its_text() -> None:
    assert html(fenced("a\n```\n````\nb", "sh")) == '<pre><code class="language-sh">a\n```\n````\nb\n</code></pre>\n'


# Hugging Face's library


@pytest.fixture(scope="module")
def hub() -> Any:
    return pytest.importorskip("huggingface_hub")


def test_the_hub_s_library_reads_the_card(content: Any, hub: Any) -> None:
    card = hub.ModelCard(model_card(evaluated(content), file="mine.wiredesk", licence="MIT"))
    assert (card.data.language, card.data.license, card.data.library_name) == ("en", "mit", "wiredesk")
    assert card.data.pipeline_tag == "text-classification"
    assert card.data.model_name == "mine.wiredesk"
    assert card.data.metrics == ["f1", "precision", "recall", "accuracy", "average_precision"]
    found = [(one.dataset_name, one.metric_type, one.metric_name, one.metric_value) for one in card.data.eval_results]
    assert found[:6] == [
        ("test.jsonl", "f1", "F1 (macro)", 0.3),
        ("test.jsonl", "precision", "Precision (macro)", 0.25),
        ("test.jsonl", "recall", "Recall (macro)", 0.375),
        ("test.jsonl", "accuracy", "Exact match", 0.6666),
        ("test.jsonl", "f1", "F1 (fine)", 0.6),
        ("test.jsonl", "f1", "F1 (stop)", 0.0),
    ]
    assert {one.dataset_name for one in card.data.eval_results[6:]} == {"2-fold cross-validation on the training data"}
    assert {one.task_type for one in card.data.eval_results} == {"text-classification"}
    assert card.text.startswith("\n# mine.wiredesk\n")


def test_two_data_sets_stay_apart_when_the_library_writes_the_card_again(content: Any, hub: Any) -> None:
    card = hub.ModelCard(model_card(evaluated(content)))
    again = hub.ModelCard(str(card))
    assert again.data.to_dict() == card.data.to_dict()
    assert [result["dataset"]["split"] for result in again.data.to_dict()["model-index"][0]["results"]] == [
        "test",
        "train",
    ]


def test_a_card_without_scores_is_read_too(content: Any, hub: Any) -> None:
    assert hub.ModelCard(model_card(changed(content, training={}))).data.eval_results is None


# The command


def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [str(WIREDESK), "card", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, **options)


def test_the_command_writes_the_card_of_the_shipped_model_to_stdout() -> None:
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == model_card(load_model(), file="default.wiredesk")


def test_the_command_writes_a_file(trained: Path, model: Model, tmp_path: Path) -> None:
    output = tmp_path / "README.md"
    done = run(trained, "-o", output, "--license", "MIT", "--data", "Court reports")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    expected = model_card(model, file="mine.wiredesk", licence="MIT", data="Court reports")
    assert output.read_bytes() == expected.encode()
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_an_existing_file_is_replaced_by_force_alone(trained: Path, tmp_path: Path) -> None:
    output = tmp_path / "README.md"
    output.write_text("mine")
    done = run(trained, "-o", output)
    assert (done.returncode, output.read_text()) == (1, "mine")
    assert done.stderr == f"wiredesk: {output}: exists already; choose another name or add --force to replace it\n"
    assert run(trained, "-o", output, "--force").returncode == 0
    assert output.read_text().startswith("---\n")


def test_the_model_file_itself_is_never_replaced(trained: Path) -> None:
    done = run(trained, "-o", trained, "--force")
    assert (done.returncode, done.stderr) == (1, f"wiredesk: {trained}: is one of the inputs; choose another name\n")


def test_a_wrong_option_is_said_in_one_line(tmp_path: Path) -> None:
    done = run("--data", "mine", "-o", tmp_path / "card.md")
    assert done.returncode == 1
    assert done.stderr == (
        "wiredesk: data is 'mine', but the model was trained on wiredesk's own corpus; leave it out\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_help_needs_no_model() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "Write a model's card" in done.stdout


# The shipped model


def test_the_shipped_card_is_that_of_the_shipped_model():
    written = (ROOT / "models" / "README.md").read_text(encoding="utf-8")
    # To write it again: wiredesk card -o models/README.md --force
    assert written == model_card(load_model(), file="default.wiredesk")


def test_the_example_evaluation_is_that_of_the_shipped_model():
    account = json.loads((ROOT / "examples" / "evaluation" / "scores.json").read_text(encoding="utf-8"))
    model = load_model()
    assert account["model"]["hash"] == model.hash
    (told,) = model.manifest["evaluations"]
    (data,) = account["data"]
    assert told["dataset"] == {key: data[key] for key in told["dataset"]}
    assert model.hash[:8] in (ROOT / "examples" / "evaluation" / "report.html").read_text(encoding="utf-8")


@with_real_texts
def test_the_example_evaluation_holds_no_text_of_the_gold():
    folder = ROOT / "examples" / "evaluation"
    written = [path.read_text(encoding="utf-8") for path in folder.iterdir()]
    texts = [json.loads(line)["text"] for line in GOLD.read_text(encoding="utf-8").splitlines()]
    long_ones = [text for text in texts if len(text) > 30]
    assert len(long_ones) > 900
    assert not any(text in page or escape(text) in page for text in long_ones for page in written)
