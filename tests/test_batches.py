"""Arrow batches in and out, as Spark and Ray hand them over."""

from __future__ import annotations

import json
import pickle

import pytest

import wiredesk

pa = pytest.importorskip("pyarrow")

TEXTS = ["Two rockets hit the market. Six people died.", None, "Talks resume on Monday."]
MODEL = wiredesk.load_model()


def batch(texts=TEXTS, **columns):
    return pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.string()), **columns})


def test_a_row_becomes_a_row_per_sentence():
    [found] = MODEL.predict_batches([batch(day=[1, 2, 3])])
    assert isinstance(found, pa.RecordBatch)
    assert found.column("document").to_pylist() == ["0", "0", "2"]
    assert found.column("sentence").to_pylist() == [0, 1, 0]
    assert found.column("text").to_pylist()[1] == TEXTS[0][28:] == "Six people died."
    assert (found.column("start")[1].as_py(), found.column("end")[1].as_py()) == (28, 44)
    assert found.column("day").to_pylist() == [1, 1, 3]
    assert found.column("model").to_pylist() == [MODEL.hash] * 3


def test_labels_are_those_of_label():
    [found] = MODEL.predict_batches([batch()])
    expected = list(MODEL.label(text or "" for text in TEXTS))
    assert found.column("types").to_pylist() == [list(s.types) for s in expected]
    assert [list(p.values()) for p in found.column("probabilities").to_pylist()] == [
        [round(p, 6) for p in s.probabilities.values()] for s in expected
    ]


def test_documents_are_named_by_a_column_or_numbered_through():
    [found] = MODEL.predict_batches([batch(url=["a", "b", "c"])], id_column="url")
    assert found.column("document").to_pylist() == ["a", "a", "c"]
    assert "url" not in found.schema.names
    one, other = MODEL.predict_batches([batch(), batch()])
    assert other.column("document").to_pylist() == ["3", "3", "5"]


def test_one_batch_comes_out_for_each_that_goes_in_and_none_is_read_ahead():
    read = []

    def batches():
        for i in range(3):
            read.append(i)
            yield batch()

    found = MODEL.predict_batches(batches())
    assert read == []
    next(found)
    assert read == [0]
    assert len(list(found)) == 2
    assert list(MODEL.predict_batches([])) == []


def test_the_schema_is_known_before():
    day = pa.array([1, 2, 3], pa.int16())
    [found] = MODEL.predict_batches([batch(day=day)])
    schema = MODEL.batch_schema({"day": pa.int16()})
    assert found.schema.equals(schema, check_metadata=True)
    assert json.loads(schema.metadata[b"wiredesk"])["hash"] == MODEL.hash
    [empty] = MODEL.predict_batches([batch(texts=[], day=pa.array([], pa.int16()))])
    assert (empty.num_rows, empty.schema) == (0, schema)


def test_a_column_of_a_field_s_name_is_renamed():
    [found] = MODEL.predict_batches([batch(type=["x", "y", "z"])])
    assert found.column("input_type").to_pylist() == ["x", "x", "z"]


@pytest.mark.parametrize("options", [{"text_column": "body"}, {"id_column": "url"}], ids=str)
def test_a_missing_column_is_said(options):
    with pytest.raises(ValueError, match="no column '(body|url)' among text"):
        list(MODEL.predict_batches([batch()], **options))


def test_the_model_travels_to_workers():
    again = pickle.loads(pickle.dumps(MODEL))
    assert next(again.predict_batches([batch()])).equals(next(MODEL.predict_batches([batch()])))
