"""Rendering a page: one HTML file that loads nothing and runs no script but its own."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TextIO

from wiredesk.pages.text import plain
from wiredesk.seeds.extras import require

if TYPE_CHECKING:
    from jinja2 import Environment

#: What would end the element that holds the data, or begin another one, and the line ends that old scripts know.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def render(name: str, out: TextIO, *, styles: Sequence[str], scripts: Sequence[str] = (), **values: Any) -> None:
    """Write a page from a template that extends ``base.html``.

    Parameters
    ----------
    name : str
        The template, a file of this package.
    out : text file
        Of an encoding that has every character, such as UTF-8.
    styles, scripts : sequence of str
        Files of this package, put into the page in this order.
    **values : object
        What the template shows; everything is escaped.

    Raises
    ------
    MissingExtraError
        If jinja2 is not installed.

    Notes
    -----
    The page's policy lets the browser run and apply only what has the hashes of the files, so attributes like ``style``
    and ``onclick`` do nothing, and no address is ever asked for anything.
    """
    environment = _environment()
    from markupsafe import Markup

    style, script = "".join(map(_read, styles)), "".join(map(_read, scripts))
    policy = [
        "default-src 'none'",
        f"style-src {_source(style)}",
        f"script-src {_source(script)}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    template = environment.get_template(name)
    stream = template.stream(policy="; ".join(policy), style=Markup(style), script=Markup(script), **values)
    stream.enable_buffering(200)
    for piece in stream:
        out.write(piece)


def embed(data: object) -> Any:
    r"""Write data as JSON that may stand inside of a ``<script type="application/json">``.

    Parameters
    ----------
    data : object
        Strings in it need not be plain.

    Returns
    -------
    Markup

    Examples
    --------
    >>> print(embed(["</script><!--", 1]))
    ["\u003c/script\u003e\u003c!--",1]
    """
    from markupsafe import Markup

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(plain(text).translate(_ESCAPES))


def _environment() -> Environment:
    jinja2 = require("jinja2", "report", "pages to read")
    environment: Environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: plain(value) if isinstance(value, str) else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment


def _read(name: str) -> str:
    return files("wiredesk.pages").joinpath(name).read_text(encoding="utf-8")


def _source(content: str) -> str:
    """Name the one inline content that a policy allows."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" if content else "'none'"
