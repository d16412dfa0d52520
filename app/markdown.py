"""Markdown and the YAML in front of it, whatever stands in the names that go in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from wiredesk.terminal import printable

#: Marks that mean something to Markdown, HTML or formulas inside a line.
_MARKS = re.compile(r"[\\`*_\[\]<>|~#&!$]")

#: Marks that would turn the line of a name around, which no name needs; lone surrogates, which no file can hold.
_UNWANTED = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

#: What YAML takes for a line end, or does not allow, though JSON does.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

#: Strings that YAML needs no quotes for, but for those that it reads as something else.
_BARE = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)\Z)[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*\Z")


def escaped(text: str) -> str:
    r"""Write text so that Markdown shows it as it is, in one line.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> print(escaped("a|b\n<i>*c*"))
    a\|b \<i\>\*c\*
    """
    return _MARKS.sub(r"\\\g<0>", _one_line(text))


def code(text: str, *, in_table: bool = False) -> str:
    r"""Write a name as code.

    Parameters
    ----------
    text : str
    in_table : bool, default=False
        Whether it goes into a table, where even in code a pipe would begin a cell.

    Returns
    -------
    str

    Examples
    --------
    >>> print(code("attack_report"), code("a`b"), code("a|b", in_table=True))
    `attack_report` ``a`b`` `a\|b`
    """
    text = _one_line(text) or " "
    marks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    # One blank on either side is taken away again; a mark at the edge would be taken for part of the fence.
    inner = f" {text} " if text[0] == "`" or text[-1] == "`" else text
    return f"{marks}{inner.replace('|', chr(92) + '|') if in_table else inner}{marks}"


def fenced(text: str, language: str) -> str:
    """Write lines as a block of code.

    Parameters
    ----------
    text : str
    language : str

    Returns
    -------
    str
    """
    marks = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{marks}{language}\n{text}\n{marks}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table: its first column to the left, numbers to the right; columns without any entry are left out.

    Parameters
    ----------
    header : sequence of str
        In Markdown already.
    rows : sequence of sequence of str
        In Markdown already; an empty string is no entry.

    Returns
    -------
    str

    Examples
    --------
    >>> print(table(["type", "F1", "interval"], [["`a`", "0.82", ""], ["`b`", "", ""]]))
    | type | F1 |
    | --- | ---: |
    | `a` | 0.82 |
    | `b` |  |
    """
    kept = [k for k in range(len(header)) if any(row[k] for row in rows)]
    lines = [header, ["---:" if k else "---" for k in range(len(header))], *rows]
    return "\n".join(f"| {' | '.join(line[k] for k in kept)} |" for line in lines)


def front_matter(values: Mapping[str, Any], comment: str = "") -> str:
    r"""Write the YAML that stands in front of a Markdown page.

    Parameters
    ----------
    values : mapping of str to object
        Strings, numbers, and lists and mappings of them, none of them empty; keys are plain words.
    comment : str, default=""
        One line for whoever edits it.

    Returns
    -------
    str
        With the ``---`` around it.

    Examples
    --------
    >>> print(front_matter({"license": "mit", "tags": ["a: b", "yes"], "results": [{"name": "x", "value": 0.5}]}))
    ---
    license: mit
    tags:
    - "a: b"
    - "yes"
    results:
    - name: x
      value: 0.5
    ---
    """
    return "\n".join(["---", *([f"# {_one_line(comment)}"] if comment else []), *_block(values), "---"])


def _block(value: Any) -> list[str]:
    """Write a mapping or a list, a line each."""
    lines = []
    for key, item in value.items() if isinstance(value, Mapping) else [(None, item) for item in value]:
        if isinstance(item, Mapping | list):
            inner = _block(item)
            indented = [f"  {line}" for line in inner]
            if key is None:
                lines += [f"- {inner[0]}", *indented[1:]]
            else:
                lines += [f"{key}:", *(inner if isinstance(item, list) else indented)]
        else:
            lines.append(f"- {_scalar(item)}" if key is None else f"{key}: {_scalar(item)}")
    return lines


def _scalar(value: str | float) -> str:
    """Write a string or number; strings of JSON are strings of YAML, once a few characters are escaped."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        digits = f"{value:.6f}".rstrip("0")  # Never 1e-06, which YAML reads as a string.
        return f"{digits}0" if digits.endswith(".") else digits
    if _BARE.match(value):
        return value
    quoted = json.dumps(_UNWANTED.sub("\ufffd", value), ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _one_line(text: str) -> str:
    return printable(" ".join(_UNWANTED.sub("\ufffd", text).split()))
