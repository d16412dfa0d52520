"""Reading labelled sentences: what is taken, and what is refused with file and line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from wiredesk.seeds import Record, RecordError, as_records, document_ids, read_records, record_types

SHELLS = {"text": "Shells fell on Darsa.", "labels": ["attack_report"]}
GOOD = json.dumps(SHELLS)


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def starts(path: Path, message: str) -> str:
    return "^" + re.escape(f"{path}{message}")


# JSONL


def test_a_jsonl_row_becomes_a_record_with_its_file_and_line(tmp_path: Path) -> None:
    row = {
        "text": " Two men died. ",
        "labels": ["casualty_figure", "attack_report"],
        "document": "wire-7",
        "group": "g1",
        "paragraph": 3,
        "source": "Harbour Wire",
        "date": "2031-05-02",
        "annotator": "ab",
    }
    path = write(tmp_path, "a.jsonl", json.dumps(row))
    assert read_records([path]) == [
        Record(
            text=" Two men died. ",
            labels=("casualty_figure", "attack_report"),
            document="wire-7",
            group="g1",
            paragraph=3,
            source="Harbour Wire",
            date="2031-05-02",
            annotator="ab",
            origin=f"{path}:1",
        )
    ]


def test_optional_fields_of_jsonl_may_be_absent_or_null(tmp_path: Path) -> None:
    row = SHELLS | dict.fromkeys(("document", "group", "paragraph", "source", "date", "annotator"))
    path = write(tmp_path, "a.jsonl", f"{GOOD}\n{json.dumps(row)}\n")
    first, second = read_records([path])
    assert first == Record(SHELLS["text"], ("attack_report",), origin=f"{path}:1")
    assert second == Record(SHELLS["text"], ("attack_report",), origin=f"{path}:2")


def test_an_empty_list_is_none_of_the_types_and_null_is_not_labelled(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '{"text": "Rain.", "labels": []}\n{"text": "Rain.", "labels": null}\n')
    assert [record.labels for record in read_records([path])] == [(), None]


def test_a_whole_number_as_document_is_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '{"text": "Rain.", "labels": [], "document": 12}')
    assert read_records([path])[0].document == "12"


def test_other_keys_and_columns_are_left_aside(tmp_path: Path) -> None:
    jsonl = write(tmp_path, "a.jsonl", '{"text": "Rain.", "labels": [], "score": {"a": 1}}')
    table = write(tmp_path, "a.csv", "score,labels,text\n0.3,none,Rain.\n")
    assert [(record.text, record.labels) for record in read_records([jsonl, table])] == [("Rain.", ())] * 2


@pytest.mark.parametrize("name", ["a.jsonl", "A.JSONL"])
def test_the_ending_may_be_in_capitals(tmp_path: Path, name: str) -> None:
    assert len(read_records([write(tmp_path, name, GOOD)])) == 1


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    jsonl = write(tmp_path, "a.jsonl", b"\xef\xbb\xbf" + GOOD.encode())
    table = write(tmp_path, "a.csv", b"\xef\xbb\xbftext,labels\r\nRain.,none\r\n")
    assert [record.text for record in read_records([jsonl, table])] == [SHELLS["text"], "Rain."]


def test_jsonl_with_crlf_and_blank_lines_keeps_its_line_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", f"\r\n{GOOD}\r\n\r\n \t\r\n{GOOD}\r\n\r\n")
    assert [record.origin for record in read_records([path])] == [f"{path}:2", f"{path}:5"]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_unicode_line_ends_inside_a_jsonl_text_end_no_line(tmp_path: Path, mark: str) -> None:
    row = json.dumps({"text": f"One{mark}two", "labels": []}, ensure_ascii=False)
    path = write(tmp_path, "a.jsonl", f"{row}\n{GOOD}\n")
    first, second = read_records([path])
    assert (first.text, second.origin) == (f"One{mark}two", f"{path}:2")


def test_line_ends_inside_a_jsonl_text_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", r'{"text": "One\r\ntwo\rthree\n", "labels": []}')
    assert read_records([path])[0].text == "One\r\ntwo\rthree\n"


BAD_ROWS: dict[str, tuple[str, str]] = {
    "no JSON": ("{text: 1}", "not JSON ("),
    "half a row": ('{"text": "Rain.",', "not JSON ("),
    "two objects": ('{"text": "a", "labels": []} {}', "not JSON ("),
    "very deep": ("[" * 100_000, "not JSON ("),
    "an array": ('["Rain.", []]', "a list, not an object; write one object a line"),
    "a string": ('"Rain."', "a str, not an object; write one object a line"),
    "no text": ('{"labels": []}', "text is None; every record has a text that is not blank"),
    "null text": ('{"text": null, "labels": []}', "text is None; every record has a text that is not blank"),
    "number as text": ('{"text": 7, "labels": []}', "text is 7; every record has a text that is not blank"),
    "empty text": ('{"text": "", "labels": []}', "text is ''; every record has a text that is not blank"),
    "blank text": (r'{"text": " \n\u00a0", "labels": []}', r"text is ' \n\xa0'; every record has a text that is not"),
    "no labels": ('{"text": "Rain."}', "no labels; write a list of types, [] for none of them, null for not labelled"),
    "labels in a string": ('{"text": "Rain.", "labels": "a;b"}', "labels is 'a;b'; write a list of types"),
    "labels in an object": ('{"text": "Rain.", "labels": {"a": 1}}', "labels is {'a': 1}; write a list of types"),
    "number as label": ('{"text": "Rain.", "labels": ["a", 1]}', "labels is ['a', 1]; write a list of types"),
    "null label": ('{"text": "Rain.", "labels": [null]}', "labels is [None]; write a list of types"),
    "empty label": ('{"text": "Rain.", "labels": ["a", ""]}', "labels is ['a', '']; write a list of types"),
    "blank label": ('{"text": "Rain.", "labels": [" "]}', "labels is [' ']; write a list of types"),
    "none alone": (
        '{"text": "Rain.", "labels": ["none"]}',
        "label 'none' stands for no type and cannot be one of ['none']; write an empty list",
    ),
    "none among others": (
        '{"text": "Rain.", "labels": ["a", "none"]}',
        "label 'none' stands for no type and cannot be one of ['a', 'none']; leave it out",
    ),
    "none with a blank": ('{"text": "Rain.", "labels": [" none"]}', "label"),
    "separator in a label": (
        '{"text": "Rain.", "labels": ["a;b"]}',
        "label 'a;b' holds ';', which separates labels; rename it",
    ),
    "label twice": ('{"text": "Rain.", "labels": ["a", "b", "a"]}', "labels is ['a', 'b', 'a']; name each type once"),
    "paragraph in a string": ('{"text": "a", "labels": [], "paragraph": "3"}', "paragraph is '3'; write a whole"),
    "broken paragraph": ('{"text": "a", "labels": [], "paragraph": 1.5}', "paragraph is 1.5; write a whole number"),
    "true as paragraph": ('{"text": "a", "labels": [], "paragraph": true}', "paragraph is True; write a whole number"),
    "negative paragraph": ('{"text": "a", "labels": [], "paragraph": -1}', "paragraph is -1; write a whole number"),
    "list as document": ('{"text": "a", "labels": [], "document": ["x"]}', "document is ['x']; write a string"),
    "broken number as date": ('{"text": "a", "labels": [], "date": 1.5}', "date is 1.5; write a string"),
    "true as document": ('{"text": "a", "labels": [], "document": true}', "document is True; write a string"),
}


@pytest.mark.parametrize(("row", "message"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_jsonl_row_is_refused_with_file_and_line(tmp_path: Path, row: str, message: str) -> None:
    path = write(tmp_path, "a.jsonl", f"{GOOD}\n\n{row}\n{GOOD}\n")
    with pytest.raises(RecordError, match=starts(path, f":3: {message}")):
        read_records([path])


def test_a_blank_document_is_no_document_in_either_format(tmp_path: Path) -> None:
    table = write(tmp_path, "a.csv", "text,labels,document\nRain.,none,\n")
    jsonl = write(tmp_path, "a.jsonl", '{"text": "Rain.", "labels": [], "document": ""}')
    assert [record.document for record in read_records([table, jsonl])] == [None, None]


# CSV


def test_a_csv_row_becomes_a_record_with_its_file_and_line(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a.csv",
        "document,text,labels,group,paragraph,source,date,annotator\n"
        'wire-7,"Two, he said, died.", casualty_figure ; official_quote,g1,3,Harbour Wire,2031-05-02,ab\n',
    )
    assert read_records([path]) == [
        Record(
            text="Two, he said, died.",
            labels=("casualty_figure", "official_quote"),
            document="wire-7",
            group="g1",
            paragraph=3,
            source="Harbour Wire",
            date="2031-05-02",
            annotator="ab",
            origin=f"{path}:2",
        )
    ]


def test_blank_optional_cells_of_csv_are_absent(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text,labels,document,group,paragraph,source,date,annotator\nRain.,none,,,,,,\n")
    assert read_records([path]) == [Record("Rain.", (), origin=f"{path}:2")]


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("none", ()),
        (" none ", ()),
        ("", None),
        ("  ", None),
        ("attack_report", ("attack_report",)),
        ("b;a", ("b", "a")),
    ],
)
def test_the_labels_cell(tmp_path: Path, cell: str, labels: tuple[str, ...] | None) -> None:
    path = write(tmp_path, "a.csv", f"text,labels\nRain.,{cell}\n")
    assert read_records([path])[0].labels == labels


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_line_ends_and_blank_lines(tmp_path: Path, end: str) -> None:
    path = write(tmp_path, "a.csv", end.join(["text,labels", "", "Rain.,none", "", "Snow.,none", ""]))
    records = read_records([path])
    assert [(record.text, record.origin) for record in records] == [("Rain.", f"{path}:3"), ("Snow.", f"{path}:5")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_inside_a_quoted_csv_cell_are_kept(tmp_path: Path, end: str) -> None:
    path = write(tmp_path, "a.csv", f'text,labels\r\n"He said ""no"",{end}twice.",none\r\n')
    assert read_records([path])[0].text == f'He said "no",{end}twice.'


def test_the_line_of_a_csv_row_is_its_first(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'text,labels\n"One\ntwo\nthree",none\nFour,none\n')
    assert [record.origin for record in read_records([path])] == [f"{path}:2", f"{path}:5"]


BAD_CELLS: dict[str, tuple[str, str]] = {
    "no text": (",none,", "text is ''; every record has a text that is not blank"),
    "blank text": ('"  ",none,', "text is '  '; every record has a text that is not blank"),
    "short row": ("Rain.,none", "another number of cells than the first line has; quote cells that hold commas"),
    "long row": ("Rain, cold.,none,1,", "another number of cells than the first line has; quote cells that hold"),
    "empty label": ("Rain.,a;,", "labels is ['a', '']; write a list of types"),
    "separator alone": ("Rain.,;,", "labels is ['', '']; write a list of types"),
    "none among others": ("Rain.,a;none,", "label 'none' stands for no type and cannot be one of ['a', 'none']; leave"),
    "label twice": ("Rain.,a; a,", "labels is ['a', 'a']; name each type once"),
    "word as paragraph": ("Rain.,a,two", "paragraph is 'two'; write a whole number"),
    "negative paragraph": ("Rain.,a,-1", "paragraph is '-1'; write a whole number"),
    "other digits as paragraph": ("Rain.,a,٣", "paragraph is '٣'; write a whole number"),
    "endless paragraph": ("Rain.,a," + "9" * 5000, "paragraph is "),
    "text after a closing quote": ('"Rain" again.,a,1', "not CSV ("),
}


@pytest.mark.parametrize(("row", "message"), BAD_CELLS.values(), ids=BAD_CELLS)
def test_a_bad_csv_row_is_refused_with_file_and_line(tmp_path: Path, row: str, message: str) -> None:
    path = write(tmp_path, "a.csv", f"text,labels,paragraph\nSnow.,none,0\n{row}\nSnow.,none,0\n")
    with pytest.raises(RecordError, match=starts(path, f":3: {message}")):
        read_records([path])


def test_a_quote_that_is_never_closed_is_refused_with_the_line_where_it_opens(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'text,labels\n"Rain.,none\nSnow.,none\n')
    with pytest.raises(RecordError, match=starts(path, ":2: not CSV (unexpected end of data); quote cells")):
        read_records([path])


@pytest.mark.parametrize(
    ("header", "missing"),
    [("labels,document", "text"), ("text,document", "labels"), ("text;labels", "text"), ("Text,labels", "text")],
)
def test_a_csv_without_a_needed_column_is_refused(tmp_path: Path, header: str, missing: str) -> None:
    path = write(tmp_path, "a.csv", f"{header}\nRain.,none\n")
    with pytest.raises(RecordError, match=starts(path, f":1: no column '{missing}'; the first line names the columns")):
        read_records([path])


def test_a_csv_that_names_a_column_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text,labels,text\nRain.,none,Snow.\n")
    with pytest.raises(RecordError, match=starts(path, ":1: ") + ".*'text'"):
        read_records([path])


# Files


@pytest.mark.parametrize("content", ["", "\n \r\n", "\ufeff"])
def test_a_jsonl_file_without_records_is_refused(tmp_path: Path, content: str) -> None:
    path = write(tmp_path, "a.jsonl", content)
    with pytest.raises(RecordError, match=starts(path, ": holds no records; give at least one labelled sentence")):
        read_records([path])


def test_a_csv_file_with_a_header_alone_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text,labels\n\n")
    with pytest.raises(RecordError, match=starts(path, ": holds no records; give at least one labelled sentence")):
        read_records([path])


def test_an_empty_csv_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "")
    with pytest.raises(RecordError, match=starts(path, ":1: no column 'text'")):
        read_records([path])


@pytest.mark.parametrize("name", ["folder", "folder.jsonl"])
def test_a_directory_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.mkdir()
    with pytest.raises(RecordError, match=starts(path, ": is a directory; name the files of labelled sentences")):
        read_records([path])


@pytest.mark.parametrize("name", ["a.txt", "a", "a.jsonl.gz", ".jsonl"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, GOOD)
    message = ": labelled sentences end in .jsonl, .csv, .parquet or .json; convert it"
    with pytest.raises(RecordError, match=starts(path, message)):
        read_records([path])


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt", "a"])
def test_a_missing_file_is_said_to_be_missing(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError, match=re.escape(str(tmp_path / name))):
        read_records([tmp_path / name])


@pytest.mark.parametrize(
    "content",
    [b'{"text": "Caf\xe9", "labels": []}', b'{"text": "\xed\xa0\x80", "labels": []}', GOOD.encode("utf-16")],
    ids=["latin-1", "encoded surrogate", "utf-16"],
)
def test_what_is_not_utf_8_is_refused(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, "a.jsonl", content)
    with pytest.raises(RecordError, match=starts(path, "") + ".*not UTF-8 .*; save it as UTF-8"):
        read_records([path])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_is_not_utf_8_is_refused_with_its_line(tmp_path: Path, mark: bytes) -> None:
    path = write(tmp_path, "a.csv", mark + b"text,labels\nRain.,none\nCaf\xe9,none\n")
    with pytest.raises(RecordError, match=starts(path, ":3: not UTF-8")):
        read_records([path])


def test_files_are_read_in_the_given_order(tmp_path: Path) -> None:
    b = write(tmp_path, "b.jsonl", '{"text": "B.", "labels": []}')
    a = write(tmp_path, "a.csv", "text,labels\nA.,none\n")
    assert [record.text for record in read_records(path for path in (b, a))] == ["B.", "A."]


def test_a_file_named_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "b.jsonl", '{"text": "B.", "labels": []}')
    with pytest.raises(RecordError, match=r"b\.jsonl: is named twice"):
        read_records([path, str(path)])


def test_blanks_around_column_names_do_not_count(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text, labels\nA.,none\n")
    assert read_records([path])[0].labels == ()


def test_records_made_in_python_are_brought_into_form() -> None:
    # A document 2 must not be taken for the third record, nor an empty name for a document.
    made = [Record("A.", ["x"], document=2), Record("B.", (), document=""), Record("C.", ())]  # type: ignore[arg-type]
    records = as_records(made)
    assert records[0].labels == ("x",)
    assert document_ids(records) == ["2", 1, 2]


def test_a_single_path_is_one_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", GOOD)
    assert len(read_records(path)) == len(read_records(str(path))) == 1


def test_no_files_are_no_records() -> None:
    assert read_records([]) == []


def test_a_record_error_is_a_value_error() -> None:
    assert issubclass(RecordError, ValueError)


# Records from Python


def test_mappings_are_records_with_lists_or_tuples_of_labels() -> None:
    rows = [
        SHELLS,
        {"text": "Rain.", "labels": ()},
        {"text": "Snow.", "labels": None, "document": "d", "paragraph": 0},
    ]
    assert as_records(rows) == [
        Record("Shells fell on Darsa.", ("attack_report",), origin="record 0"),
        Record("Rain.", (), origin="record 1"),
        Record("Snow.", None, document="d", paragraph=0, origin="record 2"),
    ]


def test_records_pass_unchanged_and_rows_are_read_once() -> None:
    record = Record("Rain.", (), origin="a.csv:9")
    assert as_records(row for row in [record]) == [record]


def test_the_caller_s_mapping_is_not_changed() -> None:
    row = {"text": "Rain.", "labels": ("a",)}
    as_records([row])
    assert row == {"text": "Rain.", "labels": ("a",)}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"text": "Rain."}, "record 1: no labels; write a list of types"),
        ({"labels": []}, "record 1: text is None; every record has a text"),
        ({"text": "Rain.", "labels": "a"}, "record 1: labels is 'a'; write a list of types"),
        ({"text": "Rain.", "labels": ("a", "a")}, r"record 1: labels is \['a', 'a'\]; name each type once"),
        ({"text": "Rain.", "labels": [], "document": float("nan")}, "record 1: document is nan; write a string"),
        ("Rain.", "record 1: a str; give a Record or a mapping with text and labels"),
        (None, "record 1: a NoneType; give a Record or a mapping with text and labels"),
    ],
)
def test_a_bad_row_is_refused_with_its_index(row: Any, message: str) -> None:
    with pytest.raises(RecordError, match=f"^{message}"):
        as_records([SHELLS, row])


@pytest.mark.parametrize(
    "record",
    [
        Record(" ", ("attack_report",)),
        Record("Rain.", ("none",)),
        Record("Rain.", ("a;b",)),
        Record("Rain.", ("a", "a")),
        Record("Rain.", "attack_report"),  # type: ignore[arg-type]
    ],
    ids=["blank text", "none", "separator", "label twice", "one string"],
)
def test_a_bad_record_object_is_refused_like_a_bad_row(record: Record) -> None:
    with pytest.raises(RecordError):
        as_records([record])


@pytest.mark.parametrize(("rows", "kind"), [("a.csv", "str"), (b"a.csv", "bytes"), (SHELLS, "dict")])
def test_one_thing_where_a_list_belongs_is_refused(rows: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=rf"records is one {kind}; give a list of records, or read_records\(path\)"):
        as_records(rows)


# What records say together


def test_a_record_without_document_stands_alone() -> None:
    records = [Record("A.", (), document="d"), Record("B.", ()), Record("C.", ()), Record("D.", (), document="e")]
    assert document_ids(records) == ["d", 1, 2, "e"]


def test_a_group_is_no_document() -> None:
    assert document_ids([Record("A.", (), group="g"), Record("B.", (), group="g")]) == [0, 1]


def test_types_stand_in_the_guideline_s_order_and_others_behind_by_the_alphabet() -> None:
    labels = [("zebra", "political_context"), None, ("apple", "casualty_figure"), (), ("attack_report",), ("zebra",)]
    assert record_types([Record("A.", found) for found in labels]) == (
        "attack_report",
        "casualty_figure",
        "political_context",
        "apple",
        "zebra",
    )


def test_records_without_labels_have_no_types() -> None:
    assert record_types([Record("A.", ()), Record("B.", None)]) == ()
