"""Pages from outside of the documentation's folder, links to what stands there, and what no built page may hold.

Links are written as they work between the files of the repository. In the site, files that are in it too are linked,
and others are named.
"""

from __future__ import annotations

import logging
import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

log = logging.getLogger("mkdocs.hooks.pages")

ROOT = Path(__file__).parents[2]

#: Files from elsewhere that are in the site, each at its place in the repository.
BESIDE = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "seeds/*.md",
    "seeds/*.svg",
    "seeds/gold/*.md",
    "models/*.md",
    "benchmarks/*.md",
    "benchmarks/*.svg",
    "examples/**/*.md",
    "examples/evaluation/*",
)

_LINK = re.compile(r"(?P<start>!?\[(?P<text>[^]]*)\]\()(?P<path>[^)#:\s]+)(?P<anchor>#[^)\s]*)?\)")
_CODE = re.compile(r"(^```.*?^```|`[^`\n]*`(?!\]))", re.DOTALL | re.MULTILINE)

#: Parameters without a description end in a dash that leads nowhere.
_NO_DESCRIPTION = re.compile(r"\s*–\s*<div class=\"doc-md-description\">\s*</div>")

_UNWANTED = {
    "reStructuredText": re.compile(r":math:|\.\. (?:math|\[\d)|\[\d+\]_|<p>(?:>>>|&gt;&gt;&gt;) "),
    "something from the network": re.compile(
        r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"?(?:https?:)?//"
        r"|<link\b[^>]*\brel=\"?(?:stylesheet|preconnect|preload|icon)\b[^>]*\bhref=\"?(?:https?:)?//"
    ),
}


def on_files(files: Files, config: Any) -> Files:
    """Add the files that stand elsewhere."""
    for path in sorted({path for pattern in BESIDE for path in ROOT.glob(pattern)}):
        files.append(File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, files: Files, **_: Any) -> str:
    """Mend the links to other files."""
    site_path = page.file.src_uri
    path = site_path if page.file.generated_by else f"docs/{site_path}"

    def mend(link: re.Match[str]) -> str:
        there = posixpath.normpath(posixpath.join(posixpath.dirname(path), link["path"]))
        name = there.removeprefix("docs/")
        if files.get_file_from_path(name) is not None:
            target = posixpath.relpath(name, posixpath.dirname(site_path) or ".")
            return f"{link['start']}{target}{link['anchor'] or ''})"
        if not (ROOT / there).exists():
            log.warning("%s links to %s, which is not there", path, there)
        return link["text"] if link["text"] == f"`{there}`" else f"{link['text']} (`{there}`)"

    # What stands in code is no link.
    parts = _CODE.split(markdown)
    return "".join(part if n % 2 else _LINK.sub(mend, part) for n, part in enumerate(parts))


def on_page_content(html: str, **_: Any) -> str:
    """Drop dashes without a description."""
    return _NO_DESCRIPTION.sub("", html)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Warn of what should have become something else; ``mkdocs build --strict`` fails then."""
    for what, pattern in _UNWANTED.items():
        for found in pattern.finditer(output):
            shown = " ".join(output[found.start() : found.start() + 80].split())
            log.warning("%s holds %s: %s", page.file.src_uri, what, shown)
    return output
