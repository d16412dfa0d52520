"""What ``wiredesk evaluate`` prints, writes and refuses, as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import wiredesk
from tests.realtexts import FOLDER, GOLD, with_real_texts
from wiredesk.eval import evaluate
from wiredesk.models import load_model
from wiredesk.seeds import load_seeds, read_records

ROOT = Path(__file__).parents[1]
NEWSROOM = ROOT / "examples" / "newsroom" / "test.jsonl"
WIREDESK = Path(sys.executable).with_name("wiredesk")

ATTACK, QUOTE = "attack_report", "official_quote"
QUICK = ("-m", "quick.wiredesk")

ROWS = [
    {
        "text": "Two rockets hit the market.",
        "labels": [ATTACK],
        "document": "a",
        "source": "wire",
        "date": "2024-03-01",
    },
    {"text": "Rain is likely.", "labels": [], "document": "a", "source": "wire", "date": "2024-03-01"},
    {
        "text": "The minister said talks failed.",
        "labels": [QUOTE],
        "document": "b",
        "source": "web",
        "date": "2024-04-02",
    },
    {"text": "Shells fell on Darsa.", "labels": [ATTACK], "document": "c", "source": "web", "date": "2024-04-09"},
]


def run(*arguments):
    """Run the command; its output as text."""
    return subprocess.run(
        [WIREDESK, "evaluate", *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=300
    )


def fails(*arguments, code=1):
    """Run a command that fails; its one line of complaint."""
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


def write(name, rows):
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return name


def account_of(*arguments):
    done = run(*arguments, "--json", "-")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Make a folder, the current one, with two data sets in it."""
    monkeypatch.chdir(tmp_path)
    # The shipped model, which does not know what it was trained on: nobody looks for duplicates among the seeds.
    model = load_model()
    model.manifest["training"] = {}
    model.save("quick.wiredesk")
    write("one.jsonl", ROWS)
    write("two.jsonl", [{**row, "document": f"{row['document']}2"} for row in ROWS[:2]])
    return tmp_path


# What it prints


def test_the_table_fits_a_terminal():
    done = run("one.jsonl", *QUICK)
    assert done.returncode == 0, done.stderr
    assert "4 sentences of 3 documents" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "Intervals from fewer than 20 documents are too narrow" in done.stdout


def test_sources_and_months_are_told_apart():
    content = account_of("one.jsonl", *QUICK)
    slices = content["data"][0]["slices"]
    assert [(row["name"], row["sentences"]) for row in slices["source"]] == [("wire", 2), ("web", 2)]
    assert [row["name"] for row in slices["month"]] == ["2024-03", "2024-04"]
    printed = run("one.jsonl", *QUICK).stdout
    assert "\nwire  " in printed and "\n2024-04  " in printed


def test_data_sets_stand_side_by_side_and_together():
    content = account_of("one.jsonl", "two.jsonl", *QUICK)
    told = [(data["name"], data["sentences"], data["documents"]) for data in content["data"]]
    assert told == [("all", 6, 4), ("one.jsonl", 4, 3), ("two.jsonl", 2, 1)]
    assert run("one.jsonl", "two.jsonl", *QUICK).stdout.startswith("data  ")


def test_files_of_one_name_are_told_by_their_folders():
    for folder in ("x", "y"):
        Path(folder).mkdir()
        write(f"{folder}/rows.jsonl", ROWS)
    content = account_of("x/rows.jsonl", "y/rows.jsonl", *QUICK)
    assert [data["name"] for data in content["data"]] == ["all", "x/rows.jsonl", "y/rows.jsonl"]
    # Documents of the same name in two files are two documents.
    assert content["data"][0]["documents"] == 6


def test_files_of_several_annotators_are_one_data_set():
    write("x.jsonl", [{**row, "annotator": "x"} for row in ROWS])
    write("y.jsonl", [{**row, "annotator": "y"} for row in ROWS])
    (data,) = account_of("x.jsonl", "y.jsonl", *QUICK)["data"]
    assert (data["name"], data["sentences"]) == ("x.jsonl, y.jsonl", 4)


def test_a_hostile_file_name_does_not_steer_the_terminal():
    write("\x1b[31mred.jsonl", ROWS)
    assert "\x1b" not in run("\x1b[31mred.jsonl", "one.jsonl", *QUICK).stdout


# What it writes


def test_json_holds_what_python_gives():
    content = account_of(NEWSROOM, *QUICK)
    report = evaluate(load_model(), read_records([NEWSROOM])).to_dict()
    assert {key: content["data"][0][key] for key in report} == report
    assert content["model"]["hash"] == load_model().hash
    assert content["wiredesk"] == wiredesk.__version__


def test_json_goes_to_a_file_beside_the_table():
    done = run("one.jsonl", "--json", "scores.json", *QUICK)
    assert done.stdout.startswith("type ")
    assert json.loads(Path("scores.json").read_text(encoding="utf-8"))["data"][0]["sentences"] == 4


def test_the_same_input_gives_the_same_bytes():
    for name in ("a", "b"):
        assert run("one.jsonl", "--json", f"{name}.json", "--report", f"{name}.html", *QUICK).returncode == 0
    for ending in ("json", "html"):
        assert Path(f"a.{ending}").read_bytes() == Path(f"b.{ending}").read_bytes()


def test_the_numbers_hold_no_text():
    # Who may not pass on the sentences can pass on the scores.
    written = json.dumps(account_of(NEWSROOM, *QUICK))
    assert not any(record.text in written for record in read_records([NEWSROOM]))


def test_the_page_lists_errors_unless_asked_not_to():
    texts = [record.text for record in read_records([NEWSROOM])]
    assert run(NEWSROOM, "--report", "full.html", *QUICK).returncode == 0
    assert run(NEWSROOM, "--report", "short.html", "--no-texts", *QUICK).returncode == 0
    full, short = (Path(name).read_text(encoding="utf-8") for name in ("full.html", "short.html"))
    plain = [text for text in texts if text.isascii() and not set(text) & set("<>&'\"")]
    assert len(plain) > 50
    assert sum(text in full for text in plain) > 10
    assert not any(text in short for text in plain)


def test_scores_can_travel_in_the_model():
    done = run("one.jsonl", "--into", "told.wiredesk", "--about", "four sentences", *QUICK)
    assert done.returncode == 0, done.stderr
    told = load_model("told.wiredesk")
    assert told.hash == load_model().hash
    (evaluation,) = [one for one in told.manifest["evaluations"] if one["name"] == "one.jsonl"]
    assert (evaluation["about"], evaluation["dataset"]["sentences"]) == ("four sentences", 4)
    assert not {"slices", "curves", "cooccurrence", "name"} & set(evaluation["dataset"])


def test_a_model_may_take_its_own_scores_twice():
    load_model().save("mine.wiredesk")
    for data in ("one.jsonl", "two.jsonl", "one.jsonl"):
        done = run(data, "-m", "mine.wiredesk", "--into", "mine.wiredesk", "--force")
        assert done.returncode == 0, done.stderr
    names = [one["name"] for one in load_model("mine.wiredesk").manifest["evaluations"]]
    assert names[-2:] == ["two.jsonl", "one.jsonl"]
    assert names.count("one.jsonl") == 1


@pytest.mark.parametrize("option", ["--json", "--report", "--into"])
def test_nothing_is_replaced_without_force(option):
    Path("there").write_text("mine")
    assert "there: exists already" in fails("one.jsonl", option, "there")
    assert Path("there").read_text() == "mine"


@pytest.mark.parametrize("option", ["--json", "--report", "--into"])
def test_the_data_are_never_replaced(option):
    assert "is one of the inputs" in fails("one.jsonl", option, "one.jsonl", "--force")


def test_two_outputs_of_one_name():
    assert "name the same file" in fails("one.jsonl", "--json", "x", "--report", "./x", code=2)


# Two models


def test_a_model_against_itself_differs_by_nothing():
    load_model().save("same.wiredesk")
    comparison = account_of("one.jsonl", "--compare", "same.wiredesk", *QUICK)["comparison"]
    (data,) = comparison["data"]
    assert data["macro_f1"]["difference"] == 0
    assert data["macro_f1"]["difference_ci95"] == [0, 0]
    assert (data["right_only_first"], data["right_only_second"]) == (0, 0)
    assert comparison["model"]["name"] == "same.wiredesk"


def test_a_model_that_gives_nothing_is_worse():
    deaf = load_model().with_thresholds(dict.fromkeys(load_model().types, 1.0))
    deaf.save("deaf.wiredesk")
    (data,) = account_of(NEWSROOM, "--compare", "deaf.wiredesk", *QUICK)["comparison"]["data"]
    assert data["macro_f1"]["second"] == 0
    assert data["macro_f1"]["difference_ci95"][1] < 0
    # Thresholds change what is given, not the order.
    assert data["types"][QUOTE]["average_precision"]["difference"] == 0
    assert f"F1 of {QUOTE}" in run(NEWSROOM, "--compare", "deaf.wiredesk", *QUICK).stdout


def test_models_of_other_types_are_not_compared():
    rows = [
        {"text": f"{word} number {i}.", "labels": [label] if label else [], "document": f"d{i}"}
        for i in range(4)
        for word, label in (("Stop", "stop"), ("Fine", "fine"), ("Rain", ""))
    ]
    records = [wiredesk.Record(row["text"], tuple(row["labels"]), row["document"]) for row in rows]
    wiredesk.train(records, folds=2).save("other.wiredesk")
    assert "compare models of the same types" in fails("one.jsonl", "--compare", "other.wiredesk")


# Cross-validation and near-duplicates


def labelled_articles(n):
    """Take the first articles of the shipped corpus."""
    rows, names = [], {}
    for record in load_seeds():
        if (
            record.document
            and len(names.setdefault(record.document, names)) > n
            and record.document not in list(names)[:n]
        ):
            break
        if record.document:
            rows.append({"text": record.text, "labels": list(record.labels or ()), "document": record.document})
    return rows


def test_cross_validation_scores_every_sentence_once():
    rows = labelled_articles(12)
    write("corpus.jsonl", rows)
    content = account_of("corpus.jsonl", "--cross-validate", "3")
    assert content["data"][0]["sentences"] == len(rows)
    assert content["model"] | {"types": 0, "thresholds": 0} == {
        "name": "3-fold cross-validation", "hash": None, "types": 0, "thresholds": 0,
    }  # fmt: skip
    assert content["leaks"]["between"] == "folds"


def test_copies_in_other_folds_are_found():
    rows = labelled_articles(12)
    copied = [{**row, "document": f"copy of {row['document']}"} for row in rows]
    write("copied.jsonl", [*rows, *copied])
    leaks = account_of("copied.jsonl", "--cross-validate", "3")["leaks"]
    assert leaks["share"] > 0.4
    assert "Near-duplicates of sentences in other folds" in run("copied.jsonl", "--cross-validate", "3").stdout


def test_test_sentences_of_the_training_data_are_found():
    seen = [record for record in load_seeds() if len(record.text) > 80][:5]
    write("leaky.jsonl", [{"text": r.text, "labels": list(r.labels or ())} for r in seen] + ROWS[:2])
    leaks = account_of("leaky.jsonl")["leaks"]
    assert leaks["between"] == "test and training data"
    assert leaks["sentences"] >= 5


def test_training_data_of_ones_own_are_named():
    rows = labelled_articles(12)
    write("mine.jsonl", rows)
    wiredesk.train(read_records(["mine.jsonl"]), folds=2).save("mine.wiredesk")
    # It is not known which data a model was trained on; the corpus hash tells whether the right ones were named.
    assert account_of("one.jsonl", "-m", "mine.wiredesk")["leaks"] is None
    right = run("one.jsonl", "-m", "mine.wiredesk", "--training-data", "mine.jsonl")
    assert "Near-duplicates of sentences in the training data:" in right.stdout
    assert right.stderr == ""
    wrong = run("one.jsonl", "-m", "mine.wiredesk", "--training-data", "two.jsonl")
    assert "was trained on other data" in wrong.stderr


@pytest.mark.parametrize("named", [(), ("--training-data", "mine.jsonl")])
def test_scores_on_the_training_data_are_warned_about(named):
    write("mine.jsonl", labelled_articles(12))
    wiredesk.train(read_records(["mine.jsonl"]), folds=2).save("mine.wiredesk")
    done = run("mine.jsonl", "-m", "mine.wiredesk", *named)
    assert "(100.0%).\nWithout them nothing is left to score." in done.stdout
    assert "100% of the sentences stand in the training data, or nearly: the scores say nothing of" in done.stderr
    told = fails("mine.jsonl", "-m", "mine.wiredesk", *named, "--into", "told.wiredesk")
    assert "--into: 100% of the sentences stand in the training data, or in what is named as it" in told
    assert not Path("told.wiredesk").exists()


def test_what_is_named_is_compared_though_the_corpus_is_known():
    write(
        "mine.jsonl",
        [{"text": f"Two rockets hit depot {i} in the old harbour on Monday.", "labels": []} for i in "abc"],
    )
    done = run("mine.jsonl", "--training-data", "mine.jsonl")
    assert "was trained on other data" in done.stderr
    assert "Near-duplicates of sentences in the training data: 3 sentences (100.0%)." in done.stdout


# Shares in a collection


def test_shares_of_a_collection():
    Path("articles").mkdir()
    Path("articles/a.txt").write_text("Two rockets hit the market. Rain is likely. It rained.")
    Path("articles/b.txt").write_text("The sun shone.")
    shares = account_of(NEWSROOM, "--prevalence", "articles")["prevalence"]
    assert (shares["documents"], shares["sentences"], shares["errors_from"]) == (2, 4, "test.jsonl")
    assert shares["types"][ATTACK]["counted"] == 0.25
    low, high = shares["types"][ATTACK]["corrected_ci95"]
    assert 0 <= low <= shares["types"][ATTACK]["corrected"] <= high <= 1
    assert "share of 4 sentences" in run(NEWSROOM, "--prevalence", "articles").stdout


def test_a_collection_without_sentences():
    Path("empty.txt").write_text(" \n")
    assert "there is no sentence to label" in fails("one.jsonl", "--prevalence", "empty.txt")


# Wrong usage


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name files of labelled sentences"),
        (["one.jsonl", "--with-seeds"], "--with-seeds goes with --cross-validate"),
        (["--cross-validate", "3", "--with-seeds"], "--with-seeds adds the seeds to DATA"),
        (["one.jsonl", "--cross-validate", "3", "-m", "x"], "does not go with --model"),
        (["one.jsonl", "--cross-validate", "3", "--prevalence", "x"], "does not go with --prevalence"),
        (["one.jsonl", "--about", "news"], "--about is written with --into"),
        (["one.jsonl", "--cross-validate", "1"], "greater than or equal to 2"),
    ],
)
def test_wrong_usage(arguments, message):
    assert message in fails(*arguments, code=2)


def test_too_few_documents_to_cross_validate():
    assert "fewer than the 3 folds" in fails("one.jsonl", "--cross-validate", "3")


# The same as elsewhere


@with_real_texts
def test_scores_on_real_news_are_those_of_the_other_program():
    done = subprocess.run([sys.executable, FOLDER / "score.py", "--json"], capture_output=True, encoding="utf-8")
    other = json.loads(done.stdout)
    (ours,) = account_of(GOLD)["data"]
    assert round(ours["macro"]["f1"], 4) == other["macro_f1"]
    assert round(ours["exact_match"], 4) == other["exact_match"]
    for name, scores in other["types"].items():
        found = ours["types"][name] | {"ece": ours["types"][name]["calibration_error"]}
        for key in ("positives", "precision", "recall", "f1", "average_precision", "ece"):
            # Theirs are rounded to four digits, ours to six.
            assert found[key] == pytest.approx(scores[key], abs=0.000051)
