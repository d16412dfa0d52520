"""Documents of text files: their sentences, offsets and encodings, and what is rejected."""

import codecs
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inputs import documents, read, rejected
from wiredesk import readers
from wiredesk.errors import InputError, RejectedError
from wiredesk.readers import Document, Reading, read_article, read_documents
from wiredesk.rejects import Reject, refuse
from wiredesk.rows import codec
from wiredesk.sources import Source, find_sources

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

SENTENCES = Reading(unit="sentence")


# How to read


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        (Reading(unit="line"), "unit 'line' is unknown; choose document or sentence"),
        (Reading(encoding="klingon"), "encoding 'klingon' is unknown; name one that Python knows, as latin-1"),
        (Reading(encoding=""), "encoding '' is unknown"),
        (Reading(encoding="base64"), "encoding 'base64' is unknown"),
        (Reading(encoding="rot13"), "encoding 'rot13' is unknown"),
        (Reading(encoding="undefined"), "encoding 'undefined' is unknown"),
        (Reading(delimiter=""), "delimiter '' separates no cells; give one character, as ';'"),
        (Reading(delimiter="||"), "delimiter '||' separates no cells"),
        (Reading(keep_text="nowhere"), "nowhere: no such folder; make it first"),
    ],
)
def test_what_cannot_be_is_refused(reading, message):
    with pytest.raises(InputError, match=f"^{re.escape(message)}"):
        reading.check()


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252", "UTF-16", "shift_jis", "koi8-r"])
def test_encodings_of_texts_are_taken(encoding):
    Reading(encoding=encoding).check()


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "utf-8-sig"), ("UTF_8", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
def test_codec_drops_a_mark_that_may_be_there(encoding, expected):
    assert codec(encoding) == expected


def test_refuse_takes_nothing():
    with pytest.raises(RejectedError, match="^a.csv:7: no text$"):
        refuse(Reject("a.csv", 7, "no text"))


# Text files


def test_text_file_is_one_document_of_sentences(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"A rocket hit the port.\r\n\r\nRain fell.\n")
    assert documents(path) == [
        Document(
            str(path),
            "A rocket hit the port.\r\n\r\nRain fell.\n",
            [(0, 22, "A rocket hit the port."), (26, 36, "Rain fell.")],
            {},
        )
    ]


def test_lines_are_the_sentences_if_wanted(tmp_path):
    (tmp_path / "a.txt").write_bytes("  Rain fell. Snow fell.\r\n \n\nHail\u2028fell".encode())
    [document] = documents(tmp_path / "a.txt", SENTENCES)
    assert document.sentences == [(2, 23, "Rain fell. Snow fell."), (28, 37, "Hail\u2028fell")]


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.one_of(st.sampled_from("ab. \t\r\n\v\f\x1c\x85\u2028\xa0“”\ud800😀"), st.characters())))
def test_offsets_of_lines_and_sentences_slice_back(text):
    for unit in ("document", "sentence"):
        for start, end, part in readers._parts(text, unit):
            assert text[start:end] == part == part.strip() != ""


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.sampled_from("ab. \t\r\n\u2028“é")))
def test_lines_lose_nothing_but_white_space(text):
    parts = [part for _, _, part in readers._parts(text, "sentence")]
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_byte_order_mark_is_no_part_of_the_text(tmp_path):
    (tmp_path / "a.txt").write_bytes(codecs.BOM_UTF8 + b"Rain fell.")
    assert documents(tmp_path / "a.txt")[0].sentences == [(0, 10, "Rain fell.")]


def test_text_of_another_encoding(tmp_path):
    (tmp_path / "a.txt").write_bytes("The café burned.".encode("cp1252"))
    assert documents(tmp_path / "a.txt", Reading(encoding="cp1252"))[0].text == "The café burned."


def test_text_that_does_not_decode_is_named_with_its_byte(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"Rain \xff fell.")
    assert rejected(tmp_path / "a.txt") == Reject(
        str(tmp_path / "a.txt"),
        None,
        "not UTF-8 (byte 5: invalid start byte); save it as UTF-8 or name its encoding (as in --encoding latin-1)",
    )


def test_text_that_is_not_in_the_named_encoding_says_which(tmp_path):
    (tmp_path / "a.txt").write_bytes("Rain in Malmö.".encode())
    assert rejected(tmp_path / "a.txt", Reading(encoding="ascii")).reason.startswith("not ascii (byte 12: ")


def test_text_with_nul_characters_is_none(tmp_path):
    (tmp_path / "a.txt").write_bytes("Rain fell.".encode("utf-16-le"))
    assert rejected(tmp_path / "a.txt").reason == ("holds NUL characters, so it is UTF-16 or no text; save it as UTF-8")


@pytest.mark.parametrize("content", ["", " \r\n\t\u2003", "\ufeff"])
def test_text_without_a_sentence_is_rejected(tmp_path, content):
    (tmp_path / "a.txt").write_text(content)
    assert rejected(tmp_path / "a.txt").reason == "empty; there is no sentence to label"


def test_file_that_cannot_be_read_does_not_stop_the_others(tmp_path):
    for name, content in (
        ("a.txt", b"Rain fell."),
        ("b.txt", b"\xff"),
        ("c.csv", b"id\n1\n"),
        ("d.txt", b"Snow fell."),
    ):
        (tmp_path / name).write_bytes(content)
    found, rejects = read(tmp_path)
    assert [document.text for document in found] == ["Rain fell.", "Snow fell."]
    assert [Path(reject.source).name for reject in rejects] == ["b.txt", "c.csv"]


def test_every_file_that_is_opened_is_told(tmp_path):
    (tmp_path / "a.txt").write_text("Rain fell.")
    (tmp_path / "b.jsonl").write_text('{"text": "Snow fell."}\n')
    opened = []
    sources = find_sources([str(tmp_path)])
    list(read_documents(sources, Reading(), refuse, lambda source, file: opened.append((source, file.tell()))))
    assert opened == [(sources[0], 0), (sources[1], 0)]


def test_next_file_is_opened_when_it_is_its_turn(tmp_path):
    (tmp_path / "a.txt").write_text("Rain fell.")
    sources = [*find_sources([str(tmp_path)]), Source("nowhere.txt", "text")]
    found = read_documents(sources, Reading(), refuse)
    assert next(found).text == "Rain fell."
    with pytest.raises(RejectedError, match="nowhere.txt: No such file"):
        next(found)


# One article


def test_article_is_its_text(tmp_path):
    (tmp_path / "a.txt").write_bytes(codecs.BOM_UTF8 + b"Rain fell.\r\n")
    assert read_article(str(tmp_path / "a.txt")) == "Rain fell.\r\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", '{"text": "Rain fell."}', "a.jsonl: a table of articles; give one article"),
        ("a.txt", "", "a.txt: empty; there is no sentence to label"),
    ],
)
def test_what_is_not_one_article_is_refused(tmp_path, monkeypatch, name, content, message):
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(content)
    with pytest.raises(InputError, match=f"^{message}$"):
        read_article(name)
