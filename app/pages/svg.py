"""matplotlib's figures as SVG that stands in a page: its colours, its fonts, no style of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from wiredesk.seeds.extras import require

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Colours to draw with. Each stands for one that the page knows, which differs between light, dark, print and types.
INK, SOFT, RULE, HUE, MARK, PAPER = (f"#00000{n}" for n in range(1, 7))
_NAMES = {INK: "ink", SOFT: "soft", RULE: "rule", HUE: "hue", MARK: "mark", PAPER: "paper", "#000000": "ink"}

#: Width of a plot in a page's pixels for each point, where the page does not say otherwise.
SCALE = 1.3

#: Over matplotlib's defaults, whatever a user's own settings are.
_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "wiredesk",
    "text.parse_math": False,
    "text.color": INK,
    "font.size": 9.5,
    "axes.labelcolor": SOFT,
    "axes.labelpad": 3,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "path.simplify": False,
    **{f"axes.spines.{side}": False for side in ("left", "right", "top", "bottom")},
    **{f"{axis}tick.labelcolor": SOFT for axis in "xy"},
    **{f"{axis}tick.major.size": 0 for axis in "xy"},
    **{f"{axis}tick.major.pad": 5 for axis in "xy"},
}

_DECIMAL = re.compile(r"-?\d+\.\d+")
_REFERENCE = re.compile(r"#([\w-]+)")


@contextmanager
def drawing() -> Iterator[None]:
    """Draw inside of this with the page's settings; those of matplotlib are as before when it ends.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    matplotlib = require("matplotlib", "report", "plots")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def new_figure(width: float, height: float) -> Figure:
    """Make a figure that stands alone, outside of pyplot.

    Parameters
    ----------
    width, height : float
        In points, which are the units of the SVG.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure: Figure = require("matplotlib.figure", "report", "plots").Figure(figsize=(width / 72, height / 72))
    return figure


def inline(figure: Figure, key: str, title: str, description: str, texts: Mapping[str, str] | None = None) -> str:
    """Write a figure as an SVG element.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn with the colours of this module.
    key : str
        What its ids begin with; no other figure of the page may have it.
    title, description : str
        What the plot is, and what it shows, for those who do not see it.
    texts : mapping of str to str, optional
        Text in the figure -> what to write instead. A user's names are put in so: matplotlib, which measures text
        and warns of characters that its font lacks, never sees them.

    Returns
    -------
    str
        HTML. What the figure would put into ``style`` attributes is in classes and attributes of SVG.

    Examples
    --------
    >>> with drawing():
    ...     figure = new_figure(100, 50)
    ...     _ = figure.text(0.5, 0.5, "name", color=MARK)
    ...     svg = inline(figure, "p0", "A name", "It stands in the middle.", {"name": "<b>"})
    >>> svg[-40:]
    'class="fill-mark">&lt;b&gt;</text></svg>'
    """
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    source = ElementTree.fromstring(buffer.getvalue())
    root = ElementTree.Element(
        "svg",
        {
            "role": "img",
            "aria-labelledby": f"{key}-t",
            "aria-describedby": f"{key}-d",
            "viewBox": source.attrib["viewBox"],
            "width": f"{SCALE * float(source.attrib['viewBox'].split()[2]):.0f}",
            "stroke-linejoin": "round",
        },
    )
    for tag, text in (("title", title), ("desc", description)):
        ElementTree.SubElement(root, tag, {"id": f"{key}-{tag[0]}"}).text = text
    for child in source:
        root.extend(_translated(child, key, texts or {}))
    return ElementTree.tostring(root, encoding="unicode")


def _translated(element: ElementTree.Element, key: str, texts: Mapping[str, str]) -> list[ElementTree.Element]:
    """Give what takes the place of an element: itself made plain, its children, or nothing."""
    tag = element.tag.rpartition("}")[2]
    if tag in ("metadata", "style"):
        return []
    children = [new for child in element for new in _translated(child, key, texts)]
    found = _attributes(element, tag, key)
    if tag in ("g", "defs") and (not children or (tag == "g" and not found)):
        return children
    if tag == "path" and not children and "id" not in found and found.get("fill") == "none" and "class" not in found:
        return []  # A background that shows nothing.
    new = ElementTree.Element(tag, found)
    new.text = texts.get(element.text, element.text) if tag == "text" and element.text else None
    new.extend(children)
    return [new]


def _attributes(element: ElementTree.Element, tag: str, key: str) -> dict[str, str]:
    found: dict[str, str] = {}
    classes: list[str] = []
    for name, value in element.attrib.items():
        name = name.rpartition("}")[2]
        if name == "style":
            for declaration in filter(None, map(str.strip, value.split(";"))):
                rule, _, setting = (part.strip() for part in declaration.partition(":"))
                if setting in _NAMES:
                    classes.append(f"{rule}-{_NAMES[setting]}")
                elif rule == "font":  # Before matplotlib 3.10 all of it is in one.
                    found["font-size"] = setting.partition("px")[0].rpartition(" ")[2]
                elif rule not in ("font-family", "stroke-linejoin", "stroke-dashoffset"):
                    found[rule] = setting.removesuffix("px")
        elif name == "id":
            if tag in ("path", "clipPath"):
                found["id"] = f"{key}-{value}"
        elif name == "transform" and value.startswith("rotate(-0 "):
            continue
        else:
            value = _REFERENCE.sub(rf"#{key}-\1", value) if name in ("clip-path", "href") else value
            found[name] = _DECIMAL.sub(_rounded, " ".join(value.split()))
    if classes:
        found["class"] = " ".join(classes)
    return found


def _rounded(match: re.Match[str]) -> str:
    """Keep a tenth of a point, which is less than a screen's dot."""
    text = f"{float(match[0]):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
