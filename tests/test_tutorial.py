"""The tutorial, followed step by step: what it types, and whether what it promises comes out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wiredesk
from wiredesk.features import segment

ROOT = Path(__file__).parents[1]
NEWSROOM = ROOT / "examples" / "newsroom"
PAGE = (ROOT / "docs" / "newsroom.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]


def test_the_articles_are_those_that_are_labelled():
    rows = [json.loads(line) for line in (NEWSROOM / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    found = {}
    for path in sorted((NEWSROOM / "articles").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        found[path.stem] = [text[start:end] for start, end in segment(text)]
    labelled = {name: [row["text"] for row in rows if row["document"] == name] for name in found}
    assert len(found) == 20
    assert found == labelled


def test_no_test_article_is_trained_on():
    train, test = (
        {json.loads(line)["document"] for line in (NEWSROOM / name).read_text(encoding="utf-8").splitlines()}
        for name in ("labels.jsonl", "test.jsonl")
    )
    assert (len(train), len(test), train & test) == (20, 24, set())


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Type what the tutorial types, in a folder with the examples; give the folder and what each command printed."""
    folder = tmp_path_factory.mktemp("newsroom")
    (folder / "examples").symlink_to(ROOT / "examples")
    printed = {}
    for command in commands():
        program, *arguments = command.split()
        run = [sys.executable] if program == "python" else [Path(sys.executable).with_name(program)]
        done = subprocess.run([*run, *arguments], cwd=folder, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, (command, done.stderr)
        printed[command] = done.stdout
    return folder, printed


def scores(table: str) -> dict[str, float]:
    """Read the F1 of each row of an evaluation."""
    return {
        row.split()[0]: float(row.split()[4 if row.split()[0] != "macro" else 3])
        for row in table.splitlines()
        if re.match(r"(attack|official|casualty|political)_\w+ +\d+ |macro ", row)
    }


def test_two_hundred_sentences_make_a_better_model(followed):
    _, printed = followed
    shipped, desk = (scores(text) for command, text in printed.items() if command.startswith("wiredesk evaluate"))
    assert set(shipped) == set(desk) == {*wiredesk.load_model().types, "macro"}
    assert desk["macro"] > shipped["macro"] + 0.1
    assert desk["attack_report"] > shipped["attack_report"] + 0.3
    assert desk["casualty_figure"] > shipped["casualty_figure"] + 0.2


def test_the_numbers_are_those_of_the_page(followed):
    _, printed = followed
    tables = re.findall(r"^```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    evaluated = [text for command, text in printed.items() if command.startswith("wiredesk evaluate")]
    for shown, said in zip(tables, evaluated, strict=True):
        assert scores(shown) == pytest.approx(scores(said), abs=0.02)


def test_only_the_labelled_sentences_are_learnt_from(followed):
    folder, _ = followed
    training = wiredesk.load_model(folder / "desk.wiredesk").manifest["training"]
    assert training["sentences"] - training["background"] == 200
    assert training["cross_validation"]["sentences"] == 200


def test_the_page_is_written(followed):
    folder, _ = followed
    assert "20 articles" in (folder / "today.html").read_text(encoding="utf-8")
