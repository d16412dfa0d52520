"""Charts of all types at once: values with intervals, and which types come together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from wiredesk.pages.formats import interval, number
from wiredesk.pages.plots import DASHED
from wiredesk.pages.svg import INK, PAPER, RULE, SOFT, inline, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A plot of intervals: the width of its axes, and the height of a row.
WIDTH, ROW = 215, 17

#: A longer name is cut in a plot; the width of a letter is a guess, as the page's font is not known.
LONGEST_NAME, LETTER = 24, 5.2


class Interval(NamedTuple):
    """A row of a plot of intervals.

    Attributes
    ----------
    name : str
    value : float or None
    bounds : (low, high) or None
    beside : sequence of (float or None)
        Values to compare with, each shown by a sign of its own: first a cross, then a triangle.
    """

    name: str
    value: float | None
    bounds: Sequence[float] | None
    beside: Sequence[float | None] = ()


def cooccurrence(key: str, what: str, names: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Draw how many sentences have both of two types.

    Parameters
    ----------
    key : str
    what : str
        Whose types: a title.
    names : sequence of str
    counts : sequence of sequence of int, shape (n_types, n_types)

    Returns
    -------
    str

    Notes
    -----
    A cell is as dark as the share of its row's sentences that have the column's type too.
    """
    n = len(names)
    cell = 30 if n <= 10 else 340 / n
    left = _room(names) + 16
    width, height = left + n * cell + 2, 16 + n * cell + 2
    figure = new_figure(width, height)
    axes = figure.add_axes((left / width, 2 / height, n * cell / width, n * cell / height))
    axes.set(xlim=(0, n), ylim=(n, 0), xticks=[], yticks=[])
    written: dict[str, str] = {}
    for i, row in enumerate(counts):
        for j, count in enumerate(row):
            share = count / max(1, row[i])
            if i != j and count:
                corners = [j, j + 1, j + 1, j], [i, i, i + 1, i + 1]
                axes.fill(*corners, color=INK, alpha=0.04 + 0.3 * share, lw=0, clip_on=False)
            if n <= 10:
                axes.text(j + 0.5, i + 0.53, number(count, 0), ha="center", va="center", clip_on=False)
    step = 1 if n <= 20 else 5
    size = min(9.5, max(6.5, 0.8 * cell))
    for i, name in enumerate(names):
        axes.plot([0, n], [i, i], color=RULE, lw=0.6, clip_on=False)
        axes.plot([i, i], [0, n], color=RULE, lw=0.6, clip_on=False)
        if (i + 1) % step == 0 or i == 0:
            axes.text(i + 0.5, -0.15, str(i + 1), ha="center", va="bottom", color=SOFT, fontsize=size)
        written[f"row {i}"] = _cut(name)
        axes.text(-4 / cell, i + 0.53, str(i + 1), ha="right", va="center", color=SOFT, fontsize=size)
        axes.text(-20 / cell, i + 0.53, f"row {i}", ha="right", va="center", fontsize=size)
    axes.plot([0, n, n], [n, n, 0], color=RULE, lw=0.6, clip_on=False)
    pairs = [(counts[i][j], names[i], names[j]) for i in range(n) for j in range(i)]
    most = max(pairs, default=(0, "", ""))
    often = f"Most often together: {most[1]} and {most[2]}, in {number(most[0], 0)} sentences. " if most[0] else ""
    return inline(figure, key, what, f"{often}The table below has the numbers.", written)


def intervals(
    key: str,
    title: str,
    measure: str,
    rows: Sequence[Interval],
    *,
    line: float | None = None,
    sign: bool = False,
) -> str:
    """Plot values with intervals, one below the other.

    Parameters
    ----------
    key, title : str
    measure : str
        Below the axis.
    rows : sequence of Interval
    line : float, optional
        A value to compare all with, as a vertical line.
    sign : bool, default=False
        Whether the values are differences.

    Returns
    -------
    str
    """
    left = _room(row.name for row in rows)
    width, height = left + WIDTH + 14, ROW * len(rows) + 40
    figure = new_figure(width, height)
    axes = figure.add_axes((left / width, 34 / height, WIDTH / width, (ROW * len(rows) + 4) / height))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks([])
    axes.set_xlabel(measure)
    if line is not None:
        axes.axvline(line, color=SOFT, lw=1, ls="-" if sign else DASHED)
    shown = [line]
    written: dict[str, str] = {}
    for i, row in enumerate(rows):
        written[f"row {i}"] = _cut(row.name)
        axes.text(-0.02, i, f"row {i}", ha="right", va="center", transform=axes.get_yaxis_transform())
        for value, marker in zip(row.beside, ("x", "^"), strict=False):
            if value is not None:
                axes.plot([value], [i], marker, color=SOFT, mfc=PAPER, ms=4.5, mew=1.1, clip_on=False)
        if row.bounds is not None and None not in row.bounds:
            axes.plot(row.bounds, [i, i], color=INK, lw=1.4, clip_on=False)
        if row.value is not None:
            axes.plot([row.value], [i], "o", color=INK, ms=5, clip_on=False)
        shown += [row.value, *(row.bounds or ()), *row.beside]
    found = [value for value in shown if value is not None]
    _scale(axes, min(found, default=0), max(found, default=1), sign)
    told = "; ".join(
        f"{row.name} {number(row.value, sign=sign)} ({interval(row.bounds, sign=sign)})"
        for row in rows[:12]
        if row.value is not None
    )
    return inline(figure, key, title, f"{told}. The table has all numbers.", written)


def _scale(axes: Axes, low: float, high: float, sign: bool) -> None:
    """Give the horizontal axis round ends around all values, and at most seven numbers."""
    span = max(high - low, 0.01)
    step = next(step for step in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1e9) if span / step <= 6)
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    axes.set_xlim(first * step, last * step)
    digits = 3 if step < 0.01 else 2 if step < 0.1 else 1
    at = [n * step for n in range(first, last + 1)]
    axes.set_xticks(at, [number(value, digits, sign=sign) for value in at])


def _room(names: Iterable[str]) -> float:
    """Guess the width that the longest of some names takes, with a little space after it."""
    return LETTER * max(min(len(name), LONGEST_NAME + 3) for name in names) + 9


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
