"""What cannot be read: said, counted, and written down."""

import json
import os
from pathlib import Path

import pytest

from tests.inputs import labelled, write
from wiredesk.errors import InputError, RejectedError
from wiredesk.models import load_model
from wiredesk.prediction import predict
from wiredesk.readers import Reading
from wiredesk.rejects import Reject, Rejects
from wiredesk.sources import find_sources

MODEL = load_model()


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def bad(number):
    return Reject("in.csv", number, "no text", f"row {number}")


def test_rejects_are_said_and_counted(capsys):
    with Rejects(None, False) as rejects:
        for document in rejects.follow(labelled(1, 1)):
            rejects.add(bad(int(document.name[1:])))
    assert rejects.count == 2
    assert capsys.readouterr().err == "wiredesk: in.csv:0: no text\nwiredesk: in.csv:1: no text\n"


def test_only_the_first_rejects_are_said(capsys):
    with Rejects(None, False) as rejects:
        for _ in rejects.follow(labelled(1)):
            for number in range(100):
                rejects.add(bad(number))
    assert rejects.count == 100
    assert capsys.readouterr().err == "".join(f"wiredesk: in.csv:{i}: no text\n" for i in range(5))


def test_rejects_before_the_first_document_are_said(capsys):
    with Rejects(None, False) as rejects:
        rejects.add(bad(1))
        list(rejects.follow(labelled(1)))
    assert capsys.readouterr().err == "wiredesk: in.csv:1: no text\n"


def test_only_reject_of_all_is_the_error_and_said_once(capsys):
    with pytest.raises(InputError, match="^in.csv:1: no text$"), Rejects(None, False) as rejects:
        rejects.add(bad(1))
        list(rejects.follow([]))
    assert capsys.readouterr().err == ""


def test_nothing_but_rejects_is_an_error(capsys):
    with pytest.raises(InputError, match="^nothing could be read$"), Rejects(None, False) as rejects:
        rejects.add(bad(1))
        rejects.add(bad(2))
        list(rejects.follow([]))
    assert capsys.readouterr().err == "wiredesk: in.csv:1: no text\nwiredesk: in.csv:2: no text\n"


def test_nothing_at_all_is_no_error():
    with Rejects(None, False) as rejects:
        assert list(rejects.follow([])) == []


def test_strict_takes_no_reject():
    with pytest.raises(RejectedError, match="^in.csv:1: no text$"), Rejects(None, True) as rejects:
        rejects.add(bad(1))


def test_rejects_are_written_down_instead_of_said(capsys):
    with Rejects("rejects.jsonl", False) as rejects:
        for _ in rejects.follow(labelled(1)):
            rejects.add(bad(1))
            rejects.add(Reject("é.txt", None, "not UTF-8", "a\udcffb"))
        assert not Path("rejects.jsonl").exists()
    assert [json.loads(line) for line in Path("rejects.jsonl").read_text(encoding="utf-8").splitlines()] == [
        {"source": "in.csv", "line": 1, "reason": "no text", "content": "row 1"},
        {"source": "é.txt", "line": None, "reason": "not UTF-8", "content": "a\udcffb"},
    ]
    assert capsys.readouterr().err == ""


def test_file_of_rejects_is_there_without_rejects():
    with Rejects("rejects.jsonl", False) as rejects:
        list(rejects.follow(labelled(1)))
    assert Path("rejects.jsonl").read_text() == ""


def test_file_of_rejects_is_whole_or_not_there():
    with pytest.raises(RuntimeError), Rejects("rejects.jsonl", False) as rejects:
        rejects.add(bad(1))
        raise RuntimeError
    assert os.listdir() == []


def test_reasons_are_told_if_there_are_only_rejects_and_a_file_for_them():
    write("in.jsonl", "oops")
    try:
        predict(find_sources(["in.jsonl"]), Reading(), MODEL, "jsonl", "out.jsonl", rejects="rejects.jsonl")
        said = ""
    except InputError as error:
        said = str(error)
    written = Path("rejects.jsonl").read_text() if Path("rejects.jsonl").exists() else ""
    assert "no JSON" in said + written


def test_strict_prediction_writes_nothing():
    write("in.jsonl", {"text": "Rain fell."}, {"text": 7})
    with pytest.raises(RejectedError, match="^in.jsonl:2: text is of type int; it has to be text$"):
        predict(find_sources(["in.jsonl"]), Reading(), MODEL, "csv", "out.csv", strict=True)
    assert os.listdir() == ["in.jsonl"]
