"""The plots of an evaluation, one small SVG for each type."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wiredesk.pages.formats import interval, number, percent
from wiredesk.pages.svg import HUE, INK, MARK, PAPER, SOFT, inline, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Size of a type's panel in points, and of what stands around its axes: left, right, top, bottom.
PANEL, MARGINS = (190, 170), (25, 7, 20, 33)

DASHED, DOTTED = (0, (4, 2.5)), (0, (1, 2))


def precision_recall(key: str, name: str, scores: Mapping[str, Any], curve: Mapping[str, Any], sentences: int) -> str:
    """Plot precision against recall, with the working point of the model's threshold.

    Parameters
    ----------
    key : str
        Begins the plot's ids.
    name : str
        Of the type.
    scores, curve : mapping
        Of the type, from a data set's ``types`` and ``curves``.
    sentences : int
        In the data set.

    Returns
    -------
    str
        An SVG element.
    """
    figure, axes = _panel("recall", "precision")
    share = scores["positives"] / max(1, sentences)
    axes.axhline(share, color=SOFT, lw=1, ls=DASHED)
    _, precision, recall = _columns(curve["precision_recall"])
    axes.plot(recall, precision, color=HUE, drawstyle="steps-pre", clip_on=False)
    x, y = scores["recall"], scores["precision"]
    _cross(axes, x, y, scores["recall_ci95"], scores["precision_ci95"])
    return inline(
        figure,
        key,
        f"Precision and recall of {name}",
        f"Average precision {_with(scores, 'average_precision')}. At the model’s threshold precision is "
        f"{_with(scores, 'precision')} and recall {_with(scores, 'recall')}. "
        f"By chance precision would be {number(share)}.",
    )


def threshold_costs(key: str, name: str, threshold: float, curve: Mapping[str, Any]) -> str:
    """Plot precision, recall and F1 against the threshold.

    Parameters
    ----------
    key, name : str
    threshold : float
        The model's own.
    curve : mapping

    Returns
    -------
    str
    """
    figure, axes = _panel("threshold", "share")
    axes.axvline(threshold, color=INK, lw=0.8)
    rows = curve["thresholds"]
    x = [row["threshold"] for row in rows]
    lines = {"precision": (INK, DASHED), "recall": (INK, DOTTED), "f1": (HUE, "-")}
    for measure, (colour, line) in lines.items():
        axes.plot(x, _numbers(row[measure] for row in rows), color=colour, ls=line)
    known = [row for row in rows if row["f1"] is not None]
    best = max(known, key=lambda row: row["f1"], default=None)
    most = (
        f" The highest F1 of these thresholds is {number(best['f1'])} at {number(best['threshold'])}." if best else ""
    )
    return inline(
        figure,
        key,
        f"Precision, recall and F1 of {name} against the threshold",
        f"The model’s threshold is {number(threshold)}.{most} The table below has the numbers.",
    )


def workload(key: str, name: str, scores: Mapping[str, Any], curve: Mapping[str, Any], sentences: int) -> str:
    """Plot the share of sentences to read against recall.

    Parameters
    ----------
    key, name : str
    scores, curve : mapping
    sentences : int

    Returns
    -------
    str
    """
    figure, axes = _panel("% of the type’s sentences found", "% of all sentences to read")
    axes.set(xlim=(50, 100), xticks=[50, 60, 70, 80, 90, 100], ylim=(0, 100), yticks=[0, 20, 40, 60, 80, 100])
    share = scores["positives"] / max(1, sentences)
    axes.plot([50, 100], [50, 100], color=SOFT, lw=1, ls=DASHED)
    axes.plot([50, 100], [50 * share, 100 * share], color=SOFT, lw=1, ls=DOTTED)
    recall, read = ([100 * value for value in column] for column in _columns(curve["workload"]))
    axes.plot(recall, read, color=HUE)
    at_95, bounds = scores["read_at_recall_95"], scores["read_at_recall_95_ci95"]
    _cross(axes, 95, at_95 and 100 * at_95, None, bounds and [100 * bound for bound in bounds])
    few = min(curve["workload"], key=lambda row: abs(row[0] - 0.8))
    return inline(
        figure,
        key,
        f"Share of sentences to read to find {name}",
        f"For 95 % of them {percent(at_95)} of all sentences have to be read"
        f", for {percent(few[0])} of them {percent(few[1])}. In random order it would be 95 %. "
        "The table below has the numbers.",
    )


def reliability(key: str, name: str, curve: Mapping[str, Any]) -> str:
    """Plot the share of sentences of the type against their mean probability, by bin.

    Parameters
    ----------
    key, name : str
    curve : mapping

    Returns
    -------
    str
    """
    figure, axes = _panel("probability", "share that is of the type")
    axes.plot([0, 1], [0, 1], color=SOFT, lw=1, ls=DASHED)
    bins = curve["reliability"]
    x, y = ([row[field] for row in bins] for field in ("mean_probability", "share"))
    for at, row in zip(x, bins, strict=True):
        if row["share_ci95"]:
            axes.plot([at, at], row["share_ci95"], color=MARK, lw=1.2, clip_on=False)
    axes.plot(x, y, "o", color=HUE, mec=MARK, ms=4.5, clip_on=False)
    far = max(bins, key=lambda row: abs(row["share"] - row["mean_probability"]), default=None)
    most = (
        f" The widest gap: of {number(far['sentences'], 0)} sentences with probabilities around "
        f"{number(far['mean_probability'])}, {percent(far['share'])} are of the type."
        if far
        else ""
    )
    return inline(
        figure,
        key,
        f"Reliability of the probabilities of {name}",
        f"Share of sentences of the type against their mean probability, in {len(bins)} bins.{most}",
    )


def distribution(key: str, name: str, threshold: float, curve: Mapping[str, Any]) -> str:
    """Plot how many sentences with the type, upwards, and without it, downwards, have which probability.

    Parameters
    ----------
    key, name : str
    threshold : float
    curve : mapping

    Returns
    -------
    str

    Notes
    -----
    Heights are square roots: most sentences lie in the first bin, and the others would not be seen beside them.
    """
    figure, axes = _panel("probability", "sentences", zero_to_one=False)
    bins = curve["histogram"]
    up, down = ([math.sqrt(n) for n in bins[side]] for side in ("with", "without"))
    axes.stairs(up, bins["edges"], fill=True, color=HUE)
    axes.stairs([-n for n in down], bins["edges"], fill=True, color=SOFT, alpha=0.25)
    axes.stairs([-n for n in down], bins["edges"], color=SOFT, lw=0.8)
    axes.axhline(0, color=INK, lw=0.8)
    axes.axvline(threshold, color=INK, lw=0.8)
    top, bottom = max(up, default=0), max(down, default=0)
    top, bottom = max(top, bottom / 4, 1), max(bottom, top / 4, 1)
    axes.set_ylim(-1.05 * bottom, 1.05 * top)
    above, below = _steps(top**2, top / (top + bottom)), _steps(bottom**2, bottom / (top + bottom))
    axes.set_yticks(
        [-math.sqrt(n) for n in reversed(below)] + [0] + [math.sqrt(n) for n in above],
        [str(n) for n in reversed(below)] + ["0"] + [str(n) for n in above],
    )
    return inline(
        figure,
        key,
        f"Probabilities of sentences with and without {name}",
        f"{number(sum(bins['with']), 0)} sentences with the type, above the axis, and "
        f"{number(sum(bins['without']), 0)} without it, below; the threshold is {number(threshold)}. "
        "The table below has the numbers.",
    )


def _panel(x: str, y: str, *, zero_to_one: bool = True) -> tuple[Figure, Axes]:
    (width, height), (left, right, top, bottom) = PANEL, MARGINS
    figure = new_figure(width, height)
    axes = figure.add_axes(
        (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    )
    axes.set(xlim=(0, 1), xticks=[0, 0.2, 0.4, 0.6, 0.8, 1], xlabel=x)
    axes.xaxis.set_major_formatter(_short)
    if zero_to_one:
        axes.set(ylim=(0, 1), yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
        axes.yaxis.set_major_formatter(_short)
    # The name of the vertical axis lies on top of it, where it reads without turning one's head.
    axes.text(-left / (width - left - right), 1.06, y, transform=axes.transAxes, ha="left", va="bottom", color=SOFT)
    return figure, axes


def _short(value: float, position: float = 0) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _cross(
    axes: Axes, x: float | None, y: float | None, width: Sequence[float] | None, height: Sequence[float] | None
) -> None:
    """Mark a point and its intervals."""
    if x is None or y is None:
        return
    if width:
        axes.plot(width, [y, y], color=MARK, lw=1.2, clip_on=False)
    if height:
        axes.plot([x, x], height, color=MARK, lw=1.2, clip_on=False)
    axes.plot([x], [y], "o", color=MARK, mfc=PAPER, mew=1.5, ms=5.5, clip_on=False)


def _steps(highest: float, room: float) -> list[int]:
    """Choose round counts for an axis of square roots: as many as its part of the height has room for."""
    fitting = [n for n in (1, 5, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10**4, 10**5, 10**6) if n <= highest]
    apart = 0.13 / max(room, 0.01) * math.sqrt(highest)
    chosen: list[int] = []
    for n in reversed(fitting):
        if math.sqrt(n) >= apart and (not chosen or math.sqrt(chosen[0]) - math.sqrt(n) >= apart):
            chosen.insert(0, n)
    return chosen


def _columns(rows: Sequence[Sequence[float | None]]) -> list[list[float]]:
    return [_numbers(column) for column in zip(*rows, strict=True)] or [[], [], []]


def _numbers(values: Iterable[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in values]


def _with(scores: Mapping[str, Any], measure: str) -> str:
    bounds = interval(scores[f"{measure}_ci95"])
    return number(scores[measure]) + (f" ({bounds})" if bounds else "")
