"""What docstrings have of reStructuredText, as Markdown: formulas, references, links to other names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe
from latex2mathml.converter import convert

API = Path(__file__).parents[1] / "api"

_BLOCK = re.compile(r"^( *)\.\. math:: *(.*(?:\n\1 +\S.*)*)", re.MULTILINE)
_INLINE = re.compile(r":math:`([^`]+)`")
_REFERENCE = re.compile(r"^( *)\.\. \[(\d+)\] (.*(?:\n\1   \S.*)*)", re.MULTILINE)
_CITED = re.compile(r"(\[\d+\])_")
_ADDRESS = re.compile(r"https?://[^\s<>]+[^\s<>.,)]")
_NAME = re.compile(r"(?<![`\w])`([A-Za-z_][\w.]*)`(?![`\w])")


class Markdown(griffe.Extension):
    """Rewrite the package's docstrings before they are parsed."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Rewrite all of them."""
        if pkg.path == "wiredesk":
            names = dict(_documented(pkg))
            for found in _objects(pkg):
                if found.docstring is not None:
                    found.docstring.value = _linked(_rewritten(found.docstring.value), found, names)


def _objects(parent: griffe.Object) -> Iterator[griffe.Object]:
    yield parent
    for member in parent.members.values():
        if not member.is_alias:
            yield from _objects(member)


def _documented(pkg: griffe.Module) -> Iterator[tuple[str, str]]:
    """Give the names that pages tell of, as docstrings call them, with their addresses."""
    pages = (page.read_text(encoding="utf-8") for page in API.glob("*.md"))
    for path in re.findall(r"^::: wiredesk\.(\S+)", "\n".join(pages), re.MULTILINE):
        module = pkg[path]
        for name in map(str, module.exports or [name for name in module.members if _is_own(module, name)]):
            member = module.members[name]
            address = f"wiredesk.{path}.{name}"
            target = pkg[member.target_path.removeprefix("wiredesk.")] if member.is_alias else member
            yield from ((called, address) for called in (name, address, f"wiredesk.{name}", target.path))
            if target.is_class:
                own = [one for one in target.members if _is_own(target, one)]
                yield from ((f"{name}.{one}", f"{address}.{one}") for one in own)


def _is_own(parent: griffe.Object, name: str) -> bool:
    member = parent.members[name]
    return not name.startswith("_") and not member.is_alias and member.docstring is not None


def _rewritten(text: str) -> str:
    text = _BLOCK.sub(lambda found: found[1] + _formula(found[2], "block"), text)
    text = _INLINE.sub(lambda found: _formula(found[1], "inline"), text)
    return _CITED.sub(r"\1", _REFERENCE.sub(_listed, text))


def _formula(latex: str, display: str) -> str:
    # A name of several letters is one upright word.
    named = re.sub(r"\\mathrm\{(\w+)\}", r"\\text{\1}", " ".join(latex.split()))
    return convert(named, display=display)


def _listed(reference: re.Match[str]) -> str:
    text = _ADDRESS.sub(r"<\g<0>>", " ".join(reference[3].split()))
    return f"{reference[1]}{reference[2]}. {text}"


def _linked(text: str, found: griffe.Object, names: dict[str, str]) -> str:
    """Link names in single backticks, but for those of the object's own parameters."""
    own = {found.name, *(parameter.name for parameter in getattr(found, "parameters", ()))}
    home = found if found.is_class or found.parent is None else found.parent

    def link(name: re.Match[str]) -> str:
        address = names.get(f"{home.name}.{name[1]}") or names.get(name[1])
        return name[0] if name[1] in own or address is None else f"[{name[0]}][{address}]"

    lines = text.split("\n")
    return "\n".join(line if line.lstrip().startswith((">>>", "...")) else _NAME.sub(link, line) for line in lines)
