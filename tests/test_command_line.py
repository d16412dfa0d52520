"""The installed command, as a user runs it."""

import csv
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import wiredesk
from tests.realtexts import FOLDER, with_real_texts
from wiredesk.features import load_lexicon
from wiredesk.models import load_model
from wiredesk.training import candidates

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "article.txt"
WIREDESK = Path(sys.executable).with_name("wiredesk")

ARTICLE = "Two rockets hit the market in Darsa.\r\n\r\n“Six people died,” the mayor said.\n"

#: Enough documents for two folds of two types that are not the default ones.
TRAINING_ROWS = [
    {"text": text, "labels": labels, "document": f"d{i}"}
    for i in range(4)
    for text, labels in (
        (f"Officers stopped car number {i} at the gate.", ["stop"]),
        (f"A court fined driver number {i} on appeal.", ["fine"]),
        (f"The weather stayed calm on day {i}.", []),
    )
]


def run(*arguments, **options):
    """Run the command; its output as text."""
    return subprocess.run(
        [WIREDESK, *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=120, **options
    )


def fails(*arguments, code=1, **options):
    """Run a command that fails; its one line of complaint."""
    done = run(*arguments, **options)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


def title_of(word):
    """Give the title of a word's class in the shipped lexicon."""
    lexicon = load_lexicon()
    return lexicon.title(lexicon.forms[word])


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_bytes(ARTICLE.encode())
    return path


@pytest.fixture(scope="module")
def training_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in TRAINING_ROWS))
    return path


@pytest.fixture(scope="module")
def trained(training_file):
    path = training_file.with_name("small.wiredesk")
    done = run("train", training_file, "-o", path, "--folds", "2")
    assert done.returncode == 0, done.stderr
    return path, done


def test_version_is_the_packages():
    assert run("--version").stdout == f"wiredesk {wiredesk.__version__}\n"


def test_help_lists_every_command():
    done = run("--help")
    assert done.returncode == 0
    for command in ("predict", "train", "evaluate", "explain", "info"):
        assert f"\n  {command} " in done.stdout


def test_module_runs_like_the_command():
    done = subprocess.run([sys.executable, "-m", "wiredesk", "--version"], capture_output=True, encoding="utf-8")
    assert done.stdout == run("--version").stdout


def test_unknown_option_is_wrong_usage():
    done = run("predict", "--no-such-option", "x")
    assert done.returncode == 2
    assert "No such option" in done.stderr


def test_predict_writes_the_documented_record(article):
    done = run("predict", article)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(records[0]) == [
        "document", "sentence", "start", "end", "text", "type", "types", "probabilities", "review", "model",
    ]  # fmt: skip
    assert [record["text"] for record in records] == [
        "Two rockets hit the market in Darsa.",
        "“Six people died,” the mayor said.",
    ]
    assert records[0]["document"] == str(article)
    assert records[0]["types"] == ["attack_report"]
    assert records[1]["types"] == ["official_quote", "casualty_figure"]
    assert records[0]["model"] == wiredesk.load_model().hash
    assert all(round(p, 6) == p for record in records for p in record["probabilities"].values())


def test_offsets_count_code_points_of_the_text_with_its_line_ends(article):
    for record in map(json.loads, run("predict", article).stdout.splitlines()):
        assert ARTICLE[record["start"] : record["end"]] == record["text"]


def test_byte_order_mark_is_dropped(article):
    article.write_bytes("\ufeffShells fell.".encode())
    assert json.loads(run("predict", article).stdout)["start"] == 0


def test_predict_csv_has_the_same_records(article):
    rows = list(csv.DictReader(io.StringIO(run("predict", article, "--format", "csv").stdout)))
    records = [json.loads(line) for line in run("predict", article).stdout.splitlines()]
    assert [row["text"] for row in rows] == [record["text"] for record in records]
    assert [row["types"] for row in rows] == [";".join(record["types"]) for record in records]
    for row, record in zip(rows, records, strict=True):
        for name, p in record["probabilities"].items():
            assert float(row[f"probability_{name}"]) == p


def test_format_follows_the_outputs_ending(article, tmp_path):
    assert run("predict", article, "-o", tmp_path / "out.csv").returncode == 0
    # Excel takes a file for UTF-8 if it begins with a byte-order mark.
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfdocument,sentence,start,end,text,")


def test_stdin_is_read_for_a_dash():
    record = json.loads(run("predict", "-", input="Shells fell on Darsa.").stdout)
    assert (record["document"], record["text"]) == ("-", "Shells fell on Darsa.")


def test_folder_gives_its_articles_in_order(tmp_path):
    for name in ("b.txt", "a.md", "sub/c.csv", "sub/c.txt", ".hidden/d.txt", "e.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"text\nShells fell on {name[0]}.")
    records = map(json.loads, run("predict", tmp_path, "--unit", "sentence").stdout.splitlines())
    names = [str(tmp_path / name) for name in ("a.md", "b.txt", "sub/c.csv:1", "sub/c.txt")]
    assert list(dict.fromkeys(record["document"] for record in records)) == names


def test_table_fits_80_columns_and_has_no_colour_when_piped():
    done = run("predict", EXAMPLE, "--format", "table")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout
    for name in (*wiredesk.load_model().types, "none"):
        assert name in done.stdout


def test_table_shows_terminal_control_characters_harmlessly(article):
    article.write_text("Shells\x1b[31m fell\x07 on Darsa.")
    table = run("predict", article, "--format", "table").stdout
    assert "\x1b" not in table
    assert "\x07" not in table


def on_a_terminal(*arguments):
    """Run the command with a terminal for its output; what is shown there."""
    outer, inner = pty.openpty()
    process = subprocess.Popen([WIREDESK, *map(str, arguments)], stdout=inner, stderr=subprocess.DEVNULL)
    os.close(inner)
    shown = b""
    while True:
        try:
            part = os.read(outer, 4096)
        except OSError:  # Linux reports the end of a pseudo-terminal as an error.
            break
        if not part:
            break
        shown += part
    assert process.wait(timeout=60) == 0
    return shown


def test_terminal_gets_a_table(article):
    shown = on_a_terminal("predict", article)
    assert b"attack_report" in shown
    assert b'{"document"' not in shown


def test_closed_pipe_ends_quietly(tmp_path):
    long = tmp_path / "long.txt"
    long.write_text("Shells fell on Darsa. " * 20_000)
    process = subprocess.Popen([WIREDESK, "predict", long], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline().startswith(b'{"document"')
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=60)


def test_missing_input_is_named():
    assert fails("predict", "nowhere.txt") == "wiredesk: nowhere.txt: no such file or folder; check the name"


def test_folder_without_articles_is_refused(tmp_path):
    assert "no file to label in this folder; files end in .txt, .md, .html" in fails("predict", tmp_path)


def test_invalid_utf8_is_named_with_its_place(article):
    article.write_bytes(b"Shells fell \xff on Darsa.")
    assert fails("predict", article).startswith(f"wiredesk: {article}: not UTF-8 (byte 12")


@pytest.mark.parametrize("content", ["", " \n\n\t"])
def test_empty_article_is_refused(article, content):
    article.write_text(content)
    assert fails("predict", article) == f"wiredesk: {article}: empty; there is no sentence to label"


def test_structured_file_is_not_read_as_text(tmp_path):
    (tmp_path / "rows.json").write_text("{}")
    assert ".json is no article" in fails("predict", tmp_path / "rows.json")


def test_unreadable_article_does_not_stop_the_others(article, tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    done = run("predict", tmp_path)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    reason, summary, count = done.stderr.splitlines()
    assert reason.startswith(f"wiredesk: {tmp_path / 'bad.txt'}: not UTF-8 (byte 0")
    assert summary.startswith("wiredesk: 1 document, 2 sentences in ")
    assert count == "wiredesk: 1 could not be read; --rejects FILE collects them"


def test_existing_output_is_kept(article, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("precious")
    assert "exists already" in fails("predict", article, "-o", out)
    assert out.read_text() == "precious"


def test_force_replaces_an_output(article, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    assert run("predict", article, "-o", out, "--force").returncode == 0
    assert out.read_text(encoding="utf-8").startswith('{"document"')


def test_force_never_replaces_an_input(article):
    assert "is one of the inputs" in fails("predict", article, "-o", article, "--force", "--format", "csv")
    assert article.read_bytes() == ARTICLE.encode()


def test_output_folder_has_to_exist(article, tmp_path):
    assert "there is no folder" in fails("predict", article, "-o", tmp_path / "no" / "out.jsonl")


def test_failed_prediction_keeps_the_output_it_was_to_replace(tmp_path):
    out, empty = tmp_path / "out.jsonl", tmp_path / "empty.txt"
    out.write_text("precious")
    empty.touch()
    assert "empty" in fails("predict", empty, "-o", out, "--force")
    assert out.read_text() == "precious"


def test_force_never_replaces_the_model_in_use(article, trained, tmp_path):
    model = tmp_path / "small.wiredesk"
    model.write_bytes(trained[0].read_bytes())
    message = fails("predict", article, "-m", model, "-o", model, "--format", "csv", "--force")
    assert "is one of the inputs" in message
    assert model.read_bytes() == trained[0].read_bytes()


def test_force_writes_through_a_link_and_never_replaces_a_pipe(article, tmp_path):
    link, target, pipe = tmp_path / "link.jsonl", tmp_path / "target.jsonl", tmp_path / "pipe.jsonl"
    target.write_text("old")
    link.symlink_to(target)
    assert run("predict", article, "-o", link, "--force").returncode == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith('{"document"')
    os.mkfifo(pipe)
    assert "no regular file" in fails("predict", article, "-o", pipe, "--force")
    assert pipe.is_fifo()


def test_output_may_have_the_longest_name(article, tmp_path):
    assert run("predict", article, "-o", tmp_path / f"{'a' * 249}.jsonl").returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_read_only_folder_is_refused_before_any_work(training_file, tmp_path):
    tmp_path.chmod(0o500)
    assert "cannot be written to" in fails("train", training_file, "-o", tmp_path / "a.wiredesk", "--folds", "2")


def test_article_named_twice_is_labelled_once(article):
    once = run("predict", article.parent).stdout
    assert run("predict", article.parent, article, article).stdout == once


def test_empty_input_name_is_not_this_folder(article):
    assert "empty string" in fails("predict", "", cwd=article.parent)


def test_file_name_that_is_not_utf8_can_be_read_back(article, tmp_path):
    odd = os.fsencode(tmp_path) + b"/odd\xff.txt"
    try:
        os.rename(article, odd)
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    for arguments in ((), ("-o", tmp_path / "out.jsonl")):
        done = run("predict", os.fsdecode(odd), *arguments)
        assert done.returncode == 0, done.stderr
    assert os.fsencode(json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])["document"]) == odd


@pytest.mark.parametrize("command", [("predict", "-"), ("explain", "-")])
def test_closed_stdin_is_one_line(command):
    done = subprocess.run(["sh", "-c", '"$@" <&-', "sh", WIREDESK, *command], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (1, "wiredesk: -: empty; there is no sentence to label\n")


def test_closed_stdout_does_not_hinder_a_file(article, tmp_path):
    out = tmp_path / "out.jsonl"
    command = ["sh", "-c", '"$@" >&-', "sh", WIREDESK, "predict", "-q", article, "-o", out]
    done = subprocess.run(command, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert out.exists()


def test_explain_on_a_narrow_terminal_replaces_what_it_cannot_show():
    done = run("explain", "Two rockets", env={**os.environ, "PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0, done.stderr


def test_explain_names_the_byte_that_is_not_utf8():
    done = subprocess.run([WIREDESK, "explain", "-"], input=b"caf\xe9", capture_output=True)
    assert done.returncode == 1
    assert done.stderr.startswith(b"wiredesk: -: not UTF-8 (byte 3")
    assert done.stderr.count(b"\n") == 1


def test_train_refuses_no_process(training_file, tmp_path):
    assert "n_jobs is 0" in fails("train", training_file, "-o", tmp_path / "a.wiredesk", "--folds", "2", "--jobs", "0")


@pytest.mark.parametrize("name", ["st\ud800op", "st\nop"])
def test_train_refuses_a_type_no_file_or_table_can_hold(name, tmp_path):
    data = tmp_path / "rows.jsonl"
    rows = [{**row, "labels": [name] if row["labels"] else []} for row in TRAINING_ROWS]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    message = fails("train", data, "-o", tmp_path / "a.wiredesk", "--folds", "2")
    assert "control characters cannot be used" in message


def test_info_shows_a_model_with_another_account_of_its_training(tmp_path):
    model = wiredesk.load_model()
    model.manifest["training"] = {"note": "by hand"}
    model.save(tmp_path / "noted.wiredesk")
    assert "content hash" in run("info", tmp_path / "noted.wiredesk").stdout


def test_folder_for_a_model_is_called_so(tmp_path):
    assert fails("info", tmp_path) == f"wiredesk: {tmp_path}: Is a directory"


def test_evaluate_refuses_a_file_named_twice(trained, training_file):
    assert "named twice" in fails("evaluate", training_file, training_file, "-m", trained[0])


def test_utf16_without_a_mark_is_not_taken_for_text(article):
    article.write_bytes(ARTICLE.encode("utf-16-le").replace(b"\x1c\x20", b"").replace(b"\x1d\x20", b""))
    assert "holds NUL characters" in fails("predict", article)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everywhere")
def test_unreadable_folder_is_not_passed_over(article, tmp_path):
    (tmp_path / "locked").mkdir(mode=0)
    assert "Permission denied" in fails("predict", tmp_path)


def test_unknown_ending_asks_for_a_format(article, tmp_path):
    assert "add --format" in fails("predict", article, "-o", tmp_path / "out.xyz", code=2)


def test_unknown_format_lists_the_known_ones(article):
    assert "choose table, jsonl, csv" in fails("predict", article, "--format", "xml", code=2)


def test_broken_model_is_one_line(article, tmp_path):
    broken = tmp_path / "broken.wiredesk"
    broken.write_bytes(b"not a zip")
    assert fails("predict", article, "-m", broken).startswith(f"wiredesk: {broken}: not a whole zip file")


def test_missing_model_is_one_line(article):
    assert fails("predict", article, "-m", "no.wiredesk") == "wiredesk: no.wiredesk: No such file or directory"


def test_train_shows_scores_beside_the_baseline(trained):
    path, done = trained
    assert path.exists()
    assert "2-fold cross-validation by document" in done.stdout
    assert "keyw." in done.stdout
    for word in ("stop", "fine", "macro"):
        assert f"\n{word} " in done.stdout


def test_trained_model_predicts_its_own_types(trained, article):
    path, _ = trained
    record = json.loads(run("predict", article, "-m", path).stdout.splitlines()[0])
    assert list(record["probabilities"]) == ["fine", "stop"]


def test_train_keeps_an_existing_model(trained, training_file):
    path, _ = trained
    before = path.read_bytes()
    assert "exists already" in fails("train", training_file, "-o", path)
    assert path.read_bytes() == before


def test_train_refuses_labels_outside_types(training_file, tmp_path):
    line = fails("train", training_file, "-o", tmp_path / "x.wiredesk", "--types", "stop", "--folds", "2")
    assert line.startswith(f"wiredesk: {training_file}:2: label 'fine' is not one of the types stop")
    assert not (tmp_path / "x.wiredesk").exists()


def test_train_refuses_fewer_documents_than_folds(training_file, tmp_path):
    line = fails("train", training_file, "-o", tmp_path / "x.wiredesk", "--folds", "5")
    assert "stand in 4 documents, fewer than the 5 folds" in line


def test_train_names_file_and_line_of_a_bad_row(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": "Shells fell.", "labels": []}\n{"text": "A shell fell.", "labels": ["none", "x"]}\n')
    assert fails("train", bad, "-o", tmp_path / "x.wiredesk").startswith(f"wiredesk: {bad}:2: label 'none'")


def test_evaluate_prints_a_table(trained, training_file):
    path, _ = trained
    done = run("evaluate", training_file, "-m", path)
    assert done.returncode == 0
    assert "12 sentences of 4 documents" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_evaluate_refuses_types_the_model_does_not_know(training_file):
    assert "label 'stop' is not one of the types attack_report" in fails("evaluate", training_file)


def test_explain_shows_terms_of_every_type():
    done = run("explain", "Two rockets struck the market in Darsa.", "--top", "99")
    assert done.returncode == 0
    for name in wiredesk.load_model().types:
        assert f"{name}: " in done.stdout
    assert f"  cue: {title_of('struck')}\n" in done.stdout
    assert "spelling: “rockets”\n" in done.stdout
    assert "  context: " not in done.stdout


def test_explain_shows_how_often_a_term_occurs():
    assert "spelling: “rockets” x2\n" in run("explain", "Rockets hit rockets again.", "--top", "99").stdout


def test_explain_shows_a_sentence_of_an_article_with_its_context(article):
    done = run("explain", "--article", article, "--sentence", "1", "--top", "99")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("“Six people died,” the mayor said.\n\nattack_report: ")
    assert "  context: speaker: official, source: told\n" in done.stdout
    # The same labels as of the whole article.
    record = json.loads(run("predict", article).stdout.splitlines()[1])
    for name, p in record["probabilities"].items():
        given = "yes" if name in record["types"] else "no"
        assert f"\n{name}: {given}, probability {p:.3f} (threshold " in done.stdout


def test_explain_reads_an_article_from_stdin(article):
    from_file = run("explain", "-a", article, "-s", "0").stdout
    assert from_file.startswith("Two rockets hit the market in Darsa.\n\n")
    assert run("explain", "-a", "-", "-s", "0", input=ARTICLE).stdout == from_file


def test_explain_names_the_last_sentence_of_an_article(article):
    line = fails("explain", "--article", article, "--sentence", "2")
    assert line == f"wiredesk: {article}: has 2 sentences, so the last is number 1"


def test_explain_names_an_article_that_is_missing_or_empty(article):
    assert fails("explain", "-a", "no.txt", "-s", "0") == "wiredesk: no.txt: no such file or folder; check the name"
    article.write_text(" \n")
    assert fails("explain", "-a", article, "-s", "0") == f"wiredesk: {article}: empty; there is no sentence to label"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("Rockets hit.", "--article", "article.txt"),
        ("Rockets hit.", "--article", "article.txt", "--sentence", "0"),
        ("Rockets hit.", "--sentence", "0"),
        ("--article", "article.txt"),
        ("--sentence", "0"),
    ],
    ids=" ".join,
)
def test_explain_takes_one_sentence_or_an_article_and_a_number(arguments, article):
    done = run("explain", *arguments, cwd=article.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "give one sentence, or --article FILE and --sentence NUMBER" in done.stderr


def test_explain_refuses_a_sentence_before_the_first(article):
    done = run("explain", "--article", article, "--sentence", "-1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Invalid value for '--sentence'" in done.stderr


def test_explain_shows_terminal_control_characters_harmlessly(article):
    article.write_text("Shells\x1b]0;title\x07 fell on Darsa.")
    shown = on_a_terminal("explain", "--article", article, "--sentence", "0", "--top", "99")
    assert b"attack_report: " in shown
    assert b"\x1b" not in shown
    assert b"\x07" not in shown


def test_explain_refuses_an_empty_text():
    assert fails("explain", " ") == "wiredesk: the text is empty; give one sentence"


def test_info_shows_types_thresholds_and_hash():
    model = wiredesk.load_model()
    done = run("info")
    assert model.hash in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    for name, threshold in model.thresholds.items():
        assert f"{name:20}  {threshold:9.3f}" in done.stdout


def test_info_json_is_the_manifest(trained):
    path, _ = trained
    assert json.loads(run("info", path, "--json").stdout)["types"] == ["fine", "stop"]


@with_real_texts
def test_offsets_hold_on_real_articles():
    done = run("predict", FOLDER / "seeds")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len({record["document"] for record in records}) == 5
    for record in records:
        text = Path(record["document"]).read_bytes().decode("utf-8-sig")
        assert text[record["start"] : record["end"]] == record["text"]


def test_dash_as_output_is_stdout(article, tmp_path):
    assert run("predict", article, "-o", "-", cwd=tmp_path).stdout == run("predict", article).stdout
    assert not (tmp_path / "-").exists()


def test_model_is_not_written_to_stdout(training_file):
    assert fails("train", training_file, "-o", "-") == "wiredesk: -: this is not written to stdout; name a file"


# Adjusting a model to a wish


def probabilities(text_file, *options):
    return [json.loads(line)["probabilities"] for line in run("predict", text_file, *options).stdout.splitlines()]


def types(text_file, *options):
    return [json.loads(line)["types"] for line in run("predict", text_file, *options).stdout.splitlines()]


def test_a_threshold_decides_which_types_are_given(article):
    assert all("official_quote" in given for given in types(article, "--threshold", "official_quote=0"))
    assert not any("official_quote" in given for given in types(article, "--threshold", "official_quote=1"))


def test_a_lower_prior_lowers_the_probabilities_of_its_type_alone(article):
    before, after = probabilities(article), probabilities(article, "--prior", "attack_report=0.01")
    assert all(a["attack_report"] < b["attack_report"] for a, b in zip(after, before, strict=True))
    assert [p["official_quote"] for p in after] == [p["official_quote"] for p in before]


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--threshold", "attack_report", "write TYPE=NUMBER"),
        ("--threshold", "attack_report=low", "write TYPE=NUMBER"),
        ("--threshold", "attack_report=1.5", "give a number from 0 to 1"),
        ("--threshold", "attack=0.5", "the model's types are attack_report"),
        ("--prior", "attack_report=0", "give a number between 0 and 1"),
        ("--prior", "attack_report=nan", "give a number between 0 and 1"),
    ],
)
def test_wrong_adjustments_are_wrong_usage(article, option, value, message):
    done = run("predict", article, option, value)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())


def test_train_reaches_a_wanted_recall(training_file, tmp_path):
    path = tmp_path / "recall.wiredesk"
    assert run("train", training_file, "-o", path, "--folds", "2", "--target", "recall=1").returncode == 0
    assert load_model(path).manifest["training"]["target"] == {"recall": 1.0}


@pytest.mark.parametrize("target", ["recall", "recall=2", "f1=0.5", "precision=0", "recall=high"])
def test_a_wrong_target_is_wrong_usage(training_file, tmp_path, target):
    done = run("train", training_file, "-o", tmp_path / "x.wiredesk", "--target", target)
    assert done.returncode == 2
    assert "write recall=0.95 or precision=0.9" in " ".join(done.stderr.split())


def test_train_takes_cue_words_of_ones_own(training_file, tmp_path):
    (tmp_path / "own.toml").write_text('[siren_words]\ntitle = "sirens"\nwords = ["klaxon"]\n')
    path = tmp_path / "own.wiredesk"
    done = run("train", training_file, "-o", path, "--folds", "2", "--lexicon", tmp_path / "own.toml")
    assert done.returncode == 0, done.stderr
    assert load_model(path).manifest["featurizer"]["classes"]["siren_words"]["title"] == "sirens"


def test_a_wrong_lexicon_is_one_line(training_file, tmp_path):
    (tmp_path / "own.toml").write_text('[sirens]\nnoun = ["siren"]\n')
    line = fails("train", training_file, "-o", tmp_path / "x.wiredesk", "--lexicon", tmp_path / "own.toml")
    assert line.startswith(f"wiredesk: {tmp_path / 'own.toml'}: lexicon class 'sirens'")


def test_train_learns_from_articles_without_labels(training_file, tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text("Stop the car at once. Fine weather came.")
    path = tmp_path / "more.wiredesk"
    done = run("train", training_file, "-o", path, "--folds", "2", "--unlabelled", tmp_path / "articles")
    assert done.returncode == 0, done.stderr
    assert load_model(path).manifest["training"]["unlabelled"] == 2


def test_train_search_shows_what_was_tried_and_trains_the_best(tmp_path):
    data = tmp_path / "big.jsonl"
    rows = [
        {"text": f"{word} {place}.", "labels": [label] if label else [], "document": place}
        for place in ("Belm", "Tarn", "Selm", "Dorn", "Hald", "Vik")
        for word, label in (("Stop at", "stop"), ("All is fine in", "fine"), ("Rain over", ""), ("Snow on", ""))
    ]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    path = tmp_path / "best.wiredesk"
    done = run("train", data, "-o", path, "--folds", "2", "--search", "--search-test", data)
    assert done.returncode == 0, done.stderr
    for name in candidates():
        assert name in done.stdout
    assert "Nested cross-validation of the choice:" in done.stdout
    assert path.exists()


@pytest.mark.parametrize("option", ["--lexicon", "--unlabelled"])
def test_train_does_not_replace_what_it_reads(training_file, tmp_path, option):
    own = tmp_path / "own.txt"
    own.write_text('[sirens]\nwords = ["klaxon"]\n')
    done = run("train", training_file, "-o", own, option, own, "--force", "--folds", "2")
    assert done.returncode == 1
    assert own.read_text().startswith("[sirens]")


def test_search_test_needs_search(training_file, tmp_path):
    done = run("train", training_file, "-o", tmp_path / "x.wiredesk", "--search-test", training_file)
    assert done.returncode == 2
    assert "give both or neither" in " ".join(done.stderr.split())
