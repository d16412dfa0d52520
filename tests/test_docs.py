"""What the documentation shows runs, and records are what their schema says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

import wiredesk
from tests.realtexts import WIKINEWS, with_real_texts
from wiredesk.models.labelled import OUTPUT_FIELDS
from wiredesk.prediction import labelled_documents
from wiredesk.readers import Reading, read_documents
from wiredesk.rejects import refuse
from wiredesk.sources import find_sources

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "docs" / "record.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("**/*.md")), ids=lambda path: path.name)
def test_python_in_the_documentation_runs(page):
    example = str(ROOT / "examples" / "article.txt")
    frame = pd.DataFrame({"sentence": ["Two rockets hit the market.", "Six people died."], "article": ["a", "a"]})
    names = {"names": [example], "frame": frame}
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)


def records(path, **settings):
    model = wiredesk.load_model()
    for document in labelled_documents(read_documents(find_sources([str(path)]), Reading(**settings), refuse), model):
        yield from document.records(model.hash)


def test_the_schema_is_one_and_names_every_field():
    Draft202012Validator.check_schema(SCHEMA)
    assert tuple(SCHEMA["required"]) == tuple(SCHEMA["properties"]) == OUTPUT_FIELDS


def test_records_of_the_example_follow_the_schema():
    found = list(records(ROOT / "examples" / "article.txt"))
    assert len(found) > 10
    for record in found:
        Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(record)))


@pytest.mark.parametrize(
    ("field", "value"), [("start", -1), ("types", "attack_report"), ("probabilities", {"a": 2}), ("model", "x")]
)
def test_the_schema_refuses_what_is_no_record(field, value):
    record = next(records(ROOT / "examples" / "article.txt"))
    assert Draft202012Validator(SCHEMA).is_valid(record)
    assert not Draft202012Validator(SCHEMA).is_valid({**record, field: value})


@with_real_texts
def test_records_of_real_articles_follow_the_schema():
    validator = Draft202012Validator(SCHEMA)
    names = set()
    for record in records(WIKINEWS, id_column="url"):
        validator.validate(record)
        names.add(record["document"])
    assert len(names) == 294
