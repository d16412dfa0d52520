"""What the files at the top level say of the project is so."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "seeds/**/*.md", "models/*.md", "benchmarks/*.md", "examples/**/*.md")
    for path in ROOT.glob(pattern)
)
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def name(path):
    return path.relative_to(ROOT).as_posix()


def without_code(text):
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(path):
    """Give the anchors of a page's headings, as Git forges and the site make them."""
    titles = re.findall(r"^#+ (.+)$", without_code(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8"))):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        # Names of the reference are there once the site is built.
        assert not anchor or anchor.startswith("wiredesk.") or anchor in anchors(target), link


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "docs/index.md"])
def test_files_that_are_named_are_there(page):
    paths = re.findall(r"`((?:[\w.]+/)+[\w.]*)`", (ROOT / page).read_text(encoding="utf-8"))
    made = {"build/", ".venv/", "build/site/index.html"}
    inside = {"commands/": "app/commands/", "pages/": "app/pages/"}
    missing = [path for path in paths if path not in made and not (ROOT / inside.get(path, path)).exists()]
    assert missing == ["tests/test_NAME.py"] * (page == "CONTRIBUTING.md")


def test_the_citation_is_of_this_version():
    assert CITATION["version"] == VERSION


def test_the_citation_has_what_the_format_asks_for():
    assert CITATION["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= CITATION.keys()


def test_the_citation_s_licence_is_that_of_the_code():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("BSD 3-Clause")
    assert CITATION["license"] == "BSD-3-Clause"


def test_the_changes_tell_of_this_version():
    assert VERSION in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
