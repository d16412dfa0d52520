"""What the documents beside the code say is so."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import wiredesk
from wiredesk.features import segment

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
TYPES = ("attack_report", "official_quote", "casualty_figure", "political_context")


@pytest.fixture(scope="module")
def datasheet():
    return (ROOT / "seeds" / "DATASHEET.md").read_text(encoding="utf-8")


def table_rows(text, first_column):
    """Give the rows of Markdown tables whose first cell matches, as lists of cells."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [row for row in rows if re.fullmatch(first_column, row[0])]


def test_datasheet_counts_types_by_file(datasheet):
    records = wiredesk.load_seeds()
    rows = [row for row in table_rows(datasheet, ".*jsonl`|all") if len(row) == 7]
    stated = {row[0].strip("`"): [int(cell.replace(",", "")) for cell in row[1:]] for row in rows}
    counted = {}
    for record in records:
        for name in (record.origin.partition(":")[0], "all"):
            row = counted.setdefault(name, [0] * 6)
            row[0] += 1
            for j, kind in enumerate(TYPES, 1):
                row[j] += kind in record.labels
            row[5] += not record.labels
    assert stated == counted


def test_datasheet_counts_combinations(datasheet):
    combination = "(none|[a-z]+_[a-z]+(, [a-z]+_[a-z]+)*)"
    stated = {row[0]: int(row[1].replace(",", "")) for row in table_rows(datasheet, combination) if len(row) == 2}
    assert stated == Counter(", ".join(record.labels) or "none" for record in wiredesk.load_seeds())


@pytest.mark.parametrize("name", ["README.md", "seeds/DATASHEET.md", "examples/README.md", "seeds/LICENSE"])
def test_corpus_is_called_synthetic_wherever_it_is_described(name):
    assert "synthetic" in (ROOT / name).read_text(encoding="utf-8")


def test_readme_snippet_prints_what_it_says(tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", snippet], capture_output=True, encoding="utf-8", cwd=tmp_path)
    assert done.stdout.splitlines() == re.findall(r"^# (.*)$", snippet, re.MULTILINE), done.stderr


def test_readme_accuracy_names_the_shipped_types():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [row[0] for row in table_rows(readme, "(attack|official|casualty|political)_[a-z]+")] == list(TYPES)


def test_example_labels_cover_the_article():
    text = (EXAMPLES / "article.txt").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in (EXAMPLES / "article.jsonl").read_text(encoding="utf-8").splitlines()]
    position = 0
    for row in rows:
        start = text.index(row["text"], position)
        assert not text[position:start].strip(), f"unlabelled: {text[position:start]!r}"
        position = start + len(row["text"])
    assert not text[position:].strip()
    assert {label for row in rows for label in row["labels"]} == set(TYPES)


def test_example_is_segmented_as_it_is_labelled():
    text = (EXAMPLES / "article.txt").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in (EXAMPLES / "article.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [text[start:end] for start, end in segment(text)] == [row["text"] for row in rows]


def test_datasheet_counts_articles_and_gold(datasheet):
    articles = {record.document for record in wiredesk.load_seeds() if record.document}
    assert f"{len(articles):,} whole articles" in datasheet
    assert (ROOT / "seeds" / "learning_curve.svg").exists()
