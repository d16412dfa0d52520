"""Documents of tables: their names, sentences, offsets and columns, and what is rejected."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inputs import documents, read, rejected
from tests.realtexts import WIKINEWS, with_real_texts
from wiredesk import readers
from wiredesk.features import segment
from wiredesk.readers import Document, Reading
from wiredesk.rejects import Reject

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

SENTENCES = Reading(unit="sentence")

#: Two articles of two sentences, with columns of their own.
ARTICLES = [
    {"text": "A rocket hit the port. Rain fell.", "document": "wire-1", "date": "2024-05-06"},
    {"text": "The mayor spoke.\n\nSnow fell.", "document": "wire-2", "date": "2024-05-07"},
]

#: The same sentence by sentence, the second with white space around it.
ROWS = [
    {"text": "A rocket hit the port.", "document": "wire-1", "n": 1},
    {"text": " \tRain fell.\n", "document": "wire-1", "n": 2},
    {"text": "The mayor spoke.", "document": "wire-2", "n": 3},
]


def write_table(path, rows):
    """Write rows of the same columns in the format of the file's ending."""
    if path.suffix == ".parquet":
        parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    elif path.suffix == ".csv":
        quoted = [['"' + str(cell).replace('"', '""') + '"' for cell in row.values()] for row in rows]
        path.write_text("".join(",".join(cells) + "\n" for cells in ([*rows[0]], *quoted)), newline="")
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(params=["jsonl", "csv", "parquet"])
def table(request, tmp_path):
    """Give a function that writes rows as one of the table formats."""
    return lambda rows: write_table(tmp_path / f"rows.{request.param}", rows)


@pytest.fixture
def jsonl(tmp_path):
    return lambda *rows: write_table(tmp_path / "rows.jsonl", rows)


# Rows that are documents


def test_row_is_a_document(table):
    assert documents(table(ARTICLES)) == [
        Document(
            "wire-1",
            "A rocket hit the port. Rain fell.",
            [(0, 22, "A rocket hit the port."), (23, 33, "Rain fell.")],
            {"date": "2024-05-06"},
        ),
        Document(
            "wire-2",
            "The mayor spoke.\n\nSnow fell.",
            [(0, 16, "The mayor spoke."), (18, 28, "Snow fell.")],
            {"date": "2024-05-07"},
        ),
    ]


def test_row_without_a_name_is_called_by_its_number(table):
    path = table([{"text": "Rain fell."}, {"text": "Snow fell."}])
    assert [document.name for document in documents(path)] == [f"{path}:1", f"{path}:2"]


def test_column_id_names_documents_too(table):
    assert [document.name for document in documents(table([{"id": "a7", "text": "Rain fell."}]))] == ["a7"]


def test_column_document_goes_before_id(table):
    [document] = documents(table([{"id": "7", "document": "a", "text": "Rain fell."}]))
    assert (document.name, document.columns) == ("a", {"id": "7"})


def test_id_column_may_be_another(table):
    [document] = documents(table([{"url": "x.org/1", "id": "7", "text": "Rain fell."}]), Reading(id_column="url"))
    assert (document.name, document.columns) == ("x.org/1", {"id": "7"})


def test_text_column_may_be_another(table):
    [document] = documents(table([{"text": "short", "body": "Rain fell."}]), Reading(text_column="body"))
    assert (document.text, document.columns) == ("Rain fell.", {"text": "short"})


def test_blank_name_is_none(table):
    path = table([{"id": "a", "text": "Rain fell."}, {"id": "", "text": "Snow fell."}])
    assert [document.name for document in documents(path)] == ["a", f"{path}:2"]


def test_missing_name_in_json_is_none(jsonl):
    path = jsonl({"id": None, "text": "Rain fell."}, {"text": "Snow fell."})
    assert [document.name for document in documents(path)] == [f"{path}:1", f"{path}:2"]


def test_name_that_is_a_number_is_written_out(jsonl):
    assert [document.name for document in documents(jsonl({"id": 0, "text": "Rain fell."}))] == ["0"]


@pytest.mark.parametrize(("value", "shown"), [(None, "null"), (7, "of type int"), (["Rain."], "of type list")])
def test_text_that_is_none_is_rejected(jsonl, value, shown):
    path = jsonl({"text": value, "n": 1})
    assert rejected(path) == Reject(
        str(path), 1, f"text is {shown}; it has to be text", json.dumps({"text": value, "n": 1})
    )


def test_missing_number_in_parquet_is_no_text(tmp_path):
    path = tmp_path / "rows.parquet"
    parquet.write_table(pyarrow.table({"text": [None, "Rain fell."]}), path)
    found, [reject] = read(path)
    assert [document.name for document in found] == [f"{path}:2"]
    assert reject.told == f"{path}:1: text is null; it has to be text"


@pytest.mark.parametrize("blank", ["", " \t"])
def test_blank_text_is_rejected(table, blank):
    path = table([{"text": blank, "n": "1"}, {"text": "Rain fell.", "n": "2"}])
    found, [reject] = read(path)
    assert [document.columns for document in found] == [{"n": "2"}]
    assert reject.reason == "text is empty; there is no sentence to label"


def test_table_without_the_text_column_is_rejected_as_a_whole(tmp_path):
    path = write_table(tmp_path / "rows.csv", [{"body": "Rain fell.", "n": 1}, {"body": "Snow fell.", "n": 2}])
    assert rejected(path) == Reject(
        str(path), None, "no column 'text'; its columns are body, n; choose one by --text-column"
    )


def test_table_without_the_id_column_is_rejected_as_a_whole(tmp_path):
    path = write_table(tmp_path / "rows.parquet", [{"text": "Rain fell."}])
    assert rejected(path, Reading(id_column="url")).told == (
        f"{path}: no column 'url'; its columns are text; choose one by --id-column"
    )


def test_json_line_without_the_column_is_rejected_alone(jsonl):
    found, rejects = read(jsonl({"body": "Rain fell."}, {"text": "Snow fell."}, {}))
    assert [document.text for document in found] == ["Snow fell."]
    assert [(reject.line, reject.reason) for reject in rejects] == [
        (1, "no column 'text'; its columns are body; choose one by --text-column"),
        (3, "no column 'text'; its columns are none; choose one by --text-column"),
    ]


def test_bad_row_is_named_by_its_line(tmp_path):
    (tmp_path / "rows.csv").write_text('text,n\n"Rain\nfell.",1\n,2\n')
    _, [reject] = read(tmp_path / "rows.csv")
    assert reject.line == 4


def test_rejected_content_of_parquet_is_told_in_json(tmp_path):
    parquet.write_table(pyarrow.table({"text": [None], "day": [date(2024, 5, 6)]}), tmp_path / "rows.parquet")
    assert json.loads(rejected(tmp_path / "rows.parquet").content) == {"text": None, "day": "2024-05-06"}


# Rows that are sentences


def test_sentences_of_a_document_stand_together(table):
    found = documents(table(ROWS), SENTENCES)
    assert [(document.name, document.text, document.columns) for document in found] == [
        ("wire-1", "", {}),
        ("wire-2", "", {}),
    ]
    assert [[text for _, _, text in document.sentences] for document in found] == [
        ["A rocket hit the port.", "Rain fell."],
        ["The mayor spoke."],
    ]


def test_offsets_of_a_row_count_in_its_own_cell(table):
    first, second = documents(table(ROWS), SENTENCES)
    assert first.sentences == [(0, 22, "A rocket hit the port."), (2, 12, "Rain fell.")]
    assert second.sentences == [(0, 16, "The mayor spoke.")]


def test_row_is_one_sentence_whatever_it_holds(jsonl):
    [document] = documents(jsonl({"text": "Rain fell. Snow fell."}), SENTENCES)
    assert document.sentences == [(0, 21, "Rain fell. Snow fell.")]


def test_columns_of_sentences_are_those_of_their_rows(jsonl):
    first, second = documents(jsonl(*ROWS), SENTENCES)
    assert (first.rows, second.rows) == ([{"n": 1}, {"n": 2}], [{"n": 3}])


def test_id_of_a_sentence_is_no_name_of_a_document(table):
    path = table([{"id": "7", "text": "Rain fell."}, {"id": "7", "text": "Snow fell."}])
    found = documents(path, SENTENCES)
    assert [document.name for document in found] == [f"{path}:1", f"{path}:2"]
    assert [document.rows for document in found] == [[{"id": "7"}], [{"id": "7"}]]


def test_id_column_groups_sentences_if_named(table):
    [document] = documents(
        table([{"id": "7", "text": "Rain fell."}, {"id": "7", "text": "Snow fell."}]),
        Reading(unit="sentence", id_column="id"),
    )
    assert (document.name, len(document.sentences)) == ("7", 2)


def test_sentences_without_a_name_stand_alone(jsonl):
    path = jsonl({"text": "Rain fell.", "document": ""}, {"text": "Snow fell.", "document": ""})
    assert [document.name for document in documents(path, SENTENCES)] == [f"{path}:1", f"{path}:2"]


def test_document_goes_on_behind_a_row_that_is_rejected(jsonl):
    found, rejects = read(jsonl(ROWS[0], {"text": "", "document": "wire-1"}, ROWS[1]), SENTENCES)
    assert [len(document.sentences) for document in found] == [2]
    assert [reject.line for reject in rejects] == [2]


def test_document_ends_with_its_file(tmp_path):
    for name in ("a.jsonl", "b.jsonl"):
        write_table(tmp_path / name, ROWS[:1])
    assert [len(document.sentences) for document in documents(tmp_path, SENTENCES)] == [1, 1]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(alphabet=st.sampled_from("ab. \t\r\n\u2028“é")).filter(str.strip), min_size=1))
def test_offsets_slice_cells_back(texts):
    rows = [(f"d{i // 2}", text, {}) for i, text in enumerate(texts)]
    for cell, (start, end, text) in zip(texts, [readers._trimmed(text) for _, text, _ in rows], strict=True):
        assert cell[start:end] == text == text.strip() != ""


# The same from every format


def test_same_documents_from_every_table(tmp_path):
    found = [documents(write_table(tmp_path / f"rows.{ending}", ARTICLES)) for ending in ("jsonl", "csv", "parquet")]
    assert found[0] == found[1] == found[2]


@with_real_texts
def test_same_documents_from_every_table_of_real_articles(tmp_path):
    rows = [json.loads(line) for line in WIKINEWS.read_text(encoding="utf-8").splitlines()]
    rows = [{"text": row["text"], "id": row["url"], "title": row["title"], "date": row["date"]} for row in rows]
    found = [documents(write_table(tmp_path / f"rows.{ending}", rows)) for ending in ("jsonl", "csv", "parquet")]
    assert len(found[0]) == 294
    assert found[0] == found[1] == found[2]
    assert [document.text for document in found[0]] == [row["text"] for row in rows]
    for document in found[0]:
        assert [(start, end) for start, end, _ in document.sentences] == list(segment(document.text))
