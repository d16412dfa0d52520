"""What ``wiredesk predict`` says, writes and returns, as a user runs it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import wiredesk

WIREDESK = Path(sys.executable).with_name("wiredesk")

ROCKETS = "Two rockets hit the market."
RAIN = "Rain fell."
ROWS = [{"text": f"{RAIN} {ROCKETS}", "id": "a"}, {"text": RAIN, "id": "b"}]


def run(*arguments, **options):
    """Run the command; its output as text."""
    return subprocess.run(
        [WIREDESK, "predict", *arguments], capture_output=True, encoding="utf-8", timeout=120, **options
    )


def fails(*arguments, code=1, **options):
    """Run a command that fails; its one line of complaint."""
    done = run(*arguments, **options)
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


def wrong_usage(*arguments):
    """Run a command that is used wrongly; what it says on one line."""
    done = run(*arguments)
    assert done.returncode == 2
    return " ".join(done.stderr.split())


def read(name):
    return [json.loads(line) for line in Path(name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Make a folder, the current one, of good rows and of bad ones among good ones."""
    monkeypatch.chdir(tmp_path)
    good = [json.dumps(row) + "\n" for row in ROWS]
    Path("good.jsonl").write_text("".join(good))
    Path("mixed.jsonl").write_text(good[0] + "oops\n" + good[1] + '{"text": ""}\n')
    Path("bad.jsonl").write_text("oops\n")
    return tmp_path


# What it says


def test_summary_is_one_line_on_stderr():
    done = run("good.jsonl")
    assert done.returncode == 0
    said = done.stderr
    assert said.startswith("wiredesk: 2 documents, 3 sentences in ")
    assert said.endswith(": 1 attack_report, 0 official_quote, 0 casualty_figure, 0 political_context, 2 none\n")
    assert said.count("\n") == 1


@pytest.mark.parametrize("option", ["-q", "--quiet"])
def test_quiet_command_says_nothing(option):
    done = run("good.jsonl", option)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 3


def test_summary_counts_all_sentences_whatever_is_written():
    done = run("good.jsonl", "--types", "attack_report")
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.startswith("wiredesk: 2 documents, 3 sentences in ")


def test_input_without_rows_is_done():
    Path("empty.jsonl").touch()
    done = run("empty.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("wiredesk: 0 documents, 0 sentences in ")


# What cannot be read


def test_rejects_are_said_once_and_fail_in_the_end():
    done = run("mixed.jsonl")
    assert done.returncode == 1
    assert [json.loads(line)["document"] for line in done.stdout.splitlines()] == ["a", "a", "b"]
    first, second, summary, count = done.stderr.splitlines()
    assert first.startswith("wiredesk: mixed.jsonl:2: no JSON: ")
    assert second == "wiredesk: mixed.jsonl:4: text is empty; there is no sentence to label"
    assert summary.startswith("wiredesk: 2 documents, 3 sentences in ")
    assert count == "wiredesk: 2 could not be read; --rejects FILE collects them"


def test_output_is_written_in_spite_of_rejects():
    assert run("mixed.jsonl", "-o", "out.jsonl").returncode == 1
    assert len(read("out.jsonl")) == 3


def test_rejects_that_are_collected_are_no_failure():
    done = run("mixed.jsonl", "-o", "out.jsonl", "--rejects", "rejects.jsonl")
    assert done.returncode == 0
    assert [(row["source"], row["line"], row["content"]) for row in read("rejects.jsonl")] == [
        ("mixed.jsonl", 2, "oops"),
        ("mixed.jsonl", 4, '{"text": ""}'),
    ]
    summary, count = done.stderr.splitlines()
    assert summary.startswith("wiredesk: 2 documents")
    assert count == "wiredesk: 2 could not be read; they are in rejects.jsonl"


def test_quiet_command_still_says_what_cannot_be_read():
    done = run("mixed.jsonl", "-q")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 2
    assert "wiredesk: mixed.jsonl:2: no JSON: " in done.stderr


def test_strict_command_stops_at_the_first_and_leaves_nothing():
    message = fails("mixed.jsonl", "-o", "out.jsonl", "--rejects", "rejects.jsonl", "--strict")
    assert message.startswith("wiredesk: mixed.jsonl:2: no JSON: ")
    assert sorted(os.listdir()) == ["bad.jsonl", "good.jsonl", "mixed.jsonl"]


def test_strict_command_with_good_input_is_done():
    assert run("good.jsonl", "--strict").returncode == 0


@pytest.mark.parametrize("options", [(), ("-q",), ("--strict",), ("-o", "out.csv")])
def test_only_reject_of_all_is_said_once(options):
    assert fails("bad.jsonl", *options).startswith("wiredesk: bad.jsonl:1: no JSON: ")
    assert not Path("out.csv").exists()


def test_reason_is_told_though_nothing_is_left_to_label():
    done = run("bad.jsonl", "-o", "out.jsonl", "--rejects", "rejects.jsonl")
    assert done.returncode == 1
    assert "no JSON" in done.stderr + (Path("rejects.jsonl").read_text() if Path("rejects.jsonl").exists() else "")


def test_web_page_without_an_article_is_one_line():
    pytest.importorskip("trafilatura")
    Path("page.html").write_text("<html></html>")
    assert fails("page.html").startswith("wiredesk: page.html: no article found in this page")


# Wrong usage


def test_rejects_and_output_cannot_be_one_file():
    # Whichever is finished last would replace the other.
    message = fails("mixed.jsonl", "-o", "out.jsonl", "--rejects", "out.jsonl", code=2)
    assert message.startswith("wiredesk: --rejects out.jsonl: is the output too")
    assert not Path("out.jsonl").exists()


def test_rejects_never_replace_an_input():
    message = fails("mixed.jsonl", "--rejects", "mixed.jsonl", "--force")
    assert message == "wiredesk: mixed.jsonl: is one of the inputs; choose another name"


def test_rejects_are_not_written_to_stdout():
    assert "model" not in fails("mixed.jsonl", "--rejects", "-")


def test_existing_rejects_are_kept():
    Path("rejects.jsonl").write_text("precious")
    assert "exists already" in fails("mixed.jsonl", "--rejects", "rejects.jsonl")
    assert Path("rejects.jsonl").read_text() == "precious"


def test_unknown_type_is_wrong_usage():
    assert "--types 'flood'; the model's types are attack_report, official_quote" in (
        wrong_usage("good.jsonl", "--types", "attack_report,flood")
    )


def test_types_of_a_page_are_wrong_usage():
    message = wrong_usage("good.jsonl", "--types", "attack_report", "-o", "out.html")
    assert "a page shows whole articles, and has filters of its own" in message
    assert not Path("out.html").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--unit", "line"), "unit 'line' is unknown; choose document or sentence"),
        (("--encoding", "klingon"), "encoding 'klingon' is unknown; name one that Python knows, as latin-1"),
        (("--delimiter", "||"), "delimiter '||' separates no cells; give one character, as ';'"),
        (("--input-format", "xml"), "input format 'xml' is unknown; choose text, html, jsonl, csv, tsv, parquet"),
        (("--keep-text", "nowhere"), "nowhere: no such folder; make it first"),
        (("--format", "xml"), "format 'xml' is unknown; choose table, jsonl, csv, parquet, html"),
    ],
)
def test_what_cannot_be_is_one_line(options, message):
    assert fails("good.jsonl", *options, code=2) == f"wiredesk: {message}; see wiredesk predict --help"


@pytest.mark.parametrize(
    "options", [("--delimiter", '"'), ("--delimiter", "\n"), ("--encoding", "rot13"), ("--encoding", "idna")]
)
def test_settings_that_python_knows_and_csv_does_not_are_no_crash(options):
    Path("rows.csv").write_text("text,n\nRain fell.,1\n")
    done = run("rows.csv", *options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


# What it reads and writes


@pytest.mark.parametrize(
    ("options", "content"),
    [
        (("--input-format", "jsonl"), b'{"body": "Rain fell.", "key": "a"}\n'),
        (("--input-format", "csv"), b"key,body\na,Rain fell.\n"),
        (("--input-format", "csv", "--delimiter", ";"), b"key;body\na;Rain fell.\n"),
        (("--input-format", "tsv"), b"key\tbody\na\tRain fell.\n"),
        (("--input-format", "tsv", "--encoding", "utf-16"), "key\tbody\na\tRain fell.\n".encode("utf-16")),
    ],
)
@pytest.mark.parametrize("format_name", ["jsonl", "csv"])
def test_tables_come_from_stdin_too(options, content, format_name):
    columns = ("--text-column", "body", "--id-column", "key")
    done = subprocess.run(
        [WIREDESK, "predict", "-", *options, *columns, "--format", format_name], input=content, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    last = done.stdout.decode().splitlines()[-1]
    assert last.startswith('{"document": "a", ' if format_name == "jsonl" else "a,0,0,10,Rain fell.,none,,")


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "parquet"])
def test_parquet_comes_from_a_pipe_too(format_name):
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    file = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": [RAIN]}), file)
    command = [WIREDESK, "predict", "-", "--input-format", "parquet", "--format", format_name]
    done = subprocess.run(command, input=file.getvalue(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert RAIN.encode() in done.stdout


def test_parquet_goes_to_stdout():
    parquet = pytest.importorskip("pyarrow.parquet")
    done = subprocess.run([WIREDESK, "predict", "good.jsonl", "--format", "parquet"], capture_output=True)
    assert done.returncode == 0, done.stderr
    assert parquet.read_table(io.BytesIO(done.stdout))["text"].to_pylist() == [RAIN, ROCKETS, RAIN]


def test_csv_on_stdout_has_no_byte_order_mark():
    assert run("good.jsonl", "--format", "csv").stdout.startswith("document,sentence,")


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "table"])
def test_types_choose_what_is_written(format_name):
    written = run("good.jsonl", "--types", "attack_report, casualty_figure", "--format", format_name).stdout
    assert ROCKETS in written
    assert RAIN not in written


def test_page_is_made_from_articles_and_from_sentences():
    pytest.importorskip("jinja2")
    for unit in ("document", "sentence"):
        assert run("good.jsonl", "--unit", unit, "-o", f"{unit}.html").returncode == 0
        page = Path(f"{unit}.html").read_text(encoding="utf-8")
        assert "Two rockets hit the market." in page


def test_unit_sentence_takes_rows_as_they_are():
    record = json.loads(run("good.jsonl", "--unit", "sentence").stdout.splitlines()[0])
    assert record["text"] == f"{RAIN} {ROCKETS}"
    assert (record["document"], record["id"]) == ("good.jsonl:1", "a")


def test_kept_text_holds_what_offsets_refer_to():
    pytest.importorskip("trafilatura")
    told = "The mayor of Belm said that rain fell on day {} and that the river rose by a metre."
    paragraphs = "".join(f"<p>{told.format(day)}</p>" for day in range(4))
    Path("page.html").write_text(f"<html><body><article>{paragraphs}</article></body></html>")
    Path("kept").mkdir()
    records = map(json.loads, run("page.html", "--keep-text", "kept").stdout.splitlines())
    text = Path("kept/page.html.txt").read_bytes().decode()
    slices = [(text[record["start"] : record["end"]], record["text"]) for record in records]
    assert len(slices) == 4
    assert all(one == other for one, other in slices)


def test_model_in_the_record_is_the_adjusted_one():
    record = json.loads(run("good.jsonl", "--threshold", "attack_report=0.5").stdout.splitlines()[0])
    assert record["model"] == wiredesk.load_model().with_thresholds({"attack_report": 0.5}).hash
