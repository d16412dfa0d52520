"""Rows of JSONL, CSV and Parquet: their cells, numbers and lines, and what is no row."""

import codecs
import io
from datetime import date
from decimal import Decimal

import pytest

from wiredesk import rows
from wiredesk.errors import InputError
from wiredesk.rejects import Reject
from wiredesk.rows import codec, encoding_name, read_rows
from wiredesk.sources import Source

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def read(data, format="jsonl", encoding="utf-8", delimiter=None):
    """Read rows of bytes or, in UTF-8, text; what was read and what not."""
    rejects = []
    data = data.encode() if isinstance(data, str) else data
    found = list(read_rows(Source("in", format), io.BytesIO(data), codec(encoding), delimiter, rejects.append))
    return found, rejects


def cells(*arguments, **options):
    """Read rows none of which is refused; their cells."""
    found, rejects = read(*arguments, **options)
    assert rejects == []
    return [row.cells for row in found]


def told(*arguments, **options):
    """Read rows some of which are refused; where and why."""
    return [reject.told for reject in read(*arguments, **options)[1]]


def as_parquet(columns):
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("reject", "shown"),
    [(Reject("a.csv", 7, "no text"), "a.csv:7: no text"), (Reject("a.txt", None, "empty"), "a.txt: empty")],
)
def test_reject_says_where_and_why(reject, shown):
    assert reject.told == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("utf8", "UTF-8"), ("UTF_8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("latin-1", "latin-1")]
)
def test_encoding_is_written_as_people_do(name, shown):
    assert encoding_name(name) == shown


# JSONL


def test_json_line_is_a_row():
    assert read('{"text": "Rain fell.", "n": 3}\n{"text": "Snow fell."}\n')[0] == [
        (1, 1, {"text": "Rain fell.", "n": 3}),
        (2, 2, {"text": "Snow fell."}),
    ]


def test_blank_lines_count_as_lines_and_not_as_rows():
    found, rejects = read('\n{"n": 1}\n  \t\r\n\n{"n": 2}\n\n')
    assert [(row.number, row.line, row.cells["n"]) for row in found] == [(1, 2, 1), (2, 5, 2)]
    assert rejects == []


def test_refused_line_keeps_its_row_number():
    found, _ = read('{"n": 1}\noops\n{"n": 3}\n')
    assert [(row.number, row.line) for row in found] == [(1, 1), (3, 3)]


def test_last_line_needs_no_end():
    assert cells('{"n": 1}\n{"n": 2}') == [{"n": 1}, {"n": 2}]


def test_windows_line_ends_are_line_ends():
    assert cells('{"n": 1}\r\n{"n": 2}\r\n') == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_unicode_line_separators_are_none_here(separator):
    assert cells(f'{{"text": "Rain{separator}fell."}}\n') == [{"text": f"Rain{separator}fell."}]


def test_byte_order_mark_is_dropped_from_json():
    assert cells(codecs.BOM_UTF8 + b'{"n": 1}\n') == [{"n": 1}]


def test_line_that_is_no_json_is_refused_with_its_position():
    _, [reject] = read('{"n": 1}\n{"n": 2,}\n')
    assert reject.told.startswith("in:2: no JSON: ")
    assert reject.reason.endswith(" at character 9")
    assert reject.content == '{"n": 2,}'


@pytest.mark.parametrize("line", ["[1]", '"rain"', "3", "null", "true"])
def test_json_that_is_no_object_is_refused(line):
    assert told(line) == ["in:1: no JSON object; write one per line"]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_has_not_are_refused(constant):
    assert told(f'{{"n": {constant}}}\n') == [f"in:1: {constant} is no JSON; write null"]


def test_number_that_is_too_large_does_not_become_infinite():
    # What is read as infinite would be written as Infinity, which is no JSON.
    found, _ = read('{"n": 1e999}\n')
    assert [row.cells["n"] for row in found if row.cells["n"] == float("inf")] == []


def test_number_of_too_many_digits_costs_its_row():
    found, rejects = read(f'{{"n": {"9" * 5000}}}\n{{"n": 2}}\n')
    assert [row.number for row in found] == [2]
    assert [reject.line for reject in rejects] == [1]


def test_deep_nesting_costs_its_row():
    found, rejects = read(f'{{"n": {"[" * 100_000}{"]" * 100_000}}}\n{{"n": 2}}\n')
    assert [row.number for row in found] == [2]
    assert [reject.told for reject in rejects] == ["in:1: nested too deeply"]


def test_bad_byte_costs_its_row():
    found, [reject] = read(b'{"n": 1}\n{"text": "caf\xe9"}\n{"n": 3}\n')
    assert [row.number for row in found] == [1, 3]
    assert reject.told == ("in:2: not UTF-8 (byte 0xe9 at character 14); save it as UTF-8 or name its --encoding")


def test_escaped_lone_surrogate_is_text():
    assert cells('{"text": "a\\ud800b"}\n') == [{"text": "a\ud800b"}]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_json_of_another_encoding(encoding):
    assert cells('{"text": "café"}\n'.encode(encoding), encoding=encoding) == [{"text": "café"}]


def test_json_in_utf16():
    assert cells('{"n": "é"}\r\n{"n": 2}\n'.encode("utf-16"), encoding="utf-16") == [{"n": "é"}, {"n": 2}]


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_utf16_that_is_cut_off_is_no_crash(format):
    data = {"jsonl": '{"text": "Rain fell."}\n', "csv": "text\nRain fell.\n"}[format].encode("utf-16") + b"\x41"
    try:
        _, rejects = read(data, format, encoding="utf-16")
    except InputError as error:
        assert "utf-16" in str(error)
    else:
        assert ["utf-16" in reject.reason for reject in rejects] == [True]


def test_rows_are_read_as_they_are_asked_for():
    file = io.BytesIO(b'{"n": 1}\n' * 100_000)
    found = read_rows(Source("in", "jsonl"), file, "utf-8", None, lambda reject: None)
    assert next(found).cells == {"n": 1}
    assert file.tell() < 100_000


# CSV


def test_csv_row_has_the_headers_names():
    assert read("text,n\nRain fell.,1\nSnow fell.,2\n", "csv")[0] == [
        (1, 2, {"text": "Rain fell.", "n": "1"}),
        (2, 3, {"text": "Snow fell.", "n": "2"}),
    ]


def test_quoted_cell_may_hold_commas_quotes_and_line_ends():
    assert cells('text,n\n"“Rain,” she said.\r\n""Snow.""",1\n', "csv") == [
        {"text": '“Rain,” she said.\r\n"Snow."', "n": "1"}
    ]


def test_line_of_a_row_is_where_it_ends():
    found, _ = read('text\n"a\nb\nc"\n\nd\n', "csv")
    assert [(row.number, row.line, row.cells["text"]) for row in found] == [(1, 4, "a\nb\nc"), (2, 6, "d")]


def test_last_csv_row_needs_no_line_end():
    assert cells("text\r\nRain fell.\r\nSnow fell.", "csv") == [{"text": "Rain fell."}, {"text": "Snow fell."}]


def test_unicode_line_separators_are_part_of_a_cell():
    assert cells("text,n\nRain\u2028fell.,1\n", "csv") == [{"text": "Rain\u2028fell.", "n": "1"}]


@pytest.mark.parametrize(("row", "count"), [("Rain fell.", 1), ("Rain, it fell.,1", 3)])
def test_row_of_other_length_than_the_header_is_refused(row, count):
    found, [reject] = read(f"text,n\n{row}\nSnow fell.,2\n", "csv")
    assert [row.number for row in found] == [2]
    assert reject.told == f"in:2: {count} cells, but the header has 2; quote cells that hold ','"
    assert reject.content == row


def test_quote_that_is_never_closed_costs_the_rest():
    found, [reject] = read('text\nRain fell.\n"Snow fell.\nHail fell.\n', "csv")
    assert [row.cells["text"] for row in found] == ["Rain fell."]
    assert reject.told == "in:4: unexpected end of data"


def test_text_behind_a_closed_quote_costs_its_row():
    found, [reject] = read('text,n\n"Rain" fell.,1\nSnow fell.,2\n', "csv")
    assert [row.cells["n"] for row in found] == ["2"]
    assert reject.line == 2
    assert "expected after" in reject.reason


def test_cell_without_end_is_bounded(monkeypatch):
    monkeypatch.setattr(rows, "LONGEST_CELL", 20)
    _, rejects = read('text\n"' + "a" * 30 + '"\n', "csv")
    assert [reject.reason for reject in rejects] == ["field larger than field limit (20)"]


def test_header_with_a_broken_quote_is_refused_as_a_whole():
    with pytest.raises(InputError, match="^in: line 1: .*; check the header$"):
        read('"text" n\nRain fell.\n', "csv")


def test_name_that_stands_in_the_header_twice_is_refused():
    with pytest.raises(InputError, match="^in: column 'text' stands in the header twice; rename one$"):
        read("text,id,text\nRain,1,Snow\n", "csv")


def test_header_that_does_not_decode_is_refused():
    with pytest.raises(InputError, match="^in: header: not UTF-8 .byte 0xe9 at character 4"):
        read(b"caf\xe9,text\n1,Rain\n", "csv")


def test_semicolons_are_hinted_at():
    with pytest.raises(
        InputError, match="^in: the header is one column, 'id;text'; add --delimiter ';' if that separates them$"
    ):
        read("id;text\n1;Rain fell.\n", "csv")


def test_delimiter_may_be_another():
    assert cells("id;text\n1;Rain, it fell.\n", "csv", delimiter=";") == [{"id": "1", "text": "Rain, it fell."}]


def test_commas_are_hinted_at_if_another_delimiter_was_named():
    with pytest.raises(InputError, match="add --delimiter ','"):
        read("id,text\n1,Rain fell.\n", "csv", delimiter=";")


def test_tsv_is_parted_by_tabs():
    assert cells("id\ttext\n1\tRain, it fell.\n", "tsv") == [{"id": "1", "text": "Rain, it fell."}]


def test_byte_order_mark_is_dropped_from_a_header():
    assert cells(codecs.BOM_UTF8 + b"text,n\nRain fell.,1\n", "csv") == [{"text": "Rain fell.", "n": "1"}]


def test_bad_byte_costs_its_csv_row():
    found, [reject] = read(b"n,text\n1,Rain\n2,caf\xe9\n3,Snow\n", "csv")
    assert [row.cells["n"] for row in found] == ["1", "3"]
    assert reject.told.startswith("in:3: not UTF-8 (byte 0xe9 at character 4); ")


def test_csv_in_latin1():
    assert cells("text\ncafé\n".encode("latin-1"), "csv", encoding="latin-1") == [{"text": "café"}]


def test_csv_in_utf16_as_excel_writes_it():
    assert cells("id\ttext\r\n1\tcafé\r\n".encode("utf-16"), "tsv", encoding="utf-16") == [{"id": "1", "text": "café"}]


def test_csv_of_a_header_alone_has_no_rows():
    assert read("text,n\n", "csv") == ([], [])
    assert read("", "csv") == ([], [])


# Parquet


def test_parquet_row_has_a_number_and_no_line():
    assert read(as_parquet({"text": ["Rain fell.", "Snow fell."]}), "parquet")[0] == [
        (1, None, {"text": "Rain fell."}),
        (2, None, {"text": "Snow fell."}),
    ]


def test_parquet_values_keep_their_types():
    values = {"i": 3, "f": 0.5, "b": True, "d": date(2024, 5, 6), "m": Decimal("1.10"), "l": ["a"], "s": {"x": 1}}
    assert cells(as_parquet({name: [value] for name, value in values.items()}), "parquet") == [values]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_parquet_number_that_is_none_is_null(value):
    assert cells(as_parquet({"n": [value, 1.5]}), "parquet") == [{"n": None}, {"n": 1.5}]


def test_parquet_number_that_is_none_is_null_inside_of_lists_too():
    # It would be written as NaN, which is no JSON.
    assert cells(as_parquet({"n": [[1.0, float("nan")]]}), "parquet") == [{"n": [1.0, None]}]


def test_parquet_rows_are_numbered_on_in_the_next_batch(monkeypatch):
    monkeypatch.setattr(rows, "PARQUET_ROWS", 2)
    found, _ = read(as_parquet({"n": [10, 20, 30, 40, 50]}), "parquet")
    assert [(row.number, row.cells["n"]) for row in found] == [(1, 10), (2, 20), (3, 30), (4, 40), (5, 50)]


@pytest.mark.parametrize("data", [b"", b"text\nRain fell.\n", as_parquet({"text": ["Rain fell."]})[:-7]])
def test_file_that_is_no_parquet_is_refused(data):
    with pytest.raises(InputError, match="^in: no Parquet file, or a damaged one: [^\n]+$"):
        read(data, "parquet")
