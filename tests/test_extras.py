"""What is said where an extra is not installed: one line that names it, from every command that needs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WIREDESK = Path(sys.executable).with_name("wiredesk")
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]

#: Python runs it before anything else; the libraries that it is told of are not there.
HIDE = """
import os, sys

class Hidden:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in os.environ["HIDDEN"].split():
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden)
"""

ROWS = [{"text": f"Two rockets hit depot {i}.", "labels": ["attack_report"], "document": f"d{i}"} for i in range(3)]


def libraries(extra: str) -> list[str]:
    """Name what an extra installs, as it is imported."""
    return [requirement.partition(">=")[0] for requirement in EXTRAS[extra]]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "hide").mkdir()
    (tmp_path / "hide" / "sitecustomize.py").write_text(HIDE)
    (tmp_path / "a.txt").write_text("Two rockets hit the market.")
    (tmp_path / "a.html").write_text("<p>Two rockets hit the market.</p>")
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    lines = [json.dumps({**row, "annotator": name}) + "\n" for name in "AB" for row in ROWS]
    (tmp_path / "d.jsonl").write_text("".join(lines))
    return tmp_path


def run(here: Path, arguments: str, hidden: list[str]) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(here / "hide"), "HIDDEN": " ".join(hidden)}
    return subprocess.run(
        [WIREDESK, *arguments.split()], cwd=here, env=env, capture_output=True, encoding="utf-8", timeout=120
    )


@pytest.mark.parametrize(
    ("extra", "arguments"),
    [
        ("html", "predict a.html"),
        ("parquet", "predict a.parquet"),
        ("parquet", "predict a.txt -o out.parquet"),
        ("parquet", "evaluate a.parquet"),
        ("report", "predict a.txt -o out.html"),
        ("report", "evaluate d.jsonl --report out.html"),
        ("annotate", "agreement d.jsonl"),
        ("cluster", "predict a.txt -o out/ --scheduler tcp://127.0.0.1:1"),
        ("cluster", "predict a.txt -o memory://out/"),
    ],
)
def test_a_missing_extra_is_named_in_one_line(here: Path, extra: str, arguments: str) -> None:
    done = run(here, arguments, libraries(extra))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert done.stderr.startswith("wiredesk: ")
    assert f"which is not installed; pip install 'wiredesk[{extra}]'" in done.stderr
    assert not [path.name for path in here.iterdir() if path.name.startswith("out.")]


def test_without_any_extra_an_article_is_labelled(here: Path) -> None:
    hidden = [library for extra in EXTRAS if extra != "all" for library in libraries(extra)]
    done = run(here, "predict a.txt -o out.jsonl", hidden)
    assert (done.returncode, done.stderr.count("\n")) == (0, 1), done.stderr
    (line,) = (here / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["types"] == ["attack_report"]


def test_all_holds_every_extra() -> None:
    (everything,) = EXTRAS["all"]
    assert everything == f"wiredesk[{','.join(sorted(set(EXTRAS) - {'all'}))}]"
