"""Parquet output, and the columns of formats whose columns stand before the first row."""

import csv
import io
import json
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from wiredesk.columns import find_columns, merge_columns
from wiredesk.documents import LabelledDocument
from wiredesk.errors import InputError
from wiredesk.models import load_model
from wiredesk.models.labelled import OUTPUT_FIELDS
from wiredesk.parquet import write_parquet
from wiredesk.prediction import predict
from wiredesk.readers import Reading
from wiredesk.sources import find_sources

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

MODEL = load_model()
HUGE = 1 << 80
TEXT = "A rocket hit the port."


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def jsonl(*rows, name="in.jsonl"):
    """Write rows, each with a text; the name of the file."""
    Path(name).write_text("".join(json.dumps({"text": TEXT, **row}) + "\n" for row in rows))
    return name


def table(columns, name="in.parquet"):
    parquet.write_table(pa.table({"text": [TEXT] * len(next(iter(columns.values()))), **columns}), name)
    return name


def found(*names, **options):
    return merge_columns([find_columns(find_sources(names), Reading(**options))])


def through(output, *names, types=(), **options):
    """Label files; the rows of the output."""
    predict(find_sources(names), Reading(**options), MODEL, output.rpartition(".")[2], output, types=types)
    if output.endswith(".csv"):
        return list(csv.DictReader(io.StringIO(Path(output).read_bytes().decode("utf-8-sig"), newline="")))
    if output.endswith(".jsonl"):
        return [json.loads(line) for line in Path(output).read_text(encoding="utf-8").splitlines()]
    return parquet.read_table(output).to_pylist()


def column(output, name, *names):
    """Label files; a column of the output."""
    return [row[name] for row in through(output, *names)]


# Which columns there are


def test_columns_are_those_beside_text_and_document_in_order_of_appearance():
    name = jsonl({"document": "a", "b": 1}, {"id": "b", "a": "x", "c": True})
    assert found(name) == {"b": int, "a": str, "c": bool}


def test_columns_of_several_files_are_all_of_them():
    Path("in.csv").write_text("day,text\n6,Rain fell.\n")
    Path("in.txt").write_text("Rain fell.")
    assert found(jsonl({"n": 1}), "in.csv", "in.txt", jsonl({"m": 2.5}, name="b.jsonl")) == {
        "n": int,
        "day": str,
        "m": float,
    }


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2], int),
        ([1, 2.5], float),
        ([2.5, 1], float),
        ([1, True], dict),
        ([1, "x"], dict),
        ([None, 1, None], int),
        ([None, None], str),
        ([[1]], dict),
        ([{"a": 1}, None], dict),
        ([(1 << 63) - 1], int),
        ([1 << 63], dict),
        ([1.5, HUGE], dict),
    ],
)
def test_type_of_a_column_holds_all_its_values(values, kind):
    assert found(jsonl(*({"x": value} for value in values))) == {"x": kind}


def test_columns_of_parquet_keep_their_arrow_types():
    assert found(table({"day": [date(2024, 5, 6)], "n": pa.array([1], pa.int8())})) == {
        "day": pa.date32(),
        "n": pa.int8(),
    }


def test_rows_that_are_rejected_have_no_columns():
    Path("in.jsonl").write_text('oops\n{"text": "", "a": 1}\n{"b": 2}\n{"text": "Rain fell.", "c": 3}\n')
    assert found("in.jsonl") == {"c": int}


def test_file_that_cannot_be_read_has_no_columns():
    Path("bad.csv").write_text("text,text\n")
    Path("bad.parquet").write_text("rain")
    assert found("bad.csv", "bad.parquet", jsonl({"n": 1})) == {"n": int}


def test_document_is_no_other_column_of_a_sentence_and_id_is():
    assert found(jsonl({"document": "a", "id": 1, "n": 2}), unit="sentence") == {"id": int, "n": int}


# What comes out


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.parquet"])
def test_columns_are_passed_through_in_order(output):
    [row] = through(output, jsonl({"zone": "south", "id": "a7", "day": "2024-05-06"}))
    assert list(row)[-2:] == ["zone", "day"]
    assert (row["document"], row["zone"], row["day"]) == ("a7", "south", "2024-05-06")


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.parquet"])
def test_columns_named_like_a_field_are_passed_through_under_another_name(output):
    [row] = through(output, jsonl({"type": "opinion", "start": "noon", "input_type": "x"}))
    assert (row["input_type"], row["input_start"], row["input_input_type"]) == ("opinion", "noon", "x")
    assert row["type"] == "attack_report"


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.parquet"])
def test_sentences_get_the_columns_of_their_rows(output):
    name = jsonl({"document": "a", "n": 1}, {"document": "a", "n": 2}, {"document": "b", "n": 3})
    rows = through(output, name, unit="sentence")
    assert [(row["document"], int(row["sentence"]), int(row["n"])) for row in rows] == [
        ("a", 0, 1),
        ("a", 1, 2),
        ("b", 0, 3),
    ]


@pytest.mark.parametrize("output", ["out.csv", "out.parquet"])
def test_lines_of_json_may_have_other_columns(output):
    first, second = through(output, jsonl({"a": "x"}, {"b": "y"}))
    blank = "" if output == "out.csv" else None
    assert (first["a"], first["b"], second["a"], second["b"]) == ("x", blank, blank, "y")


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([1, 2.5], [1.0, 2.5]),
        ([(1 << 63) - 1], [(1 << 63) - 1]),
        ([True, None], [True, None]),
        ([None], [None]),
        ([[1, None], {"a": "é"}], ["[1, null]", '{"a": "é"}']),
        ([HUGE, 1], [str(HUGE), "1"]),
        ([1, True], ["1", "true"]),
    ],
)
def test_values_of_json_in_parquet(values, kept):
    assert column("out.parquet", "x", jsonl(*({"x": value} for value in values))) == kept


def test_large_whole_number_among_fractions_is_no_crash():
    # 2 ** 53 + 1 is no float.
    first, second = column("out.parquet", "x", jsonl({"x": (1 << 53) + 1}, {"x": 0.5}))
    assert float(first) == float((1 << 53) + 1)
    assert float(second) == 0.5


def test_values_of_parquet_in_parquet():
    values = {
        "day": date(2024, 5, 6),
        "at": datetime(2024, 5, 6, 7, 8),
        "price": Decimal("1.10"),
        "raw": b"\x00\xff",
        "tags": ["a", "b"],
        "place": {"name": "Belm", "x": 1},
        "flag": False,
    }
    [row] = through("out.parquet", table({name: [value] for name, value in values.items()}))
    assert {name: row[name] for name in values} == values


def test_categories_of_parquet_in_parquet():
    name = table({"zone": pa.array(["south", None, "south"]).dictionary_encode()})
    assert column("out.parquet", "zone", name) == ["south", None, "south"]


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv"])
def test_dates_of_parquet_are_written_in_iso_8601(output):
    [row] = through(output, table({"day": [date(2024, 5, 6)], "at": [datetime(2024, 5, 6, 7, 8)]}))
    assert (row["day"], row["at"]) == ("2024-05-06", "2024-05-06T07:08:00")


def test_dates_that_become_json_are_written_in_iso_8601_too():
    # The second file has other types, so that both are written as JSON.
    rows = through("out.parquet", table({"x": [datetime(2024, 5, 6, 7, 8)]}), jsonl({"x": 1}))
    assert [row["x"] for row in rows] == ['"2024-05-06T07:08:00"', "1"]


def test_missing_numbers_of_parquet_stay_missing():
    name = table({"n": [1.5, float("nan"), None]})
    assert column("out.parquet", "n", name) == [1.5, None, None]
    assert column("out.csv", "n", name) == ["1.5", "", ""]
    assert column("out.jsonl", "n", name) == [1.5, None, None]


def test_text_is_text_whichever_format_it_comes_from():
    # Otherwise a title would be written in quotation marks, as JSON.
    Path("in.csv").write_text("text,title\nRain fell.,C\n")
    names = [table({"title": ["A"]}), jsonl({"title": "B"}), "in.csv"]
    assert column("out.parquet", "title", *names) == ["A", "B", "C"]


def test_whole_numbers_of_two_widths_are_numbers():
    names = [table({"n": pa.array([1], pa.int32())}), table({"n": pa.array([2], pa.int64())}, "b.parquet")]
    assert column("out.parquet", "n", *names) == [1, 2]


def test_two_columns_of_one_name_in_parquet_are_refused():
    parquet.write_table(pa.table([[TEXT], ["a"], ["b"]], names=["text", "x", "x"]), "in.parquet")
    with pytest.raises(InputError, match="in.parquet: has two columns 'x'; rename one"):
        column("out.parquet", "text", "in.parquet")


def test_name_with_a_lone_surrogate_is_no_crash():
    Path("in.jsonl").write_text('{"text": "Rain fell.", "\\ud800": 1}\n')
    assert column("out.parquet", "text", "in.jsonl") == ["Rain fell."]


def test_nanoseconds_are_no_crash_where_pandas_is_not_installed():
    # pyarrow gives them as pandas' timestamps, and pandas is none of wiredesk's dependencies.
    table({"at": pa.array([1_700_000_000_000_000_001], pa.timestamp("ns"))})
    without = (
        "import sys\n"
        "class Without:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'pandas':\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Without())\n"
        "from wiredesk.cli import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", without, "predict", "in.parquet", "--format", "jsonl"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["at"].startswith("2023-11-14T22:13:20")


# The file


def test_columns_of_the_file():
    through("out.parquet", jsonl({"n": 1, "day": "6 May"}))
    schema = parquet.read_schema("out.parquet")
    assert schema.names == [*OUTPUT_FIELDS, "n", "day"]
    assert [str(kind) for kind in schema.types] == [
        "string",
        "int64",
        "int64",
        "int64",
        "string",
        "string",
        "list<element: string>",
        "struct<attack_report: double, official_quote: double, casualty_figure: double, political_context: double>",
        "bool",
        "string",
        "int64",
        "string",
    ]


def test_file_says_which_model_made_it():
    through("out.parquet", jsonl({}))
    assert json.loads(parquet.read_schema("out.parquet").metadata[b"wiredesk"]) == {
        "hash": MODEL.hash,
        "types": list(MODEL.types),
        "thresholds": MODEL.thresholds,
    }


def test_row_groups_are_of_a_fixed_length(monkeypatch):
    monkeypatch.setattr("wiredesk.parquet.ROW_GROUP", 3)
    through("out.parquet", jsonl(*({"n": i} for i in range(7))))
    metadata = parquet.ParquetFile("out.parquet").metadata
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [3, 3, 1]
    assert parquet.read_table("out.parquet")["n"].to_pylist() == [0, 1, 2, 3, 4, 5, 6]


def test_row_groups_are_written_as_they_come(monkeypatch):
    monkeypatch.setattr("wiredesk.parquet.ROW_GROUP", 3)
    out, sizes = io.BytesIO(), []
    document = LabelledDocument("d", TEXT, list(MODEL.label(TEXT)), {})

    def records():
        for _ in range(4):
            sizes.append(out.tell())
            yield from document.records(MODEL.hash)

    write_parquet(records(), {}, MODEL, out)
    assert sizes[0] == sizes[1] == sizes[2] < sizes[3]


def test_same_input_gives_the_same_bytes():
    name = jsonl({"n": 1}, {"n": 2})
    through("one.parquet", name)
    through("two.parquet", name)
    assert Path("one.parquet").read_bytes() == Path("two.parquet").read_bytes()


def test_file_without_records_has_its_columns():
    through("out.parquet", jsonl({"n": 1}), types=["political_context"])
    read = parquet.read_table("out.parquet")
    assert (read.num_rows, read.schema.names) == (0, [*OUTPUT_FIELDS, "n"])


@pytest.mark.parametrize("odd", ["\ud800", "\udfff", "a\ud83dx\ude00", "\ud83d", "\ud83d\ude00"])
def test_lone_surrogates_are_replaced_one_by_one(odd):
    # The last one is a pair of them, which Python takes for two characters.
    text = f"Rain {odd} fell."
    out = io.BytesIO()
    document = LabelledDocument("d", text, list(MODEL.label(text)), {})
    write_parquet(document.records(MODEL.hash), {}, MODEL, out)
    [row] = parquet.read_table(io.BytesIO(out.getvalue())).to_pylist()
    shown = "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= c <= "\udfff" else c for c in text)
    assert row["text"] == shown
    assert row["end"] - row["start"] == len(row["text"])


# All formats


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.parquet"])
def test_texts_are_slices_of_their_document(output):
    text = "“Rain 🌧 fell,” said the mayor of Malmö.\r\n\r\nA rocket hit the port.\u2028Snow fell."
    rows = through(output, jsonl({"text": text}))
    assert len(rows) >= 2
    for row in rows:
        assert text[int(row["start"]) : int(row["end"])] == row["text"]


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.parquet"])
def test_sentences_without_a_wanted_type_are_left_out(output):
    rows = through(
        output, jsonl({"text": "Rain fell."}, {"text": "Two rockets hit the market."}), types=["attack_report"]
    )
    assert [row["text"] for row in rows] == ["Two rockets hit the market."]


def test_all_formats_have_the_same_records():
    name = jsonl({"text": "Rain fell. Two rockets hit the market.", "id": "a"}, {"text": "Six people died.", "id": "b"})
    by_json, by_csv, by_parquet = (through(f"out.{ending}", name) for ending in ("jsonl", "csv", "parquet"))
    assert by_parquet == by_json
    for row, record in zip(by_csv, by_json, strict=True):
        probabilities = {name: float(row.pop(f"probability_{name}")) for name in MODEL.types}
        row = {**row, "types": row["types"].split(";") if row["types"] else [], "probabilities": probabilities}
        row = {**row, **{name: int(row[name]) for name in ("sentence", "start", "end")}}
        assert {**row, "review": row["review"] == "true"} == record
