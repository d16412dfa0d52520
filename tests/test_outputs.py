"""Outputs: which format and where to, JSONL, CSV and tables, and files that are whole or not there."""

import csv
import io
import json
import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from wiredesk.documents import LabelledDocument
from wiredesk.errors import InputError
from wiredesk.models import LabelledSentence, load_model
from wiredesk.models.labelled import OUTPUT_FIELDS, passed_name
from wiredesk.outputs import Interrupted, check_output, choose_format, write_documents
from wiredesk.writers import write_csv, write_jsonl, write_table

MODEL = load_model()
HASH = "0123456789abcdef"

#: A document of two sentences, with probabilities by hand.
ROCKET = LabelledSentence(
    0, 0, 0, 14, "A rocket hit 3", "attack", ("attack", "figure"), {"attack": 0.91234567, "figure": 0.5}, False
)
RAIN = LabelledSentence(0, 1, 15, 25, "Rain fell.", "none", (), {"attack": 0.1, "figure": 1e-9}, True)
NEWS = LabelledDocument("wire-1", "A rocket hit 3 Rain fell.", [ROCKET, RAIN], {"day": date(2024, 5, 6), "type": "x"})


def records(columns, name="wire-1"):
    """Make the records of one sentence with columns that are passed through."""
    return list(NEWS._replace(name=name, sentences=[RAIN], columns=columns).records(HASH))


def as_csv(found, columns=(), types=("attack", "figure")):
    """Write records as CSV; what a reader makes of it."""
    out = io.StringIO(newline="")
    write_csv(found, columns, types, out)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


def as_json(found):
    """Write records as JSONL; what a reader makes of it, who takes nothing but JSON."""

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    out = io.StringIO()
    write_jsonl(found, out)
    return [json.loads(line, parse_constant=refuse) for line in out.getvalue().splitlines()]


# Which format


@pytest.mark.parametrize(
    ("wanted", "output", "terminal", "expected"),
    [
        (None, None, True, "table"),
        (None, None, False, "jsonl"),
        (None, "out.txt", False, "table"),
        (None, "out.jsonl", True, "jsonl"),
        (None, "out.CSV", True, "csv"),
        (None, "out.parquet", True, "parquet"),
        (None, "out.html", True, "html"),
        (None, "out.htm", True, "html"),
        ("csv", "out.txt", True, "csv"),
        ("html", None, True, "html"),
        ("parquet", None, False, "parquet"),
    ],
)
def test_format_is_the_wanted_one_or_follows_the_ending(wanted, output, terminal, expected):
    assert choose_format(wanted, output, terminal) == expected


@pytest.mark.parametrize(
    ("wanted", "output", "message"),
    [
        ("xml", None, "format 'xml' is unknown; choose table, jsonl, csv, parquet, html"),
        ("parquet", None, "Parquet is not for a terminal; add -o FILE"),
        (None, "out.json", r"out.json: this ending tells no format; add --format table\|jsonl\|csv\|parquet\|html"),
        (None, "out", "out: this ending tells no format"),
        (None, "out.csv.gz", "out.csv.gz: this ending tells no format"),
    ],
)
def test_format_that_cannot_be_told_is_refused(wanted, output, message):
    with pytest.raises(InputError, match=f"^{message}"):
        choose_format(wanted, output, True)


# Where to


def refused(output, force=False, inputs=()):
    with pytest.raises(InputError) as error:
        check_output(output, force, inputs)
    return str(error.value)


def test_new_file_is_taken(tmp_path):
    check_output(str(tmp_path / "out.csv"), False, ["-", "nowhere.txt"])


def test_output_that_would_destroy_something_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("out.csv").write_text("precious")
    os.mkfifo("pipe")
    assert refused("out.csv") == "out.csv: exists already; choose another name or add --force to replace it"
    assert refused(".") == ".: is a folder; name a file"
    assert refused("no/out.csv") == "no/out.csv: there is no folder no; make it first"
    assert refused("pipe", force=True) == "pipe: is no regular file; leave -o out to write to stdout"
    check_output("out.csv", True)


def test_input_is_never_replaced_under_whatever_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("text\n")
    os.link("in.csv", "hard.csv")
    Path("soft.csv").symlink_to("in.csv")
    for output in ("in.csv", "hard.csv", "soft.csv", str(tmp_path / "in.csv")):
        assert refused(output, True, ["-", "in.csv"]) == f"{output}: is one of the inputs; choose another name"


# Records


def test_record_has_the_fields_in_order_and_then_what_is_passed_through():
    first, second = NEWS.records(HASH)
    assert list(first) == [*OUTPUT_FIELDS, "day", "input_type"]
    assert list(first.values()) == [
        "wire-1", 0, 0, 14, "A rocket hit 3", "attack", ["attack", "figure"], {"attack": 0.912346, "figure": 0.5},
        False, HASH, date(2024, 5, 6), "x",
    ]  # fmt: skip
    assert second["types"] == []


@pytest.mark.parametrize(
    ("name", "passed"),
    [
        ("day", "day"),
        ("Text", "Text"),
        *((field, f"input_{field}") for field in OUTPUT_FIELDS),
        ("input_x", "input_input_x"),
    ],
)
def test_passed_columns_never_take_the_name_of_another(name, passed):
    assert passed_name(name) == passed


def test_sentences_of_rows_get_the_columns_of_their_rows():
    found = NEWS._replace(columns={}, rows=[{"n": 1}, {"m": 2}]).records(HASH)
    assert [list(record.items())[len(OUTPUT_FIELDS) :] for record in found] == [[("n", 1)], [("m", 2)]]


@pytest.mark.parametrize(
    ("types", "numbers"), [((), [0, 1]), (["figure"], [0]), (["attack", "quote"], [0]), (["quote"], [])]
)
def test_sentences_without_a_wanted_type_are_left_out(types, numbers):
    assert [record["sentence"] for record in NEWS.records(HASH, types)] == numbers


def test_joined_sentences_are_lines_of_a_text():
    rows = [{"n": 1}, {"n": 2}]
    joined = NEWS._replace(text="", columns={}, rows=rows).joined()
    assert joined.text == "A rocket hit 3\nRain fell."
    assert [(s.start, s.end) for s in joined.sentences] == [(0, 14), (15, 25)]
    assert NEWS.joined() is NEWS


# JSONL


def test_json_lines_are_the_records():
    assert as_json(NEWS.records(HASH)) == [{**record, "day": "2024-05-06"} for record in NEWS.records(HASH)]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"a": [1, None, "é"]}, {"a": [1, None, "é"]}),
        (datetime(2024, 5, 6, 7, 8), "2024-05-06T07:08:00"),
        (b"\x00\xff", "AP8="),
        (Decimal("1.10"), "1.10"),
        (1 << 80, 1 << 80),
        ("=1+1", "=1+1"),
        ("a\u2028b", "a\u2028b"),
    ],
)
def test_json_keeps_what_is_passed_through(value, written):
    out = io.StringIO()
    write_jsonl(records({"x": value}), out)
    assert json.loads(out.getvalue())["x"] == written
    assert out.getvalue().count("\n") == 1


# CSV


def test_csv_has_one_column_per_type_where_the_probabilities_stand():
    out = io.StringIO()
    write_csv(NEWS.records(HASH), ["day", "type"], ["attack", "figure"], out)
    assert out.getvalue().splitlines() == [
        "document,sentence,start,end,text,type,types,probability_attack,probability_figure,review,model,day,input_type",
        f"wire-1,0,0,14,A rocket hit 3,attack,attack;figure,0.912346,0.500000,false,{HASH},2024-05-06,x",
        f"wire-1,1,15,25,Rain fell.,none,,0.100000,0.000000,true,{HASH},2024-05-06,x",
    ]


def test_csv_without_records_is_its_header():
    assert as_csv([]) == []
    out = io.StringIO()
    write_csv([], ["day"], ["attack"], out)
    assert out.getvalue() == ("document,sentence,start,end,text,type,types,probability_attack,review,model,day\n")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1 555 0100", "-rain", "@mayor", "\train", "\nrain", "- a dash", "=", "-", '=HYPERLINK("x")', "-1,5"],
)
def test_text_that_a_spreadsheet_would_compute_stands_behind_an_apostrophe(text):
    [row] = as_csv(records({"title": text}, name=text), ["title"])
    assert (row["title"], row["document"]) == (f"'{text}", f"'{text}")


@pytest.mark.parametrize("text", ["-3", "+4.5", "-.5", "-1e-9", "3", "a=b", " =1", "'=1", "“=1”"])
def test_numbers_and_other_text_are_left(text):
    assert as_csv(records({"title": text}), ["title"])[0]["title"] == text


def test_names_of_columns_are_defused_too():
    assert "'=1+1" in as_csv(records({"=1+1": "rain"}), ["=1+1"])[0]


@pytest.mark.parametrize("text", ['a "b", c', "a\nb", "a\r\nb", "a\rb", "a\u2028b", "a;b", " a "])
def test_csv_gives_text_back_as_it_was(text):
    assert as_csv(records({"title": text}), ["title"])[0]["title"] == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (-3, "-3"),
        (0.1, "0.1"),
        (1 << 80, str(1 << 80)),
        (["a", {"b": None}], '["a", {"b": null}]'),
        (datetime(2024, 5, 6, 7, 8), "2024-05-06T07:08:00"),
        (b"\x00\xff", "AP8="),
        (Decimal("-1.10"), "-1.10"),
    ],
)
def test_values_in_cells(value, cell):
    assert as_csv(records({"x": value}), ["x"])[0]["x"] == cell


def test_column_that_a_record_lacks_is_blank():
    first, second = as_csv([*records({"a": 1}), *records({"b": 2})], ["a", "b"])
    assert (first["a"], first["b"], second["a"], second["b"]) == ("1", "", "", "2")


# Tables


def test_table_leaves_out_documents_without_a_wanted_type():
    out = io.StringIO()
    quiet = NEWS._replace(name="wire-2", sentences=[RAIN])
    model_types = dict.fromkeys(("attack", "figure"))
    write_table([NEWS, quiet], HASH, out, list(model_types)[:1])
    assert "wire-1" in out.getvalue()
    assert "wire-2" not in out.getvalue()
    assert "Rain fell." not in out.getvalue()


def test_table_explains_its_mark_if_it_stands_there():
    marked, unmarked = io.StringIO(), io.StringIO()
    write_table([NEWS], HASH, marked)
    write_table([NEWS], HASH, unmarked, ["attack"])
    assert "? a probability near its threshold" in marked.getvalue()
    assert "?" not in unmarked.getvalue()


# Files


def labelled(*texts):
    for number, text in enumerate(texts):
        yield LabelledDocument(f"d{number}", text, list(MODEL.label(text)), {})


def broken():
    yield from labelled("Rain fell.")
    raise RuntimeError("pulled the plug")


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "parquet", "html", "table"])
def test_file_appears_when_it_is_whole(tmp_path, format_name):
    out = tmp_path / "out"

    def documents():
        yield from labelled("Rain fell.", "Snow fell.")
        assert not out.exists()

    write_documents(documents(), format_name, str(out), MODEL)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert b"Rain fell." in out.read_bytes()


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "parquet", "html", "table"])
def test_failure_leaves_what_was_there(tmp_path, format_name):
    (tmp_path / "out").write_text("precious")
    with pytest.raises(RuntimeError, match="pulled the plug"):
        write_documents(broken(), format_name, str(tmp_path / "out"), MODEL)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "precious")]


def test_files_begin_with_a_byte_order_mark_in_csv_alone(tmp_path):
    for format_name in ("jsonl", "csv", "html", "table"):
        write_documents(labelled("Rain fell."), format_name, str(tmp_path / format_name), MODEL)
    marked = [path.name for path in sorted(tmp_path.iterdir()) if path.read_bytes().startswith(b"\xef\xbb\xbf")]
    assert marked == ["csv"]


@pytest.mark.parametrize("format_name", ["jsonl", "csv"])
def test_lone_surrogates_are_written_as_escapes(tmp_path, format_name):
    write_documents(labelled("Rain \ud800 fell."), format_name, str(tmp_path / "out"), MODEL)
    assert "Rain \\ud800 fell." in (tmp_path / "out").read_text(encoding="utf-8")


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "table", "html"])
def test_stdout_gets_utf8_without_a_mark(capsysbinary, format_name):
    write_documents(labelled("“Rain fell,” she said."), format_name, None, MODEL)
    written = capsysbinary.readouterr().out
    assert "“Rain fell,” she said.".encode() in written
    assert not written.startswith(b"\xef\xbb\xbf")


def test_interruption_keeps_what_there_is_under_a_name_of_its_own(tmp_path):
    out = str(tmp_path / "out.jsonl")
    for kept in ("out.jsonl.partial", "out.jsonl.partial.2", "out.jsonl.partial.3"):
        with pytest.raises(Interrupted, match=f"^what is finished is in {tmp_path}/{kept}$"):
            write_documents(labelled("Rain fell."), "jsonl", out, MODEL, is_stopped=lambda: True)
        assert json.loads((tmp_path / kept).read_text())["text"] == "Rain fell."
    assert len(list(tmp_path.iterdir())) == 3


def test_interruption_leaves_the_file_it_was_to_replace(tmp_path):
    (tmp_path / "out.jsonl").write_text("precious")
    with pytest.raises(Interrupted):
        write_documents(labelled("Rain."), "jsonl", str(tmp_path / "out.jsonl"), MODEL, is_stopped=lambda: True)
    assert (tmp_path / "out.jsonl").read_text() == "precious"


def test_interruption_on_stdout_says_that_it_ends(capsys):
    with pytest.raises(Interrupted, match="^the output ends there$"):
        write_documents(labelled("Rain fell."), "jsonl", None, MODEL, is_stopped=lambda: True)
    assert json.loads(capsys.readouterr().out)["text"] == "Rain fell."
