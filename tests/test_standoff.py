"""Gold without texts: rebuilt from the documents, and only from the right ones."""

import json
import re
import shutil
from collections import Counter
from importlib.resources import files

import pytest

from tests.realtexts import GOLD, GOLD_DOCUMENTS, with_real_texts
from wiredesk.seeds import RecordError, find_problems, read_gold
from wiredesk.seeds.standoff import text_hash


def rows():
    source = files("wiredesk.seeds").joinpath("gold/dev.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in source.splitlines()]


def test_gold_holds_no_text():
    assert {tuple(row) for row in rows()} == {("document", "start", "end", "labels", "source", "sha256")}
    assert all(re.fullmatch("[0-9a-f]{16}", row["sha256"]) for row in rows())


def test_gold_counts_are_those_of_its_readme():
    readme = files("wiredesk.seeds").joinpath("gold/README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| ([a-z0-9-]+) \| (\d+) \| (\d+) \|", readme, re.MULTILINE)
    stated = {name: (int(sentences), int(documents)) for name, sentences, documents in lines}
    sentences = Counter(row["source"] for row in rows())
    documents = Counter(source for source, _ in {(row["source"], row["document"]) for row in rows()})
    assert stated == {source: (sentences[source], documents[source]) for source in sentences}


def test_missing_documents_are_named(tmp_path):
    first = rows()[0]["document"]
    with pytest.raises(RecordError, match=rf"{re.escape(first)}, .* and 81 more missing; add them as files"):
        read_gold(tmp_path)


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(RecordError, match="nowhere: no such folder"):
        read_gold(tmp_path / "nowhere")


def test_other_text_is_named(tmp_path):
    documents = dict.fromkeys(row["document"] for row in rows())
    table = "".join(json.dumps({"document": name, "text": "Another text."}) + "\n" for name in documents)
    (tmp_path / "documents.jsonl").write_text(table, encoding="utf-8")
    with pytest.raises(RecordError, match="and 81 more are not the texts that were labelled"):
        read_gold(tmp_path)


def test_table_without_texts_is_refused_with_its_line(tmp_path):
    (tmp_path / "documents.jsonl").write_text('{"document": "a", "text": "b"}\n{"document": "c"}\n')
    with pytest.raises(RecordError, match=r"documents.jsonl:2: no document or no text"):
        read_gold(tmp_path)


def test_hash_tells_sentences_apart():
    assert text_hash("Shells fell.") != text_hash("Shells fell")


@with_real_texts
def test_gold_is_rebuilt_from_a_table():
    records = read_gold(GOLD_DOCUMENTS)
    original = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    assert [(r.document, r.text, list(r.labels)) for r in records] == [
        (row["document"], row["text"], row["labels"]) for row in original
    ]
    assert not any(problem.fatal for problem in find_problems(records, duplicates=False))


@with_real_texts
def test_gold_is_rebuilt_from_files(tmp_path):
    for row in map(json.loads, (GOLD_DOCUMENTS / "documents.jsonl").read_text(encoding="utf-8").splitlines()):
        path = tmp_path / row["document"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(row["text"].encode())
    assert read_gold(tmp_path) == read_gold(GOLD_DOCUMENTS)
    shutil.rmtree(tmp_path / "seeds")
    with pytest.raises(RecordError, match=r"seeds/.* and 2 more missing"):
        read_gold(tmp_path)
